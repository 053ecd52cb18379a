"""This file holds what a reviewer does: accept, correct, reject, add, judge, remark, undo, each one act in one transaction.

`record` is an open record. An act is applied at once, and again after every run; docs/review.md tells how it holds. What runs that were cut
off changed is noted in the history before an act, so that it is not put down to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.acts.applying import undone
from onrecord.acts.nouns import MAIN, NEEDED, ON_PAIRS, Act, Seen, SeenClaim, Target
from onrecord.acts.selectors import Marked, mark
from onrecord.acts.values import parse_value
from onrecord.doubtful import queue as queue
from onrecord.errors import BadInput
from onrecord.named_cells import cells_named, findings_named
from onrecord.records import Json, make_claim, make_finding
from onrecord.store.acted import target_of
from onrecord.store.acts import add_act, read_acts
from onrecord.store.database import Opened, reading, writing
from onrecord.store.doubts import find_transfer
from onrecord.store.targets import (
    Shown,
    cells_shown,
    find_act,
    find_finding,
    find_report,
    find_words,
    states_of,
)
from onrecord.waiting import finish, get_ready


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of a finding that is added: its field, its value, and the words in the report (or their start and end) that it stands on."""

    field: str
    value: Json
    words: str | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act in one report: applied, look, orphaned or idle, and why; `finding` is the finding's id there."""

    report: str
    finding: str
    field: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """An act with what became of it; `undone` where another act took it back."""

    act: Act
    undone: bool
    outcomes: tuple[Outcome, ...]


def accept(record: Opened, target: str, *, by: str, why: str = "", saw: Json = None) -> Act:
    """Says that a finding or a cell is right; what a later analysis says otherwise is then asked about, never put in its place."""
    return _act_on(record, "accept", target, by=by, why=why, saw=saw)


def correct(
    record: Opened, target: str, value: Json, *, by: str, why: str, words: str | tuple[int, int] | None = None, saw: Json = None
) -> Act:
    """Puts a value into a cell, on the words that it stood on or on others of the same report."""
    return _act_on(record, "correct", target, by=by, why=why, saw=saw, value=value, words=words)


def reject(record: Opened, target: str, *, by: str, why: str, saw: Json = None) -> Act:
    """Takes a finding or a cell out of the register, for good."""
    return _act_on(record, "reject", target, by=by, why=why, saw=saw)


def remark(record: Opened, target: str, text: str, *, by: str) -> Act:
    """Leaves a note beside a finding or a cell; it changes nothing."""
    if not text.strip():
        raise BadInput("the remark is empty; say something")
    return _act_on(record, "remark", target, by=by, why="", value=text)


def add(
    record: Opened, report: str, kind: str, cells: Iterable[Mark], *, by: str, why: str, part_of: str | None = None,
    about: Sequence[str] = (),
) -> Act:  # fmt: skip
    """Puts a finding on record that was missed, from words marked in a report.

    `part_of` names the transfer of the same report that a stage belongs to, `about` those that a statement or an event speaks of.
    """
    by, marks = _name(by), list(cells)
    if kind not in MAIN:
        raise BadInput(f"{kind!r} is no kind of finding; there are: {', '.join(MAIN)}")
    missing = sorted({MAIN[kind], *NEEDED[kind]} - {one.field for one in marks})
    if missing:
        raise BadInput(f"a {kind} needs {' and '.join(missing)}; mark words for {'each' if len(missing) > 1 else 'it'}")
    if (kind == "stage") != (part_of is not None):
        raise BadInput(
            "a stage belongs to a transfer: name it" if kind == "stage" else f"a {kind} is no part of a transfer; only a stage is"
        )
    with writing(record.engine) as db:
        get_ready(db)
        document = find_report(db, report)
        spans = [(one, *find_words(document, one.words)) for one in marks]
        claims = [
            make_claim(document, one.field, parse_value(kind, one.field, one.value), start=start, end=end) for one, start, end in spans
        ]
        parent = _seen_beside(db, document.id, part_of) if part_of is not None else None
        others = tuple(_seen_beside(db, document.id, name).root for name in about)
        made = make_finding(kind, "", document, claims, part_of=parent.root if parent else None)
        if target_of(db, made.id) is not None:
            raise BadInput(f"{document.key}: this very {kind} is on record already; accept it")
        own = tuple(SeenClaim(claim, mark(document.text, claim.start, claim.end)) for claim in claims)
        seen = Seen(kind, "", made.id, document.id, own, None, f"person:{by}", 1.0, parent, others)
        target = Target(document.id, document.uri, document.key, document.text_sha256, seen)
        return finish(db, add_act(db, "add", by=by, why=why, targets=[target]))


