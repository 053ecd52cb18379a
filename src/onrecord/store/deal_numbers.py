"""This file finds the numbers and ids of deals: by their ids, many at a time, by what bears on them, by what became known after a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Connection, Integer, Select, bindparam, select, union

from onrecord.store.tables import ABOUT, CELL, DEAL, DEAL_MEMBER, FINDING

# What queries are given that are built once and asked again and again, since building one takes as long as running it: the number of a
# deal, the numbers of some deals, findings or reports, and how many rows at most.
ASKED: BindParameter[int] = bindparam("asked_deal", type_=Integer)
SOME: BindParameter[Any] = bindparam("numbers", expanding=True)
MOST: BindParameter[int] = bindparam("most", type_=Integer)
# Databases bound how many values one query may hold.
AT_A_TIME = 500


def deal_numbers(db: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Deal id -> the number of the deal that it is part of now; ids that the record does not hold are left out."""
    found: dict[str, int] = {}
    for first in range(0, len(ids), AT_A_TIME):
        rows = db.execute(select(DEAL.c.id, DEAL.c.joined_to).where(DEAL.c.id.in_(ids[first : first + AT_A_TIME])))
        found.update((row.id, row.joined_to) for row in rows)
    return found


def deals_with_news(db: Connection, since: str, *, most: int | None = None) -> list[int]:
    """The deals of which a report says something that was known after a day only; with `most`, so many of them, the latest news first."""
    newest = select(CELL.c.deal).where(CELL.c.known > since).order_by(CELL.c.known.desc(), CELL.c.deal.desc())
    found: dict[int, None] = {}
    # The newest cell of a deal comes first, so that the reading ends with the last deal that is wanted.
    for deal in db.execute(newest.execution_options(yield_per=1000)).scalars():
        if len(found) == most:
            break
        found.setdefault(deal)
    return list(found)


def told_of(deal: int | BindParameter[int]) -> CompoundSelect[Any]:
    """The numbers of the transfers of a deal and of their stages: two look-ups, since PostgreSQL reads a whole table for an OR of two."""
    members = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal == deal)
    return union(members, select(FINDING.c.number).where(FINDING.c.part_of.in_(members)))


def about_deal(deal: int | BindParameter[int]) -> Select[Any]:
    """The numbers of the statements and events that bear on a deal."""
    members = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal == deal)
    return select(ABOUT.c.finding).where(ABOUT.c.transfer.in_(members))


def events_among(numbers: Any) -> ColumnElement[bool]:
    """The condition that a finding is an event and one of these, in a form that has no index.

    SQLite would rather go through every event on record, by the index of kinds, than look a few findings up by their numbers.
    """
    return FINDING.c.number.in_(numbers) & (FINDING.c.kind.concat("") == "event")


def deals_about(db: Connection, findings: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Statement or event (by number) -> the ids of the deals that it bears on, in order."""
    query = (
        select(ABOUT.c.finding, DEAL.c.id)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == ABOUT.c.transfer)
        .join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .where(ABOUT.c.finding.in_(findings))
        .distinct()
        .order_by(ABOUT.c.finding, DEAL.c.id)
    )
    found: dict[int, list[str]] = {}
    for finding, deal in db.execute(query):
        found.setdefault(finding, []).append(deal)
    return {finding: tuple(deals) for finding, deals in found.items()}
