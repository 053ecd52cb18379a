"""This file is the command line: it reads arguments, calls the Python surface, and is the only place that prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from onrecord.errors import BadOffset, OnrecordError
from onrecord.llm_options import llm_options
from onrecord.naming import shown
from onrecord.progress import many, open_console
from onrecord.register_options import register_filters, sure_option
from onrecord.web_options import web_options

MISTAKE = 2
INTERRUPTED = 130
ELSEWHERE = {
    "account": "onrecord.serve.command",
    "backup": "onrecord.keeping",
    "changes": "onrecord.judging",
    "export": "onrecord.exporting",
    "grant": "onrecord.granting",
    "history": "onrecord.keeping",
    "judge": "onrecord.judging",
    "load": "onrecord.scanning",
    "measure": "onrecord.measure.command",
    "people": "onrecord.terminal_people",
    "reconcile": "onrecord.reconciling",
    "rebuild": "onrecord.keeping",
    "restore": "onrecord.keeping",
    "review": "onrecord.reviewing",
    "watch": "onrecord.watching",
    "report": "onrecord.serve.command",
    "scan": "onrecord.scanning",
    "serve": "onrecord.serve.command",
}

screen_option = click.option(
    "--screen",
    type=click.Choice(["streams", "all", "none"]),
    default="streams",
    show_default=True,
    help="What is left out unless it speaks of arms deals: pages of archives and feeds, any page, or none.",
)


class Commands(click.Group):
    """The commands; an error that onrecord raises on purpose becomes one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except BadOffset as error:
            click.echo(
                f"onrecord: {error}\nThis is a bug in onrecord, not in your data: nothing of this batch was written. Please report it.",
                err=True,
            )
        except OnrecordError as error:
            click.echo(f"onrecord: {error}", err=True)
        ctx.exit(MISTAKE)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a newcomer needs them."""
        first = ["add", "watch", "register", "export", "reconcile", "show", "changes", "review", "history", "judge", "statements", "people"]
        last = ["scan", "load", "check", "backup", "restore", "rebuild", "measure"]
        return [*first, "search", "serve", "account", "grant", "report", "extract", *last]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; those in files of their own are loaded only when they are asked for."""
        if cmd_name in ELSEWHERE:
            command: click.Command = getattr(import_module(ELSEWHERE[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command with what is left for it; `measure` is followed by folders of gold, or by the name of a measure of its own."""
        if args[0] == "measure" and len(args) > 1:
            from onrecord.measure import special_measure

            if special := special_measure(args[1]):
                return f"measure {args[1]}", special, args[2:]
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="onrecord")
def main() -> None:
    """Reads news reports about arms deals and keeps a register in which every cell stands on exact words.

    A record is one file, or a database on PostgreSQL (postgresql://USER@HOST/DATABASE). Begin with:

    \b
      onrecord add record.db my-reports/
      onrecord register record.db
    """


@main.command()
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
    from onrecord.progress import progress_bar, summary_lines

    console = open_console(stderr=True)
    try:
        with open_record(record) as opened, progress_bar(console, sources) as tell:
            added = opened.add(*sources, jobs=jobs, screen=screen, allow_private=allow_private, contact=contact, tell=tell)
    except KeyboardInterrupt:
        click.echo("Stopped. What was read is safe; the same command goes on from there.", err=True)
        raise SystemExit(INTERRUPTED) from None
    for line in summary_lines(added, record):
        click.echo(line)


@main.command()
@click.argument("record", type=click.Path(path_type=str))
@register_filters
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="csv and json carry all cells with their words.",
)
def register(
    record: str, as_of: str | None, supplier: str | None, recipient: str | None, equipment: str | None, sure: float, form: str
) -> None:
    """Show the register of deals.

    One line per deal, with its latest stage and the number of reports behind it; copies of one report count once.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        rows = opened.register(as_of=as_of, supplier=supplier, recipient=recipient, equipment=equipment, sure=sure)
    if form == "json":
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    elif form == "csv":
        from onrecord.export.register_csv import register_csv

        click.echo(register_csv(asdict(row) for row in rows), nl=False)
    elif not rows:
        click.echo(
            "No deal fits."
            if any((as_of, supplier, recipient, equipment, sure))
            else f"The record holds no deal yet; onrecord add {shown(record)} SOURCE..."
        )
    else:
        from onrecord.terminal import register_table

        open_console().print(register_table(rows))
        click.echo(f"{many(len(rows), 'deal')}. The words behind one: onrecord show {shown(record)} {rows[0].deal[:8]}")


@main.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("deal")
@click.option("--as-of", metavar="DAY", help="Only what reports published by that day (YYYY-MM-DD) say.")
@click.option("--all", "every", is_flag=True, help="Show every place for each cell, not only the first three.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(record: str, deal: str, as_of: str | None, every: bool, form: str) -> None:
    """Show one DEAL with the words behind every cell.

    DEAL is its id, or the start of it, as the register shows it.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        view = opened.show(deal.lower(), as_of=as_of)
    if form == "json":
        click.echo(json.dumps(asdict(view), ensure_ascii=False, indent=1))
    else:
        from onrecord.bulletin import doubts_view
        from onrecord.terminal import deal_view

        open_console().print(deal_view(view, every=every))
        if (doubtful := doubts_view(view.doubts, view.judgements)) is not None:
            open_console().print(doubtful)


@main.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option(
    "--speaker", metavar="NAME", help="Only statements of this speaker, in any spelling; a part of a role or organisation will do."
)
@click.option("--about", metavar="WHAT", help="Only about this: a deal's id, a state's code (TR), equipment, or words.")
@click.option("--since", metavar="DAY", help="Only in reports published on that day (YYYY-MM-DD) or later.")
@sure_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def statements(record: str, speaker: str | None, about: str | None, since: str | None, sure: float, form: str) -> None:
    """Show who is on record with what, oldest first."""
    from onrecord.api import open_record
    from onrecord.terminal import statement_line

    console, number = open_console(), 0
    with open_record(record, create=False) as opened:
        found = opened.statements(speaker=speaker, about=about, since=since, sure=sure)
        if form == "json":
            click.echo(json.dumps([asdict(statement) for statement in found], ensure_ascii=False, indent=1))
            return
        for statement in found:
            number += 1
            console.print(statement_line(statement))
    click.echo(many(number, "statement") + "." if number else "No statement fits.")


@main.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The most reports to show.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def search(record: str, words: tuple[str, ...], limit: int, form: str) -> None:
    """Search the reports for WORDS, best hit first.

    All words must occur in the title or the text; "words in quotes" must stand together.
    """
    from onrecord.api import open_record
    from onrecord.terminal import hit_lines

    # A word with a blank in it was quoted in the shell: it is a phrase.
    asked = " ".join(f'"{word}"' if " " in word.strip() and '"' not in word else word for word in words)
    with open_record(record, create=False) as opened:
        hits = opened.search(asked, limit=limit)
    if form == "json":
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=1))
        return
    console = open_console()
    for hit in hits:
        console.print(hit_lines(hit))
    click.echo(many(len(hits), "report") + "." if hits else "No report holds these words.")


@main.command()
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
    from onrecord.api import Added, extract_sources
    from onrecord.progress import progress_bar, refused_lines

    console, total = open_console(stderr=True), Added()
    with progress_bar(console, sources) as tell:
        for step in extract_sources(sources, out=out, jobs=jobs, screen=screen, allow_private=allow_private, contact=contact):
            total.take(step)
            tell(step)
    click.echo(f"{many(total.added, 'report')} written to {out}; {total.skipped} skipped.")
    for line in refused_lines(total):
        click.echo(line)


@main.command()
@click.argument("record", type=click.Path(path_type=str))
def check(record: str) -> None:
    """Check that the record bears out what it says.

    Every quote must cut its words, every text and finding fit its hash, every act of a person be there as it was written and be applied.
    Exits with 1 if something does not, and says what. Acts whose words are gone from their report are told of; they are no fault.
    """
    from onrecord.api import open_record
    from onrecord.backup import flaws
    from onrecord.review import queue
    from onrecord.terminal import safe, safe_piece

    with open_record(record, create=False) as opened:
        faults, counts, others, orphans = opened.check(), opened.counts(), flaws(opened), queue(opened, kinds=["orphan"], limit=10_000)
    for fault in faults:
        where = f"{safe(fault.document_key)} {fault.field} at {fault.start}–{fault.end}"
        click.echo(f"{where}: the record has “{safe_piece(fault.quote)}”, the text “{safe_piece(fault.found)}”", err=True)
    for flaw in others:
        click.echo(f"{safe(flaw.where)}: {flaw.what}; {flaw.todo}", err=True)
    if orphans:
        click.echo(f"{many(len(orphans), 'act')} lost the words in a report: onrecord review {shown(record)} --kind orphan")
    if faults:
        click.echo(
            f"{many(len(faults), 'quote')} of {counts['claim']} not in their place. Restore the record from a copy, or build it anew.",
            err=True,
        )
    if faults or others:
        raise SystemExit(1)
    click.echo(f"All {counts['claim']} quotes of {many(counts['document'], 'report')} cut their words.")
