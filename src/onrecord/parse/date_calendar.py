"""This file reads dates of the calendar: days, months, years, quarters, seasons, feasts; where the year is left out the tense tells it."""

from __future__ import annotations

import re
from collections.abc import Callable

from dateutil.easter import easter

from onrecord import vocab
from onrecord.parse.date_points import Found, Point, Read, Scene, day_in, is_day, months_in, nearest, pointer, year_of, years_in
from onrecord.syntax import word_at

# "1992, when the first were delivered": a clause hangs on the year.
WHEN = re.compile(r",?\s+when\b")


def _iso(scene: Scene, match: re.Match[str]) -> Found | None:
    year, month, day = (int(part) for part in match.group().split("-"))
    return Found(Point(year, month, day)) if is_day(Point(year, month, day)) else None


def _dotted(scene: Scene, match: re.Match[str]) -> Found | None:
    day, month, year = (int(part) for part in match.group().split("."))
    return Found(Point(year, month, day)) if is_day(Point(year, month, day)) else None


def _day_month(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months, day = months_in(said), day_in(said)
    if not months or not day:
        return None
    year = year_of(scene, said)
    if year is None:
        turn = -1 if said.lower().endswith("last") else 1 if said.lower().endswith("next") else 0
        return nearest(scene, match.start(), months[0], day, turn)
    relative = not years_in(said)
    return Found(Point(year, months[0], day), relative=relative) if is_day(Point(year, months[0], day)) else None


def _days(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months = months_in(said)
    days = [int(d) for d in re.findall(r"(?<!\d)(\d{1,2})(?!\d)", said)]
    if not months or len(days) < 2 or days[0] >= days[1]:
        return None
    year = year_of(scene, said)
    if year is None:
        first = nearest(scene, match.start(), months[0], days[0])
        if isinstance(first, str):
            return first
        year = first.start.year
    return Found(Point(year, months[0], days[0]), Point(year, months[0], days[1]), not years_in(said))


def _spans(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months, years = months_in(said), years_in(said)
    days = [int(d) for d in re.findall(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)", said)]
    if len(months) < 2 or len(days) < 2:
        return None
    if years:
        end = years[-1]
        start = years[0] if len(years) > 1 else end - (months[0] > months[1])
        return Found(Point(start, months[0], days[0]), Point(end, months[1], days[1]))
    last = nearest(scene, match.start(), months[1], days[1])
    if isinstance(last, str):
        return last
    start = last.start.year - (months[0] > months[1])
    return Found(Point(start, months[0], days[0]), last.start, True)


def _span_of_months(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months, years = months_in(said), years_in(said)
    if len(months) < 2:
        return None
    end = years[-1] if years else year_of(scene, said)
    if end is None:
        last = nearest(scene, match.start(), months[1], None)
        if isinstance(last, str):
            return last
        end = last.start.year
    start = years[0] if len(years) > 1 else end - (months[0] > months[1])
    return Found(Point(start, months[0]), Point(end, months[1]), not years)


def _span_of_years(scene: Scene, match: re.Match[str]) -> Found | None:
    said = match.group()
    years = years_in(said)
    short = re.search(r"\d{4}[-–/](\d\d)$", said)
    last = years[-1]
    if short and (len(years) == 1 or int(short[1]) == (last + 1) % 100):
        last = last // 100 * 100 + int(short[1])
    return Found(Point(years[0]), Point(last)) if years[0] < last else None


def _month_year(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months = months_in(said)
    short = re.search(r"[’'](\d\d)$", said)
    if short:
        year = 1900 + int(short[1]) + (100 if int(short[1]) < 50 else 0)
        return Found(Point(year, months[0]))
    year_or_none = year_of(scene, said)
    if year_or_none is None:
        return nearest(scene, match.start(), months[0], None, -1 if said.lower().rstrip(".").endswith("last") else 1)
    return Found(Point(year_or_none, months[0]), relative=not years_in(said))


def _quarter(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group().lower()
    year = year_of(scene, match.group()) or (scene.published.year if scene.published else None)
    figure = re.search(r"[qh](\d)|(\d)q", said)
    word = next((n for name, n in vocab.words("dates")["quarters"].items() if re.search(rf"\b{name}\b", said)), 1)
    number = int(figure[1] or figure[2]) if figure else word
    length = 6 if "half" in said or said.startswith("h") else 3
    if year is None:
        return "interval"
    last = min(number * length, 12)
    return Found(Point(year, last - length + 1), Point(year, last), not years_in(said))


def _decade(scene: Scene, match: re.Match[str]) -> Found | None:
    figures = re.search(r"\d{4}", match.group())
    start = int(figures[0]) if figures else vocab.words("dates")["decades"][match.group().lower().split()[-1]]
    return Found(Point(start), Point(start + 9))


def _fiscal(scene: Scene, match: re.Match[str]) -> Found | None:
    return Found(Point(years_in(match.group())[0]))


def _season(scene: Scene, match: re.Match[str]) -> Read:
    """The year that holds a season."""
    said = match.group()
    year = year_of(scene, said)
    if year is not None:
        return Found(Point(year), relative=not years_in(said), reason="the year that holds the season")
    if scene.published is None:
        return "year"
    pointed = pointer(scene, said)
    if pointed is not None and pointed.anchored:
        base = pointed.base
        return Found(Point(base.year + pointed.step), relative=True, reason="the season of the year spoken of")
    first = _first_month(said)
    month = scene.published.month or 1
    if pointed is None:
        tense = scene.tense(match.start())
        step = 1 if tense.future and first + 2 < month else -1 if not tense.future and not tense.present and first > month else 0
        return Found(Point(scene.published.year + step), relative=True, reason=f"the season nearest to the report: {tense.reason}")
    step = 0
    if pointed.step < 0:
        step = 0 if first + 2 < month else -1
    elif pointed.step > 0:
        step = 0 if first > month else 1
    return Found(Point(scene.published.year + step), relative=True, reason="the season counted from the report")


def _first_month(said: str) -> int:
    return next((int(month) for name, month in vocab.words("dates")["seasons"].items() if name in said.lower()), 12)


def _feast(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    year = year_of(scene, said)
    month = next((m for name, m in vocab.words("dates")["feasts"].items() if name.lower() in said.lower()), 12)
    if year is not None:
        return Found(Point(year, month or easter(year).month))
    if scene.published is None:
        return "month"
    pointed = pointer(scene, said)
    base = month or easter(scene.published.year).month
    found = nearest(scene, match.start(), base, None, pointed.step if pointed else 0)
    if month == 0 and isinstance(found, Found):
        return Found(Point(found.start.year, easter(found.start.year).month), relative=True, reason=found.reason)
    return found


def _pointed_month(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    pointed, months = pointer(scene, said), months_in(said)
    if not pointed or not months:
        return "month"
    base, step, anchored = pointed
    month = months[-1]
    if not anchored:
        if step == 0:
            return Found(Point(base.year, month), relative=True, reason="of the report's year")
        return nearest(scene, match.start(), month, None, step)
    year = base.year
    if base.month and step > 0 and month <= base.month:
        year += 1
    elif base.month is None and step:
        year += step
    elif base.month and step < 0 and month >= base.month:
        year -= 1
    return Found(Point(year, month), relative=True, reason="counted from the date named before")


def _month(scene: Scene, match: re.Match[str]) -> Read:
    said = match.group()
    months = months_in(said)
    verb_like = said.lower() in vocab.words("dates")["verb_like"]
    if not months or (verb_like and not _opens_a_date(scene.text, match.start()) and not _is_in_a_list(scene, match)):
        return None
    return nearest(scene, match.start(), months[0], None)


def _opens_a_date(text: str, start: int) -> bool:
    previous = re.search(r"(\w+)[\s(]+$", text[max(0, start - 16) : start])
    return previous is not None and previous[1].lower() in vocab.words("dates")["year"]["openers"]


def _year(scene: Scene, match: re.Match[str]) -> Found | None:
    """A bare year, unless it counts things or is part of a name."""
    said = match.group()
    digits = match.end() - 4
    word = said[:-4].strip()
    before = re.search(r"(?:(\w+)['’]?\s+|([(,;:\[—–-])\s*|(^|[.\n])\s*)$", scene.text[max(0, match.start() - 20) : match.start()])
    opened = bool(word) or before and (before[2] or before[3] is not None or before[1].lower() in vocab.words("dates")["year"]["openers"])
    opened = opened or bool(WHEN.match(scene.text, match.end()))
    if not opened and not _is_of_a_noun(before[1] if before else None) and not _is_in_a_list(scene, match):
        return None
    if _counts(scene, digits):
        return None
    return Found(Point(int(said[-4:])))


def _counts(scene: Scene, digits: int) -> bool:
    after = re.match(r"\s+([a-z]+s)\b", scene.text[digits + 4 : digits + 24])
    if not after:
        return False
    word = word_at(scene.parsed, digits)
    head = scene.parsed.words[word.head] if word else None
    return bool(word and head and word.dep == "nummod" and head.tag == "NNS" and head.start > digits)


def _is_of_a_noun(before: str | None) -> bool:
    """Whether a year follows an article ("a 2012 contract", "its 2017 order")."""
    return before is not None and before.lower() in vocab.words("dates")["year"]["articles"]


def _is_in_a_list(scene: Scene, match: re.Match[str]) -> bool:
    """Whether a year closes a piece of a telegraphic line without a verb ("First four 2026.", "Initial capability 2024;")."""
    word = word_at(scene.parsed, match.start())
    if word is None or not re.match(r"[.,;)\n]|$", scene.text[match.end() : match.end() + 1]):
        return False
    before = scene.parsed.words[word.index - 1] if word.index else word
    sentence = scene.parsed.sentences[word.sentence]
    telegraphic = not any(w.tag in {"VBD", "VBZ", "VBP", "MD"} for w in scene.parsed.words[sentence.first : sentence.last])
    return (
        telegraphic
        and before.index != word.index
        and (before.text.islower() or before.pos not in {"PROPN", "NOUN"} or not _is_in_a_person(scene, match))
    )


def _is_in_a_person(scene: Scene, match: re.Match[str]) -> bool:
    return any(m.start <= match.start() < m.end for m in scene.parsed.mentions if m.kind == "person")


CALENDAR: dict[str, Callable[[Scene, re.Match[str]], Read]] = {
    "iso": _iso, "dotted": _dotted, "days": _days, "spans": _spans, "dmy": _day_month, "mdy": _day_month, "months": _span_of_months,
    "years": _span_of_years, "my": _month_year, "quarter": _quarter, "decade": _decade, "fiscal": _fiscal, "season": _season,
    "feast": _feast, "pointed_month": _pointed_month, "month": _month, "year": _year,
}  # fmt: skip
