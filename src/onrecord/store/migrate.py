"""This file brings a record's schema up to date: it applies the numbered files of migrations/ in order, each once, and notes what ran.

A file `0002_fulltext.sqlite.sql` runs on SQLite only; one without a database in its name runs on all, with SQLite's names of types put into
PostgreSQL's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from onrecord.errors import StoreError

NAME = re.compile(r"(?P<number>\d{4})_(?P<what>\w+?)(?:\.(?P<dialect>sqlite|postgresql))?\.sql")
# What the types of the portable files are in PostgreSQL: texts are put in the order of their bytes, as SQLite does, whatever language the
# server speaks; numbers of findings pass 2^31, places in a text do not; rows lie in the order of the primary key in SQLite alone.
IN_POSTGRESQL = (
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),
    (r"(?<!start_at )(?<!end_at )\bINTEGER\b", "BIGINT"),
    (r"\bBLOB\b", "BYTEA"),
    (r"\)\s*WITHOUT ROWID$", ")"),
)
LEDGER = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its number, its name and the statements in it."""

    number: int
    name: str
    statements: tuple[str, ...]


def migrate(db: Connection) -> list[str]:
    """Applies what is missing inside the caller's transaction; the names of what ran. A record from a newer onrecord is refused."""
    db.execute(text(LEDGER))
    applied = {row.number for row in db.execute(text("SELECT number FROM migration"))}
    known = list(migrations(db.dialect.name))
    newer = applied - {migration.number for migration in known}
    if newer:
        raise StoreError(f"{db.engine.url.database}: written by a newer onrecord (migration {max(newer)}); upgrade onrecord")
    missing = [migration for migration in known if migration.number not in applied]
    for migration in missing:
        for statement in migration.statements:
            db.exec_driver_sql(statement)
        note = {"number": migration.number, "name": migration.name, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        db.execute(text("INSERT INTO migration (number, name, applied_at) VALUES (:number, :name, :at)"), note)
    return [migration.name for migration in missing]


def is_current(db: Connection) -> bool:
    """Whether every migration has run; a database without any of our tables is not current."""
    if not inspect(db).has_table("migration"):
        return False
    applied = {row.number for row in db.execute(text("SELECT number FROM migration"))}
    return applied == {migration.number for migration in migrations(db.dialect.name)}


def migrations(dialect: str) -> Iterator[Migration]:
    """Every migration for a database, in order."""
    for path in sorted(files("onrecord").joinpath("store", "migrations").iterdir(), key=lambda path: path.name):
        match = NAME.fullmatch(path.name)
        if match and match["dialect"] in (None, dialect):
            statements = _statements(path.read_text(encoding="utf-8"))
            yield Migration(int(match["number"]), path.name, tuple(_spoken(statement, dialect) for statement in statements))


def _statements(script: str) -> Iterator[str]:
    lines = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("--"))
    yield from (statement.strip() for statement in lines.split(";") if statement.strip())


def _spoken(statement: str, dialect: str) -> str:
    """A statement as a database wants it; only those that make tables and columns differ."""
    if dialect == "postgresql" and re.match(r"(CREATE|ALTER) TABLE", statement):
        for ours, theirs in IN_POSTGRESQL:
            statement = re.sub(ours, theirs, statement)
    return statement
