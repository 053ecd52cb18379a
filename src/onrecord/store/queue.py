"""This file finds what a person should look at: acts that ask for a new look, orphans, deals that may be one, readings of low score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from onrecord.acts.became import LOOK, ORPHANED
from onrecord.acts.nouns import MAIN
from onrecord.store.acts import standing_acts
from onrecord.store.tables import (
    ACT,
    ACT_STATE,
    ACT_TARGET,
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
# As likely one deal as two.
DRAW = 0.5


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
    score, place = DEAL_DOUBT.c.score, (DEAL_DOUBT.c.finding, DEAL_DOUBT.c.other)
    # The index is walked from a draw up, and from a draw down, and no further than the queue is long.
    above = _undecided_pairs().where(score >= DRAW).order_by(score, *place).limit(limit)
    below = _undecided_pairs().where(score < DRAW).order_by(score.desc(), *(column.desc() for column in place)).limit(limit)
    rows = [row for half in (above, below) for row in db.execute(half)]
    first: dict[tuple[str, str], Item] = {}
    for row in sorted(rows, key=lambda row: (abs(row.score - DRAW), row.left_deal, row.right_deal)):
        what = f"deals {row.left_deal[:8]} and {row.right_deal[:8]} may be one ({row.score:.0%}): {row.reason}"
        item = Item("unsure", 1 - 2 * abs(row.score - DRAW), what, f"finding:{row.left_id}", f"finding:{row.right_id}")
        first.setdefault((min(row.left_deal, row.right_deal), max(row.left_deal, row.right_deal)), item)
    return list(first.values())[:limit]


def doubtful_readings(db: Connection, limit: int, below: float) -> list[Item]:
    """Transfers and stages that are less sure than `below`, on which nobody has acted, the least sure first."""
    rows = [row for kind in ("transfer", "stage") for row in db.execute(_doubtful(kind, below, limit))]
    return [
        Item("score", round(1 - row.score, 3), f"{row.kind} {row.value.strip(chr(34))}, sure {row.score:.2f}", f"finding:{row.id}",
             report=row.report, quote=row.quote)
        for row in sorted(rows, key=lambda row: (row.score, row.number))[:limit]
    ]  # fmt: skip


def _undecided_pairs() -> Select[Any]:
    """Pairs of transfers of two deals that are in doubt about being one, and on which no person judged."""
    here, there = DEAL_MEMBER.alias("here"), DEAL_MEMBER.alias("there")
    one, other = FINDING.alias("one"), FINDING.alias("other")
    left, right = DEAL.alias("left_deal"), DEAL.alias("right_deal")
    judged = [
        select(JUDGEMENT.c.number).where(JUDGEMENT.c.left_id == first.c.id, JUDGEMENT.c.right_id == second.c.id).exists()
        for first, second in ((one, other), (other, one))
    ]
    return (
        select(DEAL_DOUBT.c.score, DEAL_DOUBT.c.reason, one.c.id.label("left_id"), other.c.id.label("right_id"),
               left.c.id.label("left_deal"), right.c.id.label("right_deal"))
        .join(here, here.c.finding == DEAL_DOUBT.c.finding)
        .join(there, there.c.finding == DEAL_DOUBT.c.other)
        .join(one, one.c.number == DEAL_DOUBT.c.finding)
        .join(other, other.c.number == DEAL_DOUBT.c.other)
        .join(left, left.c.number == here.c.deal)
        .join(right, right.c.number == there.c.deal)
        .where(DEAL_DOUBT.c.verdict == "unsure", here.c.deal != there.c.deal, *(~one_way for one_way in judged))
    )  # fmt: skip


def _doubtful(kind: str, below: float, limit: int) -> Select[Any]:
    """The findings of one kind that are less sure than `below` and that nobody acted on, in the order of their index."""
    acted = select(ACT_STATE.c.act).where(ACT_STATE.c.finding_id == FINDING.c.id)
    return (
        select(
            FINDING.c.number, FINDING.c.id, FINDING.c.kind, FINDING.c.score, DOCUMENT.c.key.label("report"), CLAIM.c.quote, CLAIM.c.value
        )
        .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
        .join(CLAIM, (CLAIM.c.finding == FINDING.c.number) & (CLAIM.c.field == MAIN[kind]))
        .where(FINDING.c.kind == kind, FINDING.c.score < below, counts_on(None), ~acted.exists())
        .order_by(FINDING.c.score, FINDING.c.number)
        .limit(limit)
    )


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
