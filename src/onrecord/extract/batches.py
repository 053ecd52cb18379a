"""The words that tell one lot of a deal from another, and what cannot be of one lot."""

from __future__ import annotations

from functools import cache

from onrecord import vocab
from onrecord.extract.scene import Scene, phrase_words
from onrecord.extract.told import Deal
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention
from onrecord.syntax import kids

# Stages of pieces that are there, and stages of a deal that is still to be made.
ARRIVED = frozenset({"delivery", "service"})
MARKS = ("more", "first", "same")
# What the words before a noun for a whole lot ("a second regiment", "the first contract") say for sure, with the mere word's mark.
ANOTHER = "another lot"
NAMED = {ANOTHER: "more", "first lot": "first"}
# How a word stands to the noun that it sets apart, and what of a verb can be such a noun.
BEFORE = frozenset({"amod", "det", "nummod", "compound"})
BESIDE = frozenset({"nsubj", "nsubjpass", "dobj"})
STILL_OPEN = frozenset({"interest", "request", "offer", "negotiation"})


def keeps_apart(deal: Deal, stage: str, modality: str, mark: str) -> bool:
    """Whether a telling cannot be of a lot: a first one is not another one, nor what has arrived the further lot still spoken of."""
    named = NAMED.keys() & set(deal.marks)
    if mark in NAMED and named and mark not in named:
        return True
    done = any(deal.has(arrived) for arrived in ARRIVED)
    further, kind = "more" in map(kind_of, deal.marks), kind_of(mark)
    if stage in ARRIVED and modality == "actual" and kind != "more" and further and not done and not deal.has("contract"):
        return True
    open_still = stage in STILL_OPEN or modality in {"possible", "planned", "conditional"}
    return kind == "more" and open_still and done and not further


def kind_of(mark: str) -> str:
    """The mark that a word alone gives: that of another lot is "more", of a first one "first"."""
    return NAMED.get(mark, mark)


def mark_of(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """What the words with the item or the trigger say of the lot: another ("more"), one before others ("first"), the same, or "plain".

    Where they name a lot as such it is "another lot" or "first lot".
    """
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
    own = words[trigger.index]
    beside = [kid.index for kid in kids(scene.parsed, trigger.index) if kid.dep in BESIDE] + [own.head] * (own.dep == "relcl")
    for index in [*reach, *(index for head in beside for index in phrase_words(scene, head))]:
        word = words[index]
        if word.dep in BEFORE and words[word.head].lemma.lower() in lists["lots"]:
            for named, kind in NAMED.items():
                if {word.lemma.lower(), word.text.lower()} & lists[kind]:
                    return named
    said = {words[i].lemma.lower() for i in reach} | {words[i].text.lower() for i in reach}
    return next((mark for mark in MARKS if said & lists[mark]), "plain")


@cache
def _words() -> dict[str, frozenset[str]]:
    lists = vocab.words("batches")
    return {name: frozenset(lists[name]) for name in (*MARKS, "lots")}
