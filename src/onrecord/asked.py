"""This file checks what users give when they ask for a part of a record: days, states, equipment."""

from __future__ import annotations

import re
from datetime import date

from onrecord.errors import BadInput
from onrecord.parties import party_code
from onrecord.register import Wanted


def wanted_of(as_of: str | None, supplier: str | None, recipient: str | None, equipment: str | None, sure: float = 0.0) -> Wanted:
    """What a register is asked for, from what a user gives: states by code or name."""
    return Wanted(
        as_of=check_day(as_of),
        supplier=None if supplier is None else party_code(supplier),
        recipient=None if recipient is None else party_code(recipient),
        equipment=check_equipment(equipment),
        sure=check_sure(sure),
    )


def check_sure(sure: float) -> float:
    """The least confidence asked for if it lies from 0 to 1; anything else is a `BadInput`."""
    if not 0 <= sure <= 1:
        raise BadInput(f"{sure:g} is no confidence; give a number from 0 (all) to 1 (only what a person decided), e.g. 0.8")
    return sure


def check_day(day: str | None) -> str | None:
    """The day if it is one, written YYYY-MM-DD; anything else is a `BadInput`."""
    if day is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            raise ValueError(day)
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise BadInput(f"{day!r} is no day; write it as YYYY-MM-DD, e.g. 2019-07-12") from error


def check_equipment(equipment: str | None) -> str | None:
    """The designation if it holds a letter or a digit; anything else is a `BadInput`."""
    if equipment is not None and not re.search(r"\w", equipment):
        raise BadInput(f"{equipment!r} is no equipment; give a designation or the start of one, e.g. S-400")
    return equipment


def check_words(asked: str | None, *, what: str) -> str | None:
    """The words if they hold a letter or a digit; an empty filter, which would let everything through unseen, is a `BadInput`."""
    if asked is not None and not re.search(r"\w", asked):
        raise BadInput(f"{asked!r} names no {what}; leave the filter out to see all")
    return asked
