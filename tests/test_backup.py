"""Tests of backup.py and store/audit.py: a record can be taken away and made again the same, and tells when it was tampered with."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from onrecord import backup, history, review
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.migrate import migrations
from onrecord.store.query import dump_tables
from onrecord.store.tables import RECORD
from onrecord.store.write import add_reports
from reports import TEXT, file_only, make_report

pytestmark = pytest.mark.usefixtures("database")

SPOIL_CLAIM = "UPDATE claim SET value = '\"US\"' WHERE field = 'supplier' AND finding IN (SELECT number FROM finding WHERE document = {})"
# The last migration of version 0.1.0's line before acts were kept.
RELEASED = 4
BY = {"by": "Ada Ek", "why": "read it again"}


def dump(record: Record) -> dict[str, Any]:
    """All tables, without when the rule reached its verdicts."""
    with reading(record.engine) as db:
        tables = dump_tables(db)
    for verdict in (*tables["deal_member"], *tables["deal_doubt"]):
        del verdict["judged_at"]
    return tables


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record with a history: two analyses, a page read again, acts of every kind, one undone, one orphaned."""
    opened = open_record(tmp_path / "record.db")

    def put(version: str, *reports: Any) -> None:
        with writing(opened.engine) as db:
            add_reports(db, reports, analysed_by=version)
            settle(db)
            history.note_history(db)

    late = make_report("three", text=TEXT + " Late.", published="2019-08-01", number=6)
    put("v1", make_report("one"), make_report("two", recipient="IN", text=TEXT + " More."), late)
    review.correct(opened, "one#t1:quantity", "5 batteries", **BY)
    review.accept(opened, "three#t1", by="Bo")
    review.undo(opened, review.reject(opened, "two#t1", **BY).number, by="Bo")
    review.add(
        opened, "two", "stage", [review.Mark("stage", "contract", "sold"), review.Mark("modality", "actual", "sold")], part_of="t1", **BY
    )
    review.judge(opened, "one#t1", "two#t1", "same", **BY)
    review.judge(opened, "one#t1", "three#t1", "different", **BY)
    put("v2", make_report("one", number=40), make_report("early", text=TEXT + " Early.", published="2018-01-01"))
    put("v2", make_report("three", text=TEXT.replace("4 S-400 batteries", "S-400 systems") + " Late.", published="2019-08-01", number=None))
    return opened


def test_a_record_made_again_from_its_backup_is_the_same_byte_for_byte(tmp_path: Path, record: Record, place: Callable[[str], str]) -> None:
    before, rows = dump(record), record.register()
    assert backup.backup(record, tmp_path / "one.gz") > 20
    assert backup.restore(tmp_path / "one.gz", place("again.db")) == 5
    again = open_record(place("again.db"))
    assert again.register() == rows and again.register(as_of="2019-07-25") == record.register(as_of="2019-07-25")
    after = dump(again)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert len(again.search("Norland")) == len(record.search("Norland")) > 2
    backup.backup(again, tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert again.check() == [] and backup.flaws(again) == []


def test_what_is_derived_is_worked_out_anew_in_place(record: Record) -> None:
    before = dump(record)
    with writing(record.engine) as db:
        for table in ("cell", "deal_doubt", "deal_party", "act_state", "judgement", "report_origin"):
            db.exec_driver_sql(f"DELETE FROM {table}")
    assert record.register() == []
    assert backup.rebuild(record) == 5
    assert dump(record) == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE act SET why = 'other' WHERE number = 1", "act 1 or one before it was changed"),
        ("UPDATE act SET person = 'Bo' WHERE number = 3", "act 3 or one before"),
        ("DELETE FROM act_target WHERE act = 2", "act 2 or one before"),
        ("UPDATE document SET text = text || '!' WHERE number = 2", "does not fit its hash"),
        (SPOIL_CLAIM.format(4), "a finding does not fit"),
        (SPOIL_CLAIM.format(1), "not applied as it should"),
        ("UPDATE judgement SET left_id = 'nobody'", "a verdict is on transfers that are not on record"),
    ],
)  # fmt: skip
def test_a_record_that_was_tampered_with_says_so(tmp_path: Path, record: Record, spoil: str, said: str) -> None:
    path = str(tmp_path / "record.db")
    assert backup.flaws(record) == []
    with writing(record.engine) as db:
        assert db.exec_driver_sql(spoil).rowcount > 0
    assert any(said in flaw.what for flaw in backup.flaws(record))
    record.close()
    found = CliRunner().invoke(main, ["check", path])
    assert found.exit_code == 1 and said in found.output


def test_a_sound_record_is_said_to_be_sound(tmp_path: Path, record: Record) -> None:
    assert backup.flaws(record) == []
    fine = CliRunner().invoke(main, ["check", str(tmp_path / "record.db")])
    assert fine.exit_code == 0 and "cut their words" in fine.output


