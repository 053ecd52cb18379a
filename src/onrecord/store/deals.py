"""This file keeps the derived deals of a record: it places each transfer with the rule of resolve/, and settles anew what that changes.

A transfer is linked to an earlier one only, by the day of its report. So a report that arrives after later ones can change what those are
linked to, and nothing else: their reports are noted in `unsettled` and placed anew, in order, when the run ends; of those that come out
as they were, nothing is written and nobody else is looked at. What comes out is the same for every order of arrival.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from heapq import heapify, heappop, heappush
from itertools import groupby

from sqlalchemy import Connection, delete, func, select

from onrecord.resolve import RULE, Placed, Transfer, Verdict, compare, place_report
from onrecord.resolve.facts import Order
from onrecord.resolve.placing import DOUBTED, changes_link, doubts_with
from onrecord.store.deal_merging import Merger, is_small, lift_doubts, merge_deals, plan_mergers, stands_for, who_doubted, who_saw_two
from onrecord.store.deal_rows import (
    Held,
    Near,
    bound_to,
    is_relinked,
    keys_to_found,
    load_held,
    load_placed,
    load_transfers,
    neighbours,
    with_doubts,
)
from onrecord.store.deal_standing import Standing
from onrecord.store.deal_writing import (
    Waiting,
    delete_placed,
    note_deals_of,
    note_unsettled,
    rewrite_placed,
    rewrite_verdicts,
    write_placed,
)
from onrecord.store.tables import DEAL_MEMBER, FINDING, UNSETTLED
from onrecord.store.verdicts import Apart, join_as_judged, judged_apart, latest_verdicts, warn_of_evidence

# How many transfers are loaded at a time, and how many reports settled, so that memory stays flat.
AT_A_TIME = 500
# So many doubts wait at most while reports are placed anew: all are gone through for each.
MOST_DOUBTS = 100

# A transfer that was told later, one just placed, and the verdict on the two.
Found = tuple[Placed, Placed, Verdict]


def place_transfers(db: Connection, numbers: Sequence[int]) -> None:
    """Puts the transfers of reports that have none in deals yet (numbers of findings) into deals and writes their cells."""
    for first in range(0, len(numbers), AT_A_TIME):
        loaded = load_transfers(db, numbers[first : first + AT_A_TIME])
        waiting, touched = Waiting.begin(db), dict[int, Order]()
        apart = judged_apart(db, [(item.transfer.id, item.findings[0][1].id, item.transfer.facts.order) for item in loaded], waiting)
        waiting.standing.look_up_copies(db, {item.document for item in loaded})
        keys = keys_to_found(db, [item.number for item in loaded])
        for document, group in groupby(loaded, key=lambda item: item.document):
            own = list(group)
            copies = waiting.standing.copies_of(db, document)
            placed, near = _place(db, document, [item.transfer for item in own], apart, copies, waiting.standing, keys)
            write_placed(db, own, placed, waiting)
            found = _coming_near(placed, near, copies)
            touched |= _join_at_once(db, found, waiting)
            touched |= _touched(db, placed, found, apart, waiting) | _out_of_sight(db, near, waiting)
        waiting.write(db)
        note_unsettled(db, touched)


def forget_transfers(db: Connection, document: int) -> None:
    """Takes a report's transfers out of their deals; what was linked to them waits in `unsettled`."""
    own = db.execute(select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.document == document)).scalars().all()
    linked, doubting = bound_to(db, own)
    note_unsettled(db, _reports([*linked, *doubting]))
    delete_placed(db, document)
    db.execute(delete(UNSETTLED).where(UNSETTLED.c.document == document))


def mark_transfers(db: Connection, ids: Sequence[str]) -> None:
    """Notes that the reports of these transfers (content ids) have to be placed anew."""
    query = select(DEAL_MEMBER.c.finding).join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding).where(FINDING.c.id.in_(ids))
    note_unsettled(db, _reports(load_placed(db, db.execute(query).scalars())))


def settle(db: Connection) -> int:
    """Places every unsettled report anew, by day; then joins deals as people judged. How many reports there were."""
    settled = 0
    _note_older_rule(db)
    _put_in_order(db)
    place = (UNSETTLED.c.day, UNSETTLED.c.place, UNSETTLED.c.document)
    while first := [tuple(row) for row in db.execute(select(*place).order_by(*place).limit(AT_A_TIME))]:
        db.execute(delete(UNSETTLED).where(UNSETTLED.c.document.in_([document for *_, document in first])))
        settled += _settle_some(db, first)
    verdicts = latest_verdicts(db)
    join_as_judged(db, verdicts)
    warn_of_evidence(db, verdicts)
    return settled


