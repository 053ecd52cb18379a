"""This file keeps what the gate refused: of each run the reasons, and how many pages each of them kept out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, func, insert, select, update

from onrecord.store.columns import NUMBER, RECORD

REFUSAL = Table(
    "refusal",
    RECORD,
    Column("run", NUMBER, ForeignKey("run.number"), primary_key=True, autoincrement=False, comment="the run that met the pages"),
    Column("reason", Text, primary_key=True, comment="why the gate held them for not about arms deals"),
    Column("pages", NUMBER, nullable=False, comment="how many there were, up to the last batch that is safe"),
    comment="how many pages the gate refused, by run and reason",
)


def add_refusals(db: Connection, run: int, refused: Mapping[str, int]) -> None:
    """Adds what one batch of a run refused, by reason, to what is counted already."""
    own = (REFUSAL.c.run == run) & REFUSAL.c.reason.in_(list(refused))
    held = set(db.execute(select(REFUSAL.c.reason).where(own)).scalars()) if refused else set()
    for reason, pages in refused.items():
        if reason in held:
            one = (REFUSAL.c.run == run) & (REFUSAL.c.reason == reason)
            db.execute(update(REFUSAL).where(one).values(pages=REFUSAL.c.pages + pages))
        else:
            db.execute(insert(REFUSAL), {"run": run, "reason": reason, "pages": pages})


def refusals(db: Connection) -> Counter[str]:
    """How many pages the gate ever refused, by reason."""
    query = select(REFUSAL.c.reason, func.sum(REFUSAL.c.pages).label("pages")).group_by(REFUSAL.c.reason)
    return Counter({row.reason: int(row.pages) for row in db.execute(query)})
