"""Measures a record that many share on PostgreSQL: bench/shared.py [--reports N] [--writers N] [--readers N] [--seconds S].

Fills a record of invented reports (bench/large.py) on a private server, or on the empty database at --record ADDRESS; then writers add
reports and act on findings, each in a process of its own, while readers open deals, search and list, with the pauses that people make.
At the end it tells what was lost (every report, act and correction is looked for), deadlocks and locks left, the times of the reads, and
which of their queries read a large table from end to end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

from large import write_large
from sqlalchemy import event, select, text

from onrecord import review
from onrecord.api import Record, open_record
from onrecord.clean.document import make_document
from onrecord.records import make_claim, make_finding
from onrecord.register import Wanted, read_deals
from onrecord.store.acts import read_acts
from onrecord.store.audit import find_flaws
from onrecord.store.database import reading, writing
from onrecord.store.page_lists import newest_reports
from onrecord.store.pages import report_text
from onrecord.store.tables import CLAIM, DEAL, DOCUMENT, FINDING
from onrecord.store.write import Report, add_reports

REPORTS, WRITERS, READERS, SECONDS = 100_000, 8, 20, 600
# So many readers share a process, as they share that of the pages.
READERS_TOGETHER = 10
# Between two reads, and two writes, of one person (seconds).
READS_EVERY, WRITES_EVERY = (1.0, 3.0), (0.2, 1.0)
WORDS = ("S-400", "delivery contract", "batteries", '"air defence"', "minister said")
# Tables that grow with the record; the rest may be read whole.
LARGE = ("document", "finding", "claim", "cell", "statement", "deal", "deal_member", "deal_party", "about", "report_origin", "history")
LIMIT = 0.050


def main() -> int:
    """Fills, runs, tells; 1 if something was lost or the reads were too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("reports", REPORTS), ("writers", WRITERS), ("readers", READERS), ("seconds", SECONDS)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--record", default="")
    options = parser.parse_args()
    if options.record:
        return measure(options.record, options)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from private_server import PrivateServer

    server = PrivateServer()
    try:
        return measure(server.address(server.new_database()), options)
    finally:
        server.stop()


def measure(address: str, options: argparse.Namespace) -> int:
    """The whole measure on one empty record."""
    large = write_large(address, options.reports)
    print(f"{large.reports:,} reports, {large.claims:,} claims, {large.deals:,} deals, written in {large.seconds:.0f} s", flush=True)
    with open_record(address) as record:
        with record.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as db:
            db.exec_driver_sql("ANALYZE")
        whole = plans(record)
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    # All begin together, once each of them is ready.
    begun = context.Barrier(options.writers + options.readers)
    people = [context.Process(target=write, args=(address, f"writer {n}", begun, options.seconds, told)) for n in range(options.writers)]
    for first in range(0, options.readers, READERS_TOGETHER):
        these = range(first, min(first + READERS_TOGETHER, options.readers))
        people.append(context.Process(target=read_together, args=(address, these, begun, options.seconds, told)))
    for one in people:
        one.start()
    answers = [told.get() for _ in range(options.writers + options.readers)]
    for one in people:
        one.join()
    times = [seconds for kind, _, more in answers if kind == "read" for seconds in more]
    done = {name: more for kind, name, more in answers if kind == "wrote"}
    lost = look_for(address, done)
    slow = report_times(times)
    written = sum(map(len, done.values()))
    print(f"{written:,} writes by {options.writers} writers, {len(times):,} reads by {options.readers} readers in {options.seconds} s")
    print(f"lost updates: {lost[0]}   deadlocks: {lost[1]}   locks left: {lost[2]}   flaws: {lost[3]}")
    print("read whole: " + (", ".join(sorted(whole)) or "no large table"))
    return int(bool(any(lost) or slow or whole))


def write(address: str, name: str, begun: Any, seconds: float, told: Any) -> None:
    """One writer: adds reports and corrects its own findings for so many seconds; what it did, in order."""
    own, done = random.Random(name), []
    with open_record(address) as record:
        begun.wait()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            key = f"{name}-{len(done)}"
            if not done or own.random() < 0.3:
                with writing(record.engine) as db:
                    add_reports(db, [invented(key)], analysed_by="bench/1")
                done.append(("report", key, 0))
            else:
                report = own.choice([what for kind, what, _ in done if kind == "report"])
                count = own.randrange(1, 10_000)
                review.correct(record, f"{report}#t1:quantity", {"number": count, "unit": "battery"}, by=name, why="bench")
                done.append(("act", report, count))
            time.sleep(own.uniform(*WRITES_EVERY))
    told.put(("wrote", name, done))


