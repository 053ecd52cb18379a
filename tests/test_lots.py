"""Which lot of a deal a telling belongs to, by count, year, stage and the words beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.batches import keeps_apart, mark_of
from onrecord.extract.lots import lot_readings, part_lots, sum_up
from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.told import Deal, Told
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Mention, Money, Parsed, Quantity, When

Parse = Callable[..., Parsed]


def read(parsed: Parsed, word: str) -> tuple[Scene, Trigger, Mention]:
    scene = set_scene(parsed, {"lot": {}})
    trigger = next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)
    return scene, trigger, next(m for m in scene.first_word if m.kind == "equipment")


@pytest.mark.parametrize(
    ("text", "word", "mark"),
    [
        ("Norway bought another ten Leopard 2 tanks.", "bought", "more"),
        ("Norway bought ten additional Leopard 2 tanks.", "bought", "more"),
        ("Norway bought a second batch of Leopard 2 tanks.", "bought", "another lot"),
        ("Norway signed a new contract for Leopard 2 tanks.", "signed", "another lot"),
        ("Deliveries of the second regiment of Leopard 2 tanks have begun.", "begun", "another lot"),
        ("Norway received the first batch of Leopard 2 tanks.", "received", "first lot"),
        ("Norway received the first Leopard 2 tanks.", "received", "first"),
        ("Norway received the Leopard 2 tanks.", "received", "same"),
        ("Norway received the remaining Leopard 2 tanks.", "received", "same"),
        ("Norway bought ten Leopard 2 tanks.", "bought", "plain"),
        ("Another minister resigned when Norway bought ten Leopard 2 tanks.", "bought", "plain"),
    ],
)
def test_words_beside_the_item_tell_of_another_lot_or_of_the_same(parse: Parse, text: str, word: str, mark: str) -> None:
    assert mark_of(*read(parse(text), word)) == mark


@pytest.fixture
def scene_and_telling(parse: Parse) -> tuple[Scene, Told]:
    scene, trigger, item = read(parse("Norway bought ten Leopard 2 tanks."), "bought")
    told = Told(trigger, (7, 13), (0, 34), "contract", "actual", "", 0.9, 0.9, item, ("NO", None), ("DE", None), None, None, None, 0.9, 0.8)
    return scene, told


def counted(number: int | None, unit: str = "tank") -> tuple[Mention, float] | None:
    return None if number is None else (Mention(0, 1, "quantity", "N", "N", value=Quantity(number, unit)), 0.9)


def dated(year: str | None) -> tuple[Mention, str] | None:
    return None if year is None else (Mention(0, 1, "date", "N", year, value=When(year, "year")), "beside it")


def weighed(scene: Scene, told: Told, *held: Told, marks: list[str] | None = None, mark: str = "plain") -> list[list[str]]:
    """The readings of a telling against one lot of what is held."""
    lot = Deal("DE", "NO", "Leopard 2", list(held), marks or ["plain"] * len(held))
    return lot_readings(scene, told, mark, [lot], sum_up([*held, told], [*lot.marks, mark]), lot)


@pytest.mark.parametrize(
    ("held", "told", "how"),
    [(10, 10, "same"), (10, 4, "smaller"), (4, 10, "larger"), (10, None, "held"), (None, 10, "told"), (None, None, "unsaid")],
)
def test_a_count_is_held_against_the_lots_own(scene_and_telling: tuple[Scene, Told], held: int | None, told: int | None, how: str) -> None:
    scene, bare = scene_and_telling
    fresh, old = weighed(scene, replace(bare, quantity=counted(told)), replace(bare, quantity=counted(held)))
    assert f"new:number:{how}" in fresh and f"old:number:{how}" in old


def test_counts_in_different_units_are_not_compared(scene_and_telling: tuple[Scene, Told]) -> None:
    scene, bare = scene_and_telling
    held = replace(bare, quantity=counted(10, "battalion"))
    assert "old:number:other-unit" in weighed(scene, replace(bare, quantity=counted(40)), held)[1]


@pytest.mark.parametrize(("year", "how"), [("2011", "same"), ("2014", "larger"), ("2009", "smaller"), (None, "one")])
def test_a_year_is_held_against_the_year_of_the_same_stage(scene_and_telling: tuple[Scene, Told], year: str | None, how: str) -> None:
    scene, bare = scene_and_telling
    old = weighed(scene, replace(bare, when=dated(year)), replace(bare, when=dated("2011")))[1]
    assert f"old:year:{how}" in old
    other = weighed(scene, replace(bare, when=dated(year)), replace(bare, stage="delivery", when=dated("2011")))[1]
    assert f"old:any-year:{how}" in other


@pytest.mark.parametrize(
    ("stage", "modality", "again", "step"),
    [
        ("contract", "actual", "act", "at"),
        ("contract", "denied", "mood", "at"),
        ("delivery", "actual", "no", "ahead"),
        ("negotiation", "actual", "no", "back"),
        ("cancellation", "actual", "no", "end"),
    ],
)
def test_a_stage_stands_before_or_behind_what_a_lot_has_reached(
    scene_and_telling: tuple[Scene, Told], stage: str, modality: str, again: str, step: str
) -> None:
    scene, bare = scene_and_telling
    old = weighed(scene, replace(bare, stage=stage, modality=modality), bare)[1]
    assert f"old:again:{again}:{stage}" in old
    assert any(told.startswith(f"old:step:{step}:") for told in old)


def test_the_same_worth_speaks_for_one_lot(scene_and_telling: tuple[Scene, Told]) -> None:
    scene, bare = scene_and_telling
    sums = [(Mention(0, 1, "money", "N", "N", value=Money(amount, "EUR")), 0.9) for amount in (9e7, 8e7)]
    rich, poor = (replace(bare, value=worth) for worth in sums)
    assert "old:worth:same" in weighed(scene, rich, rich)[1] and "old:worth:other" in weighed(scene, rich, poor)[1]


def test_a_report_is_summed_up_over_one_triple(scene_and_telling: tuple[Scene, Told]) -> None:
    _, bare = scene_and_telling
    ten, four = (replace(bare, quantity=counted(number), when=dated(year)) for number, year in ((10, "2011"), (4, "2014")))
    whole = sum_up([ten, ten, four], ["plain", "same", "more"])
    assert (whole.more, whole.counts, whole.years, whole.sums, whole.tellings) == (1, 2, 2, 0, 3)


def test_lots_part_where_the_weights_say_so(scene_and_telling: tuple[Scene, Told]) -> None:
    scene, bare = scene_and_telling
    ten, four = (replace(bare, quantity=counted(number)) for number in (10, 4))
    scene.models = {"lot": {"new:number:smaller": 5.0, "old": 1.0, "old:number:same": 5.0}}
    assert [[t.count.number for t in deal.told if t.count] for deal in part_lots(scene, [ten, four, ten])] == [[10, 10], [4]]
    scene.models = {"lot": {"old": 5.0}}
    assert [len(deal.told) for deal in part_lots(scene, [ten, four, ten])] == [3]


def test_another_party_is_another_deal_whatever_the_weights(scene_and_telling: tuple[Scene, Told]) -> None:
    scene, bare = scene_and_telling
    scene.models = {"lot": {"old": 5.0}}
    deals = part_lots(scene, [bare, replace(bare, recipient=("PL", None)), bare])
    assert [(deal.triple, len(deal.told)) for deal in deals] == [(("DE", "NO", "Leopard 2"), 2), (("DE", "PL", "Leopard 2"), 1)]


APART = [
    # what came before, its marks, stage, modality, mark, apart
    ("negotiation", ["more"], "delivery", "actual", "same", True),
    ("negotiation", ["more"], "delivery", "actual", "more", False),
    ("negotiation", ["more"], "delivery", "planned", "same", False),
    ("contract", ["more"], "delivery", "actual", "same", False),
    ("negotiation", ["plain"], "delivery", "actual", "same", False),
    ("delivery", ["plain"], "negotiation", "actual", "more", True),
    ("service", ["plain"], "contract", "planned", "more", True),
    ("delivery", ["plain"], "contract", "actual", "more", False),
    ("delivery", ["plain"], "negotiation", "actual", "plain", False),
    ("delivery", ["more"], "negotiation", "actual", "more", False),
    ("negotiation", ["plain"], "negotiation", "actual", "more", False),
    ("delivery", ["first lot"], "contract", "actual", "another lot", True),
    ("contract", ["another lot"], "delivery", "actual", "first lot", True),
    ("contract", ["another lot"], "delivery", "actual", "another lot", False),
    ("contract", ["plain"], "delivery", "actual", "first lot", False),
    ("contract", ["first lot", "another lot"], "delivery", "actual", "another lot", False),
    ("delivery", ["first"], "contract", "actual", "another lot", False),
]


@pytest.mark.parametrize(("before", "marks", "stage", "modality", "mark", "apart"), APART)
def test_what_has_arrived_is_not_the_lot_still_spoken_of(
    scene_and_telling: tuple[Scene, Told], before: str, marks: list[str], stage: str, modality: str, mark: str, apart: bool
) -> None:
    _, bare = scene_and_telling
    lot = Deal("DE", "NO", "Leopard 2", [replace(bare, stage=before)], marks)
    assert keeps_apart(lot, stage, modality, mark) is apart


@pytest.mark.parametrize(("text", "years"), [("Norway bought ten Leopard 2 tanks.", ["2014"]), ("Norway bought. It paid.", ["2014", None])])
def test_the_day_of_what_is_only_heard_stays_with_the_known_word_of_its_sentence(
    parse: Parse, scene_and_telling: tuple[Scene, Told], text: str, years: list[str | None]
) -> None:
    _, bare = scene_and_telling
    parsed = parse(text)
    last = len(parsed.words) - 2
    heard = replace(bare, trigger=replace(bare.trigger, index=last, frames=()), when=dated("2014"))
    lot = Deal("DE", "NO", "Leopard 2", [heard, bare])
    lot.drop_echoes(parsed)
    assert [told.year for told in lot.told] == years
    assert not lot.told[-1].is_heard
