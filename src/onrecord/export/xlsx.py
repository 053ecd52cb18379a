"""This file writes what is told as a spreadsheet: the register in SIPRI's columns and our own, and a sheet of evidence with every claim.

Texts are written as texts, never as formulas or links, and those that a spreadsheet would run when somebody edits them carry its mark for
text. Numbers are numbers. Rows are streamed, and a sheet that is full goes on in a further one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onrecord.errors import AssetMissing
from onrecord.export.register_csv import FORMULA
from onrecord.export.sipri_csv import HEAD, sipri_cells
from onrecord.export.tables import DEALS, SHEETS, Column, deal_values
from onrecord.export.told import Told

# Excel's own limits: rows of a sheet, characters of a cell.
MOST_ROWS, MOST_CHARACTERS = 2**20, 32_767
CUT = " … [cut]"
# A date of making that is the same for every file, so that the same record gives the same bytes.
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
# SIPRI's nameless columns hold the mark of doubt of the column before them.
DOUBT = "?"
SIPRI = tuple(Column(name or f"{HEAD[place - 1]} {DOUBT}", "text", 6 if not name else 18) for place, name in enumerate(HEAD))
NOTES = (
    "Register of deals as told by reports. One sheet for each kind of row; `deal` ties them together.",
    "register: SIPRI's columns first, then the register's own. Orders and deliveries are filled only where one is said to have happened;",
    "what is planned, possible, conditional or denied stands in Comments. '?' is doubt, '. .' unknown. The TIV columns stay empty.",
    "evidence: one row for each claim. `quote` is the words of the report from character `start` to `end`, counted in Unicode code points.",
    "origin: reports of one origin carry the same original, and count once among `origins`.",
)


def xlsx(told: Told, out: Path) -> None:
    """The workbook: notes, register, evidence, stages, statements, events, conflicts, reports."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise AssetMissing("spreadsheets need the package xlsxwriter: pip install 'onrecord[exports]'") from error
    # What waits to be packed lies beside the file, so that it goes with it when something fails.
    book = Workbook(str(out), {**SETTINGS, "tmpdir": str(out.parent)})
    try:
        _fill(book, told)
        book.close()
    except BaseException:
        for sheet in book.worksheets():
            if sheet.row_data_fh:
                sheet.row_data_fh.close()
        raise


def _fill(book: Any, told: Told) -> None:
    book.set_properties({"title": "Register of deals", "created": MADE})
    known = f"As known on {told.as_of}." if told.as_of else "As known by all reports on record."
    notes = _Sheet(book, "notes", (Column("About this file", "text", 120),))
    for line in (*NOTES, known, *(f"{table.name}: {table.about}." for table in SHEETS[2:])):
        notes.add([line])
    register = _Sheet(book, "register", (*SIPRI, *DEALS))
    for deal in told.deals():
        values = deal_values(deal)
        register.add([*sipri_cells(deal), *(values[column.name] for column in DEALS)])
    sheets = [notes, register]
    for table in SHEETS[2:]:
        sheet = _Sheet(book, table.name, table.columns)
        for values in table.rows(told):
            sheet.add([values.get(column.name) for column in table.columns])
        sheets.append(sheet)
    for sheet in sheets:
        sheet.close()
    register.sheet.activate()


class _Sheet:
    """A sheet that is written row by row, with its heading frozen and filters over it."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column]) -> None:
        self.book = book
        self.name = name
        self.columns = columns
        self.formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"valign": "top"}),
            # The apostrophe that a person would type: the cell stays text when it is edited.
            "marked": book.add_format({"valign": "top", "quote_prefix": True}),
        }
        self.number = 0
        self._begin()

    def add(self, cells: Sequence[Any]) -> None:
        """Adds a row; a full sheet goes on in the next."""
        if self.row >= MOST_ROWS:
            self.close()
            self._begin()
        for place, value in enumerate(cells):
            self._write(place, value)
        self.row += 1

    def close(self) -> None:
        """Puts filters over what was written."""
        self.sheet.autofilter(0, 0, max(self.row - 1, 1), len(self.columns) - 1)

    def _begin(self) -> None:
        self.number += 1
        self.sheet = self.book.add_worksheet(self.name if self.number == 1 else f"{self.name} {self.number}")
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
            self.sheet.write_string(0, place, column.name, self.formats["head"])
        self.sheet.freeze_panes(1, 0)
        self.row = 1

    def _write(self, place: int, value: Any) -> None:
        if value is None or value == "" or value == []:
            return
        if isinstance(value, bool):
            self.sheet.write_string(self.row, place, "yes" if value else "no", self.formats["text"])
        elif isinstance(value, int | float):
            self.sheet.write_number(self.row, place, value, self.formats["text"])
        else:
            text = (" ".join(value) if isinstance(value, list) else str(value)).replace("\r\n", "\n").replace("\r", "\n")
            text = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT
            self.sheet.write_string(self.row, place, text, self.formats["marked" if text.startswith(FORMULA) else "text"])
