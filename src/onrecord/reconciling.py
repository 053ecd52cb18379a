"""This file holds the command that lines a user's own register up with the record, and shows what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from onrecord.options import register_filters
from onrecord.plain_words import many, parties_text, safe
from onrecord.progress import open_console
from onrecord.reconcile.comparing import Both, Compared, Reconciled
from onrecord.reconcile.written import as_csv, as_json, note_of, where_it_stands
from onrecord.terminal import SHORT_ID

# No list in the terminal is longer; csv and json hold all.
SHOWN = 40
SIGNS = {"same": "=", "also said": "≈", "differs": "≠", "only here": "+", "only there": "−"}
QUOTE = 60

Item = TypeVar("Item")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("table", metavar="CSV", type=click.Path(path_type=Path))
@click.option("--map", "mapping", metavar="FILE", type=click.Path(path_type=Path), help="A TOML file that says which column holds what.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="csv and json hold all."
)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write csv or json to this file.")
@register_filters
def reconcile(
    record: str, table: Path, mapping: Path | None, form: str, out: Path | None, as_of: str | None, supplier: str | None,
    recipient: str | None, equipment: str | None, sure: float,
) -> None:  # fmt: skip
    """Line a register of your own up with the record: in both, only here, only there, and where they differ, with the words.

    CSV is a trade register as SIPRI's database exports it, or any table whose columns --map names; docs/reconcile.md shows how.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        found = opened.reconcile(
            table, mapping=mapping, as_of=as_of, supplier=supplier, recipient=recipient, equipment=equipment, sure=sure
        )
    if form == "table":
        open_console().print(_view(found))
        return
    text = as_csv(found) if form == "csv" else json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    from onrecord.export.told import write_whole

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    write_whole(out, write)
    click.echo(f"{many(len(found.both), 'deal')} in both, {len(found.only_here)} only here, {len(found.only_there)} only there: {out}.")


def _view(found: Reconciled) -> RenderableType:
    counts = found.counts()
    head = (
        f"{many(counts['both'], 'deal')} in both ({counts['both_with_a_difference']} with a difference), {counts['only_here']} only here,"
        f" {counts['only_there']} only there, {many(counts['not_read'], 'line')} not read."
    )
    parts: list[RenderableType] = [Text(head, style="bold")]
    parts += _section("In both", found.both, _both)
    parts += _section("Only here: the record has them, the table does not", found.only_here, lambda deal: [_only(
        deal.row.deal[:SHORT_ID], parties_text(deal.row.supplier), parties_text(deal.row.recipient), deal.row.equipment,
        f"{where_it_stands(deal)} · {many(deal.row.reports, 'report')}",
    )])  # fmt: skip
    parts += _section("Only there: the table has them, the record does not", found.only_there, lambda there: [_only(
        f"line {there.line.number}", there.line.supplier_name, there.line.recipient_name, there.line.equipment, note_of(there),
    )])  # fmt: skip
    if found.strange:
        names = ", ".join(f"{safe(name[:40])} ({count})" for name, count in found.strange.most_common(10))
        parts.append(Text(f"\nNames that no table holds: {names}. Say whom they mean under [states] in a --map file."))
    return Group(*parts, Text(f"\n{'  '.join(f'{sign} {name}' for name, sign in SIGNS.items())}", style="dim"))


def _section(title: str, items: Sequence[Item], lines: Callable[[Item], Iterable[RenderableType]]) -> Iterator[RenderableType]:
    if items:
        yield Text(f"\n{title}", style="bold underline")
        for item in items[:SHOWN]:
            yield from lines(item)
        if len(items) > SHOWN:
            yield Text(f"… and {len(items) - SHOWN} more: --format csv", style="dim")


def _both(both: Both) -> Iterator[RenderableType]:
    row = both.pair.deal.row
    sides = f"{parties_text(row.supplier)} → {parties_text(row.recipient)}"
    yield Text(f"{row.deal[:SHORT_ID]}  line {both.pair.line.number}  {sides}  {safe(row.equipment)}", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, expand=True)
    for width in (2, 18):
        table.add_column(width=width)
    for share in (26, 26, 20):
        table.add_column(ratio=share)
    for cell in both.cells:
        if cell.cell not in ("recipient", "supplier") or cell.verdict != "same":
            table.add_row(
                SIGNS[cell.verdict], cell.cell, _said(cell.here, cell.unsure_here), _said(cell.there, cell.unsure_there), _words(cell)
            )
    yield table


def _said(text: str, unsure: bool) -> str:
    return f"{safe(text)}{' ?' if unsure and text else ''}" or "–"


def _words(cell: Compared) -> Text:
    if cell.evidence is None:
        return Text("")
    quote = cell.evidence.quote if len(cell.evidence.quote) <= QUOTE else cell.evidence.quote[:QUOTE] + "…"
    return Text(
        f"“{safe(quote)}” {safe(cell.evidence.outlet)} {cell.evidence.published or ''} · {many(cell.reports, 'report')}", style="dim"
    )


def _only(where: str, supplier: str, recipient: str, equipment: str, note: str) -> Text:
    line = Text(f"{where}  {safe(supplier) or 'unknown'} → {safe(recipient) or 'unknown'}  {safe(equipment)}")
    return line.append(f"  {safe(note)}", style="dim")
