"""This file applies what people judged: deals that one said are the same are joined, transfers said to be different are kept apart.

A person's verdict outranks the rule and survives every new run. Where new evidence speaks against one, the record says so in `issue`, and
leaves it standing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from onrecord.resolve import Placed, compare
from onrecord.resolve.facts import Order
from onrecord.store.deal_rows import load_placed
from onrecord.store.deal_writing import Waiting, move_cells, note_changed
from onrecord.store.tables import DEAL, DEAL_MEMBER, FINDING, ISSUE, JUDGEMENT

# From these scores of the rule on, on either side, evidence is said to speak against a person's verdict.
SPEAKS_FOR, SPEAKS_AGAINST = 0.95, 0.1
# How many transfers of a deal are compared for that, the newest.
MEMBERS_COMPARED = 16

# Judgements by the pair of transfers (content ids, in order) that they are on.
Verdicts = dict[tuple[str, str], Row[Any]]


def latest_verdicts(db: Connection) -> Verdicts:
    """The verdict that holds for each pair of transfers (by content id, in order), in order of judging."""
    held: Verdicts = {}
    for row in db.execute(select(JUDGEMENT).order_by(JUDGEMENT.c.number)):
        pair = (min(row.left_id, row.right_id), max(row.left_id, row.right_id))
        held.pop(pair, None)
        held[pair] = row
    return held


@dataclass(frozen=True, slots=True)
class Apart:
    """What people keep apart from some transfers: for each (its number as text) the content ids of transfers said to be of other deals.

    Of two that are kept apart the later one gives way: so the order of arrival changes nothing.
    """

    db: Connection
    kept: Mapping[str, frozenset[str]]
    orders: Mapping[str, Order]

    def keeps_out(self, transfer: str, root: str) -> bool:
        """Whether a person keeps a transfer out of the deal with that key, as the deals are now."""
        return any(other.root == root and other.own.order < self.orders[transfer] for other in self._against(transfer))

    def giving_way(self, transfer: str) -> list[Placed]:
        """The later transfers that are kept out of the deal of one."""
        return [other for other in self._against(transfer) if other.own.order > self.orders[transfer]]

    def _against(self, transfer: str) -> list[Placed]:
        if transfer not in self.kept:
            return []
        return load_placed(self.db, self.db.execute(select(FINDING.c.number).where(FINDING.c.id.in_(self.kept[transfer]))).scalars())


def judged_apart(db: Connection, transfers: Sequence[tuple[str, str, Order]], waiting: Waiting) -> Apart:
    """What people keep apart from transfers, each with its number as text, its content id, and where it stands among all."""
    if not waiting.judged:
        return Apart(db, {}, {})
    ids = {number: id for number, id, _ in transfers}
    names = list(ids.values())
    said = select(JUDGEMENT).where(JUDGEMENT.c.left_id.in_(names) | JUDGEMENT.c.right_id.in_(names)).order_by(JUDGEMENT.c.number)
    verdicts: dict[tuple[str, str], str] = {}
    for row in db.execute(said):
        verdicts[row.left_id, row.right_id] = verdicts[row.right_id, row.left_id] = row.verdict
    kept: dict[str, set[str]] = {}
    for (one, other), verdict in verdicts.items():
        if verdict == "different":
            kept.setdefault(one, set()).add(other)
    apart = {number: frozenset(kept[id]) for number, id in ids.items() if id in kept}
    return Apart(db, apart, {number: order for number, _, order in transfers if number in apart})


def join_as_judged(db: Connection, verdicts: Verdicts) -> None:
    """Joins the deals of which people said that they are the same; a verdict that another one contradicts is left out, and said so."""
    joined_before = db.execute(select(DEAL.c.number).where(DEAL.c.joined_to != DEAL.c.number)).scalars().all()
    if not verdicts and not joined_before:
        return
    roots = _roots(db, {id for pair in verdicts for id in pair})
    heads: dict[int, int] = {}

    def head(root: int) -> int:
        while heads.get(root, root) != root:
            root = heads[root]
        return root

    apart = [(roots[a], roots[b]) for (a, b), row in verdicts.items() if row.verdict == "different" and a in roots and b in roots]
    for (left, right), row in verdicts.items():
        if row.verdict != "same" or left not in roots or right not in roots:
            continue
        one, other = sorted((head(roots[left]), head(roots[right])), key=lambda root: _order(db, root))
        if {one, other} in [{head(a), head(b)} for a, b in apart]:
            _warn(db, row, "another verdict keeps the two deals apart, so they are not joined")
        elif one != other:
            heads[other] = one
    wanted = {root: head(root) for root in {*heads, *joined_before}}
    _rejoin(db, wanted)


def warn_of_evidence(db: Connection, verdicts: Verdicts) -> None:
    """Says where what reports tell by now speaks against a person's verdict; the verdict stands."""
    for (left, right), row in verdicts.items():
        members = [_members(db, id) for id in (left, right)]
        if row.verdict == "unsure" or not all(members):
            continue
        new = [
            (compare(a.facts, b.facts).score, a, b)
            for a, b in product(*members)
            if a.document_id != b.document_id and max(int(a.document_id), int(b.document_id)) > row.last_document
        ]
        scores = [score for score, *_ in new]
        if row.verdict == "different" and max(scores, default=0.0) >= SPEAKS_FOR:
            _warn(db, row, "reports now give both the same figures or dates")
        if row.verdict == "same" and members[0][0].root != members[1][0].root:
            both = {a.document_id for a in members[0]} & {b.document_id for b in members[1]}
            if any(int(document) > row.last_document for document in both):
                _warn(db, row, "a report tells of the two as of two deals")
            elif max(scores, default=1.0) <= SPEAKS_AGAINST:
                _warn(db, row, "reports give the two other figures or dates")


