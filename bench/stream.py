"""Measures a stream of web pages, one in a hundred about an arms deal: bench/stream.py [PAGES] [--number N] [--pool N].

PAGES is a folder or tar archive of .html or .html.gz pages of general news (docs/scale.md names one); without it invented pages stand in,
which are plainer than real ones. Every page goes through the gate, and what passes is cleaned: that is set against the peers, trafilatura
and (where it is installed) resiliparse, which extract the text of a part of the same pages, in turns with ours; they are too slow to be
given all. Of what passes a part is analysed too, to say what the whole costs. Times are processor seconds, which what else the machine
does changes least.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pages import mixed
from rich.progress import Progress
from speed import resident_memory

from onrecord.intake import Shard, shards, take_in
from onrecord.passes import Work, analyse_work
from onrecord.records import Document, Raw
from onrecord.run.local import Workers

TURN = 1_000
# Of each turn the slow peers read so many pages.
SAMPLES = {"trafilatura": 20, "trafilatura fast": 10, "resiliparse": 100}
# And so many of the documents that a turn gave are analysed.
ANALYSED = 4
# At least so many times the pages a second of a peer; ten times the pages in at most so many times the time; MiB more at the end.
LEAST = {"trafilatura": 10.0, "resiliparse": 0.7}
# Of pages on deals: briefs of two sentences can drown in the rest of their page, and cleaning loses an article at times.
LEAST_FOUND = 0.95
MOST_GROWTH, MOST_MORE, LEAST_SPEED_UP = 10.5, 64.0, 1.8

DEAL = "Portugal signed a contract for five KC-390 aircraft from Brazil on Monday. Brazil delivers the first KC-390 in May. "
WARM_UP = Raw("https://example.org/", "text/html", f"<html><body><p>{DEAL * 4}</p></body></html>".encode(), {"stream": "bench"})

Page = tuple[bytes, bool]
T = TypeVar("T")


@dataclass(slots=True)
class Stream:
    """Pages by kind, the cost of each turn and the memory after it, and processor seconds and numbers of what was done to a part only."""

    count: Counter[str] = field(default_factory=Counter)
    turns: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)
    sampled: Counter[str] = field(default_factory=Counter)

    def each(self, name: str) -> float:
        """Seconds for one page of a peer, or for the analysis of one document."""
        return self.seconds[name] / max(1, self.sampled[name])

    @property
    def screening(self) -> float:
        """Seconds a page of the gate, and of the cleaning of what passes."""
        return sum(self.turns) / self.count["pages"]

    @property
    def analysis(self) -> float:
        """Seconds a page of the analysis of what passes."""
        return self.each("analysis") * self.count["documents"] / self.count["pages"]


def main() -> None:
    """Reads the stream, prints the figures beside their limits, ends with 1 where one is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=Path)
    parser.add_argument("--number", type=int, default=20_000, help="pages to read")
    parser.add_argument("--pool", type=int, default=0, help="pages to read in one process and in two workers")
    options = parser.parse_args()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("reading pages", total=options.number)
        stream = measure_stream(mixed(options.number, options.pages), peers(), done=lambda count: progress.advance(bar, count))
    held = True
    for line, good in table(stream, real=options.pages is not None):
        print(f"{line}{'' if good else '  BROKEN'}")
        held = held and good
    if options.pool:
        gain, used = speed_up(list(mixed(options.pool, options.pages)))
        note = f"limit {LEAST_SPEED_UP} where two cores are idle; processor time {used:.2f} times as much"
        print(f"two workers by the clock    {gain:7.2f}  {note}")
    sys.exit(not held)


def measure_stream(
    pages: Iterable[Page], others: dict[str, Callable[[bytes], object]], *, done: Callable[[int], None] = lambda _: None, turn: int = TURN
) -> Stream:
    """Reads the pages in turns, a part of each turn by the peers too; all are warmed up on the first pages before."""
    stream, source = Stream(), iter(pages)
    part = list(islice(source, turn))
    _turn(Stream(), [*part[:2], *[page for page in part if page[1]][:2]], others)
    while part:
        _turn(stream, part, others)
        done(len(part))
        part = list(islice(source, turn))
    return stream


def _turn(stream: Stream, part: Sequence[Page], others: dict[str, Callable[[bytes], object]]) -> None:
    raws = [Raw(f"https://example.org/{number}", "text/html", body, {"stream": "bench"}) for number, (body, _) in enumerate(part)]
    start = time.process_time()
    taken = [take_in(shard) for shard in shards(raws, read_day="2026-11-28")]
    stream.turns.append(time.process_time() - start)
    stream.memory.append(resident_memory())
    found = [item for one in taken for item in one.items if isinstance(item, Document)]
    about = {raw.uri for raw, page in zip(raws, part, strict=True) if page[1]}
    passed = {document.uri for document in found}
    counts = {"pages": len(part), "documents": len(found), "about": len(about), "found": len(about & passed), "others": len(passed - about)}
    stream.count.update(counts)
    sample = _some(found, ANALYSED)
    _timed(stream, "analysis", sample, lambda: analyse_work(Work(tuple(sample))))
    for peer, extract in others.items():
        bodies = [body for body, _ in _some(part, SAMPLES[peer])]
        _timed(stream, peer, bodies, lambda extract=extract, bodies=bodies: [extract(body) for body in bodies])  # type: ignore[misc]


