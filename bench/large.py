"""Writes a record of 100,000 invented reports and a million claims in a few minutes: bench/large.py RECORD [--reports N].

RECORD is a path, or the address of an empty database on a server. All goes through the record's own tables, in bulk: which deal a report
tells of, and which report it copies, is written as it was invented instead of being found, so that a record comes out as crowded as a
real one without the days that reading it would take. Measures of reading are then of real queries over real rows; the findings of deals
and copies are not measured on it (bench/record.py and bench/scale.py are for that).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from invented_news import Invented, News
from rich.progress import Progress
from sqlalchemy import Connection, insert

from onrecord.group.copies import RULE as COPY_RULE
from onrecord.history import note_history
from onrecord.records import Finding
from onrecord.resolve import RULE, fold, stage_cell, view_transfer
from onrecord.resolve.facts import Transfer, keys_to_stand_under, pack
from onrecord.resolve.goods import goods_of
from onrecord.store.database import Database, open_database, writing
from onrecord.store.deal_rows import dump
from onrecord.store.finding_rows import Rows, number_findings
from onrecord.store.tables import CELL, COPY_PAIR, DEAL, DEAL_DOUBT, DEAL_MEMBER, DEAL_PARTY, REPORT_ORIGIN, TRANSFER_KEY, UNNOTED

SEED = 3
REPORTS, DEALS = 100_000, 20_000
# Reports written in one transaction; findings before the first of them leave room for none.
BATCH = 500
# One transfer in so many may be of another deal after all.
DOUBTFUL = 15
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Large:
    """How much was written: reports, claims, deals, and in how many seconds."""

    reports: int
    claims: int
    deals: int
    seconds: float


@dataclass(slots=True)
class _Derived:
    """The rows of one transaction that the record derives from what reports say."""

    rows: dict[Any, list[Fields]] = field(
        default_factory=lambda: {
            table: [] for table in (DEAL, DEAL_MEMBER, DEAL_PARTY, TRANSFER_KEY, CELL, DEAL_DOUBT, REPORT_ORIGIN, COPY_PAIR, UNNOTED)
        }
    )

    def write(self, db: Connection) -> None:
        for table, rows in self.rows.items():
            if rows:
                db.execute(insert(table), rows)


def main() -> None:
    """Writes the record, and says what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record")
    parser.add_argument("--reports", type=int, default=REPORTS)
    options = parser.parse_args()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("writing", total=options.reports)
        large = write_large(options.record, options.reports, done=lambda count: progress.advance(bar, count))
    print(f"{large.reports:,} reports, {large.claims:,} claims, {large.deals:,} deals in {large.seconds:.0f} s")


