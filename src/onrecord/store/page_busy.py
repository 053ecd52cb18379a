"""This file reads a part of a deal of which hundreds of reports tell: the words behind some of its values, and where it is spoken of."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, or_, select

from onrecord.store.deal_numbers import ASKED, SOME, about_deal
from onrecord.store.deal_reading import Source, deal_sources
from onrecord.store.tables import CELL, CLAIM, DOCUMENT, FINDING
from onrecord.store.versions import known_on


class Told(NamedTuple):
    """An act or a stage of a deal, and where its words stand: report, first code point, code point after the last one."""

    kind: str
    name: str
    modality: str
    document: str
    start: int
    end: int


class Much(NamedTuple):
    """How much there is about a deal: claims, statements and events."""

    claims: int
    statements: int
    events: int


def best_sources(db: Connection, deal: int, values: Mapping[str, Collection[str]], *, each: int, as_of: str | None = None) -> list[Source]:
    """The words of some values of a deal, by field and as JSON: of each the first so many; of a stage all its claims."""
    asked = {ASKED.key: deal, "each": each} | {f"values{at}": list(some) for at, some in enumerate(values.values())}
    chosen = db.execute(_firsts(as_of, tuple(values)), asked).all()
    named = {(row.id, row.field) for row in chosen}
    sources = deal_sources(db, deal, as_of=as_of, findings=sorted({row.finding for row in chosen}))
    return [source for source in sources if source.kind == "stage" or (source.finding, source.field) in named]


@lru_cache(maxsize=64)
def _firsts(as_of: str | None, fields: tuple[str, ...]) -> Select[Any]:
    order = (CELL.c.inferred, CELL.c.known, CELL.c.finding, CELL.c.claim)
    place = func.row_number().over(partition_by=(CELL.c.field, CELL.c.value), order_by=order).label("place")
    cells = select(CELL.c.finding, CELL.c.field, place).join(DOCUMENT, DOCUMENT.c.number == CELL.c.document)
    wanted = or_(*((CELL.c.field == name) & CELL.c.value.in_(bindparam(f"values{at}", expanding=True)) for at, name in enumerate(fields)))
    ranked = cells.where(CELL.c.deal == ASKED, wanted, known_on(as_of)).subquery("ranked")
    each = bindparam("each", type_=Integer)
    return select(ranked, FINDING.c.id).join(FINDING, FINDING.c.number == ranked.c.finding).where(ranked.c.place <= each)


def told_of_deal(db: Connection, deal: int, *, as_of: str | None = None, documents: Collection[str] | None = None) -> list[Told]:
    """Every act that bears on a deal and every stage of it, or those told in some reports (ids), each with the place of its words."""
    asked: dict[str, Any] = {ASKED.key: deal}
    if documents is not None:
        # From the reports to what they tell: the deal as a whole tells of much more.
        asked[SOME.key] = db.execute(select(DOCUMENT.c.number).where(DOCUMENT.c.id.in_(documents))).scalars().all()
    acts, stages = _told(as_of, documents is not None)
    found = [Told("event", json.loads(row.value), "actual", row.document, row.start_at, row.end_at) for row in db.execute(acts, asked)]
    for row in db.execute(stages, asked):
        told = json.loads(row.value)
        found.append(Told("stage", told["stage"], told["modality"], row.document, row.start_at, row.end_at))
    return found


@lru_cache(maxsize=64)
def _told(as_of: str | None, some: bool) -> tuple[Select[Any], Select[Any]]:
    place = (DOCUMENT.c.id.label("document"), CLAIM.c.start_at, CLAIM.c.end_at)
    acts = (
        select(CLAIM.c.value, *place)
        .join(FINDING, FINDING.c.number == CLAIM.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(FINDING.c.number.in_(about_deal(ASKED)), CLAIM.c.field == "plover")
    )
    stages = (
        select(CELL.c.value, *place)
        .join(CLAIM, (CLAIM.c.finding == CELL.c.finding) & (CLAIM.c.number == CELL.c.claim))
        .join(DOCUMENT, DOCUMENT.c.number == CELL.c.document)
        .where(CELL.c.deal == ASKED, CELL.c.field == "stage")
    )
    if some:
        acts, stages = acts.where(FINDING.c.document.in_(SOME)), stages.where(CELL.c.document.in_(SOME))
    return acts.where(known_on(as_of)), stages.where(known_on(as_of))


def how_much(db: Connection, deal: int, *, as_of: str | None = None) -> Much:
    """How many claims a deal's cells stand on, how many statements speak of it, how many events bear on it."""
    cells, kinds = _counts(as_of)
    counted = {kind: number for kind, number in db.execute(kinds, {ASKED.key: deal})}
    return Much(int(db.execute(cells, {ASKED.key: deal}).scalar_one()), counted.get("statement", 0), counted.get("event", 0))


@lru_cache(maxsize=64)
def _counts(as_of: str | None) -> tuple[Select[Any], Select[Any]]:
    cells = select(func.count()).select_from(CELL).join(DOCUMENT, DOCUMENT.c.number == CELL.c.document).where(CELL.c.deal == ASKED)
    kinds = (
        select(FINDING.c.kind, func.count())
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(FINDING.c.number.in_(about_deal(ASKED)))
        .group_by(FINDING.c.kind)
    )
    return cells.where(known_on(as_of)), kinds.where(known_on(as_of))
