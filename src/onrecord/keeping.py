"""This file holds the commands that keep a record: its history, a check, a backup, a restore, a rebuilding of all that is derived."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from onrecord.errors import BadInput
from onrecord.naming import as_typed, shown
from onrecord.plain_words import many, parties_text, safe, safe_piece, value_text


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("deal", required=False)
@click.option("--on", "day", metavar="DAY", help="Show what the register said at the end of that day (YYYY-MM-DD), as this record held it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def history(record: str, deal: str | None, day: str | None, form: str) -> None:
    """Show what the register said when, and who changed it.

    One line per change of a field, oldest first: the time, the deal, what it said before and since, and the run or the person's act
    that changed it. With a DEAL (the start of its id) only that one. What reports told by a past day is what register --as-of shows.
    """
    from onrecord.api import open_record
    from onrecord.asked import check_day
    from onrecord.history import differences, register_on
    from onrecord.history import history as read_history
    from onrecord.store.deal_reading import check_deal_id

    deal = check_deal_id(deal) if deal else None

    with open_record(record, create=False) as opened:
        if day:
            rows = [row for row in register_on(opened, str(check_day(day))) if row["deal"].startswith(deal or "")]
            _tell_register(rows, form)
            return
        changed = list(differences(read_history(opened, deal=deal)))
    if deal and not changed:
        raise BadInput(f"no deal {deal} in the history of this record; `onrecord register` shows the ids in its first column")
    if form == "json":
        told = [{"field": name, "before": old, "since": new, **_plain(noted)} for noted, name, old, new in changed]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for noted, name, old, new in changed:
        if name in ("origins", "reviewed", "inferred"):
            continue
        click.echo(
            f"{noted.at[:16].replace('T', ' ')}  {noted.deal[:8]}  "
            + safe(f"{name}: {_said(name, old)} → {_said(name, new)}  ({noted.through})")
        )
    click.echo(f"{many(len({id(noted) for noted, *_ in changed}), 'change')}." if changed else "The history holds nothing of it.")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("out", metavar="FILE", type=click.Path(path_type=str))
def backup(record: str, out: str) -> None:
    """Write all that RECORD is made from to one FILE.

    The file (JSON lines, gzip) holds reports, findings, people's acts and the history. It can be taken while others work.
    """
    from onrecord.api import open_record
    from onrecord.backup import backup as write_backup

    with open_record(record, create=False) as opened:
        lines = write_backup(opened, out)
    click.echo(f"{many(lines, 'line')} written to {out}. Make a record of it with: onrecord restore {out} NEW_RECORD")


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=str))
@click.argument("record", type=click.Path(path_type=str))
def restore(source: str, record: str) -> None:
    """Make a new RECORD from a backup FILE.

    What is derived is worked out anew; the register is the same, byte for byte. A record that is there already is left alone.
    """
    from onrecord.backup import restore as read_backup

    click.echo(f"{many(read_backup(source, record), 'report')} restored to {shown(record)}.")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
def rebuild(record: str) -> None:
    """Work out anew all that is derived in RECORD.

    Copies, deals and what people decided are made again from the reports, the findings and the acts. Others can read meanwhile.
    """
    from onrecord.api import open_record
    from onrecord.backup import rebuild as derive

    with open_record(record, create=False) as opened:
        count = derive(opened)
    click.echo(f"{many(count, 'report')} worked out anew.")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
def check(record: str) -> None:
    """Check that the record bears out what it says.

    Every quote must cut its words, every text and finding fit its hash, every act of a person be there as it was written and be applied.
    Exits with 1 if something does not, and says what. Acts whose words are gone from their report are told of; they are no fault.
    """
    from onrecord.api import open_record
    from onrecord.backup import flaws
    from onrecord.review import queue

    with open_record(record, create=False) as opened:
        faults, counts, others, orphans = opened.check(), opened.counts(), flaws(opened), queue(opened, kinds=["orphan"], limit=10_000)
    for fault in faults:
        where = f"{safe(fault.document_key)} {fault.field} at {fault.start}–{fault.end}"
        click.echo(f"{where}: the record has “{safe_piece(fault.quote)}”, the text “{safe_piece(fault.found)}”", err=True)
    for flaw in others:
        click.echo(f"{safe(flaw.where)}: {flaw.what}; {flaw.todo}", err=True)
    if orphans:
        click.echo(f"{many(len(orphans), 'act')} lost the words in a report: onrecord review {as_typed(record)} --kind orphan")
    if faults:
        click.echo(
            f"{many(len(faults), 'quote')} of {counts['claim']} not in their place. Restore the record from a copy, or build it anew.",
            err=True,
        )
    if faults or others:
        raise SystemExit(1)
    click.echo(f"All {counts['claim']} quotes of {many(counts['document'], 'report')} cut their words.")


def _tell_register(rows: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        sides = f"{parties_text(row['supplier'])} → {parties_text(row['recipient'])}"
        cells = [value_text(name, row[name]) for name in ("equipment", "quantity", "value", "stage")]
        click.echo(f"{row['deal'][:8]}  " + "  ".join([sides, *(cell for cell in cells if cell)]))
    click.echo(f"{many(len(rows), 'deal')}." if rows else "The record held no deal on that day.")


def _said(field: str, value: Any) -> str:
    if isinstance(value, list):
        return (parties_text(value) if field in ("supplier", "recipient") else " and ".join(map(str, value))) if value else "nothing"
    return value_text(field, value) or "nothing"


def _plain(noted: Any) -> dict[str, Any]:
    held = asdict(noted)
    del held["said"]
    return held
