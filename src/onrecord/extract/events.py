"""This file finds what states did to one another about an arms deal: demands, threats, refusals, sanctions, talks and the like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from onrecord import vocab
from onrecord.extract.events_answers import SLOTTED, Verdict, target_of
from onrecord.extract.events_frames import Match, is_negated, match_frames
from onrecord.extract.events_judge import judge, judge_target, weights
from onrecord.extract.events_readings import Reading, programmes_left
from onrecord.extract.events_scene import Scene
from onrecord.extract.gifts import gifts, place
from onrecord.extract.modality import is_imagined, modality_of
from onrecord.extract.timing import when_of
from onrecord.records import Claim, Finding, Parsed, Sentence, When, make_claim, make_finding
from onrecord.syntax import kids, mentions_in, sentence_of, subtree, subtree_span

MADE_BY = "extract.events/2"
# The least probability of a reading that goes on record, where one of its parties stands in the frame's own slots, and where both are
# only known from around it. F1 on held-out groups of the training reports peaks here (0.43) and is flat around it; retune both when the
# weights are learnt anew.
SURE_ENOUGH = 0.22
GUESSED = 0.6
# Where both parties stand in the frame's slots, what the English model doubts is the act itself: of such events below this one in six
# was right on 1,450 annotated reports, but for requests.
DOUBTED = 0.35
# What hangs on a predicate without being part of its act: other clauses beside it, and marks.
BESIDE = frozenset({"conj", "cc", "punct", "parataxis", "advcl"})
# What joins a second threat to the first: "…, as well as to", "… and to".
JOINTS = frozenset({"as", "and", "or"})
# Acts that a law named anywhere in their sentence is an instrument of.
PUNISHING = frozenset({"SANCTION", "THREATEN", "CONCEDE"})


@dataclass(frozen=True, slots=True)
class Event:
    """An act that goes on record: its match and reading, its modality with the reason, and how likely it is.

    `part` is the verb of one of two things threatened with, where each is a threat of its own.
    """

    match: Match
    reading: Reading
    modality: str
    reason: str
    score: float
    law: tuple[str, int, int] | None = None
    part: int | None = None


def find_events(
    parsed: Parsed, statements: Sequence[Finding], transfers: Sequence[Finding], known: Mapping[str, float] | None = None
) -> list[Finding]:
    """The events of one report, in text order; none where nothing in it bears on arms. Weighed with the learnt weights, or those given."""
    if not bears_on_arms(parsed, transfers):
        return []
    scene = Scene(parsed, statements, transfers)
    events = _merged(scene, judged(scene, known or weights(scene)))
    told = [(parsed.words[event.match.index].start, _finding(parsed, event)) for event in events]
    given = [(place(act).start, act) for act in gifts(scene, transfers, [act for _, act in told])]
    return [replace(act, key=f"e{number}") for number, (_, act) in enumerate(sorted([*told, *given], key=lambda pair: pair[0]), 1)]


def bears_on_arms(parsed: Parsed, transfers: Sequence[Finding]) -> bool:
    """Whether a report holds a deal, equipment, or at least a word of arms; sport and trade in apples do not."""
    if transfers or any(m.kind == "equipment" for m in parsed.mentions):
        return True
    words = vocab.words("events")
    known = {*words["context"]["words"], *words["classes"]["arms"]}
    return any(w.lemma.lower() in known or w.text.lower() in known for w in parsed.words)


def matches(parsed: Parsed) -> Iterator[Match]:
    """The frames found in a text, but for what is only imagined, whose negation is as the frame wants it."""
    found = (m for m in match_frames(parsed) if not is_imagined(parsed, m.index) and not _is_manner(parsed, m))
    return (m for m in found if not m.frame.negated or is_negated(parsed, m.index))


def _is_manner(parsed: Parsed, match: Match) -> bool:
    """Whether a noun only says how another act was meant: "recalled its ambassador in protest at the sale"."""
    word = parsed.words[match.index]
    bare = word.dep == "pobj" and parsed.words[word.head].lemma == "in" and not kids(parsed, word.index, "det")
    return bare and match.frame.root == "PROTEST" and match.frame.noun


def judged(scene: Scene, known: Mapping[str, float], *, least: float | None = None) -> Iterator[Event]:
    """The events of a report by the given weights, in text order, repeats included; `least` is a probability in place of the usual ones."""
    acts = list(matches(scene.parsed))
    if scene.opinions:
        scene.opinions.learn([scene.parsed.words[index] for index in dict.fromkeys(match.index for match in acts)])
    verdicts = [Verdict(match, *found) for match in acts for found in [judge(scene, match, known)] if found is not None]
    for number, verdict in enumerate(verdicts):
        target = target_of(scene.parsed, verdict, verdicts)
        if target is not None:
            verdict = Verdict(verdict.match, *judge_target(scene, verdict.match, known, verdict.reading, target))
            verdicts[number] = verdict
        reading, score = verdict.reading, verdict.score
        if score >= (_least(scene, verdict.match.frame.root, reading) if least is None or not _slotted(reading) else least):
            modality, reason = modality_of(scene.parsed, verdict.match.index, default=verdict.match.frame.modality)
            event = Event(verdict.match, reading, modality, reason, score)
            yield event
            yield from (replace(event, part=verb) for verb in _further_threats(scene.parsed, event.match))


def _least(scene: Scene, root: str, reading: Reading) -> float:
    """How likely an event has to be for the record, by how many of its parties stand in the frame's slots."""
    if not _slotted(reading):
        return GUESSED
    return DOUBTED if scene.opinions and _slotted(reading) == 2 and root != "REQUEST" else SURE_ENOUGH


