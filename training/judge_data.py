"""Turns annotated reports into the choices that the judge learns from: what a careful reader chose at each trigger, among which readings.

Each gold stage is aligned with the trigger inside its evidence; the equipment, recipient, supplier and stage (or none) that the gold has
there are the right ones among the readings that the extractor weighs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onrecord.choosing import Models
from onrecord.extract.acceptance import deal_readings, telling_readings
from onrecord.extract.amounts import quantity_readings, value_readings
from onrecord.extract.items import companion_readings, equipment_readings
from onrecord.extract.parties import party_readings
from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.stages import is_spelled_out, stage_readings
from onrecord.extract.told import Told
from onrecord.extract.transfers import find_deals, note, propose
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Mention, Money, Parsed, Quantity

# A telling with this belief in its stage counts as taken while the judge of tellings is not learnt yet.
TAKEN = 0.42

# Report, the features of each candidate, the right one, and what a model that has read the report believes of each.
Example = tuple[int, list[list[str]], int, list[float] | None]


def fold(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def same_item(gold: str, name: str) -> bool:
    """Whether a designation found is the gold's, as the scorer compares them."""
    a, b = fold(gold), fold(name)
    return bool(a and b) and (a == b or (min(len(a), len(b)) >= 2 and (a in b or b in a)))


def is_between(transfer: dict, supplier: str, recipient: str, name: str) -> bool:
    """Whether a gold transfer is one of this item between these parties."""
    return ("".join(transfer["supplier"]), "".join(transfer["recipient"])) == (supplier, recipient) and same_item(
        transfer["equipment"], name
    )


def depth(parsed: Parsed, index: int) -> int:
    steps = 0
    while parsed.words[index].head != index and steps < 60:
        index = parsed.words[index].head
        steps += 1
    return steps


def align(parsed: Parsed, triggers: Sequence[Trigger], gold: dict) -> tuple[dict[int, tuple[str, list[dict]]], set[int]]:
    """Trigger position -> (stage, the gold transfers that it tells of), and the triggers that merely repeat an aligned one."""
    text = gold["text"]
    chosen: dict[int, tuple[str, list[dict]]] = {}
    repeats: set[int] = set()
    for transfer in gold["transfers"]:
        for stage in transfer["stages"]:
            start = text.find(stage["evidence"])
            end = start + len(stage["evidence"])
            inside = [t for t in triggers if start <= parsed.words[t.index].start < end and stage["stage"] in t.stages]
            free = [t for t in inside if chosen.get(t.index, (stage["stage"],))[0] == stage["stage"]]
            if not free:
                continue
            free.sort(key=lambda t: (depth(parsed, t.index), t.index))
            named = [t for t in free if any(same_item(transfer["equipment"], m) for m in t_items(parsed, t))]
            best = (named or free)[0]
            chosen.setdefault(best.index, (stage["stage"], []))[1].append(transfer)
            repeats.update(t.index for t in inside if t.index != best.index)
    return chosen, repeats - set(chosen)


def t_items(parsed: Parsed, trigger: Trigger) -> list[str]:
    sentence = parsed.sentences[parsed.words[trigger.index].sentence]
    return [m.name for m in parsed.mentions if m.kind == "equipment" and sentence.start <= m.start < sentence.end]


def examples(number: int, parsed: Parsed, gold: dict, models: Models | None) -> Iterator[tuple[str, Example]]:
    """(model, example) for every choice of one report.

    Without models the memory is a perfect reader's; with models (learnt on other reports) it is what those make of the report,
    mistakes included, as it will be in use.
    """
    scene = set_scene(parsed, models or {})
    triggers = find_triggers(scene)
    chosen, repeats = align(parsed, triggers, gold)
    for trigger in triggers:
        told = [t for t in propose(scene, trigger) if t.stage_score >= TAKEN] if models else []
        retold = trigger.index not in chosen and any(_is_gold(t, gold) for t in told)
        if trigger.index not in repeats and not retold:
            stage, transfers = chosen.get(trigger.index, ("none", []))
            yield from _trigger_examples(number, scene, trigger, stage, transfers, perfect=not models)
        for each in told:
            note(scene, each)


def _is_gold(told: Told, gold: dict) -> bool:
    """Whether a telling repeats a stage of the gold outside its evidence: no example of "no stage"."""
    return any(
        is_between(t, told.supplier[0], told.recipient[0], told.item.name) and any(s["stage"] == told.stage for s in t["stages"])
        for t in gold["transfers"]
    )


