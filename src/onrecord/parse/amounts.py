"""This file finds counts of arms with their unit ("two dozen used F-16 jets") and, through `money`, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from onrecord import vocab
from onrecord.parse.money import find_money
from onrecord.parse.numbers import FIGURES, bound_before, read_number, spelled_pattern
from onrecord.records import Equipment, Mention, Parsed, Quantity
from onrecord.syntax import word_at

# The words between a number and its unit: "four of the second-hand, long-range S-400 batteries" needs eight.
REACH = 9
BARE_SCORE = 0.5
ARTICLE_SCORE = 0.7
INSIDE_A_NOUN = {"ADJ", "NOUN", "PROPN", "NUM", "ADV", "X", "SYM"}
YEARS = range(1900, 2100)


class _Unit(NamedTuple):
    unit: str
    vague: bool


def find_amounts(parsed: Parsed) -> list[Mention]:
    """Mentions of kind quantity and money in the text; a quantity without a unit word takes its designation's, or none (`unit` "")."""
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    money = find_money(parsed, text)
    taken = [(m.start, m.end) for m in money] + [(m.start, m.end) for m in parsed.mentions if m.kind != "equipment"]
    equipment = {m.start: m for m in parsed.mentions if m.kind == "equipment"}
    taken += [(m.start + 1, m.end) for m in equipment.values()]
    return money + list(_quantities(parsed, text, sorted(taken), equipment))


def _quantities(parsed: Parsed, text: str, taken: list[tuple[int, int]], equipment: dict[int, Mention]) -> Iterator[Mention]:
    last = -1
    for match in _numbers().finditer(text):
        start, end = match.span()
        if start < last or _overlaps(taken, start, end) or start in equipment and equipment[start].end > end:
            continue
        mention = _quantity(parsed, text, match, equipment)
        if mention:
            last = mention.end
            yield mention


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in taken)


def _quantity(parsed: Parsed, text: str, match: re.Match[str], equipment: dict[int, Mention]) -> Mention | None:
    start, end = match.span()
    if _is_in_a_name(text, start, end):
        return None
    how = "figure" if match["figure"] else "article" if match["article"] else "ordinal" if match["ordinal"] else "word"
    number = 1.0 if how in {"article", "ordinal"} else read_number(match["figure"] or match["words"])
    unit, unit_end, said = _unit_after(parsed, text, end, equipment, spoken=how)
    if unit is None:
        return None
    if not unit and not _stands_alone(parsed, text, match, number, how):
        return None
    if how == "article" and (not unit or not said):
        return None
    if number in YEARS and match["figure"] and "," not in match["figure"] and not said:
        return None
    bound, begin = bound_before(text, start) if how != "article" else ("exact", start)
    score = BARE_SCORE if not unit else ARTICLE_SCORE if how == "article" else 1.0
    reason = f"{said or 'no unit word'} after the number"
    return Mention(begin, unit_end, "quantity", text[begin:unit_end], f"{number:g} {unit}".strip(), None, how, score, reason,
                   Quantity(number, unit, bound))  # fmt: skip


