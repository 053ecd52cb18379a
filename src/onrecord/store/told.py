"""This file reads what exports hold beside the register's rows, as known by a day: every claim of a deal, statements, events, reports.

All is streamed in a fixed order, so that an export of a large record needs no more memory than one of a small one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from onrecord.store.filters import deals_with, is_sure_claim, is_sure_finding
from onrecord.store.tables import ABOUT, CELL, CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING, REPORT_ORIGIN
from onrecord.store.versions import counts_on

# How many characters before and after a quote go with it, as W3C's text quote selectors want them.
CONTEXT = 32
ORIGINAL = DOCUMENT.alias("original")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of a record is told: what is known by a day, of deals with these sides (codes) and this equipment; empty asks for all.

    Less sure than `sure` (0 to 1) is left out.
    """

    as_of: str | None = None
    supplier: str | None = None
    recipient: str | None = None
    equipment: str | None = None
    sure: float = 0.0

    def of_some_deals(self) -> bool:
        """Whether only some deals are asked for."""
        return bool(self.supplier or self.recipient or self.equipment)


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report without its text. `origin` is the id of the first report of those that carry the same original: one independent group."""

    id: str
    key: str
    uri: str
    outlet: str
    title: str
    published: str | None
    updated: str | None
    read: str | None
    known: str
    language: str
    credits: tuple[str, ...]
    text_sha256: str
    cleaner: str
    analysed_by: str
    origin: str


@dataclass(frozen=True, slots=True)
class ToldWords:
    """The words `text[start:end] == quote` that a value stands on in one report, with the characters around them."""

    finding: str
    number: int
    field: str
    value: Any
    start: int
    end: int
    quote: str
    before: str
    after: str
    inferred: bool
    score: float
    reason: str

    @property
    def id(self) -> str:
        """The claim's own name: its finding and its place in it."""
        return f"{self.finding}.{self.number}"


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """What one report says of a deal, on which words: of a transfer for a cell, or of one of its stages (stage, modality, when, source)."""

    deal: str
    kind: str
    words: ToldWords
    report: ToldReport


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A statement or an event of one report with all its claims, and the deals that it is about."""

    id: str
    kind: str
    key: str
    deals: tuple[str, ...]
    words: tuple[ToldWords, ...]
    report: ToldReport

    def all(self, field: str) -> list[Any]:
        """Every value of a field, in order."""
        return [words.value for words in self.words if words.field == field]

    def first(self, field: str) -> Any:
        """The first value of a field, or None."""
        return next((words.value for words in self.words if words.field == field), None)

    def words_of(self, field: str) -> ToldWords | None:
        """The words that the first value of a field stands on, or None."""
        return next((words for words in self.words if words.field == field), None)


def told_claims(db: Connection, chosen: Chosen) -> Iterator[ToldClaim]:
    """Every claim behind the cells of the deals, deal by deal in order of founding, by field, day and place.

    The claim of a stage's name has the whole stage as its value, as the register's cell does; its day and its source have their own.
    """
    query = (
        _claims(FINDING.c.kind, DEAL.c.id.label("deal_id"), CELL.c.value.label("cell_value"))
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == func.coalesce(FINDING.c.part_of, FINDING.c.number))
        .join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .outerjoin(CELL, (CELL.c.finding == CLAIM.c.finding) & (CELL.c.claim == CLAIM.c.number))
        .where(FINDING.c.kind.in_(("transfer", "stage")))
        .order_by(
            DEAL.c.founder, FINDING.c.kind.desc(), CLAIM.c.field, DOCUMENT.c.known, DOCUMENT.c.number, CLAIM.c.finding, CLAIM.c.number
        )
    )
    if chosen.of_some_deals():
        query = query.where(DEAL.c.number.in_(_deals(chosen)))
    if chosen.sure:
        query = query.where(is_sure_claim(chosen.sure))
    for row in db.execute(_known(query, chosen)):
        yield ToldClaim(row.deal_id, row.kind, _words(row, value=row.cell_value), _report(row))


def told_findings(db: Connection, kind: str, chosen: Chosen) -> Iterator[ToldFinding]:
    """The findings of a kind (statement, event) in order of their reports' days; of some deals only those about them."""
    about = _deals_spoken_of()
    query = (
        _claims(FINDING.c.kind, FINDING.c.key.label("finding_key"), FINDING.c.number.label("finding_number"), about.c.deals)
        .outerjoin(about, about.c.finding == FINDING.c.number)
        .where(FINDING.c.kind == kind)
        .order_by(DOCUMENT.c.known, DOCUMENT.c.number, FINDING.c.number, CLAIM.c.number)
    )
    if chosen.of_some_deals():
        query = query.where(FINDING.c.number.in_(_about(chosen)))
    if chosen.sure:
        query = query.where(is_sure_finding(chosen.sure))
    for _, rows in groupby(db.execute(_known(query, chosen)), key=lambda row: row.finding_number):
        claims = list(rows)
        first = claims[0]
        deals = tuple(sorted(first.deals.split(","))) if first.deals else ()
        yield ToldFinding(first.finding_id, first.kind, first.finding_key, deals, tuple(map(_words, claims)), _report(first))


