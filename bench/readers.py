"""Measures the pages of a large record: bench/readers.py RECORD [--readers N] [--workers N] [--seconds S].

RECORD is one that bench/large.py wrote; `onrecord serve` runs beside, as a process of its own. Three measures:

- alone: one request after another, of every kind of page; processor time of the server, and wall time;
- readers: that many people at once, who look at each page for one to three seconds before they ask for the next;
- without pause: as many that ask again as soon as they are answered. That is no reader; it says how many pages a second the server makes.

Addresses are chosen as readers would: deals in the news more often than others, first pages more often than later ones.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

LONGEST_P95, LONGEST_QUERY, MOST_MEMORY = 100, 50, 500
TICK = os.sysconf("SC_CLK_TCK")
SEED = 9
# How often readers ask for each kind of page.
SHARES = {
    "register": 20, "filtered": 10, "sorted": 5, "deal": 20, "hot deal": 5, "report": 15, "search": 5, "state": 5, "states": 3, "person": 3,
    "people": 2, "body": 2, "changes": 3, "sources": 1, "source": 2, "reports": 2, "beside": 1, "feed": 2, "json": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What pages of one kind took, in milliseconds: medians and the time within which 95 of 100 came, and kilobytes."""

    kind: str
    asked: int
    processor: tuple[float, float] | None
    wall: tuple[float, float]
    size: float


def main() -> None:
    """Measures, prints the tables, ends with 1 where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--each", type=int, default=40, help="how many pages of each kind are asked for alone")
    options = parser.parse_args()
    with served(options.record, workers=options.workers) as (port, process):
        start = time.perf_counter()
        first = urlopen(f"http://127.0.0.1:{port}/register", timeout=600).read()
        print(f"first register after {time.perf_counter() - start:.1f} s, {len(first) // 1024} kB")
        asked = addresses(port, random.Random(SEED))
        for kind in asked:
            urlopen(f"http://127.0.0.1:{port}{asked[kind][0]}", timeout=600).read()
        alone = asyncio.run(measure_alone(port, process.pid, asked, options.each))
        show(f"alone, {options.workers} worker(s)", alone)
        print(f"memory {memory(process.pid):.0f} MB (limit {MOST_MEMORY})")
        for title, pause in (("looking at each for 1 to 3 s", (1.0, 3.0)), ("without pause", None)):
            before, start = processor(process.pid), time.perf_counter()
            costs, total = asyncio.run(measure_readers(port, asked, options.readers, options.seconds, pause))
            took = time.perf_counter() - start
            used = (processor(process.pid) - before) / took
            show(f"{options.readers} readers {title}: {total / took:.1f} pages a second, {used:.2f} cores", costs)
            if pause:
                slow = [cost.kind for cost in costs if cost.wall[1] > LONGEST_P95]
        held = memory(process.pid)
        print(f"memory {held:.0f} MB (limit {MOST_MEMORY}); kinds over {LONGEST_P95} ms: {', '.join(slow) or 'none'}")
    sys.exit(bool(slow) or held > MOST_MEMORY)


@contextmanager
def served(record: str, *, workers: int = 1) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of a server of the record's pages, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "onrecord"), "serve", record, "--port", str(port)]
    process = subprocess.Popen([*command, *(["--workers", str(workers)] if workers > 1 else [])], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as tried:
                if not tried.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(30)


def addresses(port: int, chance: random.Random) -> dict[str, list[str]]:
    """Addresses of each kind, taken from what the pages themselves list."""

    def ask(address: str) -> Any:
        return json.loads(urlopen(f"http://127.0.0.1:{port}{address}", timeout=600).read())

    hot = [deal["deal"] for deal in ask("/register.json?sort=-sources&per=50")["deals"]]
    total = ask("/register.json")["total"]
    pages = [chance.randint(1, max(1, total // 100)) for _ in range(8)]
    some = [deal for page in pages for deal in ask(f"/register.json?per=100&sort=-sources&page={page}")["deals"]]
    reports = [report["id"] for page in (1, 2, 9, 40) for report in ask(f"/reports.json?page={page}")["reports"]]
    people = [one["name"] for page in (1, 2) for one in ask(f"/people.json?page={page}")["people"]]
    bodies = [one["name"] for one in ask("/people.json")["bodies"]]
    outlets = [one["name"] for one in ask("/sources.json")["outlets"]]
    copies = [(copy["report"]["id"], id) for id in reports[:40] for copy in ask(f"/reports/{id}.json")["view"]["copies"][:1]]
    states = ["US", "RU", "FR", "DE", "CN", "IN", "SA", "TR", "PK", "AE", "EG", "AU", "GR", "VN", "PE"]
    goods = sorted({deal["equipment"] for deal in some if deal["equipment"]})
    words = [deal["equipment"].split()[0] for deal in some if deal["equipment"]][:60] + [
        "pieces",
        "minister",
        "US delivery",
        '"actual contract"',
    ]
    filters = [f"state={state}" for state in states] + [f"year={year}" for year in (1999, 2010, 2021)] + ["only=disputed", "only=objected"]
    filters += [f"equipment={quote(name)}" for name in goods[:20]] + [
        "class=fighter",
        "stage=delivery&modality=planned",
        "supplier=US&recipient=IN",
    ]
    sorts = [f"sort={way}{name}&page={page}" for name in ("value", "supplier", "when", "sources") for way in ("", "-") for page in (1, 3)]
    asked = {
        "register": ["/register"] * 4 + [f"/register?page={page}" for page in (2, 3, 50)],
        "filtered": [f"/register?{one}" for one in filters],
        "sorted": [f"/register?{one}" for one in sorts],
        "deal": [f"/deals/{deal['deal']}" for deal in some],
        "hot deal": [f"/deals/{deal}" for deal in hot],
        "report": [f"/reports/{id}" for id in reports],
        "search": [f"/search?q={quote(word)}" for word in words],
        "state": [f"/states/{state}" for state in states],
        "states": ["/states", "/states?since=2010&until=2020", "/states?since=2020"],
        "person": [f"/people/{quote(name)}" for name in people],
        "people": ["/people", "/people?page=2", f"/people?name={quote(people[0].split()[-1])}"],
        "body": [f"/bodies/{quote(name)}" for name in bodies],
        "changes": ["/changes"],
        "sources": ["/sources"],
        "source": [f"/sources/{quote(name)}" for name in outlets],
        "reports": ["/reports", "/reports?page=2", "/reports?page=900"],
        "beside": [f"/reports/{one}/beside/{other}" for one, other in copies],
        "feed": ["/changes.atom", "/states/TR.atom", *(f"/deals/{deal}.atom" for deal in hot[:9]), f"/search.atom?q={quote(words[0])}"],
        "json": [
            "/register.json",
            f"/deals/{hot[0]}.json",
            *(f"/deals/{deal['deal']}.json" for deal in some[:20]),
            f"/reports/{reports[0]}.json",
        ],
    }
    return {kind: chance.sample(some, len(some)) for kind, some in asked.items() if some}


async def measure_alone(port: int, process: int, asked: dict[str, list[str]], each: int) -> list[Cost]:
    """Every kind of page, one after another; the server's processor time is that of a row of ten, its clock ticking every 10 ms."""
    costs = []
    link = Link(port)
    for kind, places in asked.items():
        walls, rows, sizes = [], [], []
        for first in range(0, each, 10):
            before = processor(process)
            for number in range(first, first + 10):
                wall, size = await link.ask(places[number % len(places)])
                walls.append(wall)
                sizes.append(size)
            rows.append((processor(process) - before) * 100)
        costs.append(Cost(kind, len(walls), (within(rows, 0.5), within(rows, 0.95)), (within(walls, 0.5), within(walls, 0.95)), max(sizes)))
    await link.close()
    return costs


