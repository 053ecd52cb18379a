"""This file writes and reads the history: what the register said of each deal, from when on, and the run or act that made it say so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from onrecord.records import Json
from onrecord.store.acts import next_number, now
from onrecord.store.deal_rows import dump
from onrecord.store.tables import ACT, DEAL, GONE, HISTORY, RUN, UNNOTED


@dataclass(frozen=True, slots=True)
class Noted:
    """From `at` (UTC) on the register said this of a deal (None: nothing), through a run (its analysis) or a person's act."""

    at: str
    deal: str
    said: Mapping[str, Any] | None
    run: int | None
    act: int | None
    through: str


def take_unnoted(db: Connection, limit: int) -> list[tuple[int, str]]:
    """Some deals (number, id) that changed since the history was last written, taken off the list; the id of one that is gone is empty."""
    in_order = func.coalesce(DEAL.c.founder, UNNOTED.c.deal), UNNOTED.c.deal
    rows = db.execute(select(UNNOTED.c.deal, DEAL.c.id).outerjoin(DEAL, DEAL.c.number == UNNOTED.c.deal).order_by(*in_order).limit(limit))
    taken = [(row.deal, row.id or "") for row in rows]
    if taken:
        db.execute(delete(UNNOTED).where(UNNOTED.c.deal.in_([number for number, _ in taken])))
    return taken


def take_gone(db: Connection) -> list[str]:
    """The ids of deals that are told apart no longer, or under other ids, since the history was last written, taken off the list."""
    gone = db.execute(select(GONE.c.deal).outerjoin(DEAL, DEAL.c.id == GONE.c.deal).where(DEAL.c.id.is_(None)).order_by(GONE.c.deal))
    ids = list(gone.scalars())
    db.execute(delete(GONE))
    return ids


def last_said(db: Connection, deals: Iterable[str]) -> dict[str, str]:
    """What the history says last of each of these deals (JSON; empty for nothing)."""
    last = select(func.max(HISTORY.c.number)).where(HISTORY.c.deal.in_(list(deals))).group_by(HISTORY.c.deal)
    return {row.deal: row.said for row in db.execute(select(HISTORY).where(HISTORY.c.number.in_(last)))}


def add_history(db: Connection, said: Sequence[tuple[str, Json]], *, run: int | None, act: int | None) -> None:
    """Notes what the register says of deals from now on."""
    first, at = next_number(db, HISTORY), now()
    rows = [{"number": first + n, "noted_at": at, "run": run, "act": act, "deal": deal, "said": dump(row) if row else ""}
            for n, (deal, row) in enumerate(said)]  # fmt: skip
    if rows:
        db.execute(insert(HISTORY), rows)


def read_history(db: Connection, *, deal: str | None = None, until: str | None = None) -> list[Noted]:
    """The history in order, of one deal (the start of its id) or all, up to the end of a day."""
    query = (
        select(HISTORY, RUN.c.analysed_by, ACT.c.verb, ACT.c.person, ACT.c.why)
        .outerjoin(RUN, RUN.c.number == HISTORY.c.run)
        .outerjoin(ACT, ACT.c.number == HISTORY.c.act)
        .order_by(HISTORY.c.number)
    )
    if deal:
        query = query.where(HISTORY.c.deal >= deal, HISTORY.c.deal < deal + "g")
    if until:
        query = query.where(HISTORY.c.noted_at < f"{until}T99")
    return [
        Noted(row.noted_at, row.deal, json.loads(row.said) if row.said else None, row.run, row.act, _through(row))
        for row in db.execute(query)
    ]


def _through(row: Any) -> str:
    if row.act:
        return f"act {row.act}: {row.verb} by {row.person}" + (f": {row.why}" if row.why else "")
    return f"run {row.run}, {row.analysed_by}" if row.run else "a run that was cut off"