def _slotted(reading: Reading) -> int:
    return sum(option.place in SLOTTED for option in (reading.actor, reading.recipient))


def _merged(scene: Scene, events: Iterable[Event]) -> list[Event]:
    """One event for each act: the same root between the same parties under no other law.

    Of repeats the likeliest stands for all; of blame, what the accuser is quoted with word for word.
    """
    parsed = scene.parsed
    told, kept = list(events), list[Event]()
    for event in sorted(told, key=lambda e: (not _is_quoted_blame(scene, e), -e.score)):
        law = _instrument(parsed, event, alone=not any(e.match is event.match and e is not event for e in told))
        twin = next((n for n, other in enumerate(kept) if _same_act(parsed, other, event)), None)
        if twin is None or (kept[twin].law and law and law[0] != (kept[twin].law or ("",))[0]):
            kept.append(replace(event, law=law))
        elif law and not kept[twin].law:
            kept[twin] = replace(kept[twin], law=law)
    return sorted(kept, key=lambda e: e.match.index)


def _is_quoted_blame(scene: Scene, event: Event) -> bool:
    return event.match.frame.root == "ACCUSE" and scene.is_quoted(scene.parsed.words[event.match.index].start)


def _further_threats(parsed: Parsed, match: Match) -> list[int]:
    """The verbs of what else is threatened with under a law of its own: "threatened to stop the sale, as well as to impose … under …"."""
    if match.frame.root != "THREATEN" or match.frame.noun:
        return []
    further = []
    for index in sorted(subtree(parsed, match.index)):
        joint = next((to.index - 1 for to in kids(parsed, index, "aux") if to.tag == "TO" and to.index > match.index), -1)
        joined = joint > match.index and parsed.words[joint].text.lower() in JOINTS
        if joined and mentions_in(parsed, *subtree_span(parsed, index), "programme"):
            further.append(index)
    return further


def _same_act(parsed: Parsed, one: Event, other: Event) -> bool:
    """Whether two acts are one told twice; to be shut out of a programme is another sanction than the rest, so is a second threat."""
    return (
        one.match is not other.match
        and one.match.frame.root == other.match.frame.root
        and one.reading.actor.parties == other.reading.actor.parties
        and one.reading.recipient.parties == other.reading.recipient.parties
        and bool(programmes_left(parsed, one.match)) == bool(programmes_left(parsed, other.match))
    )


