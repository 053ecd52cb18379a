"""This file keeps which reports of a record carry one original: it places each new report among all others, and counts origins.

A report is met under its keys (group/keys.py), each of which a bounded part is read of, so that placing one costs the same in a record of
ten and of a million. What is kept are the pairs judged to be copies; groups are what the pairs connect, whatever the order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, insert, select, union, update

from onrecord.group.compare import Ready
from onrecord.group.copies import RULE, Verdict, judge, worth_comparing
from onrecord.group.groups import (
    MOST_INSIDE,
    NEIGHBOURS,
    SHORTER,
    Pair,
    are_strangers,
    binding,
    connected,
    is_inside,
    is_mere_part,
    is_round_up,
    standing,
)
from onrecord.group.keys import PERIOD, is_fact_key, key_within, look_up_keys, near_periods, period_of
from onrecord.group.signatures import Signature, days_between, pack, plausible_day, sign, unpack
from onrecord.records import Document
from onrecord.store.deal_writing import note_deals_of
from onrecord.store.lookup import document_of, nearest_under_keys
from onrecord.store.tables import COPY_PAIR, DOCUMENT, REPORT_KEY, REPORT_ORIGIN, REPORT_SIGNATURE

# How many reports of an older record are placed in one transaction.
AT_A_TIME = 200
# A report is compared with no more than this many, however crowded its keys are: bulletins of one form, thousands of copies.
MOST_COMPARED = 32
# Groups of more reports than this are not settled anew with each further copy.
MOST_SETTLED = 200
# One without a day is looked for by names and numbers in no more periods than this, the newest of the record.
MOST_PERIODS = 20

Fields = dict[str, Any]


def count_origins(text_of: ColumnElement[str] = DOCUMENT.c.text_sha256) -> ColumnElement[int]:
    """How many origins reports have: for a query that joins `report_origin` to them (outer).

    A report that is not placed yet, in a record from an older version, counts with the exact copies of its text, whose hash is `text_of`.
    """
    return func.count(REPORT_ORIGIN.c.origin.distinct()) + func.count(case((REPORT_ORIGIN.c.origin.is_(None), text_of)).distinct())


def place_reports(db: Connection, documents: Iterable[tuple[int, Document]]) -> None:
    """Finds the copies of each new report (its number and itself) in the record, in order, and puts it into the group of its original."""
    last = db.execute(select(func.max(REPORT_ORIGIN.c.document))).scalar() or 0
    for number, document in documents:
        # Where earlier reports wait to be placed, later ones wait with them: `place_missing` goes on from the last one placed.
        if number == last + 1:
            _place(db, number, Ready(sign(document)))
            last = number


def write_unplaced(db: Connection, documents: Iterable[tuple[int, Document]]) -> None:
    """Writes what new reports are looked up by, each as an origin of its own, without looking for copies: to fill a record for a bench."""
    signatures = [(number, sign(document)) for number, document in documents]
    _write(db, [(number, signature, look_up_keys(signature)) for number, signature in signatures])


def place_missing(db: Connection) -> int:
    """Places some reports that an older version left unplaced, or placed by another rule; how many, 0 when all are.

    Their transfers are placed anew when deals are next settled, since copies speak for one deal.
    """
    first = db.execute(select(REPORT_ORIGIN.c.made_by).order_by(REPORT_ORIGIN.c.document).limit(1)).scalar()
    if first not in (None, RULE):
        # One rule places all reports, so the first tells for all.
        for table in (REPORT_ORIGIN, COPY_PAIR, REPORT_KEY, REPORT_SIGNATURE):
            db.execute(delete(table))
    last = db.execute(select(func.max(REPORT_ORIGIN.c.document))).scalar() or 0
    # Reports are placed in order of arrival, so all after the last placed one are missing, and none before it.
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.number > last).order_by(DOCUMENT.c.number).limit(AT_A_TIME)).all()
    place_reports(db, ((row.number, document_of(row)) for row in rows))
    note_deals_of(db, [row.number for row in rows])
    return len(rows)


def _place(db: Connection, number: int, report: Ready) -> None:
    signature = report.signature
    day, place = standing(signature)
    keys = look_up_keys(signature)
    others = _candidates(db, keys, day=day, place=place)
    judged = [(other, ready, judge(ready, report)) for other, ready in _load(db, others)]
    copies = {other: ready for other, ready, verdict in judged if verdict.same}
    _write(db, [(number, signature, keys)])
    if copies:
        db.execute(insert(COPY_PAIR), [_pair(other, number, verdict) for other, _, verdict in judged if verdict.same])
        _join(db, number, report, copies)


def _write(db: Connection, reports: Sequence[tuple[int, Signature, Sequence[int]]]) -> None:
    """Writes what reports (numbers, signatures, keys) are looked up by, each as an origin of its own."""
    signatures, keyed, origins = [], [], []
    for number, signature, keys in reports:
        day, place = standing(signature)
        signatures.append({"document": number, "signature": pack(signature)})
        period = period_of(day)
        keyed += [{"key": key_within(key, period), "day": day, "place": place, "document": number} for key in keys]
        origins.append({"document": number, "origin": number, "words": len(signature.stems), "round_up": 0, "made_by": RULE})
    for table, rows in ((REPORT_SIGNATURE, signatures), (REPORT_KEY, keyed), (REPORT_ORIGIN, origins)):
        if rows:
            db.execute(insert(table), rows)


def _pair(left: int, right: int, verdict: Verdict) -> Fields:
    return {"left_document": left, "right_document": right, "how": verdict.how, "score": verdict.score, "reason": verdict.reason}


def _candidates(db: Connection, keys: Sequence[int], *, day: int, place: int) -> list[int]:
    """The reports worth comparing: under each key the nearest before and after, by day and id; of many those with most keys in common."""
    shared: dict[tuple[int, int, int], list[int]] = {}
    own = period_of(day)
    # Names and numbers meet those of near days, and reports without a day; what others share of them by chance grows with the record.
    others = {0, *near_periods(day)} - {own} if day else _periods(db)
    facts = [key for key in keys if is_fact_key(key)]
    before = [key_within(key, period) for period in others if period < own for key in facts]
    after = [key_within(key, period) for period in others if period > own for key in facts]
    asked = [*(key_within(key, own) for key in keys), *before, *after]
    if asked:
        values: Fields = {f"key{n}": key for n, key in enumerate(asked)} | {"day": day, "place": place}
        query = nearest_under_keys(
            "report_key", "document", ("day", "place"), keys=len(keys), limit=NEIGHBOURS, before=len(before), after=len(after)
        )
        for key, document, other_day, other_place, _ in db.execute(query, values):
            shared.setdefault((other_day, other_place, document), []).append(key)
    worth = [
        (-len(found), days, other_place, document)
        for (other_day, other_place, document), found in shared.items()
        if worth_comparing(found, days := days_between(day, other_day))
    ]
    return sorted(document for *_, document in sorted(worth)[:MOST_COMPARED])


def _periods(db: Connection) -> set[int]:
    """The newest periods that reports of the record are of."""
    found: set[int] = set()
    end = select(func.max(DOCUMENT.c.known))
    while len(found) < MOST_PERIODS and (day := plausible_day(db.execute(end).scalar(), read=None)):
        found.add(period_of(day))
        first = date.fromordinal(max(1, PERIOD * period_of(day))).isoformat()
        end = select(func.max(DOCUMENT.c.known)).where(DOCUMENT.c.known < first)
    return found - {0}


def _load(db: Connection, documents: Sequence[int]) -> Iterator[tuple[int, Ready]]:
    query = (
        select(REPORT_SIGNATURE.c.document, REPORT_SIGNATURE.c.signature, DOCUMENT.c.id)
        .join(DOCUMENT, DOCUMENT.c.number == REPORT_SIGNATURE.c.document)
        .where(REPORT_SIGNATURE.c.document.in_(documents))
        .order_by(REPORT_SIGNATURE.c.document)
    )
    for row in db.execute(query) if documents else ():
        yield row.document, Ready(unpack(row.id, row.signature))


def _join(db: Connection, number: int, report: Ready, partners: Mapping[int, Ready]) -> None:
    """Puts a report and those it is a copy of into one group, unless one of them turns out to be a page about many things."""
    size = len(report.signature.stems)
    rows = {row.document: row for row in db.execute(select(REPORT_ORIGIN).where(REPORT_ORIGIN.c.document.in_(list(partners))))}
    inside_of = [other for other in partners if not rows[other].round_up and is_inside(size, rows[other].words)]
    mixed = {other for other in inside_of if any(are_strangers(part, report) for part in _parts(db, rows[other], but=number))}
    near = {number, *partners, *(_partners(db, mixed) if mixed else ())}
    if is_round_up(report, partners.values()):
        mixed.add(number)
    if mixed:
        db.execute(update(REPORT_ORIGIN).where(REPORT_ORIGIN.c.document.in_(mixed)).values(round_up=1))
    _settle(db, set(db.execute(select(REPORT_ORIGIN.c.origin).where(REPORT_ORIGIN.c.document.in_(near))).scalars()), number)


def _partners(db: Connection, documents: Iterable[int]) -> set[int]:
    """The reports that are copies of these."""
    left, right, known = COPY_PAIR.c.left_document, COPY_PAIR.c.right_document, list(documents)
    rows = db.execute(union(select(right).where(left.in_(known)), select(left).where(right.in_(known))))
    return set(rows.scalars())


def _parts(db: Connection, row: Any, *, but: int) -> list[Ready]:
    """The shorter reports that a report already holds."""
    left, right = COPY_PAIR.c.left_document, COPY_PAIR.c.right_document
    others = union(select(left).where(right == row.document), select(right).where(left == row.document)).subquery()
    shorter = (
        select(REPORT_ORIGIN.c.document)
        .where(REPORT_ORIGIN.c.document.in_(select(others)), REPORT_ORIGIN.c.document != but, REPORT_ORIGIN.c.words < SHORTER * row.words)
        .limit(MOST_INSIDE)
    )
    return [ready for _, ready in _load(db, db.execute(shorter).scalars().all())]


def _settle(db: Connection, origins: set[int], number: int) -> None:
    """Groups the reports of these origins anew, and of all that a binding pair then leads to; the report of that number is the new one."""
    while True:
        inside = select(REPORT_ORIGIN.c.document).where(REPORT_ORIGIN.c.origin.in_(origins))
        members = sorted(db.execute(inside.limit(MOST_SETTLED + 1)).scalars())
        if len(members) > MOST_SETTLED:
            return _join_large(db, number)
        bound = binding(_pairs(db, members))
        places = {document: place for place, document in enumerate(members)}
        outside = {document for pair in bound for document in pair} - set(members)
        if not outside:
            break
        origins = origins | set(db.execute(select(REPORT_ORIGIN.c.origin).where(REPORT_ORIGIN.c.document.in_(outside))).scalars())
    groups = connected(len(members), ((places[left], places[right]) for left, right in bound))
    rows = [{"member": members[place], "first": members[group[0]]} for group in groups for place in group]
    db.execute(update(REPORT_ORIGIN).where(REPORT_ORIGIN.c.document == bindparam("member")).values(origin=bindparam("first")), rows)


def _join_large(db: Connection, number: int) -> None:
    """Joins a new report to a group too large to be settled with each copy: by its own pairs alone, none of the others' looked at again."""
    bound = [pair for pair in binding(_pairs(db, [number])) if number in pair]
    near = {number, *(document for pair in bound for document in pair)}
    origins = set(db.execute(select(REPORT_ORIGIN.c.origin).where(REPORT_ORIGIN.c.document.in_(near))).scalars())
    db.execute(update(REPORT_ORIGIN).where(REPORT_ORIGIN.c.origin.in_(origins)).values(origin=min(origins)))


def _pairs(db: Connection, documents: Sequence[int]) -> list[Pair]:
    """The pairs of which one side is among these reports, without mere parts of round-ups."""
    left, right = REPORT_ORIGIN.alias(), REPORT_ORIGIN.alias()
    query = (
        select(COPY_PAIR.c.left_document, COPY_PAIR.c.right_document, COPY_PAIR.c.score, left.c.words.label("left_words"),
               right.c.words.label("right_words"), left.c.round_up.label("left_mixed"), right.c.round_up.label("right_mixed"))
        .join(left, left.c.document == COPY_PAIR.c.left_document)
        .join(right, right.c.document == COPY_PAIR.c.right_document)
    )  # fmt: skip
    rows = db.execute(union(*(query.where(side.in_(documents)) for side in (COPY_PAIR.c.left_document, COPY_PAIR.c.right_document))))
    return [
        (row.left_document, row.right_document, row.score)
        for row in rows
        if not is_mere_part(row.left_words, row.right_words, bool(row.left_mixed), bool(row.right_mixed))
    ]
