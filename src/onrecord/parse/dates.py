"""This file finds dates, absolute and relative, and resolves each against the report's date or the last date named before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from onrecord import vocab
from onrecord.parse.date_patterns import date_pattern, words_of
from onrecord.parse.numbers import number_words, read_number, spelled_pattern
from onrecord.parse.tense import Tense, tense_at
from onrecord.records import Mention, Parsed, When
from onrecord.syntax import word_at

# A date's first word stands at most this many words before the word that makes it a date ("at the very beginning of the following year").
REACH = 9
# The date of a dateline ("ANKARA, July 12 (Agency) - ") ends within so many characters; it is the report's own and dates nothing told.
DATELINE = 60
YEAR_WITHIN = re.compile(r"(?:19[3-9]|20[0-7])\d")


@dataclass(frozen=True, slots=True)
class _Point:
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

    def moved(self, **by: int) -> _Point:
        """The point that many days, months or years away, as fine as before."""
        there = date(self.year, self.month or 1, min(self.day or 1, 28) if "days" not in by else self.day or 1) + relativedelta(**by)  # type: ignore[arg-type]
        return _Point(there.year, there.month if self.month else None, there.day if self.day else None)


@dataclass(frozen=True, slots=True)
class _Found:
    """A resolved date: a point or a span of two, whether it leans on the report's day or on an anchor, and why."""

    start: _Point
    end: _Point | None = None
    relative: bool = False
    reason: str = "said in full"


@dataclass(slots=True)
class _Scene:
    """What a date may lean on while the text is read from left to right."""

    parsed: Parsed
    text: str
    published: _Point | None
    anchor: _Point | None = None
    last_day: _Point | None = None
    last_mention: Mention | None = None

    def tense(self, offset: int) -> Tense:
        return tense_at(self.parsed, offset)


def find_dates(parsed: Parsed) -> list[Mention]:
    """Mentions of kind date in text order; a relative one without a report's date has `anchored=False` and an empty `edtf`."""
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    scene = _Scene(parsed, text, _published(parsed.document.published))
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
            if match and match.end() > word.start:
                mention = _mention(scene, match)
                if mention:
                    mention = _merged(text, mentions, mention)
                    mentions.append(mention)
                    scene.last_mention = mention
                    last = mention.end
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
    return Mention(
        before.start,
        mention.end,
        "date",
        text[before.start : mention.end],
        value.edtf,
        None,
        mention.how,
        1.0,
        "from one date to the other",
        value,
    )


def _published(day: str | None) -> _Point | None:
    if not day:
        return None
    year, month, *rest = (int(part) for part in day.split("T")[0].split("-"))
    return _Point(year, month, rest[0] if rest else None)


def _mention(scene: _Scene, match: re.Match[str]) -> Mention | None:
    kind, said = match.lastgroup or "", match.group()
    found = _READERS[kind](scene, match)
    if found is None:
        return None
    end = match.end() - (1 if said.endswith(".") and kind not in {"dmy", "mdy", "my"} and len(said) > 5 else 0)
    if isinstance(found, str):
        value = When("", found, True, False)
        return Mention(
            match.start(), end, "date", scene.text[match.start() : end], "", None, "name", 0.3, "no report's date to lean on", value
        )
    scene.anchor = found.end or found.start
    if scene.anchor.day:
        scene.last_day = scene.anchor
    if match.start() < DATELINE and _dateline().match(scene.text, match.end()):
        return None
    about = bool(_about().match(said))
    edtf = found.start.edtf + (f"/{found.end.edtf}" if found.end else "") + ("~" if about else "")
    grain = "interval" if found.end else found.start.grain
    how = "relative" if found.relative else "name"
    return Mention(
        match.start(), end, "date", scene.text[match.start() : end], edtf, None, how, 1.0, found.reason, When(edtf, grain, found.relative)
    )


@cache
def _dateline() -> re.Pattern[str]:
    return re.compile(r",?\s*(?:\([^)\n]{1,60}\)\s*)?(?:--|[-–—])\s")


