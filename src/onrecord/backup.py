"""This file takes a record with you: backup into one file, restore from it, rebuild what is derived, check all of it."""

from __future__ import annotations

import os
from pathlib import Path

from onrecord.errors import BadInput, OnrecordError
from onrecord.history import note_history
from onrecord.naming import is_address
from onrecord.store.audit import Flaw, find_flaws
from onrecord.store.bundle import read_bundle, write_bundle
from onrecord.store.database import Database, Opened, file_of, open_database, reading, writing
from onrecord.store.deriving import derive_all


def backup(record: Opened, out: str | Path) -> int:
    """Writes a record into one file (JSON lines, gzip) while others may read and write it; the number of lines."""
    out = Path(out)
    if out.is_dir() or not out.parent.is_dir():
        raise BadInput(f"{out}: give the name of a file in a folder that is there")
    own = file_of(record.engine)
    if own is not None and out.resolve() == own.resolve():
        raise BadInput(f"{out} is the record itself; name another file")
    with reading(record.engine) as db:
        return write_bundle(db, out)


def restore(source: str | Path, record: str | Path) -> int:
    """Makes a new record from a backup, whole or not at all; the number of reports. A record that is there already is left alone.

    On a server the database has to be there, with no record or an empty one in it.
    """
    source = Path(source)
    if not source.is_file():
        raise BadInput(f"{source}: no such file; give a backup made with: onrecord backup RECORD FILE")
    if is_address(record):
        engine = open_database(record, create=True)
        count = _fill(engine, source)
        engine.dispose()
        return count
    target = Path(record)
    if target.exists():
        raise BadInput(f"{target} is there already; restore to a new place")
    part = target.with_name(f".{target.name}.part")
    _remove(part)
    try:
        engine = open_database(part, create=True)
        count = _fill(engine, source)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        os.link(part, target)
    except FileExistsError as error:
        raise BadInput(f"{target} is there by now; restore to a new place") from error
    except OSError as error:
        raise OnrecordError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        _remove(part)
    return count


def rebuild(record: Opened) -> int:
    """Works out anew all that is derived, from documents, the analysis' findings and acts; the number of reports. One transaction."""
    with writing(record.engine) as db:
        note_history(db)
        count = derive_all(db)
        note_history(db)
        return count


def flaws(record: Opened) -> list[Flaw]:
    """What of a record does not fit its hashes, its acts or itself; empty when all is well."""
    with reading(record.engine) as db:
        return list(find_flaws(db))


def _fill(engine: Database, source: Path) -> int:
    with writing(engine) as db:
        count = read_bundle(db, source)
        note_history(db)
        return count


def _remove(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + end).unlink(missing_ok=True)
