"""This file counts the register for its pages: every deal as a line, with who reports it and who objects to it.

The lines come from the same reading of the record as the command's table, so that page and command never differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from onrecord.deal_cells import Cell
from onrecord.parties import party_name
from onrecord.register import RegisterRow, Wanted, read_deals
from onrecord.resolve.dates import stretch
from onrecord.resolve.goods import goods_of
from onrecord.serve.positions import objecting_roots
from onrecord.store import page_deals, pages
from onrecord.store.database import Database, reading

# Of what there is much to choose from, such as outlets, the most frequent are offered; the address takes any.
MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One deal as the register lists it.

    `category` is the class of its equipment ("" if no table tells); `years` those in which a stage of it is dated, or else in which it was
    reported; `objectors` the states and bodies beside its own sides that threaten, reject, punish or blame over it, each with the roots of
    those acts; `newest` numbers its newest report; `places` says where the words of each best cell stand: report, start, end.
    """

    row: RegisterRow
    category: str
    years: tuple[str, ...]
    outlets: tuple[str, ...]
    objectors: tuple[tuple[str, tuple[str, ...]], ...]
    newest: int
    places: dict[str, tuple[str, int, int]]


@dataclass(frozen=True)
class Listing:
    """The register as of a day (None: today): its lines, and how much is on record; `orders` keeps each order once asked for."""

    lines: tuple[Line, ...]
    span: pages.Span
    as_of: str | None = None
    orders: dict[str, tuple[Line, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """What can be chosen from, with the number of deals of each: states, classes, stages, years, outlets."""
        counted: dict[str, Counter[str]] = {
            name: Counter() for name in ("state", "supplier", "recipient", "class", "stage", "year", "outlet")
        }
        for line in self.lines:
            counted["supplier"].update(line.row.supplier)
            counted["recipient"].update(line.row.recipient)
            counted["state"].update({*line.row.supplier, *line.row.recipient})
            counted["class"].update([line.category] if line.category else ())
            counted["stage"].update([str(line.row.stage["stage"])] if line.row.stage else ())
            counted["year"].update(year for year in line.years if year)
            counted["outlet"].update(line.outlets)
        return {name: sorted(counts.most_common(MOST_CHOICES)) for name, counts in counted.items()}

    @cached_property
    def newest(self) -> int:
        """The number of the newest report of any deal."""
        return max((line.newest for line in self.lines), default=0)

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """The lines by their deals' ids."""
        return {line.row.deal: line for line in self.lines}

    @cached_property
    def supplied(self) -> dict[str, list[Line]]:
        """The lines by who supplies."""
        return _by_party(self.lines, "supplier")

    @cached_property
    def received(self) -> dict[str, list[Line]]:
        """The lines by who receives."""
        return _by_party(self.lines, "recipient")

    @cached_property
    def words(self) -> list[str]:
        """What a search of deals looks through, line by line: sides, equipment, class, stage, id, in lower case."""
        return list(map(_words, self.lines))

    @cached_property
    def arrivals(self) -> list[int]:
        """The numbers of the newest report of each deal, in order: how many have news since a report is found by halving."""
        return sorted(line.newest for line in self.lines)

    def of_party(self, code: str) -> Iterable[Line]:
        """The lines of which a state or body is a side, in order of founding."""
        own = {line.row.deal for side in (self.supplied, self.received) for line in side.get(code, ())}
        return (line for line in self.lines if line.row.deal in own) if own else ()


def read_listing(engine: Database, day: str | None, *, deals: tuple[int, ...] = ()) -> Listing:
    """The register as known on a day, read from the record; with `deals` (numbers) only those lines of it, which costs next to nothing."""
    with reading(engine) as db:
        span = pages.record_span(db) if not deals else pages.Span(0, 0, 0, "", "")
        carried = page_deals.deals_carried(db, as_of=day, deals=deals)
        acts: dict[str, dict[str, set[str]]] = {}
        for deal, actor, root, modality in page_deals.deal_acts(db, objecting_roots(), as_of=day, deals=deals):
            if modality != "denied":
                acts.setdefault(deal, {}).setdefault(actor, set()).add(root)
        nobody = page_deals.Carried((), 0)
        once = _Once()
        lines = tuple(
            once.line(_line(row, cells, carried.get(row.deal, nobody), acts.get(row.deal, {})))
            for row, cells in read_deals(db, Wanted(as_of=day, deals=deals))
        )
    return Listing(lines, span, day)


class _Once:
    """Holds equal values of many lines once: names, counts, stages, lists of outlets. Nobody changes what a line holds."""

    def __init__(self) -> None:
        self._held: dict[Any, Any] = {}

    def line(self, line: Line) -> Line:
        """The line made of values that are shared with other lines."""
        row = line.row
        return replace(
            line,
            row=replace(
                row,
                **{name: self._one(getattr(row, name)) for name in ("supplier", "recipient", "equipment", "first_said", "last_said")},
                **{name: self._one(getattr(row, name)) for name in ("quantity", "value", "stage", "disputed", "inferred", "sure")},
                **{name: self._one(getattr(row, name)) for name in ("reviewed", "evidence")},
            ),
            **{name: self._one(getattr(line, name)) for name in ("category", "years", "outlets", "objectors")},
        )

    def _one(self, value: Any) -> Any:
        if isinstance(value, tuple):
            value = tuple(map(self._one, value))
        # What equals is not always the same: 1 and 1.0 are told differently.
        key = (type(value), repr(value))
        return self._held.setdefault(key, value)


def _by_party(lines: Iterable[Line], side: str) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        for party in getattr(line.row, side):
            found.setdefault(party, []).append(line)
    return found


def _words(line: Line) -> str:
    names = (party_name(code) for code in (*line.row.supplier, *line.row.recipient))
    stage = str(line.row.stage["stage"]) if line.row.stage else ""
    return " ".join((*names, line.row.equipment, line.category, stage, line.row.deal)).casefold()


def _line(row: RegisterRow, cells: Iterable[Cell], carried: page_deals.Carried, acts: dict[str, set[str]]) -> Line:
    sides = {*row.supplier, *row.recipient}
    goods = goods_of(row.equipment)
    return Line(
        replace(row, evidence={}),
        goods.category,
        _years(cells) or (row.first_said[:4],),
        carried.outlets,
        tuple((actor, tuple(sorted(roots))) for actor, roots in sorted(acts.items()) if actor not in sides),
        carried.newest,
        {field: (evidence.document, evidence.start, evidence.end) for field, evidence in row.evidence.items()},
    )


def _years(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The years that the dated stages of a deal lie in; of a stretch its first and last."""
    years: set[str] = set()
    for cell in cells:
        if cell.field == "stage" and cell.value["when"] and (days := stretch(str(cell.value["when"]).strip("~?%"))):
            years |= {day[:4] for day in days if day[:4] not in ("0000", "9999")}
    return tuple(sorted(years))
