"""This file reaches a record on a PostgreSQL server: its address, the settings of a connection, the queue of writers, errors in words.

A password is never part of what is said.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from onrecord.errors import AssetMissing, StoreError
from onrecord.naming import shown

SCHEMES = ("postgres://", "postgresql://")
OLDEST = 13
# Seconds for which a server may keep silent, and for which a writer waits for those before it: what is derived of a large record is worked
# out anew in one transaction of minutes.
ANSWER_WITHIN, QUEUE_FOR = 10, 600
# The first half of the lock's name ("onre"); the second is made of the schema, so that two records in one database keep two queues.
LOCK = 0x6F6E7265
# Pages are read by many at a time.
HELD_OPEN, MOST_OPEN = 8, 32
# Planning to machine code costs more than it saves in queries as short as these. And what is read often lies in memory: with the server's
# own figure for disks that seek, it would read a whole table of origins for the 400 rows of twenty deals.
SETTINGS = "SET jit = off; SET random_page_cost = 1.1"
NUL, INSTEAD = "\x00", "\ufffd"
SAID = (
    (
        r"password authentication failed|no password supplied|pg_hba\.conf|[Pp]eer authentication failed",
        "the server does not let this user in; give the password in PGPASSWORD or ~/.pgpass, or ask who runs the server",
    ),
    (r'database ".*" does not exist', "make the database first: createdb -E UTF8 -T template0 NAME"),
    (r'role ".*" does not exist', "the server knows no such user; make one with createuser, or name another in the address"),
    (r"too many (clients|connections)|remaining connection slots", "the server has no connection to spare; try again later"),
    (
        r"refused|timeout expired|timed out|No such file|could not translate|closed the connection|terminating connection"
        r"|connection is (bad|lost)|[Nn]o route|failed to resolve",
        "nobody answers there; is the server running, is the address right, and may this machine reach it?",
    ),
)
STATES = {
    "42501": "this user has no right to do that; an admin of the record gives it: onrecord grant RECORD USER read|review|admin",
    "55P03": "another writer has held the record for more than ten minutes; try again, or look for it in pg_stat_activity",
    "53100": "the server's disk is full",
    "25006": "the server is a copy that may only be read; name the one that it copies",
    "42P07": "the database holds tables of these names that are no record; name a database of its own, or another schema",
    "42P01": "a table of the record is missing; restore a backup into an empty database",
}


def server_engine(record: str) -> Engine:
    """The engine of a PostgreSQL address; nothing is asked of the server yet."""
    url = _url(record)
    try:
        engine = create_engine(
            url, pool_size=HELD_OPEN, max_overflow=MOST_OPEN - HELD_OPEN, pool_pre_ping=True,
            connect_args={"connect_timeout": ANSWER_WITHIN, "application_name": "onrecord"},
        )  # fmt: skip
    except ModuleNotFoundError as error:
        raise AssetMissing(f'{error.name} is not installed; a record on PostgreSQL needs it: pip install "onrecord[postgres]"') from error
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def explain(error: DatabaseError, record: str) -> StoreError:
    """What the server complained of: what, where, and what to do."""
    said = " ".join(str(error.orig).split())
    state = str(getattr(error.orig, "sqlstate", None) or "")
    todo = STATES.get(state) or next((todo for pattern, todo in SAID if re.search(pattern, said)), "")
    return StoreError(f"{shown(record)}: {said}" + (f"; {todo}" if todo else ""))


def may_derive(db: Connection) -> bool:
    """Whether who is connected may write what is derived, not only append acts."""
    if db.dialect.name != "postgresql":
        return True
    return bool(db.exec_driver_sql("SELECT has_table_privilege('claim', 'INSERT')").scalar())


def _url(record: str) -> URL:
    try:
        url = make_url(record)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not record.startswith(SCHEMES):
        raise StoreError(f"{shown(record)}: is no address of a record; write postgresql://USER@HOST/DATABASE, or the path of a file")
    if not url.database and "service" not in url.query:
        raise StoreError(f"{shown(record)}: names no database; write postgresql://USER@HOST/DATABASE")
    return url.set(drivername="postgresql+psycopg")


def _configure(connection: Any, _: object) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    where = f"database {connection.info.dbname} at {connection.info.host}"
    if encoding != "UTF8":
        connection.close()
        raise StoreError(
            f"{where}: keeps text in {encoding}, which does not hold every letter; make one with: createdb -E UTF8 -T template0 NAME"
        )
    if connection.info.server_version < OLDEST * 10_000:
        connection.close()
        raise StoreError(f"{where}: is PostgreSQL {connection.info.server_version // 10_000}; onrecord needs {OLDEST} or newer")
    connection.autocommit = True
    connection.execute(SETTINGS)
    connection.autocommit = False


def _begin(db: Connection) -> None:
    """A writer queues for the record, and counts itself, so that readers can tell that something changed."""
    writes = db.get_execution_options().get("writes")
    if not writes:
        return
    db.exec_driver_sql(f"SET LOCAL lock_timeout = '{QUEUE_FOR}s'")
    # Each statement after this one sees what the writer before has written, since the isolation is READ COMMITTED.
    db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK}, hashtext(coalesce(current_schema(), '')))")
    if writes != "schema":
        db.exec_driver_sql("UPDATE written SET times = times + 1")


def _without_nul(_: Connection, __: object, statement: str, parameters: Any, ___: object, many: bool) -> tuple[str, Any]:
    """PostgreSQL holds no NUL. No text that was cleaned has one; what a person typed or a server said may."""
    return statement, [_clean(row) for row in parameters] if many else _clean(parameters)


def _clean(row: Any) -> Any:
    if isinstance(row, dict) and any(isinstance(value, str) and NUL in value for value in row.values()):
        return {name: value.replace(NUL, INSTEAD) if isinstance(value, str) else value for name, value in row.items()}
    return row
