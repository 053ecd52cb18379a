"""Linear choices with learnt weights: which of several readings is the right one, and how sure.

A choice is a softmax over candidates, each described by the names of its features; the weights are numbers in
`vocab/judge.json`, learnt by `training/train_judge.py`, which states seed, data hash and held-out accuracy there. Where the English model
has read the report, weights that were learnt beside it are used, and its log belief in a candidate is one more feature, "model".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import repeat

from onrecord.assets import english_model
from onrecord.vocab import learnt

Weights = Mapping[str, float]
Models = Mapping[str, Weights]
# The feature whose value is the English model's log belief in a candidate; every other one is there or not.
MODEL = "model"
# What a feature without a weight counts for.
NOUGHTS = repeat(0.0)


def learnt_models(*, encoded: bool = False) -> Models:
    """The weights of every choice by its name ("stage", "equipment", "companion", "recipient", ...), for encoded reports or for others."""
    model = english_model() if encoded else None
    return own_models() if model is None else model.judges


@cache
def own_models() -> Models:
    """The weights for reports that no model has read."""
    return dict(learnt("judge", "models", script="train_judge.py")["models"])


def choose(weights: Weights, candidates: Sequence[Sequence[str]], beliefs: Sequence[float] | None = None) -> list[float]:
    """The probability of each candidate, in order; `beliefs` are a model's log beliefs in them, where one has any."""
    scores = [sum(map(weights.get, features, NOUGHTS)) for features in candidates]
    if beliefs is not None:
        trust = weights.get(MODEL, 0.0)
        scores = [score + trust * belief for score, belief in zip(scores, beliefs, strict=True)]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
