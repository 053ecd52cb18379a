"""This file opens a record: an SQLite file with the settings under which a killed process leaves it whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from onrecord.errors import StoreError
from onrecord.store.acted import adopt_judgements
from onrecord.store.deals import settle
from onrecord.store.migrate import is_current, migrate

# Another writer is waited for before anything else; write-ahead logging lets readers read while a run writes; the cache (64 MiB)
# keeps the upper levels of the big indexes in memory.
SETTINGS = ("busy_timeout = 20000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536")
Database = Engine


def open_database(record: str | Path, *, create: bool = False) -> Database:
    """The record's database, migrated; one that is missing is made only if `create`, one that may not be written is opened for reading."""
    if str(record).startswith(("postgres://", "postgresql://", "postgresql+")):
        raise StoreError(f"{record}: PostgreSQL is not supported yet; give the path of an SQLite file")
    path = Path(record)
    _check(path, create)
    frozen = path.exists() and not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK))
    address = f"file:{quote(str(path.resolve()))}?immutable=1&uri=true" if frozen else str(path)
    engine = create_engine(f"sqlite:///{address}")
    if not frozen:
        event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    with reading(engine) as db:
        current = is_current(db)
    if not current:
        with writing(engine) as db:
            migrate(db)
            # What a migration took away of what is derived is there again before anybody reads.
            settle(db)
            adopt_judgements(db)
    return engine


@contextmanager
def reading(engine: Database) -> Iterator[Connection]:
    """A connection that sees one state of the record; what the database complains of is said as a `StoreError`."""
    try:
        with engine.connect() as db:
            yield db
    except DatabaseError as error:
        raise StoreError(
            f"{engine.url.database}: cannot be read as a record ({error.orig}); name another file or restore a copy"
        ) from error


@contextmanager
def writing(engine: Database) -> Iterator[Connection]:
    """A transaction that takes the write lock when it begins, so that two writers queue instead of colliding."""
    try:
        with engine.execution_options(writes=True).begin() as db:
            yield db
    except DatabaseError as error:
        raise StoreError(
            f"{engine.url.database}: cannot be written ({error.orig}); check that the disk has room, that you may write there,"
            " and that no other program holds the record"
        ) from error


def _check(path: Path, create: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; a record is one file, e.g. {path / 'record.db'}")
    if not create and not path.exists():
        raise StoreError(f"{path}: no record here; make one with: onrecord add {path} SOURCE...")
    if create and not path.resolve().parent.is_dir():
        raise StoreError(f"{path}: its folder does not exist; make it first")
    if path.exists() and path.stat().st_size:
        with path.open("rb") as file:
            if not file.read(16).startswith(b"SQLite format 3"):
                raise StoreError(f"{path}: is not a record; name the record first, then the sources")


def _configure(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own transaction handling is switched off: it would begin late, and in the wrong mode.
    connection.isolation_level = None
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")
