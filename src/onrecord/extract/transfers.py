"""Transfers and their stages: every trigger of a report is read in text order against what the report has said so far.

A trigger proposes; the judge chooses its equipment, recipient, supplier and stage, or drops it. Triggers that agree on all three
parties to a deal, and whose words do not keep them apart as batches, build one transfer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from onrecord.extract.judge import choose, learnt_models
from onrecord.extract.modality import modality_of
from onrecord.extract.items import companion_readings, equipment_readings
from onrecord.extract.parties import party_readings
from onrecord.extract.scene import Scene, set_scene
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
    scene = set_scene(parsed, learnt_models())
    if not scene.designations:
        return []
    triggers = list(find_triggers(parsed))
    survey(scene, triggers)
    deals: list[Deal] = []
    for trigger in triggers:
        for told in read_trigger(scene, trigger):
            place(scene, deals, told)
    found: list[Finding] = []
    for number, deal in enumerate(deals, 1):
        found += _findings(parsed, deal, f"t{number}", speaker_at)
    return found


def survey(scene: Scene, triggers: Sequence[Trigger]) -> None:
    """The first pass: every trigger is read by itself, and votes for the parties of its items."""
    for trigger in triggers:
        belief, _ = _stage(scene, trigger)
        if belief < STAGE_FLOOR:
            continue
        for item in _items(scene, trigger):
            for role in ("recipient", "supplier"):
                readings, _ = party_readings(scene, trigger, role, item, local=True)
                beliefs = choose(scene.models[role + "-local"], [*readings.values(), ["unknown"]])
                votes = scene.votes.setdefault((role, item.name), {})
                for party, share in zip(readings, beliefs, strict=False):
                    votes[party] = votes.get(party, 0.0) + belief * share


def read_trigger(scene: Scene, trigger: Trigger) -> list[Told]:
    """What a trigger tells, once for each item that it tells of; nothing where it says no stage or names nothing."""
    belief, stage = _stage(scene, trigger)
    if belief < STAGE_FLOOR:
        return []
    modality, reason = modality_of(scene.parsed, trigger.index, default=next(f.modality for f in trigger.frames if f.stage == stage))
    found = []
    for item in _items(scene, trigger):
        recipient = _party(scene, trigger, "recipient", item, None)
        supplier = _party(scene, trigger, "supplier", item, recipient[0])
        found.append(Told(trigger, stage, modality, belief, item, recipient, supplier, reason))
    return found


def _stage(scene: Scene, trigger: Trigger) -> tuple[float, str]:
    """The belief that a trigger says a stage at all, and the likeliest one."""
    readings = stage_readings(scene, trigger)
    beliefs = dict(zip(readings, choose(scene.models["stage"], list(readings.values())), strict=True))
    return 1 - beliefs["none"], max((s for s in beliefs if s != "none"), key=lambda s: beliefs[s])


def _items(scene: Scene, trigger: Trigger) -> list[Mention]:
    """The equipment that a trigger tells of: the judge's choice, and what stands in one list with it."""
    readings, mentions = equipment_readings(scene, trigger)
    if not readings:
        return []
    first = mentions[_best(readings, choose(scene.models["equipment"], list(readings.values())))[0]]
    if first not in scene.first_word:
        return [first]
    companions = companion_readings(scene, trigger, first)
    return [first, *(m for m, told in companions.items() if choose(scene.models["companion"], [["alone"], told])[1] > 0.5)]


def _party(scene: Scene, trigger: Trigger, role: str, item: Mention, other: str | None) -> tuple[str, Mention | None]:
    readings, mentions = party_readings(scene, trigger, role, item, other)
    party, _ = _best([*readings, ""], choose(scene.models[role], [*readings.values(), ["unknown"]]))
    return party, mentions.get(party)


def _best(names: Iterable[str], beliefs: Sequence[float]) -> tuple[str, float]:
    return max(zip(names, beliefs, strict=True), key=lambda pair: pair[1])


def place(scene: Scene, deals: list[Deal], told: Told) -> None:
    """Puts what a trigger told to the deal that it fits, or to a new one."""
    triple = (told.supplier[0], told.recipient[0], told.item.name)
    deal = next((d for d in reversed(deals) if (d.supplier, d.recipient, d.equipment) == triple), None)
    if deal is None:
        deal = Deal(*triple)
        deals.append(deal)
    deal.told.append(told)
    scene.remember(*triple, scene.parsed.words[told.trigger.index].sentence)


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
