"""One report as the extractors see it: its items, its parties, its amounts, and the readings made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.acceptance import deal_readings, telling_readings
from onrecord.extract.amounts import quantity_readings, value_readings
from onrecord.extract.items import companion_readings, equipment_readings
from onrecord.extract.parties import party_readings
from onrecord.extract.scene import Draft, Scene, distance, phrase_mentions, phrase_words, set_scene, slots_of_mentions, stands_between
from onrecord.extract.told import Deal, Told
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Mention, Parsed, Quantity

Parse = Callable[..., Parsed]
SOLD = "Germany sold ten Leopard 2 tanks to Norway for 90 million euros."


def read(parsed: Parsed, word: str) -> tuple[Scene, Trigger]:
    scene = set_scene(parsed, {})
    return scene, next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)


def told_of(scene: Scene, trigger: Trigger) -> Told:
    readings, mentions = equipment_readings(scene, trigger)
    recipients, named = party_readings(scene, trigger, "recipient", mentions["Leopard 2"])
    assert readings and recipients
    return Told(
        trigger, (0, 1), (0, 1), "contract", "actual", "", 0.9, 0.8, mentions["Leopard 2"], ("NO", named["NO"]), ("DE", named["DE"]),
        None, None, None,
    )  # fmt: skip


def test_the_scene_lists_its_parties_and_designations(parse: Parse) -> None:
    scene = set_scene(parse(SOLD + " Norway is glad.", title="Norway gets Leopard 2 tanks"), {})
    assert scene.commonest == ["NO", "DE"]
    assert scene.designations == ["Leopard 2"] and scene.named == 1
    assert (scene.title_parties, scene.title_equipment) == (["NO"], ["Leopard 2"])


def test_the_place_of_a_dateline_is_the_only_state_of_it(parse: Parse) -> None:
    scene = set_scene(parse("OSLO, June 10 (Reuters) - Germany sold tanks."), {})
    assert [m.kind for m in scene.first_word if m.start < 26] == ["state"]


@pytest.mark.parametrize(("published", "counted"), [("2020-01-01", 0), ("1985-01-01", 1)])
def test_the_adjective_of_a_bygone_state_is_no_party_after_its_end(parse: Parse, published: str, counted: int) -> None:
    scene = set_scene(parse("Peru sold Soviet tanks.", published=published), {})
    assert sum(m.how == "adjective" for m in scene.first_word) == counted


def test_a_phrase_leaves_out_the_clauses_that_hang_on_it(parse: Parse) -> None:
    parsed = parse("The tanks that Norway bought in May arrived.")
    scene = set_scene(parsed, {})
    head = next(w.index for w in parsed.words if w.text == "tanks")
    assert [parsed.words[i].text for i in phrase_words(scene, head)] == ["The", "tanks"]
    assert [m.kind for m in phrase_mentions(scene, head)] == ["equipment"]


def test_mentions_know_the_slots_that_they_stand_in(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    slots = {m.party or m.name: names for m, names in slots_of_mentions(scene, trigger.slots).items() if m.kind in {"state", "equipment"}}
    assert slots["DE"] == ["subject"] and "to" in slots["NO"] and slots["Leopard 2"] == ["object"]


def test_distances_fall_in_five_classes() -> None:
    assert [distance(n) for n in (0, 2, 3, 5, 6, 10, 11, 18, 19)] == ["1", "1", "2", "2", "3", "3", "4", "4", "5"]


def test_a_mention_between_two_words(parse: Parse) -> None:
    scene = set_scene(parse(SOLD), {})
    item = next(m for m in scene.first_word if m.name == "Leopard 2")
    place = scene.first_word[item]
    assert stands_between(scene, item, place + 3, place - 3)
    assert not stands_between(scene, item, place, place + 3)


def test_a_triple_told_again_is_one_draft_and_goes_last(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    scene.note("DE", "NO", "Leopard 2", trigger=trigger.index, stage="contract")
    scene.note("DE", "PL", "Leopard 2", trigger=trigger.index, stage="offer")
    scene.note("DE", "NO", "Leopard 2", trigger=trigger.index, stage="delivery")
    assert [(d.recipient, d.touched, d.stages) for d in scene.drafts] == [("PL", [0], {"offer"}), ("NO", [0, 0], {"contract", "delivery"})]


def test_an_item_in_the_frames_own_slot_is_told_from_one_elsewhere(parse: Parse) -> None:
    scene, trigger = read(parse("Germany sold ten Leopard 2 tanks to Norway, which flies the F-16."), "sold")
    features, mentions = equipment_readings(scene, trigger)
    assert "here:frame" in features["Leopard 2"] and "slot:object" in features["Leopard 2"]
    assert "here:frame" not in features.get("F-16", [])
    assert mentions["Leopard 2"].text.startswith("Leopard 2")


def test_an_unnamed_item_is_looked_for_in_the_sentences_before(parse: Parse) -> None:
    scene, trigger = read(parse("The Leopard 2 is a tank. Germany sold it to Norway."), "sold")
    features, _ = equipment_readings(scene, trigger)
    assert "back:1" in features["Leopard 2"]
    assert any(told.startswith("stand-in:pronoun") for told in features["Leopard 2"])


@pytest.mark.parametrize(
    ("text", "join"),
    [
        ("Germany sold Leopard 2 and Marder vehicles to Norway.", "join:list"),
        ("Germany sold F-16 jets with AMRAAM missiles to Norway.", "join:with"),
        ("Germany sold F-16 jets and Norway flies the AMRAAM missile.", "join:clause"),
    ],
)
def test_companions_are_told_by_what_joins_them(parse: Parse, text: str, join: str) -> None:
    scene, trigger = read(parse(text), "sold")
    items = [m for m in scene.first_word if m.kind == "equipment"]
    assert join in companion_readings(scene, trigger, items[0])[items[-1]]


def test_what_was_told_of_together_before_is_a_companion_where_both_are_taken_up(parse: Parse) -> None:
    scene, trigger = read(
        parse("Germany sold Norway the Leopard 2. It rained. The F-16 went too. Both were delivered in May."), "delivered"
    )
    items = {m.name: m for m in scene.first_word if m.kind == "equipment"}
    alone = companion_readings(scene, trigger, items["Leopard 2"])
    for name in items:
        scene.note("DE", "NO", name, trigger=1, stage="contract")
    together = companion_readings(scene, trigger, items["Leopard 2"])
    assert items["F-16"] not in alone
    assert {"join:mate", "mate:away", "mate:away:cue:both"} <= set(together[items["F-16"]])


def test_a_party_in_the_roles_own_slot_is_wanted_and_the_other_side_a_rival(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    item = next(m for m in scene.first_word if m.name == "Leopard 2")
    recipients, mentions = party_readings(scene, trigger, "recipient", item)
    assert "here:wanted" in recipients["NO"] and "here:rival" in recipients["DE"]
    assert (mentions["NO"].text, mentions["DE"].text) == ("Norway", "Germany")
    suppliers, _ = party_readings(scene, trigger, "supplier", item, "NO")
    assert "NO" not in suppliers
    assert "here:wanted" in suppliers["DE"] and "maker:True" in suppliers["DE"]


def test_what_the_report_said_before_is_remembered_of_a_party(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    item = next(m for m in scene.first_word if m.name == "Leopard 2")
    scene.drafts.append(Draft("DE", "NO", "Leopard 2"))
    recipients, _ = party_readings(scene, trigger, "recipient", item)
    assert "memory-item:last" in recipients["NO"] and "memory-item:never" in recipients["DE"]
    suppliers, _ = party_readings(scene, trigger, "supplier", item, "NO")
    assert "pair" in suppliers["DE"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        pytest.param("FA-50", [48], id="counted itself"),
        pytest.param("T-50", [12, 48], id="not counted itself"),
    ],
)
def test_a_count_that_is_written_with_another_item_is_not_weighed_where_the_item_has_its_own(
    parse: Parse, name: str, numbers: list[int]
) -> None:
    scene = set_scene(parse("Manila bought 12 K9 howitzers and 48 FA-50 jets, and the T-50."), {})
    trigger = next(t for t in find_triggers(scene) if t.lemma == "buy")
    item = next(m for m in scene.first_word if m.name == name)
    assert [getattr(m.value, "number", None) for m, _ in quantity_readings(scene, trigger, item)] == numbers


def test_a_count_that_stands_for_the_goods_is_not_that_of_an_earlier_clause(parse: Parse) -> None:
    scene, trigger = read(parse("24 K9 howitzers are in service in Norway, and four more were ordered in May."), "ordered")
    item = next(m for m in scene.first_word if m.name == "K9")
    assert [getattr(m.value, "number", None) for m, _ in quantity_readings(scene, trigger, item)] == [4]


def test_counts_and_sums_near_the_trigger_are_readings(parse: Parse) -> None:
    parsed = parse(SOLD + " Norway has nine ships.\n\nOslo slept. It rained. It snowed. Bread cost 5 million euros.")
    scene, trigger = read(parsed, "sold")
    item = next(m for m in scene.first_word if m.name == "Leopard 2")
    counts = {getattr(m.value, "number", None): told for m, told in quantity_readings(scene, trigger, item)}
    assert list(counts) == [10]
    assert "item-phrase" in counts[10] or "holds-item" in counts[10]
    assert [getattr(m.value, "amount", None) for m, _ in value_readings(scene, trigger, item)] == [90e6]


def test_a_telling_says_where_its_fillers_stand_and_what_is_on_record(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    told = told_of(scene, trigger)
    readings = telling_readings(scene, told, spelled_out=True)
    assert {"told", "spelled-out:True", "recipient:here", "supplier:here", "maker:True", "held:first", "fits:recipient:yes"} <= set(
        readings
    )
    scene.drafts.append(Draft("DE", "NO", "Leopard 2"))
    assert "held:known" in telling_readings(scene, told, spelled_out=True)
    scene.drafts[:] = [Draft("DE", "PL", "Leopard 2")]
    assert "held:rival" in telling_readings(scene, told, spelled_out=True)


def test_a_deal_says_how_much_of_it_is_told_and_whom_it_rivals(parse: Parse) -> None:
    scene, trigger = read(parse(SOLD), "sold")
    told = told_of(scene, trigger)
    count = Mention(0, 3, "quantity", "ten", "ten", value=Quantity(10, "tank"))
    deal = Deal("DE", "NO", "Leopard 2", [replace(told, quantity=(count, 0.9)), told])
    rival = Deal("DE", "PL", "Leopard 2", [told])
    readings = deal_readings(scene, deal, [deal, rival])
    assert {"deal", "tellings:2", "sentences:1", "item-here:True", "counted:True", "twins:1", "rivals:1", "maker:True"} <= set(readings)
    assert "rivals:0" in deal_readings(scene, deal, [deal]) and "counted:False" in deal_readings(scene, rival, [rival])
