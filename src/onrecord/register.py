"""This file makes the register: for each deal what most independent reports bear out, the latest stage, and where reports disagree.

It counts the record's cells when asked, so that a register as known on any past day costs no more than today's and nothing can go stale.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby, product
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from onrecord.records import Json
from onrecord.resolve import Said, disagreement, update
from onrecord.store.decided import Reviewed as Reviewed
from onrecord.store.filters import deals_with, is_sure
from onrecord.store.groups import origin_of
from onrecord.store.lookup import title_column
from onrecord.store.tables import ACT, CELL, CLAIM, DEAL, DOCUMENT, FINDING, REPORT_ORIGIN
from onrecord.store.versions import counts_on
from onrecord.vocab import meanings

# A claim's place in one number: findings have fewer than 2^10 claims each, a record fewer than 2^50 findings.
CLAIMS, INFERRED = 2**10, 2**60
ENDINGS = ("suspension", "cancellation", "refusal")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a cell stands on, and where they are."""

    quote: str
    document: str
    document_key: str
    start: int
    end: int
    outlet: str
    published: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that reports give for a field of a deal: how many do, of how many independent origins, since when, and on what words.

    `reports` and `origins` count who reports it; who asserts it is `according_to` in the value of a stage. `concluded` is the first day on
    which it was said beside a concluded contract, or "". `reviewed` is set where a person decided on the value. `sure` is how likely the
    analysis read its words rightly, 0 to 1 (onrecord.confidence); 1 where a person decided.
    """

    field: str
    value: Any
    reports: int
    origins: int
    outlets: int
    first_said: str
    last_said: str
    inferred: bool
    evidence: Evidence
    concluded: str = ""
    reviewed: Reviewed | None = None
    sure: float = 1.0


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
    """What a register is asked for; empty fields ask for everything. Cells less sure than `sure` (0 to 1) are left out."""

    as_of: str | None = None
    supplier: str | None = None
    recipient: str | None = None
    equipment: str | None = None
    deal: int | None = None
    deals: tuple[int, ...] = ()
    sure: float = 0.0


def read_register(db: Connection, wanted: Wanted) -> Iterator[RegisterRow]:
    """The register's rows, in order of founding; one deal is held in memory at a time."""
    return (row for row, _ in read_deals(db, wanted))


def read_deals(db: Connection, wanted: Wanted) -> Iterator[tuple[RegisterRow, tuple[Cell, ...]]]:
    """The register's rows, each with every value that reports give for its deal, the best borne out first within each field."""
    totals = {row.deal: row for row in db.execute(_totals(wanted))}
    for number, rows in groupby(db.execute(_cells(wanted)), key=lambda row: row.deal):
        cells = tuple(_cell(row) for row in rows)
        yield _register_row(totals[number], cells), cells


def latest_stage(stages: Sequence[Cell]) -> Cell | None:
    """Where a deal stands: the furthest stage that is said to have happened, unless the deal was halted no earlier than that.

    Where nothing has happened yet, the furthest stage that is planned, possible or conditional.
    """
    for modality in ("actual", "planned", "conditional", "possible", "denied"):
        said = [cell for cell in stages if cell.value["modality"] == modality]
        going = max((cell for cell in said if cell.value["stage"] not in ENDINGS), key=_progress, default=None)
        halted = max((cell for cell in said if cell.value["stage"] in ENDINGS), key=_day, default=None)
        if halted and (going is None or _day(halted) >= _day(going)):
            return halted
        if going:
            return going
    return None


def disputes(cells: Sequence[Cell]) -> list[tuple[str, Cell, Cell]]:
    """The pairs of cells of one deal that contradict each other, each with the field in which they do."""
    return _differing(cells, disagreement)


def updates(cells: Sequence[Cell]) -> list[tuple[str, Cell, Cell]]:
    """The pairs of cells of one deal, the earlier first, of which the later tells what has changed since; each with its field."""
    return [
        (name, left, right) if (left.first_said, left.last_said) <= (right.first_said, right.last_said) else (name, right, left)
        for name, left, right in _differing(cells, update)
    ]


def _differing(cells: Sequence[Cell], differ: Callable[[Said, Said], str | None]) -> list[tuple[str, Cell, Cell]]:
    days = tuple(str(c.value["when"])[:10] for c in cells if c.field == "stage" and c.value["stage"] == "contract" and c.value["when"])
    said = [Said(cell.field, cell.value, cell.first_said, cell.last_said, cell.concluded, days) for cell in cells]
    found = []
    for place, other in _comparable(cells):
        left, right = cells[place], cells[other]
        # A report that corrects itself is no disagreement between reports.
        alone = left.reports == right.reports == 1 and left.evidence.document == right.evidence.document
        if not alone and (field := differ(said[place], said[other])):
            found.append((field, left, right))
    return found


