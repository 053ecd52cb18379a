"""This file applies the acts of people to the findings of the record: of a report just read, and of those that somebody has acted on.

What the analysis alone made of a report that people acted on is kept in `as_analysed`, so that findings are always worked out from there
(acts/applying.py): nothing is applied twice, and what is undone is as if it had never been.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from onrecord.acts.applying import apply_acts
from onrecord.acts.became import ORPHANED
from onrecord.acts.nouns import ON_PAIRS, Seen, State, Target, pinned_id, see
from onrecord.errors import BadVocab
from onrecord.records import Document, Json
from onrecord.store.acts import PEOPLES_FIRST, add_act, documents_of, orders_on, standing_acts
from onrecord.store.deals import forget_transfers, mark_transfers, place_transfers, settle
from onrecord.store.finding_rows import Numbered, Rows, delete_findings, pack_findings, read_findings, unpack_findings
from onrecord.store.lookup import document_of
from onrecord.store.tables import ACT, ACT_STATE, AS_ANALYSED, DOCUMENT, FINDING, JUDGEMENT


def act_on_reports(db: Connection, documents: Iterable[int], *, fresh: bool) -> list[int]:
    """Works out the findings of documents (numbers) from what the analysis made and what people decided; those that changed.

    `fresh` documents hold the analysis' own findings, just written, and stand in no deal yet. What changed has to be placed by the caller.
    """
    if db.execute(select(func.max(ACT.c.number))).scalar() is None:
        return []
    changed, verdicts = [], set()
    for number in documents:
        before = _states_of(db, number)
        if _act_on(db, number, fresh=fresh):
            changed.append(number)
        verdicts |= before | _states_of(db, number)
    derive_verdicts(db, verdicts)
    return changed


def apply_to(db: Connection, targets: Iterable[Target]) -> None:
    """Applies all acts to the documents that these targets are in, and settles what that changes; for an act just added or undone."""
    changed = act_on_reports(db, documents_of(db, targets), fresh=False)
    for document in changed:
        own = select(FINDING.c.number).where(FINDING.c.document == document, FINDING.c.kind == "transfer").order_by(FINDING.c.number)
        place_transfers(db, db.execute(own).scalars().all())
    settle(db)


def target_of(db: Connection, finding_id: str, *, field: str = "", value: Json = None, side: str = "") -> Target | None:
    """What an act on a finding (content id) or a cell of it is about, with all that the person sees; None if there is no such finding."""
    number = db.execute(select(FINDING.c.document).where(FINDING.c.id == finding_id)).scalar()
    if number is None:
        return None
    row = db.execute(select(DOCUMENT).where(DOCUMENT.c.number == number)).one()
    document = document_of(row)
    now_there = {finding.key: (finding, acts) for _, finding, acts in read_findings(db, number, document)}
    packed = db.execute(select(AS_ANALYSED.c.findings).where(AS_ANALYSED.c.document == number)).scalar()
    machine = dict(unpack_findings(packed, document)) if packed else {n: f for n, f, _ in read_findings(db, number, document)}
    numbers = {row.id: row.number for row in db.execute(select(FINDING.c.id, FINDING.c.number).where(FINDING.c.document == number))}
    roots = _roots(db, row, document)

    def seen(key: str) -> Seen:
        finding, acts = now_there[key]
        parent = seen(finding.part_of) if finding.part_of in now_there else None
        about = tuple(roots.get(now_there[k][0].id, (now_there[k][0].id,))[0] for k in finding.about if k in now_there)
        root = roots.get(finding.id, (finding.id, document.id))
        own = machine.get(numbers[finding.id])
        return see(document, finding, own, root=(root[0], root[-1]), acts=acts, parent=parent, about=about)

    key = next(key for key, (finding, _) in now_there.items() if finding.id == finding_id)
    return Target(document.id, document.uri, document.key, document.text_sha256, seen(key), field, value, side)


def derive_verdicts(db: Connection, acts: Iterable[int]) -> None:
    """Writes anew what verdicts on two deals (acts, by number) say of the transfers of today, and marks what has to be settled again."""
    acts = sorted(acts)
    if not acts:
        return
    old = db.execute(select(JUDGEMENT).where(JUDGEMENT.c.number.in_(acts))).all()
    rows = []
    for act in standing_acts(db, acts):
        if act.verb in ON_PAIRS and act.number in acts and (sides := _sides(db, act.number, act.targets)):
            rows.append({"number": act.number, "left_id": sides[0], "right_id": sides[1], "verdict": act.verb, "score": 1.0,
                         "reason": act.why, "judged_by": act.by, "judged_at": act.at, "last_document": act.last_document})  # fmt: skip
    if [tuple(row) for row in old] == [tuple(row.values()) for row in rows]:
        return
    db.execute(delete(JUDGEMENT).where(JUDGEMENT.c.number.in_(acts)))
    if rows:
        db.execute(insert(JUDGEMENT), rows)
    ids = {id for row in old for id in (row.left_id, row.right_id)} | {str(row[side]) for row in rows for side in ("left_id", "right_id")}
    mark_transfers(db, sorted(ids))


def add_judgement(db: Connection, left: str, right: str, verdict: str, *, by: str, reason: str) -> None:
    """Appends a person's verdict on two transfers (content ids) and settles what it changes; earlier verdicts are kept."""
    if verdict not in ON_PAIRS:
        raise BadVocab(f"verdict {verdict!r} is none of {', '.join(ON_PAIRS)}")
    sides = [target_of(db, id, side=side) or _unknown(id, side) for id, side in ((left, "left"), (right, "right"))]
    add_act(db, verdict, by=by, why=reason, targets=sides)
    apply_to(db, sides)


