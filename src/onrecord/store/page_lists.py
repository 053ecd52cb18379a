"""This file holds what the pages of lists read: acts between states, who said what about which deals, outlets and what they carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from onrecord.group.origin import Carrier, Origin, name_origin
from onrecord.store.deal_numbers import deals_about
from onrecord.store.fulltext import find_statements
from onrecord.store.pages import LONGEST_TITLE, ReportHead, report_columns, report_head
from onrecord.store.people import Named, statements_of
from onrecord.store.query import Statement
from onrecord.store.tables import CLAIM, DOCUMENT, FINDING, REPORT_ORIGIN, STATEMENT
from onrecord.store.versions import counts_on, known_on

# Databases bound how many values one query may hold.
AT_A_TIME = 400
# No page of a person or a body shows more statements than this; the newest are shown.
MOST_SAID = 100
MOST_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Act:
    """What some states or bodies did to others: the number of the finding, both sides, PLOVER root, modality, since when it is known."""

    finding: int
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    root: str
    modality: str
    known: str


@dataclass(frozen=True, slots=True)
class ActWords:
    """The words of an act, where they stand, and the deals that it bears on."""

    quote: str
    document: str
    outlet: str
    published: str | None
    start: int
    end: int
    deals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the deals that it is about, and the acts and stages told in its words: (root or stage, modality)."""

    statement: Statement
    deals: tuple[str, ...]
    carries: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation on whose behalf somebody speaks: statements, reports, first and last day."""

    name: str
    statements: int
    reports: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes: how many reports, how many of them tell an original first, how many carry one that another report told first."""

    name: str
    reports: int
    first_told: int
    carried: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that carry one original, the first of them, by how many outlets, and whose the original is."""

    first: ReportHead
    reports: int
    outlets: int
    origin: Origin


def all_acts(db: Connection, *, as_of: str | None = None) -> list[Act]:
    """Every act on record, as known by a day, the newest first."""
    query = (
        select(FINDING.c.number, CLAIM.c.field, CLAIM.c.value, DOCUMENT.c.known)
        .join(CLAIM, CLAIM.c.finding == FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(known_on(as_of), FINDING.c.kind == "event", CLAIM.c.field.in_(("actor", "recipient", "plover", "modality")))
        .order_by(FINDING.c.number, CLAIM.c.number)
    )
    told: dict[int, tuple[str, dict[str, list[str]]]] = {}
    for number, field, value, known in db.execute(query):
        told.setdefault(number, (known, {}))[1].setdefault(field, []).append(str(json.loads(value)))
    acts = [
        Act(
            number,
            tuple(cells.get("actor", ())),
            tuple(cells.get("recipient", ())),
            cells["plover"][0],
            cells.get("modality", ["actual"])[0],
            known,
        )
        for number, (known, cells) in told.items()
        if "plover" in cells
    ]
    return sorted(acts, key=lambda act: (act.known, act.finding), reverse=True)


def act_words(db: Connection, findings: Sequence[int]) -> dict[int, ActWords]:
    """The words of some acts by the numbers of their findings."""
    found: dict[int, ActWords] = {}
    for first in range(0, len(findings), AT_A_TIME):
        some = findings[first : first + AT_A_TIME]
        deals = deals_about(db, some)
        query = (
            select(CLAIM.c.finding, CLAIM.c.quote, CLAIM.c.start_at, CLAIM.c.end_at, DOCUMENT.c.id, DOCUMENT.c.outlet, DOCUMENT.c.published)
            .join(FINDING, FINDING.c.number == CLAIM.c.finding)
            .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
            .where(CLAIM.c.finding.in_(some), CLAIM.c.field == "plover")
        )
        for row in db.execute(query):
            found[row.finding] = ActWords(
                row.quote, row.id, row.outlet, row.published, row.start_at, row.end_at, deals.get(row.finding, ())
            )
    return found


def said_by_people(db: Connection, people: Iterable[Named]) -> list[Said]:
    """What some people said, in order of the day."""
    theirs = statements_of(people)
    return [] if theirs is None else _said(db, theirs)


def said_by_body(db: Connection, name: str) -> tuple[list[Said], int]:
    """What was said on behalf of an organisation, in order of the day, and how many statements there are in all."""
    sides = (STATEMENT.c.organization == name, STATEMENT.c.speaker == name)
    # Asked for by its day too, an index tells whether a report counts; its own row does so behind all of its text.
    told = (DOCUMENT.c.number == STATEMENT.c.document) & (DOCUMENT.c.known == STATEMENT.c.known)
    counted = select(func.count()).select_from(STATEMENT).join(DOCUMENT, told)
    return _said(db, *sides), db.execute(counted.where(or_(*sides), counts_on(None))).scalar_one()


def bodies(db: Connection) -> list[Body]:
    """The organisations on whose behalf somebody speaks, the most quoted first."""
    name = case((STATEMENT.c.organization != "", STATEMENT.c.organization), else_=STATEMENT.c.speaker)
    query = (
        select(
            name.label("name"),
            func.count().label("statements"),
            func.count(STATEMENT.c.document.distinct()).label("reports"),
            func.min(func.nullif(STATEMENT.c.known, "")).label("first"),
            func.max(STATEMENT.c.known).label("last"),
        )
        .join(DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document)
        .where(STATEMENT.c.organization != "", counts_on(None))
        .group_by(name)
        .order_by(func.count().desc(), name)
    )
    return [Body(row.name, row.statements, row.reports, row.first or "", row.last or "") for row in db.execute(query)]


def search_statements(db: Connection, words: str, *, limit: int = 20) -> list[tuple[Statement, str]]:
    """The statements that hold all the words, best first, each with its words found marked as in a report's snippet."""
    found = find_statements(db, words, limit=limit)
    rows = _rows_of(db, [hit.number for hit in found])
    return [(_statement(rows[hit.number]), hit.snippet) for hit in found]


