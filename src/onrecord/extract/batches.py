"""Which deal a telling belongs to: one met before between the same parties over the same item, or another batch of it."""

from __future__ import annotations

from functools import cache

from onrecord import vocab
from onrecord.extract.scene import Draft, Scene, phrase_words
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention, Quantity

# Stages of pieces that are there, and stages of a deal that is still to be made.
ARRIVED = frozenset({"delivery", "service"})
STILL_OPEN = frozenset({"interest", "request", "offer", "negotiation"})


def batch_readings(
    scene: Scene, trigger: Trigger, item: Mention, stage: str, count: Quantity | None, year: str | None, drafts: list[Draft]
) -> list[list[str]]:
    """Features of "a new batch", then of each draft of the same triple, oldest first."""
    words = mark_of(scene, trigger, item)
    sentence = scene.parsed.words[trigger.index].sentence
    counted = count is not None
    fresh = ["new", f"new:{words}", f"new:{min(3, len(drafts))}", f"new:counted:{counted}", f"new:{stage}"]
    if counted:
        fresh += [f"new:{told}" for told in sorted({_compare(d.count, count) for d in drafts})]
        fresh.append(f"{fresh[-1]}:{stage}")
    if year is not None and any(d.years.get(stage) for d in drafts):
        fresh.append("new:same-year" if any(d.years.get(stage) == year for d in drafts) else "new:other-year")
    fresh.append(f"new:mark:{any('more' in d.marks for d in drafts)}:{all('more' in d.marks for d in drafts)}:{words}")
    readings = [fresh]
    for place, draft in enumerate(drafts):
        away = sentence - draft.touched[-1]
        told = ["old", "old:last" if place == len(drafts) - 1 else "old:earlier", f"old:away:{min(3, away)}"]
        told.append("old:latest" if scene.drafts and scene.drafts[-1] is draft else "old:not-latest")
        told.append("old:number:" + _compare(draft.count, count))
        told.append("old:stage:" + ("again" if stage in draft.stages else "fresh"))
        told.append(f"old:{words}:{told[-1]}")
        told.append(f"old:mark:{'more' in draft.marks}:{words}")
        told.append(f"{told[-1]}:{stage in draft.stages}")
        told.append("old:year:" + _agree(draft.years.get(stage), year))
        told.append(f"{told[4]}:{told[5]}")
        told.append(f"{told[5]}:{told[-2]}")
        readings.append(told)
    return readings


def keeps_apart(draft: Draft, stage: str, modality: str, mark: str) -> bool:
    """Whether a telling cannot be of a draft: what has arrived is not the further lot still spoken of, nor the other way round."""
    arrived = stage in ARRIVED and modality == "actual"
    if arrived and mark != "more" and "more" in draft.marks and not draft.done and not draft.signed:
        return True
    open_still = stage in STILL_OPEN or modality in {"possible", "planned", "conditional"}
    return mark == "more" and open_still and draft.done and "more" not in draft.marks


def _compare(held: Quantity | None, told: Quantity | None) -> str:
    """How a count told stands to the one held: the same, smaller, larger, in another unit, or not to be compared."""
    if held is None or told is None:
        return "unsaid" if held is told else "one"
    if held.unit and told.unit and held.unit != told.unit:
        return "same-in-other-unit" if held.number == told.number else "other-unit"
    return "same" if held.number == told.number else "smaller" if told.number < held.number else "larger"


def _agree(held: object, told: object) -> str:
    return "unsaid" if held is None and told is None else "one" if held is None or told is None else "same" if held == told else "other"


def mark_of(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """Whether words of another lot ("more"), of the same ("same") or neither ("plain") stand with the item or the trigger."""
    lists = _words()
    words = scene.parsed.words
    reach = list(phrase_words(scene, trigger.index)) if words[trigger.index].pos == "NOUN" else []
    place = scene.first_word.get(item)
    if place is not None:
        top = words[place]
        while (
            top.dep in {"compound", "amod", "nmod", "pobj", "prep"}
            and top.head != top.index
            and words[top.head].pos in {"NOUN", "PROPN", "ADP"}
        ):
            top = words[top.head]
        reach += phrase_words(scene, top.index)
    for slot in trigger.equipment:
        for head in trigger.slots.get(slot, []):
            reach += phrase_words(scene, head)
    said = {words[i].lemma.lower() for i in reach} | {words[i].text.lower() for i in reach}
    return "more" if said & lists["more"] else "same" if said & lists["same"] else "plain"


@cache
def _words() -> dict[str, frozenset[str]]:
    lists = vocab.words("batches")
    return {name: frozenset(lists[name]) for name in ("more", "same")}
