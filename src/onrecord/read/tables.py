"""Reads tables of reports, as press databases and spreadsheets export them: one report a row, in columns that their first row names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from onrecord.characters import decode
from onrecord.read.pages import MOST_BYTES, stem
from onrecord.read.reports import FIELDS, TEXTS, read_report
from onrecord.read.streams import look
from onrecord.records import Issue, Raw

SEPARATORS = ",;\t|"
WIDE = (b"\xff\xfe", b"\xfe\xff")
# A column is told by its name, however that is written: `Date Published`, `date_published`, `datePublished`.
COLUMNS = {"".join(filter(str.isalnum, name)).lower(): name for names in (*FIELDS.values(), TEXTS) for name in names}


def read_table(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The report of each row; one Issue where no column holds the reports' text, or where a row is larger than a report can be."""
    encoding = "utf-16" if look(stream, 2).startswith(WIDE) else "utf-8-sig"
    # What is not UTF-8 is kept byte by byte, and told cell by cell.
    lines = io.TextIOWrapper(stream, encoding, "replace" if encoding == "utf-16" else "surrogateescape", newline="")
    try:
        yield from _read_rows(name, lines)
    finally:
        lines.detach()


def _read_rows(name: str, lines: io.TextIOWrapper) -> Iterator[Raw | Issue]:
    first = lines.readline(MOST_BYTES)
    separator = max(SEPARATORS, key=first.count)
    heads = [COLUMNS.get("".join(filter(str.isalnum, head)).lower(), "") for head in next(csv.reader([first], delimiter=separator), [])]
    if not set(heads) & set(TEXTS):
        todo = f"name the column of the reports' text in the first row: {', '.join(TEXTS)}"
        yield Issue("read", "a table without a column for the reports' text", name, todo)
        return
    csv.field_size_limit(MOST_BYTES)
    rows = csv.reader(_bounded(lines), delimiter=separator)
    try:
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row):
                yield _read_row(name, heads, row, number)
    except csv.Error:
        where = f"{name}, after line {rows.line_num + 1}"
        yield Issue("read", "a row larger than one report can be", where, "look for a quotation mark that is never closed")


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """Lines, none of which is longer than the table's reader takes."""
    while line := lines.readline(MOST_BYTES + 1):
        # An empty byte is no part of a table, and older readers refuse it.
        yield line.replace("\0", "")


def _read_row(name: str, heads: Sequence[str], row: Sequence[str], number: int) -> Raw | Issue:
    report: dict[str, str] = {}
    for head, cell in zip(heads, row, strict=False):
        if head and cell.strip():
            report.setdefault(head, decode(cell.encode("utf-8", "surrogateescape")))
    where = f"{name}, row {number}"
    if not any(field in report for field in TEXTS):
        return Issue("read", "a row without a text", where, "give the report's text, or leave the row out")
    return read_report(report, name, where, f"{stem(name)}-{number}")
