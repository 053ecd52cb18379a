"""This file tells what is in doubt about a deal: which other deals it may be the same as by the rule, and what people judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, case, select, union

from onrecord.errors import BadInput
from onrecord.store.deal_numbers import ASKED
from onrecord.store.deal_reading import find_deal
from onrecord.store.tables import DEAL, DEAL_DOUBT, DEAL_MEMBER, DOCUMENT, FINDING, JUDGEMENT


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another deal that one may be the same as: the rule's verdict (unsure or different), how sure it is that they are one, why."""

    deal: str
    verdict: str
    score: float
    reasons: tuple[str, ...]
    judged_by: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's verdict on two transfers."""

    left: str
    right: str
    verdict: str
    reason: str
    judged_by: str
    judged_at: str


def deal_doubts(db: Connection, deal: int, *, as_of: str | None = None) -> list[Doubt]:
    """The other deals that this one may be the same as, the likeliest first: what the rule could not decide."""
    first: dict[str, Doubt] = {}
    for row in db.execute(_doubts(as_of), {ASKED.key: deal}):
        first.setdefault(row.id, Doubt(row.id, row.verdict, row.score, tuple(row.reason.split("; ")), row.judged_by))
    return list(first.values())


@lru_cache(maxsize=64)
def _doubts(as_of: str | None) -> Select[Any]:
    members = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal == ASKED)
    # Two look-ups, joined: for an OR of the two PostgreSQL reads all doubts, and SQLite does so for pairs in a list.
    sides = (DEAL_DOUBT.c.finding, DEAL_DOUBT.c.other)
    near = union(*(select(*sides).where(side.in_(members)) for side in sides)).subquery("near")
    here, there = DEAL_MEMBER.alias("here"), DEAL_MEMBER.alias("there")
    report = FINDING.alias("report")
    query = (
        select(DEAL_DOUBT, DEAL.c.id, here.c.deal.label("own"), there.c.deal.label("their"))
        .join(near, (near.c.finding == DEAL_DOUBT.c.finding) & (near.c.other == DEAL_DOUBT.c.other))
        .join(here, here.c.finding == DEAL_DOUBT.c.finding)
        .join(there, there.c.finding == DEAL_DOUBT.c.other)
        .join(DEAL, DEAL.c.number == case((here.c.deal == ASKED, there.c.deal), else_=here.c.deal))
        .where(here.c.deal != there.c.deal)
        .order_by(DEAL_DOUBT.c.score.desc(), DEAL.c.id)
    )
    if as_of:
        # The later of the two reports tells since when there is a doubt.
        query = query.join(report, report.c.number == DEAL_DOUBT.c.finding).join(DOCUMENT, DOCUMENT.c.number == report.c.document)
        query = query.where(DOCUMENT.c.known != "", DOCUMENT.c.known <= as_of)
    return query


def deal_judgements(db: Connection, deal: int) -> list[Judged]:
    """What people said of a deal's transfers, in order of judging; the latest on a pair holds."""
    rows = db.execute(_judgements(), {ASKED.key: deal})
    return [Judged(row.left_id, row.right_id, row.verdict, row.reason, row.judged_by, row.judged_at) for row in rows]


@cache
def _judgements() -> Select[Any]:
    own = select(FINDING.c.id).join(DEAL_MEMBER, DEAL_MEMBER.c.finding == FINDING.c.number).where(DEAL_MEMBER.c.deal == ASKED)
    return select(JUDGEMENT).where(JUDGEMENT.c.left_id.in_(own) | JUDGEMENT.c.right_id.in_(own)).order_by(JUDGEMENT.c.number)


def find_transfer(db: Connection, name: str) -> str:
    """The content id of the transfer that a person names: by a deal's id (its founding transfer), its own, or REPORT#t1."""
    if "#" in name:
        report, _, key = name.rpartition("#")
        query = select(FINDING.c.id).join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        rows = (
            db.execute(query.where(DOCUMENT.c.key == report, FINDING.c.key == key, FINDING.c.kind == "transfer").limit(2)).scalars().all()
        )
        if len(rows) != 1:
            raise BadInput(f"{name}: {'no transfer' if not rows else 'more than one report'} of this name in the record")
        return str(rows[0])
    if re.fullmatch(r"[0-9a-f]{24}", name):
        own = db.execute(select(FINDING.c.id).where(FINDING.c.id == name, FINDING.c.kind == "transfer")).scalar()
        if own is not None:
            return str(own)
    return str(find_deal(db, name).id)
