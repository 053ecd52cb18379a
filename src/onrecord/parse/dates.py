"""This file finds dates, absolute and relative, and resolves each against the report's date or the last date named before it."""

from __future__ import annotations

import re
from functools import cache

from onrecord import vocab
from onrecord.parse.date_calendar import CALENDAR
from onrecord.parse.date_patterns import date_pattern, words_of
from onrecord.parse.date_points import Point, Scene, is_day
from onrecord.parse.date_steps import STEPS
from onrecord.parse.numbers import number_words
from onrecord.records import Mention, Parsed, When

READERS = CALENDAR | STEPS
# A date's first word stands at most this many words before the word that makes it a date ("at the very beginning of the following year").
REACH = 9
# The date of a dateline ("ANKARA, July 12 (Agency) - ") ends within so many characters; it is the report's own and dates nothing told.
DATELINE = 60
PUBLISHED = re.compile(r"((?:1[89]|20|21)\d\d)(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?(?!\d)")
DATELINE_END = re.compile(r",?\s*(?:\([^)\n]{1,60}\)\s*)?(?:--|[-–—])\s")
YEAR_WITHIN = re.compile(r"(?:19[3-9]|20[0-7])\d")
FIGURED = {"FY", "Q1", "Q2", "Q3", "Q4", "H1", "H2"}


def find_dates(parsed: Parsed) -> list[Mention]:
    """Mentions of kind date in text order; a relative one without a report's date has `anchored=False` and an empty `edtf`."""
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    scene = Scene(parsed, text, _published(parsed.document.published))
    mentions: list[Mention] = []
    pattern, (triggers, openers), last = date_pattern(), _triggers(), 0
    for word in parsed.words:
        if word.start < last or not _is_trigger(word.text, triggers):
            continue
        first = parsed.sentences[word.sentence].first
        for index in range(max(first, word.index - REACH), word.index + 1):
            opener = parsed.words[index]
            if opener.start < last or not (index == word.index or opener.text.lower() in openers or opener.text[0].isdigit()):
                continue
            match = pattern.match(text, opener.start)
            if match and match.end() > word.start and (mention := _mention(scene, match)):
                last = mention.end
                if not _is_dateline(text, mention):
                    scene.last_mention = _merged(text, mentions, mention)
                    mentions.append(scene.last_mention)
                break
    return mentions


def _merged(text: str, mentions: list[Mention], mention: Mention) -> Mention:
    """The date, or the span that it ends: "between the end of 2012 and early 2013", "from May to this autumn"."""
    before = mentions[-1] if mentions else None
    if before is None or not isinstance(before.value, When) or not isinstance(mention.value, When):
        return mention
    opener = text[max(0, before.start - 8) : before.start].lower()
    between = text[before.end : mention.start].strip().lower()
    if not (opener.endswith("between ") and between == "and" or opener.endswith("from ") and between in {"to", "until", "till", "through"}):
        return mention
    first, last = before.value.edtf.rstrip("~"), mention.value.edtf.rstrip("~")
    if not first or not last or "/" in first + last or not first < last:
        return mention
    mentions.pop()
    value = When(f"{first}/{last}", "interval", before.value.relative or mention.value.relative)
    return _made(text, before.start, mention.end, value, "from one date to the other")


def _made(text: str, start: int, end: int, value: When, reason: str) -> Mention:
    how, score = ("relative" if value.relative else "name"), (1.0 if value.anchored else 0.3)
    return Mention(start, end, "date", text[start:end], value.edtf, None, how, score, reason, value)


def _published(day: str | None) -> Point | None:
    """The report's day, or as much of it as is given and as the calendar has; None for a day before or after the age of news."""
    parts = PUBLISHED.match(day) if day else None
    point = Point(*(int(part) for part in parts.groups() if part)) if parts else None
    return point if point is None or not point.day or is_day(point) else None


def _mention(scene: Scene, match: re.Match[str]) -> Mention | None:
    kind, said = match.lastgroup or "", match.group()
    found = READERS[kind](scene, match)
    if found is None:
        return None
    end = match.end() - (1 if said.endswith(".") and kind not in {"dmy", "mdy", "my"} and len(said) > 5 else 0)
    if isinstance(found, str):
        return _made(scene.text, match.start(), end, When("", found, True, False), "no report's date to lean on")
    scene.anchor = found.end or found.start
    if scene.anchor.day:
        scene.last_day = scene.anchor
    edtf = found.start.edtf + (f"/{found.end.edtf}" if found.end else "") + ("~" if _about().match(said) else "")
    value = When(edtf, "interval" if found.end else found.start.grain, found.relative)
    return _made(scene.text, match.start(), end, value, found.reason)


def _is_dateline(text: str, mention: Mention) -> bool:
    return mention.start < DATELINE and DATELINE_END.match(text, mention.end) is not None


@cache
def _about() -> re.Pattern[str]:
    return re.compile(words_of(vocab.words("dates")["about"]) + r"\s")


def _is_trigger(word: str, triggers: frozenset[str]) -> bool:
    """Whether a word can be the heart of a date: a name of a day, month, season or unit, or figures that hold a year."""
    lower = word.lower()
    if lower in triggers or ("-" in lower and lower.rpartition("-")[2] in triggers):
        return True
    return ((word[0].isdigit() or word[-1].isdigit()) and YEAR_WITHIN.search(word) is not None) or word[:2] in FIGURED


@cache
def _triggers() -> tuple[frozenset[str], frozenset[str]]:
    """The words at the heart of dates, and the words by which dates begin."""
    v = vocab.words("dates")
    names = [n.lower() for group in v["months"] + v["weekdays"] for n in group]
    names += [f"{n}." for n in names]
    hearts = [*v["units"], *v["seasons"], *v["decades"], *v["feasts"], *v["days"], *v["ordinals"]]
    hearts += [word for words in v["occasions"].values() for word in words]
    openers = [*v["parts"], *v["about"], *v["from_report"], *v["from_anchor"], *v["days"], *v["steps"]["vague"], *v["quarters"]]
    openers += [*number_words(), *v["openers"], *v["occasions"]["hours"]]
    return (
        frozenset(names + [phrase.lower().split()[-1] for phrase in hearts]),
        frozenset(names + [phrase.lower().split()[0] for phrase in openers] + [o.split("-")[0] for o in v["ordinals"]]),
    )
