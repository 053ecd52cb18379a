"""This file lines a file of the user's up with a record."""

from __future__ import annotations

from pathlib import Path

from onrecord.reconcile.comparing import Reconciled, reconcile
from onrecord.reconcile.lines import read_table
from onrecord.reconcile.mapping import Mapped, read_mapping
from onrecord.reconcile.matching import Deal
from onrecord.register import Wanted, read_deals
from onrecord.store.database import Database, reading


def reconcile_table(record: Database, table: str | Path, mapping: str | Path | None, wanted: Wanted) -> Reconciled:
    """The table (SIPRI's trade register, or a CSV that a TOML file maps) lined up with the deals that are asked for."""
    lines = read_table(Path(table), read_mapping(Path(mapping)) if mapping else Mapped())
    with reading(record) as db:
        return reconcile(lines, (Deal(*deal) for deal in read_deals(db, wanted)))
