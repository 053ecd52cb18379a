"""This file holds what an export is made from, deals with every value, claims, statements, events, reports, and writes it out whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from onrecord.deal_cells import Cell
from onrecord.errors import BadInput
from onrecord.register import RegisterRow, Wanted, read_deals
from onrecord.store.origins import Story, stories
from onrecord.store.told import Chosen, ToldClaim, ToldFinding, ToldReport, report_words, told_claims, told_findings, told_reports

# What SQLite calls the files that belong to a database.
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class ToldDeal:
    """One deal's register row, and every value that reports give for it, the best borne out first within each field."""

    row: RegisterRow
    cells: tuple[Cell, ...]

    def of(self, field: str) -> list[Cell]:
        """The values of one field."""
        return [cell for cell in self.cells if cell.field == field]

    def stages(self, *names: str, modality: str) -> list[Cell]:
        """The stages of these names and of this one modality, so that nothing possible is ever read as done."""
        return [cell for cell in self.of("stage") if cell.value["stage"] in names and cell.value["modality"] == modality]


class Told:
    """A part of a record as exports see it; each method reads it anew, in the same order, from the one state that `db` sees.

    `wanted` filters as the register does; `only` leaves of that the deals with these ids. Statements, events and reports are those of the
    deals asked for, or all of the record where all deals are.
    """

    def __init__(self, db: Any, wanted: Wanted, *, only: frozenset[str] | None = None) -> None:
        self.db = db
        self.wanted = wanted
        self.only = only
        self.chosen = Chosen(wanted.as_of, wanted.supplier, wanted.recipient, wanted.equipment, wanted.sure)
        self.written = 0

    @property
    def as_of(self) -> str | None:
        """The day as known on which the record is told; None is today."""
        return self.wanted.as_of

    def deals(self) -> Iterator[ToldDeal]:
        """The deals, in order of founding; `written` then holds how many there were."""
        self.written = 0
        for row, cells in read_deals(self.db, self.wanted):
            if self._holds(row.deal):
                self.written += 1
                yield ToldDeal(row, cells)

    def deals_with_claims(self) -> Iterator[tuple[ToldDeal, list[ToldClaim]]]:
        """The deals, each with every claim of it; one deal is held at a time, since both come in order of founding."""
        groups = groupby(self.claims(), key=lambda claim: claim.deal)
        waiting: dict[str, list[ToldClaim]] = {}
        for deal in self.deals():
            while deal.row.deal not in waiting and (group := next(groups, None)):
                waiting[group[0]] = list(group[1])
            yield deal, waiting.pop(deal.row.deal, [])

    def claims(self) -> Iterator[ToldClaim]:
        """Every claim of the deals."""
        return (claim for claim in told_claims(self.db, self.chosen) if self._holds(claim.deal))

    def statements(self) -> Iterator[ToldFinding]:
        """Who is on record with what."""
        return self._findings("statement")

    def events(self) -> Iterator[ToldFinding]:
        """What states and organisations did to each other."""
        return self._findings("event")

    def reports(self) -> Iterator[ToldReport]:
        """The reports."""
        reports = told_reports(self.db, self.chosen)
        if self.only is None:
            return reports
        told = {claim.report.id for claim in self.claims()}
        return (report for report in reports if report.id in told)

    def stories(self) -> Iterator[Story]:
        """The originals that several reports carry, as far as one of the reports told does."""
        if self.only is None and not self.chosen.of_some_deals():
            return stories(self.db, as_of=self.as_of)
        held = {report.origin for report in self.reports()}
        return (story for story in stories(self.db, as_of=self.as_of) if story.first in held)

    def text(self, report: ToldReport) -> str:
        """The text of a report."""
        return report_words(self.db, report.id)

    def _findings(self, kind: str) -> Iterator[ToldFinding]:
        found = told_findings(self.db, kind, self.chosen)
        return found if self.only is None else (finding for finding in found if self.only & set(finding.deals))

    def _holds(self, deal: str) -> bool:
        return self.only is None or deal in self.only


def write_whole(out: Path, write: Callable[[Path], None], *, tables: frozenset[str] = frozenset()) -> None:
    """Writes to a place beside `out` and moves it there when it is whole; what goes wrong on the way is a `BadInput` and leaves nothing.

    `write` makes a file at the path that it is given, or a folder of the files named in `tables`, where these are given. A folder is
    replaced only if it holds nothing but such files, and no record is ever written over.
    """
    _check_place(out, tables)
    try:
        with _scratch(out) as scratch:
            new = scratch / "new"
            write(new)
            for path in new.iterdir() if tables else [new]:
                path.chmod(0o644)
            _move(new, out, aside=scratch / "old")
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}; is the disk full, or the folder not yours?") from error


def _check_place(out: Path, tables: frozenset[str]) -> None:
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent} is no folder; make it first, or write elsewhere")
    if out.is_dir():
        if not tables:
            raise BadInput(f"{out} is a folder; give the name of a file to write")
        if strange := sorted(path.name for path in out.iterdir() if path.name not in tables):
            raise BadInput(f"{out} is a folder that holds other things ({strange[0]}); give the name of a new one")
    elif out.exists() and tables:
        raise BadInput(f"{out} is a file, and this form is a folder of tables; give another name")
    elif out.is_file() and _is_record(out):
        raise BadInput(f"{out} is a record or another database, and is not written over; give another name")


def _move(new: Path, out: Path, *, aside: Path) -> None:
    """Puts `new` in the place of `out`; a folder there is put aside first, and back if the move fails."""
    if out.is_dir():
        os.replace(out, aside)
    try:
        os.replace(new, out)
    except OSError:
        if aside.exists():
            os.replace(aside, out)
        raise


def _is_record(path: Path) -> bool:
    """Whether a file is a database, or belongs to one that lies beside it."""
    path = next((path.with_name(path.name.removesuffix(end)) for end in BESIDE if path.name.endswith(end)), path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(16).startswith(b"SQLite format 3")


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder of its own beside `out`, on the same disk, gone at the end whatever happens."""
    path = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name[:60]}."))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