def judge(record: Opened, left: str, right: str, verdict: str, *, by: str, why: str = "") -> Act:
    """Says of two deals or transfers, or of the speakers of two statements, that they are the same, different, or (again) unsure."""
    by = _name(by)
    if verdict not in ON_PAIRS:
        raise BadInput(f"{verdict!r} is no verdict; there are: {', '.join(ON_PAIRS)}")
    with writing(record.engine) as db:
        get_ready(db)
        sides = [_side(db, name, side) for name, side in ((left, "left"), (right, "right"))]
        if sides[0].seen.root == sides[1].seen.root:
            raise BadInput(f"{left} and {right} are the same {sides[0].seen.kind}; name two")
        if sides[0].seen.kind != sides[1].seen.kind:
            raise BadInput(f"{left} is a {sides[0].seen.kind} and {right} a {sides[1].seen.kind}; name two of a kind")
        return finish(db, add_act(db, verdict, by=by, why=why, targets=sides))


def undo(record: Opened, act: int | str, *, by: str, why: str = "") -> Act:
    """Takes an act back, as if it had never been; the record keeps both. An undo can be undone."""
    by = _name(by)
    with writing(record.engine) as db:
        get_ready(db)
        found = find_act(db, str(act))
        if found.id in undone(read_acts(db)):
            raise BadInput(f"act {found.number} is undone already")
        return finish(db, add_act(db, "undo", by=by, why=why, undoes=found.id))


def acts(
    record: Opened, *, target: str | None = None, report: str | None = None, by: str | None = None, since: str | None = None
) -> list[Done]:
    """Every act with what became of it, oldest first: on a deal or finding, in a report, by a person, done on or after a day."""
    with reading(record.engine) as db:
        every = read_acts(db)
        gone = undone(every)
        states = states_of(db)
        wanted = {named.id for named in findings_named(db, target)} if target is not None else None
        document = find_report(db, report) if report is not None else None
    found = []
    for act in every:
        rows = states.get(act.number, [])
        outcomes = tuple(Outcome(row.document_key, row.finding_id, row.field, row.state, row.reason) for row in rows)
        touches = wanted is None or any(row.finding_id in wanted for row in rows) or any(t.seen.root in wanted for t in act.targets)
        here = document is None or any(t.document_id == document.id or t.uri == document.uri != "" for t in act.targets)
        if touches and here and by in (None, act.by) and (since is None or act.at[:10] >= since):
            found.append(Done(act, act.id in gone, outcomes))
    return found


def look(record: Opened, target: str) -> list[Shown]:
    """The cells that a target stands for, each with the words around it and who decided on it; for showing before somebody acts."""
    with reading(record.engine) as db:
        return [cell for named, field, held in cells_named(db, target, missing=True) for cell in cells_shown(db, named, field)
                if not field or held is None or cell.value == held]  # fmt: skip


def _act_on(
    record: Opened, verb: str, target: str, *, by: str, why: str, saw: Json = None, value: Json = None,
    words: str | tuple[int, int] | None = None,
) -> Act:  # fmt: skip
    by = _name(by)
    with writing(record.engine) as db:
        get_ready(db)
        cells = cells_named(db, target, missing=verb == "correct")
        if verb == "correct" and not cells[0][1]:
            raise BadInput(f"{target}: say which cell to correct, e.g. {target}:quantity")
        for named, field, held in cells:
            if saw is not None and field and held != parse_value(named.kind, field, saw):
                raise BadInput(f"{target} says {held!r} by now, not {saw!r}; look again before you {verb}")
            if verb == "reject" and field in NEEDED[named.kind]:
                raise BadInput(f"without its {field} a {named.kind} is nothing; reject the whole {named.kind} instead")
        if verb == "correct":
            value = parse_value(cells[0][0].kind, cells[0][1], value)
        targets = [found for named, field, held in cells if (found := target_of(db, named.id, field=field, value=held))]
        marked = _marked(db, targets, words)
        if verb == "correct" and marked is None and any(one.value is None for one in targets):
            raise BadInput(f"{target}: the cell is empty, so mark the words that it should stand on")
        return finish(db, add_act(db, verb, by=by, why=why, value=value, words=marked, targets=targets))


def _name(by: str) -> str:
    if not by.strip():
        raise BadInput("an act needs the name of the person who does it")
    return by.strip()


def _marked(db: Any, targets: Sequence[Target], words: str | tuple[int, int] | None) -> Marked | None:
    if words is None:
        return None
    if len({target.document_id for target in targets}) != 1:
        raise BadInput("words are marked in one report; name the finding of that report, REPORT#t1, instead of the deal")
    document = find_report(db, targets[0].document_id)
    return mark(document.text, *find_words(document, words))


def _seen_beside(db: Any, document_id: str, name: str) -> Seen:
    """The transfer of the same report that a name stands for, as it is seen now; "t1" alone will do."""
    found = find_finding(db, name if "#" in name or name.startswith("finding:") else f"{document_id}#{name}")
    target = target_of(db, found.id) if found is not None and found.kind == "transfer" else None
    if target is None or target.document_id != document_id:
        raise BadInput(f"{name} is no transfer of the same report")
    return target.seen


def _side(db: Any, name: str, side: str) -> Target:
    found = find_finding(db, name)
    if found is not None and found.kind not in ("transfer", "statement"):
        raise BadInput(f"{name} is a {found.kind}; a verdict is on two deals, two transfers, or the speakers of two statements")
    target = target_of(db, found.id if found is not None else find_transfer(db, name.lower()), side=side)
    assert target is not None
    return target
