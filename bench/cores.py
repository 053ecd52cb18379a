"""How many times as fast two workers read archives of pages as one: each reads its archives by itself, as the parts of a scan are read.

A clock tells this only where nothing else runs. On a busy machine the processor seconds of each process do: two cores of their own would
need at least what the busier worker took, and at least half of what all three processes took together.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onrecord.intake import shards, take_in
from onrecord.read.files import read_sources
from onrecord.run.local import Workers

# Archives, as many for each of two workers, of as many bytes each.
ARCHIVES = 8
# Load of the machine per core below which a clock is believed.
IDLE = 0.3


@dataclass(frozen=True, slots=True)
class Cores:
    """Processor seconds of one process, of each of two workers and of their parent; both times by the clock; load per core before."""

    alone: float
    workers: tuple[float, ...]
    parent: float
    clocks: tuple[float, float]
    load: float

    @property
    def gain(self) -> float:
        """How many times as fast two workers are: by the clock where the machine was idle, by processor time otherwise."""
        if self.idle:
            return self.clocks[0] / self.clocks[1]
        return self.alone / max(*self.workers, (sum(self.workers) + self.parent) / 2)

    @property
    def idle(self) -> bool:
        """Whether the clock counted nothing but this."""
        return self.load < IDLE


def measure_cores(pages: Sequence[bytes]) -> Cores:
    """Reads the pages, put into archives, by one process and by two workers; what they load before they begin is not counted."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        paths = _archives(pages, Path(folder))
        _read_part(paths[0])
        alone, one = _alone(paths)
        with Workers(2) as workers:
            list(workers.map(_read_part, [paths[0]] * 8))
            parent, start = time.process_time(), time.perf_counter()
            busy: dict[int, float] = {}
            for process, seconds in workers.map(_read_part, paths):
                busy[process] = busy.get(process, 0.0) + seconds
            two, parent = time.perf_counter() - start, time.process_time() - parent
    return Cores(alone, tuple(busy.values()), parent, (one, two), load)


def _alone(paths: Sequence[str]) -> tuple[float, float]:
    seconds, start = time.process_time(), time.perf_counter()
    for path in paths:
        _read_part(path)
    return time.process_time() - seconds, time.perf_counter() - start


def _read_part(path: str) -> tuple[int, float]:
    """Reads an archive to its documents; says which process did, and for how many of its seconds."""
    start = time.process_time()
    for shard in shards(read_sources([path]), read_day="2026-11-28"):
        take_in(shard)
    return os.getpid(), time.process_time() - start


def _archives(pages: Sequence[bytes], folder: Path) -> list[str]:
    """The pages in web archives of about as many bytes, which is what their reading costs."""
    files: list[list[bytes]] = [[] for _ in range(ARCHIVES)]
    for page in sorted(pages, key=len, reverse=True):
        min(files, key=lambda file: sum(map(len, file))).append(page)
    paths = []
    for number, file in enumerate(files):
        path = folder / f"{number}.warc"
        path.write_bytes(b"".join(_record(f"https://example.org/{number}/{n}", page) for n, page in enumerate(file)))
        paths.append(str(path))
    return paths


def _record(address: str, page: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Type: application/http;msgtype=response\r\n"
    return f"{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n"
