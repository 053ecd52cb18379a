"""This file finds deals by who supplies, who receives and what, and cells by how sure they are: the filters that several readers share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from onrecord.resolve import fold
from onrecord.store.tables import CELL, CLAIM, DEAL_PARTY, FINDING

# Parts of a stage that its own words carry: what makes a stage sure makes them sure.
OF_A_STAGE = ("modality", "when", "according_to")


def deals_with(role: str, name: str, *, as_of: str | None = None) -> Select[Any]:
    """The numbers of the deals with this supplier or recipient (its code) or this equipment (any part of a designation), by a day."""
    query = select(DEAL_PARTY.c.deal).where(DEAL_PARTY.c.role == role)
    query = query.where(DEAL_PARTY.c.party.contains(fold(name), autoescape=True) if role == "equipment" else DEAL_PARTY.c.party == name)
    return query.where(DEAL_PARTY.c.known != "", DEAL_PARTY.c.known <= as_of) if as_of else query


def deals_of_party(code: str) -> Select[Any]:
    """The numbers of the deals that a state or organisation is a side of."""
    return select(DEAL_PARTY.c.deal).where(DEAL_PARTY.c.role.in_(("supplier", "recipient")), DEAL_PARTY.c.party == code)


def is_sure(least: float) -> ColumnElement[bool]:
    """Whether a cell is at least so sure, by itself and with the finding and the transfer that it is part of; what a person decided is."""
    words, whole = CLAIM.alias("sure_claim"), FINDING.alias("sure_finding")
    held = (
        select(words.c.finding)
        .join(whole, whole.c.number == words.c.finding)
        .where(words.c.finding == CELL.c.finding, words.c.number == CELL.c.claim, words.c.score >= least, whole.c.score >= least)
        .where(_in_sure_transfer(whole, least))
    )
    return or_(CELL.c.act > 0, held.exists())


def is_sure_claim(least: float) -> ColumnElement[bool]:
    """The same of a claim of a transfer or a stage."""
    own = or_(CLAIM.c.score >= least, CLAIM.c.field.in_(OF_A_STAGE) & (FINDING.c.kind == "stage"))
    return or_(CLAIM.c.act > 0, own & (FINDING.c.score >= least) & _in_sure_transfer(FINDING, least))


def is_sure_finding(least: float) -> ColumnElement[bool]:
    """Whether a finding as a whole is at least so sure; one of which a person decided anything is."""
    acted = CLAIM.alias("acted_claim")
    return or_(FINDING.c.score >= least, select(acted.c.finding).where(acted.c.finding == FINDING.c.number, acted.c.act > 0).exists())


def _in_sure_transfer(whole: Any, least: float) -> ColumnElement[bool]:
    """Whether the transfer that a stage is part of, or a transfer itself, is at least so sure or accepted by a person."""
    transfer, accepted = FINDING.alias("sure_transfer"), CLAIM.alias("accepted_claim")
    decided = select(accepted.c.finding).where(accepted.c.finding == transfer.c.number, accepted.c.act > 0)
    own = select(transfer.c.number).where(transfer.c.number == func.coalesce(whole.c.part_of, whole.c.number))
    return own.where(or_(transfer.c.score >= least, decided.exists())).exists()
