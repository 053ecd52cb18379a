"""This file makes one deal of two when the first transfer of one turns out to go on from the other, in a few statements for any number.

Transfers keep their links; only the deal that they count for gets another number. Nobody else has to be placed anew but those that saw
the two as two: reports that tell of both, those that a person keeps apart, and of transfers in doubt between the two those for which a
third deal may be in doubt now; the others are in one doubt less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import BindParameter, CompoundSelect, Connection, bindparam, select, union, update

from onrecord.resolve import Placed
from onrecord.resolve.placing import DOUBTS_KEPT
from onrecord.store.deal_rows import load_placed, with_doubts
from onrecord.store.deal_writing import Waiting, joined_deals, move_cells
from onrecord.store.tables import CELL, DEAL, DEAL_DOUBT, DEAL_MEMBER, DEAL_PARTY, FINDING, JUDGEMENT

# Deals of more transfers than this are joined when a run ends, once for all that it brought.
FEW = 100
OLD: BindParameter[int] = bindparam("old")
NEW: BindParameter[int] = bindparam("new")
EITHER_WAY = ((OLD, NEW), (NEW, OLD))


def is_small(db: Connection, root: int) -> bool:
    """Whether a deal has so few transfers that it costs next to nothing to give it another number."""
    return len(db.execute(select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.root == root).limit(FEW + 1)).all()) <= FEW


def who_saw_two(db: Connection, old: int, new: int) -> list[Placed]:
    """The transfers that may be linked otherwise once the deals with these first transfers are one."""
    return load_placed(db, db.execute(_seers(), {"old": old, "new": new}).scalars())


def who_doubted(db: Connection, merged: Mapping[int, int]) -> set[int]:
    """The transfers (by number) that are in doubt between deals that become one (by their first transfers), or about both."""
    return {number for old, new in merged.items() for number in db.execute(_doubters(), {"old": old, "new": new}).scalars()}


def lift_doubts(db: Connection, numbers: Iterable[int], waiting: Waiting) -> list[Placed]:
    """Takes transfers out of their doubts about what is one deal now; those that may be in doubt about a third one instead."""
    own = waiting.standing.read(db, numbers)
    standing = with_doubts(db, {item.id: item for item in own.values()}, waiting.doubts)
    others = waiting.standing.read(db, {int(other) for item in standing.values() for other, _ in item.doubts})
    full: list[Placed] = []
    for item in standing.values():
        left = {others[int(other)].root: (other, verdict) for other, verdict in reversed(item.doubts)}
        left.pop(item.root, None)
        if len(left) < len(item.doubts) == DOUBTS_KEPT:
            full.append(item)
        elif len(left) < len(item.doubts):
            waiting.doubts[int(item.id)] = tuple(reversed(left.values()))
    return full


def merge_deals(db: Connection, merged: Mapping[int, int], waiting: Waiting) -> None:
    """Counts all transfers of deals (by their first transfer) for others, with their cells and parties."""
    if not merged:
        return
    joins = db.execute(select(DEAL.c.number).where(DEAL.c.joined_to != DEAL.c.number).limit(1)).first()
    for old, new in merged.items():
        deal = joined_deals(db, {new}).get(new, new)
        # A person may have joined the old deal to another: its own row is gone by now, its cells still stand there.
        counted = db.execute(select(CELL.c.deal).where(CELL.c.finding == old).limit(1)).scalar()
        db.execute(update(DEAL_MEMBER).where(DEAL_MEMBER.c.root == old).values(root=new, deal=deal))
        if joins is None and counted in (None, old):
            for table in (CELL, DEAL_PARTY):
                db.execute(update(table).where(table.c.deal == old).values(deal=deal))
        else:
            roots = [new, *_joined_to(db, old)]
            db.execute(update(DEAL).where(DEAL.c.number.in_(roots[1:])).values(joined_to=deal))
            db.execute(update(DEAL_MEMBER).where(DEAL_MEMBER.c.root.in_(roots[1:])).values(deal=deal))
            members = db.execute(select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.root.in_(roots))).scalars().all()
            move_cells(db, dict.fromkeys(members, deal))
        waiting.standing.merge(old, new)
        waiting.changed |= {old, deal}


def _joined_to(db: Connection, deal: int) -> Sequence[int]:
    """The deals that a person joined to one, which must not count for it once it is gone."""
    return db.execute(select(DEAL.c.number).where(DEAL.c.joined_to != DEAL.c.number, DEAL.c.joined_to == deal)).scalars().all()


@cache
def _seers() -> CompoundSelect[int]:
    """The query for them: reports that tell of both, and what people keep apart."""
    one, other = DEAL_MEMBER.alias("one"), DEAL_MEMBER.alias("other")
    told = select(one.c.finding).join(other, other.c.document == one.c.document)
    judged = (
        select(one.c.finding)
        .join(FINDING, FINDING.c.number == one.c.finding)
        .join(JUDGEMENT, side == FINDING.c.id)
        .where((one.c.root == OLD) | (one.c.root == NEW), JUDGEMENT.c.verdict == "different")
        for side in (JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
    )
    return union(*(told.where(one.c.root == left, other.c.root == right) for left, right in EITHER_WAY), *judged)


@cache
def _doubters() -> CompoundSelect[int]:
    """The query for them: doubts in one about the other, and doubts about both."""
    one, other = DEAL_MEMBER.alias("one"), DEAL_MEMBER.alias("other")
    doubt, second = DEAL_DOUBT.alias("doubt"), DEAL_DOUBT.alias("second")
    doubted = select(doubt.c.finding).join(one, one.c.finding == doubt.c.other).join(other, other.c.finding == doubt.c.finding)
    both = select(doubt.c.finding).join(one, one.c.finding == doubt.c.other)
    both = both.join(second, second.c.finding == doubt.c.finding).join(other, other.c.finding == second.c.other)
    return union(*(query.where(one.c.root == left, other.c.root == right) for query in (doubted, both) for left, right in EITHER_WAY))
