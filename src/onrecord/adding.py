"""This file holds the commands that read reports: `add` puts on a record what they say, `extract` writes it to files."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.llm_options import llm_options
from onrecord.options import screen_option, web_options
from onrecord.plain_words import many
from onrecord.progress import open_console, progress_bar, refused_lines, summary_lines

# What a script is told where all that was named had to be skipped.
NOTHING_READ = 1


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read at the same time.")
@screen_option
@web_options
@llm_options("add")
def add(record: str, sources: tuple[str, ...], jobs: int, screen: str, allow_private: bool, contact: str) -> None:
    """Read reports and put on RECORD what they say.

    Makes the record if there is none.

    SOURCE is a file, a folder, the address of a page or feed (https://...), or - for standard input. What a file is, its content tells:
    text, HTML, JSON, JSON lines, PDF, mail, web archives (WARC), feeds (RSS, Atom), OPML lists, sitemaps, and zip or tar of any of these.
    Reports that the record holds already are skipped, so the same command can be given again at any time, also after it was interrupted.
    """
    from onrecord.api import open_record

    console = open_console(stderr=True)
    with open_record(record) as opened, progress_bar(console, sources) as tell:
        added = opened.add(*sources, jobs=jobs, screen=screen, allow_private=allow_private, contact=contact, tell=tell)
    for line in summary_lines(added, record):
        click.echo(line)
    if added.found_nothing():
        raise SystemExit(NOTHING_READ)


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; made if there is none.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read at the same time.")
@screen_option
@web_options
@llm_options("extract")
def extract(sources: tuple[str, ...], out: Path, jobs: int, screen: str, allow_private: bool, contact: str) -> None:
    """Write what each report says as a JSON file.

    Beside them links.json says what holds across reports. No record is needed.

    SOURCE is what onrecord add takes. Ids and file names are the inputs'; docs/gold.md describes the form.
    """
    from onrecord.answers import Added
    from onrecord.api import extract_sources

    console, total = open_console(stderr=True), Added()
    with progress_bar(console, sources) as tell:
        for step in extract_sources(sources, out=out, jobs=jobs, screen=screen, allow_private=allow_private, contact=contact):
            total.take(step)
            tell(step)
    click.echo(f"{many(total.added, 'report')} written to {out}; {total.skipped} skipped.")
    for line in refused_lines(total):
        click.echo(line)
    if total.found_nothing():
        raise SystemExit(NOTHING_READ)
