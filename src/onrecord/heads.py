"""The arithmetic of the English model's small heads, which read the vectors of its encoder: layers of weights, kept as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

# The factors of Abramowitz and Stegun 7.1.26, of the highest power first.
TAIL = 1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592


def linear(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of one layer makes of a vector or of a row of vectors."""
    return vector @ heads[f"{name}.weight"].T + heads[f"{name}.bias"]


def two_layers(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of two layers makes of a vector."""
    return linear(heads, f"{name}.out", _gelu(linear(heads, f"{name}.in", vector)))


def _gelu(values: Any) -> Any:
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016) as in training, the error function by Abramowitz and Stegun 7.1.26.

    Worked out in place, since the arrays of a whole report are too large to make anew at each step.
    """
    size = np.abs(values)
    size /= math.sqrt(2)
    t = 0.3275911 * size
    t += 1
    np.divide(1, t, out=t)
    share = TAIL[0] * t
    for factor in TAIL[1:]:
        share += factor
        share *= t
    share *= np.exp(-size * size)
    np.subtract(1, share, out=share)
    share *= np.sign(values)
    share += 1
    share *= values * 0.5
    return share


def log_sum(scores: Any) -> float:
    """The logarithm of the sum of what the scores are logarithms of."""
    top = float(scores.max())
    return top + math.log(float(np.exp(scores - top).sum()))
