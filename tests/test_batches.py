"""Which batch of a deal a telling belongs to, by count, year, stage and the words beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.extract.batches import batch_readings, keeps_apart, mark_of
from onrecord.extract.scene import Draft, Scene, set_scene
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Mention, Parsed, Quantity

Parse = Callable[..., Parsed]


def read(parsed: Parsed, word: str) -> tuple[Scene, Trigger, Mention]:
    scene = set_scene(parsed, {})
    trigger = next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)
    return scene, trigger, next(m for m in scene.first_word if m.kind == "equipment")


@pytest.mark.parametrize(
    ("text", "word", "mark"),
    [
        ("Norway bought another ten Leopard 2 tanks.", "bought", "more"),
        ("Norway bought ten additional Leopard 2 tanks.", "bought", "more"),
        ("Norway bought a second batch of Leopard 2 tanks.", "bought", "more"),
        ("Norway received the Leopard 2 tanks.", "received", "same"),
        ("Norway received the remaining Leopard 2 tanks.", "received", "same"),
        ("Norway bought ten Leopard 2 tanks.", "bought", "plain"),
        ("Another minister resigned when Norway bought ten Leopard 2 tanks.", "bought", "plain"),
    ],
)
def test_words_beside_the_item_tell_of_another_lot_or_of_the_same(parse: Parse, text: str, word: str, mark: str) -> None:
    assert mark_of(*read(parse(text), word)) == mark


def readings(parse: Parse, draft: Draft, *, count: int | None, year: str | None = None, stage: str = "contract") -> list[list[str]]:
    scene, trigger, item = read(parse("Norway bought ten Leopard 2 tanks."), "bought")
    scene.drafts.append(draft)
    quantity = None if count is None else Quantity(count, "tank")
    return batch_readings(scene, trigger, item, stage, quantity, year, [draft])


@pytest.mark.parametrize(
    ("held", "told", "how"), [(10, 10, "same"), (10, 4, "smaller"), (4, 10, "larger"), (10, None, "one"), (None, None, "unsaid")]
)
def test_a_count_is_held_against_the_drafts_own(parse: Parse, held: int | None, told: int | None, how: str) -> None:
    draft = Draft("DE", "NO", "Leopard 2", touched=[0], count=None if held is None else Quantity(held, "tank"))
    assert f"old:number:{how}" in readings(parse, draft, count=told)[1]


def test_counts_in_different_units_are_not_compared(parse: Parse) -> None:
    draft = Draft("DE", "NO", "Leopard 2", touched=[0], count=Quantity(10, "battalion"))
    assert "old:number:other-unit" in readings(parse, draft, count=40)[1]


@pytest.mark.parametrize(("year", "told"), [("2011", "same"), ("2014", "other"), (None, "one")])
def test_a_year_is_held_against_the_year_of_the_same_stage(parse: Parse, year: str | None, told: str) -> None:
    draft = Draft("DE", "NO", "Leopard 2", touched=[0], years={"contract": "2011"})
    assert f"old:year:{told}" in readings(parse, draft, count=None, year=year)[1]


@pytest.mark.parametrize(("stage", "told"), [("contract", "again"), ("delivery", "fresh")])
def test_a_stage_may_be_told_again(parse: Parse, stage: str, told: str) -> None:
    draft = Draft("DE", "NO", "Leopard 2", touched=[0], stages={"contract"})
    assert f"old:stage:{told}" in readings(parse, draft, count=None, stage=stage)[1]


def test_a_new_batch_comes_first_and_then_every_draft(parse: Parse) -> None:
    scene, trigger, item = read(parse("Norway bought ten Leopard 2 tanks."), "bought")
    drafts = [Draft("DE", "NO", "Leopard 2", touched=[0]) for _ in range(2)]
    scene.drafts += drafts
    found = batch_readings(scene, trigger, item, "contract", None, None, drafts)
    assert [told[0] for told in found] == ["new", "old", "old"]
    assert ("old:earlier" in found[1], "old:last" in found[2]) == (True, True)


APART = [
    # done, marks, stage, modality, mark, apart
    (False, {"more"}, "delivery", "actual", "same", True),
    (False, {"more"}, "delivery", "actual", "more", False),
    (False, {"more"}, "delivery", "planned", "same", False),
    (False, {"plain"}, "delivery", "actual", "same", False),
    (True, {"plain"}, "negotiation", "actual", "more", True),
    (True, {"plain"}, "contract", "planned", "more", True),
    (True, {"plain"}, "contract", "actual", "more", False),
    (True, {"plain"}, "negotiation", "actual", "plain", False),
    (True, {"plain", "more"}, "negotiation", "actual", "more", False),
    (False, {"plain"}, "negotiation", "actual", "more", False),
]


@pytest.mark.parametrize(("done", "marks", "stage", "modality", "mark", "apart"), APART)
def test_what_has_arrived_is_not_the_lot_still_spoken_of(
    done: bool, marks: set[str], stage: str, modality: str, mark: str, apart: bool
) -> None:
    assert keeps_apart(Draft("DE", "NO", "Leopard 2", marks=marks, done=done), stage, modality, mark) is apart
