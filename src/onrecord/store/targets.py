"""This file finds what a reviewer names: a finding of a report, the findings of a deal, a cell of one, words in a report's text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from onrecord.acts.nouns import Act
from onrecord.errors import BadInput
from onrecord.records import Document, Json
from onrecord.store.acts import read_acts
from onrecord.store.deal_numbers import told_of
from onrecord.store.deal_reading import CONTEXT, find_deal
from onrecord.store.decided import told_by
from onrecord.store.lookup import document_of
from onrecord.store.tables import ACT, ACT_STATE, CLAIM, DOCUMENT, FINDING
from onrecord.store.versions import counts_on

FINDING_ID = "finding:"


class Named(NamedTuple):
    """A finding that was named: its content id, its kind, and the number under which its claims stand."""

    id: str
    kind: str
    number: int


def find_report(db: Connection, name: str) -> Document:
    """The report of this content id or key, in its newest version; none or several are a `BadInput`."""
    by_id = db.execute(select(DOCUMENT).where(DOCUMENT.c.id == name)).one_or_none()
    if by_id is not None:
        return document_of(by_id)
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.key == name, counts_on(None)).limit(2)).all()
    if len(rows) != 1:
        what = f"no report {name!r}" if not rows else f"more than one report has the key {name!r}; give its id"
        raise BadInput(f"{what}; `onrecord show` names the report behind each cell")
    return document_of(rows[0])


def find_finding(db: Connection, name: str) -> Named | None:
    """The finding of a name of the form REPORT#KEY or finding:ID; None for a name of another form, a `BadInput` where there is none."""
    if name.startswith(FINDING_ID):
        row = db.execute(select(FINDING).where(FINDING.c.id == name.removeprefix(FINDING_ID))).one_or_none()
    elif "#" in name:
        report, _, key = name.rpartition("#")
        number = select(DOCUMENT.c.number).where(DOCUMENT.c.id == find_report(db, report).id).scalar_subquery()
        row = db.execute(select(FINDING).where(FINDING.c.document == number, FINDING.c.key == key)).one_or_none()
    else:
        return None
    if row is None:
        raise BadInput(f"{name}: no such finding in this record; `onrecord show DEAL --format json` names the findings of a deal")
    return Named(row.id, row.kind, row.number)


def findings_of_deal(db: Connection, name: str) -> tuple[int, list[Named]]:
    """The number of a deal (by its id or the start of it) and its transfers and stages, each in the version of its report that counts."""
    deal = int(find_deal(db, name).joined_to)
    query = (
        select(FINDING.c.id, FINDING.c.kind, FINDING.c.number)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .where(FINDING.c.number.in_(told_of(deal)), counts_on(None))
        .order_by(DOCUMENT.c.known, DOCUMENT.c.number, FINDING.c.number)
    )
    return deal, [Named(*row) for row in db.execute(query)]


def values_of(db: Connection, finding: Named) -> list[tuple[str, Json]]:
    """The cells of a finding, in order."""
    query = select(CLAIM.c.field, CLAIM.c.value).where(CLAIM.c.finding == finding.number).order_by(CLAIM.c.number)
    return [(row.field, json.loads(row.value)) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of a finding with the words around it; `reviewed` says who decided on it, or is empty."""

    report: str
    finding: str
    field: str
    value: Json
    before: str
    quote: str
    after: str
    start: int
    end: int
    inferred: bool
    reviewed: str


def cells_shown(db: Connection, finding: Named, field: str = "") -> list[Shown]:
    """The cells of a finding, or those of one field, with their words."""
    query = (
        select(CLAIM, DOCUMENT.c.key, DOCUMENT.c.text, ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(FINDING, FINDING.c.number == CLAIM.c.finding)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .outerjoin(ACT, ACT.c.number == CLAIM.c.act)
        .where(CLAIM.c.finding == finding.number)
        .order_by(CLAIM.c.number)
    )
    return [
        Shown(row.key, finding.id, row.field, json.loads(row.value), row.text[max(0, row.start_at - CONTEXT) : row.start_at], row.quote,
              row.text[row.end_at : row.end_at + CONTEXT], row.start_at, row.end_at, bool(row.inferred), told_by(row))
        for row in db.execute(query) if field in ("", row.field)
    ]  # fmt: skip


def find_words(document: Document, words: str | tuple[int, int]) -> tuple[int, int]:
    """Where marked words stand in a report: offsets that are checked, or words that stand there just once."""
    if isinstance(words, str):
        places = [found.span() for found in re.finditer(re.escape(words), document.text)] if words.strip() else []
        if len(places) != 1:
            many = f"stand {len(places)} times" if places else "do not stand"
            raise BadInput(f"{document.key}: the words {words!r} {many} in its text; mark words that stand there once, or give START-END")
        return places[0]
    start, end = words
    if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
        raise BadInput(f"{document.key}: {start}-{end} marks no words of its {len(document.text)} characters")
    return start, end


def find_act(db: Connection, name: str) -> Act:
    """The act of this number or id; none is a `BadInput`."""
    plain = name.lstrip("#")
    which = ACT.c.number == int(plain) if plain.isdigit() and len(plain) < 12 else ACT.c.id == plain
    found = read_acts(db, which)
    if not found:
        raise BadInput(f"no act {name} in this record; `onrecord review RECORD --list` shows them")
    return found[0]


def states_of(db: Connection) -> dict[int, list[Row[Any]]]:
    """What became of each standing act, by its number: a row for each target and report."""
    query = (
        select(ACT_STATE, DOCUMENT.c.key.label("document_key"), DOCUMENT.c.id.label("document_id"))
        .join(DOCUMENT, DOCUMENT.c.number == ACT_STATE.c.document)
        .order_by(ACT_STATE.c.act, ACT_STATE.c.place, ACT_STATE.c.document)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in db.execute(query):
        found.setdefault(row.act, []).append(row)
    return found
