"""This file reads and writes the rows of deals: transfers as they are compared, the neighbours under their keys, cells, parties, links.

Every look-up goes by a key and reads a bounded part of what stands under it, so that it costs the same in a small record and a large one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select

from onrecord.records import Claim, Document, Finding, Json
from onrecord.resolve import RULE, Placed, Transfer, Verdict, fold, stage_cell, view_transfer
from onrecord.resolve.facts import keys_to_look_under, keys_to_stand_under, pack, unpack
from onrecord.resolve.goods import goods_of
from onrecord.resolve.placing import NEIGHBOURS
from onrecord.store.lookup import document_of, nearest_under_keys
from onrecord.store.tables import CELL, CLAIM, DEAL, DEAL_DOUBT, DEAL_MEMBER, DEAL_PARTY, DOCUMENT, FINDING, TRANSFER_KEY, UNNOTED

Fields = dict[str, Any]
# By what transfers stand in order under a key.
ORDER = ("day", "place", "part")


class Loaded(NamedTuple):
    """A transfer as the rule sees it (its id is its number as text), since when it is known, and the findings that it was made of.

    `acts` gives the act of a person that made or accepted a claim, by finding and place.
    """

    number: int
    document: int
    known: str
    transfer: Transfer
    findings: list[tuple[int, Finding]]
    acts: Mapping[tuple[int, int], int]


def load_transfers(db: Connection, numbers: Sequence[int]) -> list[Loaded]:
    """Transfers by the numbers of their findings, in the order given."""
    own = {row.number: row for row in db.execute(select(FINDING).where(FINDING.c.number.in_(numbers)))}
    stages = db.execute(select(FINDING).where(FINDING.c.part_of.in_(numbers)).order_by(FINDING.c.number)).all()
    claims: dict[int, list[Claim]] = {}
    acts: dict[tuple[int, int], int] = {}
    wanted = select(CLAIM).where(CLAIM.c.finding.in_([*own, *(row.number for row in stages)])).order_by(CLAIM.c.finding, CLAIM.c.number)
    for finding, place, name, value, start, end, quote, inferred, score, reason, act in db.execute(wanted):
        if act:
            acts[finding, place] = act
        claims.setdefault(finding, []).append(Claim(name, json.loads(value), start, end, quote, bool(inferred), score, reason))
    documents = _documents(db, {row.document for row in own.values()})
    parts: dict[int, list[Row[Any]]] = {number: [own[number]] for number in numbers}
    for row in stages:
        parts[row.part_of].append(row)
    return [_loaded(number, own[number].document, documents, parts[number], claims, acts) for number in numbers]


def neighbours(db: Connection, transfers: Iterable[Transfer], *, document: int) -> dict[str, tuple[list[Placed], list[Placed]]]:
    """For each transfer those of other reports that stand nearest under its keys: the ones told before it, and the ones told after."""
    near: dict[str, tuple[list[int], list[int]]] = {transfer.id: _near(db, transfer) for transfer in transfers}
    numbers = {number for sides in near.values() for side in sides for number in side}
    held = {placed.id: placed for placed in load_placed(db, numbers, but=document)}

    def found(side: Iterable[int]) -> list[Placed]:
        return [held[str(number)] for number in dict.fromkeys(side) if str(number) in held]

    return {id: (found(before), found(after)) for id, (before, after) in near.items()}


def load_placed(db: Connection, numbers: Iterable[int], *, but: int = -1) -> list[Placed]:
    """Transfers with the links that they have, but for those of one report."""
    numbers = sorted(numbers)
    wanted = select(DEAL_MEMBER).where(DEAL_MEMBER.c.finding.in_(numbers), DEAL_MEMBER.c.document != but)
    return [_placed(row) for row in db.execute(wanted)] if numbers else []


def write_placed(db: Connection, loaded: Sequence[Loaded], placed: Sequence[Placed]) -> None:
    """Writes the links of one report's transfers with all that is derived from them."""
    joined = _joined(db, {int(item.root) for item in placed if item.parent is not None})
    rows: dict[Any, list[Fields]] = {table: [] for table in (DEAL, DEAL_MEMBER, DEAL_PARTY, TRANSFER_KEY, CELL, DEAL_DOUBT)}
    for item, link in zip(loaded, placed, strict=True):
        root = int(link.root)
        deal = joined.get(root, root)
        if root == item.number:
            rows[DEAL].append(
                {"number": root, "id": item.findings[0][1].id, "equipment": str(item.findings[0][1]["equipment"] or ""), "joined_to": root}
            )
        rows[DEAL_MEMBER].append(_member(item, link, deal))
        rows[DEAL_PARTY] += _parties(item, deal)
        rows[CELL] += _cells(item, link, deal)
        day, place, part = link.own.order
        for key in keys_to_stand_under(link.own):
            rows[TRANSFER_KEY].append({"key": key, "day": day, "place": place, "part": part, "finding": item.number})
        for other, verdict in link.doubts:
            told = {"verdict": verdict.verdict, "score": verdict.score, "reason": "; ".join(verdict.reasons), "judged_by": RULE}
            rows[DEAL_DOUBT].append({"finding": item.number, "other": int(other), **told})
    for table, new in rows.items():
        if new:
            db.execute(insert(table), new)
    note_changed(db, {row["deal"] for row in rows[DEAL_MEMBER]})