def outlets(db: Connection) -> list[Outlet]:
    """Who publishes what is on record, the most reports first."""
    own = case((func.coalesce(REPORT_ORIGIN.c.origin, DOCUMENT.c.number) == DOCUMENT.c.number, 1), else_=0)
    query = (
        select(
            DOCUMENT.c.outlet,
            func.count().label("reports"),
            func.sum(own).label("own"),
            func.min(func.nullif(DOCUMENT.c.known, "")).label("first"),
            func.max(DOCUMENT.c.known).label("last"),
        )
        .outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number)
        .where(counts_on(None))
        .group_by(DOCUMENT.c.outlet)
        .order_by(func.count().desc(), DOCUMENT.c.outlet)
    )
    return [Outlet(row.outlet, row.reports, row.own, row.reports - row.own, row.first or "", row.last or "") for row in db.execute(query)]


def copy_groups(db: Connection) -> list[Group]:
    """The originals that most reports carry, the most carried first."""
    counted = (
        select(REPORT_ORIGIN.c.origin, func.count().label("reports"), func.count(DOCUMENT.c.outlet.distinct()).label("outlets"))
        .join(DOCUMENT, DOCUMENT.c.number == REPORT_ORIGIN.c.document)
        .where(counts_on(None))
        .group_by(REPORT_ORIGIN.c.origin)
        .having(func.count() > 1)
        .order_by(func.count().desc(), REPORT_ORIGIN.c.origin)
        .limit(MOST_GROUPS)
    )
    rows = db.execute(counted).all()
    heads = {
        row.number: report_head(row) for row in db.execute(report_columns().where(DOCUMENT.c.number.in_([row.origin for row in rows])))
    }
    carriers: dict[int, list[Carrier]] = {row.origin: [] for row in rows}
    members = (
        select(REPORT_ORIGIN.c.origin, DOCUMENT.c.outlet, DOCUMENT.c.published, DOCUMENT.c.credits)
        .join(DOCUMENT, DOCUMENT.c.number == REPORT_ORIGIN.c.document)
        .where(REPORT_ORIGIN.c.origin.in_(carriers))
    )
    for member in db.execute(members):
        carriers[member.origin].append(Carrier(member.outlet, member.published, tuple(json.loads(member.credits))))
    return [Group(heads[row.origin], row.reports, row.outlets, name_origin(carriers[row.origin])) for row in rows]


