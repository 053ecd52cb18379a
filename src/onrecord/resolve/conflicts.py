"""This file finds where two reports of one deal contradict each other, and where the later one merely tells what has changed since.

A denial contradicts what was said before it, or what is said to have been by then. A count or a sum contradicts another once a deal is
concluded, or if both were told within weeks; before that, guesses give way to better ones. What a report says but half, and what most of
its copies tell otherwise, contradicts nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any

from onrecord.records import Json
from onrecord.resolve.compare import is_instalment
from onrecord.resolve.dates import compatible, stretch
from onrecord.resolve.facts import Transfer
from onrecord.resolve.money import sums_agree
from onrecord.vocab import meanings

# The fields, beside the stages, of which two values can contradict each other.
FIGURES = ("quantity", "value")
# Two guesses told within so many days are a disagreement; of two told further apart the later is an update.
WEEKS = 30


@dataclass(frozen=True, slots=True)
class Said:
    """One value given for a field: from which day to which (ISO, or ""), from when on beside a concluded contract ("" if never)."""

    field: str
    value: Json
    first: str
    last: str
    firm: str
    days: tuple[str, ...] = ()


def disagreement(left: Said, right: Said) -> str | None:
    """The field in which two values of one deal contradict each other ("quantity", "contract.when", "delivery.modality"), or None."""
    found = _difference(left, right)
    return found[0] if found and not found[1] else None


def update(left: Said, right: Said) -> str | None:
    """The field in which two values of one deal differ since the later one tells what has changed: then they contradict each other not."""
    found = _difference(left, right)
    return found[0] if found and found[1] else None


def kind_of(field: str) -> str:
    """What a disagreement in a field is: a "denial" of what others say was done, or a "contradiction" of figures or dates."""
    return "denial" if field.endswith(".modality") else "contradiction"


def _difference(left: Said, right: Said) -> tuple[str, bool] | None:
    """The field in which two values of one deal cannot both be, and whether the later one merely tells what has changed."""
    if left.field != right.field or not isinstance(left.value, dict) or not isinstance(right.value, dict):
        return None
    one, other = left.value, right.value
    if left.field == "stage":
        return _stages(left, right, one, other) if one["stage"] == other["stage"] else None
    if left.field == "quantity":
        differ = one.get("unit") == other.get("unit") and one["number"] != other["number"]
    elif left.field == "value":
        sums = [(float(v["amount"]), str(v.get("currency") or "")) for v in (one, other)]  # type: ignore[arg-type]
        days = tuple(day[:10] for day in (*left.days, *right.days, left.first, right.first) if day)
        differ = sums_agree(sums[0], sums[1], days=days) is False
    else:
        return None
    return (left.field, _is_update(left, right)) if differ else None


def disagreements(left: Transfer, right: Transfer) -> list[str]:
    """The fields in which two transfers of one deal contradict each other; what a report says against itself is left out."""
    one, other = _said(left), _said(right)
    pairs = ((a, b) for a in one for b in other if not _own_doubt(a, one) and not _own_doubt(b, other))
    found = {name for a, b in pairs if (name := disagreement(a, b))}
    if "contract.when" in found and _some_day_fits(one, other):
        found.discard("contract.when")
    if "quantity" in found and is_instalment(left.facts, right.facts):
        found.discard("quantity")
    return sorted(found)


def deal_disagreements(
    members: Sequence[Transfer], copies: Mapping[str, Set[str]] = MappingProxyType({})
) -> Iterator[tuple[Transfer, Transfer, str]]:
    """The pairs of transfers of one deal that contradict each other, each with the field; `copies` gives a report's copies, by id.

    Copies are one source: they do not contradict each other, and what most copies of a report tell otherwise is a slip of one of them.
    """
    slips = {(member.id, name) for member in members for name in _slips(member, members, copies.get(member.document_id, frozenset()))}
    for left, right in combinations(members, 2):
        if right.document_id in copies.get(left.document_id, frozenset()):
            continue
        yield from ((left, right, name) for name in disagreements(left, right) if not {(left.id, name), (right.id, name)} & slips)


def _slips(member: Transfer, members: Sequence[Transfer], copies: Set[str]) -> list[str]:
    """The fields in which more of a report's copies contradict it than agree with it."""
    others = [other for other in members if other.document_id in copies]
    against = Counter(name for other in others for name in disagreements(member, other))
    return [name for name, count in against.items() if count > 1 + sum(_tells(other, name) for other in others) - count]