def delete_placed(db: Connection, document: int) -> None:
    """Takes away all that is derived from the transfers of a report."""
    note_changed(db, db.execute(select(DEAL_MEMBER.c.deal).where(DEAL_MEMBER.c.document == document)).scalars())
    own = select(FINDING.c.number).where(FINDING.c.document == document, FINDING.c.kind == "transfer")
    db.execute(delete(DEAL_DOUBT).where(DEAL_DOUBT.c.finding.in_(own) | DEAL_DOUBT.c.other.in_(own)))
    for table in (DEAL_PARTY, TRANSFER_KEY):
        db.execute(delete(table).where(table.c.finding.in_(own)))
    db.execute(delete(CELL).where(CELL.c.document == document))
    db.execute(delete(DEAL_MEMBER).where(DEAL_MEMBER.c.document == document))
    db.execute(delete(DEAL).where(DEAL.c.number.in_(own)))


def note_changed(db: Connection, deals: Iterable[int]) -> None:
    """Notes deals (by number) of which the register may say something else now, for the history."""
    deals = set(deals)
    held = set(db.execute(select(UNNOTED.c.deal).where(UNNOTED.c.deal.in_(deals))).scalars()) if deals else set()
    if deals - held:
        db.execute(insert(UNNOTED), [{"deal": deal} for deal in sorted(deals - held)])


def dump(value: Json) -> str:
    """A value as JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _loaded(
    number: int, document: int, documents: Mapping[int, tuple[Document, str]], parts: Sequence[Row[Any]],
    claims: Mapping[int, list[Claim]], acts: Mapping[tuple[int, int], int],
) -> Loaded:  # fmt: skip
    report, known = documents[document]
    findings = [(row.number, Finding(row.kind, row.key, report.id, tuple(claims.get(row.number, ())), id=row.id)) for row in parts]
    transfer = view_transfer(report, findings[0][1], [finding for _, finding in findings[1:]])
    return Loaded(number, document, known, replace(transfer, id=str(number)), findings, acts)


def _documents(db: Connection, numbers: set[int]) -> dict[int, tuple[Document, str]]:
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.number.in_(numbers)))
    return {row.number: (document_of(row), row.known) for row in rows}


def _near(db: Connection, transfer: Transfer) -> tuple[list[int], list[int]]:
    keys = keys_to_look_under(transfer.facts)
    if not keys:
        return [], []
    values = {f"key{n}": key for n, key in enumerate(keys)}
    place = dict(zip(ORDER, transfer.facts.order, strict=True))
    query = nearest_under_keys("transfer_key", "finding", ORDER, keys=len(keys), limit=NEIGHBOURS)
    sides: tuple[list[int], list[int]] = ([], [])
    for row in db.execute(query, {**values, **place}):
        sides[row.later].append(row.finding)
    return sides


def _placed(row: Row[Any]) -> Placed:
    own = unpack(row.own)
    facts = unpack(row.facts) if row.facts else own
    verdict = Verdict(row.verdict, row.score, tuple(row.reason.split("; ")))
    parent = None if row.parent is None else str(row.parent)
    return Placed(str(row.finding), str(row.document), own, facts, str(row.root), parent, verdict)


def _joined(db: Connection, roots: set[int]) -> dict[int, int]:
    query = select(DEAL.c.number, DEAL.c.joined_to).where(DEAL.c.number.in_(roots))
    return {row.number: row.joined_to for row in db.execute(query)} if roots else {}


def _member(item: Loaded, link: Placed, deal: int) -> Fields:
    return {
        "finding": item.number, "document": item.document, "deal": deal, "root": int(link.root),
        "parent": None if link.parent is None else int(link.parent), "verdict": link.verdict.verdict, "score": link.verdict.score,
        "reason": "; ".join(link.verdict.reasons), "judged_by": RULE, "own": pack(link.own),
        "facts": "" if link.facts == link.own else pack(link.facts),
    }  # fmt: skip


def _parties(item: Loaded, deal: int) -> list[Fields]:
    finding = item.findings[0][1]
    names = {(role, str(value)) for role in ("supplier", "recipient") for value in finding.all(role)}
    names |= {("equipment", name) for value in finding.all("equipment") for name in _searched(str(value))}
    return [{"role": role, "party": name, "finding": item.number, "deal": deal, "known": item.known} for role, name in sorted(names)]


def _searched(equipment: str) -> set[str]:
    """The names under which equipment is looked for: as the report has it, and its family."""
    return {fold(equipment), goods_of(equipment).family} - {""}


def _cells(item: Loaded, link: Placed, deal: int) -> list[Fields]:
    rows: list[Fields] = []
    for number, finding in item.findings:
        for place, claim in enumerate(finding.claims):
            if finding.kind == "stage" and claim.field != "stage":
                continue
            value: Json = stage_cell(finding) if finding.kind == "stage" else claim.value
            # A stage is one cell: whoever acted last on its modality, date or source has acted on it.
            places = range(len(finding.claims)) if finding.kind == "stage" else (place,)
            rows.append(
                {"finding": number, "claim": place, "deal": deal, "document": item.document, "known": item.known, "field": claim.field,
                 "value": dump(value), "inferred": int(claim.inferred), "concluded": int(link.own.is_concluded()),
                 "act": max(item.acts.get((number, n), 0) for n in places)}
            )  # fmt: skip
    return rows
