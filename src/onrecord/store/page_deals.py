"""This file holds what the pages of deals read beside the register: who reports each deal, who objects to it, its reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from onrecord.store.deal_numbers import ASKED
from onrecord.store.pages import ReportHead, report_columns, report_head
from onrecord.store.tables import ABOUT, CELL, CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING
from onrecord.store.versions import counts_on, known_on


@dataclass(frozen=True, slots=True)
class Carried:
    """Who reports a deal, and the number of the newest report of it."""

    outlets: tuple[str, ...]
    newest: int


def deals_carried(db: Connection, *, as_of: str | None = None, deals: Sequence[int] = ()) -> dict[str, Carried]:
    """Deal id -> the outlets that report it and its newest report, as known by a day; of all deals, or of some (numbers)."""
    query = (
        select(DEAL.c.id, DOCUMENT.c.outlet, func.max(CELL.c.document).label("newest"))
        .join(DOCUMENT, DOCUMENT.c.number == CELL.c.document)
        .join(DEAL, DEAL.c.number == CELL.c.deal)
        .group_by(DEAL.c.id, DOCUMENT.c.outlet)
    )
    query = query.where(counts_on(as_of))
    query = query.where(CELL.c.deal.in_(deals)) if deals else query
    if as_of:
        query = query.where(CELL.c.known != "", CELL.c.known <= as_of)
    found: dict[str, tuple[list[str], int]] = {}
    for row in db.execute(query):
        outlets, newest = found.get(row.id, ([], 0))
        found[row.id] = ([*outlets, row.outlet], max(newest, row.newest))
    return {id: Carried(tuple(sorted(outlets)), newest) for id, (outlets, newest) in found.items()}


def deal_acts(
    db: Connection, roots: Iterable[str], *, as_of: str | None = None, deals: Sequence[int] = ()
) -> Iterator[tuple[str, str, str, str]]:
    """Each act of some PLOVER roots that bears on a deal, or on one of some deals (numbers), once: deal id, actor, root, modality."""
    actor, root, modality = CLAIM.alias("actor"), CLAIM.alias("root"), CLAIM.alias("modality")
    query = (
        select(DEAL.c.id, actor.c.value.label("actor"), root.c.value.label("root"), modality.c.value.label("modality"))
        # From the findings of a kind to their claims: the other way round every claim of the record would be read for every deal.
        .select_from(FINDING)
        .join(root, (root.c.finding == FINDING.c.number) & (root.c.field == "plover"))
        .join(actor, (actor.c.finding == FINDING.c.number) & (actor.c.field == "actor"))
        .join(modality, (modality.c.finding == FINDING.c.number) & (modality.c.field == "modality"))
        .join(ABOUT, ABOUT.c.finding == FINDING.c.number)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == ABOUT.c.transfer)
        .join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .join(DOCUMENT, DOCUMENT.c.number == DEAL_MEMBER.c.document)
        .where(FINDING.c.kind == "event", root.c.value.in_([json.dumps(name) for name in roots]), known_on(as_of))
        .distinct()
    )
    if deals:
        members = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal.in_(deals))
        query = query.where(FINDING.c.number.in_(select(ABOUT.c.finding).where(ABOUT.c.transfer.in_(members))))
        query = query.where(DEAL_MEMBER.c.deal.in_(deals))
    # Put in order here: asked for an order, the database would begin with the deals.
    for id, who, what, how in sorted(map(tuple, db.execute(query))):
        yield id, str(json.loads(who)), str(json.loads(what)), str(json.loads(how))


def transfers_of(db: Connection, deal: int) -> int:
    """How many transfers of reports a deal is made of."""
    return int(db.execute(select(func.count()).select_from(DEAL_MEMBER).where(DEAL_MEMBER.c.deal == deal)).scalar_one())


def deal_reports(db: Connection, deal: int, *, as_of: str | None = None, newest: int | None = None) -> list[ReportHead]:
    """The reports of a deal, in order of the day from which they count as known; or only so many, the newest."""
    rows = db.execute(_reports(as_of, newest), {ASKED.key: deal}).all()
    return [report_head(row) for row in rows[::-1]]


@lru_cache(maxsize=64)
def _reports(as_of: str | None, newest: int | None) -> Select[Any]:
    """The query for the reports of a deal, the newest first."""
    query = report_columns().where(DOCUMENT.c.number.in_(select(CELL.c.document).where(CELL.c.deal == ASKED)), known_on(as_of))
    latest: Select[Any] = query.order_by(DOCUMENT.c.known.desc(), DOCUMENT.c.number.desc())
    return latest if newest is None else latest.limit(newest)
