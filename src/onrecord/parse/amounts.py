"""This file finds counts of arms with their unit ("two dozen used F-16 jets", "a second regiment") beside the sums that `money` finds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from onrecord import vocab
from onrecord.parse.money import find_money
from onrecord.parse.numbers import FIGURES, alternation, bound_before, number_words, read_number, spelled_pattern
from onrecord.parse.units import Counted, counted_after, is_a_kind, tells_a_part
from onrecord.records import Mention, Parsed, Quantity

BARE_SCORE = 0.5
ARTICLE_SCORE = 0.7
YEARS = range(1900, 2100)
# A count without a unit word is hardly larger: bigger bare numbers in news are sums or people.
LARGEST_BARE = 1_000_000


def find_amounts(parsed: Parsed) -> list[Mention]:
    """Mentions of kind quantity and money in text order; `parsed.mentions` already holds the names.

    A quantity without a unit word takes its designation's unit, or none (`unit` is ""). `how` tells what the number was:
    figure, word, ordinal ("a second battery"), article ("a battery").
    """
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    money = find_money(parsed, text)
    equipment = {m.start: m for m in parsed.mentions if m.kind == "equipment"}
    taken = [(m.start, m.end) for m in money]
    taken += [
        (m.start + (m.kind == "equipment"), m.end) for m in parsed.mentions if m.kind in {"equipment", "programme", "person", "agency"}
    ]
    return sorted([*money, *_quantities(parsed, text, sorted(taken), equipment)], key=lambda m: (m.start, -m.end))


def _quantities(parsed: Parsed, text: str, taken: list[tuple[int, int]], equipment: dict[int, Mention]) -> Iterator[Mention]:
    last = -1
    pattern, openers = _numbers()
    for word in parsed.words:
        start = word.start
        if start < last or not (word.text[0].isdigit() or word.text.lower() in openers):
            continue
        match = pattern.match(text, start)
        if match is None or _overlaps(taken, start, match.end()) or (start in equipment and equipment[start].end > match.end()):
            continue
        mention = _of_two_kinds(parsed, text, match, equipment) or _quantity(parsed, text, match, equipment)
        if mention:
            last = mention.end
            yield mention


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_left(taken, (end, end))
    return any(start < b for _, b in taken[max(0, place - 8) : place])


def _quantity(parsed: Parsed, text: str, match: re.Match[str], equipment: dict[int, Mention]) -> Mention | None:
    start, end = match.span()
    figure = match["figure"]
    if (figure and _is_in_a_name(text, start, end)) or tells_a_part(text, end):
        return None
    how = next(kind for kind in ("figure", "ordinal", "article", "word") if match[kind])
    number = read_number(match["figure"] or match["word"]) if how in {"figure", "word"} else 1.0
    counted = counted_after(parsed, text, end, equipment=equipment, article=how == "article")
    if counted.unit is None or not _is_count(parsed, text, match, number, counted):
        return None
    bound, begin = bound_before(text, start) if how in {"figure", "word"} else ("exact", start)
    score = BARE_SCORE if not counted.unit else ARTICLE_SCORE if how == "article" else 1.0
    value = Quantity(number, counted.unit, bound)
    said = text[begin : counted.end]
    reason = f"counts {counted.said!r}" if counted.said else "counts what is said elsewhere"
    return Mention(begin, counted.end, "quantity", said, f"{number:g} {counted.unit}".strip(), None, how, score, reason, value)


def _of_two_kinds(parsed: Parsed, text: str, match: re.Match[str], equipment: dict[int, Mention]) -> Mention | None:
    """The count of two kinds of one thing together: "eighteen single-seat and twelve two-seat jets" are thirty aircraft."""
    pattern, between = _numbers()[0], _between_kinds()
    joined = between.match(text, match.end()) if match["figure"] or match["word"] else None
    other = pattern.match(text, joined.end()) if joined else None
    if joined is None or other is None or not (other["figure"] or other["word"]):
        return None
    if any(each["figure"] and _is_in_a_name(text, *each.span()) for each in (match, other)):
        return None
    counted = counted_after(parsed, text, other.end(), equipment=equipment, article=False)
    noun = counted.end - len(counted.said)
    # The second kind may be part of the unit's name ("and 15 rescue helicopters").
    if not counted.unit or (not text[other.end() : noun].strip() and " " not in counted.said):
        return None
    if not all(is_a_kind(parsed, text, *span) for span in (joined.span("kind"), (other.end(), noun))):
        return None
    bound, begin = bound_before(text, match.start())
    how, said = "figure" if match["figure"] else "word", text[begin : counted.end]
    value = Quantity(sum(read_number(each["figure"] or each["word"]) for each in (match, other)), counted.unit, bound)
    reason = f"counts two kinds of {counted.said!r}"
    return Mention(begin, counted.end, "quantity", said, f"{value.number:g} {value.unit}", None, how, 1.0, reason, value)


def _is_in_a_name(text: str, start: int, end: int) -> bool:
    """Whether figures are part of a designation, a label, a measure or a longer number ("S-400", "Block 70", "155mm", "9 July")."""
    before, after = text[max(0, start - 20) : start], text[end : end + 2]
    if before and (before[-1].isalnum() or (before[-1] in "-–/.:#" and len(before) > 1 and before[-2].isalnum())):
        return True
    if after[:1].isalnum() or after[:1] in {"%", "°"} or (after[:1] in {"-", "–", "/", ":"} and after[1:].isalnum()):
        return True
    label = re.search(r"([A-Za-z.]+)[\s\"“]*$", before)
    return bool(label) and label[1].lower() in _labels()  # type: ignore[index]


def _is_count(parsed: Parsed, text: str, match: re.Match[str], number: float, counted: Counted) -> bool:
    """Whether the number counts arms: with a unit nearly always; without one when it is no year, day or pronoun."""
    if match["figure"] and number in YEARS and len(match["figure"]) == 4 and not (counted.unit and counted.said):
        return False
    if counted.unit:
        return True
    if match["article"] or number > LARGEST_BARE or number != int(number):
        return False
    previous = re.search(r"(\w+)\W*$", text[max(0, match.start() - 14) : match.start()])
    following = re.match(r"\W*(\w+)", text[match.end() : match.end() + 14])
    before, after = (previous[1].lower() if previous else ""), (following[1].lower() if following else "")
    if match["word"] and match["word"].lower() == "one":
        words = vocab.words("amounts")["not_pieces"]
        return after not in words["pronoun_after"] and before not in words["pronoun_before"]
    return not (match["figure"] and number < 32 and {before, after} & _month_words())


@cache
def _month_words() -> frozenset[str]:
    return frozenset(name.lower() for names in vocab.words("dates")["months"] for name in names)


@cache
def _labels() -> frozenset[str]:
    return frozenset(vocab.words("amounts")["not_pieces"]["labels"])


@cache
def _between_kinds() -> re.Pattern[str]:
    """The pattern from behind the count of one kind to the count of the other, on one line."""
    word = r"[a-z][\w-]*"
    joined = alternation(vocab.words("amounts")["kinds"]["joined"])
    return re.compile(rf"[ \u00a0]+(?P<kind>{word}(?:[ \u00a0]{word})?)[ \u00a0]+(?:{joined})[ \u00a0]+")


@cache
def _numbers() -> tuple[re.Pattern[str], frozenset[str]]:
    """The pattern of a count, and the words by which one begins."""
    numbers = vocab.words("amounts")["numbers"]
    ordinals, groups = alternation(numbers["ordinals"]), alternation(numbers["groups"])
    pattern = re.compile(
        rf"(?P<ordinal>(?:an?|another|one)\s+(?:{ordinals})\b)|(?P<word>{spelled_pattern()}|(?:{groups})(?=\s+of\b))(?:\s+of)?\b"
        rf"|(?P<article>(?:an?|another)\b)|(?P<figure>{FIGURES})",
        re.IGNORECASE,
    )
    return pattern, frozenset(number_words()) | {"a", "an", "another", "half"}
