"""Tests of export/sipri_csv.py: read back by the csv module, compared with the register, nothing possible made done."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.export.sipri_csv import PREAMBLE
from onrecord.export.told import Told
from onrecord.export.writing import export_bytes
from onrecord.register import Wanted
from onrecord.store.database import reading
from reports import TEXT, make_report, record_of

OTHER = TEXT + " So it is."


def lines_of(record: Record, **wanted: str) -> list[dict[str, str]]:
    """The lines as a foreign reader sees them that skips the preamble; the nameless columns carry the name of the one before and a mark."""
    with reading(record.engine) as db:
        content, _ = export_bytes("sipri-csv", Told(db, Wanted(**wanted)))  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert int(rows[2][0].removeprefix("Deals: ")) == len(rows) - PREAMBLE - 1
    head = [name or f"{rows[PREAMBLE][place - 1]}?" for place, name in enumerate(rows[PREAMBLE])]
    return [dict(zip(head, row, strict=True)) for row in rows[PREAMBLE + 1 :]]


def test_a_delivered_order_fills_the_columns_with_its_words(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017-12"), ("delivery", "actual", "2019-07")]
    record = record_of(tmp_path, make_report(stages=stages))
    (line,), (row,) = lines_of(record), record.register()
    wanted = {"Recipient": "Turkey", "Supplier": "Russia", "Year of order": "2017", "Year of order?": "", "Number ordered": "4"}
    wanted |= {"Weapon designation": "S-400", "Number delivered": ". .", "Year(s) of delivery": "2019", "Deal": row.deal}
    assert {name: line[name] for name in wanted} == wanted
    evidence = row.evidence["quantity"]
    assert line["number_quote"] == evidence.quote == TEXT[int(line["number_start"]) : int(line["number_end"])]
    assert (line["number_document"], line["number_outlet"], line["number_published"]) == (evidence.document, "The Courier", "2019-07-20")


@pytest.mark.parametrize("modality", ["planned", "possible", "conditional", "denied"])
@pytest.mark.parametrize("stage", ["contract", "delivery"])
def test_what_did_not_happen_fills_no_column(tmp_path: Path, stage: str, modality: str) -> None:
    (line,) = lines_of(record_of(tmp_path, make_report(stages=[(stage, modality, "2027")])))
    columns = ("Year of order", "Number ordered", "Number delivered", "Year(s) of delivery")
    assert [line[name] for name in columns] == [""] * 4
    assert f"{stage} {modality}, 2027" in line["Comments"]
    assert "number spoken of: 4" in line["Comments"]
    assert (line["Stage"], line["Modality"]) == (stage, modality)


def test_an_order_that_is_to_be_delivered_is_no_delivery(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017~"), ("delivery", "possible", "2019")]
    (line,) = lines_of(record_of(tmp_path, make_report(stages=stages)))
    assert (line["Year of order"], line["Year of order?"], line["Number ordered"]) == ("2017", "?", "4")
    assert (line["Number delivered"], line["Year(s) of delivery"]) == ("", "")


def test_a_cancelled_order_stays_an_order_and_says_so(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017"), ("cancellation", "actual", "2018")]
    (line,) = lines_of(record_of(tmp_path, make_report(stages=stages)))
    assert line["Year of order"] == "2017" and "cancellation actual, 2018" in line["Comments"]


def test_years_are_spans_of_their_dates(tmp_path: Path) -> None:
    (line,) = lines_of(record_of(tmp_path, make_report(stages=[("delivery", "actual", "2017-12/2019-07")])))
    assert line["Year(s) of delivery"] == "2017-2019"


def test_a_dated_order_stands_before_an_undated_one(tmp_path: Path) -> None:
    undated = [make_report(key, text=TEXT + f" {key}.", stages=[("contract", "actual", None)]) for key in ("one", "two")]
    dated = make_report("three", text=TEXT + " three.", stages=[("contract", "actual", "2017")])
    (line,) = lines_of(record_of(tmp_path, *undated, dated))
    assert (line["Year of order"], line["order_document_key"]) == ("2017", "three")


def test_disagreement_is_kept_with_its_count(tmp_path: Path) -> None:
    reports = [make_report("one", number=4), make_report("two", number=5, text=OTHER, outlet="The Gazette", published="2019-07-25")]
    (line,) = lines_of(record_of(tmp_path, *reports))
    assert line["Number ordered?"] == "?" and line["Disputed"] == "quantity"
    assert "reports disagree on quantity" in line["Comments"]
    assert "4 battery (1 report)" in line["Comments"] and "5 battery (1 report)" in line["Comments"]


def test_filters_and_days_are_the_registers(tmp_path: Path) -> None:
    first = make_report("one", published="2019-01-10", stages=[("contract", "actual", "2017")])
    second = make_report("two", published="2019-07-20", text=OTHER)
    third = make_report("three", supplier="US", recipient="PL", equipment="HIMARS", text=OTHER + " Yes.")
    record = record_of(tmp_path, first, second, third)
    assert {line["Weapon designation"] for line in lines_of(record, recipient="PL")} == {"HIMARS"}
    (line,) = lines_of(record, as_of="2019-01-10")
    assert (line["Year of order"], line["Year(s) of delivery"]) == ("2017", "")
    assert [line["Deal"] for line in lines_of(record)] == [row.deal for row in record.register()]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_runs_as_a_formula(tmp_path: Path, start: str) -> None:
    (line,) = lines_of(record_of(tmp_path, make_report(outlet=f"{start}cmd|' /C calc'!A0")))
    assert not [cell for cell in line.values() if cell.startswith(start)]
