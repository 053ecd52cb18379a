"""This file finds the deals that bear on a deal: other batches of it, its resale, what others offered in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from onrecord.resolve.goods import alike, goods_of
from onrecord.serve.listing import Line, Listing

MOST_LINKED = 40
# In the order in which they are told.
RELATIONS = {
    "batch": "same two sides, same equipment",
    "resale": "the same equipment, passed on",
    "rival": "the same kind of equipment for the same recipient, from another supplier",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """Another deal and how it bears on this one: a name of RELATIONS."""

    how: str
    line: Line


def linked_deals(listing: Listing, deal: str) -> list[Linked]:
    """The deals that bear on one, by relation and then by how well they are borne out."""
    own = listing.by_id.get(deal)
    if own is None:
        return []
    sides = [(listing.received, own.row.recipient), (listing.received, own.row.supplier), (listing.supplied, own.row.recipient)]
    near = {line.row.deal: line for held, parties in sides for party in parties for line in held.get(party, ())}
    # Of the thousands of deals that a large state has, few are of such goods: that is asked first, once for each kind.
    goods = {name: _alike(own.row.equipment, name) in ("same", "variant") for name in {line.row.equipment for line in near.values()}}
    alike_ones = (line for line in near.values() if goods[line.row.equipment] or own.category and own.category == line.category)
    found = [Linked(how, line) for line in alike_ones if line.row.deal != deal and (how := _relation(own, line))]
    order = list(RELATIONS)
    return sorted(found, key=lambda item: (order.index(item.how), -item.line.row.origins, item.line.row.deal))[:MOST_LINKED]


def _relation(own: Line, other: Line) -> str:
    same_recipient = bool(set(own.row.recipient) & set(other.row.recipient))
    same_supplier = bool(set(own.row.supplier) & set(other.row.supplier))
    resold = set(own.row.recipient) & set(other.row.supplier) or set(own.row.supplier) & set(other.row.recipient)
    if not (same_recipient or resold):
        return ""
    goods = _alike(own.row.equipment, other.row.equipment)
    if same_recipient and same_supplier and goods in ("same", "variant"):
        return "batch"
    if resold and goods in ("same", "variant"):
        return "resale"
    rival = same_recipient and not same_supplier and other.row.supplier and own.category and own.category == other.category
    return "rival" if rival else ""


@lru_cache(maxsize=50_000)
def _alike(one: str, other: str) -> str:
    return alike(goods_of(one), goods_of(other))