def write_large(
    record: str | Path, reports: int = REPORTS, *, deals: int | None = None, seed: int = SEED, done: Callable[[int], None] = lambda _: None
) -> Large:
    """A new record of that many invented reports, a deal to five of them unless told; the same rows for the same seed."""
    start = time.perf_counter()
    engine = open_database(record, create=True)
    writer = _Writer(engine)
    news = iter(News(reports, deals=deals or max(1, reports * DEALS // REPORTS), seed=seed))
    while batch := list(islice(news, BATCH)):
        writer.write(batch)
        done(len(batch))
    with writing(engine) as db:
        # As a run does at its end.
        note_history(db)
    if engine.dialect.name == "sqlite":
        with engine.connect() as db:
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Large(writer.reports, writer.claims, len(writer.founders), time.perf_counter() - start)


class _Writer:
    """Numbers what it writes from 1 on, and remembers which finding founded each deal."""

    def __init__(self, engine: Database) -> None:
        self.engine = engine
        self.reports, self.claims, self.finding = 0, 0, 1
        self.founders: dict[int, int] = {}

    def write(self, batch: Iterable[Invented]) -> None:
        """Writes some reports in one transaction."""
        rows, derived = Rows(), _Derived()
        for invented in batch:
            self.reports += 1
            document = invented.document
            known = document.published or document.read or ""
            rows.take_document(self.reports, document, known=known, until="", analysed_by="bench/1")
            numbered = number_findings(invented.findings, self.finding)
            self.finding += len(numbered)
            self.claims += sum(len(finding.claims) for _, finding, _ in numbered)
            rows.take_findings(self.reports, document, known, numbered)
            self._derive(derived.rows, invented, known, {number: finding for number, finding, _ in numbered})
        with writing(self.engine) as db:
            rows.write(db)
            derived.write(db)

    def _derive(self, rows: dict[Any, list[Fields]], invented: Invented, known: str, findings: Mapping[int, Finding]) -> None:
        first = min(findings)
        own = [finding for finding in findings.values() if finding.kind == "stage"]
        transfer = replace(view_transfer(invented.document, findings[first], own), id=str(first))
        root = self.founders.get(invented.deal)
        if root is None:
            root = self.founders[invented.deal] = first
            rows[DEAL].append(
                {"number": first, "id": findings[first].id, "equipment": transfer.facts.equipment, "joined_to": first, "founder": first}
            )
            rows[UNNOTED].append({"deal": first})
        elif first % DOUBTFUL == 0 and self.founders.get(invented.deal - 1):
            rows[DEAL_DOUBT].append({"finding": first, "other": self.founders[invented.deal - 1], "verdict": "unsure", "score": 0.45,
                                     "reason": "same recipient; other count", "judged_by": RULE})  # fmt: skip
        rows[DEAL_MEMBER].append(self._member(first, root, transfer))
        rows[DEAL_PARTY] += _parties(findings[first], first, root, known)
        rows[TRANSFER_KEY] += _keys(transfer, first)
        rows[CELL] += _cells(findings, self.reports, root, known, concluded=int(transfer.facts.is_concluded()))
        origin = invented.copied or self.reports
        words = invented.document.text.count(" ")
        rows[REPORT_ORIGIN].append({"document": self.reports, "origin": origin, "words": words, "round_up": 0, "made_by": COPY_RULE})
        if invented.copied:
            rows[COPY_PAIR].append({"left_document": origin, "right_document": self.reports, "how": "copy", "score": 0.97,
                                    "reason": "nearly all words"})  # fmt: skip

    def _member(self, finding: int, root: int, transfer: Transfer) -> Fields:
        founded = finding == root
        return {"finding": finding, "document": self.reports, "deal": root, "root": root, "parent": None if founded else root,
                "verdict": "same", "score": 1.0 if founded else 0.9, "reason": "same sides; same equipment", "judged_by": RULE,
                "own": pack(transfer.facts), "facts": ""}  # fmt: skip


def _parties(transfer: Finding, number: int, deal: int, known: str) -> list[Fields]:
    names = {(role, str(value)) for role in ("supplier", "recipient") for value in transfer.all(role)}
    names |= {("equipment", name) for name in (fold(str(transfer["equipment"])), goods_of(str(transfer["equipment"])).family) if name}
    return [{"role": role, "party": name, "finding": number, "deal": deal, "known": known} for role, name in sorted(names)]


def _keys(transfer: Transfer, number: int) -> list[Fields]:
    day, place, part = transfer.facts.order
    return [{"key": key, "day": day, "place": place, "part": part, "finding": number} for key in keys_to_stand_under(transfer.facts)]


def _cells(findings: Mapping[int, Finding], document: int, deal: int, known: str, *, concluded: int) -> Sequence[Fields]:
    """The cells of a transfer and its stages, as the record derives them."""
    return [
        {"finding": number, "claim": place, "deal": deal, "document": document, "known": known, "field": claim.field,
         "value": dump(stage_cell(finding) if finding.kind == "stage" else claim.value), "inferred": int(claim.inferred),
         "concluded": concluded, "act": 0}
        for number, finding in findings.items() if finding.kind in ("transfer", "stage")
        for place, claim in enumerate(finding.claims) if finding.kind == "transfer" or claim.field == "stage"
    ]  # fmt: skip


if __name__ == "__main__":
    main()