def _finding(parsed: Parsed, event: Event) -> Finding:
    document, match = parsed.document, event.match
    claims: list[Claim] = []
    for field, option in (("actor", event.reading.actor), ("recipient", event.reading.recipient)):
        claims += [
            make_claim(document, field, f.party, start=f.start, end=f.end, inferred=f.how == "context", reason=f.how)
            for f in option.fillers
        ]
    start, end = _evidence(parsed, event)
    claims.append(make_claim(document, "plover", match.frame.root, start=start, end=end, reason=f"frame {match.frame.predicate!r}"))
    claims.append(make_claim(document, "modality", event.modality, start=start, end=end, reason=event.reason))
    dated = when_of(parsed, match.index, start, end)
    if dated is not None and isinstance(dated[0].value, When):
        claims.append(make_claim(document, "when", dated[0].value.edtf, start=dated[0].start, end=dated[0].end, reason=dated[1]))
    if event.law is not None:
        name, low, high = event.law
        claims.append(make_claim(document, "instrument", name, start=low, end=high))
    return make_finding("event", "", document, claims, made_by=MADE_BY, score=event.score)


def _instrument(parsed: Parsed, event: Event, *, alone: bool) -> tuple[str, int, int] | None:
    """The law or programme named in the act's clause, else, where it is alone there, in its sentence; the nearest one of several."""
    sentence, at = sentence_of(parsed, event.match.index), parsed.words[event.match.index].start
    anywhere = alone and event.match.frame.root in PUNISHING
    for low, high in (_evidence(parsed, event), (sentence.start, sentence.end))[: 1 + anywhere]:
        named = [(m.name, m.start, m.end) for m in mentions_in(parsed, low, high, "programme")]
        named += [p for p in _programmes(parsed, sentence) if low <= p[1] and p[2] <= high and not any(n[1] <= p[1] < n[2] for n in named)]
        if named:
            return min(named, key=lambda n: abs(n[1] - at))
    return None


def _programmes(parsed: Parsed, sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Programmes named after what they build: "the F-35 fighter program" is the F-35 programme."""
    words = vocab.words("events")["reference"]["programmes"]
    for word in parsed.words[sentence.first : sentence.last]:
        if word.lemma.lower() in words:
            start, end = subtree_span(parsed, word.index)
            for mention in mentions_in(parsed, start, min(end, word.start), "equipment")[:1]:
                yield f"{mention.name} {words[0]}", mention.start, word.end


def _evidence(parsed: Parsed, event: Event) -> tuple[int, int]:
    """The clause of the predicate, stretched over the parties of the act that stand in its sentence and the words that prove it.

    Of a second threat, the clause of what is threatened alone.
    """
    index = event.match.index if event.part is None else event.part
    sentence, further = sentence_of(parsed, index), _further_threats(parsed, event.match)
    reach, stack = [], [index]
    while stack:
        top = stack.pop()
        reach.append(top)
        stack.extend(c for c in parsed.children[top] if c not in further and _is_of_act(parsed, c, top == index))
    alone = event.part is not None
    reach += () if alone else event.match.proof
    start, end = parsed.words[min(reach)].start, parsed.words[max(reach)].end
    for filler in () if alone else (*event.reading.actor.fillers, *event.reading.recipient.fillers):
        if sentence.start <= filler.start and filler.end <= sentence.end:
            start, end = min(start, filler.start), max(end, filler.end)
    return start, end


def _is_of_act(parsed: Parsed, index: int, own: bool) -> bool:
    """Whether a word below a predicate, or right `own` to it, tells of its act, not of one beside it: "demanded …, threatening to …"."""
    word = parsed.words[index]
    if own:
        return word.dep not in BESIDE
    return not (word.dep == "advcl" and word.tag == "VBG" and parsed.words[min(subtree(parsed, index)) - 1].text == ",")
