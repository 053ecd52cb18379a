"""Gifts of arms that no predicate of giving tells: what was delivered or promised for nothing is aid as well as a transfer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from onrecord import vocab
from onrecord.extract.events_scene import Scene
from onrecord.records import Claim, Finding, Word, make_claim, make_finding
from onrecord.syntax import words_in

MADE_BY = "extract.gifts/1"
# The stages by which a gift is made or promised, and those that a gift does not have.
GIVEN = frozenset({"delivery", "offer"})
DEALT = frozenset({"request", "approval", "contract"})
SIDES = {"supplier": "actor", "recipient": "recipient"}


def gifts(scene: Scene, transfers: Sequence[Finding], told: Sequence[Finding]) -> Iterator[Finding]:
    """An act of aid for each transfer that is a gift and that no event among `told` tells of already.

    A gift is delivered or offered with a word of giving, or to a state that is sent arms as aid; it has no sum, no contract and no word
    of a sale.
    """
    stages: dict[str | None, list[Finding]] = {}
    for finding in transfers:
        stages.setdefault(finding.part_of, []).append(finding)
    acts = [event for event in told if event["plover"] == "AID"]
    for transfer in stages.get(None, []):
        own = stages.get(transfer.key, [])
        given = next((stage for stage in own if stage["stage"] in GIVEN and stage["modality"] != "denied"), None)
        aided = scene.aided.issuperset(map(str, transfer.all("recipient")))
        if given is None or not _is_gift(scene, transfer, own, given, aided=aided):
            continue
        if not any(_is_of(act, transfer, own, many=aided) for act in acts):
            acts.append(_act(scene, transfer, given))
            yield acts[-1]


def _is_gift(scene: Scene, transfer: Finding, stages: Sequence[Finding], given: Finding, *, aided: bool) -> bool:
    if not all(map(transfer.claim, SIDES)) or transfer.claim("value") or any(stage["stage"] in DEALT for stage in stages):
        return False
    if any(word.sentence in scene.sales for stage in stages for word in _words(scene, stage)):
        return False
    giving = vocab.words("events")["gift"]["giving"]
    return aided or any(word.lemma.lower() in giving for word in _words(scene, given))


def _is_of(act: Finding, transfer: Finding, stages: Sequence[Finding], *, many: bool) -> bool:
    """Whether an act tells of a transfer: it has the same parties and, where many gifts go, shares words with one of its stages."""
    if any(set(act.all(side)) != set(transfer.all(role)) for role, side in SIDES.items()):
        return False
    said = place(act)
    return not many or any(place(stage).start < said.end and said.start < place(stage).end for stage in stages)


def _act(scene: Scene, transfer: Finding, given: Finding) -> Finding:
    """The act of aid on the transfer's own words; what is only promised is planned."""
    document, said = scene.parsed.document, place(given)
    claims = [replace(claim, field=SIDES[claim.field]) for claim in transfer.claims if claim.field in SIDES]
    modality = "planned" if given["stage"] == "offer" and given["modality"] == "actual" else given["modality"]
    claims.append(make_claim(document, "plover", "AID", start=said.start, end=said.end, reason=f"gift of {transfer['equipment']}"))
    claims.append(make_claim(document, "modality", modality, start=said.start, end=said.end))
    claims += [claim for claim in given.claims if claim.field == "when"]
    return make_finding("event", "", document, claims, made_by=MADE_BY, score=min(transfer.score, given.score))


def place(finding: Finding) -> Claim:
    """The claim on the words that tell an act or a stage."""
    claim = finding.claim("plover" if finding.kind == "event" else "stage")
    assert claim is not None
    return claim


def _words(scene: Scene, stage: Finding) -> Iterator[Word]:
    """The words on which a stage stands."""
    return words_in(scene.parsed, place(stage).start, place(stage).end)
