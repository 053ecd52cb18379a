"""This file finds the findings that people acted on among those of a new analysis, by their words and values, each at most once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from onrecord.acts.nouns import MAIN, Act, Seen, SeenClaim, Target, pinned_id
from onrecord.acts.selectors import Marked, find_again
from onrecord.records import Claim, Document, Finding, Json

# How alike a finding must be to the one seen (0 to 1), its main words counting as much as three cells. Measured with it: of 756 findings
# that the rules alone make in 40 teaching reports, the model leaves 542 as they are; of the others 141 meet their like (six of them another
# stage on the same words, which is asked about), and 73 are gone, all but 29 of these without any finding left on their words.
ENOUGH = 0.45
MAIN_WEIGHT, PARENT_WEIGHT = 3.0, 0.2
# From here on two findings that people saw in two copies of a report are one.
SAME = 0.8

# Where marked words stand in the text of today, or None.
Places = Callable[[Marked], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Order:
    """One act on one of its targets. One that is undone does nothing, but its finding keeps the id under which people know it."""

    act: Act
    place: int
    target: Target
    undone: bool = False


@dataclass(slots=True)
class Desk:
    """One finding that people acted on: all that they saw of it, their acts in order, and the analysis' finding that it is, if any."""

    root: str
    root_document: str
    kind: str
    seen: list[Seen] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    number: int | None = None
    machine: Finding | None = None

    def id(self, document: Document) -> str:
        """The id that its finding has in a document."""
        return pinned_id(self.root, self.root_document, document.id)


def open_desks(orders: Iterable[Order]) -> dict[str, Desk]:
    """A desk for each finding that acts are about, and for the transfer of each stage, by root."""
    desks: dict[str, Desk] = {}
    for order in orders:
        seen = order.target.seen
        for one in (seen.parent, seen):
            if one is not None:
                desk = desks.setdefault(one.root, Desk(one.root, one.root_document, one.kind))
                desk.seen.append(one)
        desks[seen.root].orders.append(order)
    return desks


def match_desks(document: Document, desks: dict[str, Desk], machine: Sequence[tuple[int, Finding]], places: Places) -> None:
    """Gives each desk the finding of the analysis that it is about, where there is one; findings of one report never share a desk.

    Desks that people opened in two copies or versions of a report for what is one finding become one desk.
    """
    by_id = {finding.id: (number, finding) for number, finding in machine}
    by_key = {finding.key: finding for _, finding in machine}
    for desk in desks.values():
        desk.number, desk.machine = by_id.get(desk.root, (None, None))
    likely = sorted(
        (-alike, number, desk.root)
        for desk in desks.values()
        if desk.machine is None
        for number, finding in machine
        if finding.kind == desk.kind and (alike := _best(desk, finding, by_key, places)) >= ENOUGH
    )
    findings = dict(machine)
    taken = {(desk.number, desk.root_document) for desk in desks.values()}
    for _, number, root in likely:
        desk = desks[root]
        if desk.machine is None and (number, desk.root_document) not in taken:
            desk.number, desk.machine = number, findings[number]
            taken.add((number, desk.root_document))
    _unite(document, desks, places)


def likeness(seen: Sequence[SeenClaim], claims: Sequence[Claim], main: str, places: Places) -> float:
    """How alike what was seen is to what is there, 0 to 1: for each field half for the value and half for words that touch."""
    total = agreed = 0.0
    for name in {s.claim.field for s in seen} | {c.field for c in claims}:
        own, other = [s for s in seen if s.claim.field == name], [c for c in claims if c.field == name]
        weight = MAIN_WEIGHT if name == main else 1.0
        total += weight
        if own and other:
            values = {dump(s.claim.value) for s in own} & {dump(c.value) for c in other}
            spans = [span for s in own if (span := places(s.marked))]
            touching = any(start < c.end and c.start < end for start, end in spans for c in other)
            agreed += weight * (0.5 * bool(values) + 0.5 * touching)
    return agreed / total if total else 0.0


def dump(value: Json) -> str:
    """A value as text, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def finder(document: Document) -> Places:
    """Where marked words stand in a document of today; each is looked for once."""
    known: dict[Marked, tuple[int, int] | None] = {}

    def places(marked: Marked) -> tuple[int, int] | None:
        if marked not in known:
            known[marked] = find_again(document.text, marked)
        return known[marked]

    return places


def _best(desk: Desk, finding: Finding, by_key: Mapping[str, Finding], places: Places) -> float:
    main = MAIN[desk.kind]
    parent = by_key.get(finding.part_of or "")
    best = 0.0
    for seen in desk.seen:
        for claims in (seen.claims, seen.machine or ()):
            alike = likeness(claims, finding.claims, main, places)
            if seen.parent is not None and parent is not None:
                whole = likeness(seen.parent.claims, parent.claims, MAIN["transfer"], places)
                alike = (1 - PARENT_WEIGHT) * alike + PARENT_WEIGHT * whole
            best = max(best, alike)
    return best


def _unite(document: Document, desks: dict[str, Desk], places: Places) -> None:
    """Makes one desk of those that are about one finding; the one of the document itself gives its id, else the first."""
    first: list[Desk] = []
    for desk in sorted(desks.values(), key=lambda desk: desk.root_document != document.id):
        same = next((other for other in first if other.root_document != desk.root_document and _is_same(other, desk, places)), None)
        if same is None:
            first.append(desk)
            continue
        same.seen += desk.seen
        same.orders = sorted([*same.orders, *desk.orders], key=lambda order: (order.act.number, order.place))
        desks[desk.root] = same


def _is_same(one: Desk, other: Desk, places: Places) -> bool:
    if one.machine is not None or other.machine is not None:
        return one.number == other.number
    claims = [seen.claim for seen in other.seen[0].claims]
    return one.kind == other.kind and likeness(one.seen[0].claims, claims, MAIN[one.kind], places) >= SAME