async def measure_readers(
    port: int, asked: dict[str, list[str]], readers: int, seconds: int, pause: tuple[float, float] | None
) -> tuple[list[Cost], int]:
    """What that many readers waited for each kind of page, and how many pages all had."""
    waited: dict[str, list[tuple[float, float]]] = {}
    end = time.monotonic() + seconds

    async def read(number: int) -> None:
        chance, link = random.Random(number), Link(port)
        await asyncio.sleep(chance.uniform(0, 2) if pause else 0)
        while time.monotonic() < end:
            kind = chance.choices(list(asked), [SHARES[kind] for kind in asked])[0]
            waited.setdefault(kind, []).append(await link.ask(chance.choice(asked[kind])))
            if pause:
                await asyncio.sleep(chance.uniform(*pause))
        await link.close()

    await asyncio.gather(*(read(number) for number in range(readers)))
    told = [(kind, [wall for wall, _ in waited[kind]], max(size for _, size in waited[kind])) for kind in asked if kind in waited]
    every = [wall for _, walls, _ in told for wall in walls]
    costs = [Cost(kind, len(walls), None, (within(walls, 0.5), within(walls, 0.95)), size) for kind, walls, size in told]
    return [*costs, Cost("all", len(every), None, (within(every, 0.5), within(every, 0.95)), 0)], len(every)


class Link:
    """One connection that is kept open, as a browser's is; it costs the client next to nothing beside the server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, address: str) -> tuple[float, float]:
        """Milliseconds until the whole answer is there, and its kilobytes; an answer that is none is an error."""
        start = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        reader, writer = self._streams
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if not head.startswith("http/1.1 200"):
            raise SystemExit(f"{address}: {head.splitlines()[0]}")
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        await reader.readexactly(length)
        if "connection: close" in head:
            await self.close()
        return (time.perf_counter() - start) * 1000, length / 1024

    async def close(self) -> None:
        """Gives the connection back."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


def show(title: str, costs: Sequence[Cost]) -> None:
    """Prints a table."""
    print(f"\n{title}\n{'kind':10} {'asked':>6} {'cpu p50':>8} {'p95':>6} {'wall p50':>9} {'p95':>7} {'kB':>6}")
    for cost in costs:
        cpu = f"{cost.processor[0]:8.0f} {cost.processor[1]:6.0f}" if cost.processor else " " * 15
        print(f"{cost.kind:10} {cost.asked:6} {cpu} {cost.wall[0]:9.1f} {cost.wall[1]:7.1f} {cost.size:6.0f}", flush=True)


def within(numbers: Sequence[float], share: float) -> float:
    """The number that a share of all do not pass."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def processor(process: int) -> float:
    """Seconds of processor time of a process and of those that it started."""
    return sum(sum(map(int, Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICK for one in family(process))


def memory(process: int) -> float:
    """Megabytes that a process and those that it started hold, what they share counted once."""
    rollups = (Path(f"/proc/{one}/smaps_rollup").read_text() for one in family(process))
    return sum(int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")) / 1024


def family(process: int) -> list[int]:
    """A process and those that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(one for child in children for one in family(int(child)))]


if __name__ == "__main__":
    main()
