"""This file holds what the pages read beside the register: how much is on record, one report with all that was found in it.

Titles are cut here, so that a hostile one costs a page no more than a long one does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from onrecord.errors import BadInput
from onrecord.store.tables import CLAIM, COPY_PAIR, DEAL, DEAL_MEMBER, DOCUMENT, FINDING, ISSUE, REPORT_ORIGIN
from onrecord.store.versions import counts_on

# No page shows more of a headline, and no list of copies is longer.
LONGEST_TITLE = 300
MOST_COPIES = 200
# A text longer than this is shown as far as that; the JSON form has all of it.
IN_MANY = 500


@dataclass(frozen=True, slots=True)
class Span:
    """How much is on record: reports, outlets, origins, and the first and last day on which something counts as known."""

    reports: int
    outlets: int
    origins: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ReportHead:
    """A report without its text; `title` is cut, `origin` the first report of those that carry the same original."""

    id: str
    key: str
    outlet: str
    title: str
    published: str | None
    updated: str | None
    read: str | None
    known: str
    language: str
    credits: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Another report that carries the same original: how it was judged to (exact, copy, abridgement, rewrite), how sure, and why.

    `how` is "" where the two were not compared with each other, but with others of the same original.
    """

    report: ReportHead
    how: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim of a report with what it is part of: the finding, its deal (or ""), and the words `text[start:end]`."""

    finding: str
    kind: str
    key: str
    part_of: str
    deal: str
    field: str
    value: Any
    start: int
    end: int
    inferred: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report with its text, what was put on record from it, the reports of the same original, and what could not be read in it.

    `newer` is the id of the version of it that counts today, where this one does not ("" where it does).
    """

    report: ReportHead
    uri: str
    text: str
    cleaner: str
    analysed_by: str
    credit_spans: tuple[tuple[int, int], ...]
    claims: tuple[Marked, ...]
    copies: tuple[Copy, ...]
    issues: tuple[str, ...]
    newer: str = ""


def record_span(db: Connection) -> Span:
    """How much is on record, and over which days."""
    counted = select(
        func.count(),
        func.count(DOCUMENT.c.outlet.distinct()),
        func.count(func.coalesce(REPORT_ORIGIN.c.origin, DOCUMENT.c.number).distinct()),
        func.min(func.nullif(DOCUMENT.c.known, "")),
        func.max(DOCUMENT.c.known),
    ).select_from(DOCUMENT.outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number))
    counted = counted.where(counts_on(None))
    reports, outlets, origins, first, last = db.execute(counted).one()
    return Span(reports, outlets, origins, first or "", last or "")


def report_view(db: Connection, id: str) -> ReportView:
    """One report by its id or its own key; one that is not on record is a `BadInput`."""
    where = DOCUMENT.c.number == _report_number(db, id)
    row = db.execute(
        report_columns(DOCUMENT.c.uri, DOCUMENT.c.text, DOCUMENT.c.cleaner, DOCUMENT.c.analysed_by, DOCUMENT.c.credit_spans).where(where)
    ).one()
    spans = tuple((start, end) for start, end in json.loads(row.credit_spans))
    issues = db.execute(select(ISSUE.c.step, ISSUE.c.what).where(ISSUE.c.document == row.number).order_by(ISSUE.c.id)).all()
    return ReportView(
        report_head(row),
        row.uri[:IN_MANY],
        row.text,
        row.cleaner,
        row.analysed_by,
        spans,
        tuple(_claims(db, row.number)),
        tuple(_copies(db, row.number)),
        tuple(f"{issue.step}: {issue.what}" for issue in issues),
        _newer(db, row.number),
    )


def _newer(db: Connection, number: int) -> str:
    """The version of a report that counts today, where it is another one."""
    own = select(DOCUMENT.c.uri, DOCUMENT.c.key).where(DOCUMENT.c.number == number, DOCUMENT.c.until != "").subquery()
    newer = select(DOCUMENT.c.id).join(own, (own.c.uri == DOCUMENT.c.uri) & (own.c.key == DOCUMENT.c.key)).where(counts_on(None))
    return str(db.execute(newer.limit(1)).scalar() or "")


