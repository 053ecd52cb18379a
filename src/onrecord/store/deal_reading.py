"""This file reads one deal by its id: every claim of it with its words in context, and the events that bear on it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from onrecord.errors import BadInput
from onrecord.store.deal_numbers import ASKED, MOST, SOME, about_deal, events_among, told_of
from onrecord.store.decided import told_by
from onrecord.store.lookup import head_columns
from onrecord.store.tables import ACT, CLAIM, DEAL, DOCUMENT, FINDING
from onrecord.store.versions import known_on

# So many code points before a claim's words, and after them, are read with them.
CONTEXT = 80


@dataclass(frozen=True, slots=True)
class Source:
    """One claim with the words around it and the report that they stand in."""

    finding: str
    kind: str
    key: str
    field: str
    value: Any
    inferred: bool
    reason: str
    quote: str
    before: str
    after: str
    document: str
    document_key: str
    outlet: str
    published: str | None
    title: str
    start: int
    end: int
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What one side did to another."""

    finding: str
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    plover: str
    modality: str
    when: str | None
    instrument: str | None
    evidence: str
    document: str
    outlet: str
    published: str | None
    start: int
    end: int


def check_deal_id(name: str) -> str:
    """The start of a deal's id in the letters that ids have; what can be none is a `BadInput` that says so."""
    if not re.fullmatch(r"[0-9a-f]{1,24}", name.lower()):
        raise BadInput(f"{name!r} is no deal id; `onrecord register` shows them in its first column")
    return name.lower()


def find_deal(db: Connection, name: str) -> Row[Any]:
    """The deal whose id begins with what was given; none or several is a `BadInput` that says so."""
    name = check_deal_id(name)
    rows = db.execute(select(DEAL).where(DEAL.c.id >= name, DEAL.c.id < name + "g").order_by(DEAL.c.id).limit(3)).all()
    if not rows:
        raise BadInput(f"no deal {name} in this record; `onrecord register` shows the ids in its first column")
    if len(rows) > 1:
        raise BadInput(f"{name} begins more than one deal id ({', '.join(row.id[:12] for row in rows)}); give more of it")
    return rows[0]


def deal_sources(db: Connection, deal: int, *, as_of: str | None = None, findings: Sequence[int] | None = None) -> Iterator[Source]:
    """Every claim of a deal's transfers and stages with its words in context, in order of date; or only of some of them (numbers)."""
    asked = {ASKED.key: deal} if findings is None else {SOME.key: list(findings)}
    # Read by the thousand, so taken by place: a name looked up for every column costs as much as the rest.
    for row in db.execute(_sources(as_of, findings is not None), asked):
        (finding, kind, key, field, value, inferred, reason, quote, before, after, document, document_key, outlet, published, title,
         start, end, verb, *_) = row  # fmt: skip
        yield Source(
            finding, kind, key, field, json.loads(value), bool(inferred), reason, quote, before, after, document, document_key,
            outlet, published, title, start, end, told_by(row) if verb else "",
        )  # fmt: skip


@lru_cache(maxsize=64)
def _sources(as_of: str | None, some: bool) -> Select[Any]:
    claim = CLAIM.c
    return (
        select(FINDING.c.id, FINDING.c.kind, FINDING.c.key, claim.field, claim.value, claim.inferred, claim.reason, claim.quote,
               *_context_columns(), *head_columns(), claim.start_at, claim.end_at,
               ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(CLAIM, claim.finding == FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .outerjoin(ACT, ACT.c.number == claim.act)
        .where(known_on(as_of))
        .where(FINDING.c.number.in_(SOME if some else told_of(ASKED)))
        .order_by(DOCUMENT.c.known, DOCUMENT.c.number, claim.start_at, FINDING.c.number, claim.number)
    )  # fmt: skip


def deal_events(db: Connection, deal: int, *, as_of: str | None = None, newest: int | None = None) -> list[Event]:
    """The events between states that bear on a deal, in order of date; or only so many, the newest."""
    asked: dict[str, Any] = {ASKED.key: deal}
    if newest is not None:
        asked = {SOME.key: db.execute(_latest_events(as_of), {**asked, MOST.key: newest}).scalars().all()}
    claims: dict[int, list[Row[Any]]] = {}
    for row in db.execute(_events(as_of, newest is not None), asked):
        claims.setdefault(row.number, []).append(row)
    return [_event(rows) for rows in claims.values()]


@lru_cache(maxsize=64)
def _latest_events(as_of: str | None) -> Select[Any]:
    latest = select(FINDING.c.number).join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
    latest = latest.where(events_among(about_deal(ASKED)), known_on(as_of))
    return latest.order_by(DOCUMENT.c.known.desc(), FINDING.c.number.desc()).limit(MOST)


@lru_cache(maxsize=64)
def _events(as_of: str | None, some: bool) -> Select[Any]:
    return (
        select(FINDING.c.id.label("finding_id"), FINDING.c.number, CLAIM.c.field, CLAIM.c.value, CLAIM.c.quote, CLAIM.c.start_at,
               CLAIM.c.end_at, *head_columns())
        .join(CLAIM, CLAIM.c.finding == FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(events_among(SOME if some else about_deal(ASKED)), known_on(as_of))
        .order_by(DOCUMENT.c.known, FINDING.c.number, CLAIM.c.number)
    )  # fmt: skip


def _context_columns() -> list[Any]:
    first = case((CLAIM.c.start_at > CONTEXT, CLAIM.c.start_at - CONTEXT), else_=0)
    return [
        func.substr(DOCUMENT.c.text, first + 1, CLAIM.c.start_at - first).label("before"),
        func.substr(DOCUMENT.c.text, CLAIM.c.end_at + 1, CONTEXT).label("after"),
    ]


def _event(rows: list[Row[Any]]) -> Event:
    def values(field: str) -> list[Any]:
        return [json.loads(row.value) for row in rows if row.field == field]

    def first(field: str) -> Any:
        return next(iter(values(field)), None)

    told = next((row for row in rows if row.field == "plover"), rows[0])
    return Event(
        told.finding_id, tuple(values("actor")), tuple(values("recipient")), str(first("plover")), str(first("modality")),
        first("when"), first("instrument"), told.quote, told.document_id, told.outlet, told.published, told.start_at, told.end_at,
    )  # fmt: skip