def told_reports(db: Connection, chosen: Chosen) -> Iterator[ToldReport]:
    """The reports in order of their days; of some deals only those that tell of them."""
    query = select(*_report_columns()).select_from(_reports()).order_by(DOCUMENT.c.known, DOCUMENT.c.number)
    if chosen.of_some_deals():
        query = query.where(DOCUMENT.c.number.in_(select(DEAL_MEMBER.c.document).where(DEAL_MEMBER.c.deal.in_(_deals(chosen)))))
    yield from map(_report, db.execute(_known(query, chosen)))


def report_words(db: Connection, report: str) -> str:
    """The text of a report, by its id."""
    return str(db.execute(select(DOCUMENT.c.text).where(DOCUMENT.c.id == report)).scalar_one())


def _claims(*more: Any) -> Select[Any]:
    """Claims with the words around them and the report that they stand in."""
    first = case((CLAIM.c.start_at > CONTEXT, CLAIM.c.start_at - CONTEXT), else_=0)
    before = func.substr(DOCUMENT.c.text, first + 1, CLAIM.c.start_at - first).label("before")
    after = func.substr(DOCUMENT.c.text, CLAIM.c.end_at + 1, CONTEXT).label("after")
    columns: list[Any] = [FINDING.c.id.label("finding_id"), CLAIM, before, after, *_report_columns(), *more]
    source = CLAIM.join(FINDING, FINDING.c.number == CLAIM.c.finding).join(_reports(), DOCUMENT.c.number == FINDING.c.document)
    return select(*columns).select_from(source)


def _reports() -> Any:
    """The reports, each with the first one of its original."""
    return DOCUMENT.outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number).outerjoin(
        ORIGINAL, ORIGINAL.c.number == REPORT_ORIGIN.c.origin
    )


def _report_columns() -> list[Any]:
    columns = DOCUMENT.c
    return [
        columns.id.label("document_id"), columns.key.label("document_key"), columns.uri, columns.outlet, columns.title, columns.published,
        columns.updated, columns.read, columns.known, columns.language, columns.credits, columns.text_sha256, columns.cleaner,
        columns.analysed_by, func.coalesce(ORIGINAL.c.id, columns.id).label("origin_id"),
    ]  # fmt: skip


def _known(query: Select[Any], chosen: Chosen) -> Select[Any]:
    query = query.where(counts_on(chosen.as_of))
    return query.where(DOCUMENT.c.known != "", DOCUMENT.c.known <= chosen.as_of) if chosen.as_of else query


def _deals(chosen: Chosen) -> Select[Any]:
    """The numbers of the deals asked for, by supplier, recipient and equipment."""
    query = select(DEAL.c.number)
    for role, name in (("supplier", chosen.supplier), ("recipient", chosen.recipient), ("equipment", chosen.equipment)):
        if name:
            query = query.where(DEAL.c.number.in_(deals_with(role, name, as_of=chosen.as_of)))
    return query


def _about(chosen: Chosen) -> Select[Any]:
    spoken_of = DEAL_MEMBER.join(ABOUT, ABOUT.c.transfer == DEAL_MEMBER.c.finding)
    return select(ABOUT.c.finding).select_from(spoken_of).where(DEAL_MEMBER.c.deal.in_(_deals(chosen)))


def _deals_spoken_of() -> Any:
    """Finding -> the ids of the deals that it is about, divided by commas."""
    source = ABOUT.join(DEAL_MEMBER, DEAL_MEMBER.c.finding == ABOUT.c.transfer).join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
    each = select(ABOUT.c.finding, DEAL.c.id).select_from(source).distinct().subquery("each")
    return select(each.c.finding, func.aggregate_strings(each.c.id, ",").label("deals")).group_by(each.c.finding).subquery("about_deals")


def _words(row: Row[Any], *, value: str | None = None) -> ToldWords:
    return ToldWords(
        row.finding_id, row.number, row.field, json.loads(value or row.value), row.start_at, row.end_at, row.quote,
        row.before, row.after, bool(row.inferred), row.score, row.reason,
    )  # fmt: skip


def _report(row: Row[Any]) -> ToldReport:
    return ToldReport(
        row.document_id, row.document_key, row.uri, row.outlet, row.title, row.published, row.updated, row.read, row.known, row.language,
        tuple(json.loads(row.credits)), row.text_sha256, row.cleaner, row.analysed_by, row.origin_id,
    )  # fmt: skip
