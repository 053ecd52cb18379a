"""This file reads what a number counts: the unit noun or designation in the words that follow it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from onrecord import vocab
from onrecord.parse.numbers import number_words
from onrecord.records import Equipment, Mention, Parsed, Word
from onrecord.syntax import word_at, words_in

# The words between a number and its unit: "four of the second-hand, long-range S-400 batteries" needs eight.
REACH = 9
INSIDE_A_NOUN = frozenset({"ADJ", "NOUN", "PROPN", "NUM", "ADV", "X", "SYM"})
MARKS = frozenset({"-", "/", '"', "“", "”", "'", "‘", "’", "(", ")", "«", "»"})


class Unit(NamedTuple):
    """A unit's singular name; vague ones ("group", "package") count arms only where a number stands before them."""

    name: str
    vague: bool


class Counted(NamedTuple):
    """What a number counts: the unit ("" where none is said, None where it is no arms), where its words end, and the words."""

    unit: str | None
    end: int
    said: str


def counted_after(parsed: Parsed, text: str, end: int, *, equipment: dict[int, Mention], article: bool) -> Counted:
    """What the number that ends at `end` counts; `article` marks an "a", which a vague unit does not follow."""
    index, last = _first_after(parsed, end)
    best = Counted("", end, "")
    noun: Word | None = None
    while index < last:
        word = parsed.words[index]
        if tells_a_part(text, word.end) and word.text.lower() in number_words():
            index = next((later.index for later in parsed.words[index + 2 :] if text[later.start - 1] != "-"), last)
            continue
        mention = equipment.get(word.start)
        length, unit = _unit_at(parsed, index, last)
        if unit is not None and not (unit.vague and article) and (mention is None or _is_generic(mention)):
            best = Counted(unit.name, parsed.words[index + length - 1].end, text[word.start : parsed.words[index + length - 1].end])
            index += length
            continue
        if mention is not None:
            best = Counted(_unit_of(mention), mention.end, mention.text)
            while index < last and parsed.words[index].start < mention.end:
                index += 1
            continue
        if not best.unit and _counts_no_arms(text, word):
            return Counted(None, end, word.text)
        if not _goes_on(parsed, text, word):
            break
        noun = word if word.pos in {"NOUN", "PROPN"} and word.text.lower() not in _words("stand_ins") else noun
        index += 1
    if not best.unit and noun is not None and noun.tag in {"NN", "NNS"}:
        return Counted(None, end, noun.text)
    return best


def tells_a_part(text: str, end: int) -> bool:
    """Whether a number that ends there is joined to a noun for what a single piece has ("two-seat", "four-engine")."""
    joined = re.match(r"[-–]([A-Za-z]+)", text[end : end + 16])
    return joined is not None and joined[1].lower() in _words("parts")


def is_a_kind(parsed: Parsed, text: str, start: int, end: int) -> bool:
    """Whether plain words between a number and what it counts name a kind of it ("anti-submarine"), no thing and no part of an order."""
    said = text[start:end].split()
    if any(not word[0].islower() or word in _units() or word in vocab.words("amounts")["kinds"]["apart"] for word in said):
        return False
    return all(
        word.text in MARKS or (word.tag != "NNS" and _is_inside(word) and not _counts_no_arms(text, word))
        for word in words_in(parsed, start, end)
    )


def _first_after(parsed: Parsed, end: int) -> tuple[int, int]:
    """The first word after a number and the word to stop before; a number said again in brackets is passed over ("four (4) guns")."""
    word = word_at(parsed, end)
    if word is None:
        return 0, 0
    index = word.index
    last = min(index + REACH, parsed.sentences[word.sentence].last)
    if word.text == "(" and index + 2 < last and parsed.words[index + 1].text.isdigit() and parsed.words[index + 2].text == ")":
        index += 3
    return index, last


def _is_generic(mention: Mention) -> bool:
    return isinstance(mention.value, Equipment) and mention.value.generic


def _unit_of(mention: Mention) -> str:
    classes = vocab.words("amounts")["units"]["by_equipment"]
    category = mention.value.category if isinstance(mention.value, Equipment) else ""
    return str(classes.get(category) or classes["other"])


def _unit_at(parsed: Parsed, index: int, last: int) -> tuple[int, Unit | None]:
    """How many words from `index` on are a unit noun of the table, longest first, and which."""
    units = _units()
    for length in (3, 2, 1):
        if index + length <= last:
            said = " ".join(w.text for w in parsed.words[index : index + length])
            unit = units.get(said) or units.get(said.lower())
            if unit:
                return length, unit
    return 0, None


def _counts_no_arms(text: str, word: Word) -> bool:
    """Whether a noun is of people, time or measure; not where it is the first half of "second-hand"."""
    return word.text.lower() in _words("nouns") and text[word.end : word.end + 1] != "-"


def _goes_on(parsed: Parsed, text: str, word: Word) -> bool:
    """Whether the noun phrase that a number opened goes on through this word."""
    lower = word.text.lower()
    if lower in _words("breaks") or lower in number_words() or (word.text.isdigit() and text[word.start - 1] == " "):
        return False
    if _is_inside(word):
        return True
    if word.text == ",":
        around = parsed.words[word.index - 1].pos, parsed.words[min(word.index + 1, len(parsed.words) - 1)].pos
        return around == ("ADJ", "ADJ")
    return word.text in MARKS


def _is_inside(word: Word) -> bool:
    """Whether a word can stand between a number and its noun."""
    return (
        word.pos in INSIDE_A_NOUN
        or word.text.lower() in _words("participles")
        or (word.tag in {"VBN", "VBG", "JJ"} and word.dep in {"amod", "compound", "nmod"})
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(vocab.words("amounts")["not_pieces"][name])


@cache
def _units() -> dict[str, Unit]:
    words = vocab.words("amounts")["units"]
    vague = set(words["vague"])
    units: dict[str, Unit] = {}
    for row in vocab.table("units"):
        name = words["by_class"].get(row["class"]) or row["class"].replace("_", " ")
        for surface in [row["unit"], *vocab.cells(row["aliases"])]:
            units.setdefault(surface, Unit(name, surface in vague))
    return units | {surface: Unit(unit, False) for surface, unit in words["more"].items()}
