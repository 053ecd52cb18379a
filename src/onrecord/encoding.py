"""This file holds what a model made of a text: a vector for each piece of a word, and the means of them over spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Pieces of a span up to which many spans are added up side by side; a longer one, such as a whole clause, is added up by itself.
SHORT = 6


def touched(starts: Any, ends: Any, start: int, end: int) -> tuple[int, int]:
    """The first piece that `text[start:end]` touches and the one after the last, by where pieces start and end; none if equal."""
    return int(ends.searchsorted(start, side="right")), int(starts.searchsorted(end, side="left"))


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """What a model made of a text: for each piece of a word where it starts and ends (code points) and its vector.

    `vectors` has shape (pieces, size of a vector); `heads` are the small weight matrices that read them, by name. All are numpy arrays.
    """

    starts: Any
    ends: Any
    vectors: Any
    heads: Mapping[str, Any]

    def mean(self, start: int, end: int) -> Any:
        """The mean vector of the pieces that `text[start:end]` touches; None where the text was not read so far."""
        first, last = touched(self.starts, self.ends, start, end)
        return self.vectors[first:last].mean(axis=0) if first < last else None

    def means(self, spans: Sequence[tuple[int, int]]) -> tuple[list[int], Any]:
        """Which of the spans the text was read for, by number, and their mean vectors, a row each: `mean` for many at once."""
        firsts, lasts = self.ends.searchsorted([s for s, _ in spans], "right"), self.starts.searchsorted([e for _, e in spans], "left")
        known = (firsts < lasts).nonzero()[0]
        firsts, lasts = firsts[known], lasts[known]
        sizes = lasts - firsts
        sums = self.vectors[firsts]
        for step in range(1, min(SHORT, int(sizes.max(initial=1)))):
            longer = (sizes > step).nonzero()[0]
            sums[longer] += self.vectors[firsts[longer] + step]
        for row in (sizes > SHORT).nonzero()[0].tolist():
            sums[row] = self.vectors[firsts[row] : lasts[row]].sum(axis=0)
        return known.tolist(), sums / sizes[:, None].astype(sums.dtype)
