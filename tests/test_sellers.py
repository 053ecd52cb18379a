"""Who sells together: makers that a report names in one list with the supplier, states that are written as one word with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.sellers import blamed_seller, makers_together, named_seller, named_sender, own_seller, with_partners, with_sellers
from onrecord.extract.told import Deal, Told
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Parsed

Parse = Callable[..., Parsed]


def read(parsed: Parsed, word: str) -> tuple[Scene, Trigger]:
    """The scene of a report and the trigger in it that is that word."""
    scene = set_scene(parsed, {})
    return scene, next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)


def together(parsed: Parsed, *, supplier: str, item: str) -> list[str | None]:
    """Who supplies beside `supplier` what Denmark ordered."""
    scene, trigger = read(parsed, "ordered")
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
        pytest.param("Denmark ordered the Franco-Italian SAMP/T.", "IT", "SAMP/T", ["FR"], id="one word"),
        pytest.param("Denmark ordered the US-Israeli Leopard 2.", "US", "Leopard 2", ["IL"], id="right before the goods"),
        pytest.param("Denmark ordered frigates of the British-German-Dutch consortium.", "DE", "frigate", ["GB", "NL"], id="of three"),
        pytest.param("A German-Danish firm was there when Denmark ordered the Leopard 2.", "DE", "Leopard 2", [], id="the buyer is one"),
        pytest.param("A German-Dutch firm made Boxers; Denmark ordered the Leopard 2.", "DE", "Leopard 2", [], id="of other goods"),
    ],
)
def test_makers_in_one_list_supply_together(parse: Parse, text: str, supplier: str, item: str, others: list[str]) -> None:
    assert together(parse(text), supplier=supplier, item=item) == others


def test_goods_of_several_states_are_of_one_deal(parse: Parse) -> None:
    parsed = parse("Denmark ordered the Franco-Italian SAMP/T. The Italian system was delivered.")
    scene, trigger = read(parsed, "ordered")
    goods = next(m for m in parsed.mentions if m.name == "SAMP/T")
    first, second, alone = (m for m in parsed.mentions if m.party in ("FR", "IT"))
    tellings = [
        Told(trigger, (0, 1), (0, 1), "contract", "actual", "", 1.0, 1.0, goods, (buyer, None), (m.party or "", m), None, None, None)
        for buyer, m in (("DK", second), ("DK", alone), ("NO", alone), ("DK", first))
    ]
    assert [told.supplier[0] for told in with_partners(scene, tellings)] == ["FR", "FR", "IT", "FR"]


@pytest.mark.parametrize(
    ("text", "word", "sender"),
    [
        ("Switzerland vetoed the transfer of Leopard tanks from Spain to Ukraine.", "vetoed", "ES"),
        ("Switzerland barred Denmark from sending Piranha vehicles to Ukraine.", "barred", "DK"),
        ("Switzerland barred Denmark from sending Piranha vehicles to Ukraine.", "sending", "DK"),
        ("Denmark was barred by Switzerland from sending Piranha vehicles to Ukraine.", "barred", "DK"),
        ("Germany allowed Poland to send Leopard tanks to Ukraine.", "allowed", "PL"),
        ("Germany allowed Poland to send Leopard tanks to Ukraine.", "send", "PL"),
        ("Germany approved the re-export of Leopard tanks by Poland to Ukraine.", "approved", "PL"),
        ("Sweden granted Norway permission to resell the Gripen to Hungary.", "granted", "NO"),
        ("Washington blocked Israel's sale of Kfir fighters to Ecuador.", "blocked", "IL"),
        ("Israel received approval from Washington to hand over Kfir fighters to Ecuador.", "received", "IL"),
        ("Israel has received US permission to sell Kfir fighters to Ecuador.", "received", "IL"),
        ("Israel confirmed that it received approval from Washington to hand over Kfir fighters.", "received", "IL"),
        ("Ecuador received approval from Washington to buy Kfir fighters.", "received", ""),
        ("The Netherlands allowed the export of radars to Egypt.", "allowed", ""),
        ("Germany refused to send Leopard tanks to Ukraine.", "refused", ""),
        ("Germany rejected Nepal's order for rifles.", "rejected", ""),
        ("Washington cleared Turkey's purchase of F-16 jets.", "cleared", ""),
    ],
)
def test_who_hands_on_supplies_and_not_who_lets_or_forbids_it(parse: Parse, text: str, word: str, sender: str) -> None:
    scene, trigger = read(parse(text), word)
    assert named_sender(scene, trigger) == sender


@pytest.mark.parametrize(
    ("text", "word", "item", "seller"),
    [
        ("Ecuador will hand its Russian Mi-17 helicopters to the United States.", "hand", "Mi-17", "EC"),
        ("Ecuador will hand the Russian Mi-17 helicopters to the United States.", "hand", "Mi-17", "EC"),
        ("Ecuador will hand the Mi-17 helicopters to the United States.", "hand", "Mi-17", ""),
        ("Ecuador will hand Russian-made Mi-17 helicopters to the United States.", "hand", "Mi-17", "EC"),
        ("Ecuador will buy the Mi-17 helicopters for its army.", "buy", "Mi-17", ""),
        ("Ecuador received its Mi-17 helicopters from Russia.", "received", "Mi-17", ""),
    ],
)
def test_who_hands_on_its_own_sells_it_whoever_made_it(parse: Parse, text: str, word: str, item: str, seller: str) -> None:
    parsed = parse(text)
    scene, trigger = read(parsed, word)
    assert own_seller(scene, trigger, next(m for m in parsed.mentions if m.name == item)) == seller


@pytest.mark.parametrize(
    ("text", "word", "seller"),
    [
        ("Russia accused Poland of delivering T-72 tanks to Ukraine.", "delivering", "PL"),
        ("Poland was accused by Russia of delivering T-72 tanks to Ukraine.", "delivering", "PL"),
        ("Russia criticised Poland for the delivery of T-72 tanks to Ukraine.", "delivery", "PL"),
        ("Ukraine thanked the Netherlands for its delivery of F-16 jets.", "delivery", "NL"),
        ("Ukraine thanked the Netherlands for the delivery of F-16 jets.", "delivery", ""),
        ("Washington warned Turkey over the delivery of S-400 missiles.", "delivery", ""),
        ("Washington warned Turkey over the delivery of S-400 missiles to Turkey.", "delivery", ""),
        ("Washington punished Turkey for buying the S-400.", "buying", ""),
    ],
)
def test_who_is_blamed_or_thanked_for_a_delivery_made_it(parse: Parse, text: str, word: str, seller: str) -> None:
    scene, trigger = read(parse(text), word)
    assert blamed_seller(scene, trigger) == seller


def test_a_make_sells_nothing_that_somebody_hands_on(parse: Parse) -> None:
    parsed = parse("Ecuador will hand its Russian Mi-17 helicopters to Peru. The Mi-17 helicopters were delivered to Peru.")
    scene = set_scene(parsed, {})
    hand, deliver = (next(t for t in find_triggers(scene) if parsed.words[t.index].text == word) for word in ("hand", "delivered"))
    goods = next(m for m in parsed.mentions if m.name == "Mi-17")
    named = {m.party: m for m in parsed.mentions}
    tellings = [
        Told(
            trigger,
            (0, 1),
            (0, 1),
            "delivery",
            "actual",
            "",
            1.0,
            1.0,
            goods,
            (buyer, named[buyer]),
            (seller, named[seller]),
            None,
            None,
            None,
        )
        for trigger, seller, buyer in ((hand, "EC", "PE"), (deliver, "RU", "PE"), (deliver, "RU", "EC"))
    ]
    assert [told.supplier[0] for told in with_sellers(scene, tellings)] == ["EC", "EC", "RU"]


@pytest.mark.parametrize(("item", "seller"), [("Rafale", "FR"), ("F-35", "US")])
def test_each_of_several_items_has_its_own_seller(parse: Parse, item: str, seller: str) -> None:
    parsed = parse("Greece bought 18 Rafale jets from France and 20 F-35 jets from the United States.")
    scene, trigger = read(parsed, "bought")
    assert named_seller(scene, trigger, next(m for m in parsed.mentions if m.name == item)) == seller