def adopt_judgements(db: Connection) -> None:
    """Makes acts of the verdicts that an older version wrote, so that they hold by their words from now on."""
    if db.execute(select(func.max(ACT.c.number))).scalar() is not None:
        return
    for row in db.execute(select(JUDGEMENT).order_by(JUDGEMENT.c.number)).all():
        sides = [target_of(db, id, side=side) or _unknown(id, side) for id, side in ((row.left_id, "left"), (row.right_id, "right"))]
        add_act(db, row.verdict, by=row.judged_by, why=row.reason, targets=sides, at=row.judged_at, last_document=row.last_document)
        apply_to(db, sides)


def number_of(root: str, document: str) -> int:
    """The number of a finding that people alone keep on record in a document."""
    return PEOPLES_FIRST + int.from_bytes(hashlib.blake2b(f"{root}\n{document}".encode(), digest_size=6).digest())


def _unknown(id: str, side: str) -> Target:
    return Target("", "", "", "", Seen("transfer", "", id, "", (), None), side=side)


def _act_on(db: Connection, number: int, *, fresh: bool) -> bool:
    """Works out one document's findings; whether they changed."""
    row = db.execute(select(DOCUMENT).where(DOCUMENT.c.number == number)).one()
    document, orders = document_of(row), orders_on(db, row)
    packed = db.execute(select(AS_ANALYSED.c.findings).where(AS_ANALYSED.c.document == number)).scalar()
    if not orders and packed is None:
        return False
    current = read_findings(db, number, document)
    machine = unpack_findings(packed, document) if packed and not fresh else [(n, finding) for n, finding, _ in current]
    applied = apply_acts(document, machine, orders, number_of)
    wanted: list[Numbered] = [(made.number, made.finding, made.acts) for made in applied.findings]
    _note(db, number, [(n, finding, {}) for n, finding in machine] if orders else None, applied.states)
    if wanted == current:
        return False
    if not fresh:
        forget_transfers(db, number)
    delete_findings(db, number)
    rows = Rows()
    rows.take_findings(number, document, row.known, wanted)
    rows.write(db)
    return True


def _note(db: Connection, number: int, machine: list[Numbered] | None, states: Iterable[State]) -> None:
    db.execute(delete(AS_ANALYSED).where(AS_ANALYSED.c.document == number))
    if machine is not None:
        db.execute(insert(AS_ANALYSED), {"document": number, "findings": pack_findings(machine)})
    db.execute(delete(ACT_STATE).where(ACT_STATE.c.document == number))
    rows = [{"act": s.act, "place": s.place, "document": number, "state": s.state, "finding_id": s.finding_id, "field": s.field,
             "reason": s.reason} for s in states]  # fmt: skip
    if rows:
        db.execute(insert(ACT_STATE), rows)


def _states_of(db: Connection, document: int) -> set[int]:
    return set(db.execute(select(ACT_STATE.c.act).where(ACT_STATE.c.document == document)).scalars())


def _roots(db: Connection, row: object, document: Document) -> dict[str, tuple[str, str]]:
    """The id under which people know each finding of a document that they acted on, and the document in which they first did."""
    roots = {}
    for order in orders_on(db, row):  # type: ignore[arg-type]
        for seen in (order.target.seen, order.target.seen.parent):
            if seen is not None:
                roots[pinned_id(seen.root, seen.root_document, document.id)] = seen.root, seen.root_document
    return roots


def _sides(db: Connection, act: int, targets: Iterable[Target]) -> tuple[str, str] | None:
    """The transfers of today that the two sides of a verdict are: in the report that was judged, or in its newest version."""
    found = []
    for place, target in enumerate(targets):
        query = (
            select(ACT_STATE.c.finding_id, DOCUMENT.c.id)
            .join(DOCUMENT, DOCUMENT.c.number == ACT_STATE.c.document)
            .join(FINDING, FINDING.c.id == ACT_STATE.c.finding_id)
            .where(ACT_STATE.c.act == act, ACT_STATE.c.place == place, ACT_STATE.c.state != ORPHANED, FINDING.c.kind == "transfer")
            .where((DOCUMENT.c.id == target.document_id) | (DOCUMENT.c.uri == target.uri) & (DOCUMENT.c.key == target.key))
            .order_by(DOCUMENT.c.until != "", DOCUMENT.c.number.desc())
        )
        found.append(db.execute(query.limit(1)).scalar())
    return (str(found[0]), str(found[1])) if len(found) == 2 and all(found) else None
