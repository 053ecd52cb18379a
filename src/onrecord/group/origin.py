"""Names where a group of copies comes from: the agency that they credit, the report that was there first, or nobody that can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord import vocab

# Of the copies, this share must credit an agency before the story is called its.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Carrier:
    """A report that carries the original: its outlet, its day (None where unknown), and the agencies and outlets that it credits."""

    outlet: str
    day: str | None
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose the original is: `how` is credited, earliest or unknown; `name` an agency or outlet, "" where unknown; `why` in words."""

    how: str
    name: str
    why: str


def name_origin(carriers: Sequence[Carrier]) -> Origin:
    """The origin of a group of copies.

    An agency that is credited by half of the other outlets' reports, and by more than any other, goes before the earliest report, which may
    have carried the story itself; the earliest counts where each report has a day and one is alone on the first.
    """
    credited = _credited(carriers)
    if credited is not None:
        name, reports, others = credited
        return Origin("credited", name, f"{reports} of {others} reports credit it")
    days = sorted((carrier.day or "", carrier.outlet) for carrier in carriers)
    if len(days) == 1 or (days[0][0] and days[0][0] < days[1][0]):
        return Origin("earliest", days[0][1], f"the first of {len(days)} reports, on {days[0][0] or 'an unknown day'}")
    undated = sum(not day for day, _ in days)
    return Origin(
        "unknown", "", f"{undated} of {len(days)} reports have no day" if undated else f"several reports on the first day, {days[0][0]}"
    )


def _credited(carriers: Sequence[Carrier]) -> tuple[str, int, int] | None:
    """The name credited most, by how many reports, and how many could have credited it."""
    counted = Counter(name for carrier in carriers for name in {_usual(name) for name in carrier.credits})
    for name, number in counted.most_common(1):
        rivals = sum(1 for other in counted.values() if other == number)
        others = sum(_usual(carrier.outlet) != name for carrier in carriers)
        if rivals == 1 and others and number >= ENOUGH * others:
            return name, number, others
    return None


def _usual(name: str) -> str:
    return _names().get(name.casefold(), name)


@cache
def _names() -> dict[str, str]:
    """Every spelling of an agency or outlet that the table knows -> its usual name."""
    rows = vocab.table("agencies")
    return {alias.casefold(): row["name"] for row in rows for alias in (row["name"], *row["aliases"].split("|")) if alias}
