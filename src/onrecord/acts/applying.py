"""This file applies what people decided to the findings of one report: a pure function, so that doing it again changes nothing.

A person's act takes charge of the field that it is about: from then on the field holds what the person saw with the act done to it. What
the analysis says there later is told as a reason for a new look, never put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onrecord.acts.became import Held, Outcome, states_of
from onrecord.acts.matching import Desk, Order, Places, dump, finder, match_desks, open_desks
from onrecord.acts.nouns import ON_CELLS, Act, Seen, SeenClaim, State
from onrecord.records import Document, Finding, make_claim, make_finding
from onrecord.vocab import meanings

# The number of a finding that only people keep on record, from the act, the place of its target and the document.
Numbering = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class Made:
    """A finding as it goes on record: its number, and for each of its claims (by place) the act that made or accepted it."""

    number: int
    finding: Finding
    acts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Applied:
    """A report's findings with the acts done to them, and what became of each act."""

    findings: tuple[Made, ...]
    states: tuple[State, ...]


def standing(acts: Iterable[Act]) -> list[Act]:
    """The acts that hold, in order: those that no standing undo takes back."""
    done = list(acts)
    gone = undone(done)
    return sorted((act for act in done if act.verb != "undo" and act.id not in gone), key=lambda act: act.number)


def undone(acts: Iterable[Act]) -> set[str]:
    """The ids of the acts that a standing undo takes back; an undo can be undone too."""
    gone: set[str] = set()
    for act in sorted((act for act in acts if act.verb == "undo"), key=lambda act: -act.number):
        if act.id not in gone:
            gone.add(act.undoes)
    return gone


def apply_acts(document: Document, machine: Sequence[tuple[int, Finding]], orders: Sequence[Order], numbering: Numbering) -> Applied:
    """The findings of a document as analysis and people together give them; `orders` are the acts on it, in order.

    `machine` holds the analysis' own findings with their numbers. Same input, same outcome, whatever was applied before.
    """
    places = finder(document)
    desks = open_desks(orders)
    match_desks(document, desks, machine, places)
    alone = list({id(desk): desk for desk in desks.values()}.values())
    worked_out = {desk.root: _work_out(desk, document, places) for desk in alone}
    outcomes = {root: worked_out[desk.root] for root, desk in desks.items()}
    made = _findings(document, machine, desks, outcomes, numbering, places)
    states = [state for desk in alone for state in states_of(desk, outcomes[desk.root], document)]
    return Applied(tuple(made), tuple(sorted(states, key=lambda state: (state.act, state.place))))


def _work_out(desk: Desk, document: Document, places: Places) -> Outcome:
    """Does the acts on one finding in order."""
    outcome = Outcome()
    if desk.machine is None and _main_place(desk, places) is None:
        outcome.orphaned = "its words are gone from the report"
        return outcome
    for order in desk.orders:
        if order.act.verb not in ON_CELLS or order.undone:
            continue
        # Whoever decides last holds; a cell that is accepted or corrected brings its finding back, one that is rejected does not.
        if order.act.verb != "reject":
            outcome.rejected, outcome.kept = False, True
        elif not order.target.field:
            outcome.rejected = True
        if order.act.verb != "reject" or order.target.field:
            _do(desk, outcome, order, document, places)
    return outcome


def _do(desk: Desk, outcome: Outcome, order: Order, document: Document, places: Places) -> None:
    act, target, fields = order.act, order.target, outcome.fields
    if not target.field:
        there = {claim.field for claim in desk.machine.claims} if desk.machine else set()
        for name in {*there, *fields, *(seen.claim.field for seen in target.seen.claims)}:
            own = [seen for seen in target.seen.claims if seen.claim.field == name]
            fields[name] = [_hold(seen, act.number, desk, document, places) for seen in own]
        return
    held = fields.setdefault(target.field, _base(desk, target.seen, target.field, document, places))
    place = next((n for n, one in enumerate(held) if dump(one.claim.value) == dump(target.value)), None)
    if act.verb == "reject":
        held[:] = [one for one in held if dump(one.claim.value) != dump(target.value)]
    elif act.verb == "accept":
        held[:] = [replace(one, act=act.number) if dump(one.claim.value) == dump(target.value) else one for one in held]
        if place is None:
            seen = next(
                seen for seen in target.seen.claims if seen.claim.field == target.field and dump(seen.claim.value) == dump(target.value)
            )
            _put(desk.kind, held, None, _hold(seen, act.number, desk, document, places))
    else:
        _put(desk.kind, held, place, _corrected(order, held[place] if place is not None else None, desk, document, places))


