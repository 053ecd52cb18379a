"""The arithmetic of the English model's small heads, which read the vectors of its encoder: layers of weights, kept as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def linear(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of one layer makes of a vector or of a row of vectors."""
    return vector @ heads[f"{name}.weight"].T + heads[f"{name}.bias"]


def two_layers(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of two layers makes of a vector."""
    return linear(heads, f"{name}.out", _gelu(linear(heads, f"{name}.in", vector)))


def _gelu(values: Any) -> Any:
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016) as in training, the error function by Abramowitz and Stegun 7.1.26."""
    size = np.abs(values) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * size)
    tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * np.exp(-size * size)
    return values * 0.5 * (1 + np.sign(values) * (1 - tail))


def log_sum(scores: Any) -> float:
    """The logarithm of the sum of what the scores are logarithms of."""
    top = float(scores.max())
    return top + math.log(float(np.exp(scores - top).sum()))
