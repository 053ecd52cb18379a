"""This file opens the console and says what a run is doing: the bar, a line for each input that cannot be read, the counts at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.naming import as_typed
from onrecord.plain_words import many, safe

if TYPE_CHECKING:
    from rich.console import Console

    from onrecord.answers import Added
    from onrecord.passes import Step
    from onrecord.records import Issue


# Seconds between two lines on the progress of a run whose output goes to a file.
LOG_EVERY = 60.0
# Names of files that mostly hold more than one report: the number of files then says nothing of the time left.
MANY = set(".jsonl .ndjson .gz .bz2 .xz .zst .zip .tar .tgz .warc .mbox .xml .rss .atom .opml".split())


def open_console(*, stderr: bool = False) -> Console:
    """A console of at most 100 columns; 100 as well where the output is no terminal."""
    from rich.console import Console

    from onrecord.terminal import WIDTH

    console = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


@contextmanager
def progress_bar(console: Console, sources: Sequence[str]) -> Iterator[Any]:
    """A bar while reports are read, with the rate and, where their number is known, the time left; a line now and then in a log.

    Each input that cannot be read has a line of its own. Gives the function that hears of each batch.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading reports", total=_count_files(sources) if console.is_terminal else None, rate="")
        begun = told = time.monotonic()
        looked_at = added = 0

        def tell(step: Step) -> None:
            nonlocal told, looked_at, added
            for issue in step.issues:
                console.print(issue_line(issue), soft_wrap=True)
            number = step.pages + sum(issue.step == "read" and not issue.notice for issue in step.issues)
            looked_at, added = looked_at + number, added + step.added
            now = time.monotonic()
            rate = f"{looked_at / max(now - begun, 0.001):,.0f}/s"
            progress.update(task, advance=number, rate=rate)
            if not console.is_terminal and now - told >= LOG_EVERY:
                told = now
                console.print(f"{many(looked_at, 'page')} looked at ({rate}), {many(added, 'report')} added")

        yield tell


def _count_files(sources: Sequence[str]) -> int | None:
    """How many reports there are to read, where each file is one; None where a file may hold many."""
    number = 0
    for source in sources:
        if source == "-" or "://" in source:
            return None
        for path in Path(source).rglob("*") if Path(source).is_dir() else (Path(source),):
            if path.suffix.lower() in MANY:
                return None
            number += path.name != "links.json" and path.is_file()
    return number


def issue_line(issue: Issue) -> str:
    """One line on an input that was skipped, or on a doubt about one that was read: where, what, and what to do."""
    todo = f"; {safe(issue.todo)}" if issue.todo else ""
    return f"{'note' if issue.notice else 'skipped'}: {safe(issue.where)}: {safe(issue.what)}{todo}"


def summary_lines(added: Added, record: str) -> Iterator[str]:
    """What a run of `add` did: counts, then why what was skipped was, and whether a model read along."""
    from onrecord.assets import english_model

    yield f"{many(added.added, 'report')} read, {added.already_known} already known, {added.skipped} skipped."
    if added.undated:
        yield f"{many(added.undated, 'report')} without a date: relative dates in them stay open."
    for why, number in added.why.most_common(10):
        yield f"  {number} × {why}"
    yield from refused_lines(added)
    if added.added and english_model() is None:
        yield "Read by the rules alone: the English model is not installed or left aside. `make` sets it up."
    if added.added or added.already_known:
        yield f"Next: onrecord register {as_typed(record)}"


def refused_lines(added: Added) -> Iterator[str]:
    """What the gate refused, by reason, and how to have it read all the same."""
    if added.refused:
        yield f"{many(added.refused.total(), 'page')} of {added.pages:,} left out as not about arms deals (--screen none reads them all):"
        for why, number in added.refused.most_common():
            yield f"  {number:,} × {why}"
