"""This file keeps the contradictions that nobody has decided on, so that the newest are found without counting what all reports say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from onrecord.records import Json
from onrecord.store.deal_rows import dump
from onrecord.store.tables import CONFLICT, DEAL, UNNOTED


@dataclass(frozen=True, slots=True)
class Side:
    """One of two values that contradict each other, the report that gives it (its own id), and its words."""

    value: Json
    report: str
    quote: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction between reports of a deal (number and id): in which field, between which cells, and how many more such there are.

    `known` is the day of the deal's newest report.
    """

    deal: int
    id: str
    field: str
    known: str
    cell: str
    equipment: str
    left: Side
    right: Side
    more: int


def write_conflicts(db: Connection, deals: Iterable[int], conflicts: Iterable[Conflict]) -> None:
    """Puts the contradictions of some deals (numbers) in place of those that the record holds of them."""
    db.execute(delete(CONFLICT).where(CONFLICT.c.deal.in_(list(deals))))
    rows = [
        {"deal": one.deal, "field": one.field, "known": one.known, "cell": one.cell, "equipment": one.equipment, "more": one.more,
         "left_value": dump(one.left.value), "left_report": one.left.report, "left_quote": one.left.quote,
         "right_value": dump(one.right.value), "right_report": one.right.report, "right_quote": one.right.quote}
        for one in conflicts
    ]  # fmt: skip
    if rows:
        db.execute(insert(CONFLICT), rows)


def newest_conflicts(db: Connection, limit: int) -> list[Conflict]:
    """The contradictions on record of the deals with the latest news; of deals that changed since, none."""
    query = (
        select(CONFLICT, DEAL.c.id)
        .join(DEAL, DEAL.c.number == CONFLICT.c.deal)
        .where(~select(UNNOTED.c.deal).where(UNNOTED.c.deal == CONFLICT.c.deal).exists())
        .order_by(CONFLICT.c.known.desc(), CONFLICT.c.deal.desc(), CONFLICT.c.field.desc())
        .limit(limit)
    )
    return [
        Conflict(
            row.deal, row.id, row.field, row.known, row.cell, row.equipment,
            Side(json.loads(row.left_value), row.left_report, row.left_quote),
            Side(json.loads(row.right_value), row.right_report, row.right_quote), row.more,
        )
        for row in db.execute(query)
    ]  # fmt: skip


def changed_since(db: Connection, limit: int) -> list[int]:
    """Deals (numbers) of which the contradictions on record may be out of date: a run was cut off, or is under way; the latest so many."""
    return list(db.execute(select(UNNOTED.c.deal).order_by(UNNOTED.c.deal.desc()).limit(limit)).scalars())
