"""This file makes the register: for each deal what most independent reports bear out, the latest stage, and where reports disagree.

It counts the record's cells when asked, so that a register as known on any past day costs no more than today's and nothing can go stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, Row, Select, Table, case, func, literal, select

from onrecord.deal_cells import UNREAD, Cell, Evidence, disputes, latest_stage
from onrecord.records import Json
from onrecord.store.deal_numbers import ASKED, SOME
from onrecord.store.decided import Reviewed
from onrecord.store.filters import deals_with, is_sure
from onrecord.store.groups import count_origins
from onrecord.store.lookup import head_columns
from onrecord.store.tables import ACT, CELL, CLAIM, DEAL, DEAL_MEMBER, DOCUMENT, FINDING, REPORT_ORIGIN
from onrecord.store.versions import counts_on, replaced

# A claim's place in one number: findings have fewer than 2^10 claims each, a record fewer than 2^50 findings.
CLAIMS, INFERRED = 2**10, 2**60


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One deal of the register. `stage` is the latest one; `disputed` names the fields in which reports contradict each other.

    `origins` counts the reports with all copies, rewrites and translations of one original taken for one; `reviewed` says of each field
    whose value a person decided on who did, `sure` how likely its words were read rightly.
    """

    deal: str
    supplier: tuple[str, ...]
    recipient: tuple[str, ...]
    equipment: str
    quantity: dict[str, Json] | None
    value: dict[str, Json] | None
    stage: dict[str, Json] | None
    reports: int
    origins: int
    outlets: int
    first_said: str
    last_said: str
    disputed: tuple[str, ...]
    inferred: tuple[str, ...]
    evidence: dict[str, Evidence]
    reviewed: dict[str, Reviewed] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a register is asked for; empty fields ask for everything. Cells less sure than `sure` (0 to 1) are left out.

    Without `outlets` these are not counted, nor, for today's register, any report read for a count, which is several times as fast;
    without `words` no cell has its evidence (`evidence` is UNREAD, `sure` is 0).
    """

    as_of: str | None = None
    supplier: str | None = None
    recipient: str | None = None
    equipment: str | None = None
    deal: int | None = None
    deals: tuple[int, ...] = ()
    sure: float = 0.0
    outlets: bool = True
    words: bool = True

    @property
    def reads_reports(self) -> bool:
        """Whether the reports themselves are read, and not only what is derived of them."""
        return self.outlets or bool(self.as_of)


def read_register(db: Connection, wanted: Wanted) -> Iterator[RegisterRow]:
    """The register's rows, in order of founding; one deal is held in memory at a time."""
    return (row for row, _ in read_deals(db, wanted))


def read_deals(db: Connection, wanted: Wanted) -> Iterator[tuple[RegisterRow, tuple[Cell, ...]]]:
    """The register's rows, each with every value that reports give for its deal, the best borne out first within each field."""
    return ((row, cells) for row, cells, _ in read_disputed(db, wanted))


def read_disputed(db: Connection, wanted: Wanted) -> Iterator[tuple[RegisterRow, tuple[Cell, ...], list[tuple[str, Cell, Cell]]]]:
    """The same, each also with the pairs of values that contradict each other, and in which field."""
    totals_of, cells_of = _queries(replace(wanted, deal=None if wanted.deal is None else 0, deals=(0,) if wanted.deals else ()))
    asked: dict[str, Any] = {ASKED.key: wanted.deal} if wanted.deal is not None else {}
    asked |= {SOME.key: wanted.deals} if wanted.deals else {}
    totals = {row.deal: row for row in db.execute(totals_of, asked)}
    for number, rows in groupby(db.execute(cells_of, asked), key=lambda row: row.deal):
        cells = tuple(_cell(row, wanted.words) for row in rows)
        against = disputes(cells)
        yield _register_row(totals[number], cells, sorted({field for field, _, _ in against})), cells, against


