"""This file tells what became of each act in a report of today: done, to be looked at again, without its words, or idle; and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.acts.matching import Desk, Order, dump
from onrecord.acts.nouns import ON_CELLS, ON_PAIRS, State
from onrecord.records import Claim, Document

# Where an act says nothing anew and the analysis agrees, there is nothing to look at.
APPLIED, LOOK, ORPHANED, IDLE = "applied", "look", "orphaned", "idle"
GONE = "the analysis no longer finds it"


@dataclass(frozen=True, slots=True)
class Held:
    """A claim in a field that a person took charge of; `lost` where its own words are gone and it stands on others."""

    claim: Claim
    act: int
    lost: bool = False


@dataclass(slots=True)
class Outcome:
    """What the acts on one finding come to."""

    rejected: bool = False
    kept: bool = False
    fields: dict[str, list[Held]] = field(default_factory=dict)
    orphaned: str = ""


def states_of(desk: Desk, outcome: Outcome, document: Document) -> list[State]:
    """What became of each act on a finding: only the last one on a field can ask for a new look."""
    last: dict[str, Order] = {}
    orders = [order for order in desk.orders if not order.undone]
    for order in orders:
        if order.act.verb in ON_CELLS:
            names = [order.target.field] if order.target.field else _fields(desk, order)
            last |= {name: order for name in names}
    states = []
    for order in orders:
        state, reason = _state(desk, outcome, order, [name for name, of in last.items() if of is order])
        states.append(State(order.act.number, order.place, state, desk.id(document), order.target.field, reason))
    return states


def _state(desk: Desk, outcome: Outcome, order: Order, latest_on: Sequence[str]) -> tuple[str, str]:
    """What became of one act, and why; `latest_on` names the fields on which no later act followed."""
    verb, fields = order.act.verb, outcome.fields
    if outcome.orphaned:
        return ORPHANED, outcome.orphaned
    if verb in ON_PAIRS and desk.machine is None and (outcome.rejected or not outcome.kept):
        return ORPHANED, GONE
    lost = sorted({name for name, held in fields.items() for one in held if one.lost and one.act == order.act.number})
    if lost:
        return ORPHANED, f"the words of {', '.join(lost)} are gone from the report; what they said stands on other words of it"
    if verb in ON_CELLS and desk.machine is None and order.target.seen.machine is not None:
        return (IDLE if verb == "reject" else LOOK), GONE
    looks = [why for name in latest_on if (why := _look(desk, outcome, order, name))]
    return (LOOK, "; ".join(looks)) if looks else (APPLIED, "")


def _fields(desk: Desk, order: Order) -> list[str]:
    now = [claim.field for claim in desk.machine.claims] if desk.machine else []
    return sorted({*now, *(seen.claim.field for seen in order.target.seen.machine or ())})


def _look(desk: Desk, outcome: Outcome, order: Order, name: str) -> str:
    """Why a person should look again at a field: the analysis reads it otherwise than when the person decided, and than the person did."""
    if desk.machine is None:
        return ""
    now = sorted(dump(claim.value) for claim in desk.machine.claims if claim.field == name)
    then = sorted(dump(seen.claim.value) for seen in order.target.seen.machine or () if seen.claim.field == name)
    held = sorted(dump(one.claim.value) for one in outcome.fields.get(name, ()))
    if now == then or (not outcome.rejected and now == held):
        return ""
    return f"the analysis now reads {', '.join(now) or 'nothing'} as {name}" + (f", then {', '.join(then)}" if then else "")
