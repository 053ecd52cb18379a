"""Reads the day out of a date as people and machines write it, and doubts days on which no report can have appeared."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from dateutil.parser import ParserError, parse

ISO = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?!\d)")
MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
# 03/04 is March in one country and April in another: no day is better than a wrong one.
AMBIGUOUS = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{4}")
YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
# Before it no news agency; a date that old is a slip of the keyboard.
FIRST_YEAR = 1830


def parse_day(said: str | None) -> str | None:
    """The ISO day of a written date or time stamp, as it was at the place of writing; None unless day, month and year are all said."""
    return _parse_day(said.strip()[:60]) if said else None


def _parse_day(said: str) -> str | None:
    iso = ISO.match(said)
    try:
        if iso:
            return date(*map(int, iso.groups())).isoformat()
        if re.fullmatch(r"\d{8}", said):
            return date(int(said[:4]), int(said[4:6]), int(said[6:])).isoformat()
        if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", said):
            seconds = float(said) / (1000 if len(said) in (12, 13) else 1)
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
        if not YEAR.search(said) or not (MONTH.search(said) or re.search(r"\d\D+\d", said)) or AMBIGUOUS.match(said):
            return None
        # Read twice over two different days: what the words leave out shows, because it is then taken from the default.
        first, second = (parse(said, default=datetime(2000, month, day), ignoretz=True) for month, day in ((1, 1), (2, 2)))
        return first.date().isoformat() if first.date() == second.date() else None
    except (ValueError, OverflowError, ParserError, TypeError):
        return None


def doubt_day(day: str | None, *, today: str | None) -> str:
    """What is wrong with a report's date: missing, a machine's zero, before all news or in the future; else nothing."""
    if day is None:
        return "no date"
    if day == "1970-01-01" or int(day[:4]) < FIRST_YEAR:
        return f"the date {day} is a machine's or a slip"
    if today is not None and day > today:
        return f"the date {day} lies after the day of reading, {today}"
    return ""