def _some(items: Sequence[T], count: int) -> Sequence[T]:
    """So many of the items, evenly."""
    return items[:: max(1, len(items) // count)][:count]


def _timed(stream: Stream, name: str, sample: Sequence[object], run: Callable[[], object]) -> None:
    start = time.process_time()
    run()
    stream.seconds[name] += time.process_time() - start
    stream.sampled[name] += len(sample)


def peers() -> dict[str, Callable[[bytes], object]]:
    """The extractors that are installed, by name."""
    import trafilatura

    found: dict[str, Callable[[bytes], object]] = {
        "trafilatura": lambda body: trafilatura.extract(body),
        "trafilatura fast": lambda body: trafilatura.extract(body, fast=True),
    }
    try:
        from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]

        found["resiliparse"] = lambda body: extract_plain_text(body.decode("utf-8", "replace"), main_content=True)
    except ImportError:
        print("resiliparse is not installed, and left out: pip install resiliparse")
    return found


def table(stream: Stream, *, real: bool = True) -> Iterator[tuple[str, bool]]:
    """The lines to print, each with whether its limit holds; the limits set by peers hold for real pages."""
    count = stream.count
    yield f"{count['pages']:,} pages, {count['about']} about a deal, {count['documents']} passed", True
    yield f"gate and cleaning           {1000 * stream.screening:7.2f} ms a page, {1 / stream.screening:,.0f} pages a second", True
    each = f"{1000 * stream.each('analysis'):.0f} ms for each that passed, by {stream.sampled['analysis']} of them"
    yield f"analysis                    {1000 * stream.analysis:7.2f} ms a page: {each}", True
    recall = count["found"] / max(1, count["about"])
    yield f"pages on deals that passed  {recall:7.3f}  limit {LEAST_FOUND}", recall >= LEAST_FOUND
    share = count["others"] / max(1, count["pages"] - count["about"])
    yield f"other pages that passed     {share:7.3f}  limit 0.030", share <= 0.03
    for peer in SAMPLES:
        if stream.sampled[peer]:
            ratio, whole = stream.each(peer) / stream.screening, stream.each(peer) / (stream.screening + stream.analysis)
            limit = f"  limit {LEAST[peer]}" if real and peer in LEAST else ""
            note = f"{whole:.2f} with the analysis; {stream.sampled[peer]} pages"
            yield f"against {peer:20}{ratio:7.2f}{limit}  ({note})", ratio >= LEAST.get(peer, 0) or not real
    if len(stream.turns) >= 10:
        growth = sum(stream.turns) / sum(stream.turns[: len(stream.turns) // 10])
        yield f"ten times the pages         {growth:7.2f}  limit {MOST_GROWTH}", growth <= MOST_GROWTH
        more = stream.memory[-1] - stream.memory[len(stream.memory) // 10 - 1]
        yield f"memory growth in MiB        {more:7.0f}  limit {MOST_MORE:.0f}  ({stream.memory[-1]:.0f} at the end)", more <= MOST_MORE


def speed_up(pages: Sequence[Page]) -> tuple[float, float]:
    """How many times as fast two workers are as one process, by the clock, to the documents; and what they take by its processor time.

    What starting the workers takes is measured by a run over next to nothing, and taken off.
    """
    raws = [Raw(f"https://example.org/{number}", "text/html", body, {"stream": "bench"}) for number, (body, _) in enumerate(pages)]
    clock, used = [], []
    for jobs in (1, 2):
        _, started = _run_pool(jobs, [])
        seconds, taken = _run_pool(jobs, raws)
        clock.append(seconds)
        used.append(taken - started)
    return clock[0] / clock[1], used[1] / used[0]


def _run_pool(jobs: int, raws: Sequence[Raw]) -> tuple[float, float]:
    """Seconds by the clock for the pages, and processor seconds in all; the first batches, which load tables, are not on the clock."""
    before = _used()
    with Workers(jobs) as workers:
        list(workers.map(take_in, [Shard((WARM_UP,) * 2)] * 2 * jobs))
        start = time.perf_counter()
        for _ in workers.map(take_in, shards(raws)):
            pass
        seconds = time.perf_counter() - start
    return seconds, _used() - before


def _used() -> float:
    """Processor seconds of this process and of those that it has ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
