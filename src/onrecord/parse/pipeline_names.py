"""This file finds the names of persons, organisations and the like as spaCy's name finder does, from the weights of its own network.

The finder goes from word to word and chooses what a word is: outside of all names (O), a name by itself (U), or a name's first (B), further
(I) or last (L) word. Outside of a name the choice rests on the word alone, so all words are weighed at once; only within a name does it
rest on what was chosen before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

NEVER = np.float32(-1e9)


class NameFinder:
    """spaCy's name finder over vectors of words; `moves` are the names of its choices in order ("B-ORG", …, "O")."""

    def __init__(self, model: Any, moves: list[str]) -> None:
        narrow = model.layers[0].layers[-1]
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        self._narrow = narrow.get_param("W").T.copy(), narrow.get_param("b")
        places, hidden, pieces, inputs = lower.get_param("W").shape
        self._shape = (places, hidden, pieces)
        self._lower = lower.get_param("W").reshape(-1, inputs).T.copy()
        self._bias = lower.get_param("b")
        self._nobody = lower.get_param("pad")[0]
        self._upper = upper.get_param("W").T.copy(), upper.get_param("b")
        self._kinds = [move.partition("-")[2] for move in moves]
        self._first, self._further, self._last = ({k: n for n, k in enumerate(self._kinds) if moves[n] == f"{m}-{k}"} for m in "BIL")
        self._begins = np.array([move.startswith("B-") for move in moves])
        self._outside = moves.index("O")
        self._may_open = np.array([move == "O" or (move[:2] in {"B-", "U-"} and len(move) > 2) for move in moves])

    def kinds(self, vectors: Any, opens: Any, spaces: Any) -> list[str]:
        """The kind of name that each word is of, or ""; `opens` tells which words open a sentence, `spaces` which are white space."""
        found = [""] * len(vectors)
        if not found:
            return found
        for first, last, kind in self._names(vectors, opens, spaces):
            found[first:last] = [kind] * (last - first)
        return found

    def _names(self, vectors: Any, opens: Any, spaces: Any) -> Iterator[tuple[int, int, str]]:
        """The names: first and last word (half-open) and kind."""
        size = len(vectors)
        parts = ((vectors @ self._narrow[0] + self._narrow[1]) @ self._lower).reshape(size, *self._shape)
        ends = np.append(opens[1:], True)
        moves = self._outside_of_names(parts, ends, spaces)
        free = 0
        for at in np.flatnonzero(moves != self._outside).tolist():
            if at < free:
                continue
            kind, free = self._kinds[moves[at]], at + 1
            if self._begins[moves[at]]:
                while not ends[free] and self._goes_on(parts, at, free, kind):
                    free += 1
                free += 1
            yield at, free, kind

    def _outside_of_names(self, parts: Any, ends: Any, spaces: Any) -> Any:
        """The choice for every word, were it outside of a name; `ends` tells which words end a sentence."""
        scores = self._scores(parts[:, 0] + self._nobody[1] + self._nobody[2])
        scores[:, ~self._may_open] = NEVER
        scores[np.ix_(ends | spaces, self._begins)] = NEVER
        scores[spaces, : self._outside] = NEVER
        scores[spaces, self._outside + 1 :] = NEVER
        return scores.argmax(axis=1)

    def _goes_on(self, parts: Any, first: int, at: int, kind: str) -> bool:
        """Whether a name that began at `first` goes on behind the word `at`."""
        scores = self._scores(parts[at, 0] + parts[first, 1] + parts[at - 1, 2])
        further, last = self._further[kind], self._last[kind]
        return bool(scores[further] > scores[last] or (scores[further] == scores[last] and further < last))

    def _scores(self, summed: Any) -> Any:
        return (summed + self._bias).max(axis=-1) @ self._upper[0] + self._upper[1]
