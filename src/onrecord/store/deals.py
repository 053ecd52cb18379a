"""This file keeps the derived deals of a record: it places each transfer with the rule of resolve.py, and settles anew what changed.

Every look-up goes by a key (block, finding, document), so that the cost of one more report does not depend on the size of the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from onrecord.records import Claim, Document, Finding, Json
from onrecord.resolve import Deal, Traits, Transfer, Verdict, join, place, stage_cell, view_transfer
from onrecord.store.tables import CELL, CLAIM, DEAL, DEAL_MEMBER, DEAL_PARTY, DOCUMENT, FINDING, JUDGEMENT, STALE_BLOCK

# No more deals than this of one block are compared with a transfer, the newest: a bound on the cost, far above what real blocks hold.
DEALS_COMPARED = 64
# How many transfers are settled at a time, so that memory stays flat.
AT_A_TIME = 500


def place_transfers(db: Connection, numbers: Sequence[int]) -> None:
    """Puts the transfers (numbers of findings, in order of arrival) into deals and writes their cells."""
    for first in range(0, len(numbers), AT_A_TIME):
        for number, document, transfer, findings in _load(db, numbers[first : first + AT_A_TIME]):
            _place(db, number, document, transfer, findings)


def await_settling(db: Connection, numbers: Sequence[int]) -> None:
    """Notes transfers of a report that was analysed anew; their deals are settled with those of their blocks, in order of arrival."""
    loaded = _load(db, numbers)
    rows = [
        {"finding": number, "deal": None, "block": transfer.block, "score": 0.0, "reason": "to be settled"}
        for number, _, transfer, _ in loaded
    ]
    if rows:
        db.execute(insert(DEAL_MEMBER), rows)
    mark_stale(db, [transfer.block for _, _, transfer, _ in loaded])


def forget_transfers(db: Connection, document: int) -> None:
    """Takes a document's transfers out of their deals and marks the blocks for settling; the deals themselves wait for that."""
    own = select(FINDING.c.number).where(FINDING.c.document == document)
    blocks = db.execute(select(DEAL_MEMBER.c.block).where(DEAL_MEMBER.c.finding.in_(own)).distinct()).scalars().all()
    mark_stale(db, blocks)
    db.execute(delete(CELL).where(CELL.c.finding.in_(own)))
    db.execute(delete(DEAL_MEMBER).where(DEAL_MEMBER.c.finding.in_(own)))


def mark_stale(db: Connection, blocks: Iterable[str]) -> None:
    """Notes that the deals of these blocks have to be settled anew."""
    held = set(db.execute(select(STALE_BLOCK.c.block)).scalars())
    rows = [{"block": block} for block in sorted(set(blocks) - held)]
    if rows:
        db.execute(insert(STALE_BLOCK), rows)


def settle_stale(db: Connection) -> int:
    """Rebuilds the deals of every stale block, in order of arrival; how many blocks there were."""
    blocks = _linked_blocks(db, set(db.execute(select(STALE_BLOCK.c.block)).scalars()))
    for block in sorted(blocks):
        deals = select(DEAL.c.number).where(DEAL.c.block == block)
        db.execute(delete(CELL).where(CELL.c.deal.in_(deals)))
        db.execute(delete(DEAL_PARTY).where(DEAL_PARTY.c.deal.in_(deals)))
    members = [
        number
        for block in sorted(blocks)
        for number in db.execute(select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.block == block)).scalars()
    ]
    for block in blocks:
        db.execute(delete(DEAL_MEMBER).where(DEAL_MEMBER.c.block == block))
    for block in blocks:
        db.execute(delete(DEAL).where(DEAL.c.block == block))
    place_transfers(db, _in_order_of_arrival(db, members))
    db.execute(delete(STALE_BLOCK))
    return len(blocks)


def _linked_blocks(db: Connection, blocks: set[str]) -> set[str]:
    """The blocks and all that a person's verdict ties to them: they are settled together."""
    waiting = sorted(blocks)
    while waiting:
        block = waiting.pop()
        deals = select(DEAL.c.number).where(DEAL.c.block == block)
        guests = select(DEAL_MEMBER.c.block).where(DEAL_MEMBER.c.deal.in_(deals)).distinct()
        hosts = select(DEAL.c.block).join(DEAL_MEMBER, DEAL_MEMBER.c.deal == DEAL.c.number).where(DEAL_MEMBER.c.block == block).distinct()
        for other in [*db.execute(guests).scalars(), *db.execute(hosts).scalars()]:
            if other not in blocks:
                blocks.add(other)
                waiting.append(other)
    return blocks


def _in_order_of_arrival(db: Connection, members: list[int]) -> list[int]:
    rows: list[tuple[int, int]] = []
    for first in range(0, len(members), AT_A_TIME):
        chunk = members[first : first + AT_A_TIME]
        rows += [
            (row.document, row.number)
            for row in db.execute(select(FINDING.c.document, FINDING.c.number).where(FINDING.c.number.in_(chunk)))
        ]
    return [number for _, number in sorted(rows)]


