"""This file applies what people decided: at once, or, where a reviewer may only append acts, as soon as somebody comes who may do more."""

from __future__ import annotations

from typing import Any

from onrecord.acts.nouns import Act
from onrecord.history import note_history
from onrecord.store.acted import apply_to
from onrecord.store.acts import leave_waiting, take_off, waiting_acts
from onrecord.store.database import Opened, reading, writing
from onrecord.store.server import may_derive
from onrecord.store.targets import find_act


def apply_waiting(record: Opened) -> int:
    """Applies the acts of reviewers who may only append them (PostgreSQL), as far as whoever opened the record may; how many."""
    with reading(record.engine) as db:
        waits = bool(waiting_acts(db)) and may_derive(db)
    if not waits:
        return 0
    with writing(record.engine) as db:
        return get_ready(db)


def get_ready(db: Any) -> int:
    """Finishes what was left before an act: history that a run did not come to note, acts that wait; how many of these."""
    if not may_derive(db):
        return 0
    note_history(db)
    waiting = waiting_acts(db)
    for act in waiting:
        _apply(db, act)
    if waiting:
        take_off(db, waiting)
    return len(waiting)


def finish(db: Any, act: Act) -> Act:
    """Applies an act that was just added, or leaves it to somebody who may; the act."""
    if may_derive(db):
        _apply(db, act)
    else:
        leave_waiting(db, act.number)
    return act


def _apply(db: Any, act: Act) -> None:
    first = act
    while first.verb == "undo":
        first = find_act(db, first.undoes)
    apply_to(db, first.targets)
    note_history(db, act=act.number)