def outlet_sources(db: Connection, name: str) -> list[tuple[str, int]]:
    """From which other outlets one carries what it did not tell first, with the number of reports."""
    first = DOCUMENT.alias("first_told")
    query = (
        select(first.c.outlet, func.count())
        .select_from(DOCUMENT)
        .join(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number)
        .join(first, first.c.number == REPORT_ORIGIN.c.origin)
        .where(DOCUMENT.c.outlet == name, REPORT_ORIGIN.c.origin != DOCUMENT.c.number)
        .group_by(first.c.outlet)
        .order_by(func.count().desc(), first.c.outlet)
    )
    return [(outlet, number) for outlet, number in db.execute(query)]


def newest_reports(db: Connection, *, outlet: str | None = None, start: int = 0, limit: int = 50) -> list[ReportHead]:
    """Reports by the day from which they count as known, the newest first."""
    here = select(DOCUMENT.c.number).where(counts_on(None))
    here = here.where(DOCUMENT.c.outlet == outlet) if outlet is not None else here
    # The index alone tells which reports stand on a page; only those are read.
    here = here.order_by(DOCUMENT.c.known.desc(), DOCUMENT.c.number.desc()).offset(start).limit(limit)
    query = report_columns().where(DOCUMENT.c.number.in_(db.execute(here).scalars().all()))
    return [report_head(row) for row in db.execute(query.order_by(DOCUMENT.c.known.desc(), DOCUMENT.c.number.desc()))]


def _said(db: Connection, *conditions: Any) -> list[Said]:
    """The newest statements that fulfil one of some conditions, each of which an index finds in order of the day."""
    places = (STATEMENT.c.known, STATEMENT.c.document, STATEMENT.c.start_at, STATEMENT.c.finding)
    newest = select(*places).join(DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document).where(counts_on(None)).limit(MOST_SAID)
    newest = newest.order_by(*(place.desc() for place in places))
    found = {tuple(row) for condition in conditions for row in db.execute(newest.where(condition))}
    numbers = [finding for *_, finding in sorted(found)[-MOST_SAID:]]
    rows, deals, carried = _rows_of(db, numbers), deals_about(db, numbers), _carried(db, numbers)
    return [Said(_statement(rows[number]), deals.get(number, ()), tuple(carried.get(number, ()))) for number in numbers]


def _rows_of(db: Connection, statements: Sequence[int]) -> dict[int, Row[Any]]:
    """Some statements by their numbers, each with its report."""
    query = (
        select(FINDING.c.id.label("finding_id"), STATEMENT, DOCUMENT.c.id.label("document_id"), DOCUMENT.c.key.label("document_key"),
               DOCUMENT.c.outlet, DOCUMENT.c.published, func.substr(DOCUMENT.c.title, 1, LONGEST_TITLE).label("title"))
        .join(FINDING, FINDING.c.number == STATEMENT.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document)
        .where(STATEMENT.c.finding.in_(statements))
    )  # fmt: skip
    return {row.finding: row for row in db.execute(query)}


def _carried(db: Connection, statements: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Statement -> the acts and stages whose words lie in its own: kind, root or stage, modality."""
    told, modality = CLAIM.alias("told"), CLAIM.alias("modality")
    query = (
        select(STATEMENT.c.finding, FINDING.c.kind, told.c.value, modality.c.value.label("modality"))
        .join(FINDING, (FINDING.c.document == STATEMENT.c.document) & FINDING.c.kind.in_(("event", "stage")))
        .join(told, (told.c.finding == FINDING.c.number) & told.c.field.in_(("plover", "stage")))
        .outerjoin(modality, (modality.c.finding == FINDING.c.number) & (modality.c.field == "modality"))
        .where(STATEMENT.c.finding.in_(statements), told.c.start_at >= STATEMENT.c.start_at, told.c.end_at <= STATEMENT.c.end_at)
        .order_by(STATEMENT.c.finding, FINDING.c.number)
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for row in db.execute(query):
        found.setdefault(row.finding, []).append((row.kind, json.loads(row.value), json.loads(row.modality or '"actual"')))
    return found


def _statement(row: Row[Any]) -> Statement:
    return Statement(
        row.finding_id, row.speaker, row.as_written, row.role, row.organization, row.kind, row.content, row.document_id,
        row.document_key, row.outlet, row.published, row.title, row.start_at, row.end_at,
    )  # fmt: skip
