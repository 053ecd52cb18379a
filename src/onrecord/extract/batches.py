"""The words that tell one lot of a deal from another, and what cannot be of one lot."""

from __future__ import annotations

from functools import cache

from onrecord import vocab
from onrecord.extract.scene import Scene, phrase_words
from onrecord.extract.told import Deal
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention

# Stages of pieces that are there, and stages of a deal that is still to be made.
ARRIVED = frozenset({"delivery", "service"})
MARKS = ("more", "first", "same")
STILL_OPEN = frozenset({"interest", "request", "offer", "negotiation"})


def keeps_apart(deal: Deal, stage: str, modality: str, mark: str) -> bool:
    """Whether a telling cannot be of a lot: what has arrived is not the further lot still spoken of, nor the other way round."""
    done = any(deal.has(arrived) for arrived in ARRIVED)
    if stage in ARRIVED and modality == "actual" and mark != "more" and "more" in deal.marks and not done and not deal.has("contract"):
        return True
    open_still = stage in STILL_OPEN or modality in {"possible", "planned", "conditional"}
    return mark == "more" and open_still and done and "more" not in deal.marks


def mark_of(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """What the words with the item or the trigger say of the lot: another ("more"), one before others ("first"), the same, or "plain"."""
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
    return next((mark for mark in MARKS if said & lists[mark]), "plain")


@cache
def _words() -> dict[str, frozenset[str]]:
    lists = vocab.words("batches")
    return {mark: frozenset(lists[mark]) for mark in MARKS}
