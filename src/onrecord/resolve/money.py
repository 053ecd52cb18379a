"""This file turns sums of two currencies into one, at the rate of their day, so that $2.5 bn and €2.2 bn can be compared.

Rates: monthly means of the US Federal Reserve's H.10 series (vocab/tables/exchange_rates.csv), units of the currency for one dollar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cache

from onrecord.vocab import table

DOLLAR = "USD"
# Sums of one currency that differ by no more are one figure, rounded; of two currencies the rate and the rounding blur more.
ROUNDING, EXCHANGE = 0.04, 0.12


def sums_agree(left: tuple[float, str], right: tuple[float, str], *, days: tuple[str, ...]) -> bool | None:
    """Whether two sums (amount, ISO 4217 code) can be one, at the rate of any of the days; None where no rate is known."""
    ratios = sum_ratios(left, right, days=days)
    if not ratios:
        return None
    most = 1 + (ROUNDING if left[1] == right[1] else EXCHANGE)
    return any(ratio <= most for ratio in ratios)


def sum_ratios(left: tuple[float, str], right: tuple[float, str], *, days: tuple[str, ...]) -> list[float]:
    """The larger sum by the smaller one, at the rate of each day that has one."""
    ratios = []
    for day in days[:1] if left[1] == right[1] else days:
        one, other = (in_dollars(amount, currency, day) if left[1] != right[1] else amount for amount, currency in (left, right))
        if one and other and min(one, other) > 0:
            ratios.append(max(one, other) / min(one, other))
    return ratios


def in_dollars(amount: float, currency: str, day: str) -> float | None:
    """A sum in US dollars at the rate of the day's month (the last one known before it); None if no rate is known."""
    if currency == DOLLAR:
        return amount
    months, rates = _rates().get(currency, ((), ()))
    place = bisect_right(months, day[:7]) - 1
    if place < 0:
        return None
    return amount / rates[place]


@cache
def _rates() -> Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]:
    columns: dict[str, tuple[list[str], list[float]]] = {}
    for row in table("exchange_rates"):
        for currency, rate in row.items():
            if currency != "month" and rate:
                months, rates = columns.setdefault(currency, ([], []))
                months.append(row["month"])
                rates.append(float(rate))
    return {currency: (tuple(months), tuple(rates)) for currency, (months, rates) in columns.items()}
