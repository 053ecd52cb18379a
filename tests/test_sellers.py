"""Who sells together: makers that a report names in one list with the supplier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.scene import set_scene
from onrecord.extract.sellers import makers_together
from onrecord.extract.told import Deal, Told
from onrecord.extract.triggers import find_triggers
from onrecord.records import Parsed

Parse = Callable[..., Parsed]


def together(parsed: Parsed, *, supplier: str, item: str) -> list[str | None]:
    """Who supplies beside `supplier` what Denmark ordered."""
    scene = set_scene(parsed, {})
    trigger = next(t for t in find_triggers(scene) if parsed.words[t.index].text == "ordered")
    goods = next(m for m in parsed.mentions if m.name == item)
    named = next(m for m in parsed.mentions if m.party == supplier)
    told = Told(trigger, (0, 1), (0, 1), "contract", "actual", "", 1.0, 1.0, goods, ("DK", None), (supplier, named), None, None, None)
    return [mention.party for mention in makers_together(scene, Deal(supplier, "DK", item, [told, replace(told)]))]


@pytest.mark.parametrize(
    ("text", "supplier", "item", "others"),
    [
        pytest.param("Denmark ordered the SAMP/T from France and Italy.", "FR", "SAMP/T", ["IT"], id="two makers"),
        pytest.param("Denmark ordered the SAMP/T from Italy, not from France.", "IT", "SAMP/T", [], id="no list"),
        pytest.param("Denmark ordered the SAMP/T from France and Norway.", "FR", "SAMP/T", [], id="the other makes none"),
        pytest.param("Denmark ordered the Leopard 2 from Germany and Poland.", "DE", "Leopard 2", [], id="one maker"),
    ],
)
def test_makers_in_one_list_supply_together(parse: Parse, text: str, supplier: str, item: str, others: list[str]) -> None:
    assert together(parse(text), supplier=supplier, item=item) == others
