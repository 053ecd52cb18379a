"""This file keeps words findable: it marks them by position and by quote with context, and finds them again when the text has changed.

The two selectors are those of the W3C Web Annotation model, TextPositionSelector and TextQuoteSelector; positions count code points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from rapidfuzz import fuzz

from onrecord.records import Json

# How much of the text on each side is kept to tell one place from another.
CONTEXT = 40
# How alike the surroundings must be (0 to 1) for words that stand there unchanged: long words that stand only once need less.
ALIKE, ALIKE_IF_LONG, LONG = 0.5, 0.2, 30
# How alike words that an editor changed must be to count as the same ones (0 to 100), and the longest text in which they are looked for.
REWORDED, LONGEST = 85.0, 200_000
# Of two places whose surroundings are this near in likeness neither is chosen, unless one lies where the words stood before.
TOO_NEAR = 0.05
SAME_CHARACTER = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Marked:
    """Marked words: where they stood (code points, half-open), the words themselves, and what stood before and after them."""

    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""

    def selectors(self) -> list[Json]:
        """The two selectors, as the Web Annotation model writes them."""
        position: dict[str, Json] = {"type": "TextPositionSelector", "start": self.start, "end": self.end}
        return [position, {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix}]

    @staticmethod
    def of(selectors: Sequence[Mapping[str, Any]]) -> Marked:
        """The words that two selectors mark."""
        position, quote = selectors
        return Marked(position["start"], position["end"], quote["exact"], quote["prefix"], quote["suffix"])


def mark(text: str, start: int, end: int) -> Marked:
    """The words `text[start:end]` with their surroundings."""
    return Marked(start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find_again(text: str, marked: Marked) -> tuple[int, int] | None:
    """Where marked words stand in a text that may have changed; None where they are gone or two places fit as well.

    Words that an editor touched are found too, as long as every number in them is the same: a changed number is another fact.
    """
    if text[marked.start : marked.end] == marked.exact and _alike(text, marked.start, marked.end, marked) >= ALIKE:
        return marked.start, marked.end
    places = _places(text, marked.exact)
    if not places:
        return _reworded(text, marked)
    scored = sorted(((_alike(text, start, end, marked), -abs(start - marked.start), start, end) for start, end in places), reverse=True)
    best = scored[0]
    least = ALIKE_IF_LONG if len(places) == 1 and len(marked.exact) >= LONG else ALIKE
    doubtful = len(scored) > 1 and best[0] - scored[1][0] < TOO_NEAR and best[2] != marked.start
    return None if best[0] < least or doubtful else (best[2], best[3])


def _places(text: str, exact: str) -> list[tuple[int, int]]:
    """Every place of the words, whatever kind of quotation mark, dash or blank stands in them."""
    pattern = r"\s+".join(re.escape(word) for word in exact.translate(SAME_CHARACTER).split())
    return [found.span() for found in re.finditer(pattern, text.translate(SAME_CHARACTER))] if pattern else []


def _alike(text: str, start: int, end: int, marked: Marked) -> float:
    """How alike the surroundings of a place are to those of the marked words, the better of the two sides counting most."""
    before = _likeness(text[max(0, start - CONTEXT) : start], marked.prefix)
    after = _likeness(text[end : end + CONTEXT], marked.suffix)
    return 0.75 * max(before, after) + 0.25 * min(before, after)


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return SequenceMatcher(None, one.translate(SAME_CHARACTER), other.translate(SAME_CHARACTER), autojunk=False).ratio()


def _reworded(text: str, marked: Marked) -> tuple[int, int] | None:
    """The place of words that were changed a little, found with their surroundings; cut at the borders of words."""
    if len(text) > LONGEST or len(marked.exact) < 4:
        return None
    wanted = marked.prefix + marked.exact + marked.suffix
    near = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=REWORDED)
    if near is None:
        return None
    start, end = near.dest_start, near.dest_end
    # What of the wanted stretch stands before and after the words tells where in the stretch found they lie.
    blocks = SequenceMatcher(None, wanted, text[start:end], autojunk=False).get_matching_blocks()
    first = start + _carried(blocks, len(marked.prefix), round_up=False)
    last = start + _carried(blocks, len(marked.prefix) + len(marked.exact), round_up=True)
    first, last = _whole_words(text, first, last)
    found = text[first:last]
    same_numbers = re.findall(r"\d+", found) == re.findall(r"\d+", marked.exact)
    return (first, last) if found and same_numbers and fuzz.ratio(found, marked.exact) >= REWORDED else None


def _carried(blocks: Sequence[Any], place: int, *, round_up: bool) -> int:
    """A place of one text carried over to the other by the stretches that both share."""
    before = max((b for b in blocks if b.size and b.a <= place), key=lambda b: b.a, default=None)
    if before is None:
        return 0
    inside = min(place - before.a, before.size)
    after = next((b for b in blocks if b.size and b.a >= place), None)
    if place - before.a > before.size and round_up and after is not None:
        return int(after.b)
    return int(before.b + inside)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and start < len(text) and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