def read_together(address: str, numbers: Sequence[int], begun: Any, seconds: float, told: Any) -> None:
    """Some readers in one process."""
    threads = [Thread(target=read, args=(address, number, begun, seconds, told)) for number in numbers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def read(address: str, number: int, begun: Any, seconds: float, told: Any) -> None:
    """One reader: how long each read took (seconds)."""
    own, times = random.Random(number), []
    with open_record(address) as record:
        reads = reads_of(record, own)
        for one in reads.values():
            one()
        begun.wait()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(own.uniform(*READS_EVERY))
            name = own.choice(sorted(reads))
            start = time.perf_counter()
            reads[name]()
            times.append((name, time.perf_counter() - start))
    told.put(("read", number, times))


def reads_of(record: Record, own: random.Random) -> dict[str, Callable[[], Any]]:
    """What readers do, by name; deals and reports are drawn from a hundred of each."""
    with reading(record.engine) as db:
        deals = list(db.execute(select(DEAL.c.id).order_by(DEAL.c.id).limit(100)).scalars())
        reports = list(db.execute(select(DOCUMENT.c.id).order_by(DOCUMENT.c.id).limit(100)).scalars())
        numbers = list(db.execute(select(DEAL.c.number).order_by(DEAL.c.id).limit(100)).scalars())

    most = min(20, len(numbers))

    def with_db(work: Callable[[Any], Any]) -> Any:
        with reading(record.engine) as db:
            return work(db)

    return {
        "deal": lambda: record.show(own.choice(deals)),
        "search": lambda: record.search(own.choice(WORDS)),
        "report": lambda: with_db(lambda db: report_text(db, own.choice(reports))),
        "register of 20": lambda: with_db(lambda db: list(read_deals(db, Wanted(deals=tuple(own.sample(numbers, most)))))),
        "newest reports": lambda: with_db(lambda db: newest_reports(db)),
    }


def plans(record: Record) -> set[str]:
    """The large tables that a read goes through for want of an index; where there is one, a small table may be read whole all the same."""
    ran: dict[str, Any] = {}
    listening = lambda db, cursor, statement, given, context, many: ran.setdefault(statement, given)  # noqa: E731
    event.listen(record.engine, "before_cursor_execute", listening)
    for one in reads_of(record, random.Random(0)).values():
        one()
    event.remove(record.engine, "before_cursor_execute", listening)
    found: set[str] = set()
    with reading(record.engine) as db:
        db.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, given in ran.items():
            if statement.lstrip().upper().startswith("SELECT"):
                steps = "\n".join(db.exec_driver_sql(f"EXPLAIN {statement}", given).scalars())
                found |= {f"{table} ({' '.join(statement.split())[:60]}…)" for table in LARGE if f"Seq Scan on {table} " in steps}
    return found


def look_for(address: str, done: dict[str, list[tuple[str, str, int]]]) -> tuple[int, int, int, int]:
    """Updates lost, deadlocks since the server began, locks that wait, and flaws of the acts."""
    with open_record(address) as record, reading(record.engine) as db:
        kept = read_acts(db)
        keys = set(db.execute(select(DOCUMENT.c.key).where(DOCUMENT.c.analysed_by == "bench/1", DOCUMENT.c.key.like("writer%"))).scalars())
        counts = {
            row.key: row.value
            for row in db.execute(
                select(DOCUMENT.c.key, CLAIM.c.value)
                .join(FINDING, FINDING.c.document == DOCUMENT.c.number)
                .join(CLAIM, (CLAIM.c.finding == FINDING.c.number) & (CLAIM.c.field == "quantity"))
                .where(DOCUMENT.c.key.like("writer%"))
            )
        }
        lost = 0
        for name, moves in done.items():
            lost += sum(kind == "report" and what not in keys for kind, what, _ in moves)
            lost += abs(sum(kind == "act" for kind, *_ in moves) - sum(act.by == name for act in kept))
            last = {what: count for kind, what, count in moves if kind == "act"}
            lost += sum(f'"number": {count},' not in counts.get(what, "") for what, count in last.items())
        deadlocks = db.execute(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).scalar_one()
        left = db.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
        with closing(find_flaws(db)) as flaws:
            broken = next((1 for flaw in flaws if flaw.what.startswith("act ")), 0)
    return lost, int(deadlocks), int(left), broken


def report_times(times: list[tuple[str, float]]) -> bool:
    """Prints the median and the 95th percentile of each kind of read; whether all reads together were too slow."""
    for name in [*sorted({name for name, _ in times}), ""]:
        own = sorted(seconds for one, seconds in times if name in ("", one))
        p95 = own[int(0.95 * (len(own) - 1))]
        print(f"{name or 'all reads':<20} {len(own):>7,}   median {1000 * statistics.median(own):6.1f} ms   p95 {1000 * p95:6.1f} ms")
    return p95 > LIMIT


def invented(key: str) -> Report:
    """A report of one transfer."""
    words = f"Norland sold 4 S-400 batteries to Sudland, {key} was told."
    document = make_document(words, key=key, uri=f"https://example.org/{key}", outlet="The Courier", published="2026-01-02")
    cells = [("supplier", "NO", "Norland"), ("recipient", "SD", "Sudland"), ("equipment", "S-400", "S-400"),
             ("quantity", {"number": 4, "unit": "battery"}, "4 S-400 batteries")]  # fmt: skip
    claims = [make_claim(document, field, value, start=(at := words.index(quote)), end=at + len(quote)) for field, value, quote in cells]
    return Report(document, (make_finding("transfer", "t1", document, claims, made_by="bench/1"),))


if __name__ == "__main__":
    sys.exit(main())
