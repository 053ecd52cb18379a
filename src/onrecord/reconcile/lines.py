"""This file reads the lines of a user's table: finds its headings among the lines before them, its encoding, and what its cells mean.

SIPRI's conventions hold for any table: ". ." is unknown, brackets or a "?" mark doubt, years are divided by semicolons.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import BadInput
from onrecord.parties import party_code, party_name
from onrecord.reconcile.mapping import FIELDS, NEEDED, Mapped

# SIPRI's whole register has about 30,000 lines in 6 MB.
MOST_BYTES, MOST_LINES, MOST_CHARACTERS = 2**26, 500_000, 2**17
# Headings are looked for in so many lines; SIPRI's own stand in the twelfth.
PREAMBLE = 60
UNKNOWN = re.compile(r"\.\s?\.|n/?a|-|unknown.*", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SPAN = re.compile(r"((?:19|20)\d\d)\s*[-\u2013/]\s*((?:19|20)\d\d|\d\d)(?!\d)")
DOUBTFUL = re.compile(r"[(\[].*[)\]]|.*\?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of pieces, and whether it is marked as doubtful."""

    value: float
    unsure: bool


@dataclass(frozen=True, slots=True)
class Years:
    """Years in order, and whether they are marked as doubtful."""

    years: tuple[int, ...]
    unsure: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the user's table. Sides are codes, or None where it says unknown; `strange` are names that no table of ours holds."""

    number: int
    recipient: str | None
    supplier: str | None
    recipient_name: str
    supplier_name: str
    equipment: str
    designation: str
    description: str
    order_year: Years | None
    ordered: Number | None
    delivered: Number | None
    delivery_years: Years | None
    status: str
    comments: str
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a file, and what of it could not be read: the number of the line and why."""

    lines: tuple[Line, ...]
    not_read: tuple[tuple[int, str], ...]


def read_table(path: Path, mapped: Mapped) -> Table:
    """The lines of a table; a file that is none is a `BadInput` that says what was looked for."""
    rows = list(_rows(path, mapped))
    places, first = _headings(path, rows, mapped)
    doubts = _doubts(rows[first - 1][1], places)
    lines, not_read = [], []
    for number, row in rows[first:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if not any(cells.values()):
            continue
        doubt = {name: place < len(row) and row[place].strip() == "?" for name, place in doubts.items()}
        if not cells["equipment"] or not (cells["recipient"] or cells["supplier"]):
            not_read.append((number, "no equipment or no side is named: " + " ".join(cell for cell in row if cell.strip())[:80]))
            continue
        lines.append(_line(number, cells, doubt, mapped))
    return Table(tuple(lines), tuple(not_read))


def _rows(path: Path, mapped: Mapped) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line on which each ends."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: has more than {MOST_BYTES // 2**20} MiB; give a part of it")
        body = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    if b"\x00" in body[:1000] or body[:2] == b"PK":
        raise BadInput(f"{path}: is no text; save the table as CSV first")
    text = _decoded(path, body, mapped.encoding)
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=mapped.delimiter or _delimiter(text))
    try:
        for row in reader:
            if reader.line_num > MOST_LINES:
                raise BadInput(f"{path}: has more than {MOST_LINES} lines; give a part of it")
            yield reader.line_num, row
    except csv.Error as error:
        raise BadInput(f"{path}: line {reader.line_num} is no line of a CSV ({error})") from error


def _decoded(path: Path, body: bytes, encoding: str | None) -> str:
    """The text: UTF-8 where it is that, else the Latin letters of Windows, which hold those of latin-1."""
    try:
        return body.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding:
            raise BadInput(f"{path}: is not in {encoding} (byte {error.start}); leave encoding out, and it is found out") from error
        return body.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """What divides most cells in the lines that can be headings."""
    lines = text.split("\n", PREAMBLE)[:PREAMBLE]
    return max(",;\t|", key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _headings(path: Path, rows: Sequence[tuple[int, list[str]]], mapped: Mapped) -> tuple[dict[str, int], int]:
    """Where each field stands, and the place of the first row after the headings."""
    for place, (number, row) in enumerate(rows[:PREAMBLE]):
        if mapped.header is not None and number != mapped.header:
            continue
        heads = [" ".join(cell.replace("\ufeff", "").split()).casefold() for cell in row]
        places = {
            name: heads.index(found) for name in FIELDS if (found := next((h for h in mapped.columns.get(name, ()) if h in heads), None))
        }
        if all(name in places for name in NEEDED):
            return places, place + 1
    wanted = ", ".join(repr(mapped.columns[name][0]) for name in NEEDED)
    where = f"line {mapped.header}" if mapped.header else f"the first {PREAMBLE} lines"
    raise BadInput(f"{path}: no line of headings with {wanted} in {where}; say which columns they are with --map FILE.toml")


def _doubts(heads: Sequence[str], places: Mapping[str, int]) -> dict[str, int]:
    """Where the question marks of fields stand: in the next column, if it has no heading, as SIPRI has it."""
    after = {name: places[name] + 1 for name in ("order_year", "ordered", "delivered") if name in places}
    return {name: place for name, place in after.items() if place < len(heads) and not heads[place].strip()}


def _line(number: int, cells: Mapping[str, str], doubt: Mapping[str, bool], mapped: Mapped) -> Line:
    strange: list[str] = []
    sides = {name: _party(cells[name], mapped, strange) for name in ("recipient", "supplier")}
    designation = mapped.equipment.get(cells["equipment"].casefold(), cells["equipment"])
    return Line(
        number, sides["recipient"], sides["supplier"], cells["recipient"], cells["supplier"], cells["equipment"], designation,
        cells.get("description", ""), _years(cells.get("order_year", ""), doubt.get("order_year", False)),
        _number(cells.get("ordered", ""), doubt.get("ordered", False)), _number(cells.get("delivered", ""), doubt.get("delivered", False)),
        _years(cells.get("delivery_years", ""), doubt.get("delivered", False)), cells.get("status", ""), cells.get("comments", ""),
        tuple(strange),
    )  # fmt: skip


def _party(name: str, mapped: Mapped, strange: list[str]) -> str | None:
    """The code of a state or body; None where it is unknown, or no table holds it, which `strange` then says."""
    # SIPRI marks groups that are no state's with stars.
    bare = name.strip().strip("*").strip()
    if not bare or UNKNOWN.fullmatch(bare):
        return None
    if known := mapped.states.get(bare.casefold()):
        return known
    for written in (bare, bare.replace("-", " and "), re.sub(r"\s*\(.*\)$", "", bare)):
        try:
            return party_code(written)
        except BadInput:
            continue
    strange.append(name)
    return None


def _number(cell: str, unsure: bool) -> Number | None:
    doubtful = unsure or bool(DOUBTFUL.fullmatch(cell))
    found = re.search(r"\d[\d\s,.']*", cell)
    if found is None or UNKNOWN.fullmatch(cell.strip("()[]? ")):
        return None
    digits = re.sub(r"[\s,']|\.(?=\d{3}(?!\d))", "", found.group()).rstrip(".")
    try:
        return Number(float(digits), doubtful)
    except ValueError:
        return None


def _years(cell: str, unsure: bool) -> Years | None:
    """The years of "2019; 2020", "2017-2019" or "(2015)"."""
    years = {int(year) for year in YEAR.findall(cell)}
    for first, last in SPAN.findall(cell):
        end = int(last) if len(last) == 4 else int(first[:2] + last)
        years |= set(range(int(first), min(end, int(first) + 60) + 1))
    return Years(tuple(sorted(years)), unsure or bool(DOUBTFUL.fullmatch(cell))) if years else None


def side_name(code: str | None, written: str) -> str:
    """What a side is called: by our name, or as the line has it."""
    return party_name(code) if code else written or "unknown"
