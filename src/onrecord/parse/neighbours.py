"""This file tells from its neighbours whether a word is part of a longer name, of a person's, or of a place's."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from onrecord import vocab
from onrecord.parse.forms import class_nouns
from onrecord.parse.scene import Scene

WORD_BEFORE = re.compile(r"([\w.'&/-]+)[ ]\"?$")
WORD_AFTER = re.compile(r"\"?[ ]([\w.'&/-]+)")
OPENS = re.compile(r"(?:^|[.!?:\n\"(*-])\s*$")
# What bears a full stop and goes on: an initial, a title, "St. Petersburg".
SHORTENED = re.compile(
    r"(?:^|[.&/-])(?:[A-Za-z]|St|Mt|Ft|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Capt|Adm|Prof|Col|Maj|Lt|Sgt|Cmdr|Brig|Hon|Rev|Jr|Sr|Co|No|vs|[Mm]in|[Pp]res)\.$"
)
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|General|Gen|Admiral|Colonel|Col|Senator|Sen|President|Minister|Sir|King|Prince)\.? $")
# What follows the name of a person who speaks or acts.
SPOKEN = r"(?:'s)?,? (?:said|says|told|added|wrote|stated|insisted|argued|noted|replied|claimed|warned|himself|herself|who)\b"


@lru_cache(maxsize=256)
def has_namesake(whole: str, surface: str) -> bool:
    """Whether a report has a person or a place of this name: with a title or a given name, speaking, or as where something is."""
    name = re.escape(surface)
    if re.search(rf"\b{name}{SPOKEN}|\b(?:in|at|near|outside|around|visit(?:ed|s)? to) {name}\b", whole):
        return True
    return any(
        TITLED.search(found.group()) or not _harmless(found.group("word"))
        for found in re.finditer(rf"(?P<word>[A-Z][\w.'-]*) (?={name}\b)", whole)
    )


def of_a_person(scene: Scene, start: int) -> bool:
    """Whether a title stands before a span."""
    return bool(TITLED.search(scene.text[max(0, start - 20) : start]))


def neighbours(scene: Scene, start: int, end: int) -> tuple[str, str]:
    """The words right before and after a span, "" where punctuation stands between."""
    before = WORD_BEFORE.search(scene.text[max(0, start - 30) : start])
    after = WORD_AFTER.match(scene.text[end : end + 30])
    word = before.group(1) if before else ""
    return "" if word.endswith(".") and not SHORTENED.search(word) else word, after.group(1) if after else ""


def inside_name(scene: Scene, start: int, end: int) -> bool:
    """Whether a capitalised neighbour makes the span a part of a longer name of something else."""
    before, after = neighbours(scene, start, end)
    if after[:1].isupper() and after[1:2].islower() and not _harmless(after) and after.lower() not in _class_words():
        return True
    if not before[:1].isupper() or before.isupper() or before.endswith(("'s", "s'")) or _harmless(before):
        return False
    return not OPENS.search(scene.text[max(0, start - len(before) - 5) : start - len(before) - 1])


@cache
def _class_words() -> frozenset[str]:
    return frozenset(word for form in class_nouns() for word in form.split(" "))


@cache
def _harmless_words() -> frozenset[str]:
    states = (
        w
        for row in vocab.table("states")
        for column in ("name", "adjectives", "demonyms", "aliases", "capital")
        for w in vocab.cells(row[column])
    )
    makers = (part for row in vocab.table("companies") for name in [row["name"], *vocab.cells(row["aliases"])] for part in name.split(" "))
    return frozenset(states) | frozenset(makers) | frozenset(vocab.words("names")["shape"]["not_names"])


def _harmless(word: str) -> bool:
    """Whether a capitalised neighbour says nothing against a name: a state, a maker, a word that only opens the sentence."""
    bare = word.removesuffix("'s").rstrip("'")
    return bare in _harmless_words() or bare.split("-")[0] in _harmless_words()
