"""Which words of a report may tell a stage, and whether the sentence itself fills their frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from onrecord.encoding import Encoding
from onrecord.extract.opinions import STAGES
from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.stages import is_spelled_out, stage_readings
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Parsed

Parse = Callable[..., Parsed]


def trigger(parsed: Parsed, word: str) -> tuple[Scene, Trigger]:
    scene = set_scene(parsed, {})
    return scene, next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)


@pytest.mark.parametrize(
    ("text", "word", "stage", "side"),
    [
        ("Norway bought ten tanks.", "bought", "contract", "buy"),
        ("Norway sold ten tanks.", "sold", "contract", "sell"),
        ("Norway delivered ten tanks.", "delivered", "delivery", "sell"),
        ("Norway received ten tanks.", "received", "delivery", "buy"),
        ("Norway and Germany discussed ten tanks.", "discussed", "negotiation", "none"),
    ],
)
def test_a_trigger_tells_its_stage_and_whose_act_it_is(parse: Parse, text: str, word: str, stage: str, side: str) -> None:
    _, found = trigger(parse(text), word)
    assert stage in found.stages
    assert found.side == side


def test_a_word_of_a_longer_predicate_gives_no_trigger_of_its_own(parse: Parse) -> None:
    parsed = parse("Norway took delivery of ten tanks from Germany.")
    scene, found = trigger(parsed, "took")
    assert found.lemma == "take delivery"
    assert [parsed.words[i].text for i in found.phrase] == ["delivery"]
    assert set(scene.stage_at) == {found.index}
    assert [parsed.words[h].text for h in found.slots["from"]] == ["Germany"]


def test_triggers_come_in_text_order(parse: Parse) -> None:
    parsed = parse("Norway ordered ten tanks in 2011. Germany delivered them in 2014.")
    assert [parsed.words[t.index].text for t in find_triggers(set_scene(parsed, {}))] == ["ordered", "delivered"]


def test_a_text_of_other_things_has_no_trigger(parse: Parse) -> None:
    assert find_triggers(set_scene(parse("The choir sang in the rain."), {})) == []


def test_a_noun_takes_the_arguments_of_the_infinitive_below_it(parse: Parse) -> None:
    parsed = parse("Peru expressed interest to buy ten tanks from Norway.")
    _, found = trigger(parsed, "buy")
    assert [parsed.words[h].text for h in found.slots["from"]] == ["Norway"]


@pytest.mark.parametrize(
    ("text", "word", "spelled_out"),
    [
        ("Germany sold ten Leopard 2 tanks to Norway.", "sold", True),
        ("Norway bought ten Leopard 2 tanks from Germany.", "bought", True),
        ("Norway bought ten Leopard 2 tanks.", "bought", True),
        ("Norway bought ten tanks from Germany.", "bought", False),
        ("Germany sold ten Leopard 2 tanks.", "sold", False),
        ("Norway bought bread. The Leopard 2 is a tank.", "bought", False),
    ],
)
def test_a_sentence_spells_a_deal_out_with_item_buyer_and_another_party(parse: Parse, text: str, word: str, spelled_out: bool) -> None:
    assert is_spelled_out(*trigger(parse(text), word)) is spelled_out


def test_none_is_always_a_reading_beside_the_frames_stages(parse: Parse) -> None:
    scene, found = trigger(parse("Norway bought ten tanks."), "bought")
    assert list(stage_readings(scene, found)) == ["none", *found.stages]


def hearing(parsed: Parsed, word: str, stage: str) -> Parsed:
    """The parse as a model has read it that believes one word to tell one stage, and every other word to tell none."""
    vectors = np.array([[float(w.text == word)] for w in parsed.words], np.float32)
    bias = np.zeros(len(STAGES), np.float32)
    bias[0] = 5.0
    weight = np.zeros((len(STAGES), 1), np.float32)
    weight[STAGES.index(stage)] = 20.0
    heads = {"stage.in.weight": np.ones((1, 1), np.float32), "stage.in.bias": np.zeros(1, np.float32),
             "stage.out.weight": weight, "stage.out.bias": bias}  # fmt: skip
    heads |= {f"key.{part}": np.zeros((10, 1) if part == "weight" else 10, np.float32) for part in ("weight", "bias")}
    starts, ends = (np.array(places) for places in ([w.start for w in parsed.words], [w.end for w in parsed.words]))
    return replace(parsed, encoding=Encoding(starts, ends, vectors, heads))


def test_a_verb_that_no_frame_knows_tells_the_stage_that_the_model_hears(parse: Parse) -> None:
    parsed = parse("Norway juggled ten tanks over to Peru.")
    assert find_triggers(set_scene(parsed, {})) == []
    scene, found = trigger(hearing(parsed, "juggled", "delivery"), "juggled")
    assert found.stages == ("delivery",)
    assert set(scene.stage_at.values()) == {"delivery"}
    assert "open:delivery" in stage_readings(scene, found)["delivery"]


def test_a_stage_that_is_only_heard_lends_no_slots_to_a_word_with_frames(parse: Parse) -> None:
    parsed = parse("Peru bought ten tanks.")
    _, found = trigger(hearing(parsed, "bought", "service"), "bought")
    assert found.stages[-1] == "service" and found.side == "buy"


def test_what_is_hardly_heard_is_no_reading(parse: Parse) -> None:
    parsed = parse("Norway juggled ten tanks over to Peru.")
    assert find_triggers(set_scene(hearing(parsed, "Peru", "delivery"), {})) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The property of the four officials is frozen.", False),
        ("Washington froze the assets of the maker.", False),
        ("The sale of the tanks is frozen.", True),
    ],
)
def test_what_is_done_to_property_is_done_to_no_deal(parse: Parse, text: str, told: bool) -> None:
    scene = set_scene(parse(text), {})
    assert any(scene.parsed.words[t.index].text in {"frozen", "froze"} for t in find_triggers(scene)) is told
