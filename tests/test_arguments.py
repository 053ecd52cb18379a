"""What fills the slots of a predicate, told actively, passively or by a noun."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.extract.arguments import arguments
from onrecord.records import Parsed

Parse = Callable[..., Parsed]

CASES = [
    ("Norway sold jets to Peru.", "sold", {"subject": "Norway", "object": "jets", "to": "Peru"}),
    ("The jets were sold to Peru by Norway.", "sold", {"subject": "Norway", "object": "jets", "to": "Peru"}),
    ("Norway sold the navy ten jets.", "sold", {"subject": "Norway", "object": "jets", "dative": "navy"}),
    ("The sale of jets by Norway to Peru drew criticism.", "sale", {"subject": "Norway", "of": "jets", "to": "Peru"}),
    ("Norway's sale of jets drew criticism.", "sale", {"possessor": "Norway", "of": "jets"}),
    ("The jet sale drew criticism.", "sale", {"compound": "jet"}),
    ("Peru wants to buy jets from Norway.", "buy", {"subject": "Peru", "object": "jets", "from": "Norway"}),
    ("Peru wants Norway to return the jets.", "return", {"subject": "Norway", "object": "jets"}),
    ("Norway asked Peru to return the jets.", "return", {"subject": "Peru", "object": "jets"}),
    ("Norway, which sold the jets, was paid.", "sold", {"subject": "Norway", "object": "jets"}),
    ("The jets that Norway sold were old.", "sold", {"subject": "Norway", "object": "jets"}),
    ("The jets sold by Norway were old.", "sold", {"subject": "Norway", "object": "jets"}),
    ("Norway built and sold jets.", "sold", {"subject": "Norway", "object": "jets"}),
    ("Parliament may delay or cancel the sale.", "delay", {"subject": "Parliament", "object": "sale"}),
]


def slots_of(parsed: Parsed, word: str) -> dict[str, list[str]]:
    index = next(w.index for w in parsed.words if w.text == word)
    return {slot: [parsed.words[h].text for h in heads] for slot, heads in arguments(parsed, index).items()}


@pytest.mark.parametrize(("text", "word", "expected"), CASES)
def test_an_argument_stands_in_its_slot(parse: Parse, text: str, word: str, expected: dict[str, str]) -> None:
    slots = slots_of(parse(text), word)
    assert {slot: slots.get(slot, [None])[0] for slot in expected} == expected


def test_what_is_coordinated_fills_the_slot_too(parse: Parse) -> None:
    assert slots_of(parse("Norway sold jets and tanks to Peru and Chile."), "sold")["to"] == ["Peru", "Chile"]


def test_a_noun_takes_the_arguments_of_the_verb_that_governs_it(parse: Parse) -> None:
    assert slots_of(parse("Peru signed a contract with Norway."), "contract")["governor_subject"] == ["Peru"]


def test_a_word_that_governs_nothing_has_no_arguments(parse: Parse) -> None:
    assert slots_of(parse("Norway paid."), "Norway") == {}
