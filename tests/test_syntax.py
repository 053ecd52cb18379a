"""The smallest clause around a word, and the walks that it rests on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.records import Parsed, Word
from onrecord.syntax import clause_span, head_word, is_passive, mentions_in, subtree_span, word_at

Parse = Callable[..., Parsed]

CLAUSES = [
    ("Norway bought five patrol aircraft.", "bought", "Norway bought five patrol aircraft."),
    ("The purchase of the jets was approved.", "purchase", "The purchase of the jets was approved."),
    ("Oslo paid, and Lima delivered the boats.", "delivered", "Lima delivered the boats"),
    ("Oslo paid, and Lima delivered the boats.", "boats", "Lima delivered the boats"),
]


def find(parsed: Parsed, text: str) -> Word:
    return next(w for w in parsed.words if w.text == text)


@pytest.mark.parametrize(("text", "word", "clause"), CLAUSES)
def test_a_clause_is_its_verb_with_all_that_hangs_on_it(parse: Parse, text: str, word: str, clause: str) -> None:
    parsed = parse(text)
    start, end = clause_span(parsed, find(parsed, word).index)
    assert text[start:end].rstrip(".") == clause.rstrip(".")


def test_a_clause_leaves_out_the_clause_beside_it(parse: Parse) -> None:
    text = "Oslo paid the bill, and Lima delivered the boats."
    parsed = parse(text)
    start, end = clause_span(parsed, find(parsed, "paid").index)
    assert text[start:end].startswith("Oslo paid the bill") and "Lima" not in text[start:end]


def test_every_words_clause_holds_the_word(parse: Parse) -> None:
    parsed = parse("The jets, ordered in 2011, arrived in 2014, and Oslo, which had waited, paid for them to be painted.")
    for word in parsed.words:
        start, end = clause_span(parsed, word.index)
        assert start <= word.start and word.end <= end


@pytest.mark.parametrize(
    ("text", "word", "passive"),
    [
        ("The jets were sold.", "sold", True),
        ("Oslo sold the jets.", "sold", False),
        ("The jets taken by the navy were old.", "taken", True),
        ("Oslo has sold the jets.", "sold", False),
        ("The boats were built and sold by France.", "sold", True),
        ("Oslo has ordered and received the jets.", "received", False),
    ],
)
def test_a_verb_is_active_or_passive(parse: Parse, text: str, word: str, passive: bool) -> None:
    parsed = parse(text)
    assert is_passive(parsed, find(parsed, word).index) is passive


def test_a_word_is_found_by_any_offset_that_it_covers_and_by_the_gap_before_it(parse: Parse) -> None:
    parsed = parse("Oslo paid.")
    assert [getattr(word_at(parsed, offset), "text", None) for offset in (0, 3, 4, 5, 9, 10)] == ["Oslo", "Oslo", "paid", "paid", ".", None]


def test_a_phrase_has_the_head_whose_own_head_lies_outside_it(parse: Parse) -> None:
    text = "Norway bought five patrol aircraft."
    parsed = parse(text)
    start, end = text.index("five"), text.index(".")
    head = head_word(parsed, start, end)
    assert head is not None and head.text == "aircraft"
    assert subtree_span(parsed, head.index) == (start, end)


def test_only_mentions_wholly_inside_count(parse: Parse) -> None:
    parsed = parse("Norway sold Peru jets.")
    assert [m.text for m in mentions_in(parsed, 0, 16, "state")] == ["Norway", "Peru"]
    assert [m.text for m in mentions_in(parsed, 0, 15, "state")] == ["Norway"]
