"""Gifts of arms that no predicate of giving tells: what was delivered or promised for nothing is aid as well as a transfer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from onrecord import vocab
from onrecord.extract.events_scene import Scene
from onrecord.records import Claim, Finding, Sentence, make_claim, make_finding

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
        if given is not None and _is_gift(scene, transfer, own, given) and not any(_is_of(scene, act, transfer, own) for act in acts):
            acts.append(_act(scene, transfer, given))
            yield acts[-1]


def _is_gift(scene: Scene, transfer: Finding, stages: Sequence[Finding], given: Finding) -> bool:
    recipients = transfer.all("recipient")
    if not transfer.all("supplier") or not recipients or transfer.claim("value") or any(stage["stage"] in DEALT for stage in stages):
        return False
    told = {sentence.index for stage in stages for sentence in _sentences(scene, place(stage))}
    if told & scene.sales:
        return False
    own, giving = place(given), vocab.words("events")["gift"]["giving"]
    words = (w for s in _sentences(scene, own) for w in scene.parsed.words[s.first : s.last] if own.start <= w.start < own.end)
    return scene.aided.issuperset(map(str, recipients)) or any(word.lemma.lower() in giving for word in words)


def _is_of(scene: Scene, act: Finding, transfer: Finding, stages: Sequence[Finding]) -> bool:
    """Whether an act tells of a transfer: it has the same parties and, where many gifts go, shares words with one of its stages."""
    if any(set(act.all(side)) != set(transfer.all(role)) for role, side in SIDES.items()):
        return False
    said = place(act)
    many = scene.aided.issuperset(map(str, transfer.all("recipient")))
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


def _sentences(scene: Scene, claim: Claim) -> Iterator[Sentence]:
    return (s for s in scene.parsed.sentences if s.start < claim.end and claim.start < s.end)
