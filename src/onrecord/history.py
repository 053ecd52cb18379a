"""This file notes what the register says of each deal that changed, and tells what it said on any past day and who changed what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onrecord.contradicted import left_open, open_conflicts
from onrecord.records import Json
from onrecord.register import RegisterRow, Wanted, read_disputed, read_words
from onrecord.store.conflicts import write_conflicts
from onrecord.store.database import Opened, reading
from onrecord.store.deal_rows import dump
from onrecord.store.history import Noted, add_history, last_said, read_history, take_gone, take_unnoted

# Deals that are read at a time, so that memory stays flat.
AT_A_TIME = 200


def note_history(db: Any, *, run: int | None = None, act: int | None = None) -> int:
    """Notes of each deal that changed since the last time what the register says now, through a run or an act; how many said otherwise.

    The contradictions among its reports are written anew with it.
    """
    count = 0
    gone = take_gone(db)
    for first in range(0, len(gone), AT_A_TIME):
        ended = [(deal, None) for deal, said in last_said(db, gone[first : first + AT_A_TIME]).items() if said]
        add_history(db, ended, run=run, act=act)
        count += len(ended)
    while taken := take_unnoted(db, AT_A_TIME):
        numbers = {id: number for number, id in taken}
        # Of the many values of a deal only those that are shown to contradict each other need their words.
        wanted = Wanted(deals=tuple(number for number, _ in taken), outlets=False, words=False)
        told = [(row, left_open(against)) for row, _, against in read_disputed(db, wanted)]
        now: dict[str, Json] = {row.deal: _said(row) for row, _ in told}
        words = read_words(db, (side.claim for _, pairs in told for first, *_ in pairs.values() for side in first))
        conflicts = [one for row, pairs in told for one in open_conflicts(numbers[row.deal], row, pairs, words)]
        write_conflicts(db, (number for number, _ in taken), conflicts)
        deals = list(dict.fromkeys([*now, *(id for _, id in taken if id)]))
        before = last_said(db, deals)
        new = [(deal, now.get(deal)) for deal in deals if before.get(deal, "") != (dump(now[deal]) if deal in now else "")]
        add_history(db, new, run=run, act=act)
        count += len(new)
    return count


def history(record: Opened, *, deal: str | None = None, until: str | None = None) -> list[Noted]:
    """Every change of the register in order, of one deal or all: when, through which run or act, and what it said from then on."""
    with reading(record.engine) as db:
        return read_history(db, deal=deal, until=until)


def register_on(record: Opened, day: str) -> list[dict[str, Any]]:
    """What the register said at the end of a past day, as this record held it then: the deals with their fields, in order of id."""
    latest: dict[str, Noted] = {}
    for noted in history(record, until=day):
        latest[noted.deal] = noted
    return [{"deal": deal, **noted.said} for deal, noted in sorted(latest.items()) if noted.said is not None]


def differences(noted: Iterable[Noted]) -> Iterable[tuple[Noted, str, Any, Any]]:
    """What each entry of a history changed: the entry, the field, what it said before and what since."""
    before: dict[str, Any] = {}
    for one in noted:
        old, new = before.get(one.deal) or {}, one.said or {}
        before[one.deal] = one.said
        for name in dict.fromkeys([*old, *new]):
            if old.get(name) != new.get(name):
                yield one, name, old.get(name), new.get(name)


def _said(row: RegisterRow) -> Json:
    return {
        "supplier": list(row.supplier), "recipient": list(row.recipient), "equipment": row.equipment, "quantity": row.quantity,
        "value": row.value, "stage": row.stage, "reports": row.reports, "origins": row.origins, "disputed": list(row.disputed),
        "inferred": list(row.inferred), "reviewed": {name: one.act for name, one in sorted(row.reviewed.items())},
    }  # fmt: skip