def _roots(db: Connection, ids: set[str]) -> dict[str, int]:
    query = (
        select(FINDING.c.id.label("id"), DEAL_MEMBER.c.root)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == FINDING.c.number)
        .where(FINDING.c.id.in_(ids))
    )
    return {row.id: row.root for row in db.execute(query)}


def _order(db: Connection, root: int) -> tuple[Any, ...]:
    placed = load_placed(db, db.execute(select(DEAL.c.founder).where(DEAL.c.number == root)).scalars())
    return placed[0].own.order if placed else (0, 0, root)


def _rejoin(db: Connection, wanted: Mapping[int, int]) -> None:
    rows = [{"which": root, "deal": deal} for root, deal in wanted.items()]
    if not rows:
        return
    moved = db.execute(select(DEAL.c.number, DEAL.c.joined_to).where(DEAL.c.number.in_(wanted))).all()
    note_changed(db, {deal for one, held in moved if held != wanted[one] for deal in (held, wanted[one])})
    db.execute(update(DEAL).where(DEAL.c.number == bindparam("which")).values(joined_to=bindparam("deal")), rows)
    db.execute(update(DEAL_MEMBER).where(DEAL_MEMBER.c.root == bindparam("which")).values(deal=bindparam("deal")), rows)
    members = db.execute(select(DEAL_MEMBER.c.finding, DEAL_MEMBER.c.deal).where(DEAL_MEMBER.c.root.in_(wanted))).all()
    move_cells(db, {finding: deal for finding, deal in members})


def _members(db: Connection, id: str) -> list[Any]:
    """Some transfers of the deal that the rule puts a transfer into, the transfer itself first."""
    number, root = db.execute(
        select(DEAL_MEMBER.c.finding, DEAL_MEMBER.c.root).join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding).where(FINDING.c.id == id)
    ).one_or_none() or (None, None)
    if number is None:
        return []
    newest = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.root == root).order_by(DEAL_MEMBER.c.finding.desc()).limit(MEMBERS_COMPARED)
    placed = load_placed(db, {number, *db.execute(newest).scalars()})
    return sorted(placed, key=lambda item: (item.id != str(number), item.own.order))


def _warn(db: Connection, row: Any, why: str) -> None:
    what = f"new evidence against {row.judged_by}'s verdict “{row.verdict}”: {why}"
    place = f"deals {row.left_id[:12]} and {row.right_id[:12]}"
    digest = hashlib.sha256("\n".join(["resolve", what, place]).encode()).hexdigest()[:24]
    if db.execute(select(ISSUE.c.id).where(ISSUE.c.id == digest)).first() is None:
        todo = "look at both with onrecord show; the verdict stands until onrecord judge gives another"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        db.execute(insert(ISSUE), {"id": digest, "step": "resolve", "what": what, "place": place, "todo": todo, "seen_at": now})