def _tells(transfer: Transfer, name: str) -> bool:
    """Whether a transfer says something in the field of a disagreement."""
    field, _, rest = name.partition(".")
    if not rest:
        return any(cell == field for cell, _ in transfer.cells)
    stages = [value for cell, value in transfer.cells if cell == "stage" and isinstance(value, dict) and value["stage"] == field]
    return any(rest == "modality" or (stage["modality"] == "actual" and stage["when"]) for stage in stages)


def _stages(left: Said, right: Said, one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, bool] | None:
    stage, modalities = one["stage"], {one["modality"], other["modality"]}
    if stage in meanings("deals")["acts"] and modalities == {"actual", "denied"}:
        denied, done = (left, right) if one["modality"] == "denied" else (right, left)
        return f"{stage}.modality", not _denies(denied, done)
    # Only a contract is signed once; deliveries and talks have many days.
    dated = stage == "contract" and modalities == {"actual"} and one["when"] and other["when"]
    return ("contract.when", False) if dated and not _can_be_one(str(one["when"]), str(other["when"])) else None


def _denies(denied: Said, done: Said) -> bool:
    """Whether a denial speaks against what another report says was done: not if it can have been done since."""
    if not denied.last or not done.first or done.first <= denied.last:
        return True
    when = stretch(str(done.value["when"])) if isinstance(done.value, dict) and done.value["when"] else None
    return when is not None and when[1] < denied.last


def _is_update(left: Said, right: Said) -> bool:
    """Whether the later of two figures gives up a guess, made before the deal was concluded."""
    if not left.first or not right.first:
        return False
    early, late = sorted((left, right), key=lambda said: said.first)
    signed = [ends[1] for day in (*left.days, *right.days) if (ends := stretch(day))]
    if (early.firm and early.firm <= late.last) or any(day <= early.last for day in signed):
        return False
    apart = date.fromisoformat(late.first).toordinal() - date.fromisoformat(early.last).toordinal()
    return apart > WEEKS


def _said(transfer: Transfer) -> list[Said]:
    facts = transfer.facts
    firm, days = facts.day if facts.is_concluded() else "", facts.contract_days
    # A day of signing outweighs the day of its announcement.
    exact = any(day and not day.endswith("~") for name, value in transfer.cells if name == "stage" for day in (_signed(value),))
    cells = [(name, value) for name, value in transfer.cells if not (exact and name == "stage" and _signed(value).endswith("~"))]
    return [Said(name, value, facts.day, facts.day, firm, days) for name, value in cells]


def _own_doubt(said: Said, all_said: list[Said]) -> bool:
    """Whether a report tells an act both as done and as denied, or, without a day, also as still to come: it takes no side."""
    if said.field != "stage" or not isinstance(said.value, dict):
        return False
    same = {str(s.value["modality"]) for s in all_said if isinstance(s.value, dict) and s.value.get("stage") == said.value["stage"]}
    undated = said.value["modality"] == "actual" and not said.value["when"]
    return {"actual", "denied"} <= same or (undated and bool(same & set(meanings("deals")["ahead"])))


def _some_day_fits(one: list[Said], other: list[Said]) -> bool:
    days = [[day for s in side if (day := _signed(s.value))] for side in (one, other)]
    return any(_can_be_one(a, b) for a in days[0] for b in days[1])


def _can_be_one(left: str, right: str) -> bool:
    """Whether two days of a contract can be one; the day on which a party made it known may be weeks after the signing."""
    return compatible(*(day[:7] + "~" if len(day) == len("2018-02-01~") and day.endswith("~") else day for day in (left, right)))


def _signed(value: Json) -> str:
    """When a cell says that the contract was signed, or ""."""
    signed = isinstance(value, dict) and value.get("stage") == "contract" and value["modality"] == "actual"
    return str(value["when"] or "") if signed and isinstance(value, dict) else ""