def _put(kind: str, held: list[Held], place: int | None, new: Held) -> None:
    """Puts a claim in the place of another, of any other where the field holds one alone, or beside the others."""
    many = meanings("kinds")[kind]["fields"].get(new.claim.field, {}).get("many", False)
    if place is not None:
        held[place] = new
    elif many:
        held.append(new)
    else:
        held[:] = [new]
    held[:] = [one for n, one in enumerate(held) if one is new or dump(one.claim.value) != dump(new.claim.value)]


def _base(desk: Desk, seen: Seen, name: str, document: Document, places: Places) -> list[Held]:
    """What a field held when the first person took charge of it: what the analysis said then."""
    said = seen.machine if seen.machine is not None else seen.claims
    return [_hold(one, 0, desk, document, places) for one in said if one.claim.field == name]


def _corrected(order: Order, old: Held | None, desk: Desk, document: Document, places: Places) -> Held:
    act, name = order.act, order.target.field
    why = f"corrected by {act.by}" + (f": {act.why}" if act.why else "")
    if act.words is not None and (span := places(act.words)):
        return Held(make_claim(document, name, act.value, start=span[0], end=span[1], reason=why), act.number)
    if act.words is None and old is not None:
        return Held(replace(old.claim, value=act.value, inferred=False, score=1.0, reason=why), act.number, old.lost)
    if act.words is None and order.target.value is not None:
        held = _hold(_seen_cell(order), act.number, desk, document, places)
        return replace(held, claim=replace(held.claim, value=act.value, inferred=False, score=1.0, reason=why))
    start, end = _other_words(desk, name, places)
    return Held(make_claim(document, name, act.value, start=start, end=end, reason=why), act.number, lost=True)


def _seen_cell(order: Order) -> SeenClaim:
    """The cell that an act is about, as the person saw it."""
    name, value = order.target.field, dump(order.target.value)
    return next(seen for seen in order.target.seen.claims if seen.claim.field == name and dump(seen.claim.value) == value)


def _hold(seen: SeenClaim, act: int, desk: Desk, document: Document, places: Places) -> Held:
    """A seen claim in the text of today, on its own words or, where they are gone, on others of its finding."""
    span = places(seen.marked)
    start, end = span or _other_words(desk, seen.claim.field, places)
    return Held(replace(seen.claim, start=start, end=end, quote=document.text[start:end]), act, lost=span is None)


def _other_words(desk: Desk, name: str, places: Places) -> tuple[int, int]:
    """Words of the same finding for a claim whose own are gone: of the same field in today's analysis, else its main words."""
    if desk.machine is not None:
        claim = desk.machine.claim(name) or desk.machine.claims[0]
        return claim.start, claim.end
    span = _main_place(desk, places)
    assert span is not None
    return span


def _main_place(desk: Desk, places: Places) -> tuple[int, int] | None:
    mains = (main.marked for seen in desk.seen if (main := seen.main()) is not None)
    return next((span for marked in mains if (span := places(marked)) is not None), None)


def _findings(
    document: Document, machine: Sequence[tuple[int, Finding]], desks: Mapping[str, Desk], outcomes: Mapping[str, Outcome],
    numbering: Numbering, places: Places,
) -> list[Made]:  # fmt: skip
    """Every finding that goes on record: the analysis' own with people's acts done to them, then those that people keep without it."""
    by_number = {desk.number: desk for desk in desks.values() if desk.number is not None}
    made, dropped = [], set()
    for number, finding in machine:
        desk = by_number.get(number)
        if desk is None:
            made.append(Made(number, finding, {}))
        elif outcomes[desk.root].rejected:
            dropped.add(finding.key)
        else:
            made.append(_changed(document, number, finding, desk, outcomes[desk.root]))
    made += _kept(document, [*machine], desks, outcomes, numbering, places)
    dropped |= {one.finding.key for one in made if not one.finding.claims}
    return [one for one in made if one.finding.claims and (one.finding.part_of is None or one.finding.part_of not in dropped)]


