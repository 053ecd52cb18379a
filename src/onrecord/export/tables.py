"""This file lays what is told out in flat tables with typed columns, which the spreadsheet and the Parquet files share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from onrecord.deal_cells import Cell, disputes, updates
from onrecord.export.told import Told, ToldDeal
from onrecord.parties import party_name
from onrecord.resolve import kind_of
from onrecord.store.told import ToldFinding, ToldReport, ToldWords

Values = dict[str, Any]


class Column(NamedTuple):
    """A column: its name, its kind (text, whole, number, flag, or list of texts), and how wide a spreadsheet shows it, in characters."""

    name: str
    kind: str = "text"
    width: int = 14


class Sheet(NamedTuple):
    """A table: its name, what a row of it is, its columns, and its rows, each a mapping from column to value."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Told], Iterator[Values]]


def _columns(words: str) -> tuple[Column, ...]:
    """Columns from words "name", "name:kind" and "name:kind:width"."""
    parts = (word.split(":") for word in words.split())
    return tuple(Column(name, more[0] if more else "text", int(more[1]) if len(more) > 1 else 14) for name, *more in parts)


# Of a stage, a quantity and a sum: the parts of a value, each in a column of its kind.
VALUE = "number:number:10 unit amount:number:14 currency:text:9 stage modality when according_to"
PLACE = "quote:text:50 start:whole:8 end:whole:8 report:text:16 outlet:text:20 published:text:12 url:text:30 origin:text:16"
WORDS = f"inferred:flag:9 score:number:7 reason:text:20 {PLACE}"

DEALS = _columns(
    "deal:text:26 supplier:list:12 supplier_name:text:18 recipient:list:12 recipient_name:text:18 equipment:text:18 quantity:number:10 unit"
    " value:number:16 currency:text:9 stage modality when according_to reports:whole:9 origins:whole:9 outlets:whole:9 first_said:text:12"
    " last_said:text:12 disputed:list:20 inferred:list:14"
)
CELLS = _columns(
    f"deal:text:26 field value:text:24 {VALUE} reports:whole:9 origins:whole:9 outlets:whole:9 first_said:text:12 last_said:text:12"
    " inferred:flag:9 concluded:text:12 quote:text:50 start:whole:8 end:whole:8 report:text:16 outlet:text:20 published:text:12"
)
STAGES = _columns(
    "deal:text:26 stage modality when according_to reports:whole:9 origins:whole:9 outlets:whole:9 first_said:text:12 last_said:text:12"
    " inferred:flag:9 quote:text:50 start:whole:8 end:whole:8 report:text:16 outlet:text:20 published:text:12"
)
EVIDENCE = _columns(f"deal:text:26 cell:text:14 value:text:24 {WORDS} finding:text:26 report_id:text:26 before:text:30 after:text:30")
STATEMENTS = _columns(f"statement:text:26 speaker:text:24 as_written:text:24 role:text:24 organization:text:24 kind deals:list:26 {PLACE}")
EVENTS = _columns(f"event:text:26 actor:list plover recipient:list modality when instrument:text:24 deals:list:26 {WORDS}")
CONFLICTS = _columns(
    "deal:text:26 field kind left:text:24 left_reports:whole left_origins:whole left_quote:text:50 left_report left_outlet left_published"
    " right:text:24 right_reports:whole right_origins:whole right_quote:text:50 right_report right_outlet right_published"
)
ORIGINS = _columns("origin:text:26 how:text:10 name:text:24 why:text:40 reports:whole:9 outlets:whole:9 carried_by:list:40")
REPORTS = _columns(
    "report_id:text:26 report:text:16 url:text:40 outlet:text:20 title:text:50 published:text:12 updated:text:12 read:text:12 known:text:12"
    " language:text:9 origin:text:26 credits:list:20 text_sha256:text:20 cleaner:text:12 analysed_by:text:20"
)


def deal_values(deal: ToldDeal) -> Values:
    """One deal as the register has it."""
    row, quantity, value, stage = deal.row, deal.row.quantity or {}, deal.row.value or {}, deal.row.stage or {}
    return {
        "deal": row.deal, "supplier": list(row.supplier), "supplier_name": names(row.supplier), "recipient": list(row.recipient),
        "recipient_name": names(row.recipient), "equipment": row.equipment, "quantity": quantity.get("number"),
        "unit": quantity.get("unit"), "value": value.get("amount"), "currency": value.get("currency"), **stage_values(stage),
        "reports": row.reports, "origins": row.origins, "outlets": row.outlets, "first_said": row.first_said, "last_said": row.last_said,
        "disputed": list(row.disputed), "inferred": list(row.inferred),
    }  # fmt: skip


def names(codes: tuple[str, ...]) -> str:
    """The usual names of states and organisations, joined by "and"."""
    return " and ".join(party_name(code) for code in codes)


def stage_values(stage: Values) -> Values:
    """A stage's parts; all None where there is none."""
    return {name: stage.get(name) for name in ("stage", "modality", "when", "according_to")}


def said(value: Any) -> str:
    """A value as one text: "4 battery", "2500000000 USD", "delivery planned 2024/2026", "RU"."""
    if isinstance(value, dict):
        parts = [
            value[name] for name in ("number", "unit", "amount", "currency", "stage", "modality", "when") if value.get(name) is not None
        ]
        by = f", according to {value['according_to']}" if value.get("according_to") else ""
        return " ".join(f"{part:.15g}" if isinstance(part, float) else str(part) for part in parts) + by
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _deal_rows(told: Told) -> Iterator[Values]:
    return map(deal_values, told.deals())