def read_words(db: Connection, claims: Iterable[int]) -> dict[int, Evidence]:
    """The words of some cells that were read without, by what `claim` says of each."""
    wanted = set(claims)
    place = (FINDING.c.number * CLAIMS + CLAIM.c.number).label("place")
    query = select(place, *_evidence_columns()).join(CLAIM, CLAIM.c.finding == FINDING.c.number)
    query = query.join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document).where(FINDING.c.number.in_(SOME))
    asked = {SOME.key: sorted({claim // CLAIMS for claim in wanted})}
    return {row.place: _evidence(row) for row in db.execute(query, asked) if row.place in wanted} if wanted else {}


def _register_row(total: Row[Any], cells: Sequence[Cell], disputed: Iterable[str]) -> RegisterRow:
    best: dict[str, Cell] = {}
    for cell in cells:
        if cell.field != "stage":
            best.setdefault(cell.field, cell)
    latest = latest_stage([cell for cell in cells if cell.field == "stage"])
    if latest:
        best["stage"] = latest
    parties = {role: tuple(sorted({str(c.value) for c in cells if c.field == role})) for role in ("supplier", "recipient")}
    return RegisterRow(
        deal=total.id,
        supplier=parties["supplier"],
        recipient=parties["recipient"],
        equipment=str(best["equipment"].value) if "equipment" in best else total.equipment,
        quantity=best["quantity"].value if "quantity" in best else None,
        value=best["value"].value if "value" in best else None,
        stage=latest.value if latest else None,
        reports=total.reports,
        origins=total.origins,
        outlets=total.outlets,
        first_said=min(cell.first_said for cell in cells),
        last_said=max(cell.last_said for cell in cells),
        disputed=tuple(disputed),
        inferred=tuple(sorted(field for field, cell in best.items() if cell.inferred)),
        evidence={field: cell.evidence for field, cell in best.items()},
        reviewed=_reviews(best, cells),
        sure={field: cell.sure for field, cell in best.items()},
    )


def _reviews(best: Mapping[str, Cell], cells: Sequence[Cell]) -> dict[str, Reviewed]:
    """The latest decision on what a row shows of each field; of a party that has several values, on any of them."""
    found = {name: cell.reviewed for name, cell in best.items() if cell.reviewed}
    for cell in cells:
        if cell.field in ("supplier", "recipient") and cell.reviewed:
            found[cell.field] = max(cell.reviewed, found.get(cell.field, cell.reviewed), key=lambda reviewed: reviewed.act)
    return found


def _cell(row: Row[Any], words: bool) -> Cell:
    reviewed = Reviewed(row.act, row.verb, row.person, row.acted_at, row.why) if row.act else None
    evidence, sure = (_evidence(row), round(min(row.claim_score, row.finding_score), 3)) if words else (UNREAD, 0.0)
    return Cell(
        row.field, json.loads(row.value), row.reports, row.origins, row.outlets, row.first_said, row.last_said, not row.said, evidence,
        row.concluded or "", reviewed, 1.0 if reviewed else sure, row.document, row.best % INFERRED,
    )  # fmt: skip


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(row.quote, row.document_id, row.document_key, row.start_at, row.end_at, row.outlet, row.published, row.title)


def _evidence_columns() -> list[ColumnElement[Any]]:
    return [CLAIM.c.quote, CLAIM.c.start_at, CLAIM.c.end_at, *head_columns()]


def _filtered(query: Select[Any], wanted: Wanted, told: Table = CELL) -> Select[Any]:
    """Only cells known by the day, of deals with the parties and the equipment asked for, as known by that day.

    Of several versions of a report the one counts that was the newest then. `told` is the table whose rows are filtered.
    """
    query = query.where(counts_on(wanted.as_of) if wanted.reads_reports else told.c.document.not_in(replaced()))
    if wanted.as_of:
        query = query.where(DOCUMENT.c.known != "", DOCUMENT.c.known <= wanted.as_of)
    if wanted.sure:
        query = query.where(is_sure(wanted.sure))
    if wanted.deal is not None:
        query = query.where(told.c.deal == ASKED)
    if wanted.deals:
        query = query.where(told.c.deal.in_(SOME))
    for role, name in (("supplier", wanted.supplier), ("recipient", wanted.recipient), ("equipment", wanted.equipment)):
        if name:
            query = query.where(told.c.deal.in_(deals_with(role, name, as_of=wanted.as_of)))
    return query


@lru_cache(maxsize=64)
def _queries(shape: Wanted) -> tuple[Select[Any], Select[Any]]:
    """The queries for the totals and for the cells of a register; of single deals the shape tells only that their numbers are given."""
    return _totals(shape), _cells(shape)


def _totals(wanted: Wanted) -> Select[Any]:
    """How many reports tell of each deal, counted by its transfers, which are fewer than their cells, unless single cells are left out."""
    told = CELL if wanted.sure else DEAL_MEMBER
    counted = _reports(select(told.c.deal, *_counts(told, wanted)), told, wanted)
    totals = _filtered(counted, wanted, told).group_by(told.c.deal).subquery("counted")
    return select(totals, DEAL.c.id, DEAL.c.equipment).join(DEAL, DEAL.c.number == totals.c.deal)


def _counts(told: Table, wanted: Wanted) -> Iterator[Label[int]]:
    """How many reports, origins and outlets there are among the rows of a table that names reports."""
    text_of = select(DOCUMENT.c.text_sha256).where(DOCUMENT.c.number == told.c.document)
    yield func.count(told.c.document.distinct()).label("reports")
    yield (count_origins() if wanted.reads_reports else count_origins(text_of.scalar_subquery())).label("origins")
    yield (func.count(DOCUMENT.c.outlet.distinct()) if wanted.outlets else literal(0)).label("outlets")


def _reports(query: Select[Any], told: Table, wanted: Wanted) -> Select[Any]:
    """The query with what of the reports is counted."""
    if wanted.reads_reports:
        query = query.join(DOCUMENT, DOCUMENT.c.number == told.c.document)
    return query.outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == told.c.document)


def _cells(wanted: Wanted) -> Select[Any]:
    """Each value of each deal with its counts and its best words: said before inferred, what arrived early before what came late.

    What a person decided on comes first, however many reports say otherwise.
    """
    counted = _reports(
        select(
            CELL.c.deal,
            CELL.c.field,
            CELL.c.value,
            *_counts(CELL, wanted),
            func.min(CELL.c.known).label("first_said"),
            func.max(CELL.c.known).label("last_said"),
            func.max(1 - CELL.c.inferred).label("said"),
            func.max(CELL.c.act).label("act"),
            func.min(case((CELL.c.concluded == 1, CELL.c.known))).label("concluded"),
            func.min(CELL.c.document).label("document"),
            # Packed into one number, so that one pass over the cells finds it.
            func.min(CELL.c.inferred * INFERRED + CELL.c.finding * CLAIMS + CELL.c.claim).label("best"),
        ),
        CELL,
        wanted,
    )
    values = _filtered(counted, wanted).group_by(CELL.c.deal, CELL.c.field, CELL.c.value).subquery("counted")
    told = select(values, ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
    if wanted.words:
        told = told.add_columns(*_evidence_columns(), CLAIM.c.score.label("claim_score"), FINDING.c.score.label("finding_score"))
        told = told.join(FINDING, FINDING.c.number == (values.c.best % INFERRED) // CLAIMS)
        told = told.join(CLAIM, (CLAIM.c.finding == FINDING.c.number) & (CLAIM.c.number == values.c.best % CLAIMS))
        told = told.join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
    return (
        told.join(DEAL, DEAL.c.number == values.c.deal)
        .outerjoin(ACT, ACT.c.number == values.c.act)
        .order_by(DEAL.c.founder, values.c.field, (values.c.act > 0).desc(), values.c.origins.desc(), values.c.reports.desc(),
                  values.c.said.desc(), values.c.last_said.desc(), values.c.value)
    )  # fmt: skip
