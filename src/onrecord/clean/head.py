"""Reads the edges of a plain text: its title and date at the top, and the lines at both ends that are no report prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.clean.dates import parse_day

# A headline fits on a page's width twice; longer first lines of our samples are prose.
LONGEST_TITLE = 160
# Picture credits and share lines are shorter than a sentence of news mostly is.
LONGEST_FURNITURE = 100
LINE = re.compile(r"[^\n]+")
MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DAY_MONTH = rf"\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}{MONTHS}"
MONTH_DAY = rf"{MONTHS}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?"
FULL_DATE = re.compile(
    rf"(?:{DAY_MONTH},?\s+\d{{4}}|{MONTH_DAY},?\s+\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.\d{{4}})", re.IGNORECASE
)
# "ATHENS, Feb 16, 2000 (IHN) -": a place in capitals, a date, perhaps the agency, then a dash or a full stop.
# Blanks are bounded: several open runs of them beside each other take time that grows with the cube of a line of blanks.
DATELINE = re.compile(
    rf"(?P<place>[A-Z][\w .'’/-]{{1,40}}?)(?:,\s{{0,3}}(?P<date>(?:{DAY_MONTH}|{MONTH_DAY})(?:,?\s{{1,3}}\d{{4}})?))?"
    r"\s{0,3}\.?\s{0,3}(?:\((?P<agency>[^()\n]{2,40})\))?\s{0,3}(?:[-–—]{1,2}|\.|:)\s"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a report's top says of it; an empty string or None where it does not say."""

    title: str = ""
    outlet: str = ""
    published: str | None = None
    updated: str | None = None


def find_head(text: str) -> Head:
    """The title and day that the first lines of a plain text give: a headline, a line with a date, a dateline with a year."""
    title, day = "", None
    for number, line in enumerate(_first_lines(text, 6)):
        date = FULL_DATE.search(line)
        if number == 0 and is_title(line):
            title = line
        elif date and (len(line) <= len(date.group()) + 60) and not line.rstrip().endswith((".", "?", "!", '"', "”")):
            day = day or parse_day(date.group())
        elif dateline := DATELINE.match(line):
            day = day or parse_day(dateline.group("date"))
    return Head(title, "", day)


def is_title(line: str) -> bool:
    """Whether a first line is a headline: short, no full stop, not a dateline and more than a date."""
    return (
        len(line) <= LONGEST_TITLE
        and line[-1] not in '.,;:"”'
        and not FULL_DATE.fullmatch(line)
        and not DATELINE.match(line)
        and " " in line
    )


def find_furniture(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that are no report prose: picture credits, share lines, dates of the site, source lines."""
    return [(start, end) for start, end in _lines(text) if is_furniture(text[start:end])]


def is_furniture(line: str) -> bool:
    """Whether a line by itself is furniture of the page and no sentence of the report."""
    opens, always = _furniture()
    if always.match(line):
        return True
    if len(line) > LONGEST_FURNITURE or line.endswith((".", "?", "!", '"', "”")) and not line.startswith("("):
        return False
    return bool(opens.match(line) or FULL_DATE.fullmatch(line))


def wall(text: str) -> str:
    """The kind of wall that stands in the place of a report ("cookie", "pay", "robot"), or nothing."""
    low = text[:6000].lower()
    for kind, phrases in vocab.words("head")["walls"].items():
        hits = sum(phrase in low for phrase in phrases)
        if len(text) < 300 and hits >= 1 or len(text) < 1500 and hits >= 2 or hits * 300 >= len(text):
            return str(kind)
    return ""


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = start + len(line.strip())
        if start < end:
            yield start, end


def _first_lines(text: str, count: int) -> Iterator[str]:
    for (start, end), _ in zip(_lines(text[:4000]), range(count), strict=False):
        yield text[start:end]


@cache
def _furniture() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocab.words("head")["furniture"]
    opens = rf"(?:{either(words['opens'])})(?:\s*[:/|)»>]|\s*$|\s+(?:by|on|this|to|of|our|courtesy)\b)"
    return re.compile(opens, re.IGNORECASE), re.compile(rf"(?:{either(words['always'])})", re.IGNORECASE)


def either(phrases: list[str]) -> str:
    """One alternation of phrases, longest first, for a pattern."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
