"""This file makes one deal of two when the first transfer of one turns out to go on from the other, in a few statements for any number.

Transfers keep their links; those of the smaller deal get the number of the larger one, so that a deal that thousands of reports tell of is
not written anew for each older report that comes to light. Nobody else has to be placed anew but those that saw
the two as two: reports that tell of both, those that a person keeps apart, and of transfers in doubt between the two those for which a
third deal may be in doubt now; the others are in one doubt less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Connection, bindparam, delete, func, select, union, update

from onrecord.resolve import Placed
from onrecord.resolve.placing import DOUBTS_KEPT
from onrecord.store.deal_rows import load_placed, with_doubts
from onrecord.store.deal_writing import Waiting, joined_deals, move_cells
from onrecord.store.tables import CELL, DEAL, DEAL_DOUBT, DEAL_MEMBER, DEAL_PARTY, FINDING, JUDGEMENT

# Deals of more transfers than this are joined when a run ends, once for all that it brought.
FEW = 300
OLD: BindParameter[int] = bindparam("old")
NEW: BindParameter[int] = bindparam("new")
EITHER_WAY = ((OLD, NEW), (NEW, OLD))
# Run for every deal that goes on from another one, so they are built once.
SIZE = select(func.count()).select_from(DEAL_MEMBER).where(DEAL_MEMBER.c.root == OLD)
DEAL_NOW = select(DEAL.c.id, DEAL.c.equipment, DEAL.c.founder).where(DEAL.c.number == OLD)
TAKE_DEAL = delete(DEAL).where(DEAL.c.number == OLD)
REFOUND = update(DEAL).where(DEAL.c.number == OLD).values({name: bindparam(f"new_{name}") for name in ("id", "equipment", "founder")})
OF_ROOT = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.root == OLD).limit(FEW + 1)
# All that the reports of one of the two deals tell: it is the smaller one, so the other is not gone through.
TOLD_WITH = select(DEAL_MEMBER.c.document, DEAL_MEMBER.c.root, DEAL_MEMBER.c.finding).where(
    DEAL_MEMBER.c.document.in_(select(DEAL_MEMBER.c.document).where(DEAL_MEMBER.c.root == OLD))
)
KEPT_APART = union(
    *(
        select(DEAL_MEMBER.c.finding)
        .join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding)
        .join(JUDGEMENT, side == FINDING.c.id)
        .where((DEAL_MEMBER.c.root == OLD) | (DEAL_MEMBER.c.root == NEW), JUDGEMENT.c.verdict == "different")
        for side in (JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
    )
)
GO_ON = update(DEAL_MEMBER).where(DEAL_MEMBER.c.root == OLD).values(root=NEW, deal=bindparam("into"))
MOVE_ALL = tuple(update(table).where(table.c.deal == OLD).values(deal=bindparam("into")) for table in (CELL, DEAL_PARTY))


@dataclass(frozen=True, slots=True)
class Merger:
    """Two deals that are one: the number that goes, the one that stays, and what the row of the latter is to say if that changes."""

    gone: int
    kept: int
    founding: Mapping[str, Any] | None


def plan_mergers(db: Connection, merged: Iterable[tuple[int, int]], waiting: Waiting) -> list[Merger]:
    """Which of two deals gives up its number, for pairs of them (the one whose first transfer goes on from the other, and the other)."""
    plans: list[Merger] = []
    for later, earlier in merged:
        one, other = (stands_for(number, plans) for number in (later, earlier))
        row = None if waiting.joined else db.execute(DEAL_NOW, {"old": other}).one_or_none()
        # A deal that is to have another founder says so in no row yet.
        planned = next((plan.founding for plan in plans if plan.kept == other and plan.founding), None)
        founding = planned or (row._asdict() if row else None)
        if founding and db.execute(SIZE, {"old": one}).scalar_one() > db.execute(SIZE, {"old": other}).scalar_one():
            plans.append(Merger(other, one, founding))
        else:
            plans.append(Merger(one, other, None))
    return plans


def stands_for(number: int, plans: Iterable[Merger]) -> int:
    """The number of a deal once others have been made one."""
    for plan in plans:
        number = plan.kept if number == plan.gone else number
    return number


def is_small(db: Connection, root: int) -> bool:
    """Whether a deal has so few transfers that it costs next to nothing to go through what their reports tell."""
    return len(db.execute(OF_ROOT, {"old": root}).all()) <= FEW


def who_saw_two(db: Connection, plan: Merger, waiting: Waiting) -> list[Placed]:
    """The transfers that may be linked otherwise once two deals are one."""
    old, new = plan.gone, plan.kept
    told: dict[int, dict[int, list[int]]] = {}
    for document, root, finding in db.execute(TOLD_WITH, {"old": old}):
        told.setdefault(document, {}).setdefault(root, []).append(finding)
    both = {finding for deals in told.values() if new in deals for finding in (*deals[old], *deals[new])}
    kept = db.execute(KEPT_APART, {"old": old, "new": new}).scalars() if waiting.judged else ()
    return load_placed(db, both.union(kept))


def who_doubted(db: Connection, plans: Iterable[Merger]) -> set[int]:
    """The transfers (by number) that are in doubt between deals that become one, or about both."""
    return {number for plan in plans for number in db.execute(_doubters(), {"old": plan.gone, "new": plan.kept}).scalars()}


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


def merge_deals(db: Connection, plans: Sequence[Merger], waiting: Waiting) -> None:
    """Counts all transfers of deals for others, with their cells and parties."""
    if plans:
        waiting.write_moved(db)
    for plan in plans:
        old, new = plan.gone, plan.kept
        db.execute(TAKE_DEAL, {"old": old})
        if plan.founding:
            db.execute(REFOUND, {"old": new, **{f"new_{name}": value for name, value in plan.founding.items()}})
        deal = joined_deals(db, {new}, waiting).get(new, new)
        db.execute(GO_ON, {"old": old, "new": new, "into": deal})
        if not waiting.joined:
            for statement in MOVE_ALL:
                db.execute(statement, {"old": old, "into": deal})
        else:
            # A person may have joined the old deal to another: its own row is gone by now, its cells still stand there.
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
def _doubters() -> CompoundSelect[int]:
    """The query for them: doubts in one about the other, and doubts about both."""
    one, other = DEAL_MEMBER.alias("one"), DEAL_MEMBER.alias("other")
    doubt, second = DEAL_DOUBT.alias("doubt"), DEAL_DOUBT.alias("second")
    doubted = select(doubt.c.finding).join(one, one.c.finding == doubt.c.other).join(other, other.c.finding == doubt.c.finding)
    both = select(doubt.c.finding).join(one, one.c.finding == doubt.c.other)
    both = both.join(second, second.c.finding == doubt.c.finding).join(other, other.c.finding == second.c.other)
    return union(*(query.where(one.c.root == left, other.c.root == right) for query in (doubted, both) for left, right in EITHER_WAY))
