"""This file tells what became known after a day: every value that no report published by then gave, deal by deal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.deal_cells import Cell, Evidence, disputes, latest_stage
from onrecord.register import RegisterRow, Wanted, read_deals
from onrecord.store.deal_numbers import deals_with_news

# Deals whose changes are looked for at a time.
AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One value that became known after a day: on which day first, and what the deal's best value of that field was before, if any.

    `what` is "new deal", "new" (nothing was known of the field), "more" (another value beside the old), or "disputed" (it contradicts one).
    """

    known: str
    deal: str
    supplier: tuple[str, ...]
    recipient: tuple[str, ...]
    equipment: str
    what: str
    field: str
    value: Any
    before: Any
    evidence: Evidence


def read_changes(db: Any, since: str, *, most: int | None = None) -> Iterator[Change]:
    """What became known after a day, deal by deal in order of founding, each value once; some deals are held in memory at a time.

    With `most`, of only so many deals: those of which something became known last.
    """
    deals = sorted(deals_with_news(db, since, most=most))
    for first in range(0, len(deals), AT_A_TIME):
        some = tuple(deals[first : first + AT_A_TIME])
        then = {row.deal: cells for row, cells in read_deals(db, Wanted(deals=some, as_of=since))}
        for row, now in read_deals(db, Wanted(deals=some)):
            yield from _changes(row, now, then.get(row.deal, ()), since)


def _changes(row: RegisterRow, now: Sequence[Cell], then: Sequence[Cell], since: str) -> Iterator[Change]:
    """What became known of one deal after a day, with what was known by then."""
    held = {(cell.field, json.dumps(cell.value, sort_keys=True)) for cell in then}
    new = [cell for cell in now if cell.first_said > since and (cell.field, json.dumps(cell.value, sort_keys=True)) not in held]
    against = {id(cell) for _, left, right in disputes(now) for cell in (left, right)} if new else set()
    for cell in sorted(new, key=lambda cell: (cell.first_said, cell.field)):
        old = (
            next((other for other in then if other.field == cell.field), None)
            if cell.field != "stage"
            else latest_stage([other for other in then if other.field == "stage"])
        )
        what = "new deal" if not then else "disputed" if id(cell) in against else "more" if old else "new"
        yield Change(
            cell.first_said, row.deal, row.supplier, row.recipient, row.equipment, what, cell.field, cell.value,
            old.value if old else None, cell.evidence,
        )  # fmt: skip
