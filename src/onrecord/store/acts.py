"""This file writes acts, each with the id of the one before it in its own, and reads them back with what they are about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, insert, or_, select, text, true

from onrecord.acts.applying import standing
from onrecord.acts.matching import Order
from onrecord.acts.nouns import ON_CELLS, Act, Target, act_id, pack_target, unpack_target
from onrecord.acts.selectors import Marked
from onrecord.records import Json
from onrecord.store.deal_rows import dump
from onrecord.store.tables import ACT, ACT_TARGET, DOCUMENT

# Findings that only people keep on record have numbers from here on, worked out from what they are; all others are counted from 1.
PEOPLES_FIRST = 2**49


def next_number(db: Connection, table: Table) -> int:
    """The next free number of a table that the writer counts."""
    return (db.execute(select(func.max(table.c.number)).where(table.c.number < PEOPLES_FIRST)).scalar() or 0) + 1


def now() -> str:
    """The UTC time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add_act(
    db: Connection, verb: str, *, by: str, why: str, value: Json = None, words: Marked | None = None, undoes: str = "",
    targets: Sequence[Target] = (), at: str | None = None, last_document: int | None = None,
) -> Act:  # fmt: skip
    """Appends an act; it is applied by `acted`. `at` and `last_document` are now's unless an older record says otherwise."""
    before = db.execute(select(ACT.c.id).order_by(ACT.c.number.desc()).limit(1)).scalar() or ""
    last = next_number(db, DOCUMENT) - 1 if last_document is None else last_document
    act = Act(next_number(db, ACT), "", verb, by, why, at or now(), value, words, undoes, last, tuple(targets))
    act = replace(act, id=act_id(before, content_of(act)))
    row = {"number": act.number, "id": act.id, "verb": verb, "person": by, "why": why, "acted_at": act.at, "value": dump(value),
           "words": dump(words.selectors()) if words else "", "undoes": undoes, "last_document": last}  # fmt: skip
    db.execute(insert(ACT), row)
    rows = [{"act": act.number, "place": place, "document_id": t.document_id, "uri": t.uri, "document_key": t.key,
             "text_sha256": t.text_sha256, "root": t.seen.root, "field": t.field, "target": dump(pack_target(t))}
            for place, t in enumerate(targets)]  # fmt: skip
    if rows:
        db.execute(insert(ACT_TARGET), rows)
    return act


def leave_waiting(db: Connection, act: int) -> None:
    """Leaves an act to be applied by somebody who may: PostgreSQL lets a reviewer append acts, and nothing more."""
    db.execute(text("INSERT INTO waiting_act (act) VALUES (:act)"), {"act": act})


def waiting_acts(db: Connection) -> list[Act]:
    """The acts that nobody has applied yet, in order; in a file there are none."""
    if db.dialect.name != "postgresql":
        return []
    waiting = db.execute(text("SELECT act FROM waiting_act ORDER BY act")).scalars().all()
    return read_acts(db, ACT.c.number.in_(waiting)) if waiting else []


def take_off(db: Connection, acts: Iterable[Act]) -> None:
    """Notes that acts wait no longer."""
    db.execute(text("DELETE FROM waiting_act WHERE act = ANY(:acts)"), {"acts": [act.number for act in acts]})


def content_of(act: Act) -> dict[str, Json]:
    """All that an act holds, as it is hashed."""
    return {"number": act.number, "verb": act.verb, "by": act.by, "why": act.why, "at": act.at, "value": act.value,
            "words": act.words.selectors() if act.words else "", "undoes": act.undoes, "last_document": act.last_document,
            "targets": [pack_target(target) for target in act.targets]}  # fmt: skip


def read_acts(db: Connection, which: ColumnElement[bool] | None = None) -> list[Act]:
    """Acts in order, all or those that a condition on the table picks."""
    condition = true() if which is None else which
    targets: dict[int, list[Target]] = {}
    picked = select(ACT.c.number).where(condition)
    query = select(ACT_TARGET.c.act, ACT_TARGET.c.target).where(ACT_TARGET.c.act.in_(picked)).order_by(ACT_TARGET.c.act, ACT_TARGET.c.place)
    for row in db.execute(query):
        targets.setdefault(row.act, []).append(unpack_target(json.loads(row.target)))
    rows = db.execute(select(ACT).where(condition).order_by(ACT.c.number))
    return [_act(row, targets.get(row.number, ())) for row in rows]


def standing_acts(db: Connection, numbers: Iterable[int] | None = None) -> list[Act]:
    """The acts that no undo takes back, in order; all or those of some numbers."""
    which = None if numbers is None else or_(ACT.c.verb == "undo", ACT.c.number.in_(list(numbers)))
    return standing(read_acts(db, which))


def orders_on(db: Connection, document: Row[Any]) -> list[Order]:
    """The acts on a document (a row of its table), in order: made on it, on an older version of it, or on the very same text."""
    older = select(DOCUMENT.c.id).where(DOCUMENT.c.number <= document.number, DOCUMENT.c.uri == document.uri, DOCUMENT.c.uri != "")
    here = or_(
        ACT_TARGET.c.document_id == document.id,
        ACT_TARGET.c.text_sha256 == document.text_sha256,
        (ACT_TARGET.c.uri == document.uri) & (ACT_TARGET.c.document_key == document.key) & ACT_TARGET.c.document_id.in_(older),
    )
    places = {(row.act, row.place) for row in db.execute(select(ACT_TARGET.c.act, ACT_TARGET.c.place).where(here))}
    if not places:
        return []
    every = read_acts(db, or_(ACT.c.verb == "undo", ACT.c.number.in_({act for act, _ in places})))
    held = {act.number for act in standing(every)}
    return [
        Order(act, place, target, undone=act.number not in held)
        for act in every
        for place, target in enumerate(act.targets)
        if (act.number, place) in places and (act.verb in ON_CELLS or target.document_id == document.id or target.uri == document.uri != "")
    ]


def documents_of(db: Connection, targets: Iterable[Target]) -> list[int]:
    """The numbers of the documents in which acts on these targets may have to be applied."""
    found: set[int] = set()
    for target in targets:
        here = or_(
            DOCUMENT.c.id == target.document_id,
            DOCUMENT.c.text_sha256 == target.text_sha256,
            (DOCUMENT.c.uri == target.uri) & (DOCUMENT.c.key == target.key) & (DOCUMENT.c.uri != ""),
        )
        found |= set(db.execute(select(DOCUMENT.c.number).where(here)).scalars())
    return sorted(found)


def _act(row: Row[Any], targets: Sequence[Target]) -> Act:
    words = Marked.of(json.loads(row.words)) if row.words else None
    return Act(row.number, row.id, row.verb, row.person, row.why, row.acted_at, json.loads(row.value), words, row.undoes,
               row.last_document, tuple(targets))  # fmt: skip