def _settle_some(db: Connection, first: Sequence[tuple[int, int, int]]) -> int:
    """Places these reports (day, place, number) anew, in order, with those that this touches and that come no later; the others wait."""
    queue, queued = list(first), {document for *_, document in first}
    last = first[-1] if len(first) == AT_A_TIME else None
    waiting, beyond = Waiting.begin(db), dict[int, Order]()
    waiting.standing.look_up_copies(db, queued)
    heapify(queue)
    while queue:
        *_, document = heappop(queue)
        for other, order in _place_anew(db, document, waiting).items():
            where = (order[0], order[1], other)
            if last and where > last:
                beyond[other] = order
            elif other not in queued:
                queued.add(other)
                heappush(queue, where)
    waiting.write(db)
    note_unsettled(db, beyond)
    return len(queued)


def _place_anew(db: Connection, document: int, waiting: Waiting) -> dict[int, Order]:
    """Places a report's transfers anew; the later reports with transfers that this may change."""
    numbers, held = load_held(db, document, waiting.doubts)
    if numbers != [item.number for item in held]:
        # A migration took away what was derived, or all of it is new.
        waiting.write(db)
        delete_placed(db, document)
        place_transfers(db, numbers)
        waiting.standing.forget()
        return {}
    apart = judged_apart(db, [(item.placed.id, item.id, item.placed.own.order) for item in held], waiting)
    copies = waiting.standing.copies_of(db, document)
    transfers = [Transfer(old.placed.id, old.placed.document_id, "", old.placed.own) for old in held]
    keys = {old.placed.id: old.key for old in held}
    placed, near = _place(db, document, transfers, apart, copies, waiting.standing, keys)
    both = list(zip(held, placed, strict=True))
    waiting.doubts |= {old.number: new.doubts for old, new in both if set(old.placed.doubts) != set(new.doubts)}
    changed = [(old, new) for old, new in both if is_relinked(old, new)]
    if not changed:
        return {}
    founders = [(old, new) for old, new in changed if old.placed.parent is None and new.parent is not None]
    plans = plan_mergers(db, ((int(old.placed.root), int(new.root)) for old, new in founders), waiting)
    changed = [(old, new._replace(root=str(stands_for(int(new.root), plans)))) for old, new in changed]
    waiting.gone |= {old.id for old, _ in founders}
    if plans or len(waiting.doubts) > MOST_DOUBTS:
        waiting.write_doubts(db)
    saw_two = [item for plan in plans for item in who_saw_two(db, plan, waiting)]
    doubters = who_doubted(db, plans) - set(numbers)
    rewrite_placed(db, changed, waiting)
    merge_deals(db, plans, waiting)
    saw_two += lift_doubts(db, doubters, waiting)
    touched = _carry_on(db, changed, plans, near, apart, copies, waiting)
    return touched | _reports(item for item in saw_two if item.document_id != str(document))


def _carry_on(
    db: Connection, changed: Sequence[tuple[Held, Placed]], plans: Sequence[Merger], near: Near, apart: Apart, copies: Set[str],
    waiting: Waiting,
) -> dict[int, Order]:  # fmt: skip
    """The later reports that have to be placed anew since transfers say more or less now, or moved to other deals; a merge moves none."""
    linked_otherwise = ((old, new) for old, new in changed if old.placed.parent is not None)
    moved = {new.id: new for old, new in linked_otherwise if stands_for(int(old.placed.root), plans) != int(new.root)}
    told = {new.id: new for old, new in changed if old.placed.facts != new.facts}
    seen = moved | told
    numbers = [int(id) for id in seen]
    touched, verdicts = list[Placed](), dict[int, Verdict]()
    linked, held = bound_to(db, numbers)
    for child in linked:
        verdict = compare(child.own, seen[child.parent or ""].facts, copies=child.document_id in copies)
        if child.parent in moved or verdict.score < child.verdict.score:
            touched.append(child)
        elif verdict != child.verdict:
            # What fits better still stays what it is linked to.
            verdicts[int(child.id)] = verdict
    rewrite_verdicts(db, verdicts, waiting)
    doubting, still = waiting.in_doubt_about(seen, held)
    touched += [*waiting.standing.read(db, doubting).values(), *still]
    return _reports(touched) | _touched(db, seen.values(), _coming_near(seen.values(), near, copies), apart, waiting)


def _note_older_rule(db: Connection) -> None:
    """Notes all reports where another rule linked them; one rule links all, so the first tells for all."""
    oldest = select(func.min(DEAL_MEMBER.c.finding)).scalar_subquery()
    first = db.execute(select(DEAL_MEMBER.c.judged_by).where(DEAL_MEMBER.c.finding == oldest)).scalar()
    if first not in (None, RULE):
        note_deals_of(db)


