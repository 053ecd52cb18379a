"""This file holds the commands for sources too large for one sitting: `scan` reads them into shard files, `load` puts those on record."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.progress import many, open_console, progress_bar, summary_lines


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The folder of the shard files."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read at the same time.")
@click.option("--runner", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where they run.")
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster; without it Ray starts on this machine alone.")
@click.option(
    "--screen",
    type=click.Choice(["streams", "all", "none"]),
    default="streams",
    show_default=True,
    help="What is left out unless it speaks of arms deals: pages of archives and feeds, any page, or none.",
)
def scan(sources: tuple[str, ...], out: Path, jobs: int, runner: str, address: str | None, screen: str) -> None:
    """Read large sources into shard files.

    For archives of days or years. Each part of the sources becomes a file in DIR as soon as it is read; what is there is not read again, so
    the same command goes on after any stop. On a Ray cluster all machines must see the sources and DIR.
    """
    from onrecord.scan import scan_sources

    reports = pages = refused = parts = 0
    console = open_console(stderr=True)
    for done in scan_sources(sources, out, jobs=jobs, runner=runner, address=address, screen=screen):
        parts, reports = parts + 1, reports + done.reports
        pages, refused = pages + done.pages, refused + done.refused
        if not done.known:
            told = f"{many(done.reports, 'report')} of {many(done.pages, 'page')}, {done.skipped} skipped"
            console.print(f"{Path(done.task.shard).name}: {told}", soft_wrap=True)
    click.echo(f"{many(parts, 'part')} in {out}: {many(reports, 'report')} read now, {refused:,} of {many(pages, 'page')} left out.")
    click.echo(f"Next: onrecord load RECORD {out}")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def load(record: str, folder: Path) -> None:
    """Put the shard files of DIR on RECORD.

    Makes the record if there is none. What it holds already is left as it is.
    """
    from onrecord.api import Added, open_record
    from onrecord.scan import load_shards

    added = Added()
    with open_record(record) as opened, progress_bar(open_console(stderr=True), ()) as tell:
        for step in load_shards(opened, folder):
            added.take(step)
            tell(step)
    for line in summary_lines(added, record):
        click.echo(line)
