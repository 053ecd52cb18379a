"""This file keeps the derived deals of a record: it places each transfer with the rule of resolve.py, and settles anew what changed.

Every look-up goes by a key (block, finding, document), so that the cost of one more report does not depend on the size of the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from onrecord.records import Claim, Document, Finding, Json
from onrecord.resolve import Deal, Traits, Transfer, Verdict, join, place, stage_cell, view_transfer
from onrecord.store.tables import CELL, CLAIM, DEAL, DEAL_MEMBER, DEAL_PARTY, DOCUMENT, FINDING, JUDGEMENT, STALE_BLOCK

# No more deals than this of one block are compared with a transfer, the newest: a bound on the cost, far above what real blocks hold.
DEALS_COMPARED = 64
# How many transfers are settled at a time, so that memory stays flat.
AT_A_TIME = 500

Fields = dict[str, Any]


class Loaded(NamedTuple):
    """A transfer as the rule sees it, where it stands, since when it is known, and the numbered findings that it was made of."""

    number: int
    document: int
    known: str
    transfer: Transfer
    findings: list[tuple[int, Finding]]


@dataclass(slots=True)
class Table:
    """What lies on the table while some transfers are placed: deals, verdicts, and the rows that will be written at the end."""

    next_number: int
    deals: dict[int, Deal] = field(default_factory=dict)
    blocks: dict[str, list[int]] = field(default_factory=dict)
    verdicts: dict[str, dict[str, str]] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    new: list[Fields] = field(default_factory=list)
    parties: list[Fields] = field(default_factory=list)
    members: list[Fields] = field(default_factory=list)
    cells: list[Fields] = field(default_factory=list)

    def keep(self, number: int, deal: Deal) -> None:
        """Lays a deal where transfers of its block will look for it."""
        self.deals[number] = deal
        self.blocks.setdefault(deal.block, []).append(number)

    def found(self, deal: Deal, item: Loaded) -> int:
        """Takes in a new deal; its number."""
        number, self.next_number = self.next_number, self.next_number + 1
        self.keep(number, deal)
        finding = item.findings[0][1]
        self.new.append({"number": number, "id": deal.id, "block": deal.block, "equipment": str(finding["equipment"] or "")})
        for role in ("supplier", "recipient"):
            parties = sorted({str(value) for value in finding.all(role)})
            self.parties += [{"deal": number, "role": role, "party": party} for party in parties]
        return number


def place_transfers(db: Connection, numbers: Sequence[int]) -> None:
    """Puts the transfers (numbers of findings, in order of arrival) into deals and writes their cells."""
    for first in range(0, len(numbers), AT_A_TIME):
        loaded = _load(db, numbers[first : first + AT_A_TIME])
        table = _lay_out(db, loaded)
        for item in loaded:
            _place(table, item)
        _write(db, table)


def await_settling(db: Connection, numbers: Sequence[int]) -> None:
    """Notes transfers of a report that was analysed anew; their deals are settled with those of their blocks, in order of arrival."""
    loaded = _load(db, numbers) if numbers else []
    rows = [
        {"finding": number, "deal": None, "block": transfer.block, "score": 0.0, "reason": "to be settled"}
        for number, _, _, transfer, _ in loaded
    ]
    if rows:
        db.execute(insert(DEAL_MEMBER), rows)
    mark_stale(db, [item.transfer.block for item in loaded])


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


def _load(db: Connection, numbers: Sequence[int]) -> list[Loaded]:
    """The transfers as the rule sees them, each with the numbered findings (itself, its stages) that it was made of."""
    own = db.execute(select(FINDING).where(FINDING.c.number.in_(numbers))).all()
    stages = db.execute(select(FINDING).where(FINDING.c.part_of.in_(numbers)).order_by(FINDING.c.number)).all()
    claims: dict[int, list[Claim]] = {}
    wanted = select(CLAIM).where(CLAIM.c.finding.in_([row.number for row in (*own, *stages)])).order_by(CLAIM.c.finding, CLAIM.c.number)
    for finding, _, name, value, start, end, quote, inferred, score, reason in db.execute(wanted):
        claims.setdefault(finding, []).append(Claim(name, json.loads(value), start, end, quote, bool(inferred), score, reason))
    documents = _documents(db, {row.document for row in own})
    by_number = {row.number: row for row in own}
    parts: dict[int, list[Row[Any]]] = {number: [by_number[number]] for number in numbers}
    for row in stages:
        parts[row.part_of].append(row)
    loaded = []
    for number in numbers:
        document, known = documents[by_number[number].document]
        findings = [
            (row.number, Finding(row.kind, row.key, document.id, tuple(claims.get(row.number, ())), id=row.id)) for row in parts[number]
        ]
        transfer = view_transfer(document, findings[0][1], [finding for _, finding in findings[1:]])
        loaded.append(Loaded(number, by_number[number].document, known, transfer, findings))
    return loaded


def _documents(db: Connection, numbers: set[int]) -> dict[int, tuple[Document, str]]:
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.number.in_(numbers)))
    return {
        row.number: (
            Document(row.id, row.key, row.uri, row.outlet, row.title, row.published, row.updated, row.read, row.language, row.text,
                     row.text_sha256, row.cleaner),
            row.known,
        )
        for row in rows
    }  # fmt: skip


def _lay_out(db: Connection, loaded: list[Loaded]) -> Table:
    """All that placing these transfers needs, in a handful of queries: the deals of their blocks, who is in them, what people said."""
    blocks = {item.transfer.block for item in loaded}
    table = Table(next_number=(db.execute(select(func.max(DEAL.c.number))).scalar() or 0) + 1)
    # One look-up a block, each bounded, rather than one for all, which would have to rank every deal of a block.
    newest = select(DEAL).where(DEAL.c.block == bindparam("wanted")).order_by(DEAL.c.number.desc()).limit(DEALS_COMPARED)
    for block in sorted(blocks):
        for row in reversed(db.execute(newest, {"wanted": block}).all()):
            table.keep(row.number, Deal(row.id, row.block, _load_traits(row.traits)))
    documents = {item.document: item.transfer.document_id for item in loaded}
    held = (
        select(FINDING.c.document, DEAL_MEMBER.c.deal)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == FINDING.c.number)
        .where(FINDING.c.document.in_(documents), DEAL_MEMBER.c.deal.is_not(None))
    )
    for document, deal in db.execute(held):
        if deal in table.deals:
            table.deals[deal].documents.add(documents[document])
    _lay_out_verdicts(db, table, {item.transfer.id for item in loaded})
    return table


def _lay_out_verdicts(db: Connection, table: Table, ids: set[str]) -> None:
    """What people said of these transfers, the latest verdict on each pair, and the deals that the other sides are in."""
    said = select(JUDGEMENT).where(JUDGEMENT.c.left_id.in_(ids) | JUDGEMENT.c.right_id.in_(ids)).order_by(JUDGEMENT.c.number)
    for row in db.execute(said):
        for one, other in ((row.left_id, row.right_id), (row.right_id, row.left_id)):
            table.verdicts.setdefault(one, {})[other] = row.verdict
    if not table.verdicts:
        return
    placed = (
        select(FINDING.c.id.label("finding_id"), DEAL)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == FINDING.c.number)
        .join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .where(FINDING.c.id.in_(list(table.verdicts)))
    )
    for row in db.execute(placed):
        table.placed[row.finding_id] = row.number
        if row.number not in table.deals:
            table.deals[row.number] = Deal(row.id, row.block, _load_traits(row.traits))


def _place(table: Table, item: Loaded) -> None:
    transfer = item.transfer
    said = {table.placed[other]: verdict for other, verdict in table.verdicts.get(transfer.id, {}).items() if other in table.placed}
    told = next((deal for deal, verdict in said.items() if verdict == "same"), None)
    if told is not None:
        number, verdict = told, Verdict(True, 1.0, "a person said so")
        join(transfer, table.deals[told])
        table.changed.add(told)
    else:
        candidates = {table.deals[deal].id: deal for deal in table.blocks.get(transfer.block, ()) if said.get(deal) != "different"}
        found, verdict = place(transfer, (table.deals[deal] for deal in candidates.values()))
        joined = join(transfer, found)
        number = candidates[joined.id] if found else table.found(joined, item)
        table.changed.add(number)
    table.placed[transfer.id] = number
    table.members.append(
        {"finding": item.number, "deal": number, "block": transfer.block, "score": verdict.score, "reason": verdict.reason}
    )
    table.cells += _cells(number, item)


def _cells(deal: int, item: Loaded) -> list[Fields]:
    rows: list[Fields] = []
    for number, finding in item.findings:
        for place_in_finding, claim in enumerate(finding.claims):
            if finding.kind == "stage" and claim.field != "stage":
                continue
            value: Json = stage_cell(finding) if finding.kind == "stage" else claim.value
            rows.append(
                {"finding": number, "claim": place_in_finding, "deal": deal, "document": item.document, "known": item.known,
                 "field": claim.field, "value": dump(value), "inferred": int(claim.inferred)}
            )  # fmt: skip
    return rows


def _write(db: Connection, table: Table) -> None:
    for new in table.new:
        new["traits"] = _dump_traits(table.deals[new["number"]].traits)
    known = {new["number"] for new in table.new}
    changed = [{"deal": number, "new": _dump_traits(table.deals[number].traits)} for number in sorted(table.changed - known)]
    if changed:
        db.execute(update(DEAL).where(DEAL.c.number == bindparam("deal")).values(traits=bindparam("new")), changed)
    for target, rows in ((DEAL, table.new), (DEAL_PARTY, table.parties), (DEAL_MEMBER, table.members), (CELL, table.cells)):
        if rows:
            db.execute(insert(target), rows)


def dump(value: Json) -> str:
    """A value as JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _dump_traits(traits: Traits) -> str:
    return json.dumps([traits.batch, traits.quantities, traits.sums, traits.years, traits.generic])


def _load_traits(text: str) -> Traits:
    batch, quantities, sums, years, generic = json.loads(text)
    return Traits(batch, tuple(map(tuple, quantities)), tuple(map(tuple, sums)), tuple(years), generic)
