"""Turns annotated reports into what the judge learns lots from: whether a telling goes on with a lot told before, and with which.

Twice over: from the tellings that models of other reports make, mistakes included, and from those of a perfect reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from judge_data import Example, align, fold, is_between, same_item

from onrecord.choosing import Models
from onrecord.extract.amounts import quantity_readings, value_readings
from onrecord.extract.batches import mark_of
from onrecord.extract.items import equipment_readings
from onrecord.extract.lots import lot_readings, sum_up
from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.timing import when_of
from onrecord.extract.told import Deal, Told
from onrecord.extract.transfers import best_amount, find_tellings
from onrecord.extract.triggers import find_triggers
from onrecord.records import Parsed
from onrecord.syntax import clause_span

# How sure a perfect reader's tellings are taken to be.
SURE = 0.9
# A telling and the key of the gold transfer that it is of; None where the gold does not say.
Owned = tuple[Told, str | None]


def lot_examples(number: int, parsed: Parsed, gold: dict, models: Models) -> Iterator[Example]:
    """Every choice of a lot in one report."""
    scene = set_scene(parsed, models)
    same: dict[tuple[str, str, str], list[Owned]] = {}
    for told in find_tellings(scene):
        same.setdefault((told.supplier[0], told.recipient[0], told.item.name), []).append((told, _owner(told, parsed, gold)))
    for owned in [*same.values(), *_perfect(set_scene(parsed, models), gold)]:
        yield from _choices(number, scene, owned)


def _choices(number: int, scene: Scene, owned: Sequence[Owned]) -> Iterator[Example]:
    marks = [mark_of(scene, told.trigger, told.item) for told, _ in owned]
    whole = sum_up([told for told, _ in owned], marks)
    lots: dict[str, Deal] = {}
    last: Deal | None = None
    for (told, key), mark in zip(owned, marks, strict=True):
        if key is None:
            continue
        if lots:
            readings = lot_readings(scene, told, mark, list(lots.values()), whole, last)
            yield number, readings, list(lots).index(key) + 1 if key in lots else 0, None
        last = lots.setdefault(key, Deal(told.supplier[0], told.recipient[0], told.item.name))
        last.told.append(told)
        last.marks.append(mark)


def _owner(told: Told, parsed: Parsed, gold: dict) -> str | None:
    """The gold transfer that a telling is of: of several alike the one whose words hold it, or that alone tells such a stage."""
    place = parsed.words[told.trigger.index].start
    alike = [t for t in gold["transfers"] if is_between(t, told.supplier[0], told.recipient[0], told.item.name)]
    if len(alike) < 2:
        return alike[0]["key"] if alike else None
    tests = (
        lambda stage: stage["stage"] == told.stage and _holds(gold, stage, place),
        lambda stage: _holds(gold, stage, place),
        lambda stage: (stage["stage"], stage["modality"]) == (told.stage, told.modality) and (told.year or "") in (stage["when"] or ""),
        lambda stage: stage["stage"] == told.stage,
    )
    for test in tests:
        found = [t["key"] for t in alike if any(test(stage) for stage in t["stages"])]
        if len(found) == 1:
            return found[0]
    return None


def _holds(gold: dict, stage: dict, place: int) -> bool:
    start = gold["text"].find(stage["evidence"])
    return start <= place < start + len(stage["evidence"])


def _perfect(scene: Scene, gold: dict) -> list[list[Owned]]:
    """What a perfect reader tells of each supplier, recipient and item, in text order."""
    triggers = {trigger.index: trigger for trigger in find_triggers(scene)}
    chosen, _ = align(scene.parsed, list(triggers.values()), gold)
    same: dict[tuple[str, str, str], list[Owned]] = {}
    for at in sorted(chosen):
        stage, transfers = chosen[at]
        readings, mentions = equipment_readings(scene, triggers[at])
        for transfer in transfers:
            name = next((name for name in readings if same_item(transfer["equipment"], name)), None)
            if name is None:
                continue
            item, trigger, word, span = mentions[name], triggers[at], scene.parsed.words[at], clause_span(scene.parsed, at)
            said = next(s for s in transfer["stages"] if s["stage"] == stage and _holds(gold, s, word.start))
            supplier, recipient = (("".join(transfer[role][:1]), None) for role in ("supplier", "recipient"))
            quantity = best_amount(scene, trigger, "quantity", quantity_readings(scene, trigger, item))
            value = best_amount(scene, trigger, "value", value_readings(scene, trigger, item))
            when = when_of(scene.parsed, at, *span, carry=True)
            told = Told(trigger, (word.start, word.end), span, stage, said["modality"], "", SURE, SURE, item, recipient, supplier,
                        quantity, value, when, SURE, SURE)  # fmt: skip
            same.setdefault((supplier[0], recipient[0], fold(transfer["equipment"])), []).append((told, transfer["key"]))
    return list(same.values())
