"""Tests of register.py: what is counted, what is known on a day, which stage is the latest, what is disputed."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.deal_cells import Cell, Evidence, latest_stage
from reports import TEXT, make_report, record_of

pytestmark = pytest.mark.usefixtures("database")

EVIDENCE = Evidence("words", "id", "key", 0, 5, "The Courier", "2020-01-01", "Title")


def test_a_row_holds_the_best_borne_out_cells_with_their_words(tmp_path: Path) -> None:
    reports = [
        make_report("one", number=4, published="2019-07-20", supplier="RU", inferred=("supplier",)),
        make_report("two", number=5, published="2019-07-25", outlet="The Gazette", text=TEXT + " So it is."),
        make_report("three", number=5, published="2019-08-01", outlet="The Gazette", text=TEXT + " It is so."),
    ]
    (row,) = record_of(tmp_path, *reports).register()
    assert (row.supplier, row.recipient, row.equipment) == (("RU",), ("TR",), "S-400")
    assert row.quantity == {"number": 5, "unit": "battery"}
    assert row.value == {"amount": 2e9, "currency": "USD"}
    assert row.stage == {"stage": "delivery", "modality": "actual", "when": "2019-07", "according_to": None}
    assert (row.reports, row.origins, row.outlets, row.first_said, row.last_said) == (3, 1, 2, "2019-07-20", "2019-08-01")
    assert row.disputed == ("quantity",)
    assert row.inferred == ()
    assert row.evidence["quantity"].quote == "4 S-400 batteries"
    assert row.evidence["quantity"].document == reports[1].document.id


def test_a_cell_that_every_report_infers_is_marked(tmp_path: Path) -> None:
    (row,) = record_of(tmp_path, make_report(inferred=("supplier",))).register()
    assert row.inferred == ("supplier",)


def test_a_report_does_not_contradict_itself(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report("one", stages=[("delivery", "actual", "2019-07"), ("delivery", "denied", None)]))
    assert record.register()[0].disputed == ()


def test_copies_count_as_one_origin(tmp_path: Path) -> None:
    (row,) = record_of(tmp_path, make_report("one"), make_report("two", outlet="The Gazette")).register()
    assert (row.reports, row.origins, row.outlets) == (2, 1, 2)


def test_a_past_day_knows_only_what_was_published(tmp_path: Path) -> None:
    first = make_report("one", published="2019-01-10", stages=[("contract", "actual", "2017-12")])
    second = make_report("two", published="2019-07-20", text=TEXT + " So it is.")
    undated = make_report("three", published=None, text=TEXT + " It is so.")
    record = record_of(tmp_path, second, first, undated)
    assert record.register(as_of="2019-01-09") == []
    (early,) = record.register(as_of="2019-01-10")
    assert (early.stage or {})["stage"] == "contract"
    assert early.reports == 1
    (late,) = record.register(as_of="2019-07-20")
    assert ((late.stage or {})["stage"], late.reports) == ("delivery", 2)
    (today,) = record.register()
    assert today.reports == 3
    assert record.register(as_of="9999-12-31") == record.register()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"supplier": "RU"}, 2),
        ({"supplier": "Russia"}, 2),
        ({"recipient": "tr"}, 2),
        ({"recipient": "IN"}, 1),
        ({"equipment": "s400"}, 2),
        ({"equipment": "S-4"}, 2),
        ({"equipment": "Patriot"}, 1),
        ({"supplier": "US", "recipient": "TR"}, 1),
        ({"supplier": "CN"}, 0),
        ({}, 3),
    ],
    ids=str,
)
def test_rows_are_filtered(tmp_path: Path, wanted: dict[str, str], found: int) -> None:
    reports = [make_report("one"), make_report("two", recipient="IN"), make_report("three", supplier="US", equipment="Patriot")]
    assert len(record_of(tmp_path, *reports).register(**wanted)) == found


def stage(stage: str, modality: str = "actual", when: str | None = None, *, said: str = "2020-01-01", document: int = 0) -> Cell:
    value = {"stage": stage, "modality": modality, "when": when, "according_to": None}
    return Cell("stage", value, 1, 1, 1, said, said, False, EVIDENCE, document=document)


@pytest.mark.parametrize(
    ("stages", "latest"),
    [
        pytest.param([stage("contract"), stage("delivery"), stage("offer")], "delivery", id="the furthest"),
        pytest.param([stage("delivery", when="2019"), stage("suspension", when="2020")], "suspension", id="halted since"),
        pytest.param([stage("delivery", when="2021"), stage("suspension", when="2020")], "delivery", id="went on after a halt"),
        pytest.param([stage("contract", when="2012"), stage("refusal", said="2019-05-01")], "refusal", id="halted on a day not given"),
        pytest.param(
            [stage("contract"), stage("cancellation", when="2019"), stage("contract", when="2012", document=2)],
            "cancellation",
            id="ended, as the report tells that names its contract",
        ),
        pytest.param([stage("delivery", document=2), stage("cancellation", when="2019", document=1)], "delivery", id="news since"),
        pytest.param([stage("offer"), stage("delivery", "planned")], "offer", id="what happened before what is planned"),
        pytest.param([stage("contract", "planned"), stage("delivery", "possible")], "contract", id="planned before possible"),
        pytest.param([stage("contract", "denied")], "contract", id="denied alone"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_latest_stage(stages: list[Cell], latest: str | None) -> None:
    found = latest_stage(stages)
    assert (found.value["stage"] if found else None) == latest
