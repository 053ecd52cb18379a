"""Lays scores out as text: one table for each set of gold, and the gap between a set that taught and one that only measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onrecord.measure.floors import SetFloors
from onrecord.measure.score import Row

WIDTH = 32


def score_lines(name: str, rows: Mapping[str, Row], known: SetFloors) -> Iterator[str]:
    """One set's table: precision, recall, F1, then floor and target where there are such, then the counts."""
    yield f"{name:{WIDTH}}{'P':>7}{'R':>7}{'F1':>7}{'floor':>7}{'target':>8}{'gold':>7}{'said':>7}"
    for title, row in rows.items():
        target = known.targets.get(title)
        mark = "" if target is None else "  reached" if row.f1 >= target else f"  {row.f1 - target:+.3f}"
        yield (
            f"{title:{WIDTH}}{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}{_number(known.floors.get(title), 7)}"
            f"{_number(target, 8)}{row.gold:7}{row.said:7}{mark}"
        )


def gap_lines(sets: Mapping[str, Mapping[str, Row]]) -> Iterator[str]:
    """F1 of the first set beside each other one's, and by how much the other is better: a wide gap says that reports were learnt."""
    (first, rows), *others = sets.items()
    yield f"{'F1':{WIDTH}}{first:>10}" + "".join(f"{name:>10}{'gap':>8}" for name, _ in others)
    for title, row in rows.items():
        cells = "".join(_gap(row, other.get(title)) for _, other in others)
        if cells.strip():
            yield f"{title:{WIDTH}}{row.f1:10.3f}{cells}"


def _gap(row: Row, other: Row | None) -> str:
    return f"{other.f1:10.3f}{other.f1 - row.f1:+8.3f}" if other else " " * 18


def _number(value: float | None, width: int) -> str:
    return " " * width if value is None else f"{value:{width}.3f}"
