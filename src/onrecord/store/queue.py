"""This file finds what a person should look at: acts that ask for a new look, orphans, deals that may be one, readings of low score."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from onrecord.acts.applying import LOOK, ORPHANED
from onrecord.acts.nouns import MAIN
from onrecord.store.acts import standing_acts
from onrecord.store.tables import (
    ACT,
    ACT_STATE,
    ACT_TARGET,
    CELL,
    CLAIM,
    DEAL,
    DEAL_DOUBT,
    DEAL_MEMBER,
    DOCUMENT,
    FINDING,
    JUDGEMENT,
)
from onrecord.store.versions import counts_on

# Readings less likely right than this are shown, unless a user says otherwise.
LOW = 0.5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `doubt` is 0 to 1, the most doubtful 1; `target` names it for an act, `other` the second of two.

    `kind` is look (the analysis now reads otherwise what a person decided), orphan (an act whose words are gone), conflict (reports
    contradict each other), unsure (two deals may be one) or score (a reading that may well be wrong).
    """

    kind: str
    doubt: float
    what: str
    target: str
    other: str = ""
    act: int = 0
    report: str = ""
    quote: str = ""


def asked_again(db: Connection) -> list[Item]:
    """Acts that ask for a new look or lost their words, in the reports of today; those in no report at all too."""
    query = (
        select(ACT_STATE, ACT.c.verb, ACT.c.person, ACT.c.acted_at, DOCUMENT.c.key, FINDING.c.number.label("on_record"))
        .join(ACT, ACT.c.number == ACT_STATE.c.act)
        .join(DOCUMENT, DOCUMENT.c.number == ACT_STATE.c.document)
        .outerjoin(FINDING, FINDING.c.id == ACT_STATE.c.finding_id)
        .where(ACT_STATE.c.state.in_((LOOK, ORPHANED)), counts_on(None))
        .order_by(ACT_STATE.c.state, ACT_STATE.c.act, ACT_STATE.c.place)
    )
    found = []
    for row in db.execute(query):
        kind, doubt = ("look", 1.0) if row.state == LOOK else ("orphan", 0.99)
        what = f"{row.verb} by {row.person}, {row.acted_at[:10]}: {row.reason}"
        # What was rejected, or has lost its words, is not on record: only the act itself can be taken back.
        cell = f":{row.field}" if row.field else ""
        target = f"finding:{row.finding_id}{cell}" if row.on_record is not None else f"#{row.act}"
        found.append(Item(kind, doubt, what, target, act=row.act, report=row.key))
    return found + _lost(db)


def nearly_one(db: Connection, limit: int) -> list[Item]:
    """Pairs of deals that the rule could not tell to be one or two, on which nobody has judged, the most doubtful first."""
    here, there = DEAL_MEMBER.alias("here"), DEAL_MEMBER.alias("there")
    one, other = FINDING.alias("one"), FINDING.alias("other")
    left, right = DEAL.alias("left_deal"), DEAL.alias("right_deal")
    judged = select(JUDGEMENT.c.number).where(
        or_(
            (JUDGEMENT.c.left_id == one.c.id) & (JUDGEMENT.c.right_id == other.c.id),
            (JUDGEMENT.c.left_id == other.c.id) & (JUDGEMENT.c.right_id == one.c.id),
        )
    )
    query = (
        select(DEAL_DOUBT.c.score, DEAL_DOUBT.c.reason, one.c.id.label("left_id"), other.c.id.label("right_id"),
               left.c.id.label("left_deal"), right.c.id.label("right_deal"))
        .join(here, here.c.finding == DEAL_DOUBT.c.finding)
        .join(there, there.c.finding == DEAL_DOUBT.c.other)
        .join(one, one.c.number == DEAL_DOUBT.c.finding)
        .join(other, other.c.number == DEAL_DOUBT.c.other)
        .join(left, left.c.number == here.c.deal)
        .join(right, right.c.number == there.c.deal)
        .where(DEAL_DOUBT.c.verdict == "unsure", here.c.deal != there.c.deal, ~judged.exists())
        .order_by(func.abs(DEAL_DOUBT.c.score - 0.5), left.c.id, right.c.id)
        .limit(limit)
    )  # fmt: skip
    first: dict[tuple[str, str], Item] = {}
    for row in db.execute(query):
        what = f"deals {row.left_deal[:8]} and {row.right_deal[:8]} may be one ({row.score:.0%}): {row.reason}"
        item = Item("unsure", 1 - 2 * abs(row.score - 0.5), what, f"finding:{row.left_id}", f"finding:{row.right_id}")
        first.setdefault((min(row.left_deal, row.right_deal), max(row.left_deal, row.right_deal)), item)
    return list(first.values())


def doubtful_readings(db: Connection, limit: int, below: float) -> list[Item]:
    """Transfers and stages that are less sure than `below`, on which nobody has acted, the least sure first."""
    acted = select(ACT_STATE.c.act).where(ACT_STATE.c.finding_id == FINDING.c.id)
    query = (
        select(FINDING.c.id, FINDING.c.kind, FINDING.c.key, FINDING.c.score, DOCUMENT.c.key.label("report"), CLAIM.c.quote, CLAIM.c.value)
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .join(CLAIM, (CLAIM.c.finding == FINDING.c.number) & CLAIM.c.field.in_((MAIN["transfer"], MAIN["stage"])))
        .where(FINDING.c.kind.in_(("transfer", "stage")), FINDING.c.score < below, counts_on(None), ~acted.exists())
        .order_by(FINDING.c.score, FINDING.c.id)
        .limit(limit)
    )
    return [
        Item("score", round(1 - row.score, 3), f"{row.kind} {row.value.strip(chr(34))}, sure {row.score:.2f}", f"finding:{row.id}",
             report=row.report, quote=row.quote)
        for row in db.execute(query)
    ]  # fmt: skip


def deals_in_conflict(db: Connection, limit: int) -> list[int]:
    """Deals (numbers) that may hold a contradiction: several counts or sums, or a stage that somebody denies; the newest first."""
    several = (
        select(CELL.c.deal)
        .where(CELL.c.field.in_(("quantity", "value")))
        .group_by(CELL.c.deal, CELL.c.field)
        .having(func.count(CELL.c.value.distinct()) > 1)
    )
    denied = select(CELL.c.deal).where(CELL.c.field == "stage", CELL.c.value.like('%"denied"%'))
    query = select(CELL.c.deal).where(CELL.c.deal.in_(several) | CELL.c.deal.in_(denied)).group_by(CELL.c.deal)
    return list(db.execute(query.order_by(func.max(CELL.c.known).desc(), CELL.c.deal).limit(limit)).scalars())


def _lost(db: Connection) -> list[Item]:
    """Standing acts of which no target is in any report on record."""
    placed = select(ACT_STATE.c.act).where(ACT_STATE.c.act == ACT_TARGET.c.act, ACT_STATE.c.place == ACT_TARGET.c.place)
    rows = db.execute(select(ACT_TARGET.c.act).where(~placed.exists()).order_by(ACT_TARGET.c.act)).all()
    standing = {act.number: act for act in standing_acts(db, {row.act for row in rows})} if rows else {}
    return [
        Item("orphan", 0.99, f"{standing[row.act].verb} by {standing[row.act].by}: its report is not on record", f"#{row.act}",
             act=row.act)
        for row in rows if row.act in standing
    ]  # fmt: skip
