"""This file weighs words by how seldom reports use them: "of" says nothing about two reports, "Pilipson" a great deal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.group.tokens import hash_text
from onrecord.vocab import learnt


@cache
def learnt_of_copies() -> Mapping[str, Any]:
    """What training/train_copies.py learnt: the weights of words, the largest of them, and the weights of the judge."""
    return learnt("copies", "words", "rarest", "weights", script="train_copies.py")


def word_weights(stems: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The weight of each stem: minus the logarithm of the share of reports that use it; a stem in no list has the largest weight."""
    known, weights, most = _table()
    if not len(known):
        return np.full(len(stems), most)
    place = np.minimum(np.searchsorted(known, stems), len(known) - 1)
    return np.where(known[place] == stems, weights[place], most)


@cache
def _table() -> tuple[NDArray[np.uint32], NDArray[np.float64], float]:
    words: Mapping[str, float] = learnt_of_copies()["words"]
    pairs = sorted((hash_text(stem), weight) for stem, weight in words.items())
    return np.array([p[0] for p in pairs], np.uint32), np.array([p[1] for p in pairs], np.float64), float(learnt_of_copies()["rarest"])
