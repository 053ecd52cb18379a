"""A large register is counted by a process of its own, once for all that serve it, and is the same as one that is counted here."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.errors import StoreError
from onrecord.serve import counting as module
from onrecord.serve.counting import Counting
from onrecord.serve.listing import read_listing
from onrecord.store.database import place_of
from onrecord.store.freshness import common_name
from page_records import add_to, make_record, some_reports
from reports import make_report


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    monkeypatch.setattr(module, "LARGE", 0)
    monkeypatch.setattr(module, "PIECE", 2)
    with make_record(tmp_path / "r.db", some_reports()) as made:
        yield made


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What every process that counts was asked for."""
    asked: list[str] = []
    run = subprocess.run

    def note(command: Any, **more: Any) -> Any:
        asked.append(more["input"])
        return run(command, **more)

    monkeypatch.setattr(module.subprocess, "run", note)
    return asked


def counting(record: Record, folder: Path) -> Counting:
    return Counting(place_of(record.engine), folder)


def test_the_register_is_the_same_and_counted_once_for_all(record: Record, tmp_path: Path, begun: list[str]) -> None:
    one, other = counting(record, tmp_path), counting(record, tmp_path)
    assert one.read(record.engine, None) == read_listing(record.engine, None) == other.read(record.engine, None)
    assert len(begun) == 1
    assert other.read(record.engine, "2019-08-01") == read_listing(record.engine, "2019-08-01") != one.read(record.engine, None)
    assert len(begun) == 2, "another day is another count"


def test_it_is_counted_anew_when_somebody_wrote(record: Record, tmp_path: Path, begun: list[str]) -> None:
    one = counting(record, tmp_path)
    before, state = one.read(record.engine, None), common_name(record.engine)
    add_to(record, [make_report("five", supplier="SE", recipient="BR", equipment="Gripen", published="2022-01-01")])
    assert common_name(record.engine) != state
    assert len(one.read(record.engine, None).lines) == len(before.lines) + 1 and len(begun) == 2


def test_what_is_written_all_the_time_is_counted_by_each(record: Record, tmp_path: Path, begun: list[str]) -> None:
    def never_quiet(_: object) -> str:
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "common_name", never_quiet)
        assert counting(record, tmp_path).read(record.engine, None) == counting(record, tmp_path).read(record.engine, None)
    assert len(begun) == 2


def test_a_small_record_needs_no_process(record: Record, tmp_path: Path, begun: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGE", 5000)
    assert counting(record, tmp_path).read(record.engine, None) == read_listing(record.engine, None) and begun == []


def test_a_count_that_fails_says_why(record: Record, tmp_path: Path) -> None:
    gone = Counting(str(tmp_path / "gone.db"), tmp_path)
    with pytest.raises(StoreError, match=r"could not be counted \(.*gone\.db: no record here"):
        gone.read(record.engine, None)


def test_registers_of_past_days_are_not_kept_without_end(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    # Counted here instead of by processes, of which there would be five.
    monkeypatch.setattr(Counting, "_count", lambda self, day, state, place: module._store(read_listing(record.engine, day), state, place))
    one = counting(record, tmp_path)
    for day in (None, "2019-08-01", "2019-08-02", "2020-01-01", "2021-01-01"):
        one.read(record.engine, day)
    assert {path.stem for path in tmp_path.glob("*.register")} == {"today", "2020-01-01", "2021-01-01"}
