"""Tests of measure/reliability.py and measure/rightness.py: how far a confidence can be relied on, and what of a finding is right."""

from __future__ import annotations

from typing import Any

import pytest

from onrecord.clean.document import make_document
from onrecord.measure.reliability import reliability
from onrecord.measure.rightness import WHOLE, verdicts
from onrecord.records import Document, Finding, Json, make_claim, make_finding

TEXT = "Norland sold 4 S-400 batteries to Sudland. Delivery began in July 2019. Ada Ek said they were glad. Norland threatened Sudland."


@pytest.mark.parametrize(
    ("sure", "right", "ece", "brier", "auc"),
    [
        ([0.9] * 10, [True] * 9 + [False], 0.0, 0.09, 0.5),
        ([0.9] * 10, [False] * 10, 0.9, 0.81, 0.5),
        ([0.95, 0.85, 0.15], [True, True, False], 0.1167, 0.0158, 1.0),
        ([0.15, 0.85], [True, False], 0.85, 0.7225, 0.0),
        ([1.0, 0.0], [True, False], 0.0, 0.0, 1.0),
        ([], [], 0.0, 0.0, 0.5),
    ],
)
def test_figures_of_known_beliefs(sure: list[float], right: list[bool], ece: float, brier: float, auc: float) -> None:
    found = reliability(sure, right)
    assert (found["ece"], found["brier"], found["auc"]) == pytest.approx((ece, brier, auc), abs=1e-4)


def test_groups_hold_their_mean_their_truth_and_their_size() -> None:
    assert reliability([0.11, 0.19, 0.95], [True, False, True])["groups"] == [[0.15, 0.5, 2], [0.95, 1.0, 1]]


def made(document: Document, kind: str, key: str, cells: dict[str, tuple[Json, str]], **more: Any) -> Finding:
    claims = []
    for field, (value, words) in cells.items():
        start = document.text.index(words)
        claims.append(make_claim(document, field, value, start=start, end=start + len(words)))
    return make_finding(kind, key, document, claims, **more)


def findings(document: Document, changed: dict[str, Json] | None = None) -> list[Finding]:
    """One of each kind, with some values other than the gold's."""
    deal = {"supplier": ("NO", "Norland"), "recipient": ("SE", "Sudland"), "equipment": ("S-400", "S-400")}
    stage = {"stage": ("delivery", "Delivery began"), "modality": ("actual", "Delivery began"), "when": ("2019-07", "July 2019")}
    said = {"speaker": ("Ada Ek", "Ada Ek"), "as_written": ("Ada Ek", "Ada Ek"), "kind": ("indirect", "Ada Ek")}
    act = {"actor": ("NO", "Norland"), "recipient": ("SE", "Sudland"), "plover": ("THREATEN", "Norland threatened Sudland")}
    given: dict[str, dict[str, tuple[Json, str]]] = {
        "t1": deal | {"quantity": ({"number": 4, "unit": "battery"}, "4 S-400 batteries")},
        "t1.s1": stage,
        "q1": said | {"content": ("they were glad", "they were glad")},
        "e1": act | {"modality": ("actual", "Norland threatened Sudland")},
    }
    for name, value in (changed or {}).items():
        key, field = name.split(":")
        given[key][field] = (value, given[key][field][1])
    kinds = {"t1": "transfer", "t1.s1": "stage", "q1": "statement", "e1": "event"}
    return [made(document, kinds[key], key, cells, part_of="t1" if key == "t1.s1" else None) for key, cells in given.items()]


def gold() -> dict[str, Any]:
    stage = {"stage": "delivery", "modality": "actual", "when": "2019-07", "according_to": None, "evidence": "Delivery began"}
    deal = {"key": "t1", "supplier": ["NO"], "recipient": ["SE"], "equipment": "S-400", "quantity": {"number": 4, "unit": "battery"}}
    said = {"speaker": "Ada Ek", "as_written": "Ada Ek", "content": "they were glad", "about": []}
    act = {"actor": ["NO"], "recipient": ["SE"], "plover": "THREATEN", "modality": "actual", "evidence": "Norland threatened Sudland"}
    return {"text": TEXT, "transfers": [deal | {"value": None, "stages": [stage]}], "statements": [said], "events": [act]}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        # A wrong side makes the transfer wrong and all that hangs on it, not the other side or the equipment.
        ({"t1:recipient": "FI"}, {("t1", WHOLE), ("t1", "recipient"), ("t1", "quantity"), ("t1.s1", WHOLE), ("t1.s1", "stage"),
                               ("t1.s1", "modality"), ("t1.s1", "when")}),
        ({"t1:quantity": {"number": 5, "unit": "battery"}}, {("t1", "quantity")}),
        ({"t1.s1:modality": "planned"}, {("t1.s1", WHOLE), ("t1.s1", "modality")}),
        ({"t1.s1:when": "2018"}, {("t1.s1", "when")}),
        ({"q1:speaker": "Bo Dal", "q1:as_written": "Dal"}, {("q1", WHOLE), ("q1", "speaker")}),
        ({"e1:modality": "possible"}, {("e1", "modality")}),
        ({"e1:plover": "COERCE"}, {("e1", WHOLE), ("e1", "plover"), ("e1", "modality")}),
    ],
)  # fmt: skip
def test_what_is_wrong_of_a_finding(changed: dict[str, Json], wrong: set[tuple[str, str]]) -> None:
    document = make_document(TEXT, key="one")
    found = verdicts(gold(), document, findings(document, changed))
    assert {place for place, right in found.items() if not right and place != ("t1", "value")} == wrong


def test_one_gold_transfer_makes_only_one_of_two_right() -> None:
    document = make_document(TEXT, key="one")
    first, *_ = findings(document)
    again = made(
        document, "transfer", "t2", {"supplier": ("NO", "Norland"), "recipient": ("SE", "Sudland"), "equipment": ("S-400", "S-400")}
    )
    found = verdicts(gold(), document, [first, again])
    assert [found["t1", WHOLE], found["t2", WHOLE]].count(True) == 1
