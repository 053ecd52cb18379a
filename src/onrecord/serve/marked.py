"""This file cuts a report's text into pieces, each with what was put on record from it, and sets two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from onrecord.store.pages import Marked

# Marks by weight: the cell is shown where a statement holds it too.
KINDS = ("transfer", "stage", "event", "statement")
# Two texts are set side by side as far as this many words. Words that make up more than 1 in 100 begin no common run, which keeps the
# comparison quick however often a text repeats itself.
MOST_COMPARED = 2500
# Fewer words in a row than this that two texts share are chance ("of the") and shown as a part of the difference.
LEAST_SHARED = 3
# A text is shown as far as this many characters; the JSON form has all of it.
MOST_SHOWN = 200_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text: the kinds of finding whose words it is part of, whether it is the place asked for, and where it starts."""

    text: str
    kinds: tuple[str, ...]
    wanted: bool
    first_wanted: bool
    start: int
    tells: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A stretch of two texts: "same", or what each of them says in its place."""

    same: bool
    left: str
    right: str


def paragraphs(
    text: str, claims: Sequence[Marked], credits: Iterable[tuple[int, int]], *, wanted: tuple[int, int] | None
) -> list[list[Piece]]:
    """The paragraphs of a text as pieces, cut where something on record starts or ends; `wanted` are the words to point at."""
    spans = [(c.start, c.end, c.kind, f"{c.kind} {c.key}: {c.field}") for c in claims if c.kind in KINDS]
    spans += [(start, end, "credit", "credit") for start, end in credits]
    cuts = sorted({0, min(len(text), MOST_SHOWN), *(place for start, end, *_ in spans for place in (start, end))} | set(wanted or ()))
    cuts = [cut for cut in cuts if cut <= MOST_SHOWN]
    starting: dict[int, list[int]] = {}
    for number, span in enumerate(spans):
        starting.setdefault(span[0], []).append(number)
    live: set[int] = set()
    shown: list[list[Piece]] = [[]]
    for start, end in zip(cuts, cuts[1:], strict=False):
        live = {number for number in live if spans[number][1] > start} | set(starting.get(start, ()))
        kinds = tuple(kind for kind in (*KINDS, "credit") if any(spans[number][2] == kind for number in live))
        tells = "; ".join(dict.fromkeys(spans[number][3] for number in sorted(live)))[:400]
        here = wanted is not None and wanted[0] <= start and end <= wanted[1]
        for place, line in enumerate(re.split(r"\n+", text[start:end])):
            if place and shown[-1]:
                shown.append([])
            if line:
                shown[-1].append(Piece(line, kinds, here, here and wanted is not None and start == wanted[0] and not place, start, tells))
    return [pieces for pieces in shown if pieces]


def side_by_side(left: str, right: str) -> tuple[list[Compared], bool]:
    """Two texts as stretches that are the same or differ, by words; False if they were too long to be compared whole."""
    words = [re.findall(r"\S+|\n+", text.replace("\r", "")) for text in (left, right)]
    whole = max(map(len, words)) <= MOST_COMPARED
    one, other = (some[:MOST_COMPARED] for some in words)
    folded = [[word.casefold() for word in some] for some in (one, other)]
    matcher = SequenceMatcher(None, folded[0], folded[1])
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= LEAST_SHARED]
    found, i, j = [], 0, 0
    for block in blocks:
        found.append(Compared(False, _joined(one[i : block.a]), _joined(other[j : block.b])))
        i, j = block.a + block.size, block.b + block.size
        found.append(Compared(True, _joined(one[block.a : i]), _joined(other[block.b : j])))
    found.append(Compared(False, _joined(one[i:]), _joined(other[j:])))
    return [part for part in found if part.left or part.right], whole


def _joined(words: Sequence[str]) -> str:
    return re.sub(r" ?\n+ ?", "\n", " ".join(words))