@file_only
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_made(tmp_path: Path, record: Record) -> None:
    backup.backup(record, tmp_path / "whole.gz")
    lines = gzip.decompress((tmp_path / "whole.gz").read_bytes()).splitlines(keepends=True)
    spoilt = {
        "cut": lines[:-1],
        "short": [*lines[:3], *lines[4:]],
        "changed": [line.replace(b"Norland", b"Morland") for line in lines],
        "foreign": [json.dumps({"onrecord": "record", "form": 9}).encode() + b"\n", *lines[1:]],
        "text": [b"Norland sold 4 batteries.\n"],
    }
    for name, content in spoilt.items():
        (tmp_path / name).write_bytes(gzip.compress(b"".join(content)))
        with pytest.raises(BadInput):
            backup.restore(tmp_path / name, tmp_path / f"{name}.db")
    (tmp_path / "torn").write_bytes((tmp_path / "whole.gz").read_bytes()[:-30])
    with pytest.raises(BadInput, match="whole"):
        backup.restore(tmp_path / "torn", tmp_path / "torn.db")
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["record.db"]
    assert not list(tmp_path.glob(".*part*"))
    with pytest.raises(BadInput, match="there already"):
        backup.restore(tmp_path / "whole.gz", tmp_path / "record.db")
    with pytest.raises(BadInput, match="the record itself"):
        backup.backup(record, tmp_path / "record.db")


def test_the_commands_of_a_keeper(tmp_path: Path, record: Record, place: Callable[[str], str]) -> None:
    path, run = str(tmp_path / "record.db"), CliRunner().invoke
    deal = record.register(recipient="TR", as_of="2018-06-01")[0].deal
    record.close()
    assert "lines written" in run(main, ["backup", path, str(tmp_path / "b.gz")]).output
    assert "5 reports restored" in run(main, ["restore", str(tmp_path / "b.gz"), place("n.db")]).output
    assert "5 reports worked out anew" in run(main, ["rebuild", path]).output
    told = run(main, ["history", path]).output
    assert "→ 5 batteries (act 1: correct by Ada Ek: read it again)" in told
    assert "change" in run(main, ["history", path, deal[:8]]).output
    assert json.loads(run(main, ["history", path, "--format", "json"]).output)[0]["before"] is None
    assert "held no deal" in run(main, ["history", path, "--on", "2020-01-01"]).output
    assert run(main, ["history", path, "--on", "yesterday"]).exit_code == 2
    for name, said in (("zzz", "'zzz' is no deal id"), ("ffffffffff", "no deal ffffffffff in the history")):
        none = run(main, ["history", path, name])
        assert none.exit_code == 2 and said in none.output


@file_only
def test_a_record_of_the_released_schema_keeps_its_verdicts_as_acts(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    opened = open_record(path)
    one, two = make_report("one"), make_report("two", recipient="IN", text=TEXT + " More.")
    with writing(opened.engine) as db:
        add_reports(db, [one, two], analysed_by="v1")
        settle(db)
    opened.close()
    made_then, made_since = ("\n".join(statement for migration in migrations("sqlite") if (migration.number <= RELEASED) is then
                                       for statement in migration.statements) for then in (True, False))  # fmt: skip
    with sqlite3.connect(path) as old:
        remade = re.findall(r"DROP INDEX (\w+)", made_since)
        for name in (index.name for table in RECORD.sorted_tables for index in table.indexes):
            if f"CREATE INDEX {name} " not in made_then or name in remade:
                old.execute(f"DROP INDEX IF EXISTS {name}")
        for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", made_since):
            old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for name in remade:
            old.execute(re.findall(rf"CREATE INDEX {name} [^\n]+", made_then)[-1])
        for table in reversed(RECORD.sorted_tables):
            if f"CREATE TABLE {table.name} " not in made_then:
                old.execute(f"DROP TABLE {table.name}")
        old.execute(f"DELETE FROM migration WHERE number > {RELEASED}")
        row = (1, one.findings[0].id, two.findings[0].id, "same", 1.0, "one notice", "Ada Ek", "2026-01-01T10:00:00+00:00", 2)
        old.execute("INSERT INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    old.close()
    again = open_record(path)
    assert len(again.register()) == 1
    (done,) = review.acts(again)
    assert (done.act.verb, done.act.by, done.act.why, done.act.at) == ("same", "Ada Ek", "one notice", "2026-01-01T10:00:00+00:00")
    with writing(again.engine) as db:
        add_reports(db, [make_report("one", number=40)], analysed_by="v2")
        settle(db)
    assert len(again.register()) == 1 and backup.flaws(again) == []
