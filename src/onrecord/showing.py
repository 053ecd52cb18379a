"""This file holds the commands that look things up in a record: the register, one deal, who said what, the reports that hold words."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from onrecord.naming import as_typed
from onrecord.options import register_filters, sure_option
from onrecord.plain_words import many
from onrecord.progress import open_console


@click.command()
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
            else f"The record holds no deal yet; onrecord add {as_typed(record)} SOURCE..."
        )
    else:
        from onrecord.terminal import register_table

        console = open_console()
        console.print(register_table(rows, width=console.width))
        click.echo(f"{many(len(rows), 'deal')}. The words behind one: onrecord show {as_typed(record)} {rows[0].deal[:8]}")


@click.command()
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
        view = opened.show(deal, as_of=as_of)
    if form == "json":
        click.echo(json.dumps(asdict(view), ensure_ascii=False, indent=1))
    else:
        from onrecord.bulletin import doubts_view
        from onrecord.terminal import deal_view

        open_console().print(deal_view(view, every=every))
        if (doubtful := doubts_view(view.doubts, view.judgements)) is not None:
            open_console().print(doubtful)


@click.command()
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


@click.command()
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
