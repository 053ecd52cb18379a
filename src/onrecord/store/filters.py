"""This file finds deals by who supplies, who receives and what: the one filter that the register and the statements share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from onrecord.resolve import fold
from onrecord.store.tables import DEAL_PARTY


def deals_with(role: str, name: str, *, as_of: str | None = None) -> Select[Any]:
    """The numbers of the deals with this supplier or recipient (its code) or this equipment (any part of a designation), by a day."""
    query = select(DEAL_PARTY.c.deal).where(DEAL_PARTY.c.role == role)
    query = query.where(DEAL_PARTY.c.party.contains(fold(name), autoescape=True) if role == "equipment" else DEAL_PARTY.c.party == name)
    return query.where(DEAL_PARTY.c.known != "", DEAL_PARTY.c.known <= as_of) if as_of else query


def deals_of_party(code: str) -> Select[Any]:
    """The numbers of the deals that a state or organisation is a side of."""
    return select(DEAL_PARTY.c.deal).where(DEAL_PARTY.c.role.in_(("supplier", "recipient")), DEAL_PARTY.c.party == code)
