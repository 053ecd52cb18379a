"""This file finds the dateline that a report opens with: "OSLO, June 10 (Agency) - ", "MINSK. ", "New Delhi: ", "(Warsaw) "."""

from __future__ import annotations

import re
from functools import cache

from onrecord import vocab

# Each letter can belong to one part only, and parts are bounded: otherwise "A-A-A-…" takes time that grows with the fifth power of it.
PLACE = r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]{1,40}(?:[ /.][ /.'’-]?[A-ZÀ-Þ][A-ZÀ-Þ'’-]{0,40}){0,4}(?: \([^()\n]{2,40}\))?"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
DAY = rf"(?:{MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
DATELINE = re.compile(
    rf"(?P<place>{PLACE})(?:, (?P<date>{DAY}(?:,? \d{{4}})?)(?:, [^\n.]{{2,20}})?)?\.?"
    r"(?: ?\((?P<agency>[^()\n]{2,60})\)| ?/[^/\n]{2,60}/)?(?: ?[-–—]{1,2} |(?<=[./]) |(?<=\)) |\. )(?=[\"'“A-Z0-9])"
)


def find_dateline(text: str, start: int = 0) -> re.Match[str] | None:
    """The dateline that begins at `start`, with groups place, date and agency, up to the first word of the report; None where none does."""
    return DATELINE.match(text, start) or next((found for form in _of_known_places() if (found := form.match(text, start))), None)


@cache
def _of_known_places() -> tuple[re.Pattern[str], ...]:
    """The forms in which a place is not written in capitals: it has to be a capital city, or another one that agencies report from."""
    cities = {name for row in vocab.table("states") for name in (row["capital"], *vocab.cells(row["capital_aliases"])) if name}
    cities.update(vocab.words("head")["dateline"]["places"])
    place = rf"(?P<place>{'|'.join(map(re.escape, sorted(cities, key=lambda name: (-len(name), name))))})"
    region = r"(?:, [A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20})?)?(?: \[[A-Z]{2,4}\])?"
    agency = r"(?: ?\((?P<agency>[^()\n]{2,60})\))?"
    return (
        re.compile(
            rf"{place}{region}(?:,? (?P<date>{DAY}(?:,? \d{{4}})?))?{agency}(?:: | ?[-–—]{{1,2}} |(?<=\)) |(?<=\d) )(?=[\"'“A-Z0-9])"
        ),
        re.compile(rf"(?:(?P<date>{DAY},? \d{{4}}) ?[-–—]{{1,2}} )?\({place}(?:, (?P<agency>[^()\n]{{2,60}}))?\) (?=[\"'“A-Z0-9])"),
    )