def _load(db: Connection, numbers: Sequence[int]) -> list[tuple[int, int, Transfer, list[tuple[int, Finding]]]]:
    """Each transfer as the rule sees it, with its document's number and the numbered findings (itself, its stages) that it was made of."""
    stages = select(FINDING).where(FINDING.c.part_of.in_(numbers)).order_by(FINDING.c.number)
    own = select(FINDING).where(FINDING.c.number.in_(numbers))
    rows = [*db.execute(own), *db.execute(stages)]
    claims: dict[int, list[Claim]] = {}
    wanted = select(CLAIM).where(CLAIM.c.finding.in_([row.number for row in rows])).order_by(CLAIM.c.finding, CLAIM.c.number)
    for row in db.execute(wanted):
        claim = Claim(row.field, json.loads(row.value), row.start_at, row.end_at, row.quote, bool(row.inferred), row.score, row.reason)
        claims.setdefault(row.finding, []).append(claim)
    documents = _documents(db, {row.document for row in rows})
    loaded = []
    by_number = {row.number: row for row in rows}
    for number in numbers:
        row = by_number[number]
        parts = [row, *(other for other in rows if other.part_of == number)]
        findings = [
            (part.number, Finding(part.kind, part.key, documents[row.document].id, tuple(claims.get(part.number, ())), id=part.id))
            for part in parts
        ]
        transfer = view_transfer(documents[row.document], findings[0][1], [finding for _, finding in findings[1:]])
        loaded.append((number, row.document, transfer, findings))
    return loaded


def _documents(db: Connection, numbers: set[int]) -> dict[int, Document]:
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.number.in_(numbers)))
    return {
        row.number: Document(
            row.id, row.key, row.uri, row.outlet, row.title, row.published, row.updated, row.read, row.language, row.text,
            row.text_sha256, row.cleaner,
        )
        for row in rows
    }  # fmt: skip


def _place(db: Connection, number: int, document: int, transfer: Transfer, findings: list[tuple[int, Finding]]) -> None:
    deals, excluded, told = _judged(db, transfer)
    if told is None:
        query = select(DEAL).where(DEAL.c.block == transfer.block).order_by(DEAL.c.number.desc()).limit(DEALS_COMPARED)
        deals = {row.number: _deal(db, row, document, transfer) for row in reversed(db.execute(query).all()) if row.number not in excluded}
        found, verdict = place(transfer, deals.values())
    else:
        found, verdict = deals[told], Verdict(True, 1.0, "a person said so")
    if found is None:
        deal_number = _found(db, transfer, findings[0][1])
    else:
        deal_number = next(key for key, deal in deals.items() if deal is found)
        before = found.traits
        joined = join(transfer, found)
        if joined.traits != before:
            db.execute(update(DEAL).where(DEAL.c.number == deal_number).values(traits=_dump_traits(joined.traits)))
    member = {"finding": number, "deal": deal_number, "block": transfer.block, "score": verdict.score, "reason": verdict.reason}
    db.execute(insert(DEAL_MEMBER), member)
    _write_cells(db, deal_number, document, findings)


def _judged(db: Connection, transfer: Transfer) -> tuple[dict[int, Deal], set[int], int | None]:
    """What people said of a transfer: the deal it is (if any said so), and the deals it is not."""
    said = db.execute(
        select(JUDGEMENT).where((JUDGEMENT.c.left_id == transfer.id) | (JUDGEMENT.c.right_id == transfer.id)).order_by(JUDGEMENT.c.number)
    ).all()
    latest = {row.right_id if row.left_id == transfer.id else row.left_id: row.verdict for row in said}
    told: int | None = None
    excluded: set[int] = set()
    deals: dict[int, Deal] = {}
    for other, verdict in latest.items():
        row = db.execute(
            select(DEAL)
            .join(DEAL_MEMBER, DEAL_MEMBER.c.deal == DEAL.c.number)
            .join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding)
            .where(FINDING.c.id == other)
        ).first()
        if row is None:
            continue
        if verdict == "same":
            told = row.number
            deals[row.number] = Deal(row.id, row.block, _load_traits(row.traits))
        elif verdict == "different":
            excluded.add(row.number)
    return deals, excluded, told


def _deal(db: Connection, row: Row[Any], document: int, transfer: Transfer) -> Deal:
    other = select(DEAL_MEMBER.c.finding).join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding)
    held = db.execute(other.where(FINDING.c.document == document, DEAL_MEMBER.c.deal == row.number).limit(1)).first()
    return Deal(row.id, row.block, _load_traits(row.traits), {transfer.document_id} if held else set())


def _found(db: Connection, transfer: Transfer, finding: Finding) -> int:
    number = (db.execute(select(func.max(DEAL.c.number))).scalar() or 0) + 1
    row = {
        "number": number,
        "id": transfer.id,
        "block": transfer.block,
        "equipment": str(finding["equipment"] or ""),
        "traits": _dump_traits(transfer.traits),
    }
    db.execute(insert(DEAL), row)
    parties = [
        {"deal": number, "role": role, "party": party}
        for role in ("supplier", "recipient")
        for party in sorted({str(value) for value in finding.all(role)})
    ]
    if parties:
        db.execute(insert(DEAL_PARTY), parties)
    return number


def _write_cells(db: Connection, deal: int, document: int, findings: list[tuple[int, Finding]]) -> None:
    known = db.execute(select(DOCUMENT.c.known).where(DOCUMENT.c.number == document)).scalar_one()
    rows = []
    for number, finding in findings:
        for place_in_finding, claim in enumerate(finding.claims):
            if finding.kind == "stage" and claim.field != "stage":
                continue
            value: Json = stage_cell(finding) if finding.kind == "stage" else claim.value
            rows.append(
                {"finding": number, "claim": place_in_finding, "deal": deal, "document": document, "known": known,
                 "field": claim.field, "value": dump(value), "inferred": int(claim.inferred)}
            )  # fmt: skip
    if rows:
        db.execute(insert(CELL), rows)


def dump(value: Json) -> str:
    """A value as JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _dump_traits(traits: Traits) -> str:
    return json.dumps([traits.batch, traits.quantities, traits.sums, traits.years, traits.generic])


def _load_traits(text: str) -> Traits:
    batch, quantities, sums, years, generic = json.loads(text)
    return Traits(batch, tuple(map(tuple, quantities)), tuple(map(tuple, sums)), tuple(years), generic)
