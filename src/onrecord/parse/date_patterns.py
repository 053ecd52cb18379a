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
    """Kind of date -> its pattern; the order is that in which they are tried at a place."""
    v = vocab.words("dates")
    month, weekday, seasons, unit = _named(v["months"]), _named(v["weekdays"]), words_of(v["seasons"]), words_of(v["units"])
    ordinal, pointing, decades = words_of(v["ordinals"]), words_of(v["from_report"], v["from_anchor"]), words_of(v["decades"])
    steps = v["steps"]
    step = words_of(steps["later"], steps["earlier"], steps["ago"], steps["hence"])
    count = rf"(?:\d{{1,3}}|{words_of(steps['vague'])}|(?i:{spelled_pattern()}|an?))"
    day = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d,]\d|\d|\.\d)"
    year_word = rf"(?:{YEAR}|(?:of\s+)?(?:{pointing})\s+(?i:year))"
    with_year = rf"(?:,?\s+(?:of\s+)?{year_word})"
    about, part = rf"(?:{words_of(v['about'])}\s+)", rf"(?:{words_of(v['parts'])}[\s-]+)"
    lead = rf"{about}?{part}?(?i:in\s+)?(?i:the\s+)?"
    link = r"(?:\s*(?:-|–|—)\s*|\s+(?i:to|and|until|through|or|till|/)\s+|/)"
    opener, before_day = r"(?i:from\s+|between\s+)?", rf"(?:{weekday},?\s+(?:the\s+)?)?"
    half = r"(?i:quarter|half)"
    hours = rf"{words_of(v['occasions']['hours'])}\s+{words_of(v['occasions']['passed'])}"
    occasion = words_of(v["occasions"]["same"], v["occasions"]["same_day"])
    spelled_month = rf"{lead}{month}(?:{with_year}|,?\s+(?i:last|next)(?=[\s,.;)])(?!\s+[a-z])|\s+[’']\d\d|\s+(?i:the\s+same\s+year))"
    return {
        "iso": rf"{YEAR}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])",
        "dotted": rf"(?:3[01]|[12]\d|0?[1-9])\.(?:1[0-2]|0?[1-9])\.{YEAR}",
        "days": rf"{opener}{day}{link}{day}\s+{month}{with_year}?|{opener}{month}\s+{day}{link}{day}{with_year}?",
        "spans": rf"{opener}{day}\s+{month}(?:\s+{YEAR})?{link}{day}\s+{month}(?:\s+{YEAR})?",
        "dmy": rf"{before_day}(?i:the\s+)?(?:{day}(?:\s+of)?|{ordinal}\s+of)[\s-]{month}"
        rf"(?:,?[\s-]+(?:of\s+)?{year_word}|\s+(?i:last|next))?",
        "mdy": rf"{before_day}{month}\s+(?:the\s+)?(?:{day}|{ordinal}(?=[,.;)]|\s+(?:of\s+)?\d))"
        rf"(?:{with_year}|\s+(?i:last|next)(?!\s\w))?",
        "months": rf"{opener}{part}?{month}(?:,?\s+{YEAR})?{link}{part}?{month}{with_year}?",
        "years": rf"(?i:from\s+|between\s+|fiscal\s+|in\s+|during\s+)?{YEAR}(?:[-–/]\d\d(?!\d))?{link}"
        rf"(?i:fiscal\s+)?{YEAR}(?:[-–/]\d\d(?!\d))?|{YEAR}[-–/]\d\d(?![\d-])",
        "my": spelled_month,
        "quarter": rf"(?i:in\s+)?(?i:the\s+)?{words_of(v['quarters'])}\s+{half}(?:\s+(?:of\s+)?(?:{year_word}|(?:the\s+)?(?i:year)))"
        rf"|[QH][1-4](?:\s+of)?[\s/-]+{YEAR}|[1-4]Q[\s/-]*{YEAR}",
        "decade": rf"(?i:in\s+)?(?:{part}?(?i:the)\s+|(?i:the)\s+{part})(?:(?:19|20)\d0s|{decades})|19\d0s(?=\s+[a-z])",
        "fiscal": rf"(?i:fiscal(?:\s+year)?|financial\s+year|FY|budget\s+year)\s*{YEAR}(?:[-–/]\d\d(?!\d))?",
        "season": rf"{lead}(?:{pointing}\s+)?{seasons}(?:\s+(?:of\s+)?{year_word})|{lead}{pointing}\s+{seasons}"
        rf"|(?:{part}|(?i:in|by|before|until|since|during|into)\s+)(?i:the\s+)?{seasons}(?:\s+(?:of\s+)?{year_word})?",
        "feast": rf"{lead}(?:{pointing}\s+)?{words_of(v['feasts'])}(?:\s+(?:of\s+)?{year_word})?",
        "pointed_month": rf"{lead}{pointing}[\s-]+{part}?{month}(?!\s+\d)",
        "weekday": rf"(?:{pointing}\s+)?{weekday}(?:\s+(?:of\s+)?(?i:last|this|next)\s+(?i:week)|\s+(?i:last)(?=[\s,.;]))?"
        r"(?:\s+(?i:morning|night|afternoon|evening))?",
        "day_word": words_of(v["days"]),
        "steps": rf"{about}?{count}[\s-]+(?:and\s+a\s+half\s+)?{unit}\s+{step}",
        "within": rf"(?i:with)?(?i:in)\s+(?:the\s+(?:next|coming)\s+)?{count}\s+{unit}(?:['’]?\s+time)?",
        "pointed_unit": rf"{lead}(?:{pointing}\s+{unit}|(?i:the\s+(?:day|month|year|week)\s+(?:before|after))(?=[\s,.;]))"
        r"(?:['’]s\s+(?i:end))?",
        "occasion": rf"(?i:the\s+same)\s+{occasion}|(?:{count}\s+)?{hours}",
        "ending": rf"(?:{part}|(?i:before|within|during|in)\s+)(?i:the\s+(?:year|month|week)(?:\s+(?:is|was)\s+(?:out|over))?)(?!\s+\d)"
        r"|(?i:the\s+)?(?i:year|month)(?:['’]s|[\s-])\s*(?i:end)(?![a-z])",
        "ordinal": rf"(?i:on|by|until|since|from)\s+(?i:the)\s+(?:(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)|{ordinal})"
        r"(?:\s+(?i:of\s+(?:that|the\s+same|this|last|next|the)\s+month))?(?!\s+of\s+[A-Z])",
        "month": rf"{lead}{month}(?!\s*\d)",
        "year": rf"{lead}{YEAR}",
    }