def _put_in_order(db: Connection) -> None:
    """Gives the reports that a migration noted their days, which SQL cannot tell."""
    unknown = db.execute(select(UNSETTLED.c.document).where(UNSETTLED.c.day == 0)).scalars().all()
    for first in range(0, len(unknown), AT_A_TIME):
        chunk = unknown[first : first + AT_A_TIME]
        one_each = select(func.min(FINDING.c.number)).where(FINDING.c.document.in_(chunk), FINDING.c.kind == "transfer")
        loaded = load_transfers(db, db.execute(one_each.group_by(FINDING.c.document)).scalars().all())
        db.execute(delete(UNSETTLED).where(UNSETTLED.c.document.in_(chunk)))
        note_unsettled(db, {item.document: item.transfer.facts.order for item in loaded})


def _place(
    db: Connection, document: int, transfers: Sequence[Transfer], apart: Apart, copies: Set[str], standing: Standing,
    keys: Mapping[str, str],
) -> tuple[list[Placed], Near]:  # fmt: skip
    """The transfers of one report in their deals, and what stands near them; `keys` as `place_report` takes them."""
    near = neighbours(db, transfers, lambda numbers: standing.read(db, numbers, but=document))
    return place_report(transfers, near.before(), apart=apart.keeps_out, copies=copies, keys=keys), near


def _coming_near(placed: Collection[Placed], near: Near, copies: Set[str]) -> list[Found]:
    """The later transfers that come near some of one report that were just placed; `copies` are the report's."""
    after = near.after([item.id for item in placed])
    pairs = (
        (later, item, compare(later.own, item.facts, copies=later.document_id in copies))
        for item in placed
        for later in after[item.id]
        if later.parent != item.id
    )
    return [found for found in pairs if found[2].score >= DOUBTED]


def _join_at_once(db: Connection, found: list[Found], waiting: Waiting) -> dict[int, Order]:
    """Places those anew that founded a small deal and now go on from an earlier transfer; the later reports that this may change.

    If that waited for the end of the run, all others of the deal would be put in doubt about the new transfer, and out of it again.
    """
    founders = {int(later.document_id): later for later, _, verdict in found if later.parent is None and verdict.joins}
    small = [later for later in founders.values() if is_small(db, int(later.root))]
    if not small:
        return {}
    waiting.write(db)
    touched: dict[int, Order] = {}
    for later in sorted(small, key=lambda later: later.own.order):
        touched |= _place_anew(db, int(later.document_id), waiting)
    today = {
        item.id: item for item in waiting.standing.read(db, {int(side.id) for later, item, _ in found for side in (later, item)}).values()
    }
    found[:] = [(today[later.id], today[item.id], verdict) for later, item, verdict in found if today[later.id].parent != item.id]
    return touched


def _touched(
    db: Connection, placed: Iterable[Placed], found: Sequence[Found], apart: Apart, waiting: Waiting
) -> dict[int, Order]:  # fmt: skip
    """The later reports with transfers that may be linked otherwise because of these, just placed; later transfers get their new doubts."""
    standing = with_doubts(db, {later.id: later for later, *_ in found}, waiting.doubts)
    related = {id for later in standing.values() for id in (later.parent, *(other for other, _ in later.doubts)) if id is not None}
    held = {item.id: item for item in waiting.standing.read(db, map(int, related)).values()}
    touched = [later for later, item, verdict in found if changes_link(later, item, verdict, held.get(later.parent or ""))]
    for later, item, verdict in found:
        was = standing[later.id]
        if (doubts := doubts_with(was, item, verdict, held | {item.id: item})) != was.doubts:
            waiting.doubts[int(later.id)] = doubts
            standing[later.id] = was._replace(doubts=doubts)
            held[item.id] = item
    for item in placed:
        touched += apart.giving_way(item.id)
    return _reports(touched)


def _out_of_sight(db: Connection, near: Near, waiting: Waiting) -> dict[int, Order]:
    """The later reports with transfers that are linked to one, or in doubt about one, which new ones took out of their sight."""
    parted = near.parted()
    doubting = with_doubts(db, {later.id: later for later, _ in parted}, waiting.doubts)
    doubted = {id: {other for other, _ in later.doubts} for id, later in doubting.items()}
    return _reports(later for later, gone in parted if gone == later.parent or gone in doubted[later.id])


def _reports(placed: Iterable[Placed]) -> dict[int, Order]:
    return {int(item.document_id): item.own.order for item in placed}
