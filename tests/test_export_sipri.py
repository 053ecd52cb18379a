"""Tests of export/sipri_csv.py and export/told.py: read back by the csv module, compared with the register, nothing possible made done."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

import onrecord.store.write as store
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.export import EXPORTS
from onrecord.export.sipri_csv import PREAMBLE
from onrecord.export.told import ToldDeal, write_whole
from onrecord.register import Wanted, read_deals
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.write import Report
from reports import TEXT, make_report

OTHER = TEXT + " So it is."


def record_of(path: Path, *reports: Report) -> Record:
    record = open_record(path / "record.db")
    with writing(record.engine) as db:
        store.add_reports(db, reports, analysed_by="v1")
        settle(db)
    return record


def told(record: Record, **wanted: str) -> list[ToldDeal]:
    with reading(record.engine) as db:
        return [ToldDeal(*deal) for deal in read_deals(db, Wanted(**wanted))]  # type: ignore[arg-type]


def lines_of(deals: list[ToldDeal], as_of: str | None = None) -> list[dict[str, str]]:
    """The lines as a foreign reader sees them that skips the preamble; the nameless columns carry the name of the one before and a mark."""
    rows = list(csv.reader(io.StringIO(EXPORTS["sipri-csv"](deals, as_of).decode("utf-8-sig"))))
    head = [name or f"{rows[PREAMBLE][place - 1]}?" for place, name in enumerate(rows[PREAMBLE])]
    return [dict(zip(head, row, strict=True)) for row in rows[PREAMBLE + 1 :]]


def test_a_delivered_order_fills_the_columns_with_its_words(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017-12"), ("delivery", "actual", "2019-07")]
    record = record_of(tmp_path, make_report(stages=stages))
    (line,), (row,) = lines_of(told(record)), record.register()
    wanted = {"Recipient": "Turkey", "Supplier": "Russia", "Year of order": "2017", "Year of order?": "", "Number ordered": "4"}
    wanted |= {"Weapon designation": "S-400", "Number delivered": ". .", "Year(s) of delivery": "2019", "Deal": row.deal}
    assert {name: line[name] for name in wanted} == wanted
    evidence = row.evidence["quantity"]
    assert line["number_quote"] == evidence.quote == TEXT[int(line["number_start"]) : int(line["number_end"])]
    assert (line["number_document"], line["number_outlet"], line["number_published"]) == (evidence.document, "The Courier", "2019-07-20")


@pytest.mark.parametrize("modality", ["planned", "possible", "conditional", "denied"])
@pytest.mark.parametrize("stage", ["contract", "delivery"])
def test_what_did_not_happen_fills_no_column(tmp_path: Path, stage: str, modality: str) -> None:
    (line,) = lines_of(told(record_of(tmp_path, make_report(stages=[(stage, modality, "2027")]))))
    columns = ("Year of order", "Number ordered", "Number delivered", "Year(s) of delivery")
    assert [line[name] for name in columns] == [""] * 4
    assert f"{stage} {modality}, 2027" in line["Comments"]
    assert "number spoken of: 4" in line["Comments"]
    assert (line["Stage"], line["Modality"]) == (stage, modality)


def test_an_order_that_is_to_be_delivered_is_no_delivery(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017~"), ("delivery", "possible", "2019")]
    (line,) = lines_of(told(record_of(tmp_path, make_report(stages=stages))))
    assert (line["Year of order"], line["Year of order?"], line["Number ordered"]) == ("2017", "?", "4")
    assert (line["Number delivered"], line["Year(s) of delivery"]) == ("", "")


def test_a_cancelled_order_stays_an_order_and_says_so(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017"), ("cancellation", "actual", "2018")]
    (line,) = lines_of(told(record_of(tmp_path, make_report(stages=stages))))
    assert line["Year of order"] == "2017" and "cancellation actual, 2018" in line["Comments"]


def test_years_are_spans_of_their_dates(tmp_path: Path) -> None:
    (line,) = lines_of(told(record_of(tmp_path, make_report(stages=[("delivery", "actual", "2017-12/2019-07")]))))
    assert line["Year(s) of delivery"] == "2017-2019"


def test_a_dated_order_stands_before_an_undated_one(tmp_path: Path) -> None:
    undated = [make_report(key, text=TEXT + f" {key}.", stages=[("contract", "actual", None)]) for key in ("one", "two")]
    dated = make_report("three", text=TEXT + " three.", stages=[("contract", "actual", "2017")])
    (line,) = lines_of(told(record_of(tmp_path, *undated, dated)))
    assert (line["Year of order"], line["order_document_key"]) == ("2017", "three")


def test_disagreement_is_kept_with_its_count(tmp_path: Path) -> None:
    reports = [make_report("one", number=4), make_report("two", number=5, text=OTHER, outlet="The Gazette", published="2019-07-25")]
    (line,) = lines_of(told(record_of(tmp_path, *reports)))
    assert line["Number ordered?"] == "?" and line["Disputed"] == "quantity"
    assert "reports disagree on quantity" in line["Comments"]
    assert "4 battery (1 report)" in line["Comments"] and "5 battery (1 report)" in line["Comments"]


def test_filters_and_days_are_the_registers(tmp_path: Path) -> None:
    first = make_report("one", published="2019-01-10", stages=[("contract", "actual", "2017")])
    second = make_report("two", published="2019-07-20", text=OTHER)
    record = record_of(
        tmp_path, first, second, make_report("three", supplier="US", recipient="PL", equipment="HIMARS", text=OTHER + " Yes.")
    )
    assert {deal.row.equipment for deal in told(record, recipient="PL")} == {"HIMARS"}
    (line,) = lines_of(told(record, as_of="2019-01-10"), "2019-01-10")
    assert (line["Year of order"], line["Year(s) of delivery"]) == ("2017", "")
    assert [deal.row for deal in told(record)] == record.register()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_runs_as_a_formula(tmp_path: Path, start: str) -> None:
    (line,) = lines_of(told(record_of(tmp_path, make_report(outlet=f"{start}cmd|' /C calc'!A0"))))
    assert not [cell for cell in line.values() if cell.startswith(start)]


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report())
    assert EXPORTS["sipri-csv"](told(record), None) == EXPORTS["sipri-csv"](told(record), None)


def test_an_empty_register_is_a_preamble_and_a_heading() -> None:
    assert lines_of([]) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "register.csv"
    write_whole(out, b"old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(BadInput, match="No space left"):
        write_whole(out, b"new")
    assert out.read_bytes() == b"old" and [path.name for path in tmp_path.iterdir()] == ["register.csv"]


@pytest.mark.parametrize(("place", "words"), [(".", "is a folder"), ("none/register.csv", "is no folder")])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, place: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        write_whole(tmp_path / place, b"")


def test_the_command_writes_what_the_register_holds(tmp_path: Path) -> None:
    record_of(tmp_path, make_report(), make_report("two", recipient="PL", equipment="HIMARS", text=OTHER)).engine.dispose()
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(main, ["export", str(tmp_path / "record.db"), "--to", "sipri-csv", str(out), "--recipient", "PL"])
    assert (done.exit_code, "1 deal written" in done.output) == (0, True), done.output
    rows = out.read_text("utf-8-sig").split("\n", PREAMBLE + 1)[-1].split("\n")
    assert [row.split(",")[:2] for row in rows if row] == [["Poland", "Russia"]]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_export_is_documented_and_named_by_the_command(name: str) -> None:
    root = Path(__file__).parent.parent
    assert f"## {name}\n" in (root / "docs" / "exports.md").read_text("utf-8")
    assert name in CliRunner().invoke(main, ["export", "--help"]).output


def test_an_unknown_form_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sipri-csv"):
        record_of(tmp_path, make_report()).export("pdf", tmp_path / "out")
