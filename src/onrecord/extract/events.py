"""This file finds what states did to one another about an arms deal: demands, threats, refusals, sanctions, talks and the like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.extract.arguments import Slots, arguments
from onrecord.extract.events_frames import Match, is_negated, match_frames
from onrecord.extract.events_parties import Filler, Parties
from onrecord.records import Claim, Finding, Parsed, make_claim, make_finding
from onrecord.syntax import kids, sentence_of, subtree

MADE_BY = "extract.events/1"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event that a frame proposes: the match, who did it, to whom, with what modality."""

    match: Match
    actors: tuple[Filler, ...]
    recipients: tuple[Filler, ...]
    modality: str
    score: float = 1.0


def find_events(parsed: Parsed, statements: Sequence[Finding], transfers: Sequence[Finding]) -> list[Finding]:
    """The events of one report, in text order."""
    candidates = _merged(propose(parsed, statements, transfers))
    return [_finding(parsed, candidate, f"e{number}") for number, candidate in enumerate(candidates, 1)]


def propose(parsed: Parsed, statements: Sequence[Finding], transfers: Sequence[Finding]) -> list[Candidate]:
    """Every event that a frame and its arguments allow, whatever it bears on."""
    parties = Parties(parsed, tuple(statements))
    found = []
    for match in match_frames(parsed):
        negated = is_negated(parsed, match.index)
        if match.frame.negated and not negated:
            continue
        slots = _slots(parsed, match)
        actors = _fill(parties, slots, match.frame.actor, exclude=frozenset())
        recipients = _fill(parties, slots, match.frame.recipient, exclude=frozenset(f.party for f in actors))
        if actors and not recipients and len({f.party for f in actors}) > 1 and match.frame.root in {"CONSULT", "AGREE", "COOPERATE"}:
            actors, recipients = actors[:1], actors[1:]
        if not actors or not recipients:
            continue
        found.append(Candidate(match, tuple(actors), tuple(recipients), modality_of(parsed, match.index)))
    return found


def modality_of(parsed: Parsed, index: int) -> str:
    """How far the words let the event be a fact."""
    word = parsed.words[index]
    if kids(parsed, index, "neg"):
        return "denied"
    auxiliaries = {k.lemma.lower() for k in kids(parsed, index, "aux")}
    if auxiliaries & {"may", "might", "could"}:
        return "possible"
    if auxiliaries & {"will", "shall"}:
        return "planned"
    if "would" in auxiliaries:
        return "conditional"
    return "actual" if word else "actual"


def _slots(parsed: Parsed, match: Match) -> Slots:
    """The arguments of the predicate, joined by those of the words that belong to it ("impose sanctions on")."""
    slots = dict(arguments(parsed, match.index))
    for index in match.used:
        for slot, heads in arguments(parsed, index).items():
            if not slot.startswith("governor"):
                slots[slot] = [*slots.get(slot, ()), *heads]
    for clause in slots.get("xcomp", ()):
        inner = arguments(parsed, clause)
        slots.setdefault("clause_subject", []).extend(inner.get("subject", ()))
        slots.setdefault("clause_object", []).extend(inner.get("object", ()))
    return slots


def _fill(parties: Parties, slots: Slots, names: Iterable[str], *, exclude: frozenset[str]) -> list[Filler]:
    """The fillers of the first slot that holds a party."""
    for name in names:
        found: list[Filler] = []
        for head in slots.get(name, ()):
            for filler in parties.fillers(head):
                if filler.party not in exclude and filler.party not in {f.party for f in found}:
                    found.append(filler)
        if found:
            return found
    return []


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for each act: the same root between the same parties with the same modality."""
    kept: dict[tuple[str, frozenset[str], frozenset[str], str], Candidate] = {}
    for candidate in candidates:
        key = (
            candidate.match.frame.root,
            frozenset(f.party for f in candidate.actors),
            frozenset(f.party for f in candidate.recipients),
            candidate.modality,
        )
        if key not in kept or candidate.score > kept[key].score:
            kept[key] = candidate
    return list(kept.values())


def _finding(parsed: Parsed, candidate: Candidate, key: str) -> Finding:
    document, match = parsed.document, candidate.match
    claims: list[Claim] = []
    for field, fillers in (("actor", candidate.actors), ("recipient", candidate.recipients)):
        claims += [
            make_claim(document, field, f.party, start=f.start, end=f.end, inferred=f.how == "context", reason=f.how) for f in fillers
        ]
    start, end = _evidence(parsed, candidate)
    claims.append(make_claim(document, "plover", match.frame.root, start=start, end=end, reason=f"frame {match.frame.predicate!r}"))
    claims.append(make_claim(document, "modality", candidate.modality, start=start, end=end))
    return make_finding("event", key, document, claims, made_by=MADE_BY, score=candidate.score)


def _evidence(parsed: Parsed, candidate: Candidate) -> tuple[int, int]:
    """The clause of the predicate, stretched over the parties that stand in it."""
    sentence = sentence_of(parsed, candidate.match.index)
    reach = [i for i in subtree(parsed, candidate.match.index)]
    start, end = parsed.words[min(reach)].start, parsed.words[max(reach)].end
    for filler in (*candidate.actors, *candidate.recipients):
        if sentence.start <= filler.start < sentence.end:
            start, end = min(start, filler.start), max(end, filler.end)
    return start, end
