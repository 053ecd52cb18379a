"""This file writes what is told as FollowTheMoney entities, one JSON object a line, each with the words behind it as a further key.

A deal with an order that is said to have happened is a `Contract` with an award for each supplier. All others, which are only asked for,
offered, planned, possible or denied, are `Project`s with participants, so that no reader of contracts counts what was never signed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onrecord.export.sipri_csv import ORDERED
from onrecord.export.tables import act_words, names, said
from onrecord.export.told import Told, ToldDeal
from onrecord.parties import ORGANISATION, party_name
from onrecord.store.told import ToldClaim, ToldFinding, ToldReport, ToldWords

Entity = dict[str, Any]
# Former states under FollowTheMoney's codes; those that no ISO table holds have none.
FORMER = {"SU": "suhh", "YU": "yucs", "DD": "dd", "CS": "cshh"}
NOT_ISO = {"XA", "XO", "XT", "XN", "XS", "XR", "YD"}
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def ftm(told: Told, out: Path) -> None:
    """The entities: reports, then parties, deals and events; an entity that others point to stands before them."""
    with out.open("w", encoding="utf-8") as file:
        for entity in _entities(told):
            entity["properties"] = {name: values for name, values in entity["properties"].items() if values}
            file.write(json.dumps(entity, ensure_ascii=False) + "\n")


def _entities(told: Told) -> Iterator[Entity]:
    yield from map(_article, told.reports())
    seen: set[str] = set()
    for deal, claims in told.deals_with_claims():
        yield from _new_parties([*deal.row.supplier, *deal.row.recipient], seen)
        yield from _deal(deal, claims)
    for event in told.events():
        # The model has no place for what was only threatened or planned.
        if event.first("modality") == "actual":
            sides = [str(code) for code in (*event.all("actor"), *event.all("recipient"))]
            yield from _new_parties(sides, seen)
            yield _event(event, sides)


def _entity(id: str, schema: str, **properties: Any) -> Entity:
    """An entity; values are texts, and empty ones are left out."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in properties.items()}
    return {
        "id": id,
        "schema": schema,
        "properties": {name: [str(v) for v in values if v not in (None, "")] for name, values in listed.items()},
    }


def _article(report: ToldReport) -> Entity:
    web = urlsplit(report.uri).scheme in ("http", "https")
    properties = {
        "title": report.title, "publisher": report.outlet, "publishedAt": report.published, "modifiedAt": report.updated,
        "sourceUrl": report.uri if web else None, "fileName": None if web else report.uri.rsplit("/", 1)[-1],
        "processingAgent": report.analysed_by,
    }  # fmt: skip
    more = {"key": report.key, "origin": _report_id(report.origin), "text_sha256": report.text_sha256}
    return {**_entity(_report_id(report.id), "Article", **properties), "record": more}


def _new_parties(codes: Sequence[str], seen: set[str]) -> Iterator[Entity]:
    for code in codes:
        if code not in seen:
            seen.add(code)
            schema = "Organization" if code.startswith(ORGANISATION) else "PublicBody"
            yield _entity(_party_id(code), schema, name=party_name(code), country=_country(code))


def _country(code: str) -> str | None:
    return None if code.startswith(ORGANISATION) or code in NOT_ISO else FORMER.get(code, code.lower())


def _deal(deal: ToldDeal, claims: Sequence[ToldClaim]) -> Iterator[Entity]:
    row, value, stage = deal.row, deal.row.value or {}, deal.row.stage or {}
    id = f"onrecord-deal-{row.deal}"
    title = f"{row.equipment or 'unnamed goods'}: {names(row.supplier) or 'unknown'} to {names(row.recipient) or 'unknown'}"
    told_of = {
        "amount": f"{value['amount']:.15g}" if value else None, "currency": value.get("currency"), "keywords": row.equipment,
        "summary": said(row.quantity) if row.quantity else None, "notes": [said(cell.value) for cell in deal.of("stage")],
        "proof": sorted({_report_id(claim.report.id) for claim in claims}), "modifiedAt": row.last_said,
        "sourceUrl": sorted({claim.report.uri for claim in claims if urlsplit(claim.report.uri).scheme in ("http", "https")}),
    }  # fmt: skip
    status = f"{stage['stage']} ({stage['modality']})" if stage else None
    beside = {
        "evidence": [_evidence(claim.words, claim.report) for claim in claims],
        "record": {
            "deal": row.deal,
            "stage": stage or None,
            "reports": row.reports,
            "origins": row.origins,
            "disputed": list(row.disputed),
        },
    }
    if deal.stages(*ORDERED, modality="actual"):
        signed = [day for cell in deal.stages("contract", modality="actual") for day in _days(cell.value["when"])[:1]]
        halted = [day for cell in deal.stages("cancellation", modality="actual") for day in _days(cell.value["when"])[:1] or ["yes"]]
        authority = [_party_id(code) for code in row.recipient]
        held = _entity(
            id,
            "Contract",
            title=title,
            name=title,
            authority=authority,
            status=status,
            contractDate=signed[:1],
            cancelled=halted[:1],
            **told_of,
        )
        yield {**held, **beside}
        for code in row.supplier:
            yield _entity(f"{id}-award-{_slug(code)}", "ContractAward", contract=id, supplier=_party_id(code), status=status)
    else:
        yield {**_entity(id, "Project", name=title, status=status, phase=stage.get("stage"), **told_of), **beside}
        for role, codes in (("supplier", row.supplier), ("recipient", row.recipient)):
            for code in codes:
                participant = {"project": id, "participant": _party_id(code), "role": role, "status": status}
                yield _entity(f"{id}-{role}-{_slug(code)}", "ProjectParticipant", **participant)


def _event(event: ToldFinding, sides: Sequence[str]) -> Entity:
    actors, others = (" and ".join(party_name(str(code)) for code in event.all(role)) for role in ("actor", "recipient"))
    days = _days(event.first("when"))
    properties = {
        "name": f"{event.first('plover')}: {actors or 'unknown'} to {others or 'unknown'}", "date": days[0] if len(days) == 1 else None,
        "startDate": days[0] if len(days) == 2 else None, "endDate": days[1] if len(days) == 2 else None,
        "involved": [_party_id(code) for code in dict.fromkeys(sides)], "proof": _report_id(event.report.id),
        "summary": act_words(event).quote, "keywords": event.first("plover"),
        "program": event.first("instrument"),
    }  # fmt: skip
    beside = {"evidence": [_evidence(words, event.report) for words in event.words], "record": {"deals": list(event.deals)}}
    return {**_entity(f"onrecord-event-{event.id}", "Event", **properties), **beside}


def _evidence(words: ToldWords, report: ToldReport) -> Entity:
    """The words of one claim: code points of the report's text, whose hash the report's entity holds."""
    place = {"report": _report_id(report.id), "start": words.start, "end": words.end, "quote": words.quote}
    return {
        "claim": words.id,
        "field": words.field,
        "value": words.value,
        **place,
        "inferred": words.inferred,
        "origin": _report_id(report.origin),
    }


def _days(when: Any) -> list[str]:
    """The day or the two ends of a date in EDTF, as far as FollowTheMoney can hold them."""
    ends = [DATE.match(end) for end in str(when or "").split("/")]
    return [end.group() for end in ends if end]


def _party_id(code: str) -> str:
    return f"onrecord-party-{_slug(code)}"


def _report_id(id: str) -> str:
    return f"onrecord-report-{id}"


def _slug(code: str) -> str:
    return re.sub(r"[^\w]+", "-", code)
