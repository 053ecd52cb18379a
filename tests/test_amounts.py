"""Counts of arms with their unit, sums with their currency, and the numbers that are neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord import vocab
from onrecord.parse.numbers import read_number, spelled_pattern
from onrecord.records import Mention, Money, Parsed, Quantity

Parse = Callable[..., Parsed]

NUMBERS = [
    ("four", 4),
    ("twenty-four", 24),
    ("twenty four", 24),
    ("a dozen", 12),
    ("half a dozen", 6),
    ("two dozen", 24),
    ("a score", 20),
    ("a pair", 2),
    ("one hundred", 100),
    ("a hundred", 100),
    ("three hundred and twelve", 312),
    ("two hundred thirty-four million", 234_000_000),
    ("a hundred and twenty thousand", 120_000),
    ("one and a half billion", 1_500_000_000),
    ("half a billion", 500_000_000),
    ("a billion and a half", 1_500_000_000),
    ("two billion and a half", 2_500_000_000),
    ("3,000", 3000),
    ("3.000", 3000),
    ("1,234,567", 1_234_567),
    ("1.2", 1.2),
    ("19,65", 19.65),
]

QUANTITIES = [
    ("Turkey ordered four S-400 batteries.", 4, "battery", "exact"),
    ("Turkey ordered four long-range batteries.", 4, "battery", "exact"),
    ("Turkey ordered 24 Rafale jets.", 24, "aircraft", "exact"),
    ("Turkey ordered 18 additional F-16s.", 18, "aircraft", "exact"),
    ("Turkey ordered eighteen F-16s.", 18, "aircraft", "exact"),
    ("Turkey ordered fifteen second-hand F-16s.", 15, "aircraft", "exact"),
    ("Turkey ordered a dozen fighters.", 12, "aircraft", "exact"),
    ("Turkey ordered half a dozen submarines.", 6, "submarine", "exact"),
    ("Turkey ordered two dozen used helicopters.", 24, "helicopter", "exact"),
    ("Turkey ordered 160 aircraft.", 160, "aircraft", "exact"),
    ("Turkey ordered 3,000 missiles.", 3000, "missile", "exact"),
    ("Turkey ordered 100,000 rounds.", 100_000, "round", "exact"),
    ("Turkey ordered a pair of frigates.", 2, "ship", "exact"),
    ("Turkey ordered six corvettes.", 6, "ship", "exact"),
    ("Turkey ordered eight infantry fighting vehicles.", 8, "vehicle", "exact"),
    ("Turkey ordered 24 self-propelled howitzers.", 24, "howitzer", "exact"),
    ("Turkey ordered ten drones.", 10, "drone", "exact"),
    ("Turkey ordered two Patriot batteries.", 2, "battery", "exact"),
    ("Turkey ordered twelve launchers.", 12, "launcher", "exact"),
    ("Turkey ordered two regiments of the S-400.", 2, "regiment", "exact"),
    ("Turkey ordered two radars.", 2, "radar", "exact"),
    ("Turkey ordered 44 main battle tanks.", 44, "tank", "exact"),
    ("Turkey ordered forty (40) F-16 aircraft.", 40, "aircraft", "exact"),
    ("Turkey ordered more than 40 tanks.", 40, "tank", "more than"),
    ("Turkey ordered over 40 tanks.", 40, "tank", "more than"),
    ("Turkey ordered up to 40 tanks.", 40, "tank", "up to"),
    ("Turkey ordered at least 40 tanks.", 40, "tank", "at least"),
    ("Turkey ordered about 40 tanks.", 40, "tank", "about"),
    ("Turkey ordered some 40 tanks.", 40, "tank", "about"),
    ("Turkey ordered no fewer than 40 tanks.", 40, "tank", "at least"),
    ("Turkey ordered as many as 40 tanks.", 40, "tank", "up to"),
    ("Turkey ordered a second regiment.", 1, "regiment", "exact"),
    ("Turkey ordered another battery.", 1, "battery", "exact"),
    ("Turkey ordered one submarine.", 1, "submarine", "exact"),
    ("Turkey ordered a submarine.", 1, "submarine", "exact"),
    ("Six were ordered.", 6, "", "exact"),
    ("Thirteen old ones were bought from Jordan.", 13, "", "exact"),
    ("Turkey ordered tanks, 28 in number.", 28, "", "exact"),
    ("Turkey, which ordered nine, has paid.", 9, "", "exact"),
    ("Turkey took eight more last autumn.", 8, "", "exact"),
    ("Eighteen single-seat and twelve two-seat jets follow.", 30, "aircraft", "exact"),
    ("Turkey ordered about 28 anti-submarine and 15 rescue helicopters.", 43, "helicopter", "about"),
    ("Turkey ordered four new and two used frigates.", 6, "ship", "exact"),
    ("Turkey ordered six firm and twelve optional jets.", 12, "aircraft", "exact"),
]

# Counts of different things, and of one thing from different makers, are as many counts.
COUNTED_APART = [
    ("Turkey ordered 20 battle tanks and 30 armoured vehicles.", [20, 30]),
    ("Turkey ordered two diesel submarines and four guided missiles.", [2, 4]),
    ("Turkey ordered 22 Apache and 15 Chinook helicopters.", [22, 15]),
    ("Turkey ordered twelve French and six Italian helicopters.", [12, 6]),
    ("Two companies and three patrol boats took part.", [2, 3]),
    ("Turkey ordered six diesel and a nuclear submarine.", [1]),
]

NO_QUANTITY = [
    "Turkey ordered several batteries.",
    "Turkey ordered the S-400.",
    "Turkey ordered 155mm shells.",
    "The F-16 Block 70 is new.",
    "The first batch has arrived.",
    "The range is 400 kilometres.",
    "He is 45 years old.",
    "Some 300 pilots were trained.",
    "Prices rose 12 percent.",
    "Prices rose 12%.",
    "The parliament voted by 90 votes.",
    "The talks took three days.",
    "No one has seen the tanks.",
    "The contract of 2012 stands.",
    "It was signed on 12 July.",
    "He heads the Fourth European Department.",
    "Five countries fly it.",
]

SUMS = [
    ("It cost $290 million.", 290e6, "USD", "exact"),
    ("It cost 2.5 billion dollars.", 2.5e9, "USD", "exact"),
    ("It cost 1.969 billion dollars.", 1.969e9, "USD", "exact"),
    ("It cost USD2.5 billion.", 2.5e9, "USD", "exact"),
    ("It cost USD 2.5 billion.", 2.5e9, "USD", "exact"),
    ("It cost US$2.5bn.", 2.5e9, "USD", "exact"),
    ("It cost $2.5bn.", 2.5e9, "USD", "exact"),
    ("It cost 2.5 bn dollars.", 2.5e9, "USD", "exact"),
    ("It cost 140 million euros.", 140e6, "EUR", "exact"),
    ("It cost €140 M.", 140e6, "EUR", "exact"),
    ("It cost €1.2 billion.", 1.2e9, "EUR", "exact"),
    ("It cost EUR827 million.", 827e6, "EUR", "exact"),
    ("It cost 1.2 bn euros.", 1.2e9, "EUR", "exact"),
    ("It cost £5 billion.", 5e9, "GBP", "exact"),
    ("It cost five billion pounds.", 5e9, "GBP", "exact"),
    ("It cost half a billion dollars.", 0.5e9, "USD", "exact"),
    ("It cost 13.5 billion baht.", 13.5e9, "THB", "exact"),
    ("It cost 7.3 trillion won.", 7.3e12, "KRW", "exact"),
    ("It cost ¥51 billion.", 51e9, "JPY", "exact"),
    ("It cost 51 billion yen.", 51e9, "JPY", "exact"),
    ("It cost A$9.8bn.", 9.8e9, "AUD", "exact"),
    ("It cost NT$12 billion.", 12e9, "TWD", "exact"),
    ("It cost 19 billion Canadian dollars.", 19e9, "CAD", "exact"),
    ("It cost Rs 43,000 crore.", 430e9, "INR", "exact"),
    ("It cost 5 billion kroner.", 5e9, "NOK", "exact"),
    ("Denmark paid 5 billion kroner.", 5e9, "DKK", "exact"),
    ("Prague paid 60 billion crowns, said the Czech ministry.", 60e9, "CZK", "exact"),
    ("Switzerland paid six billion francs.", 6e9, "CHF", "exact"),
    ("It cost 322 billion pesetas.", 322e9, "ESP", "exact"),
    ("It cost 3,401,250,000 dollars.", 3_401_250_000, "USD", "exact"),
    ("It cost $3,401,250,000.", 3_401_250_000, "USD", "exact"),
    ("It cost 3.8 thousand million euros.", 3.8e9, "EUR", "exact"),
    ("It cost more than $100 million.", 100e6, "USD", "more than"),
    ("It cost up to $100 million.", 100e6, "USD", "up to"),
    ("It cost about 100 million dollars.", 100e6, "USD", "about"),
    ("It cost an estimated $462 million.", 462e6, "USD", "about"),
    ("It was a 2.5-billion-dollar deal.", 2.5e9, "USD", "exact"),
    ("It was a $2.5-billion deal.", 2.5e9, "USD", "exact"),
    ("It cost between $2 and $3 billion.", 2e9, "USD", "exact"),
    ("It cost a billion and a half euros.", 1.5e9, "EUR", "exact"),
    ("It cost one billion and 286 million dollars.", 1.286e9, "USD", "exact"),
    ("It cost more than 1 billion 286 million dollars.", 1.286e9, "USD", "more than"),
    ("It cost 2 million, 300 thousand euros.", 2.3e6, "EUR", "exact"),
    ("It cost 1.2 billion and 300 million dollars.", 300e6, "USD", "exact"),
]

NO_SUM = [
    "ALL 24 jets are in service.",
    "Turkey ordered 3,000 missiles.",
    "Try 20 of them.",
    "Two million people live there.",
]


def found(parse: Parse, text: str, kind: str) -> list[Mention]:
    return [m for m in parse(text).mentions if m.kind == kind]


@pytest.mark.parametrize(("said", "value"), NUMBERS)
def test_number(said: str, value: float) -> None:
    assert read_number(said) == value


def test_spelled_numbers_are_bounded_by_words() -> None:
    import re

    pattern = re.compile(rf"\b(?:{spelled_pattern()})\b")
    assert [m.group() for m in pattern.finditer("someone often took two dozen and a hundred and six")] == ["two dozen", "a hundred and six"]


@pytest.mark.parametrize(("text", "numbers"), COUNTED_APART)
def test_other_things_are_counted_apart(parse: Parse, text: str, numbers: list[float]) -> None:
    assert [m.value.number for m in found(parse, text, "quantity") if isinstance(m.value, Quantity)] == numbers


@pytest.mark.parametrize(("text", "number", "unit", "bound"), QUANTITIES)
def test_quantity(parse: Parse, text: str, number: float, unit: str, bound: str) -> None:
    assert [m.value for m in found(parse, text, "quantity")] == [Quantity(number, unit, bound)]


@pytest.mark.parametrize("text", NO_QUANTITY)
def test_number_that_counts_no_arms(parse: Parse, text: str) -> None:
    assert [m.text for m in found(parse, text, "quantity")] == []


@pytest.mark.parametrize(("text", "amount", "currency", "bound"), SUMS)
def test_sum(parse: Parse, text: str, amount: float, currency: str, bound: str) -> None:
    assert [m.value for m in found(parse, text, "money")][:1] == [Money(amount, currency, bound)]


@pytest.mark.parametrize("text", NO_SUM)
def test_number_that_is_no_sum(parse: Parse, text: str) -> None:
    assert [m.text for m in found(parse, text, "money")] == []


def test_a_later_sum_takes_the_currency_before(parse: Parse) -> None:
    sums = found(parse, "The first lot cost $462 million; the second, 1.13 billion.", "money")
    assert [m.value for m in sums] == [Money(462e6, "USD"), Money(1.13e9, "USD")]
    assert sums[1].score < sums[0].score


def test_a_range_shares_its_scale(parse: Parse) -> None:
    assert [m.value for m in found(parse, "It cost between $2 and $3 billion.", "money")] == [Money(2e9, "USD"), Money(3e9, "USD")]


def test_a_mention_covers_number_and_unit(parse: Parse) -> None:
    text = "Turkey ordered up to four long-range S-400 batteries for about $2.5 billion."
    assert [m.text for m in parse(text).mentions if m.kind in {"quantity", "money"}] == [
        "up to four long-range S-400 batteries",
        "about $2.5 billion",
    ]


@pytest.mark.parametrize("example", vocab.words("amounts")["examples"], ids=lambda example: example["text"])
def test_vocabulary_example(parse: Parse, example: dict[str, list[str]]) -> None:
    assert [m.name for m in parse(example["text"]).mentions if m.kind in {"quantity", "money"}] == example["expect"]


def test_dollars_are_those_that_a_code_explains_anywhere_in_the_report(parse: Parse) -> None:
    text = "The project has a budget of $1.5 billion (NZD). Four aircraft were ordered for $2.3 billion and US$40 million of spare parts."
    assert [m.value for m in found(parse, text, "money")] == [Money(1.5e9, "NZD"), Money(2.3e9, "NZD"), Money(4e7, "USD")]
