"""This file writes a record into one portable file and reads it back: documents, what the analysis made of them, acts, history.

Nothing derived is in it. The form is JSON lines, packed by gzip: a head, one line a row, and an end with the hash of all before it, so that
a torn or changed file is refused. It does not hang on the database that wrote it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from onrecord.errors import BadInput
from onrecord.store.deriving import EMPTIED, derive_rest, machine_findings
from onrecord.store.finding_rows import Numbered, Rows, pack_findings, unpack_findings
from onrecord.store.fulltext import index_documents
from onrecord.store.lookup import document_of
from onrecord.store.tables import ABOUT, AS_ANALYSED, CLAIM, DOCUMENT, FINDING, RECORD, STATEMENT

FORM = 1
FINDINGS = "findings"
# Rows that are written to the database at a time.
AT_A_TIME = 500
# A line longer than this is no row of ours: the longest report that is read has 32 million characters.
LONGEST = 1 << 28


def carried() -> list[Table]:
    """The tables that a backup carries whole, in an order in which they can be filled; findings go by document beside them."""
    left_out = {*EMPTIED, FINDING, CLAIM, ABOUT, STATEMENT, AS_ANALYSED}
    return [table for table in RECORD.sorted_tables if table not in left_out]


def write_bundle(db: Connection, out: Path) -> int:
    """Writes all that a record is made from into a file that is there whole or not at all; the number of its lines."""
    digest, count = hashlib.sha256(), 0
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
            for line in _lines(db):
                packed = (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode()
                digest.update(packed)
                file.write(packed)
                count += 1
            file.write((json.dumps({"end": digest.hexdigest(), "lines": count}) + "\n").encode())
        part.replace(out)
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}; is the disk full, or the folder not yours?") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def read_bundle(db: Connection, source: Path) -> int:
    """Fills an empty record from such a file and works out the rest; the number of reports. A file that is not whole is a `BadInput`."""
    if db.execute(select(DOCUMENT.c.number).limit(1)).first() is not None:
        raise BadInput("a backup is restored into a record that is not there yet, or is empty; name another file")
    tables = {table.name: table for table in carried()}
    waiting: dict[str, list[dict[str, Any]]] = {}
    reports = 0
    for name, row in _checked(source):
        if name == FINDINGS:
            _flush(db, tables, waiting)
            _put_findings(db, row)
            continue
        if name not in tables:
            raise BadInput(f"{source}: holds a table {name!r} that this onrecord does not know; upgrade onrecord")
        reports += name == DOCUMENT.name
        waiting.setdefault(name, []).append(row)
        if len(waiting[name]) >= AT_A_TIME:
            _flush(db, tables, waiting)
    _flush(db, tables, waiting)
    derive_rest(db)
    return reports


def _lines(db: Connection) -> Iterator[Any]:
    yield {"onrecord": "record", "form": FORM}
    for table in carried():
        for row in db.execute(select(table).order_by(*table.primary_key.columns)).mappings():
            yield [table.name, dict(row)]
        if table is DOCUMENT:
            for number, findings in machine_findings(db):
                if findings:
                    yield [FINDINGS, {"document": number, "findings": pack_findings(findings)}]


def _checked(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a backup, its head and end checked; the hash is known at the end, so the caller's transaction must not be kept before."""
    digest, count = hashlib.sha256(), 0
    try:
        with gzip.open(source, "rb") as file:
            for line in _bounded(file, source):
                read = json.loads(line)
                if isinstance(read, dict) and "end" in read:
                    if read != {"end": digest.hexdigest(), "lines": count} or file.read(1):
                        break
                    return
                digest.update(line)
                count += 1
                if count == 1:
                    if read != {"onrecord": "record", "form": FORM}:
                        raise BadInput(f"{source}: is no backup of this form; make one with: onrecord backup RECORD FILE")
                    continue
                yield read[0], read[1]
    except (OSError, EOFError, ValueError, IndexError, KeyError, TypeError) as error:
        raise BadInput(f"{source}: cannot be read as a backup ({error}); is the file whole?") from error
    raise BadInput(f"{source}: was cut off or changed: its end does not fit; use another copy")


def _bounded(file: gzip.GzipFile, source: Path) -> Iterator[bytes]:
    while line := file.readline(LONGEST):
        if len(line) >= LONGEST:
            raise BadInput(f"{source}: holds a line of more than {LONGEST:,} bytes; that is no backup")
        yield line


def _flush(db: Connection, tables: dict[str, Table], waiting: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in waiting.items():
        if rows:
            db.execute(insert(tables[name]), rows)
            if name == DOCUMENT.name:
                index_documents(db, rows)
    waiting.clear()


def _put_findings(db: Connection, row: dict[str, Any]) -> None:
    document = db.execute(select(DOCUMENT).where(DOCUMENT.c.number == row["document"])).one()
    rows = Rows()
    findings: list[Numbered] = [(number, finding, {}) for number, finding in unpack_findings(row["findings"], document_of(document))]
    rows.take_findings(document.number, document_of(document), document.known, findings)
    rows.write(db)
