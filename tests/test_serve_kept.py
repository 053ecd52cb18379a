"""What is counted from a whole record is kept until somebody writes to it: once for many readers, anew beside them, never too often."""

from __future__ import annotations

from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest

from onrecord.errors import StoreError
from onrecord.serve import kept as module
from onrecord.serve.kept import COUNTS_KEPT, Kept


class Record:
    """Stands for a record: its version, and how often it was counted."""

    def __init__(self) -> None:
        self.state, self.counted, self.slow, self.broken = 1, 0, 0.0, False

    def version(self) -> str:
        return str(self.state)

    def close(self) -> None:
        pass

    def count(self) -> int:
        self.counted += 1
        state = self.state
        sleep(self.slow)
        if self.broken:
            raise StoreError("the disk is gone")
        return state


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setattr(module, "REST", 0)
    return Record()


def keep(record: Record) -> Kept:
    return Kept(record)  # type: ignore[arg-type]


def test_a_count_is_made_once_until_the_record_changes(record: Record) -> None:
    kept = keep(record)
    assert [kept.get("register", record.count) for _ in range(3)] == [1, 1, 1] and record.counted == 1
    record.state = 2
    assert kept.get("register", record.count) == 1, "the one before, at once"
    kept.wait()
    assert kept.get("register", record.count) == 2 and record.counted == 2


def test_many_who_come_first_wait_for_one_count(record: Record) -> None:
    kept, start, found = keep(record), Barrier(8), []
    record.slow = 0.1

    def ask() -> None:
        start.wait()
        found.append(kept.get("register", record.count))

    readers = [Thread(target=ask) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [1] * 8 and record.counted == 1


def test_a_count_that_fails_leaves_the_one_before(record: Record) -> None:
    kept = keep(record)
    kept.get("register", record.count)
    record.state, record.broken = 2, True
    kept.get("register", record.count)
    kept.wait()
    assert kept.get("register", record.count) == 1
    kept.wait()
    record.broken = False
    kept.get("register", record.count)
    kept.wait()
    assert kept.get("register", record.count) == 2


def test_a_first_count_that_fails_is_told_and_tried_again(record: Record) -> None:
    kept = keep(record)
    record.broken = True
    with pytest.raises(StoreError):
        kept.get("register", record.count)
    record.broken = False
    assert kept.get("register", record.count) == 1


def test_a_record_that_is_written_all_the_time_is_not_counted_all_the_time(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REST", 1000)
    kept = keep(record)
    record.slow = 0.01
    kept.get("register", record.count)
    for state in range(2, 30):
        record.state = state
        kept.get("register", record.count)
    kept.wait()
    assert record.counted == 1
    kept.renew("register", "people", longest=5)
    assert kept.get("register", record.count) == 29, "who wrote himself sees what he wrote"


def test_no_more_counts_are_kept_than_a_bound(record: Record) -> None:
    kept = keep(record)
    days: list[Any] = [("register", day) for day in range(COUNTS_KEPT + 5)]
    for day in days:
        kept.get(day, record.count)
    before = record.counted
    kept.get(days[-1], record.count)
    assert record.counted == before
    kept.get(days[0], record.count)
    assert record.counted == before + 1
