"""Every form of export, of sample reports: what foreign readers find in it is what the register says, and it is written whole."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner

from export_readers import (
    READERS,
    json_lines,
    register_values,
    sheet_by_calamine,
    sheet_by_openpyxl,
    table_by_duckdb,
    table_by_polars,
)  # fmt: skip
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.export import EXPORTS, FOLDERS
from onrecord.export.told import Told, write_whole
from onrecord.export.writing import export_bytes
from onrecord.register import Wanted
from onrecord.store.database import reading
from onrecord.vocab import meanings
from reports import TEXT, make_report, record_of

ROOT = Path(__file__).parent.parent
FORMS = sorted(EXPORTS)
# Of the 24 samples those of two stories, so that reading them takes no longer than it must.
SAMPLES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14)
WITH_DEALS = [(form, reader) for form in FORMS for reader in READERS[form]]
# Marks of direction, a tab, characters that no XML holds, and what would break out of a cell, a tag or a string of SQL.
HOSTILE = "\u202e\u0645\u0631\u062d\u0628\u0627 \x01\x0b\ufffe ]]><x>&amp;'; DROP TABLE deal; \"\\ \U0001f680"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The sample reports, read by the rules alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_MODEL", "none")
        with open_record(tmp_path_factory.mktemp("dev") / "dev.db") as opened:
            opened.add(*(ROOT / "gold" / "dev" / f"dev-{number:03}.json" for number in SAMPLES))
            assert len(opened.register()) > 15
            yield opened


def test_every_form_has_a_reader() -> None:
    assert set(READERS) == set(EXPORTS)


@pytest.mark.parametrize(("form", "reader"), WITH_DEALS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("filters", [{}, {"recipient": "TR", "as_of": "2019-07-31"}], ids=["all", "some"])
def test_foreign_readers_find_what_the_register_says(
    record: Record, tmp_path: Path, form: str, reader: Any, filters: dict[str, str]
) -> None:
    assert record.export(form, tmp_path / "out", **filters) == len(record.register(**filters))
    found = reader(tmp_path / "out")
    told = {row.deal: register_values(row) for row in record.register(**filters)}
    assert set(found) == set(told)
    for deal, values in told.items():
        assert found[deal] == {name: values[name] for name in found[deal]}
    fields = {name for values in found.values() for name in values}
    assert {"supplier", "recipient", "equipment", "stage", "modality", "reports", "origins", "disputed"} <= fields


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_record_is_an_empty_file(tmp_path: Path, form: str) -> None:
    record = record_of(tmp_path)
    assert record.export(form, tmp_path / "out") == 0
    for reader in READERS[form]:
        assert reader(tmp_path / "out") == {}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_record_gives_the_same_bytes(record: Record, tmp_path: Path, form: str) -> None:
    with reading(record.engine) as db:
        first, second = (export_bytes(form, Told(db, Wanted(recipient="PL"))) for _ in range(2))
    assert first == second and first[0]


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_come_back_whole(tmp_path: Path, form: str) -> None:
    report = make_report("=cmd|' /C calc'!A0", outlet=HOSTILE, equipment='=HYPERLINK("http://x")', text=TEXT + " " + "long " * 2000)
    object.__setattr__(report.document, "title", "T" * 10_000)
    record = record_of(tmp_path, report)
    record.export(form, tmp_path / "out")
    for reader in READERS[form]:
        (deal,) = reader(tmp_path / "out").values()
        assert deal["equipment"].removeprefix("'") == '=HYPERLINK("http://x")'
    if form == "parquet":
        for table in (table_by_duckdb, table_by_polars):
            (line,) = table(tmp_path / "out", "reports")
            assert (line["outlet"], len(line["title"])) == (HOSTILE, 10_000)
    if form in ("ftm", "plover"):
        lines = json_lines(tmp_path / "out")
        assert any(HOSTILE in (line.get("publisher"), *line.get("properties", {}).get("publisher", [])) for line in lines)
    if form == "graphml":
        ElementTree.parse(tmp_path / "out")


def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_link(tmp_path: Path) -> None:
    starts = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"]
    reports = [make_report(f"{start}1+1", outlet=f"{start}cmd|' /C calc'!A0", text=f"{TEXT} {place}") for place, start in enumerate(starts)]
    record_of(tmp_path, *reports).export("xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    risky = [cell for cell in cells if cell.data_type == "s" and str(cell.value).startswith(tuple(starts))]
    assert len(risky) > len(starts) and all(cell.quotePrefix for cell in risky)
    outlets = {line["outlet"] for line in sheet_by_openpyxl(tmp_path / "out.xlsx", "reports")}
    # A spreadsheet has one kind of line end.
    assert outlets == {f"{start}cmd|' /C calc'!A0".replace("\r", "\n") for start in starts}


def test_a_spreadsheet_is_ready_to_be_read(record: Record, tmp_path: Path) -> None:
    record.export("xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["notes", "register", "evidence", "stages", "statements", "events", "conflicts", "origins", "reports"]
    assert book.active is not None and book.active.title == "register"
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
        assert all(sheet.column_dimensions[letter].width > 5 for letter in ("A", "B"))
    head = [cell.value for cell in book["register"][1]]
    assert head[:4] == ["Recipient", "Supplier", "Year of order", "Year of order ?"] and "deal" in head
    evidence = sheet_by_openpyxl(tmp_path / "out.xlsx", "evidence")
    named = {"deal", "cell", "value", "quote", "start", "end", "report", "outlet", "published", "url", "origin"}
    assert named <= set(evidence[0]) and evidence == sheet_by_calamine(tmp_path / "out.xlsx", "evidence")


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["onrecord.export.xlsx"], "MOST_ROWS", 6)
    monkeypatch.setattr(sys.modules["onrecord.export.xlsx"], "MOST_CHARACTERS", 24)
    record_of(tmp_path, make_report(), make_report("two", text=TEXT + " Two.")).export("xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    lines = [row for name in book.sheetnames if name.startswith("evidence") for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert "evidence 2" in book.sheetnames and len(lines) == len(set(lines)) > 10
    assert max(len(cell) for line in lines for cell in line if isinstance(cell, str)) == 24


@pytest.mark.parametrize("table", [table_by_duckdb, table_by_polars])
def test_every_claim_is_in_the_evidence_and_cuts_its_words(record: Record, tmp_path: Path, table: Any) -> None:
    record.export("parquet", tmp_path / "out")
    texts = {line["id"]: line["text"] for line in (json.loads(p.read_text("utf-8")) for p in (ROOT / "gold" / "dev").glob("dev-*.json"))}
    evidence = table(tmp_path / "out", "evidence")
    told = {(row.deal, source.finding, source.field, source.start, source.end, source.quote)
            for row in record.register() for source in record.show(row.deal).sources}  # fmt: skip
    assert {(e["deal"], e["finding"], e["cell"], e["start"], e["end"], e["quote"]) for e in evidence} == told and len(told) > 300
    cut = [e for e in evidence if texts[e["report"]][e["start"] : e["end"]] == e["quote"]]
    assert len(cut) == len(evidence), "the samples' texts are clean: offsets hold in them too"
    assert all(texts[e["report"]][max(0, e["start"] - 32) : e["start"]] == e["before"] for e in evidence)


def test_tables_hold_statements_events_stages_and_conflicts(record: Record, tmp_path: Path) -> None:
    record.export("parquet", tmp_path / "out")
    tables = {path.stem: table_by_polars(tmp_path / "out", path.stem) for path in (tmp_path / "out").iterdir()}
    counts, views = record.counts(), [record.show(row.deal) for row in record.register()]
    assert len(tables["statements"]) == counts["statement"] and len(tables["events"]) == counts["event"]
    assert len(tables["reports"]) == counts["document"] and len(tables["cells"]) == sum(len(view.cells) for view in views)
    assert len(tables["stages"]) == sum(cell.field == "stage" for view in views for cell in view.cells)
    pairs = {(view.row.deal, d.field, d.left.evidence.quote, d.right.evidence.quote) for view in views for d in view.disputes}
    told = [c for c in tables["conflicts"] if c["kind"] != "update"]
    assert pairs and {(c["deal"], c["field"], c["left_quote"], c["right_quote"]) for c in told} == pairs
    changed = {(view.row.deal, u.field, u.earlier.evidence.quote, u.later.evidence.quote) for view in views for u in view.updates}
    updates = [c for c in tables["conflicts"] if c["kind"] == "update"]
    assert {(c["deal"], c["field"], c["left_quote"], c["right_quote"]) for c in updates} == changed
    stories = {story.first: story.origin.how for view in views for story in view.stories}
    assert stories and stories.items() <= {(o["origin"], o["how"]) for o in tables["origins"]}
    about = {(view.row.deal, statement.finding) for view in views for statement in view.statements}
    assert about and {(deal, s["statement"]) for s in tables["statements"] for deal in s["deals"]} == about
    said = {(statement.finding, statement.speaker, statement.content) for statement in record.statements()}
    assert {(s["statement"], s["speaker"], s["quote"]) for s in tables["statements"]} >= {s for s in said if s[1]}


def test_filters_leave_out_what_is_about_other_deals(record: Record, tmp_path: Path) -> None:
    record.export("parquet", tmp_path / "out", recipient="TR", as_of="2019-07-31")
    tables = {path.stem: table_by_duckdb(tmp_path / "out", path.stem) for path in (tmp_path / "out").iterdir()}
    deals = {row.deal for row in record.register(recipient="TR", as_of="2019-07-31")}
    for name in ("deals", "cells", "evidence", "stages"):
        assert {line["deal"] for line in tables[name]} == deals, name
    for name in ("statements", "events"):
        assert tables[name] and all(deals & set(line["deals"]) for line in tables[name]), name
    days = [line["published"] for lines in tables.values() for line in lines if "published" in line]
    assert days and max(days) <= "2019-07-31"


def test_events_have_the_shape_of_ngec(record: Record, tmp_path: Path) -> None:
    written = record.export("plover", tmp_path / "out.jsonl")
    events = json_lines(tmp_path / "out.jsonl")
    assert written == len(events) == record.counts()["event"] > 15 and len({event["id"] for event in events}) == len(events)
    texts = {line["id"]: line for line in (json.loads(p.read_text("utf-8")) for p in (ROOT / "gold" / "dev").glob("dev-*.json"))}
    by_title = {line["title"]: line["text"] for line in texts.values()}
    wanted = {
        "id",
        "date",
        "event_type",
        "event_mode",
        "event_text",
        "story_id",
        "publisher",
        "headline",
        "pub_date",
        "contexts",
        "version",
    }
    for event in events:
        assert wanted <= set(event) and event["event_type"] in meanings("plover")["roots"] and event["quad_class"]
        assert set(event["attributes"]) == {"ACTOR", "RECIP", "LOC", "DATE"}
        text, start = event["event_text"], event["text_start"]
        assert by_title[event["headline"]][start : start + len(text)] == text
        for part in [event["trigger"], *(part for parts in event["attributes"].values() for part in parts)]:
            assert text[part["qa_start_char"] : part["qa_end_char"]] == part["text"]
    countries = {side["country"] for event in events for role in ("ACTOR", "RECIP") for side in event["attributes"][role]}
    assert {"TUR", "USA"} <= countries and all(len(country) == 3 for country in countries)


def test_a_passage_is_cut_between_words(tmp_path: Path) -> None:
    text = "First line of another kind.\n" + "word " * 300 + TEXT + " tail" * 300
    record_of(tmp_path, make_report(text=text)).export("plover", tmp_path / "out")
    (event,) = json_lines(tmp_path / "out")
    assert 400 < len(event["event_text"]) < 1200 and TEXT[:40] in event["event_text"]
    assert event["event_text"].split(" ")[0] in ("word", "") and event["event_text"].split(" ")[-1] in ("tail", "")


def test_a_network_has_states_as_nodes(record: Record, tmp_path: Path) -> None:
    import networkx

    record.export("graphml", tmp_path / "out.graphml", recipient="PL")
    graph = networkx.read_graphml(tmp_path / "out.graphml", force_multigraph=True)
    assert graph.is_directed() and graph.nodes["PL"] == {"label": "Poland", "kind": "state"}
    rows = record.register(recipient="PL")
    assert graph.number_of_edges() == sum(len(row.supplier or "?") * len(row.recipient) for row in rows)
    assert sum(line["weight"] / line["shared"] for *_, line in graph.edges(data=True)) == pytest.approx(sum(row.origins for row in rows))


def test_a_deal_of_several_sides_is_an_edge_for_each(tmp_path: Path) -> None:
    import networkx

    record_of(tmp_path, make_report(supplier="org:NATO"), make_report("two", supplier="XX", equipment="", text=TEXT + " No.")).export(
        "graphml", tmp_path / "out"
    )
    graph = networkx.read_graphml(tmp_path / "out")
    assert graph.nodes["org:NATO"]["kind"] == "organisation"


@pytest.mark.parametrize("form", FORMS)
def test_what_is_half_written_never_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    record = record_of(tmp_path, make_report())
    out = tmp_path / "place" / "out"
    out.parent.mkdir()
    record.export(form, out)
    before = {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr("onrecord.export.told.Told.deals", _broken)
        patch.setattr("onrecord.export.told.Told.events", _broken)
        with pytest.raises(BadInput, match="No space left"):
            record.export(form, out)
    assert {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()} == before
    assert list(out.parent.iterdir()) == [out]


def _broken(told: Told) -> Iterator[Any]:
    raise OSError(28, "No space left on device")
    yield


@pytest.mark.parametrize("form", FORMS)
def test_a_crash_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    record = record_of(tmp_path, make_report())
    (tmp_path / "place").mkdir()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        record.export(form, tmp_path / "place" / "out")
    assert list((tmp_path / "place").iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_an_export_can_be_repeated_and_is_readable_by_others(tmp_path: Path, form: str) -> None:
    record = record_of(tmp_path, make_report())
    for _ in range(2):
        record.export(form, tmp_path / "out")
    files = list((tmp_path / "out").iterdir()) if form in FOLDERS else [tmp_path / "out"]
    assert {os.stat(file).st_mode & 0o777 for file in files} == {0o644}


@pytest.mark.parametrize("name", ["record.db", "record.db-wal"])
@pytest.mark.parametrize("form", FORMS)
def test_no_record_is_written_over(tmp_path: Path, form: str, name: str) -> None:
    record = record_of(tmp_path, make_report())
    if not (tmp_path / name).exists():
        (tmp_path / name).write_bytes(b"")
    before = (tmp_path / name).read_bytes()
    with pytest.raises(BadInput, match="not written over|is a file"):
        record.export(form, tmp_path / name)
    assert (tmp_path / name).read_bytes() == before and len(record.register()) == 1


def test_a_folder_with_other_things_is_never_replaced(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="thesis.txt"):
        record.export("parquet", tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("place", [".", "none/register"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(BadInput, match="is a folder|is no folder"):
        write_whole(tmp_path / place, lambda path: None)


@pytest.mark.parametrize("words", [["--to", "xlsx", "RECORD", "OUT"], ["RECORD", "--to", "xlsx", "OUT"], ["RECORD", "OUT", "--to", "xlsx"]])
def test_the_command_takes_its_option_in_any_place(tmp_path: Path, words: list[str]) -> None:
    record_of(tmp_path, make_report()).close()
    places = {"RECORD": str(tmp_path / "record.db"), "OUT": str(tmp_path / "out.xlsx")}
    done = CliRunner().invoke(main, ["export", *(places.get(word, word) for word in words)])
    assert (done.exit_code, done.output) == (0, f"1 deal written to {places['OUT']}.\n")
    assert len(sheet_by_openpyxl(tmp_path / "out.xlsx", "register")) == 1


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_documented_and_named_by_the_command(form: str) -> None:
    assert f"## {form}\n" in (ROOT / "docs" / "exports.md").read_text("utf-8")
    assert form in CliRunner().invoke(main, ["export", "--help"]).output


def test_an_unknown_form_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sipri-csv"):
        record_of(tmp_path, make_report()).export("pdf", tmp_path / "out")


def test_only_some_deals_are_told_with_what_is_about_them(record: Record) -> None:
    chosen = frozenset(row.deal for row in record.register(recipient="TR")[:2])
    with reading(record.engine) as db:
        told = Told(db, Wanted(), only=chosen)
        content, name = export_bytes("sipri-csv", told)
        assert {claim.deal for claim in told.claims()} == chosen
        assert all(chosen & set(finding.deals) for finding in (*told.statements(), *told.events()))
        assert {report.id for report in told.reports()} == {claim.report.id for claim in told.claims()}
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert name == "register.sipri.csv" and len(lines) == 12 + len(chosen)
