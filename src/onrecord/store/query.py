"""This file holds the read queries beside the register: one deal's sources, statements, full text, the check, what could not be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from onrecord.errors import BadInput
from onrecord.records import Json
from onrecord.store.deal_numbers import told_of
from onrecord.store.decided import told_by as told_by
from onrecord.store.filters import deals_of_party, deals_with, is_sure_finding
from onrecord.store.fulltext import END as END
from onrecord.store.fulltext import FOUND as FOUND
from onrecord.store.fulltext import find_documents, said_by, said_with
from onrecord.store.lookup import title_column
from onrecord.store.people import Called, people_named, statements_of
from onrecord.store.tables import ABOUT, ACT, CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING, ISSUE, RECORD, STATEMENT
from onrecord.store.versions import counts_on

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
class Statement:
    """What somebody is on record with, and where."""

    finding: str
    speaker: str
    as_written: str
    role: str
    organization: str
    kind: str
    content: str
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


@dataclass(frozen=True, slots=True)
class Hit:
    """One report that holds the words searched for; `snippet` marks them with FOUND and END."""

    document: str
    document_key: str
    title: str
    outlet: str
    published: str | None
    snippet: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A claim whose quote the text does not bear out."""

    document: str
    document_key: str
    finding: str
    field: str
    start: int
    end: int
    quote: str
    found: str


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
    claim = CLAIM.c
    query = (
        select(FINDING.c.id, FINDING.c.kind, FINDING.c.key, claim.field, claim.value, claim.inferred, claim.reason, claim.quote,
               *_context_columns(), *_report_columns(), claim.start_at, claim.end_at,
               ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(CLAIM, claim.finding == FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .outerjoin(ACT, ACT.c.number == claim.act)
        .where(counts_on(as_of))
        .where(FINDING.c.number.in_(told_of(deal) if findings is None else findings))
        .order_by(DOCUMENT.c.known, DOCUMENT.c.number, claim.start_at, FINDING.c.number, claim.number)
    )  # fmt: skip
    if as_of:
        query = query.where(DOCUMENT.c.known != "", DOCUMENT.c.known <= as_of)
    # Read by the thousand, so taken by place: a name looked up for every column costs as much as the rest.
    for row in db.execute(query):
        (finding, kind, key, field, value, inferred, reason, quote, before, after, document, document_key, outlet, published, title,
         start, end, verb, *_) = row  # fmt: skip
        yield Source(
            finding, kind, key, field, json.loads(value), bool(inferred), reason, quote, before, after, document, document_key,
            outlet, published, title, start, end, told_by(row) if verb else "",
        )  # fmt: skip


def deal_statements(db: Connection, deal: int, *, as_of: str | None = None, newest: int | None = None) -> list[Statement]:
    """The statements that speak of a deal, in order of date; or only so many, the newest."""
    query = _statements(as_of).where(STATEMENT.c.finding.in_(_about(deal)))
    if as_of:
        query = query.where(STATEMENT.c.known != "", STATEMENT.c.known <= as_of)
    if newest is not None:
        latest = (STATEMENT.c.known.desc(), STATEMENT.c.document.desc(), STATEMENT.c.start_at.desc(), STATEMENT.c.finding.desc())
        return [_statement(row) for row in db.execute(query.order_by(None).order_by(*latest).limit(newest)).all()[::-1]]
    return [_statement(row) for row in db.execute(query)]


def deal_events(db: Connection, deal: int, *, as_of: str | None = None, newest: int | None = None) -> list[Event]:
    """The events between states that bear on a deal, in order of date; or only so many, the newest."""
    wanted: Any = _about(deal)
    if newest is not None:
        latest = select(FINDING.c.number).join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        latest = latest.where(FINDING.c.number.in_(wanted), FINDING.c.kind == "event", counts_on(as_of))
        latest = latest.where(DOCUMENT.c.known <= as_of) if as_of else latest
        wanted = db.execute(latest.order_by(DOCUMENT.c.known.desc(), FINDING.c.number.desc()).limit(newest)).scalars().all()
    query = (
        select(FINDING.c.id.label("finding_id"), FINDING.c.number, CLAIM.c.field, CLAIM.c.value, CLAIM.c.quote, CLAIM.c.start_at,
               CLAIM.c.end_at, *_report_columns())
        .join(CLAIM, CLAIM.c.finding == FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(FINDING.c.number.in_(wanted), FINDING.c.kind == "event", counts_on(as_of))
        .order_by(DOCUMENT.c.known, FINDING.c.number, CLAIM.c.number)
    )  # fmt: skip
    if as_of:
        query = query.where(DOCUMENT.c.known != "", DOCUMENT.c.known <= as_of)
    claims: dict[int, list[Row[Any]]] = {}
    for row in db.execute(query):
        claims.setdefault(row.number, []).append(row)
    return [_event(rows) for rows in claims.values()]


def read_statements(
    db: Connection, *, speaker: str | None = None, about: str | None = None, since: str | None = None, sure: float = 0.0
) -> Iterator[Statement]:
    """Statements in order of date: by a speaker in any spelling, about equipment, a state, a deal or words, said on or after a day.

    None is less sure than `sure`, 0 to 1.
    """
    query = _statements()
    if sure:
        query = query.where(STATEMENT.c.finding.in_(select(FINDING.c.number).where(is_sure_finding(sure))))
    usual: dict[Called, str] = {}
    if speaker:
        people = people_named(db, speaker)
        theirs = statements_of(people)
        query = query.where(said_by(db, speaker) if theirs is None else or_(said_by(db, speaker), theirs))
        usual = {called: found.person.name for found in people for called in found.called}
    if about:
        query = query.where(
            or_(STATEMENT.c.finding.in_(select(ABOUT.c.finding).where(ABOUT.c.transfer.in_(_transfers_like(about)))), said_with(db, about))
        )
    if since:
        query = query.where(STATEMENT.c.known >= since)
    for row in db.execute(query):
        said = _statement(row)
        yield replace(said, speaker=usual.get((said.speaker, said.as_written, said.role, said.organization), said.speaker))


def search_reports(db: Connection, words: str, *, limit: int = 20) -> list[Hit]:
    """The reports that hold all the words (a phrase where they are quoted), best first, with a snippet each."""
    found = find_documents(db, words, limit=limit)
    columns = DOCUMENT.c
    query = select(columns.number, columns.id, columns.key, title_column(), columns.outlet, columns.published)
    rows = {row.number: row for row in db.execute(query.where(columns.number.in_([hit.number for hit in found])))}
    heads = ((rows[hit.number], hit.snippet) for hit in found)
    return [Hit(row.id, row.key, row.title, row.outlet, row.published, snippet) for row, snippet in heads]


def find_faults(db: Connection) -> Iterator[Fault]:
    """Every claim that does not cut its own quote from its document's text: one query, none when all is well."""
    cut = func.substr(DOCUMENT.c.text, CLAIM.c.start_at + 1, CLAIM.c.end_at - CLAIM.c.start_at)
    query = (
        select(DOCUMENT.c.id, DOCUMENT.c.key, FINDING.c.id.label("finding_id"), CLAIM, cut.label("found"))
        .join(FINDING, FINDING.c.number == CLAIM.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where((cut != CLAIM.c.quote) | (CLAIM.c.quote == ""))
    )
    for row in db.execute(query):
        yield Fault(row.id, row.key, row.finding_id, row.field, row.start_at, row.end_at, row.quote, row.found)


def counts(db: Connection) -> dict[str, int]:
    """How many rows each kind of thing has: documents, findings by kind, claims, deals, issues."""
    kinds = {row.kind: row.rows for row in db.execute(select(FINDING.c.kind, func.count().label("rows")).group_by(FINDING.c.kind))}
    tables = {table.name: table for table in (DOCUMENT, CLAIM, ISSUE)}
    deals = db.execute(select(func.count()).select_from(DEAL).where(DEAL.c.number == DEAL.c.joined_to)).scalar_one()
    return (
        {name: db.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()} | {"deal": deals} | kinds
    )


def dump_tables(db: Connection) -> dict[str, list[dict[str, Json]]]:
    """Every row of every table, in a fixed order; for comparing two records."""
    return {
        table.name: [dict(row._mapping) for row in db.execute(select(table).order_by(*table.primary_key.columns))]
        for table in RECORD.sorted_tables
    }


def _statements(as_of: str | None = None) -> Any:
    return (
        select(FINDING.c.id.label("finding_id"), STATEMENT, *_report_columns(), ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(FINDING, FINDING.c.number == STATEMENT.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document)
        .outerjoin(ACT, ACT.c.number == STATEMENT.c.act)
        .where(counts_on(as_of))
        .order_by(STATEMENT.c.known, STATEMENT.c.document, STATEMENT.c.start_at, STATEMENT.c.finding)
    )


def _report_columns() -> list[Any]:
    columns = DOCUMENT.c
    return [columns.id.label("document_id"), columns.key.label("document_key"), columns.outlet, columns.published, title_column()]


def _context_columns() -> list[Any]:
    first = case((CLAIM.c.start_at > CONTEXT, CLAIM.c.start_at - CONTEXT), else_=0)
    return [
        func.substr(DOCUMENT.c.text, first + 1, CLAIM.c.start_at - first).label("before"),
        func.substr(DOCUMENT.c.text, CLAIM.c.end_at + 1, CONTEXT).label("after"),
    ]


def _about(deal: int) -> Any:
    members = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal == deal)
    return select(ABOUT.c.finding).where(ABOUT.c.transfer.in_(members))


def _transfers_like(about: str) -> Any:
    """The transfers of a deal (by the start of its id), of a state (by its code) or of equipment (by its designation)."""
    if re.fullmatch(r"[A-Z]{2}|org:\w+", about):
        deals = deals_of_party(about)
    elif re.fullmatch(r"[0-9a-f]{6,24}", about):
        deals = select(DEAL.c.joined_to).where(DEAL.c.id >= about, DEAL.c.id < about + "g")
    else:
        deals = deals_with("equipment", about)
    return select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.deal.in_(deals))


def _statement(row: Row[Any]) -> Statement:
    return Statement(
        row.finding_id, row.speaker, row.as_written, row.role, row.organization, row.kind, row.content, row.document_id,
        row.document_key, row.outlet, row.published, row.title, row.start_at, row.end_at, told_by(row),
    )  # fmt: skip


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
