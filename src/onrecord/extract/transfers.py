"""Transfers and their stages: every trigger of a report is read in text order against what the report has said so far.

A trigger proposes; the judge chooses its equipment, recipient, supplier and stage, or drops it. Triggers that agree on all three
parties to a deal, and whose words do not keep them apart as batches, build one transfer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from onrecord.extract.judge import choose
from onrecord.extract.modality import modality_of
from onrecord.extract.readings import companion_readings, equipment_readings, party_readings
from onrecord.extract.scene import Draft, Scene, set_scene
from onrecord.extract.stages import stage_readings
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Claim, Finding, Mention, Parsed, make_claim, make_finding
from onrecord.syntax import sentence_of

MADE_BY = "transfers/1"
# Below this share of the judge's belief a stage is left out; chosen on the training reports for the best F1 of stages.
STAGE_FLOOR = 0.45

SpeakerAt = Callable[[int, int], Finding | None]


@dataclass(slots=True)
class Told:
    """One stage as a trigger told it."""

    trigger: Trigger
    stage: str
    modality: str
    score: float
    item: Mention
    recipient: tuple[str, Mention | None]
    supplier: tuple[str, Mention | None]
    reason: str


@dataclass(slots=True)
class Deal:
    """A transfer being put together from what triggers told."""

    supplier: str
    recipient: str
    equipment: str
    told: list[Told] = field(default_factory=list)


def find_transfers(parsed: Parsed, statements: Sequence[Finding] = (), speaker_at: SpeakerAt | None = None) -> list[Finding]:
    """The report's transfers (keys t1, t2, ...) and their stages (t1.s1, ...), in the order in which the text tells them."""
    scene = set_scene(parsed)
    if not scene.designations:
        return []
    deals: list[Deal] = []
    for trigger in find_triggers(parsed):
        for told in read_trigger(scene, trigger):
            _place(scene, deals, told)
    found: list[Finding] = []
    for number, deal in enumerate(deals, 1):
        found += _findings(parsed, deal, f"t{number}", speaker_at)
    return found


def read_trigger(scene: Scene, trigger: Trigger) -> list[Told]:
    """What a trigger tells, once for each item that it tells of; nothing where it says no stage or names nothing."""
    stages = stage_readings(scene, trigger)
    beliefs = dict(zip(stages, choose("stage", list(stages.values())), strict=True))
    stage = max((s for s in beliefs if s != "none"), key=lambda s: beliefs[s])
    if 1 - beliefs["none"] < STAGE_FLOOR:
        return []
    items, mentions = equipment_readings(scene, trigger)
    if not items:
        return []
    first = mentions[_best(items, choose("equipment", list(items.values())))[0]]
    modality, reason = modality_of(scene.parsed, trigger.index, default=next(f.modality for f in trigger.frames if f.stage == stage))
    found = []
    for item in [first, *_companions(scene, trigger, first)]:
        recipient = _party(scene, trigger, "recipient", item, None)
        supplier = _party(scene, trigger, "supplier", item, recipient[0])
        found.append(Told(trigger, stage, modality, beliefs[stage], item, recipient, supplier, reason))
    return found


def _companions(scene: Scene, trigger: Trigger, item: Mention) -> list[Mention]:
    if item not in scene.first_word:
        return []
    readings = companion_readings(scene, trigger, item)
    return [mention for mention, told in readings.items() if choose("companion", [["alone"], told])[1] > 0.5]


def _party(scene: Scene, trigger: Trigger, role: str, item: Mention, other: str | None) -> tuple[str, Mention | None]:
    readings, mentions = party_readings(scene, trigger, role, item, other, None)
    party, _ = _best([*readings, ""], choose(role, [*readings.values(), ["unknown"]]))
    return party, mentions.get(party)


def _best(names: object, beliefs: list[float]) -> tuple[str, float]:
    return max(zip(list(names), beliefs, strict=True), key=lambda pair: pair[1])  # type: ignore[call-overload]


def _place(scene: Scene, deals: list[Deal], told: Told) -> None:
    triple = (told.supplier[0], told.recipient[0], told.item.name)
    sentence = scene.parsed.words[told.trigger.index].sentence
    deal = next((d for d in reversed(deals) if (d.supplier, d.recipient, d.equipment) == triple), None)
    if deal is None:
        deal = Deal(*triple)
        deals.append(deal)
        scene.drafts.append(Draft((triple[0],) if triple[0] else (), (triple[1],) if triple[1] else (), triple[2], [sentence]))
    else:
        draft = next(d for d in scene.drafts if (d.supplier[:1] or ("",), d.recipient[:1] or ("",), d.equipment) == ((triple[0],), (triple[1],), triple[2]))
        draft.touched.append(sentence)
        scene.drafts.remove(draft)
        scene.drafts.append(draft)
    deal.told.append(told)


def _findings(parsed: Parsed, deal: Deal, key: str, speaker_at: SpeakerAt | None) -> list[Finding]:
    document = parsed.document
    first = deal.told[0]
    claims: list[Claim] = []
    for role in ("supplier", "recipient"):
        party = getattr(deal, role)
        if party:
            mention = next((m for t in deal.told for p, m in [getattr(t, role)] if m is not None), None)
            place = mention or first.item
            claims.append(make_claim(document, role, party, start=place.start, end=place.end, inferred=mention is None))
    claims.append(make_claim(document, "equipment", deal.equipment, start=first.item.start, end=first.item.end))
    found = [make_finding("transfer", key, document, claims, made_by=MADE_BY, score=max(t.score for t in deal.told))]
    seen: set[tuple[str, str]] = set()
    for told in deal.told:
        if (told.stage, told.modality) in seen:
            continue
        seen.add((told.stage, told.modality))
        sentence = sentence_of(parsed, told.trigger.index)
        claims = [
            make_claim(document, "stage", told.stage, start=sentence.start, end=sentence.end, score=told.score),
            make_claim(document, "modality", told.modality, start=sentence.start, end=sentence.end, reason=told.reason),
        ]
        found.append(make_finding("stage", f"{key}.s{len(seen)}", document, claims, part_of=key, made_by=MADE_BY, score=told.score))
    return found
