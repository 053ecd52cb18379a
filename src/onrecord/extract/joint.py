"""What one verb tells of several parties in one list: each of them receives, each of them supplies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from onrecord.extract.acceptance import fit
from onrecord.extract.scene import Scene, is_generic, makers_of, parties_in_slots
from onrecord.extract.sellers import listed_parties
from onrecord.extract.told import Told
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention


def joint_recipients(scene: Scene, told: Told) -> list[Told]:
    """The same told of the other recipients in one list: "bombs were to be shipped to Norland and Southland"."""
    named = dict.fromkeys(mention.party or "" for mention in listed_parties(scene, told.recipient[1]))
    rest = [party for party in named if party not in {told.recipient[0], told.supplier[0]}]
    return [replace(told, recipient=(party, scene.party_mention[party])) for party in rest]


def joint_suppliers(scene: Scene, told: Told) -> list[Told]:
    """The same told of the other suppliers in one list, none of them a maker of the goods: "Norway and Denmark promised jets".

    Not where a count is told, which may be of all of them together.
    """
    makers = makers_of(told.item)
    if told.quantity or told.supplier[0] in makers or is_generic(told.item) or fit(scene, told, "supplier") != "yes":
        return []
    named = {m.party or "": m for m in listed_parties(scene, told.supplier[1])}
    rest = [party for party in named if party not in {told.recipient[0], told.supplier[0], *makers}]
    return [replace(told, supplier=(party, named[party])) for party in rest]


def suppliers_listed(scene: Scene, trigger: Trigger, mention: Mention | None, named: Mapping[str, Mention]) -> set[str]:
    """The parties in one list with a mention in the supplier's place of a frame; none where it stands alone, or elsewhere."""
    placed = parties_in_slots(scene, trigger.slots, trigger.supplier)
    listed = {m.party for m in listed_parties(scene, mention) if named.get(m.party or "") == m}
    return {party for party in listed if party} if len(listed) > 1 and mention is not None and mention.party in placed else set()
