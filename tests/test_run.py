"""Worker processes: whatever becomes of one of them, every batch is done once, in order, and none of them is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from onrecord.errors import WorkerLost
from onrecord.run.local import Care, Workers
from onrecord.run.worker import held_memory

HELD: list[bytearray] = []


def double(number: int) -> int:
    return number * 2


def echo(body: bytes) -> bytes:
    return body


def slowly(number: int) -> tuple[int, int]:
    time.sleep(0.1)
    return number, os.getpid()


def die_once(marker: str) -> str:
    """Ends its process in the midst of the first call."""
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def fall_on_poison(batch: list[str]) -> list[str]:
    if "poison" in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return [word.upper() for word in batch]


def leave(code: int) -> None:
    os._exit(code)


def grow(number: int) -> tuple[int, int]:
    HELD.append(bytearray(60 * 2**20))
    return number, os.getpid()


def take_too_much(_: int) -> int:
    return len(bytearray(3 * 2**30))


CARE: Care[list[str], list[str]] = Care(
    split=lambda batch: [[word] for word in batch],
    join=lambda parts: [word for part in parts for word in part],
    lost=lambda batch, why: [f"lost {batch[0]}: {why}"],
)


def test_results_come_in_order_and_no_worker_is_left() -> None:
    with Workers(2) as workers:
        assert list(workers.map(double, range(40))) == [2 * number for number in range(40)]
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_maps_that_feed_each_other_share_the_workers() -> None:
    with Workers(2) as workers:
        assert list(workers.map(double, workers.map(double, range(30)))) == [4 * number for number in range(30)]
        assert len(multiprocessing.active_children()) == 2


def test_a_batch_whose_worker_dies_is_done_again(tmp_path: Path) -> None:
    with Workers(2) as workers:
        markers = [str(tmp_path / name) for name in "abc"]
        assert list(workers.map(die_once, markers)) == ["done"] * 3


@pytest.mark.parametrize("moment", [0.05, 0.6, 1.3])
def test_workers_killed_from_outside_lose_nothing(moment: float) -> None:
    def kill_all() -> None:
        time.sleep(moment)
        for child in multiprocessing.active_children():
            child.kill()

    with Workers(2) as workers:
        threading.Thread(target=kill_all).start()
        found = list(workers.map(slowly, range(24)))
    assert [number for number, _ in found] == list(range(24))


def test_a_report_that_no_worker_survives_is_lost_alone() -> None:
    with Workers(2) as workers:
        found = list(workers.map(fall_on_poison, [["a", "b"], ["c", "poison", "d"], ["e"]], care=CARE))
    assert found == [["A", "B"], ["C", "lost poison: the process that read it was ended by signal 9", "D"], ["E"]]


def test_without_care_a_lost_batch_stops_the_run_and_says_what_to_do() -> None:
    with Workers(2) as workers, pytest.raises(WorkerLost, match="--jobs 1"):
        list(workers.map(fall_on_poison, [["a"], ["poison"]]))


@pytest.mark.parametrize("code", [0, 3])
def test_workers_that_never_do_anything_stop_the_run(code: int) -> None:
    with Workers(2) as workers, pytest.raises(WorkerLost):
        list(workers.map(leave, [code] * 50))


def test_a_script_that_starts_itself_over_is_told_what_it_lacks(tmp_path: Path) -> None:
    lines = ("from onrecord.run.local import Workers", "with Workers(2) as workers:", "    print(list(workers.map(abs, [1, 2])))")
    (tmp_path / "careless.py").write_text("\n".join(lines))
    told = subprocess.run([sys.executable, str(tmp_path / "careless.py")], capture_output=True, text=True, timeout=120)
    assert told.returncode != 0
    assert "lacks `if __name__" in told.stderr


def test_a_worker_that_never_ends_is_replaced() -> None:
    with Workers(2) as workers:
        # The start of a worker counts as its first batch's time, and takes a busy machine longer than this bound.
        while len({process for _, process in workers.map(slowly, range(4))}) < 2:
            pass
        workers.most_seconds = 6.0
        care: Care[float, object] = Care(split=lambda seconds: [seconds], join=list, lost=lambda _, why: why)
        found = list(workers.map(time.sleep, [0.0, 60.0, 0.1], care=care))
    assert found == [None, "the process that read it was busy for more than 6 seconds", None]


@pytest.mark.skipif(not held_memory(), reason="reads its memory from /proc")
def test_a_worker_that_has_grown_too_large_is_replaced_between_batches() -> None:
    with Workers(2, most_memory=200) as workers:
        found = list(workers.map(grow, range(12)))
    assert [number for number, _ in found] == list(range(12))
    assert 4 <= len({process for _, process in found}) <= 8


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system bounds no memory")
def test_a_batch_that_takes_too_much_memory_fails_and_the_worker_goes_on() -> None:
    with Workers(2, most_memory=1024) as workers:
        with pytest.raises(MemoryError):
            list(workers.map(take_too_much, [1]))
        assert list(workers.map(double, [1, 2])) == [2, 4]


def test_large_batches_and_results_do_not_block_each_other() -> None:
    bodies = [bytes([number]) * 3_000_000 for number in range(12)]
    with Workers(2) as workers:
        for body, back in zip(bodies, workers.map(echo, bodies), strict=True):
            time.sleep(0.02)
            assert back == body


def test_an_error_is_raised_here_with_its_own_type() -> None:
    with Workers(2) as workers, pytest.raises(ValueError, match="invalid literal"):
        list(workers.map(int, ["1", "x"]))
