"""Tests of store/migrate.py, store/database.py and store/tables.py: the schema is what tables.py says, and a foreign file is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from onrecord.errors import StoreError
from onrecord.store.database import file_of, open_database, reading, writing
from onrecord.store.migrate import migrate, migrations
from onrecord.store.tables import RECORD


@pytest.mark.parametrize("table", RECORD.sorted_tables, ids=lambda table: table.name)
def test_the_migrations_make_the_tables_as_described(tmp_path: Path, table: object) -> None:
    engine = open_database(tmp_path / "record.db", create=True)
    made, name = inspect(engine), table.name  # type: ignore[attr-defined]
    columns = [(column["name"], str(column["type"]), column["nullable"]) for column in made.get_columns(name)]
    assert columns == [(c.name, str(c.type), c.nullable) for c in table.columns]  # type: ignore[attr-defined]
    assert made.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]  # type: ignore[attr-defined]
    indexes = {index["name"]: index["column_names"] for index in made.get_indexes(name)}
    assert indexes == {index.name: [c.name for c in index.columns] for index in table.indexes}  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", RECORD.sorted_tables, ids=lambda table: table.name)
def test_every_table_and_column_says_what_it_holds(table: object) -> None:
    assert table.comment  # type: ignore[attr-defined]
    assert all(column.comment for column in table.columns)  # type: ignore[attr-defined]


def test_each_migration_runs_once_and_is_noted(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "record.db", create=True)
    with writing(engine) as db:
        assert migrate(db) == []
        noted = list(db.execute(text("SELECT name FROM migration ORDER BY number")).scalars())
    assert noted == [migration.name for migration in migrations("sqlite")]
    assert [migration.number for migration in migrations("sqlite")] == list(range(1, len(noted) + 1))


def test_a_record_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    open_database(path, create=True).dispose()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO migration VALUES (99, 'later', '2030-01-01')")
    with pytest.raises(StoreError, match="newer onrecord.*upgrade"):
        open_database(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("none.db", None, "no record here; make one with: onrecord add", id="missing"),
        pytest.param("report.txt", b"Norland sold 4 batteries to Sudland.", "is not a record", id="a text"),
        pytest.param("torn.db", b"SQLite format 3\x00" + b"\xff" * 200, "cannot be read as a record", id="a torn database"),
    ],
)
def test_what_is_no_record_is_said_and_left_alone(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=said):
        open_database(path)
    assert (path.read_bytes() if path.exists() else None) == content


@pytest.mark.parametrize(
    ("record", "said"),
    [
        pytest.param(".", "is a folder", id="a folder"),
        pytest.param("no/such/folder/record.db", "its folder does not exist", id="no folder"),
    ],
)
def test_a_record_that_cannot_be_made_is_said(record: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        open_database(record, create=True)


def test_a_record_that_may_not_be_written_can_still_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a record.db"
    open_database(path, create=True).dispose()
    monkeypatch.setattr("os.access", lambda *_: False)
    frozen = open_database(path)
    with reading(frozen) as db:
        assert db.execute(text("SELECT count(*) FROM document")).scalar() == 0
    assert file_of(frozen) == path.resolve()
    with pytest.raises(StoreError, match=f"^{path.resolve()}: cannot be written .*read-?only"), writing(frozen) as db:
        db.execute(text("DELETE FROM issue"))


def test_an_older_record_that_may_not_be_written_is_said_to_want_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record.db"
    open_database(path, create=True).dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(StoreError, match="another onrecord, and may not be written here; copy it"):
        open_database(path)
