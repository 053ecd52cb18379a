"""How many times as fast two workers read archives of pages as one: each reads its archives by itself, as the parts of a scan are read.

A clock tells this only where nothing else runs. On a busy machine the processor seconds of the processes do: two cores of their own need
half of what all of them take together, for archives are handed out as workers get free, and no less than the parent takes alone. Of some
rounds the least is believed, since what else runs can only add to a process's seconds.
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

# Archives of as many bytes each, and how often both sides read them, in turns.
ARCHIVES, ROUNDS = 8, 3
# Load of the machine per core below which a clock is believed.
IDLE = 0.3


@dataclass(frozen=True, slots=True)
class Cores:
    """Processor seconds of one process, of two workers together and of their parent; both times by the clock; load per core before."""

    alone: float
    workers: float
    parent: float
    clocks: tuple[float, float]
    load: float

    @property
    def gain(self) -> float:
        """How many times as fast two workers are: by the clock where the machine was idle, by processor time otherwise."""
        if self.idle:
            return self.clocks[0] / self.clocks[1]
        return self.alone / max(self.parent, (self.workers + self.parent) / 2)

    @property
    def idle(self) -> bool:
        """Whether the clock counted nothing but this."""
        return self.load < IDLE


def measure_cores(pages: Sequence[bytes]) -> Cores:
    """Reads the pages, put into archives, by one process and by two workers; what they load before they begin is not counted."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    alone, together = [], []
    with tempfile.TemporaryDirectory() as folder, Workers(2) as workers:
        paths = _archives(pages, Path(folder))
        _read_part(paths[0])
        list(workers.map(_read_part, [paths[0]] * 6))
        for _ in range(ROUNDS):
            alone.append(_alone(paths))
            together.append(_together(workers, paths))
    both, parent, _ = min(together)
    return Cores(min(alone)[0], both, parent, (min(clock for _, clock in alone), min(clock for *_, clock in together)), load)


def _together(workers: Workers, paths: Sequence[str]) -> tuple[float, float, float]:
    parent, start = time.process_time(), time.perf_counter()
    busy = sum(workers.map(_read_part, paths))
    return busy, time.process_time() - parent, time.perf_counter() - start


def _alone(paths: Sequence[str]) -> tuple[float, float]:
    seconds, start = time.process_time(), time.perf_counter()
    for path in paths:
        _read_part(path)
    return time.process_time() - seconds, time.perf_counter() - start


def _read_part(path: str) -> float:
    """Reads an archive to its documents; for how many of its process's seconds."""
    start = time.process_time()
    for shard in shards(read_sources([path]), read_day="2026-11-28"):
        take_in(shard)
    return time.process_time() - start


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
