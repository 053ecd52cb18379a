"""This file opens a record: an SQLite file with the settings under which a killed process leaves it whole, or a PostgreSQL database.

On both a reader sees one state of the record, and writers queue: there is never more than one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError

from onrecord.errors import StoreError
from onrecord.naming import is_address, shown
from onrecord.store.acted import adopt_judgements
from onrecord.store.deals import settle
from onrecord.store.migrate import is_current, migrate
from onrecord.store.server import explain, server_engine

# Another writer is waited for before anything else; write-ahead logging lets readers read while a run writes; the cache (64 MiB)
# keeps the upper levels of the big indexes in memory, and pages that many reports change are copied from the log seldom (64 MiB).
SETTINGS = (
    "busy_timeout = 20000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536",
    "wal_autocheckpoint = 16384",
)  # fmt: skip
# What one of many connections keeps of it (4 MiB).
SPARING = -4096
Database = Engine


class Opened(Protocol):
    """An open record, as `onrecord.open` gives it."""

    engine: Database


def open_database(record: str | Path, *, create: bool = False) -> Database:
    """The record's database, migrated; one that is missing is made only if `create`, one that may not be written is opened for reading."""
    engine = _open_server(str(record), create) if is_address(record) else _open_file(Path(record), create)
    try:
        _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def place_of(engine: Database) -> str:
    """The path or address of an open record, without a password, as it may be printed."""
    path = file_of(engine)
    return str(path) if path else shown(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))


def file_of(engine: Database) -> Path | None:
    """The file of an open record; None of one on a server."""
    if engine.url.get_backend_name() != "sqlite":
        return None
    # One that may not be written is opened by a URI.
    return Path(unquote(str(engine.url.database).removeprefix("file:")) if _is_frozen(engine) else str(engine.url.database))


def spare_memory(engine: Database) -> None:
    """Has each connection to a file hold less of it in memory: of many that read side by side, the system's own cache serves all."""
    if engine.url.get_backend_name() == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA cache_size = {SPARING}"))


@contextmanager
def reading(engine: Database) -> Iterator[Connection]:
    """A connection that sees one state of the record; what the database complains of is said as a `StoreError`."""
    try:
        with engine.connect() as db:
            if db.dialect.name == "postgresql":
                db = db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield db
    except DatabaseError as error:
        if engine.dialect.name == "postgresql":
            raise explain(error, place_of(engine)) from error
        raise StoreError(f"{place_of(engine)}: cannot be read as a record ({error.orig}); name another file or restore a copy") from error


@contextmanager
def writing(engine: Database) -> Iterator[Connection]:
    """A transaction that takes the write lock when it begins, so that two writers queue instead of colliding."""
    with _transaction(engine, "rows") as db:
        yield db


@contextmanager
def _transaction(engine: Database, writes: str) -> Iterator[Connection]:
    try:
        with engine.execution_options(writes=writes).begin() as db:
            yield db
    except DatabaseError as error:
        if engine.dialect.name == "postgresql":
            raise explain(error, place_of(engine)) from error
        raise StoreError(
            f"{place_of(engine)}: cannot be written ({error.orig}); check that the disk has room, that you may write there,"
            " and that no other program holds the record"
        ) from error


def _bring_up_to_date(engine: Database) -> None:
    with reading(engine) as db:
        if is_current(db):
            return
    if _is_frozen(engine):
        raise StoreError(f"{place_of(engine)}: is of another onrecord, and may not be written here; copy it to a folder of yours")
    with _transaction(engine, "schema") as db:
        migrate(db)
        # What a migration took away of what is derived is there again before anybody reads.
        settle(db)
        adopt_judgements(db)


def _is_frozen(engine: Database) -> bool:
    """Whether a record is a file that may not be written."""
    return "immutable" in engine.url.query


def _open_file(path: Path, create: bool) -> Database:
    _check(path, create)
    frozen = path.exists() and not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK))
    address = f"file:{quote(str(path.resolve()))}?immutable=1&uri=true" if frozen else str(path)
    engine = create_engine(f"sqlite:///{address}")
    if not frozen:
        event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _open_server(address: str, create: bool) -> Database:
    engine = server_engine(address)
    with reading(engine) as db:
        there = inspect(db).has_table("migration")
    if not there and not create:
        engine.dispose()
        raise StoreError(f"{shown(address)}: no record in this database; make one with: onrecord add {shown(address)} SOURCE...")
    return engine


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
        if (tables := _tables(path)) and "migration" not in tables:
            raise StoreError(f"{path}: is a database of another program (it holds {tables[0]}); name another file")


def _tables(path: Path) -> list[str]:
    """The tables of a database, which is left as it is; none of one that cannot be looked into, of which whoever reads it will hear."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as db:
            return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    except sqlite3.DatabaseError:
        return []


def _configure(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own transaction handling is switched off: it would begin late, and in the wrong mode.
    connection.isolation_level = None
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")
