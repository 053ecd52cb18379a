"""This file holds what every reader of dates needs: a date as fine as it is known, what it may lean on, and the parts of a phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from onrecord import vocab
from onrecord.parse.date_patterns import words_of
from onrecord.parse.tense import Tense, tense_at
from onrecord.records import Mention, Parsed
from onrecord.syntax import word_at


@dataclass(frozen=True, slots=True)
class Point:
    """A date as fine as it is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def edtf(self) -> str:
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month else "") + (f"-{self.day:02}" if self.month and self.day else "")

    @property
    def grain(self) -> str:
        return "day" if self.day else "month" if self.month else "year"

    def moved(self, *, days: int = 0, months: int = 0) -> Point:
        """The point that many days and months away, as fine as before."""
        there = date(self.year, self.month or 1, self.day or 1) + relativedelta(days=days, months=months)
        return Point(there.year, there.month if self.month else None, there.day if self.day else None)


@dataclass(frozen=True, slots=True)
class Found:
    """A resolved date: a point or a span of two, whether it leans on the report's day or on an anchor, and why."""

    start: Point
    end: Point | None = None
    relative: bool = False
    reason: str = "said in full"


@dataclass(slots=True)
class Scene:
    """What a date may lean on while the text is read from left to right."""

    parsed: Parsed
    text: str
    published: Point | None
    anchor: Point | None = None
    last_day: Point | None = None
    last_mention: Mention | None = None

    def tense(self, offset: int) -> Tense:
        return tense_at(self.parsed, offset)


# What a reader gives: a date; the grain of one that has nothing to lean on; None where the words are no date.
Read = Found | str | None


def months_in(said: str) -> list[int]:
    return [_months()[word.lower()] for word in re.findall(r"[A-Z][a-z]+", said) if word.lower() in _months()]


@cache
def _months() -> dict[str, int]:
    return {name.lower(): number for number, names in enumerate(vocab.words("dates")["months"], 1) for name in names}


def years_in(said: str) -> list[int]:
    return [int(year) for year in re.findall(r"(?<!\d)(?:19[3-9]\d|20[0-7]\d)(?!\d)", said)]


def day_in(said: str) -> int | None:
    figures = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d])", re.sub(r"(?<!\d)\d{4}(?!\d)", "", said))
    if figures:
        return int(figures[1])
    return next((n for word in re.findall(r"[a-z]+(?:-[a-z]+)?", said.lower()) if (n := _ordinals().get(word))), None)


@cache
def _ordinals() -> dict[str, int]:
    return {word: number for number, word in enumerate(vocab.words("dates")["ordinals"], 1)}


class Pointer(NamedTuple):
    """Where a pointing word counts from, how many units away it points, and whether it counts from a date named before."""

    base: Point
    step: int
    anchored: bool


def pointer(scene: Scene, said: str) -> Pointer | None:
    """What the pointing word of a phrase means: "last" is one back from the report, "the following" one on from the last date named."""
    pattern, from_report, from_anchor = _pointers()
    match = pattern.search(said)
    if not match:
        return None
    word = " ".join(match[1].lower().split())
    if word in from_anchor and (scene.anchor or word not in from_report):
        base, step, anchored = scene.anchor or scene.published, from_anchor[word], True
    else:
        base, step, anchored = scene.published, from_report.get(word, from_anchor.get(word, 0)), False
    return Pointer(base, step, anchored) if base else None


@cache
def _pointers() -> tuple[re.Pattern[str], dict[str, int], dict[str, int]]:
    v = vocab.words("dates")
    return re.compile(rf"\b({words_of(v['from_anchor'], v['from_report'])})\b"), v["from_report"], v["from_anchor"]


def year_of(scene: Scene, said: str) -> int | None:
    """The year that goes with a day, month or season: in figures, or by a pointer before the word year; None when it is left out."""
    years = years_in(said)
    if years:
        return years[-1]
    match = re.search(r"((?:the\s+)?\w+)\s+year\b", said, re.IGNORECASE)
    pointed = pointer(scene, match[0]) if match else None
    return pointed.base.year + pointed.step if pointed else None


def is_day(point: Point) -> bool:
    """Whether a point is a day that the calendar has."""
    try:
        date(point.year, point.month or 0, point.day or 0)
    except ValueError:
        return False
    return True


def nearest(scene: Scene, offset: int, month: int, day: int | None, turn: int = 0) -> Found | str:
    """The occurrence of a month or day that the tense means: the last one, or the coming one; `turn` says it outright."""
    base = scene.published
    if base is None or base.month is None:
        return "day" if day else "month"
    tense = scene.tense(offset)
    here = (base.month, base.day or 28) if day else (base.month, 0)
    there = (month, day or 0)
    year = base.year
    if turn < 0:
        year -= there >= here
        return Found(Point(year, month, day), relative=True, reason="the last before the report")
    if turn > 0 or tense.future:
        year += there < here or (turn > 0 and there == here)
        return Found(Point(year, month, day), relative=True, reason=f"the next after the report: {tense.reason}")
    told = _year_told(scene, offset, month)
    if told is not None:
        return Found(Point(told, month, day), relative=True, reason="of the year that the sentence tells of")
    if tense.present:
        year += _years_off(base.month, month)
        return Found(Point(year, month, day), relative=True, reason=f"the nearest to the report: {tense.reason}")
    year -= there > here
    return Found(Point(year, month, day), relative=True, reason=f"the last before the report: {tense.reason}")


def _year_told(scene: Scene, offset: int, month: int) -> int | None:
    """The year of a date before in the same sentence, where the month goes on from it: "in May 2019 ..., by June"."""
    last, anchor = scene.last_mention, scene.anchor
    if last is None or anchor is None or scene.published is None or not is_same_sentence(scene, offset):
        return None
    if anchor.month is None:
        return anchor.year if last.how == "relative" and anchor.year < scene.published.year - 1 else None
    return anchor.year if anchor.year < scene.published.year and anchor.month < month else None


def _years_off(here: int, there: int) -> int:
    """Which year's month is nearest: -1, 0 or 1 from the report's."""
    return 1 if there - here < -6 else -1 if there - here > 6 else 0


def is_same_sentence(scene: Scene, offset: int) -> bool:
    """Whether the last date stands in the sentence of this one."""
    last = scene.last_mention
    here, there = word_at(scene.parsed, offset), word_at(scene.parsed, last.start) if last else None
    return bool(here and there and here.sentence == there.sentence)
