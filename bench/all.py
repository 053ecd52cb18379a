"""Runs every bench side by side, at sizes that a laptop bears: `make bench`, or bench/all.py [PAGES] [--full] [--only NAME ...].

PAGES is a folder or tar archive of .html pages of general news for the stream (docs/scale.md names one); without it invented ones stand
in. It takes some twelve minutes on two cores that do nothing else; with --full, at the sizes that the documentation speaks of, hours. Each
bench says its figures beside their limits; at the end stands which held, and the load of the machine while each ran: above the number of
its cores, figures by the clock say more of the machine than of this program. It ends with 1 where a limit is broken.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).parent
RULES_ALONE = {"ONRECORD_MODEL": "none"}
# `make bench` has Python find what `make compiled` built; this has it find the sources.
PLAIN = {"PYTHONPATH": ""}
# What a bench of pages is given in place of a name: the record that the one before it wrote.
RECORD = "{record}"


@dataclass(frozen=True, slots=True)
class Step:
    """One bench: its name, its script with what it is given, the same at full size, what it measures, and minutes on an idle machine."""

    name: str
    usual: tuple[str, ...]
    full: tuple[str, ...]
    about: str
    minutes: tuple[int, int]
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a bench: how it ended (0: all limits held), seconds, and the load of the machine."""

    name: str
    ended: int
    seconds: float
    load: float


STEPS = (
    Step("stream", ("stream.py", "--number", "10000", "--pool", "400"), ("stream.py", "--number", "20000", "--pool", "2000"),
         "a stream of web pages beside trafilatura and resiliparse, and two workers beside one", (2, 5)),
    Step("analysis", ("run.py", "--reports", "150", "--record", "3000"), ("run.py",),
         "the analysis with the English model beside spaCy; adding to a large record beside an empty one", (3, 90)),
    Step("rules", ("run.py", "--reports", "150", "--record", "0"), ("run.py", "--record", "0"),
         "the analysis by rules alone beside spaCy", (1, 2), RULES_ALONE),
    Step("plain", ("run.py", "--reports", "150", "--record", "0"), ("run.py", "--record", "0"),
         "the analysis with the English model, none of it compiled, beside spaCy", (1, 2), PLAIN),
    Step("copies", ("scale.py", "--reports", "30000"), ("scale.py", "--reports", "1000000"),
         "placing a report among very many", (2, 60)),
    Step("large", ("large.py", RECORD, "--reports", "3000"), ("large.py", RECORD),
         "writing a crowded record, for the next", (1, 5)),
    Step("readers", ("readers.py", RECORD, "--workers", "2", "--seconds", "20", "--each", "10"), ("readers.py", RECORD, "--workers", "2"),
         "its pages, with twenty readers", (2, 4)),
    Step("shared", ("shared.py", "--reports", "2000", "--seconds", "30"), ("shared.py",),
         "a record that 8 writers and 20 readers share on PostgreSQL", (1, 16)),
)  # fmt: skip


def main() -> None:
    """Runs the benches one after another, says what became of each, ends with 1 where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path)
    parser.add_argument("--full", action="store_true", help="at the sizes that the documentation speaks of")
    parser.add_argument("--only", nargs="+", choices=[step.name for step in STEPS], metavar="NAME", help="these alone")
    options = parser.parse_args()
    chosen = [step for step in STEPS if not options.only or step.name in options.only]
    minutes = sum(step.minutes[options.full] for step in chosen)
    print(
        f"{len(chosen)} benches, about {minutes} minutes on two cores that do nothing else; load now {os.getloadavg()[0]:.1f}", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        ran = [run(step, command(step, options.pages, Path(folder), full=options.full)) for step in chosen]
    print("\n".join(summary(ran)))
    sys.exit(any(one.ended for one in ran))


def command(step: Step, pages: Path | None, folder: Path, *, full: bool) -> list[str]:
    """What is run: the script with its own folder's path, the record of this run, and the pages for the stream."""
    script, *given = step.full if full else step.usual
    told = [part.replace(RECORD, str(folder / "large.db")) for part in given]
    return [sys.executable, str(BENCH / script), *([str(pages)] if pages and step.name == "stream" else []), *told]


def run(step: Step, what: Sequence[str]) -> Ran:
    """Runs one bench, which prints for itself."""
    print(f"\n== {step.name}: {step.about}", flush=True)
    start = time.perf_counter()
    ended = subprocess.run(what, env={**os.environ, **step.settings}).returncode
    return Ran(step.name, ended, time.perf_counter() - start, os.getloadavg()[0])


def summary(ran: Sequence[Ran]) -> list[str]:
    """Which benches held their limits, in how many seconds, under which load."""
    lines = [f"\n{'bench':10}{'limits':>8}{'seconds':>9}{'load':>6}"]
    return lines + [f"{one.name:10}{'BROKEN' if one.ended else 'held':>8}{one.seconds:9.0f}{one.load:6.1f}" for one in ran]


if __name__ == "__main__":
    main()
