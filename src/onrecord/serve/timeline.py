"""This file lays out the stages of a deal over time: a lane for each stage, a point for each telling, a bar for the days it can mean.

The drawing is made of numbers here and of SVG in the template; modalities differ in shape, never in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from onrecord.deal_cells import Cell
from onrecord.resolve.dates import FIRST, LAST, stretch
from onrecord.vocab import meanings

TOP = 26
# Height of a row of points, and how near two points may come before one of them moves to a row of its own.
ROW, NEAR = 20, 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a drawing is made for: its width, the part of it for names of stages, the margin on the right, all in pixels; ticks at most."""

    width: int
    gutter: int
    margin: int
    most_ticks: int


# For a laptop, and for a telephone, where none of the signs may stand out of sight.
WIDE, NARROW = Sheet(920, 112, 24, 12), Sheet(352, 88, 12, 4)


@dataclass(frozen=True, slots=True)
class Point:
    """One telling of a stage: its cell, where its sign stands, the bar of days that its date can mean; not `dated`: the report's day."""

    cell: Cell
    x: float
    y: float
    bar: tuple[float, float]
    dated: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage with its points; `top` and `height` are the strip that they stand in."""

    stage: str
    top: float
    height: float
    points: tuple[Point, ...]

    @property
    def middle(self) -> float:
        """Where its name is written."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing: its size, its lanes in the order of a smooth deal, and the ticks of the axis (place, label)."""

    width: int
    height: float
    gutter: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]


def draw_timeline(cells: Iterable[Cell], sheet: Sheet = WIDE) -> Timeline | None:
    """The timeline of a deal's cells; None where no stage of it is told."""
    told = [(cell, *_days(cell)) for cell in cells if cell.field == "stage"]
    placed = [(cell, days, dated) for cell, days, dated in told if days]
    if not placed:
        return None
    first, last = min(days[0] for _, days, _ in placed), max(days[1] for _, days, _ in placed)
    first, last = _rounded(first, last)
    scale = (sheet.width - sheet.gutter - sheet.margin) / max(1, last - first)

    def x(day: float) -> float:
        return round(sheet.gutter + (day - first) * scale, 1)

    lanes, top = [], float(TOP)
    for stage in meanings("stages")["stage"]:
        own = sorted(
            ((sum(days) / 2, cell, days, dated) for cell, days, dated in placed if cell.value["stage"] == stage), key=lambda item: item[0]
        )
        if not own:
            continue
        rows = _rows([x(middle) for middle, *_ in own])
        height = ROW * (max(rows) + 1) + 6.0
        points = tuple(
            Point(cell, x(middle), top + 3 + ROW * row + ROW / 2, (x(days[0]), x(days[1])), dated)
            for row, (middle, cell, days, dated) in zip(rows, own, strict=True)
        )
        lanes.append(Lane(stage, top, height, points))
        top += height
    ticks = tuple((x(day), label) for day, label in _ticks(first, last, sheet.most_ticks))
    return Timeline(sheet.width, top + 8, sheet.gutter, tuple(lanes), ticks)


def _days(cell: Cell) -> tuple[tuple[int, int] | None, bool]:
    """The first and last day (as numbers) that a stage can have happened on, and whether its date was told; else its first report's day."""
    when = stretch(str(cell.value["when"])) if cell.value["when"] else None
    if when:
        start, end = (None if day in (FIRST, LAST) else _ordinal(day) for day in when)
        if start or end:
            start, end = start or end, end or start
            assert start is not None and end is not None
            return (min(start, end), max(start, end)), True
    day = _ordinal(cell.first_said) if cell.first_said else None
    return ((day, day) if day else None), False


def _ordinal(day: str) -> int | None:
    try:
        return date.fromisoformat(f"{day[:8]}{min(int(day[8:10]), 28):02}" if not _is_day(day) else day).toordinal()
    except ValueError:
        return None


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _rounded(first: int, last: int) -> tuple[int, int]:
    """The stretch of the axis: some air on both sides, and no less than two months."""
    air = max(20, (last - first) // 40)
    return max(1, first - air), min(date.max.toordinal(), last + air)


def _rows(places: Sequence[float]) -> list[int]:
    """For points in order the row that each stands in, so that no two touch."""
    ends: list[float] = []
    rows = []
    for place in places:
        row = next((number for number, end in enumerate(ends) if place - end >= NEAR), len(ends))
        ends[row : row + 1] = [place]
        rows.append(row)
    return rows


def _ticks(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """Years, or months where the stretch is short, as many as there is room for."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    if last - first > 3 * 365:
        step = max(1, -(-(end.year - start.year) // most))
        return [(date(year, 1, 1).toordinal(), str(year)) for year in range(start.year + 1, end.year + 1, step)]
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next(step for step in (1, 2, 3, 6, 12) if months // step <= most or step == 12)
    found: list[tuple[int, str]] = []
    for number in range(start.year * 12 + start.month, end.year * 12 + end.month):
        year, month = divmod(number, 12)
        if month % step == 0:
            day = date(year, month + 1, 1)
            found.append((day.toordinal(), str(year) if month == 0 or step == 12 else f"{day:%b}" if found else f"{day:%b} {year}"))
    return found
