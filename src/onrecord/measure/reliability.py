"""This file says how far confidences can be relied on: whether of all things at 0.8 eight in ten are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Into so many groups of equal width confidences are parted.
GROUPS = 10


def reliability(sure: Sequence[float], right: Sequence[bool]) -> dict[str, Any]:
    """The expected calibration error (ECE), Brier score and area under the curve (AUC) of confidences from 0 to 1, and their groups.

    ECE (Naeini et al. 2015) is the mean distance between what a group was said to be and what it is, weighed by size, over ten groups of
    equal width; Brier the mean square of confidence minus truth; AUC how often a right thing stands above a wrong one. `groups` holds
    for each group that is not empty its mean confidence, the share that is right, and its size.
    """
    if not sure:
        return {"ece": 0.0, "brier": 0.0, "auc": 0.5, "groups": []}
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(GROUPS)]
    for belief, truth in zip(sure, right, strict=True):
        groups[min(GROUPS - 1, int(belief * GROUPS))].append((belief, truth))
    means = [(sum(b for b, _ in group) / len(group), sum(t for _, t in group) / len(group), len(group)) for group in groups if group]
    return {
        "ece": round(sum(size * abs(said - true) for said, true, size in means) / len(sure), 4),
        "brier": round(sum((belief - truth) ** 2 for belief, truth in zip(sure, right, strict=True)) / len(sure), 4),
        "auc": round(_auc(sure, right), 4),
        "groups": [[round(said, 4), round(true, 4), size] for said, true, size in means],
    }


def _auc(sure: Sequence[float], right: Sequence[bool]) -> float:
    """The chance that a right thing has the higher confidence of a right and a wrong one; equals count half."""
    order = sorted(zip(sure, right, strict=True))
    wins, wrong, at = 0.0, 0, 0
    while at < len(order):
        end = at
        while end < len(order) and order[end][0] == order[at][0]:
            end += 1
        hits = sum(truth for _, truth in order[at:end])
        misses = end - at - hits
        wins += hits * (wrong + misses / 2)
        wrong, at = wrong + misses, end
    hits = len(order) - wrong
    return wins / (hits * wrong) if hits and wrong else 0.5
