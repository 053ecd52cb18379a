"""This file builds the one pattern that finds dates: each kind of date is a named alternative, made from the language's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from onrecord import vocab
from onrecord.parse.numbers import spelled_pattern

YEAR = r"(?:19[3-9]\d|20[0-7]\d)(?![\d,]\d|\d|-\w*[a-z])"


@cache
def date_pattern() -> re.Pattern[str]:
    """The pattern; `match.lastgroup` names the kind of date, the other groups its parts (suffixed by the kind's first letters)."""
    return re.compile(r"(?<![\w$€£.,-])(?:" + "|".join(f"(?P<{kind}>{body})" for kind, body in _kinds().items()) + r")(?!\w)")


def words_of(*surfaces: Iterable[str]) -> str:
    """An alternation of surfaces in any case, the longest first."""
    flat = sorted({s for group in surfaces for s in group}, key=len, reverse=True)
    return "(?i:" + "|".join(re.escape(s).replace(r"\ ", r"\s+") for s in flat) + ")"


def _named(names: list[list[str]]) -> str:
    """Full names as they are, short ones with or without their point; always with a capital."""
    full, short = "|".join(name[0] for name in names), "|".join(n for name in names for n in name[1:])
    return rf"(?:(?:{full})(?![A-Za-z])|(?:{short})(?![A-Za-z])\.?)"


def _kinds() -> dict[str, str]:
    v = vocab.words("dates")
    month, weekday = _named(v["months"]), _named(v["weekdays"])
    day = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d,]\d|\d|\.\d)"
    ordinal = words_of(v["ordinals"])
    pointing = words_of(v["from_report"], v["from_anchor"])
    year_word = rf"(?:{YEAR}|(?:of\s+)?(?:{pointing})\s+(?i:year))"
    part = rf"(?:(?:{words_of(v['parts'])})[\s-]+)"
    lead = rf"(?:(?:{words_of(v['about'])})\s+)?{part}?(?i:in\s+)?(?i:the\s+)?"
    dash = r"\s*(?:-|–|—)\s*"
    link = rf"(?:{dash}|\s+(?i:to|and|until|through|or|till|/)\s+|/)"
    count = rf"(?:\d{{1,3}}|{words_of(v['steps']['vague'])}|(?i:{spelled_pattern()}|an?))"
    unit = words_of(v["units"])
    step = words_of(v["steps"]["later"], v["steps"]["earlier"], v["steps"]["ago"], v["steps"]["hence"])
    seasons = words_of(v["seasons"])
    before_day = rf"(?:{weekday},?\s+(?:the\s+)?)?"
    return {
        "iso": rf"{YEAR}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])",
        "dotted": rf"(?:3[01]|[12]\d|0?[1-9])\.(?:1[0-2]|0?[1-9])\.{YEAR}",
        "days": rf"(?i:from\s+|between\s+)?{day}{link}{day}\s+{month}(?:,?\s+{year_word})?"
        rf"|(?i:from\s+|between\s+)?{month}\s+{day}{link}{day}(?:,?\s+{year_word})?",
        "spans": rf"(?i:from\s+|between\s+)?{day}\s+{month}(?:\s+{YEAR})?{link}{day}\s+{month}(?:\s+{YEAR})?",
        "dmy": rf"{before_day}(?:{day}(?:\s+of)?|{ordinal}\s+of)[\s-]{month}(?:,?[\s-]+(?:of\s+)?{year_word}|\s+(?i:last|next))?",
        "mdy": rf"{before_day}{month}\s+(?:the\s+)?(?:{day}|{ordinal}(?=[,.;)]|\s+(?:of\s+)?\d))(?:,?\s+(?:of\s+)?{year_word}|\s+(?i:last|next)(?![\s]\w))?",
        "months": rf"(?i:from\s+|between\s+)?{part}?{month}(?:,?\s+{YEAR})?{link}{part}?{month}(?:,?\s+(?:of\s+)?{year_word})?",
        "years": rf"(?i:from\s+|between\s+|fiscal\s+|in\s+|during\s+)?{YEAR}(?:[-–/]\d\d(?!\d))?{link}(?i:fiscal\s+)?{YEAR}(?:[-–/]\d\d(?!\d))?|{YEAR}[-–/]\d\d(?![\d-])",
        "my": rf"{lead}{month}(?:,?\s+(?:of\s+)?(?:{year_word}|(?i:last|next)(?=[\s,.;)])(?!\s+[a-z]))|\s+’\d\d|\s+'\d\d|\s+(?i:the)\s+(?i:same)\s+(?i:year))",
        "quarter": rf"(?:the\s+)?(?:{words_of(v['quarters'])})\s+(?i:quarter|half)(?:\s+(?:of\s+)?(?:{year_word}|(?:the\s+)?(?i:year)))"
        rf"|[QH][1-4](?:\s+of)?[\s/-]+{YEAR}|[1-4]Q[\s/-]*{YEAR}",
        "decade": rf"(?:the\s+)?{part}?(?i:the)\s+(?:(?:19|20)\d0s|{words_of(v['decades'])})",
        "fiscal": rf"(?i:fiscal(?:\s+year)?|financial\s+year|FY|budget\s+year)\s*{YEAR}(?:[-–/]\d\d(?!\d))?",
        "season": rf"{lead}(?:(?:{pointing})\s+)?{seasons}(?:\s+(?:of\s+)?{year_word})|{lead}(?:{pointing})\s+{seasons}|(?:{part}|(?i:in|by|before|until|since|during)\s+)(?i:the\s+)?{seasons}",
        "feast": rf"{lead}(?:(?:{pointing})\s+)?(?:{words_of(v['feasts'])})(?:\s+(?:of\s+)?{year_word})?",
        "pointed_month": rf"{lead}(?:{pointing})[\s-]+(?:{part})?{month}(?!\s+\d)",
        "weekday": rf"(?:{pointing}\s+)?{weekday}(?:\s+(?:of\s+)?(?i:last|this|next)\s+(?i:week)|\s+(?i:last)(?=[\s,.;]))?(?:\s+(?i:morning|night|afternoon|evening))?",
        "day_word": words_of(v["days"]),
        "steps": rf"(?:{words_of(v['about'])}\s+)?{count}[\s-]+(?:and\s+a\s+half\s+)?{unit}\s+{step}",
        "within": rf"(?i:with)?(?i:in)\s+(?:the\s+(?:next|coming)\s+)?{count}\s+{unit}(?:['’]?\s+time)?",
        "pointed_unit": rf"{lead}(?:(?:{pointing})\s+(?:{unit})|(?i:the)\s+(?i:day|month|year|week)\s+(?i:before|after)(?=[\s,.;]))(?:['’]s\s+(?i:end))?",
        "occasion": rf"(?i:the\s+same)\s+(?:{words_of(v['occasions']['same'], v['occasions']['same_day'])})",
        "ending": rf"(?:{part}|(?i:before|within|during|in)\s+)(?i:the)\s+(?i:year|month|week)(?:\s+(?i:is|was)\s+(?i:out|over))?(?!\s+\d)|(?i:the\s+)?(?i:year|month)(?:['’]s|[\s-])\s*(?i:end)(?![a-z])",
        "ordinal": rf"(?i:on|by|until|since|from)\s+(?i:the)\s+(?:(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)|{ordinal})(?:\s+(?i:of)\s+(?i:that|the\s+same|this|last|next|the)\s+(?i:month))?",
        "month": rf"{lead}{month}(?!\s*\d)",
        "year": rf"{lead}{YEAR}",
    }
