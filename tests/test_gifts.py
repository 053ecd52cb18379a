"""Gifts of arms that no predicate of giving tells: which transfers are aid, once each, on their own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.extract.events_scene import Scene
from onrecord.extract.gifts import gifts
from onrecord.records import Finding, Json, Parsed, make_claim, make_finding

Parse = Callable[..., Parsed]
WAR = "2023-05-01"


def transfer(parsed: Parsed, words: str, *, stage: str = "delivery", modality: str = "actual", supplier: str = "NO", recipient: str = "UA",
             key: str = "t1", value: Json = None) -> list[Finding]:  # fmt: skip
    """A transfer of M113 with one stage on these words."""
    start = parsed.document.text.index(words)
    place = {"start": start, "end": start + len(words)}
    cells = [("supplier", supplier), ("recipient", recipient), ("equipment", "M113"), *([("value", value)] if value else [])]
    claims = [make_claim(parsed.document, name, cell, **place) for name, cell in cells]
    said = [make_claim(parsed.document, name, cell, **place) for name, cell in (("stage", stage), ("modality", modality))]
    return [make_finding("transfer", key, parsed.document, claims), make_finding("stage", f"{key}.s1", parsed.document, said, part_of=key)]


def acts(parsed: Parsed, transfers: list[Finding], told: list[Finding] | None = None) -> list[tuple[Json, Json, Json]]:
    """Who aids whom, and whether it is done."""
    found = gifts(Scene(parsed, (), transfers), transfers, told or [])
    return [(act["actor"], act["recipient"], act["modality"]) for act in found if act["plover"] == "AID"]


@pytest.mark.parametrize(
    ("text", "stage", "modality", "expected"),
    [
        pytest.param("The carriers went to Jordan free of charge.", "delivery", "actual", [("NO", "JO", "actual")], id="for nothing"),
        pytest.param("The carriers are a donation to Jordan.", "offer", "actual", [("NO", "JO", "planned")], id="promised"),
        pytest.param("The carriers went to Jordan.", "delivery", "actual", [], id="no word of giving"),
        pytest.param("The carriers went to Jordan free of charge.", "delivery", "denied", [], id="did not happen"),
        pytest.param("The carriers are a donation to Jordan.", "interest", "actual", [], id="not given"),
        pytest.param("The carriers went to Jordan free of charge, and it will buy more.", "delivery", "actual", [], id="a sale beside it"),
    ],
)  # fmt: skip
def test_a_word_of_giving_makes_a_transfer_a_gift(parse: Parse, text: str, stage: str, modality: str, expected: list[object]) -> None:
    parsed = parse(text)
    assert acts(parsed, transfer(parsed, text[:-1], stage=stage, modality=modality, recipient="JO")) == expected


@pytest.mark.parametrize(
    ("published", "expected"), [(WAR, [("NO", "UA", "actual")]), ("2021-05-01", [])], ids=["at war", "before"],
)  # fmt: skip
def test_what_a_state_at_war_is_sent_is_aid(parse: Parse, published: str, expected: list[object]) -> None:
    parsed = parse("Norway sent ten M113 carriers to Ukraine.", published=published)
    assert acts(parsed, transfer(parsed, "Norway sent ten M113 carriers to Ukraine")) == expected


def test_what_is_paid_for_is_no_gift(parse: Parse) -> None:
    parsed = parse("Norway sent ten M113 carriers to Ukraine.", published=WAR)
    words = "Norway sent ten M113 carriers to Ukraine"
    assert acts(parsed, transfer(parsed, words, value={"amount": 9e6, "currency": "EUR"})) == []
    sold = [
        *transfer(parsed, words),
        make_finding("stage", "t1.s2", parsed.document, transfer(parsed, words, stage="contract")[1].claims, part_of="t1"),
    ]
    assert acts(parsed, sold) == []


def test_each_gift_is_told_once(parse: Parse) -> None:
    text = "Norway sent M113 carriers to Ukraine. More M113 followed in May. Norway aids Jordan with a donation, and a donation it will be."
    parsed = parse(text, published=WAR)
    first, second = transfer(parsed, "Norway sent M113 carriers"), transfer(parsed, "More M113 followed", key="t2")
    assert acts(parsed, [*first, *second]) == [("NO", "UA", "actual")] * 2
    told = list(gifts(Scene(parsed, (), first), first, []))
    assert acts(parsed, [*first, *second], told) == [("NO", "UA", "actual")]
    third, fourth = (
        transfer(parsed, words, key=key, recipient="JO") for words, key in (("with a donation", "t3"), ("a donation it will", "t4"))
    )
    assert acts(parsed, [*third, *fourth]) == [("NO", "JO", "actual")]


def test_a_gift_stands_on_the_words_of_the_transfer(parse: Parse) -> None:
    parsed = parse("Norway sent ten M113 carriers to Ukraine.", published=WAR)
    (act,) = gifts(Scene(parsed, (), ()), transfer(parsed, "Norway sent ten M113 carriers to Ukraine"), [])
    assert {parsed.document.text[c.start : c.end] == c.quote for c in act.claims} == {True}
    assert [c.field for c in act.claims] == ["actor", "recipient", "plover", "modality"]
