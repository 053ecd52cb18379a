"""What it costs to add reports to a large record beside an empty one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from unittest.mock import patch

from corpus import invented

from onrecord import flow
from onrecord.history import note_history
from onrecord.passes import ANALYSIS, Done, add_documents
from onrecord.records import Document
from onrecord.store.database import open_database, writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_reports

ROUNDS = 5
FILL = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds to analyse the reports, and to write them into an empty and into a large record (medians of several rounds)."""

    analysis: float
    empty: float
    large: float
    reports: int

    @property
    def ratio(self) -> float:
        """What adding costs in all (analysis and writing) in the large record by what it costs in the empty one."""
        return (self.analysis + self.large) / (self.analysis + self.empty)


def measure_adding(documents: Sequence[Document], *, reports: int, folder: Path, filled: Callable[[int], None] = lambda _: None) -> Cost:
    """Fills a record with that many reports, then adds the documents to copies of it and of an empty one, in turns.

    The analysis of a report is the same work whatever the record holds, so it is done and timed once.
    """
    start = time.process_time()
    ready = {a.parsed.document.id: Report(a.parsed.document, a.findings, a.issues) for a in flow.analyse(documents)}
    analysis = time.process_time() - start
    masters = {"empty": folder / "empty.db", "large": folder / "large.db"}
    for name, path in masters.items():
        fill(path, reports if name == "large" else 0, filled=filled)
    times: dict[str, list[float]] = {"empty": [], "large": []}
    for number in range(ROUNDS):
        for name in ("empty", "large") if number % 2 else ("large", "empty"):
            copy = folder / "copy.db"
            shutil.copy(masters[name], copy)
            times[name].append(_add_seconds(copy, documents, ready))
            copy.unlink()
    return Cost(analysis, median(times["empty"]), median(times["large"]), reports)


def fill(path: Path, count: int, *, filled: Callable[[int], None] = lambda _: None) -> None:
    """A record with that many invented reports, through the real writer."""
    engine = open_database(path, create=True)
    reports = invented(count)
    while batch := list(islice(reports, FILL)):
        with writing(engine) as db:
            add_reports(db, batch, analysed_by=ANALYSIS)
        filled(len(batch))
    with writing(engine) as db:
        settle(db)
        note_history(db)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _add_seconds(path: Path, documents: Sequence[Document], ready: dict[str, Report]) -> float:
    engine = open_database(path)
    with patch("onrecord.passes.analyse_work", lambda work: Done(work, tuple(ready[document.id] for document in work.documents))):
        start = time.process_time()
        for _ in add_documents(engine, documents):
            pass
        seconds = time.process_time() - start
    engine.dispose()
    return seconds
