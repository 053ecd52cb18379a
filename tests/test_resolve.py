"""Tests of resolve.py: the words that set a batch apart, and what counts as disagreement."""

from __future__ import annotations

import pytest

from onrecord.clean.document import make_document
from onrecord.records import Json, make_claim, make_finding
from onrecord.resolve import disagreement, disagreements, fold, group, view_transfer
from onrecord.vocab import words
from reports import make_report


@pytest.mark.parametrize("example", words("another_batch")["examples"], ids=lambda example: example["text"])
def test_batch_words(example: dict[str, str]) -> None:
    document = make_document(example["text"])
    start = document.text.index(example["goods"])
    claim = make_claim(document, "equipment", example["goods"], start=start, end=start + len(example["goods"]))
    transfer = make_finding("transfer", "t1", document, [claim])
    assert view_transfer(document, transfer, []).traits.batch == example["expect"]


def stage(stage: str, modality: str, when: str | None = None) -> Json:
    return {"stage": stage, "modality": modality, "when": when, "according_to": None}


@pytest.mark.parametrize(
    ("field", "left", "right", "expected"),
    [
        pytest.param("quantity", {"number": 18, "unit": "aircraft"}, {"number": 24, "unit": "aircraft"}, "quantity", id="18 or 24"),
        pytest.param("quantity", {"number": 4, "unit": "battery"}, {"number": 32, "unit": "launcher"}, None, id="two units"),
        pytest.param("value", {"amount": 2.5e9, "currency": "USD"}, {"amount": 2e9, "currency": "USD"}, "value", id="two sums"),
        pytest.param("value", {"amount": 2.5e9, "currency": "USD"}, {"amount": 2.51e9, "currency": "USD"}, None, id="rounded"),
        pytest.param("value", {"amount": 2.5e9, "currency": "USD"}, {"amount": 2.2e9, "currency": "EUR"}, None, id="two currencies"),
        pytest.param("stage", stage("contract", "actual"), stage("contract", "denied"), "contract.modality", id="denied"),
        pytest.param("stage", stage("interest", "actual"), stage("interest", "denied"), None, id="a change of mind"),
        pytest.param("stage", stage("contract", "planned"), stage("contract", "actual"), None, id="an update"),
        pytest.param(
            "stage", stage("contract", "actual", "2017-09"), stage("contract", "actual", "2017-12"), "contract.when", id="two days"
        ),
        pytest.param("stage", stage("contract", "actual", "2017"), stage("contract", "actual", "2017-12"), None, id="a finer day"),
        pytest.param("stage", stage("contract", "actual", "2017/2019"), stage("contract", "actual", "2018-05"), None, id="inside a span"),
        pytest.param("stage", stage("contract", "actual", "2017/2018"), stage("contract", "actual", "2019"), "contract.when", id="outside"),
        pytest.param("stage", stage("delivery", "actual", "2019-07"), stage("delivery", "actual", "2019-08"), None, id="two deliveries"),
        pytest.param("stage", stage("offer", "actual"), stage("contract", "denied"), None, id="two stages"),
        pytest.param("equipment", "S-400", "S-300", None, id="not compared"),
    ],
)
def test_disagreement(field: str, left: Json, right: Json, expected: str | None) -> None:
    assert disagreement(field, left, right) == expected
    assert disagreement(field, right, left) == expected


def test_transfers_are_grouped_without_a_record() -> None:
    reports = [make_report("one"), make_report("two", number=5), make_report("three", recipient="IN")]
    views = [view_transfer(r.document, r.findings[0], [f for f in r.findings if f.kind == "stage"]) for r in reports]
    deals = group(views)
    assert [len(deal) for deal in deals] == [2, 1]
    assert disagreements(*deals[0]) == ["quantity"]


@pytest.mark.parametrize(
    ("name", "expected"), [("S-400 Triumf", "s400triumf"), ("Rafale", "rafale"), ("Błysk", "bysk"), ("С-400", "400"), ("мина", "мина")]
)
def test_names_are_compared_by_letters_and_digits(name: str, expected: str) -> None:
    assert fold(name) == expected
