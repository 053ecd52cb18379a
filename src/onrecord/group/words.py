"""This file weighs words by how seldom reports use them: "of" says nothing about two reports, "Pilipson" a great deal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import BadVocab
from onrecord.group.tokens import hash_text
from onrecord.vocab import FOLDER


@cache
def learnt() -> Mapping[str, Any]:
    """What training/train_copies.py learnt: weights of words, weights of the judge, with seed and hash of the data."""
    try:
        return dict(json.loads(FOLDER.joinpath("copies.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise BadVocab(f"copies.json: {error!r}; run training/train_copies.py") from error


def word_weights(stems: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The weight of each stem: minus the logarithm of the share of reports that use it; a stem in no list has the largest weight."""
    known, weights, most = _table()
    if not len(known):
        return np.full(len(stems), most)
    place = np.minimum(np.searchsorted(known, stems), len(known) - 1)
    return np.where(known[place] == stems, weights[place], most)


@cache
def _table() -> tuple[NDArray[np.uint32], NDArray[np.float64], float]:
    words: Mapping[str, float] = learnt()["words"]
    pairs = sorted((hash_text(stem), weight) for stem, weight in words.items())
    return np.array([p[0] for p in pairs], np.uint32), np.array([p[1] for p in pairs], np.float64), float(learnt()["rarest"])
