"""Measures the analysis and what adding to a large record costs, beside their limits; exits with 1 if one is broken: bench/run.py."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from corpus import reports
from record import Cost, measure_adding
from rich.progress import Progress
from speed import Speed, measure_speed

from onrecord.extract import transfers
from onrecord.measure.floors import read_limits

ADDED = 200
LAST = Path(__file__).parent / "last.json"


def main() -> None:
    """Reads the corpus, fills the large record, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=540, help="reports to analyse")
    parser.add_argument("--record", type=int, default=100_000, help="reports in the large record; 0 leaves it out")
    parser.add_argument("--save", action="store_true", help="keep the table for docs/measuring.md")
    options = parser.parse_args()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("analysing", total=options.reports)
        speed = measure_speed(reports(options.reports), turns_done=lambda done: progress.advance(bar, done))
        cost = None
        if options.record:
            bar = progress.add_task("filling a record", total=options.record)
            with tempfile.TemporaryDirectory() as folder:
                cost = measure_adding(
                    reports(ADDED), reports=options.record, folder=Path(folder), filled=lambda done: progress.advance(bar, done)
                )
    lines, held = table(speed, cost, reports_read=options.reports)
    print("\n".join(lines))
    if options.save:
        LAST.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.exit(not held)


def table(speed: Speed, cost: Cost | None, *, reports_read: int) -> tuple[list[str], bool]:
    """The lines to print, and whether every limit holds; without a `cost` the large record is left out."""
    limits = read_limits()
    measured: dict[str, tuple[float, str]] = {
        "analysis against spaCy": (
            speed.ratio,
            f"{_per(sum(speed.analysis), reports_read)} and {_per(sum(speed.spacy), reports_read)} ms a report",
        ),
    }
    if cost:
        measured["adding to a large record"] = cost.ratio, f"writing {_per(cost.large, ADDED)} and {_per(cost.empty, ADDED)} ms a report"
    measured["memory growth in MiB"] = speed.growth, f"{speed.memory[-1]:.0f} MiB at the end"
    lines = [f"{'':28}{'measured':>10}{'limit':>8}"]
    for name, (value, note) in measured.items():
        verdict = "" if value <= limits[name] else "  BROKEN"
        lines.append(f"{name:28}{value:10.2f}{limits[name]:8.2f}  {note}{verdict}")
    lines.append(f"{'words a second by spaCy':28}{'':10}{'':8}  {1 / speed.ratio:.2f} times as many")
    told = f"{reports_read} reports analysed by {'plain Python' if Path(transfers.__file__).suffix == '.py' else 'the compiled package'}"
    lines.append(f"{told}; {ADDED} added to a record of {cost.reports} and to an empty one" if cost else told)
    return lines, all(value <= limits[name] for name, (value, _) in measured.items())


def _per(seconds: float, count: int) -> str:
    return f"{1000 * seconds / count:.1f}"


if __name__ == "__main__":
    main()
