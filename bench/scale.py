"""Measures what it costs to place a report among very many: bench/scale.py [--reports N] [--bulk].

Invented reports, three in ten of them copies of one of the days before, are placed one after the other by the record's own code; the
figure is the processor time of the last ten thousand by that of the first, with the memory held at the end. With --bulk those between are
written as the record would write them, without looking for their copies, which takes a fraction of the time and leaves as crowded a record.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path

from rich.progress import Progress
from speed import resident_memory
from sqlalchemy import func, insert, select

from onrecord.clean.document import make_document
from onrecord.records import Document
from onrecord.store.database import Database, open_database, writing
from onrecord.store.groups import place_reports, write_unplaced
from onrecord.store.tables import DOCUMENT, REPORT_ORIGIN

SEED = 5
ENDS = 10_000
BATCH = 500
A_DAY = 90
COPY_SHARE, RECENT = 0.3, 300
VOCABULARY, NAMES = 30_000, 8_000
MOST_GROWTH, MOST_MEMORY = 1.3, 2048
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru kha ste tri vle zwo".split()


@dataclass(frozen=True, slots=True)
class Scale:
    """Milliseconds a report at the start and at the end, memory in MiB, how many reports and how many origins."""

    first: float
    last: float
    memory: float
    reports: int
    origins: int

    @property
    def growth(self) -> float:
        """The cost of the last reports by that of the first."""
        return self.last / self.first


class Lexicon:
    """Words of which the first comes twice as often as the second, three times as often as the third, as in any language (Zipf 1935)."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """So many words by chance."""
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def main() -> None:
    """Fills a record, prints the figures beside their limits, ends with 1 where one is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--bulk", action="store_true")
    options = parser.parse_args()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress, tempfile.TemporaryDirectory() as folder:
        bar = progress.add_task("placing", total=options.reports)
        scale = measure_scale(Path(folder), options.reports, bulk=options.bulk, done=lambda count: progress.advance(bar, count))
    print(f"{scale.reports} reports of {scale.origins} origins{', those between the ends in bulk' if options.bulk else ''}")
    print(f"cost of the last by the first {scale.growth:6.2f}  limit {MOST_GROWTH}   {scale.first:.2f} and {scale.last:.2f} ms a report")
    print(f"memory at the end in MiB      {scale.memory:6.0f}  limit {MOST_MEMORY}")
    sys.exit(scale.growth > MOST_GROWTH or scale.memory > MOST_MEMORY)


def measure_scale(
    folder: Path, reports: int, *, bulk: bool = False, ends: int = ENDS, done: Callable[[int], None] = lambda _: None
) -> Scale:
    """Places so many invented reports in a new record; the first and the last `ends` are timed."""
    engine = open_database(folder / "scale.db", create=True)
    made = invented(reports)
    costs, number = [], 0
    while batch := list(islice(made, BATCH)):
        numbered = list(enumerate(batch, number + 1))
        at_an_end = number < ends or number >= reports - ends
        costs.append(_place(engine, numbered, bulk=bulk and not at_an_end))
        number += len(batch)
        done(len(batch))
    with engine.connect() as db:
        origins = db.execute(select(func.count(REPORT_ORIGIN.c.origin.distinct()))).scalar_one()
    engine.dispose()
    batches = max(1, ends // BATCH)
    first, last = (1000 * sum(part) / (len(part) * BATCH) for part in (costs[:batches], costs[-batches:]))
    return Scale(first, last, resident_memory(), number, origins)


def _place(engine: Database, numbered: list[tuple[int, Document]], *, bulk: bool) -> float:
    """Processor seconds of placing a batch; the rows of the reports themselves are written before and not timed."""
    with writing(engine) as db:
        db.execute(insert(DOCUMENT), [_row(number, document) for number, document in numbered])
        start = time.process_time()
        (write_unplaced if bulk else place_reports)(db, numbered)
    return time.process_time() - start


def _row(number: int, document: Document) -> dict[str, object]:
    return {
        "number": number, "id": document.id, "key": document.key, "uri": "", "outlet": document.outlet, "title": "", "known": "",
        "published": document.published, "language": "en", "text": "", "text_sha256": document.text_sha256, "cleaner": "bench",
        "credits": "[]", "credit_spans": "[]", "analysed_by": "bench",
    }  # fmt: skip


def invented(count: int) -> Iterator[Document]:
    """That many reports of invented words, names and numbers, day after day; some shorten or extend one of the last few hundred."""
    chance = random.Random(SEED)
    words = Lexicon(["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(VOCABULARY)])
    names = Lexicon(["".join(chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(NAMES)])
    recent: deque[list[str]] = deque(maxlen=RECENT)
    for number in range(count):
        if recent and chance.random() < COPY_SHARE:
            source = chance.choice(recent)
            said = source[: max(3, round(len(source) * chance.uniform(0.5, 1)))] + [_sentence(chance, words, names)]
        else:
            said = [_sentence(chance, words, names) for _ in range(chance.randint(5, 9))]
            recent.append(said)
        day = date(1995, 1, 1) + timedelta(number // A_DAY)
        yield make_document(" ".join(said), key=str(number), outlet=f"Outlet {number % 300}", published=day.isoformat(), credits=())


def _sentence(chance: random.Random, words: Lexicon, names: Lexicon) -> str:
    told = words.draw(chance, 14)
    told[5], told[9] = names.draw(chance, 1)[0], str(chance.randint(2, 3000))
    return " ".join(told).capitalize() + "."


if __name__ == "__main__":
    main()