def _comparable(cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """The places of two cells that can contradict each other, in order: of one field, and of one stage both done and denied, or signed.

    Deals that are in the news for years have hundreds of stages told, nearly all of which have no bearing on each other.
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for place, cell in enumerate(cells):
        alike.setdefault((cell.field, str(cell.value["stage"]) if cell.field == "stage" else ""), []).append(place)
    pairs: list[tuple[int, int]] = []
    for (name, stage), places in alike.items():
        if name != "stage":
            pairs += combinations(places, 2)
            continue
        done, denied = ([n for n in places if cells[n].value["modality"] == modality] for modality in ("actual", "denied"))
        pairs += ((min(pair), max(pair)) for pair in product(done, denied))
        if stage == "contract":
            pairs += combinations(done, 2)
    yield from sorted(pairs)


def _register_row(total: Row[Any], cells: Sequence[Cell]) -> RegisterRow:
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
        first_said=total.first_said,
        last_said=total.last_said,
        disputed=tuple(sorted({field for field, _, _ in disputes(cells)})),
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


def _progress(cell: Cell) -> tuple[int, str, int]:
    return list(meanings("stages")["stage"]).index(cell.value["stage"]), _day(cell), cell.reports


def _day(cell: Cell) -> str:
    """When a stage was, as far as its date or else the last report of it tells; only for putting stages in order."""
    when = str(cell.value["when"] or "").split("/")[0].strip("~?%")
    return when or cell.last_said


def _cell(row: Row[Any]) -> Cell:
    reviewed = Reviewed(row.act, row.verb, row.person, row.acted_at, row.why) if row.act else None
    evidence = Evidence(row.quote, row.document_id, row.document_key, row.start_at, row.end_at, row.outlet, row.published, row.title)
    return Cell(
        row.field, json.loads(row.value), row.reports, row.origins, row.outlets, row.first_said, row.last_said, not row.said, evidence,
        row.concluded or "", reviewed, 1.0 if reviewed else round(min(row.claim_score, row.finding_score), 3),
    )  # fmt: skip


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Only cells known by the day, of deals with the parties and the equipment asked for, as known by that day.

    Of several versions of a report the one counts that was the newest then.
    """
    query = query.where(counts_on(wanted.as_of))
    if wanted.as_of:
        query = query.where(CELL.c.known != "", CELL.c.known <= wanted.as_of)
    if wanted.sure:
        query = query.where(is_sure(wanted.sure))
    if wanted.deal is not None:
        query = query.where(CELL.c.deal == wanted.deal)
    if wanted.deals:
        query = query.where(CELL.c.deal.in_(wanted.deals))
    for role, name in (("supplier", wanted.supplier), ("recipient", wanted.recipient), ("equipment", wanted.equipment)):
        if name:
            query = query.where(CELL.c.deal.in_(deals_with(role, name, as_of=wanted.as_of)))
    return query


def _totals(wanted: Wanted) -> Select[Any]:
    query = select(
        CELL.c.deal,
        DEAL.c.id,
        DEAL.c.equipment,
        func.count(CELL.c.document.distinct()).label("reports"),
        func.count(origin_of().distinct()).label("origins"),
        func.count(DOCUMENT.c.outlet.distinct()).label("outlets"),
        func.min(CELL.c.known).label("first_said"),
        func.max(CELL.c.known).label("last_said"),
    )
    joined = query.join(DEAL, DEAL.c.number == CELL.c.deal).join(DOCUMENT, DOCUMENT.c.number == CELL.c.document)
    joined = joined.outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == CELL.c.document)
    return _filtered(joined, wanted).group_by(CELL.c.deal, DEAL.c.id, DEAL.c.equipment)


def _cells(wanted: Wanted) -> Select[Any]:
    """Each value of each deal with its counts and its best words: said before inferred, what arrived early before what came late.

    What a person decided on comes first, however many reports say otherwise.
    """
    counted = _filtered(
        select(
            CELL.c.deal,
            CELL.c.field,
            CELL.c.value,
            func.count(CELL.c.document.distinct()).label("reports"),
            func.count(origin_of().distinct()).label("origins"),
            func.count(DOCUMENT.c.outlet.distinct()).label("outlets"),
            func.min(CELL.c.known).label("first_said"),
            func.max(CELL.c.known).label("last_said"),
            func.max(1 - CELL.c.inferred).label("said"),
            func.max(CELL.c.act).label("act"),
            func.min(case((CELL.c.concluded == 1, CELL.c.known))).label("concluded"),
            # Packed into one number, so that one pass over the cells finds it.
            func.min(CELL.c.inferred * INFERRED + CELL.c.finding * CLAIMS + CELL.c.claim).label("best"),
        )
        .join(DOCUMENT, DOCUMENT.c.number == CELL.c.document)
        .outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == CELL.c.document),
        wanted,
    )
    values = counted.group_by(CELL.c.deal, CELL.c.field, CELL.c.value).subquery("counted")
    finding = (values.c.best % INFERRED) // CLAIMS
    return (
        select(values, CLAIM.c.quote, CLAIM.c.start_at, CLAIM.c.end_at, CLAIM.c.score.label("claim_score"),
               FINDING.c.score.label("finding_score"), DOCUMENT.c.id.label("document_id"),
               DOCUMENT.c.key.label("document_key"), DOCUMENT.c.outlet,
               DOCUMENT.c.published, title_column(), ACT.c.verb, ACT.c.person, ACT.c.acted_at, ACT.c.why)
        .join(FINDING, FINDING.c.number == finding)
        .join(CLAIM, (CLAIM.c.finding == FINDING.c.number) & (CLAIM.c.number == values.c.best % CLAIMS))
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .outerjoin(ACT, ACT.c.number == values.c.act)
        .order_by(values.c.deal, values.c.field, (values.c.act > 0).desc(), values.c.origins.desc(), values.c.reports.desc(),
                  values.c.said.desc(), values.c.last_said.desc(), values.c.value)
    )  # fmt: skip