def _is_in_a_name(text: str, start: int, end: int) -> bool:
    """Whether the number is part of a designation, a label or another number ("S-400", "Block 70", "155mm", "1/72", "No. 5")."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "-–/.:#" and start > 1 and text[start - 2].isalnum()):
        return True
    if end < len(text) and (
        text[end].isalnum()
        and text[start].isdigit()
        or text[end] in "%°"
        or re.match(r"[-–/:]\w", text[end : end + 2])
        and text[start].isdigit()
    ):
        return True
    before = re.search(r"([A-Za-z.]+)[\s\"“]*$", text[max(0, start - 20) : start])
    return bool(before) and text[start].isdigit() and before[1].lower() in _not_pieces()[1]


def _unit_after(parsed: Parsed, text: str, end: int, equipment: dict[int, Mention], *, spoken: str) -> tuple[str | None, int, str]:
    """The unit that the words after a number name, where they end, and the words themselves; None where they count no arms."""
    word = word_at(parsed, end)
    best: tuple[str, int, str] = ("", end, "")
    index = word.index if word else len(parsed.words)
    limit = min(index + REACH, len(parsed.words))
    sentence = word.sentence if word else -1
    noun = None
    while index < limit and parsed.words[index].sentence == sentence:
        word = parsed.words[index]
        mention = equipment.get(word.start)
        if mention is not None and isinstance(mention.value, Equipment):
            unit = _unit_of(mention)
            if unit:
                best = (unit, mention.end, mention.text)
            while index < limit and parsed.words[index].start < mention.end:
                index += 1
            continue
        length, unit_word = _unit_words(parsed, index, sentence)
        if unit_word and not (unit_word.vague and spoken == "article"):
            best = (unit_word.unit, parsed.words[index + length - 1].end, text[word.start : parsed.words[index + length - 1].end])
            index += length
            continue
        if word.text.lower() in _not_pieces()[0] and not best[0]:
            return None, end, word.text
        if not _goes_on(parsed, text, word):
            break
        if word.pos in {"NOUN", "PROPN"}:
            noun = word
        index += 1
    if not best[0] and noun is not None and noun.tag in {"NN", "NNS"}:
        return None, end, noun.text
    return best


def _goes_on(parsed: Parsed, text: str, word: object) -> bool:
    """Whether the noun phrase that a number opened goes on through this word."""
    w = word
    if w.pos in INSIDE_A_NOUN or w.tag in {"VBN", "VBG", "JJ"} and w.dep in {"amod", "compound", "nmod"}:  # type: ignore[attr-defined]
        return True
    return w.text in {"-", "/", '"', "“", "”", "'", "‘", "’", "(", ")"} or w.text == "," and _between_adjectives(parsed, w)  # type: ignore[attr-defined]


def _between_adjectives(parsed: Parsed, comma: object) -> bool:
    i = comma.index  # type: ignore[attr-defined]
    words = parsed.words
    return 0 < i < len(words) - 1 and words[i - 1].pos == "ADJ" and words[i + 1].pos == "ADJ"


def _unit_of(mention: Mention) -> str:
    assert isinstance(mention.value, Equipment)
    classes = vocab.words("amounts")["units"]["by_equipment"]
    return str(classes.get(mention.value.category) or classes["other"])


def _unit_words(parsed: Parsed, index: int, sentence: int) -> tuple[int, _Unit | None]:
    """How many words from `index` on are a unit noun of the table, longest first, and which."""
    units = _units()
    for length in (3, 2, 1):
        if index + length <= len(parsed.words) and parsed.words[index + length - 1].sentence == sentence:
            said = " ".join(w.text for w in parsed.words[index : index + length])
            unit = units.get(said) or units.get(said.lower())
            if unit:
                return length, unit
    return 0, None


def _stands_alone(parsed: Parsed, text: str, match: re.Match[str], number: float, how: str) -> bool:
    """Whether a number without a unit may count arms said elsewhere: "Six were ordered", "ordered nine", "a ninth", "28 in number"."""
    if how == "article" or number >= 100_000 or number != int(number):
        return False
    before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 14]
    previous = re.search(r"(\w+)\W*$", before)
    following = re.match(r"\W*(\w+)", after)
    if match["words"] and match["words"].lower() == "one":
        if following and following[1].lower() in vocab.words("amounts")["not_pieces"]["pronoun_after"]:
            return False
        if previous and previous[1].lower() in vocab.words("amounts")["not_pieces"]["pronoun_before"]:
            return False
    return not (match["figure"] and (number in YEARS or number < 32 and _is_a_day(previous, following)))


def _is_a_day(previous: re.Match[str] | None, following: re.Match[str] | None) -> bool:
    months = _month_words()
    return bool((previous and previous[1].lower() in months) or (following and following[1].lower() in months))


@cache
def _month_words() -> frozenset[str]:
    return frozenset(name.lower() for names in vocab.words("dates")["months"] for name in names)


@cache
def _not_pieces() -> tuple[frozenset[str], frozenset[str]]:
    words = vocab.words("amounts")["not_pieces"]
    return frozenset(words["nouns"]), frozenset(words["labels"])


@cache
def _units() -> dict[str, _Unit]:
    words = vocab.words("amounts")["units"]
    vague = set(words["vague"])
    units: dict[str, _Unit] = {}
    for row in vocab.table("units"):
        name = words["by_class"].get(row["class"]) or row["class"].replace("_", " ")
        for surface in [row["unit"], *vocab.cells(row["aliases"])]:
            units.setdefault(surface, _Unit(name, surface in vague))
    return units | {surface: _Unit(unit, False) for surface, unit in words["more"].items()}


@cache
def _numbers() -> re.Pattern[str]:
    ordinals = "|".join(vocab.words("amounts")["numbers"]["ordinals"])
    return re.compile(
        rf"\b(?:(?P<ordinal>(?:an?|another|one)\s+(?:{ordinals})\b)|(?P<words>{spelled_pattern()})\b|(?P<article>an?|another)\b)|(?P<figure>{FIGURES})",
        re.IGNORECASE,
    )