def _changed(document: Document, number: int, finding: Finding, desk: Desk, outcome: Outcome) -> Made:
    held = [Held(claim, 0) for claim in finding.claims]
    return _made(document, number, finding, desk, outcome, held)


def _made(document: Document, number: int, like: Finding, desk: Desk, outcome: Outcome, said: Sequence[Held]) -> Made:
    """The finding with the fields that people took charge of, each where the field stood, new ones last."""
    fields = outcome.fields
    order = list(dict.fromkeys([*(one.claim.field for one in said), *fields]))
    held = [one for name in order for one in fields.get(name, [one for one in said if one.claim.field == name])]
    finding = make_finding(like.kind, like.key, document, (one.claim for one in held), part_of=like.part_of, about=like.about,
                           made_by=like.made_by, score=like.score)  # fmt: skip
    acts = {place: one.act for place, one in enumerate(held) if one.act}
    return Made(number, replace(finding, id=desk.id(document)), acts)


def _kept(
    document: Document, machine: Sequence[tuple[int, Finding]], desks: Mapping[str, Desk], outcomes: Mapping[str, Outcome],
    numbering: Numbering, places: Places,
) -> list[Made]:  # fmt: skip
    """The findings that the analysis no longer makes, or never made, and that a person accepted, corrected or added."""
    alone = list({id(desk): desk for desk in desks.values()}.values())
    gone = [desk for desk in alone if desk.machine is None and not outcomes[desk.root].orphaned]
    kept = {desk.root for desk in gone if outcomes[desk.root].kept and not outcomes[desk.root].rejected}
    # A stage that is kept keeps its transfer, unless a person rejected that.
    parents = {desks[seen.parent.root].root for root in kept for seen in desks[root].seen if seen.parent is not None}
    kept |= {desk.root for desk in gone if desk.root in parents and not outcomes[desk.root].rejected}
    keys = {root: desk.machine.key for root, desk in desks.items() if desk.machine is not None}
    taken = {finding.key for _, finding in machine}
    made = []
    for desk in sorted((desk for desk in gone if desk.root in kept), key=lambda desk: (desk.kind != "transfer", _first(desk))):
        seen = desk.seen[0]
        part_of = keys.get(seen.parent.root) if seen.parent is not None else None
        if seen.parent is not None and (part_of is None or outcomes[seen.parent.root].rejected):
            continue
        key = _free_key(seen.kind, part_of, taken)
        keys |= {root: key for root, other in desks.items() if other is desk}
        taken.add(key)
        about = tuple(keys[root] for root in seen.about if root in keys)
        like = Finding(seen.kind, key, document.id, (), part_of, about, seen.made_by, seen.score)
        said = [Held(replace(one.claim, start=span[0], end=span[1], quote=document.text[span[0] : span[1]]), 0)
                for one in (seen.machine if seen.machine is not None else seen.claims) if (span := places(one.marked))]  # fmt: skip
        made.append(_made(document, numbering(desk.root, document.id), like, desk, outcomes[desk.root], said))
    return made


def _first(desk: Desk) -> tuple[int, int]:
    return min(((order.act.number, order.place) for order in desk.orders), default=(0, 0))


def _free_key(kind: str, part_of: str | None, taken: Iterable[str]) -> str:
    """A key that no finding of the report has; its number too is free, since transfers of a report are put in order by it."""
    letter = {"transfer": "t", "stage": f"{part_of}.s", "statement": "q", "event": "e"}[kind]
    numbers = [int(digits) for key in taken if key.startswith(letter) and (digits := key.removeprefix(letter)).isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"
