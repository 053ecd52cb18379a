"""This file holds the command that writes the register in another form."""

from __future__ import annotations

import click

from onrecord.options import register_filters
from onrecord.plain_words import many


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option(
    "--to",
    "form",
    required=True,
    metavar="FORMAT",
    help="The form to write: sipri-csv, xlsx, ftm, plover, jsonld, parquet (a folder) or graphml.",
)
@click.argument("out", type=click.Path(path_type=str))
@register_filters
def export(
    record: str, form: str, out: str, as_of: str | None, supplier: str | None, recipient: str | None, equipment: str | None, sure: float
) -> None:
    """Write the register to the file OUT in another form, each cell with its words.

    The filters are the register's. OUT is there whole or not at all; docs/exports.md describes the forms.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        count = opened.export(form, out, as_of=as_of, supplier=supplier, recipient=recipient, equipment=equipment, sure=sure)
    click.echo(f"{many(count, 'event' if form == 'plover' else 'deal')} written to {out}.")
