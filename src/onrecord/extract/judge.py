"""Linear choices with learnt weights: which of several readings is the right one, and how sure.

A choice is a softmax over candidates, each described by the names of its features; the weights are numbers in
`vocab/judge.json`, learnt by `training/train_judge.py`, which states seed, data hash and held-out accuracy there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache

from onrecord.errors import BadVocab
from onrecord.vocab import FOLDER

Weights = Mapping[str, float]
Models = Mapping[str, Weights]


@cache
def learnt_models() -> Models:
    """Feature -> weight of every choice, by the choice's name ("stage", "equipment", "companion", "recipient", ...)."""
    try:
        return dict(json.loads(FOLDER.joinpath("judge.json").read_text(encoding="utf-8"))["models"])
    except (FileNotFoundError, KeyError, json.JSONDecodeError) as error:
        raise BadVocab(f"judge.json: {error!r}; run training/train_judge.py") from error


def choose(weights: Weights, candidates: Sequence[Sequence[str]]) -> list[float]:
    """The probability of each candidate, in order."""
    scores = [sum(weights.get(feature, 0.0) for feature in features) for features in candidates]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
