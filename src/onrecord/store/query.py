"""This file holds the read queries beside the register: statements, full text, quotes that a text does not bear out, how much there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from onrecord.records import Json
from onrecord.store.deal_numbers import ASKED, MOST, about_deal
from onrecord.store.decided import told_by
from onrecord.store.filters import deals_of_party, deals_with, is_sure_finding
from onrecord.store.fulltext import END as END
from onrecord.store.fulltext import FOUND as FOUND
from onrecord.store.fulltext import find_documents, said_by, said_with
from onrecord.store.lookup import head_columns, title_column
from onrecord.store.people import Called, people_named, statements_of
from onrecord.store.tables import ABOUT, ACT, CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING, ISSUE, RECORD, STATEMENT
from onrecord.store.versions import counts_on


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


def deal_statements(db: Connection, deal: int, *, as_of: str | None = None, newest: int | None = None) -> list[Statement]:
    """The statements that speak of a deal, in order of date; or only so many, the newest."""
    if newest is None:
        return [_statement(row) for row in db.execute(_of_deal(as_of, False), {ASKED.key: deal})]
    return [_statement(row) for row in db.execute(_of_deal(as_of, True), {ASKED.key: deal, MOST.key: newest}).all()[::-1]]


@lru_cache(maxsize=64)
def _of_deal(as_of: str | None, latest_first: bool) -> Select[Any]:
    """The query for the statements that speak of a deal."""
    query: Select[Any] = _statements(as_of).where(STATEMENT.c.finding.in_(about_deal(ASKED)))
    if as_of:
        query = query.where(STATEMENT.c.known != "", STATEMENT.c.known <= as_of)
    if latest_first:
        latest = (STATEMENT.c.known.desc(), STATEMENT.c.document.desc(), STATEMENT.c.start_at.desc(), STATEMENT.c.finding.desc())
        query = query.order_by(None).order_by(*latest).limit(MOST)
    return query


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
    """Every row of every table, in a fixed order; for comparing two records.

    A deal is named by its founder, since its own number tells which of its transfers came on record first.
    """
    founders: dict[Json, Json] = {number: founder for number, founder in db.execute(select(DEAL.c.number, DEAL.c.founder))}
    tables: dict[str, list[dict[str, Json]]] = {}
    for table in RECORD.sorted_tables:
        rows = [dict(row._mapping) for row in db.execute(select(table).order_by(*table.primary_key.columns))]
        if named := [column for column in ("deal", "root", "joined_to", *(["number"] if table is DEAL else [])) if column in table.c]:
            rows = [{**row, **{column: founders.get(row[column], row[column]) for column in named}} for row in rows]
            rows.sort(key=lambda row: [row[column.name] for column in table.primary_key])
        tables[table.name] = rows
    return tables


def _statements(as_of: str | None = None) -> Any:
    return (
        select(FINDING.c.id.label("finding_id"), STATEMENT, *head_columns(), ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(FINDING, FINDING.c.number == STATEMENT.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document)
        .outerjoin(ACT, ACT.c.number == STATEMENT.c.act)
        .where(counts_on(as_of))
        .order_by(STATEMENT.c.known, STATEMENT.c.document, STATEMENT.c.start_at, STATEMENT.c.finding)
    )


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
