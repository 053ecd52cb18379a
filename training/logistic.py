"""Logistic regression with an L2 penalty by L-BFGS, as the judge of copies and the comparison of names learn it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]


def fit_logistic(table: Numbers, right: Numbers, weight: Numbers, penalty: float | Numbers, *, rounds: int = 15_000) -> Numbers:
    """The weights of the columns of a table (rows are examples) that make the right answers (0 or 1) likeliest.

    `weight` is what each example counts, `penalty` the L2 penalty on every weight or on each; at most `rounds` steps are made.
    """

    def loss(values: Numbers) -> tuple[float, Numbers]:
        sums = table @ values
        cost = weight @ (np.logaddexp(0.0, sums) - right * sums) + np.sum(penalty * values**2) / 2
        return float(cost), table.T @ (weight * (1 / (1 + np.exp(-sums)) - right)) + penalty * values

    return np.asarray(minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": rounds}).x)
