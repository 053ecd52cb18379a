"""This file holds the commands for sources too large for one sitting: `scan` reads them into shard files, `load` puts those on record."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from onrecord.options import screen_option
from onrecord.plain_words import many
from onrecord.progress import open_console, progress_bar, summary_lines


@dataclass(slots=True)
class Clock:
    """How long a scan has still to go, by how long its parts took so far."""

    parts: int = 0
    read: int = 0
    begun: float = 0.0

    def begin(self, parts: int) -> None:
        """Starts the clock."""
        self.parts, self.begun = parts, time.monotonic()

    def left(self, done: int, *, read: bool) -> str:
        """What to say when so many parts are done, the last of them read now or before; nothing before there is an estimate."""
        self.read += read
        seconds = (time.monotonic() - self.begun) / max(1, self.read) * (self.parts - done)
        if not read or done == self.parts:
            return ""
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"; about {hours} h {minutes} min left" if hours else f"; about {max(1, minutes)} min left"


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The folder of the shard files."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read at the same time.")
@click.option("--runner", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where they run.")
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster; without it Ray starts on this machine alone.")
@screen_option
def scan(sources: tuple[str, ...], out: Path, jobs: int, runner: str, address: str | None, screen: str) -> None:
    """Read large sources into shard files.

    For archives of days or years. Each part of the sources becomes a file in DIR as soon as it is read; what is there is not read again, so
    the same command goes on after any stop. On a Ray cluster all machines must see the sources and DIR.
    """
    from onrecord.scan import scan_sources

    totals: Counter[str] = Counter()
    clock = Clock()
    console = open_console(stderr=True)
    for done in scan_sources(sources, out, jobs=jobs, runner=runner, address=address, screen=screen, begin=clock.begin):
        totals.update(parts=1, reports=done.reports, pages=done.pages, refused=done.refused)
        left = clock.left(done.task.number + 1, read=not done.known)
        if not done.known:
            told = f"{many(done.reports, 'report')} of {many(done.pages, 'page')}, {done.skipped} skipped"
            console.print(f"part {done.task.number + 1:,} of {clock.parts:,}: {told}{left}", soft_wrap=True)
    read, pages = many(totals["reports"], "report"), many(totals["pages"], "page")
    click.echo(f"{many(totals['parts'], 'part')} in {out}: {read} read now, {totals['refused']:,} of {pages} left out.")
    click.echo(f"Next: onrecord load RECORD {out}")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def load(record: str, folder: Path) -> None:
    """Put the shard files of DIR on RECORD.

    Makes the record if there is none. What it holds already is left as it is.
    """
    from onrecord.answers import Added
    from onrecord.api import open_record
    from onrecord.scan import load_shards

    added = Added()
    with open_record(record) as opened, progress_bar(open_console(stderr=True), ()) as tell:
        for step in load_shards(opened, folder):
            added.take(step)
            tell(step)
    for line in summary_lines(added, record):
        click.echo(line)
