"""Which transfers a statement or an event speaks of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.extract.about import add_subjects
from onrecord.records import Finding, Parsed, make_claim, make_finding

Parse = Callable[..., Parsed]

TEXT = (
    "Germany sold Leopard 2 tanks to Norway. Sweden sold Gripen jets to Peru. Ada Ek said the Leopard 2 is a fine tank."
    "\n\nGermany sold Leopard 2 tanks to Chile. Bo Ask said that it was late."
)


def finding(parsed: Parsed, kind: str, key: str, cells: list[tuple[str, str, str]], part_of: str | None = None) -> Finding:
    """Each cell is a field, its value and the words, at their last place in the text."""
    text = parsed.document.text
    claims = [
        make_claim(parsed.document, field, value, start=text.rindex(words), end=text.rindex(words) + len(words))
        for field, value, words in cells
    ]
    return make_finding(kind, key, parsed.document, claims, part_of=part_of)


def transfers(parsed: Parsed) -> list[Finding]:
    found = []
    for key, seller, buyer, item, words in [
        ("t1", "DE", "NO", "Leopard 2", "Germany sold Leopard 2 tanks to Norway"),
        ("t2", "SE", "PE", "Gripen", "Sweden sold Gripen jets to Peru"),
        ("t3", "DE", "CL", "Leopard 2", "Germany sold Leopard 2 tanks to Chile"),
    ]:
        found.append(
            finding(parsed, "transfer", key, [("supplier", seller, words), ("recipient", buyer, words), ("equipment", item, words)])
        )
        found.append(finding(parsed, "stage", key + ".s1", [("stage", "contract", words)], part_of=key))
    return found


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ("Sweden sold Gripen jets to Peru", ("t2",)),
        ("the Leopard 2 is a fine tank", ("t1", "t3")),
        ("it was late", ("t3",)),
        ("sold Leopard 2 tanks to Chile", ("t3",)),
    ],
    ids=["stage told in it", "item named in it", "told just before", "item and party"],
)
def test_a_statement_is_about_what_its_words_hold_or_follow(parse: Parse, content: str, about: tuple[str, ...]) -> None:
    parsed = parse(TEXT)
    statement = finding(parsed, "statement", "q1", [("content", content, content)])
    assert add_subjects(parsed, [statement], transfers(parsed))[0].about == about


def test_an_event_goes_by_its_evidence(parse: Parse) -> None:
    parsed = parse(TEXT)
    event = finding(parsed, "event", "e1", [("plover", "AGREE", "Sweden sold Gripen jets to Peru")])
    assert add_subjects(parsed, [event], transfers(parsed))[0].about == ("t2",)


def test_words_ahead_of_every_transfer_are_about_the_first_told(parse: Parse) -> None:
    parsed = parse("Ada Ek was glad. Germany sold Leopard 2 tanks to Norway.")
    words = "Germany sold Leopard 2 tanks to Norway"
    deal = finding(parsed, "transfer", "t1", [("supplier", "DE", words), ("equipment", "Leopard 2", words)])
    stage = finding(parsed, "stage", "t1.s1", [("stage", "contract", words)], part_of="t1")
    statement = finding(parsed, "statement", "q1", [("content", "glad", "Ada Ek was glad")])
    assert add_subjects(parsed, [statement], [deal, stage])[0].about == ("t1",)


def test_without_transfers_nothing_is_about_any(parse: Parse) -> None:
    parsed = parse("Ada Ek was glad.")
    statement = finding(parsed, "statement", "q1", [("content", "glad", "Ada Ek was glad")])
    assert add_subjects(parsed, [statement], []) == [statement]
