"""This file keeps the register ready for its pages: every deal as a line, counted once for each state of the record and each day asked for.

The lines come from the same reading of the record as the command's table, so that page and command never differ.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock, Thread

from onrecord.register import Cell, RegisterRow, Wanted, read_deals
from onrecord.resolve.dates import stretch
from onrecord.resolve.goods import goods_of
from onrecord.serve.positions import objecting_roots
from onrecord.store import pages
from onrecord.store.database import Database, reading
from onrecord.store.freshness import Freshness

# Past days kept ready beside today.
DAYS_KEPT = 4


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
    """The register as of a day (None: today): its lines, and how much is on record."""

    lines: tuple[Line, ...]
    span: pages.Span
    as_of: str | None = None

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
        return {name: sorted(counts.items()) for name, counts in counted.items()}

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """The lines by their deals' ids."""
        return {line.row.deal: line for line in self.lines}


class Listings:
    """Holds the listings of a record and counts them anew when somebody has written to it."""

    def __init__(self, engine: Database) -> None:
        self._engine = engine
        self.freshness = Freshness(engine)
        self._held: OrderedDict[str | None, tuple[str, Listing]] = OrderedDict()
        self._lock = Lock()
        self._counting: set[str | None] = set()

    def today(self) -> Listing:
        """The register as it is now; while it is counted anew, the one before."""
        return self.on(None)

    def on(self, day: str | None) -> Listing:
        """The register as known on a day.

        The first reader of a day waits for the count. Later ones get the last count at once, also while a new one is under way because
        somebody wrote to the record.
        """
        version = self.freshness.version()
        with self._lock:
            held = self._held.get(day)
            if held is not None:
                self._held.move_to_end(day)
                if held[0] != version and day not in self._counting:
                    self._counting.add(day)
                    Thread(target=self._count_anew, args=(day, version), daemon=True).start()
                return held[1]
        return self._keep(day, version, read_listing(self._engine, day))

    def wait(self, *, longest: float = 30.0, pause: Callable[[float], None] | None = None) -> None:
        """Returns when what is held is what the record holds, or after so many seconds."""
        from time import monotonic, sleep

        end = monotonic() + longest
        while self._counting and monotonic() < end:
            (pause or sleep)(0.02)

    def close(self) -> None:
        """Gives the connection back."""
        self.freshness.close()

    def _count_anew(self, day: str | None, version: str) -> None:
        try:
            self._keep(day, version, read_listing(self._engine, day))
        finally:
            with self._lock:
                self._counting.discard(day)

    def _keep(self, day: str | None, version: str, listing: Listing) -> Listing:
        with self._lock:
            self._held[day] = (version, listing)
            past = [held for held in self._held if held is not None]
            for old in past[: max(0, len(past) - DAYS_KEPT)]:
                del self._held[old]
        return listing


def read_listing(engine: Database, day: str | None) -> Listing:
    """The register as known on a day, read from the record."""
    with reading(engine) as db:
        span = pages.record_span(db)
        carried = pages.deals_carried(db, as_of=day)
        acts: dict[str, dict[str, set[str]]] = {}
        for deal, actor, root, modality in pages.deal_acts(db, objecting_roots(), as_of=day):
            if modality != "denied":
                acts.setdefault(deal, {}).setdefault(actor, set()).add(root)
        nobody = pages.Carried((), 0)
        lines = tuple(
            _line(row, cells, carried.get(row.deal, nobody), acts.get(row.deal, {})) for row, cells in read_deals(db, Wanted(as_of=day))
        )
    return Listing(lines, span, day)


def _line(row: RegisterRow, cells: Iterable[Cell], carried: pages.Carried, acts: dict[str, set[str]]) -> Line:
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