def report_text(db: Connection, id: str) -> tuple[ReportHead, str]:
    """A report's head and its text."""
    row = db.execute(report_columns(DOCUMENT.c.text).where(DOCUMENT.c.number == _report_number(db, id))).one()
    return report_head(row), row.text


def _report_number(db: Connection, id: str) -> int:
    number = db.execute(select(DOCUMENT.c.number).where(DOCUMENT.c.id == id)).scalar()
    if number is None:
        # By its own key too, which is what a person has in hand; that of the report which came first, should two bear one.
        number = db.execute(select(func.min(DOCUMENT.c.number)).where(DOCUMENT.c.key == id, counts_on(None))).scalar()
    if number is None:
        raise BadInput(f"no report {id[:80]} in this record")
    return int(number)


def report_columns(*more: Any) -> Any:
    """The query for the heads of reports, with more columns; `report_head` makes one of each row."""
    origin = DOCUMENT.alias("original")
    columns = DOCUMENT.c
    return (
        select(
            columns.number,
            columns.id,
            columns.key,
            columns.outlet,
            func.substr(columns.title, 1, LONGEST_TITLE).label("title"),
            columns.published,
            columns.updated,
            columns.read,
            columns.known,
            columns.language,
            columns.credits,
            origin.c.id.label("origin"),
            *more,
        )
        .outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == columns.number)
        .outerjoin(origin, origin.c.number == REPORT_ORIGIN.c.origin)
    )


def report_head(row: Row[Any]) -> ReportHead:
    """The head of a report from its row."""
    return ReportHead(
        row.id,
        row.key,
        row.outlet,
        row.title,
        row.published,
        row.updated,
        row.read,
        row.known,
        row.language,
        tuple(json.loads(row.credits)),
        row.origin or row.id,
    )


def _claims(db: Connection, document: int) -> Iterator[Marked]:
    """The claims of a report in order of their place, those of a stage with the deal of its transfer."""
    whole = FINDING.alias("whole")
    query = (
        select(
            FINDING.c.id.label("finding_id"), FINDING.c.kind, FINDING.c.key, whole.c.key.label("whole"), DEAL.c.id.label("deal_id"), CLAIM
        )
        .join(CLAIM, CLAIM.c.finding == FINDING.c.number)
        .outerjoin(whole, whole.c.number == FINDING.c.part_of)
        .outerjoin(DEAL_MEMBER, DEAL_MEMBER.c.finding == func.coalesce(FINDING.c.part_of, FINDING.c.number))
        .outerjoin(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .where(FINDING.c.document == document)
        .order_by(CLAIM.c.start_at, CLAIM.c.end_at.desc(), FINDING.c.number, CLAIM.c.number)
    )
    for row in db.execute(query):
        yield Marked(
            row.finding_id,
            row.kind,
            row.key,
            row.whole or "",
            row.deal_id or "",
            row.field,
            json.loads(row.value),
            row.start_at,
            row.end_at,
            bool(row.inferred),
            row.reason,
        )


def _copies(db: Connection, document: int) -> list[Copy]:
    """The other reports of the same original, in order of their day."""
    own = select(REPORT_ORIGIN.c.origin).where(REPORT_ORIGIN.c.document == document).scalar_subquery()
    others = report_columns().where(REPORT_ORIGIN.c.origin == own, DOCUMENT.c.number != document)
    rows = db.execute(others.order_by(DOCUMENT.c.known, DOCUMENT.c.number).limit(MOST_COPIES)).all()
    judged = select(COPY_PAIR).where((COPY_PAIR.c.left_document == document) | (COPY_PAIR.c.right_document == document))
    pairs = {row.left_document if row.right_document == document else row.right_document: row for row in db.execute(judged)}
    return [
        Copy(report_head(row), pair.how, pair.score, pair.reason)
        if (pair := pairs.get(row.number))
        else Copy(report_head(row), "", 0.0, "")
        for row in rows
    ]
