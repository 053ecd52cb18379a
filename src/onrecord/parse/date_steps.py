"""This file reads dates that count from another: weekdays, "yesterday", "two years later", "the following month", "by year end"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from onrecord import vocab
from onrecord.parse.date_patterns import words_of
from onrecord.parse.date_points import Found, Point, Read, Scene, day_in, is_day, is_same_sentence, pointer
from onrecord.parse.numbers import read_number, spelled_pattern

# A count of units beyond this is no way to say when ("a million years ago"), and would leave the calendar.
LONGEST = 150


def _weekday(scene: Scene, match: re.Match[str]) -> Read:
    """A weekday: the last one for what is past, the coming one for what is not; "that Friday" counts from the anchor."""
    said = match.group()
    base = scene.published
    number = next((_weekdays()[w.lower()] for w in re.findall(r"[A-Z][a-z]+", said) if w.lower() in _weekdays()), None)
    if base is None or not base.month or not base.day or number is None:
        return "day" if number is not None else None
    today = date(base.year, base.month, base.day)
    lower = said.lower()
    week = re.search(r"(last|this|next)\s+week", lower)
    if week:
        monday = timedelta(days=-today.weekday() + 7 * {"last": -1, "this": 0, "next": 1}[week[1]] + number)
        there = today + monday
    else:
        pointed = pointer(scene, said)
        step = -1 if lower.endswith("last") else pointed.step if pointed and not pointed.anchored else 0
        there = _weekday_near(today, number, step, scene.tense(match.start()).future)
    return Found(Point(there.year, there.month, there.day), relative=True, reason="the weekday counted from the report")


def _weekday_near(today: date, number: int, step: int, future: bool) -> date:
    back, on = (today.weekday() - number) % 7, (number - today.weekday()) % 7
    if step < 0:
        return today - timedelta(days=back or 7)
    if step > 0:
        return today + timedelta(days=on or 7)
    return today + timedelta(days=on) if future else today - timedelta(days=back)


@cache
def _weekdays() -> dict[str, int]:
    return {name.lower(): number for number, names in enumerate(vocab.words("dates")["weekdays"]) for name in names}


def _day_word(scene: Scene, match: re.Match[str]) -> Read:
    if scene.published is None or not scene.published.day:
        return "day"
    days = vocab.words("dates")["days"][" ".join(match.group().lower().split())]
    return Found(scene.published.moved(days=days), relative=True, reason="counted from the report's day")


def _steps(scene: Scene, match: re.Match[str]) -> Read:
    """A count of units away from the anchor or the report: "two years later", "a month ago"."""
    said = match.group().lower()
    kind = next((k for word, k in _step_words().items() if said.endswith(word)), "later")
    follows = scene.text[match.end() : match.end() + 6]
    if kind != "ago" and said.endswith((" on", " after", " before")) and re.match(r" (?!that\b|this\b)", follows):
        return None
    base = scene.published if kind in {"ago", "hence"} else scene.anchor or scene.published
    if base is None:
        return "year"
    sign = -1 if kind in {"ago", "earlier"} else 1
    return _moved(base, _count(said), _unit(said), sign)


@cache
def _step_words() -> dict[str, str]:
    return {word: kind for kind in ("ago", "later", "earlier", "hence") for word in vocab.words("dates")["steps"][kind]}


def _unit(said: str) -> str:
    units = vocab.words("dates")["units"]
    return next((units[w] for w in reversed(re.findall(r"[a-z]+", said.lower())) if w in units), "year")


def _count(said: str) -> int | None:
    """The count in "two years later"; None for a vague one."""
    if re.search(words_of(vocab.words("dates")["steps"]["vague"]), said):
        return None
    word = re.search(rf"\b(?:(\d+)|({spelled_pattern()})|an?)\b", said)
    return int(read_number(word[1] or word[2])) if word and (word[1] or word[2]) else 1


def _moved(base: Point, count: int | None, unit: str, sign: int) -> Found | None:
    """The anchor moved by whole units and no finer than they are; a vague count moves within the next coarser unit."""
    if count is not None and count > LONGEST:
        return None
    if unit in {"year", "decade"}:
        if count is None:
            return None
        return Found(Point(base.year + sign * count * (10 if unit == "decade" else 1)), relative=True, reason="whole years away")
    if base.month is None:
        return Found(Point(base.year), relative=True, reason="within the year named before")
    if unit in {"month", "quarter"}:
        if count is None:
            return Found(Point(base.year), relative=True, reason="some months away")
        return Found(
            Point(base.year, base.month).moved(months=sign * count * (3 if unit == "quarter" else 1)),
            relative=True,
            reason="whole months away",
        )
    days = 1 if unit == "day" else 7 if unit == "week" else 14
    if base.day is None:
        return Found(Point(base.year, base.month), relative=True, reason="within the month named before")
    there = base.moved(days=sign * days * (count or 0))
    return Found(there if count is not None else Point(there.year, there.month), relative=True, reason="days away")


def _within(scene: Scene, match: re.Match[str]) -> Read:
    """ "In three years", "within 16 months" of what is to come: that long after the report."""
    said = match.group().lower()
    if not scene.tense(match.start()).future and "time" not in said:
        return None
    if scene.published is None:
        return "year"
    told = scene.anchor if is_same_sentence(scene, match.start()) and scene.anchor and scene.anchor.edtf < scene.published.edtf else None
    return _moved(told or scene.published, _count(said), _unit(said.replace("time", "")), 1)


def _pointed_unit(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    lower = said.lower()
    simple = re.search(r"\bthe\s+(day|month|year|week)\s+(before|after)", lower)
    if simple:
        base = scene.anchor or scene.published
        return _moved(base, 1, simple[1], -1 if simple[2] == "before" else 1) if base else simple[1]
    pointed, unit = pointer(scene, said), _unit(lower)
    if pointed is None:
        return unit
    if re.search(r"(?:days|weeks|months|years|decades)\b", lower) and not re.search(r"\d", lower):
        return None
    base, step, anchored = pointed
    sign, count = (1 if step >= 0 else -1), abs(step)
    if unit in {"week", "fortnight"} and base.day:
        there = base.moved(days=7 * step)
        return Found(Point(there.year, there.month), relative=True, reason="the month that holds the week")
    if unit == "day":
        if not anchored or scene.text[match.end() : match.end() + 4] == " as ":
            return None
        base = scene.last_day or base
    return _moved(base, count, unit, sign)


def _occasion(scene: Scene, match: re.Match[str]) -> Read:
    occasions = vocab.words("dates")["occasions"]
    day_only = not {*occasions["same_day"], *occasions["hours"]}.isdisjoint(match.group().lower().split())
    there = (day_only and scene.last_day) or scene.anchor
    return Found(there, relative=True, reason="the occasion just named") if there else None


def _ending(scene: Scene, match: re.Match[str]) -> Read:
    """ "By the end of the year", "before the month is out": the report's own, or the anchor's in a sentence about another year."""
    said = match.group().lower()
    unit = "month" if "month" in said or "week" in said else "year"
    base, tense = scene.published, scene.tense(match.start())
    if base is None:
        return unit
    told = not tense.future and not tense.present
    if told and scene.anchor and (said.startswith("later") or is_same_sentence(scene, match.start())):
        base = scene.anchor
    elif told and unit == "year" and "end" in said:
        base = Point(base.year - 1)
    return Found(Point(base.year, base.month if unit == "month" else None), relative=True, reason="the year or month spoken of")


def _ordinal(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    day = day_in(said)
    after = re.match(r"[\s]+([a-z]+)", scene.text[match.end() : match.end() + 16])
    if day is None or (after and "month" not in said.lower() and after[1] not in vocab.words("dates")["ordinal"]["followers"]):
        return None
    base = scene.anchor if scene.anchor and scene.anchor.month else scene.published
    if base is None or base.month is None:
        return "day"
    pointed = pointer(scene, said)
    if pointed and pointed.base.month:
        base = Point(pointed.base.year, pointed.base.month).moved(months=pointed.step)
    there = Point(base.year, base.month, day)
    return Found(there, relative=True, reason="a day of the month spoken of") if is_day(there) else None


STEPS: dict[str, Callable[[Scene, re.Match[str]], Read]] = {
    "weekday": _weekday, "day_word": _day_word, "steps": _steps, "within": _within, "pointed_unit": _pointed_unit,
    "occasion": _occasion, "ending": _ending, "ordinal": _ordinal,
}  # fmt: skip
