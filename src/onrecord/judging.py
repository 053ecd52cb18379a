"""This file holds the commands of a reader who follows deals: what became known after a day, and a person's verdict on two deals."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from onrecord.plain_words import many
from onrecord.progress import open_console


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option("--since", metavar="DAY", required=True, help="Only what no report published by that day (YYYY-MM-DD) says.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def changes(record: str, since: str, form: str) -> None:
    """Show what became known after a day.

    One line per value that is new: what it was before, and whether reports disagree about it.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        found = opened.changes(since)
    if form == "json":
        click.echo(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=1))
        return
    if found:
        from onrecord.bulletin import changes_table

        open_console().print(changes_table(found))
    deals = len({change.deal for change in found})
    click.echo(
        f"{many(len(found), 'value')} of {many(deals, 'deal')} became known after {since}." if found else f"Nothing new after {since}."
    )


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("left", metavar="DEAL")
@click.argument("right", metavar="DEAL")
@click.argument("verdict", type=click.Choice(["same", "different", "unsure"]))
@click.option("--by", required=True, metavar="NAME", help="Who judges.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for those who read it later.")
def judge(record: str, left: str, right: str, verdict: str, by: str, why: str) -> None:
    """Say whether two deals are the same.

    A person's verdict outranks the rule and stays through every new run; "unsure" takes an earlier one back. DEAL is a deal's id or the
    start of it, or one transfer: its whole id, or REPORT#t1.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        opened.judge(left, right, verdict, by=by, reason=why)
        deals = opened.counts()["deal"]
    click.echo(f"Noted: {verdict}, by {by}. The record now holds {many(deals, 'deal')}.")
