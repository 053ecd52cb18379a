"""This file finds the dateline that a report opens with: "OSLO, June 10 (Agency) - ", "MINSK. ", "PARIS, 16 January 2024. "."""

from __future__ import annotations

import re

# Each letter can belong to one part only, and parts are bounded: otherwise "A-A-A-…" takes time that grows with the fifth power of it.
PLACE = r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]{1,40}(?:[ /.][ /.'’-]?[A-ZÀ-Þ][A-ZÀ-Þ'’-]{0,40}){0,4}(?: \([^()\n]{2,40}\))?"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
DAY = rf"(?:{MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
DATELINE = re.compile(
    rf"(?P<place>{PLACE})(?:, (?P<date>{DAY}(?:,? \d{{4}})?)(?:, [^\n.]{{2,20}})?)?\.?"
    r"(?: ?\((?P<agency>[^()\n]{2,40})\)| ?/[^/\n]{2,60}/)?(?: ?[-–—]{1,2} |(?<=[./]) |(?<=\)) |\. )(?=[\"'“A-Z0-9])"
)


def find_dateline(text: str, start: int = 0) -> re.Match[str] | None:
    """The dateline that begins at `start`, with groups place, date and agency, up to the first word of the report; None where none does."""
    return DATELINE.match(text, start)
