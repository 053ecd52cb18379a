"""This file compares dates in EDTF as stretches of days, so that "2018", "2018-03~" and "2017-12/2018-02" can be set side by side."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

FIRST, LAST = "0000-01-01", "9999-12-31"
# "About" a day reaches over a week on either side, about a month or a year over one more of them.
ABOUT_DAYS = 7


@cache
def stretch(when: str) -> tuple[str, str] | None:
    """The first and the last day that an EDTF date can mean, as ISO days; None if it is no date."""
    sides = when.split("/")
    ends = [_ends(side) for side in sides[:2]]
    first, last = ends[0], ends[-1]
    if first is None and last is None:
        return None
    return (first[0] if first else FIRST), (last[1] if last else LAST)


def compatible(left: str, right: str) -> bool:
    """Whether two dates can mean one day."""
    one, other = stretch(left), stretch(right)
    return one is None or other is None or (one[0] <= other[1] and other[0] <= one[1])


def years_between(left: str, right: str) -> int:
    """The least number of calendar years between two dates; 0 if they can be of one year, or if one is no date."""
    one, other = stretch(left), stretch(right)
    if one is None or other is None:
        return 0
    return max(0, int(one[0][:4]) - int(other[1][:4]), int(other[0][:4]) - int(one[1][:4]))


def _ends(side: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)", side.strip())
    if not match:
        return None
    year, month, day, mark = match.groups()
    first, last = f"{year}-{month or '01'}-{day or '01'}", f"{year}-{month or '12'}-{day or '31'}"
    if mark not in ("~", "%"):
        return first, last
    if day:
        return _days_on(first, -ABOUT_DAYS), _days_on(last, ABOUT_DAYS)
    months = 1 if month else 12
    return _months_on(first, -months), _months_on(last, months)


def _months_on(day: str, months: int) -> str:
    total = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    return f"{max(0, total // 12):04}-{total % 12 + 1:02}{day[7:]}"


def _days_on(day: str, days: int) -> str:
    try:
        return date.fromordinal(max(1, date.fromisoformat(day).toordinal() + days)).isoformat()
    except (ValueError, OverflowError):
        return day