def _cell_rows(told: Told) -> Iterator[Values]:
    for deal in told.deals():
        for cell in deal.cells:
            parts = cell.value if isinstance(cell.value, dict) else {}
            yield {
                "deal": deal.row.deal,
                "field": cell.field,
                "value": said(cell.value),
                **parts,
                **_borne(cell),
                "concluded": cell.concluded,
            }


def _stage_rows(told: Told) -> Iterator[Values]:
    for deal in told.deals():
        for cell in deal.of("stage"):
            yield {"deal": deal.row.deal, **stage_values(cell.value), **_borne(cell)}


def _evidence_rows(told: Told) -> Iterator[Values]:
    for claim in told.claims():
        words, report = claim.words, claim.report
        yield {
            "deal": claim.deal, "cell": words.field, "value": said(words.value), **_words(words), "finding": words.finding,
            "report_id": report.id, "before": words.before, "after": words.after, **_report(report),
        }  # fmt: skip


def _statement_rows(told: Told) -> Iterator[Values]:
    for finding in told.statements():
        content = finding.words_of("content")
        if content is not None:
            cells = {name: finding.first(name) for name in ("speaker", "as_written", "role", "organization", "kind")}
            yield {"statement": finding.id, **cells, "deals": list(finding.deals), **_words(content), **_report(finding.report)}


def _event_rows(told: Told) -> Iterator[Values]:
    for finding in told.events():
        cells = {name: finding.first(name) for name in ("plover", "modality", "when", "instrument")}
        sides = {name: finding.all(name) for name in ("actor", "recipient")}
        yield {"event": finding.id, **cells, **sides, "deals": list(finding.deals), **_words(act_words(finding)), **_report(finding.report)}


def act_words(event: ToldFinding) -> ToldWords:
    """The words that say what was done: those of the root, or else the event's first."""
    return event.words_of("plover") or event.words[0]


def _conflict_rows(told: Told) -> Iterator[Values]:
    for deal in told.deals():
        told_apart = [(field, kind_of(field), left, right) for field, left, right in disputes(deal.cells)]
        told_apart += [(field, "update", earlier, later) for field, earlier, later in updates(deal.cells)]
        for field, kind, *pair in told_apart:
            sides: Values = {}
            for side, cell in zip(("left", "right"), pair, strict=True):
                place = cell.evidence
                sides |= {
                    side: said(cell.value), f"{side}_reports": cell.reports, f"{side}_origins": cell.origins,
                    f"{side}_quote": place.quote, f"{side}_report": place.document_key, f"{side}_outlet": place.outlet,
                    f"{side}_published": place.published,
                }  # fmt: skip
            yield {"deal": deal.row.deal, "field": field, "kind": kind, **sides}


def _origin_rows(told: Told) -> Iterator[Values]:
    for story in told.stories():
        yield {
            "origin": story.first, "how": story.origin.how, "name": story.origin.name, "why": story.origin.why, "reports": story.reports,
            "outlets": story.outlets, "carried_by": list(story.keys),
        }  # fmt: skip


def _report_rows(told: Told) -> Iterator[Values]:
    for report in told.reports():
        yield {
            **_report(report), "report_id": report.id, "title": report.title, "updated": report.updated, "read": report.read,
            "known": report.known, "language": report.language, "credits": list(report.credits), "text_sha256": report.text_sha256,
            "cleaner": report.cleaner, "analysed_by": report.analysed_by,
        }  # fmt: skip


def _borne(cell: Cell) -> Values:
    place = cell.evidence
    return {
        "reports": cell.reports, "origins": cell.origins, "outlets": cell.outlets, "first_said": cell.first_said,
        "last_said": cell.last_said, "inferred": cell.inferred, "quote": place.quote, "start": place.start, "end": place.end,
        "report": place.document_key, "outlet": place.outlet, "published": place.published,
    }  # fmt: skip


def _words(words: ToldWords) -> Values:
    kept = ("quote", "start", "end", "inferred", "score", "reason")
    return {name: getattr(words, name) for name in kept}


def _report(report: ToldReport) -> Values:
    return {
        "report": report.key, "outlet": report.outlet, "published": report.published, "url": report.uri, "origin": report.origin,
    }  # fmt: skip


SHEETS: tuple[Sheet, ...] = (
    Sheet("deals", "one deal, as the register has it", DEALS, _deal_rows),
    Sheet("cells", "one value that reports give for a field of a deal, with its best words", CELLS, _cell_rows),
    Sheet("evidence", "one claim: what one report says of a deal, and the exact words that it stands on", EVIDENCE, _evidence_rows),
    Sheet("stages", "one stage of a deal with its modality: only what is actual is said to have happened", STAGES, _stage_rows),
    Sheet("statements", "what somebody is on record with, in one report", STATEMENTS, _statement_rows),
    Sheet("events", "what one side did to another (PLOVER), in one report", EVENTS, _event_rows),
    Sheet(
        "conflicts",
        "two values of one deal: a contradiction, a denial, or an update (the later tells what changed)",
        CONFLICTS,
        _conflict_rows,
    ),
    Sheet("origins", "one original that several reports carry: credited, earliest or unknown", ORIGINS, _origin_rows),
    Sheet("reports", "one report; those of one origin carry the same original and count once", REPORTS, _report_rows),
)
