"""Scans: parts become shard files that are whole or not there, are not read twice, and load into the record that `add` would make."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord import cli, passes, scan
from onrecord.api import open_record
from onrecord.errors import BadInput
from onrecord.records import Issue
from onrecord.run.shards import SUFFIX, Part, read_shard, write_shard
from onrecord.scan import load_shards, scan_sources, tasks_of
from onrecord.scanning import Clock
from onrecord.store.query import dump_tables
from reports import make_report

DAY = "2026-11-28"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six small reports, three to a part, of which the analysis makes a transfer each."""
    monkeypatch.setattr(scan, "MOST_FILES", 3)

    def analyse(work: passes.Work) -> passes.Done:
        made = [make_report(document.key) for document in work.documents]
        reports = [replace(report, document=replace(report.document, key=d.key)) for report, d in zip(made, work.documents, strict=True)]
        return passes.Done(work, tuple(reports))

    monkeypatch.setattr(passes, "analyse_work", analyse)
    place = tmp_path / "news"
    place.mkdir()
    for number in range(6):
        text = f"Report {number}. Portugal signed a contract for {number + 2} KC-390 aircraft from Brazil on Monday."
        (place / f"r{number}.json").write_text(json.dumps({"id": f"r{number}", "published": "2026-11-20", "text": text}))
    (place / ".hidden").write_text("x")
    return place


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    report = replace(make_report("one"), issues=(Issue("date", "no date", "one", notice=True),))
    part = Part((report,), (Issue("read", "broken", "x", "mend it"),), {"page names no military equipment": 3}, 5)
    write_shard(tmp_path / f"a{SUFFIX}", [part, Part()], analysed_by="rules/1")
    analysed_by, parts = read_shard(tmp_path / f"a{SUFFIX}")
    assert (analysed_by, list(parts)) == ("rules/1", [part, Part()])


def test_a_shard_is_whole_or_not_there(tmp_path: Path) -> None:
    def broken() -> object:
        yield Part()
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write_shard(tmp_path / f"a{SUFFIX}", broken(), analysed_by="x")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"no gzip", gzip.compress(b'{"form": "other"}\n'), gzip.compress(b"[]\n"), gzip.compress(b'{"form": "onrecord-shard/1"}')[:20]],
)
def test_what_is_no_shard_is_refused_by_name(tmp_path: Path, body: bytes) -> None:
    (tmp_path / f"a{SUFFIX}").write_bytes(body)
    with pytest.raises(BadInput, match="a.shard"):
        list(read_shard(tmp_path / f"a{SUFFIX}")[1])


def test_a_scan_and_a_load_make_the_record_of_add(folder: Path, tmp_path: Path) -> None:
    done = list(scan_sources([folder], tmp_path / "shards", read_day=DAY))
    assert [(part.reports, part.pages, part.known) for part in done] == [(3, 3, False), (3, 3, False)]
    dumps = []
    for name in ("loaded", "added"):
        with open_record(tmp_path / f"{name}.db") as record:
            if name == "loaded":
                assert sum(step.added for step in load_shards(record, tmp_path / "shards")) == 6
                assert sum(step.added for step in load_shards(record, tmp_path / "shards")) == 0
            else:
                assert record.add(folder).added == 6
            with record.engine.connect() as db:
                tables = dump_tables(db)
            # A slow run reaches its verdicts in another second.
            for verdict in tables["deal_member"]:
                del verdict["judged_at"]
            dumps.append({name: tables[name] for name in ("finding", "claim", "deal", "deal_member", "cell")})
    assert dumps[0] == dumps[1]
    assert len(dumps[0]["finding"]) >= 6


def test_a_part_that_is_done_is_not_read_again_and_one_that_changed_is(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    list(scan_sources([folder], out, read_day=DAY))
    assert [part.known for part in scan_sources([folder], out, read_day=DAY)] == [True, True]
    first, second = sorted(out.iterdir())
    second.unlink()
    assert [part.known for part in scan_sources([folder], out, read_day=DAY)] == [True, False]
    (folder / "r0.json").write_text('{"text": "Chile ordered four KC-390 aircraft from Brazil in May, its air force said."}')
    assert [part.known for part in scan_sources([folder], out, read_day=DAY)] == [False, True]


def test_the_same_sources_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in "ab":
        list(scan_sources([folder], tmp_path / name, read_day=DAY))
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab")
    assert one == other
    assert len(one) == 2


def test_hidden_files_are_no_part_and_a_missing_source_is_said(folder: Path, tmp_path: Path) -> None:
    tasks = list(tasks_of([folder], tmp_path, screen="none", read_day=DAY))
    assert [len(task.sources) for task in tasks] == [3, 3]
    with pytest.raises(BadInput, match="no such file"):
        list(tasks_of([folder / "nothing"], tmp_path, screen="none", read_day=DAY))
    with pytest.raises(BadInput, match="local, ray"):
        list(scan_sources([folder], tmp_path / "x", runner="spark"))


@pytest.mark.parametrize(
    ("after", "done", "said"),
    [(60.0, 1, "; about 9 min left"), (3600.0, 1, "; about 9 h 0 min left"), (1.0, 9, "; about 1 min left"), (60.0, 10, "")],
)
def test_the_time_left_is_told_by_what_the_parts_took(after: float, done: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    clock = Clock()
    clock.begin(10)
    now += after
    assert clock.left(done, read=True) == said
    assert clock.left(done, read=False) == ""


def test_the_commands_say_what_they_did_and_what_comes_next(folder: Path, tmp_path: Path) -> None:
    out, record = str(tmp_path / "shards"), str(tmp_path / "r.db")
    scanned = CliRunner().invoke(cli.main, ["scan", str(folder), "--out", out])
    assert scanned.exit_code == 0, scanned.output
    assert f"2 parts in {out}: 6 reports read now, 0 of 6 pages left out." in scanned.output
    loaded = CliRunner().invoke(cli.main, ["load", record, out])
    assert loaded.exit_code == 0, loaded.output
    assert "6 reports read, 0 already known, 0 skipped." in loaded.output
    assert CliRunner().invoke(cli.main, ["load", record, str(folder)]).exit_code == 2
