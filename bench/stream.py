"""Measures a stream of web pages, one in a hundred about an arms deal: bench/stream.py [PAGES] [--number N] [--pool N].

PAGES is a folder or tar archive of .html or .html.gz pages of general news (docs/scale.md names one); without it invented pages stand in,
which are plainer than real ones. Every page goes through the gate, and what passes is cleaned: that is set against the peers, trafilatura
and (where it is installed) resiliparse, which extract the text of a part of the same pages, in turns with ours; they are too slow to be
given all. Of what passes a part is analysed too, to say what the whole costs. Times are processor seconds, which what else the machine
does changes least.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from cores import measure_cores
from pages import mixed
from rich.progress import Progress
from speed import resident_memory

from onrecord.intake import shards, take_in
from onrecord.passes import Work, analyse_work
from onrecord.records import Document, Raw

TURN = 1_000
# Of each turn the slow peers read so many pages.
SAMPLES = {"trafilatura": 20, "trafilatura fast": 10, "resiliparse": 100}
# And so many of the documents that a turn gave are analysed.
ANALYSED = 4
# One page in so many is kept for the peers till the turn ends: more would count as our memory.
KEPT = 10
# At least so many times the pages a second of a peer; ten times the pages in at most so many times the time; MiB more at the end.
LEAST = {"trafilatura": 10.0, "resiliparse": 0.7}
# Of pages on deals: five in a thousand may be briefs of two sentences that drown in the rest of their page, or get lost in the cleaning.
LEAST_FOUND = 0.995
MOST_GROWTH, MOST_MORE, LEAST_GAIN = 10.5, 64.0, 1.8

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
    parser.add_argument("--pool", type=int, default=0, help="pages that two workers read too, from archives")
    options = parser.parse_args()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("reading pages", total=options.number)
        stream = measure_stream(mixed(options.number, options.pages), peers(), done=lambda count: progress.advance(bar, count))
    held = True
    for line, good in table(stream, real=options.pages is not None):
        print(f"{line}{'' if good else '  BROKEN'}")
        held = held and good
    if options.pool:
        cores = measure_cores([body for body, _ in mixed(options.pool, options.pages)])
        how = "by the clock" if cores.idle else "by processor time, for a busy machine"
        sides = f"{cores.alone:.1f} s against {cores.workers:.1f} + {cores.parent:.2f}"
        clocks = f"clock {cores.clocks[0]:.1f} and {cores.clocks[1]:.1f} s, load of a core {cores.load:.1f}"
        good = cores.gain >= LEAST_GAIN
        print(f"two workers                 {cores.gain:7.2f}  limit {LEAST_GAIN}  ({how}: {sides}; {clocks}){'' if good else '  BROKEN'}")
        held = held and good
    sys.exit(not held)


def measure_stream(
    pages: Iterable[Page], others: dict[str, Callable[[bytes], object]], *, done: Callable[[int], None] = lambda _: None, turn: int = TURN
) -> Stream:
    """Reads the pages in turns, a part of each turn by the peers too; all are warmed up on the first pages before."""
    stream, source = Stream(), iter(pages)
    first = list(islice(source, 200))
    _turn(Stream(), [*first[:2], *[page for page in first if page[1]][:2]], others)
    source = chain(first, source)
    del first
    while (read := _turn(stream, islice(source, turn), others)) == turn:
        done(read)
    return stream


def _turn(stream: Stream, part: Iterable[Page], others: dict[str, Callable[[bytes], object]]) -> int:
    """Reads a turn's pages, of which no more than a shard is held, as in a run; returns how many there were."""
    about: set[str] = set()
    kept: list[bytes] = []
    found: list[Document] = []
    seconds, count = 0.0, 0

    def raws() -> Iterator[Raw]:
        nonlocal count
        for body, relevant in part:
            count += 1
            raw = Raw(f"https://example.org/{count}", "text/html", body, {"stream": "bench"})
            if relevant:
                about.add(raw.uri)
            if count % KEPT == 1:
                kept.append(body)
            yield raw

    for shard in shards(raws(), read_day="2026-11-28"):
        start = time.process_time()
        taken = take_in(shard)
        seconds += time.process_time() - start
        found += [item for item in taken.items if isinstance(item, Document)]
    if not count:
        return 0
    stream.turns.append(seconds)
    stream.memory.append(resident_memory())
    passed = {document.uri for document in found}
    stream.count.update(pages=count, documents=len(found), about=len(about), found=len(about & passed), others=len(passed - about))
    sample = _some(found, ANALYSED)
    _timed(stream, "analysis", sample, lambda: analyse_work(Work(tuple(sample))))
    for peer, extract in others.items():
        bodies = _some(kept, SAMPLES[peer])
        _timed(stream, peer, bodies, lambda extract=extract, bodies=bodies: [extract(body) for body in bodies])  # type: ignore[misc]
    return count


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


if __name__ == "__main__":
    main()
