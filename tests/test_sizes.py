"""An amount belongs to one deal at most, unless it counts each of several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.extract.sizes import FLOOR, settle_sizes
from onrecord.extract.told import Amount, Deal, Told
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention, Money, Quantity

FIVE = Mention(0, 4, "quantity", "five", "five", value=Quantity(5, "tank"))
NINE = Mention(6, 10, "quantity", "nine", "nine", value=Quantity(9, "tank"))
BILLION = Mention(12, 19, "money", "billion", "billion", value=Money(1e9, "EUR"))
TRIGGER = Trigger(0, "sell", "verb", (), {}, (), (), (), ())
ITEM = Mention(20, 24, "equipment", "tank", "tank")
BARE = Told(TRIGGER, (0, 1), (0, 1), "contract", "actual", "", 1.0, 1.0, ITEM, ("PE", None), ("NO", None), None, None, None)


def deal(*tellings: tuple[Amount | None, Amount | None]) -> Deal:
    return Deal("NO", "PE", "tank", [replace(BARE, quantity=quantity, value=value) for quantity, value in tellings])


def test_the_firmest_count_of_a_deals_tellings_is_its_count() -> None:
    assert settle_sizes([deal(((FIVE, 0.6), None), ((NINE, 0.9), None))]) == [(NINE, None)]


@pytest.mark.parametrize(("belief", "kept"), [(FLOOR, FIVE), (FLOOR - 0.01, None)])
def test_an_amount_below_the_floor_is_nobodys(belief: float, kept: Mention | None) -> None:
    assert settle_sizes([deal(((FIVE, belief), None))]) == [(kept, None)]


def test_a_sum_goes_to_the_deal_that_claims_it_most_firmly() -> None:
    assert settle_sizes([deal((None, (BILLION, 0.6))), deal((None, (BILLION, 0.9)))]) == [(None, None), (None, BILLION)]


def test_a_sum_claimed_about_as_firmly_goes_to_the_deal_that_is_told_of_nearer_by() -> None:
    near, far = deal((None, (BILLION, 0.75))), deal((None, (BILLION, 0.8)))
    near.told[0] = replace(near.told[0], core=(21, 25))
    assert settle_sizes([near, far]) == [(None, BILLION), (None, None)]


def test_a_sum_claimed_alike_covers_both_and_goes_to_neither() -> None:
    assert settle_sizes([deal((None, (BILLION, 0.8))), deal((None, (BILLION, 0.8)))]) == [(None, None), (None, None)]


def test_a_count_may_serve_several_deals() -> None:
    assert settle_sizes([deal(((FIVE, 0.8), None)), deal(((FIVE, 0.7), None))]) == [(FIVE, None), (FIVE, None)]


def test_a_deal_without_amounts_has_no_size() -> None:
    assert settle_sizes([deal((None, None))]) == [(None, None)]
