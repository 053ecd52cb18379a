"""This file holds what the pages of review read beside the queue: the findings that are asked about, with their cells, words and deals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from onrecord.store.pages import ReportHead, report_columns, report_head
from onrecord.store.tables import CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING

# Databases bound how many values one query may hold; no queue is longer.
MOST_ASKED = 400
CONTEXT = 160


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One cell of a finding that is asked about, on which words."""

    field: str
    value: Any
    quote: str
    start: int
    end: int
    inferred: bool
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class AskedFinding:
    """A finding that is asked about: in which report, of which deal (""), its cells, and its words with what stands around them."""

    id: str
    kind: str
    key: str
    deal: str
    report: ReportHead
    cells: tuple[AskedCell, ...]
    before: str
    words: str
    after: str


def findings_asked(db: Connection, ids: Iterable[str]) -> dict[str, AskedFinding]:
    """Findings by their ids; ids that the record does not hold are left out."""
    wanted = list(dict.fromkeys(ids))[:MOST_ASKED]
    rows = db.execute(select(FINDING).where(FINDING.c.id.in_(wanted))).all()
    numbers = [row.number for row in rows]
    cells: dict[int, list[Any]] = {}
    for claim in db.execute(select(CLAIM).where(CLAIM.c.finding.in_(numbers)).order_by(CLAIM.c.finding, CLAIM.c.number)):
        cells.setdefault(claim.finding, []).append(claim)
    heads = {
        row.number: report_head(row) for row in db.execute(report_columns().where(DOCUMENT.c.number.in_({row.document for row in rows})))
    }
    deals = _deals(db, {row.part_of or row.number for row in rows})
    found = {}
    for row in rows:
        own = cells.get(row.number, [])
        if own and row.document in heads:
            start, end = min(claim.start_at for claim in own), max(claim.end_at for claim in own)
            around = _around(db, row.document, start, end)
            deal = deals.get(row.part_of or row.number, "")
            found[row.id] = AskedFinding(row.id, row.kind, row.key, deal, heads[row.document], tuple(map(_cell, own)), *around)
    return found


def _cell(claim: Any) -> AskedCell:
    return AskedCell(
        claim.field, json.loads(claim.value), claim.quote, claim.start_at, claim.end_at, bool(claim.inferred), claim.score, claim.reason
    )


def _deals(db: Connection, transfers: Iterable[int]) -> dict[int, str]:
    query = select(DEAL_MEMBER.c.finding, DEAL.c.id).join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
    return {row.finding: row.id for row in db.execute(query.where(DEAL_MEMBER.c.finding.in_(list(transfers))))}


def _around(db: Connection, document: int, start: int, end: int) -> Sequence[str]:
    first = max(0, start - CONTEXT)
    text = DOCUMENT.c.text
    row = db.execute(
        select(func.substr(text, first + 1, start - first), func.substr(text, start + 1, end - start), func.substr(text, end + 1, CONTEXT))
        .where(DOCUMENT.c.number == document)
    ).one()  # fmt: skip
    return [str(part) for part in row]
