"""This file keeps the derived deals of a record: it places each transfer with the rule of resolve/, and settles anew what that changes.

A transfer is linked to an earlier one only, by the day of its report. So a report that arrives after later ones can change what those are
linked to, and nothing else: their reports are noted in `unsettled` and placed anew, in order, when the run ends. What comes out is the
same for every order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, delete, func, insert, select

from onrecord.resolve import place_report
from onrecord.resolve.facts import Order
from onrecord.resolve.placing import changes
from onrecord.store.deal_rows import Loaded, delete_placed, load_placed, load_transfers, neighbours, write_placed
from onrecord.store.tables import DEAL_MEMBER, FINDING, UNSETTLED
from onrecord.store.verdicts import join_as_judged, judged_apart, latest_verdicts, warn_of_evidence

# How many transfers are loaded at a time, so that memory stays flat.
AT_A_TIME = 500


def place_transfers(db: Connection, numbers: Sequence[int]) -> None:
    """Puts the transfers of reports that have none in deals yet (numbers of findings) into deals and writes their cells."""
    for first in range(0, len(numbers), AT_A_TIME):
        chunk = numbers[first : first + AT_A_TIME]
        loaded = load_transfers(db, chunk)
        apart = judged_apart(db, {item.number: item.findings[0][1].id for item in loaded})
        for _, own in groupby(loaded, key=lambda item: item.document):
            _place(db, list(own), apart)


def forget_transfers(db: Connection, document: int) -> None:
    """Takes a report's transfers out of their deals; what was linked to them waits in `unsettled`."""
    mark_unsettled(db, _children(db, document))
    delete_placed(db, document)
    db.execute(delete(UNSETTLED).where(UNSETTLED.c.document == document))


def mark_unsettled(db: Connection, reports: Mapping[int, Order]) -> None:
    """Notes that the transfers of these reports, each with where it stands among all, have to be placed anew."""
    held = set(db.execute(select(UNSETTLED.c.document).where(UNSETTLED.c.document.in_(reports))).scalars()) if reports else set()
    rows = [{"document": report, "day": order[0], "place": order[1]} for report, order in reports.items() if report not in held]
    if rows:
        db.execute(insert(UNSETTLED), rows)


def mark_transfers(db: Connection, ids: Sequence[str]) -> None:
    """Notes that the reports of these transfers (content ids) have to be placed anew."""
    query = select(DEAL_MEMBER.c.finding).join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding).where(FINDING.c.id.in_(ids))
    placed = load_placed(db, db.execute(query).scalars())
    mark_unsettled(db, {int(item.document_id): item.own.order for item in placed})


def settle(db: Connection) -> int:
    """Places every unsettled report anew, by day; then joins deals as people judged. How many reports there were."""
    settled = 0
    _put_in_order(db)
    first = select(UNSETTLED.c.document).order_by(UNSETTLED.c.day, UNSETTLED.c.place, UNSETTLED.c.document).limit(1)
    while (document := db.execute(first).scalar()) is not None:
        db.execute(delete(UNSETTLED).where(UNSETTLED.c.document == document))
        _place_anew(db, document)
        settled += 1
    verdicts = latest_verdicts(db)
    join_as_judged(db, verdicts)
    warn_of_evidence(db, verdicts)
    return settled


def _put_in_order(db: Connection) -> None:
    """Gives the reports that a migration noted their days, which SQL cannot tell."""
    unknown = db.execute(select(UNSETTLED.c.document).where(UNSETTLED.c.day == 0)).scalars().all()
    for first in range(0, len(unknown), AT_A_TIME):
        chunk = unknown[first : first + AT_A_TIME]
        one_each = select(func.min(FINDING.c.number)).where(FINDING.c.document.in_(chunk), FINDING.c.kind == "transfer")
        loaded = load_transfers(db, db.execute(one_each.group_by(FINDING.c.document)).scalars().all())
        db.execute(delete(UNSETTLED).where(UNSETTLED.c.document.in_(chunk)))
        mark_unsettled(db, {item.document: item.transfer.facts.order for item in loaded})


def _place_anew(db: Connection, document: int) -> None:
    """Places a report's transfers anew, and notes the reports with transfers that were linked to them."""
    mark_unsettled(db, _children(db, document))
    delete_placed(db, document)
    own = select(FINDING.c.number).where(FINDING.c.document == document, FINDING.c.kind == "transfer").order_by(FINDING.c.number)
    place_transfers(db, db.execute(own).scalars().all())


def _place(db: Connection, loaded: Sequence[Loaded], apart: Callable[[str, str], bool]) -> None:
    """Places the transfers of one report, and notes the later reports with transfers that may be linked otherwise now."""
    near = neighbours(db, [item.transfer for item in loaded], document=loaded[0].document)
    placed = place_report([item.transfer for item in loaded], {id: before for id, (before, _) in near.items()}, apart=apart)
    write_placed(db, loaded, placed)
    later = (other for item in placed for other in near[item.id][1] if changes(other, item))
    mark_unsettled(db, {int(other.document_id): other.own.order for other in later})


def _children(db: Connection, document: int) -> dict[int, Order]:
    """The later reports with transfers that are linked to one of this report."""
    own = select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.document == document)
    children = db.execute(select(DEAL_MEMBER.c.finding).where(DEAL_MEMBER.c.parent.in_(own))).scalars()
    return {int(item.document_id): item.own.order for item in load_placed(db, children)}