@cache
def _about() -> re.Pattern[str]:
    return re.compile(words_of(vocab.words("dates")["about"]) + r"\s")


def _is_trigger(word: str, triggers: frozenset[str]) -> bool:
    """Whether a word can be the heart of a date: a name of a day, month, season or unit, or figures that hold a year."""
    return (
        word.lower().rpartition("-")[2] in triggers
        or (word[:1].isdigit() and bool(YEAR_WITHIN.search(word)))
        or word[:2] in {"FY", "Q1", "Q2", "Q3", "Q4"}
    )


@cache
def _triggers() -> tuple[frozenset[str], frozenset[str]]:
    """The words at the heart of dates, and the words by which dates begin."""
    v = vocab.words("dates")
    names = [n.lower() for group in v["months"] + v["weekdays"] for n in group]
    names += [f"{n}." for n in names]
    hearts = [*v["units"], *v["seasons"], *v["decades"], *v["feasts"], *v["days"], *v["occasions"]["same"], *v["occasions"]["same_day"]]
    hearts += v["ordinals"]
    openers = [
        *v["parts"],
        *v["about"],
        *v["from_report"],
        *v["from_anchor"],
        *v["days"],
        *v["steps"]["vague"],
        *v["quarters"],
        *number_words(),
    ]
    openers += [
        "in",
        "within",
        "the",
        "a",
        "an",
        "half",
        "from",
        "between",
        "on",
        "by",
        "until",
        "since",
        "before",
        "during",
        "fiscal",
        "year",
    ]
    return (
        frozenset(names + [phrase.lower().split()[-1] for phrase in hearts]),
        frozenset(names + [phrase.lower().split()[0] for phrase in openers] + [o.split("-")[0] for o in v["ordinals"]]),
    )


# ---- parts of a match ----


@cache
def _months() -> dict[str, int]:
    return {name.lower(): number for number, names in enumerate(vocab.words("dates")["months"], 1) for name in names}


@cache
def _weekdays() -> dict[str, int]:
    return {name.lower(): number for number, names in enumerate(vocab.words("dates")["weekdays"]) for name in names}


def _month_in(said: str) -> list[int]:
    return [_months()[word.lower()] for word in re.findall(r"[A-Z][a-z]+", said) if word.lower() in _months()]


def _years_in(said: str) -> list[int]:
    return [int(year) for year in re.findall(r"(?<!\d)(?:19[3-9]\d|20[0-7]\d)(?!\d)", said)]


def _day_in(said: str) -> int | None:
    figures = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d])", re.sub(r"(?<!\d)\d{4}(?!\d)", "", said))
    if figures:
        return int(figures[1])
    return next((n for word in re.findall(r"[a-z]+(?:-[a-z]+)?", said.lower()) if (n := _ordinals().get(word))), None)


@cache
def _ordinals() -> dict[str, int]:
    return {word: number for number, word in enumerate(vocab.words("dates")["ordinals"], 1)}


@cache
def _pointers() -> tuple[re.Pattern[str], dict[str, int], dict[str, int]]:
    v = vocab.words("dates")
    return re.compile(rf"\b({words_of(v['from_anchor'], v['from_report'])})\b"), v["from_report"], v["from_anchor"]


def _pointer(scene: _Scene, said: str) -> tuple[_Point | None, int, bool] | None:
    """Where a pointing word points from and how many units away: ("last") one back from the report, ("the following") one on from the anchor."""
    pattern, from_report, from_anchor = _pointers()
    match = pattern.search(said)
    if not match:
        return None
    word = " ".join(match[1].lower().split())
    if word in from_anchor and (scene.anchor or word not in from_report):
        return scene.anchor or scene.published, from_anchor[word], True
    return scene.published, from_report.get(word, from_anchor.get(word, 0)), False


