"""Tests that a run may be killed at any moment: the same command again ends with the record of an undisturbed run."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onrecord.api import open_record
from onrecord.records import Json
from onrecord.run.local import Workers
from onrecord.store.query import dump_tables

TESTS = Path(__file__).parent
# A run over 64 reports of 12 deals that takes about a second; it says when it begins.
RUN = """
import sys, time
sys.path.insert(0, {tests!r})
import onrecord.passes as passes
from onrecord.api import open_record
from onrecord.records import Issue
from reports import TEXT, analysis_of, make_report
# Reports of one count are copies of each other and of no other ones.
texts = [" ".join([TEXT, *(f"Word{{n}}x{{m}} of harbour{{n}}x{{m}} went{{n}}x{{m}}." for m in range(40))]) for n in range(4)]
seen = [("approval", "actual", "2019-07")]
reports = [
    make_report(f"r{{n}}", recipient=["TR", "IN", "CN"][n % 3], number=[4, 40, None, 5][n % 4], text=texts[n % 4], stages=seen)
    for n in range(64)
]
analyse = analysis_of(*reports)
def slow(work):
    time.sleep(0.05)
    return analyse(work)
passes.analyse_work = slow
items = [item for r in reports for item in (r.document, Issue("date", "no date", r.document.uri, notice=True))]
print("begun", flush=True)
print(open_record({record!r}).add_documents(items).added)
"""


def start(record: Path) -> subprocess.Popen[str]:
    script = RUN.format(tests=str(TESTS), record=str(record))
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def finish(process: subprocess.Popen[str]) -> int:
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    return int(out)


def dump(record: Path) -> dict[str, list[dict[str, Json]]]:
    """All tables but the list of runs, without when an issue was met or a verdict reached, and by which run and when a change was noted."""
    opened = open_record(record, create=False)
    with opened.engine.connect() as db:
        tables = dump_tables(db)
    opened.close()
    del tables["run"]
    for issue in tables["issue"]:
        del issue["seen_at"]
    for verdict in (*tables["deal_member"], *tables["deal_doubt"]):
        del verdict["judged_at"]
    for change in tables["history"]:
        del change["noted_at"], change["run"]
    return tables


def test_a_run_killed_at_any_moment_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert finish(start(whole)) == 64
    moments = random.Random(20261128)
    seen = [0]
    for _ in range(5):
        process = start(broken)
        time.sleep(moments.uniform(0.0, 0.35))
        process.kill()
        process.communicate()
        opened = open_record(broken)
        seen.append(opened.counts()["document"])
        assert opened.check() == []
        opened.close()
    assert seen == sorted(seen)
    rest = finish(start(broken))
    assert rest == 64 - seen[-1]
    assert dump(broken) == dump(whole)
    assert finish(start(broken)) == 0
    assert dump(broken) == dump(whole)


def test_two_runs_at_once_make_the_record_of_one(tmp_path: Path) -> None:
    whole, shared = tmp_path / "whole.db", tmp_path / "shared.db"
    finish(start(whole))
    both = [start(shared), start(shared)]
    assert sum(finish(process) for process in both) == 64
    one, other = dump(whole), dump(shared)
    # Which of many near misses under one crowded key is noted depends on the order of arrival, which two writers share out by chance.
    assert [doubts.pop("deal_doubt") != [] for doubts in (one, other)] == [True, True]
    assert other == one


@pytest.mark.parametrize("jobs", [1, 2])
def test_batches_come_back_in_order(jobs: int) -> None:
    batches = [[0] * length for length in (3, 1, 2, 5, 4, 0, 7)]
    with Workers(jobs) as workers:
        assert list(workers.map(len, batches)) == [3, 1, 2, 5, 4, 0, 7]


def test_no_more_than_a_few_batches_are_held_at_a_time() -> None:
    taken = 0

    def batches() -> object:
        nonlocal taken
        for _ in range(50):
            taken += 1
            yield [taken]

    with Workers(2) as workers:
        for number, _ in enumerate(workers.map(len, batches()), 1):  # type: ignore[arg-type, var-annotated]
            assert taken - number <= 5


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    with Workers(2) as workers, pytest.raises(ZeroDivisionError):
        list(workers.map((1).__truediv__, [1, 0, 1]))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes under /proc")
def test_workers_end_with_a_killed_parent() -> None:
    script = """
import multiprocessing, threading, time
from onrecord.run.local import Workers
if __name__ == "__main__":
    threading.Thread(target=lambda: list(Workers(2).map(time.sleep, [60] * 4)), daemon=True).start()
    while len(multiprocessing.active_children()) < 2:
        time.sleep(0.02)
    time.sleep(1)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    workers = [int(pid) for pid in process.stdout.readline().split()]
    assert len(workers) == 2
    assert all(is_alive(pid) for pid in workers)
    process.kill()
    process.communicate()
    until = time.monotonic() + 120
    while any(is_alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(is_alive(pid) for pid in workers)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_caller_that_has_enough_does_not_wait_for_the_workers() -> None:
    start = time.monotonic()
    with Workers(2) as workers:
        next(workers.map(time.sleep, [0.0, *[60.0] * 6]))
    assert time.monotonic() - start < 59