def _trigger_examples(
    number: int, scene: Scene, trigger: Trigger, stage: str, transfers: list[dict], *, perfect: bool
) -> Iterator[tuple[str, Example]]:
    kinds = stage_readings(scene, trigger)
    at = trigger.index
    yield "stage", (number, list(kinds.values()), list(kinds).index(stage), scene.stage_beliefs(at, kinds))
    readings, mentions = equipment_readings(scene, trigger)
    names = list(readings)
    told = [(t, n) for t in transfers for n in [next((n for n in names if same_item(t["equipment"], n)), None)]]
    named = [n for _, n in told if n]
    if named:
        yield "equipment", (number, list(readings.values()), names.index(named[0]), scene.role_beliefs(at, "item", names))
        item = mentions[named[0]]
        if item in scene.first_word:
            for mention, features in companion_readings(scene, trigger, item).items():
                right = int(any(same_item(t["equipment"], mention.name) for t in transfers))
                yield "companion", (number, [["alone"], features], right, scene.companion_beliefs(at, mention.name))
    for transfer, name in told:
        item = mentions[name] if name else None
        yield from _party_examples(number, scene, trigger, item, transfer)
        if perfect and item is not None:
            yield from _amount_examples(number, scene, trigger, item, transfer)
            scene.note("".join(transfer["supplier"][:1]), "".join(transfer["recipient"][:1]), item.name, trigger=at, stage=stage)


def _amount_examples(number: int, scene: Scene, trigger: Trigger, item: Mention, transfer: dict) -> Iterator[tuple[str, Example]]:
    for model, readings in (("quantity", quantity_readings(scene, trigger, item)), ("value", value_readings(scene, trigger, item))):
        right = [i for i, (mention, _) in enumerate(readings, 1) if is_amount(mention, transfer[model])]
        if readings:
            heard = scene.amount_beliefs(trigger.index, model, [mention for mention, _ in readings])
            yield model, (number, [["none"], *(told for _, told in readings)], right[0] if right else 0, heard)


def is_amount(mention: Mention, gold: dict | None) -> bool:
    if gold is None:
        return False
    if isinstance(mention.value, Quantity):
        return mention.value.number == gold["number"]
    return isinstance(mention.value, Money) and (mention.value.amount, mention.value.currency) == (gold["amount"], gold["currency"])


def telling_examples(number: int, parsed: Parsed, gold: dict, models: Models) -> Iterator[Example]:
    """Each telling that models of other reports propose, with whether the gold has that stage of that transfer."""
    scene = set_scene(parsed, models)
    for trigger in find_triggers(scene):
        for told in propose(scene, trigger):
            real = _is_gold(told, gold)
            yield number, [["not told"], telling_readings(scene, told, spelled_out=is_spelled_out(scene, trigger))], int(real), None
            if told.stage_score >= TAKEN:
                note(scene, told)


def deal_examples(number: int, parsed: Parsed, gold: dict, models: Models) -> Iterator[Example]:
    """Each deal that models of other reports build, with whether it is one of the gold's; of two twins for one gold deal the surer."""
    scene = set_scene(parsed, models)
    deals = find_deals(scene)
    left = list(gold["transfers"])
    for deal in sorted(deals, key=lambda d: -len(d.told)):
        hit = next((t for t in left if is_between(t, *deal.triple)), None)
        if hit:
            left.remove(hit)
        yield number, [["no deal"], deal_readings(scene, deal, deals)], int(hit is not None), None


def _party_examples(number: int, scene: Scene, trigger: Trigger, item: Mention | None, transfer: dict) -> Iterator[tuple[str, Example]]:
    recipient = transfer["recipient"][0] if transfer["recipient"] else None
    for role, other in (("recipient", None), ("supplier", recipient)):
        readings, _ = party_readings(scene, trigger, role, item, other)
        parties = [*readings, ""]
        target = transfer[role][0] if transfer[role] else ""
        if target in parties:
            heard = scene.role_beliefs(trigger.index, role, parties)
            yield role, (number, [*readings.values(), ["unknown"]], parties.index(target), heard)


def gather(golds: list[dict], parses: list[Parsed], models: Sequence[Models | None]) -> dict[str, list[Example]]:
    """The examples of all reports by model; `models[i]` reads report i."""
    data: dict[str, list[Example]] = {}
    for number, (gold, parsed) in enumerate(zip(golds, parses, strict=True)):
        for model, example in examples(number, parsed, gold, models[number]):
            data.setdefault(model, []).append(example)
    return data
