"""This file puts what a person should look at into one queue, the most doubtful first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from onrecord.errors import BadInput
from onrecord.register import Cell, Wanted, disputes, read_deals
from onrecord.store.database import Database, reading
from onrecord.store.queue import LOW as LOW
from onrecord.store.queue import Item, asked_again, deals_in_conflict, doubtful_readings, nearly_one

KINDS = ("look", "orphan", "conflict", "unsure", "score")
# Two reports that contradict each other are looked at before two deals that may be one and before a reading of low score.
CONFLICT = 0.95


class Opened(Protocol):
    """An open record, as `onrecord.open` gives it."""

    engine: Database


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
    """The contradictions of deals of which no side was decided by a person, one item for each field of a deal."""
    found: list[Item] = []
    numbers = deals_in_conflict(db, 4 * limit)
    for row, cells in read_deals(db, Wanted(deals=tuple(numbers))) if numbers else ():
        pairs: dict[str, list[tuple[Cell, Cell]]] = {}
        for field, left, right in disputes(cells):
            if left.reviewed is None and right.reviewed is None:
                pairs.setdefault(field, []).append((left, right))
        for field, ((left, right), *more) in pairs.items():
            what = f"deal {row.deal[:8]} {row.equipment}: {field} {_said(left.value)} or {_said(right.value)}"
            what += f", and {len(more)} more such" if more else ""
            quote = " / ".join(f"{cell.evidence.document_key} “{cell.evidence.quote}”" for cell in (left, right))
            found.append(Item("conflict", CONFLICT, what, f"{row.deal}:{left.field}", report=left.evidence.document_key, quote=quote))
    return found[:limit]


def _said(value: Any) -> str:
    return " ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)