def _year_of(scene: _Scene, said: str) -> int | None:
    """The year that goes with a day, month or season: in figures, or by a pointer before the word year; None when it is left out."""
    years = _years_in(said)
    if years:
        return years[-1]
    match = re.search(r"((?:the\s+)?\w+)\s+year\b", said, re.IGNORECASE)
    pointed = _pointer(scene, match[0]) if match else None
    if pointed and pointed[0]:
        return pointed[0].year + pointed[1]
    return None


# ---- readers, one for each kind of date_patterns ----


def _iso(scene: _Scene, match: re.Match[str]) -> _Found | None:
    year, month, day = (int(part) for part in match.group().split("-"))
    return _Found(_Point(year, month, day)) if _is_day(year, month, day) else None


def _dotted(scene: _Scene, match: re.Match[str]) -> _Found | None:
    day, month, year = (int(part) for part in match.group().split("."))
    return _Found(_Point(year, month, day)) if _is_day(year, month, day) else None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _day_month(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months, day = _month_in(_without_weekday(said)), _day_in(said)
    if not months or not day:
        return None
    year = _year_of(scene, said)
    if year is None:
        turn = -1 if said.lower().endswith("last") else 1 if said.lower().endswith("next") else 0
        return _nearest(scene, match.start(), months[0], day, turn)
    relative = not _years_in(said)
    return _Found(_Point(year, months[0], day), relative=relative) if _is_day(year, months[0], day) else None


def _without_weekday(said: str) -> str:
    return said


def _nearest(scene: _Scene, offset: int, month: int, day: int | None, turn: int = 0) -> _Found | str:
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
        return _Found(_Point(year, month, day), relative=True, reason="the last before the report")
    if turn > 0 or tense.future:
        year += there < here or (turn > 0 and there == here)
        return _Found(_Point(year, month, day), relative=True, reason=f"the next after the report: {tense.reason}")
    last = scene.last_mention
    if (
        last
        and scene.anchor
        and not scene.anchor.month
        and last.text.lower().startswith(("in the same", "the same", "that", "the following"))
        and _is_same_sentence(scene, offset)
    ):
        return _Found(_Point(scene.anchor.year, month, day), relative=True, reason="of the year just pointed at")
    if (
        last
        and scene.anchor
        and scene.anchor.month
        and scene.anchor.year < year
        and scene.anchor.month < month
        and _is_same_sentence(scene, offset)
    ):
        return _Found(_Point(scene.anchor.year, month, day), relative=True, reason="later in the year just named")
    if tense.present:
        year += _years_off(base.month, month)
        return _Found(_Point(year, month, day), relative=True, reason=f"the nearest to the report: {tense.reason}")
    year -= there > here
    return _Found(_Point(year, month, day), relative=True, reason=f"the last before the report: {tense.reason}")


def _years_off(here: int, there: int) -> int:
    """Which year's month is nearest: -1, 0 or 1 from the report's."""
    return 1 if there - here < -6 else -1 if there - here > 6 else 0


def _days(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months = _month_in(said)
    days = [int(d) for d in re.findall(r"(?<!\d)(\d{1,2})(?!\d)", said)]
    if not months or len(days) < 2 or days[0] >= days[1]:
        return None
    year = _year_of(scene, said)
    if year is None:
        first = _nearest(scene, match.start(), months[0], days[0])
        if isinstance(first, str):
            return first
        year = first.start.year
    return _Found(_Point(year, months[0], days[0]), _Point(year, months[0], days[1]), not _years_in(said))


def _spans(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months, years = _month_in(said), _years_in(said)
    days = [int(d) for d in re.findall(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)", said)]
    if len(months) < 2 or len(days) < 2:
        return None
    if years:
        end = years[-1]
        start = years[0] if len(years) > 1 else end - (months[0] > months[1])
        return _Found(_Point(start, months[0], days[0]), _Point(end, months[1], days[1]))
    last = _nearest(scene, match.start(), months[1], days[1])
    if isinstance(last, str):
        return last
    start = last.start.year - (months[0] > months[1])
    return _Found(_Point(start, months[0], days[0]), last.start, True)


def _span_of_months(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months, years = _month_in(said), _years_in(said)
    if len(months) < 2:
        return None
    end = years[-1] if years else _year_of(scene, said)
    if end is None:
        last = _nearest(scene, match.start(), months[1], None)
        if isinstance(last, str):
            return last
        end = last.start.year
    start = years[0] if len(years) > 1 else end - (months[0] > months[1])
    return _Found(_Point(start, months[0]), _Point(end, months[1]), not years)


def _span_of_years(scene: _Scene, match: re.Match[str]) -> _Found | None:
    said = match.group()
    years = _years_in(said)
    short = re.search(r"\d{4}[-–/](\d\d)$", said)
    last = years[-1]
    if short and int(short[1]) == (last + 1) % 100 or short and len(years) == 1:
        last = last // 100 * 100 + int(short[1])  # type: ignore[index]
    return _Found(_Point(years[0]), _Point(last)) if years[0] < last else None


def _month_year(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months = _month_in(said)
    short = re.search(r"[’'](\d\d)$", said)
    if short:
        year = 1900 + int(short[1]) + (100 if int(short[1]) < 50 else 0)
        return _Found(_Point(year, months[0]))
    year_or_none = _year_of(scene, said)
    if year_or_none is None:
        return _nearest(scene, match.start(), months[0], None, -1 if said.lower().rstrip(".").endswith("last") else 1)
    return _Found(_Point(year_or_none, months[0]), relative=not _years_in(said))


def _quarter(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group().lower()
    year = _year_of(scene, match.group()) or (scene.published.year if scene.published else None)
    figure = re.search(r"[qh](\d)|(\d)q", said)
    word = next((n for name, n in vocab.words("dates")["quarters"].items() if re.search(rf"\b{name}\b", said)), 1)
    number = int(figure[1] or figure[2]) if figure else word
    length = 6 if "half" in said or said.startswith("h") else 3
    if year is None:
        return "interval"
    last = min(number * length, 12)
    return _Found(_Point(year, last - length + 1), _Point(year, last), not _years_in(said))


def _decade(scene: _Scene, match: re.Match[str]) -> _Found | None:
    figures = re.search(r"\d{4}", match.group())
    start = int(figures[0]) if figures else vocab.words("dates")["decades"][match.group().lower().split()[-1]]
    return _Found(_Point(start), _Point(start + 9))


def _fiscal(scene: _Scene, match: re.Match[str]) -> _Found | None:
    return _Found(_Point(_years_in(match.group())[0]))


def _season(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    """The year that holds a season."""
    said = match.group()
    year = _year_of(scene, said)
    if year is not None:
        return _Found(_Point(year), relative=not _years_in(said), reason="the year that holds the season")
    if scene.published is None:
        return "year"
    pointed = _pointer(scene, said)
    if pointed is not None and pointed[2]:
        base = pointed[0] or scene.published
        return _Found(_Point(base.year + pointed[1]), relative=True, reason="the season of the year spoken of")
    first = _first_month(said)
    month = scene.published.month or 1
    if pointed is None:
        tense = scene.tense(match.start())
        step = 1 if tense.future and first + 2 < month else -1 if not tense.future and not tense.present and first > month else 0
        return _Found(_Point(scene.published.year + step), relative=True, reason=f"the season nearest to the report: {tense.reason}")
    step = 0
    if pointed[1] < 0:
        step = 0 if first + 2 < month else -1
    elif pointed[1] > 0:
        step = 0 if first > month else 1
    return _Found(_Point(scene.published.year + step), relative=True, reason="the season counted from the report")


def _first_month(said: str) -> int:
    for number, names in ((3, ("spring",)), (6, ("summer",)), (9, ("autumn", "fall")), (12, ("winter",))):
        if any(name in said.lower() for name in names):
            return number
    return 12


def _feast(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    year = _year_of(scene, said)
    month = next((m for name, m in vocab.words("dates")["feasts"].items() if name.lower() in said.lower()), 12)
    if year is not None:
        return _Found(_Point(year, month or easter(year).month))
    if scene.published is None:
        return "month"
    pointed = _pointer(scene, said)
    base = month or easter(scene.published.year).month
    found = _nearest(scene, match.start(), base, None, pointed[1] if pointed else 0)
    if month == 0 and isinstance(found, _Found):
        return _Found(_Point(found.start.year, easter(found.start.year).month), relative=True, reason=found.reason)
    return found


def _pointed_month(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    pointed, months = _pointer(scene, said), _month_in(said)
    if not pointed or not months or pointed[0] is None:
        return "month"
    base, step, anchored = pointed
    month = months[-1]
    if not anchored:
        if step == 0:
            return _Found(_Point(base.year, month), relative=True, reason="of the report's year")
        return _nearest(scene, match.start(), month, None, step)
    year = base.year
    if base.month and step > 0 and month <= base.month:
        year += 1
    elif base.month is None and step:
        year += step
    elif base.month and step < 0 and month >= base.month:
        year -= 1
    return _Found(_Point(year, month), relative=True, reason="counted from the date named before")


def _weekday(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
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
        monday = relativedelta(days=-today.weekday() + 7 * {"last": -1, "this": 0, "next": 1}[week[1]] + number)
        there = today + monday
    else:
        pointed = _pointer(scene, said)
        step = -1 if lower.endswith("last") else pointed[1] if pointed and not pointed[2] else 0
        there = _weekday_near(today, number, step, scene.tense(match.start()).future)
    return _Found(_Point(there.year, there.month, there.day), relative=True, reason="the weekday counted from the report")


def _weekday_near(today: date, number: int, step: int, future: bool) -> date:
    back, on = (today.weekday() - number) % 7, (number - today.weekday()) % 7
    if step < 0:
        return today - relativedelta(days=back or 7)
    if step > 0:
        return today + relativedelta(days=on or 7)
    return today + relativedelta(days=on) if future else today - relativedelta(days=back)


def _day_word(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    if scene.published is None or not scene.published.day:
        return "day"
    days = vocab.words("dates")["days"][" ".join(match.group().lower().split())]
    return _Found(scene.published.moved(days=days), relative=True, reason="counted from the report's day")


@cache
def _step_words() -> dict[str, str]:
    return {word: kind for kind in ("ago", "later", "earlier", "hence") for word in vocab.words("dates")["steps"][kind]}


def _steps(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    """A count of units away from the anchor or the report: "two years later", "a month ago"."""
    said = match.group().lower()
    kind = next((k for word, k in _step_words().items() if said.endswith(word)), "later")
    follows = scene.text[match.end() : match.end() + 2]
    if (
        said.endswith((" on", " back"))
        and follows[:1].isalnum()
        or follows[:1] == " "
        and said.endswith((" on", " back", " after", " before"))
    ):
        after = scene.text[match.end() : match.end() + 6].strip().lower()
        if not after.startswith(("that", "this")):
            return None
    base = scene.published if kind in {"ago", "hence"} else scene.anchor or scene.published
    if base is None:
        return "year"
    sign = -1 if kind in {"ago", "earlier"} else 1
    return _moved(base, _count(said), _unit(said), sign)


def _unit(said: str) -> str:
    units = vocab.words("dates")["units"]
    return next((units[w] for w in reversed(re.findall(r"[a-z]+", said.lower())) if w in units), "year")


def _count(said: str) -> int | None:
    """The count in "two years later"; None for a vague one."""
    if re.search(words_of(vocab.words("dates")["steps"]["vague"]), said):
        return None
    word = re.search(rf"\b(?:(\d+)|({spelled_pattern()})|an?)\b", said)
    return int(read_number(word[1] or word[2])) if word and (word[1] or word[2]) else 1


def _moved(base: _Point, count: int | None, unit: str, sign: int) -> _Found | None:
    """The anchor moved by whole units and no finer than they are; a vague count moves within the next coarser unit."""
    if unit in {"year", "decade"}:
        if count is None:
            return None
        return _Found(_Point(base.year + sign * count * (10 if unit == "decade" else 1)), relative=True, reason="whole years away")
    if base.month is None:
        return _Found(_Point(base.year), relative=True, reason="within the year named before")
    if unit in {"month", "quarter"}:
        if count is None:
            return _Found(_Point(base.year), relative=True, reason="some months away")
        return _Found(
            _Point(base.year, base.month).moved(months=sign * count * (3 if unit == "quarter" else 1)),
            relative=True,
            reason="whole months away",
        )
    days = 1 if unit == "day" else 7 if unit == "week" else 14
    if base.day is None:
        return _Found(_Point(base.year, base.month), relative=True, reason="within the month named before")
    there = base.moved(days=sign * days * (count or 0))
    return _Found(there if count else _Point(there.year, there.month), relative=True, reason="days away")


def _within(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    """ "In three years", "within 16 months" of what is to come: that long after the report."""
    said = match.group().lower()
    if not scene.tense(match.start()).future and "time" not in said:
        return None
    if scene.published is None:
        return "year"
    told = scene.anchor if _is_same_sentence(scene, match.start()) and scene.anchor and scene.anchor.edtf < scene.published.edtf else None
    return _moved(told or scene.published, _count(said), _unit(said.replace("time", "")), 1)


def _pointed_unit(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    lower = said.lower()
    simple = re.search(r"\bthe\s+(day|month|year|week)\s+(before|after)", lower)
    if simple:
        base = scene.anchor or scene.published
        return _moved(base, 1, simple[1], -1 if simple[2] == "before" else 1) if base else simple[1]
    pointed, unit = _pointer(scene, said), _unit(lower)
    if pointed is None or pointed[0] is None:
        return unit
    if re.search(r"(?:days|weeks|months|years|decades)\b", lower) and not re.search(r"\d", lower):
        return None
    base, step, anchored = pointed
    sign, count = (1 if step >= 0 else -1), abs(step)
    if unit in {"week", "fortnight"} and base.day:
        there = base.moved(days=7 * step)
        return _Found(_Point(there.year, there.month), relative=True, reason="the month that holds the week")
    if unit == "day":
        if not anchored or scene.text[match.end() : match.end() + 4] == " as ":
            return None
        base = scene.last_day or base
    return _moved(base, count, unit, sign)


def _occasion(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    day_only = match.group().lower().split()[-1] in vocab.words("dates")["occasions"]["same_day"]
    there = (day_only and scene.last_day) or scene.anchor
    return _Found(there, relative=True, reason="the occasion just named") if there else None


def _ending(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    """ "By the end of the year", "before the month is out": the report's own, or the anchor's in a sentence about another year."""
    said = match.group().lower()
    unit = "month" if "month" in said or "week" in said else "year"
    base, tense = scene.published, scene.tense(match.start())
    if base is None:
        return unit
    told = not tense.future and not tense.present
    if told and scene.anchor and (said.startswith("later") or _is_same_sentence(scene, match.start())):
        base = scene.anchor
    elif told and unit == "year" and "end" in said:
        base = _Point(base.year - 1)
    return _Found(_Point(base.year, base.month if unit == "month" else None), relative=True, reason="the year or month spoken of")


def _is_same_sentence(scene: _Scene, offset: int) -> bool:
    """Whether the last date stands in the sentence of this one."""
    last = scene.last_mention
    here, there = word_at(scene.parsed, offset), word_at(scene.parsed, last.start) if last else None
    return bool(here and there and here.sentence == there.sentence)


def _ordinal(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    day = _day_in(said)
    after = re.match(r"[\s]+([a-z]+)", scene.text[match.end() : match.end() + 16])
    if (
        day is None
        or after
        and "month" not in said.lower()
        and after[1] not in {"the", "and", "that", "he", "she", "it", "they", "a", "in"}
    ):
        return None
    base = scene.anchor if scene.anchor and scene.anchor.month else scene.published
    if base is None or base.month is None:
        return "day"
    pointed = _pointer(scene, said)
    if pointed and pointed[0] and pointed[0].month:
        base = _Point(pointed[0].year, pointed[0].month).moved(months=pointed[1])
    return (
        _Found(_Point(base.year, base.month, day), relative=True, reason="a day of the month spoken of")
        if _is_day(base.year, base.month or 1, day)
        else None
    )


def _month(scene: _Scene, match: re.Match[str]) -> _Found | str | None:
    said = match.group()
    months = _month_in(said)
    if not months or said in {"May", "March"} and not _opens_a_date(scene.text, match.start()):
        return None
    return _nearest(scene, match.start(), months[0], None)


def _opens_a_date(text: str, start: int) -> bool:
    previous = re.search(r"(\w+)[\s(]+$", text[max(0, start - 16) : start])
    return bool(previous) and previous[1].lower() in vocab.words("dates")["year"]["openers"]


def _year(scene: _Scene, match: re.Match[str]) -> _Found | None:
    """A bare year, unless it counts things or is part of a name."""
    said = match.group()
    digits = match.end() - 4
    word = said[:-4].strip()
    before = re.search(r"(?:(\w+)['’]?\s+|([(,;:\[—–-])\s*|(^|[.\n])\s*)$", scene.text[max(0, match.start() - 20) : match.start()])
    opened = bool(word) or before and (before[2] or before[3] is not None or before[1].lower() in vocab.words("dates")["year"]["openers"])
    if not opened and not _is_of_a_noun(before[1] if before else None) and not _is_in_a_list(scene, match):
        return None
    if _counts(scene, digits):
        return None
    return _Found(_Point(int(said[-4:])))


def _counts(scene: _Scene, digits: int) -> bool:
    after = re.match(r"\s+([a-z]+s)\b", scene.text[digits + 4 : digits + 24])
    if not after:
        return False
    word = word_at(scene.parsed, digits)
    head = scene.parsed.words[word.head] if word else None
    return bool(word and head and word.dep == "nummod" and head.tag == "NNS" and head.start > digits)


def _is_of_a_noun(before: str | None) -> bool:
    """Whether a year follows an article ("a 2012 contract", "its 2017 order")."""
    return before is not None and before.lower() in {"a", "an", "the", "its", "their", "his", "her", "that", "this", "s"}


def _is_in_a_list(scene: _Scene, match: re.Match[str]) -> bool:
    """Whether a year closes a piece of a telegraphic line without a verb ("First four 2026.", "Initial capability 2024;")."""
    word = word_at(scene.parsed, match.start())
    if word is None or not re.match(r"[.,;)\n]|$", scene.text[match.end() : match.end() + 1]):
        return False
    before = scene.parsed.words[word.index - 1] if word.index else word
    sentence = scene.parsed.sentences[word.sentence]
    telegraphic = not any(w.tag in {"VBD", "VBZ", "VBP", "MD"} for w in scene.parsed.words[sentence.first : sentence.last])
    return telegraphic and before.text.islower() and before.index != word.index


_READERS: dict[str, Callable[[_Scene, re.Match[str]], _Found | str | None]] = {
    "iso": _iso, "dotted": _dotted, "days": _days, "spans": _spans, "dmy": _day_month, "mdy": _day_month, "months": _span_of_months,
    "years": _span_of_years, "my": _month_year, "quarter": _quarter, "decade": _decade, "fiscal": _fiscal, "season": _season,
    "feast": _feast, "pointed_month": _pointed_month, "weekday": _weekday, "day_word": _day_word, "steps": _steps, "within": _within,
    "pointed_unit": _pointed_unit, "occasion": _occasion, "ending": _ending, "ordinal": _ordinal, "month": _month, "year": _year,
}  # fmt: skip
