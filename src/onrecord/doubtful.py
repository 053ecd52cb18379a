"""This file puts what a person should look at into one queue, the most doubtful first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from onrecord.contradicted import in_order, left_open, open_conflicts
from onrecord.errors import BadInput
from onrecord.register import Wanted, read_disputed
from onrecord.store.conflicts import changed_since, newest_conflicts
from onrecord.store.database import Opened, reading
from onrecord.store.deal_numbers import deal_numbers
from onrecord.store.queue import LOW as LOW
from onrecord.store.queue import Item, asked_again, doubtful_readings, nearly_one

KINDS = ("look", "orphan", "conflict", "unsure", "score")
# Two reports that contradict each other are looked at before two deals that may be one and before a reading of low score.
CONFLICT = 0.95
# Deals that changed since their contradictions were written are read anew, so many of them: the rest comes when the run is over.
READ_ANEW = 100


def queue(record: Opened, *, kinds: Collection[str] = (), limit: int = 50, sure: float = LOW) -> list[Item]:
    """What a person should look at, of all kinds or some, the most doubtful first; what somebody decided on is left out.

    Readings are in doubt that are less sure than `sure`, 0 to 1.
    """
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise BadInput(f"{unknown[0]!r} is no kind of doubt; there are: {', '.join(KINDS)}")
    wanted = set(kinds or KINDS)
    items: list[Item] = []
    with reading(record.engine) as db:
        if wanted & {"look", "orphan"}:
            items += [item for item in asked_again(db) if item.kind in wanted]
        if "conflict" in wanted:
            items += _conflicts(db, limit)
        if "unsure" in wanted:
            items += nearly_one(db, limit)
        if "score" in wanted:
            items += doubtful_readings(db, limit, sure)
    return sorted(items, key=lambda item: -item.doubt)[:limit]


def _conflicts(db: Any, limit: int) -> list[Item]:
    """The contradictions of deals of which no side was decided by a person, one item for each field of a deal, the latest news first."""
    found = newest_conflicts(db, limit)
    changed = tuple(changed_since(db, READ_ANEW))
    if changed:
        told = list(read_disputed(db, Wanted(deals=changed)))
        numbers = deal_numbers(db, [row.deal for row, *_ in told])
        found += [one for row, _, against in told for one in open_conflicts(numbers[row.deal], row, left_open(against))]
    items: list[Item] = []
    for one in in_order(found)[:limit]:
        what = f"deal {one.id[:8]} {one.equipment}: {one.field} {_said(one.left.value)} or {_said(one.right.value)}"
        what += f", and {one.more} more such" if one.more else ""
        quote = " / ".join(f"{side.report} “{side.quote}”" for side in (one.left, one.right))
        items.append(Item("conflict", CONFLICT, what, f"{one.id}:{one.cell}", report=one.left.report, quote=quote))
    return items


def _said(value: Any) -> str:
    return " ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)
