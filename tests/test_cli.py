"""Tests of cli.py and terminal.py: what a person sees, and what goes wrong in one line with exit code 2."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, run

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len
from rich.console import Console

from onrecord import passes
from onrecord.api import open_record
from onrecord.assets import english_model
from onrecord.cli import main
from onrecord.errors import BadOffset
from onrecord.plain_words import money_text, quantity_text, safe, stage_text
from onrecord.store.query import Statement
from onrecord.store.write import Report
from onrecord.terminal import register_table, statement_line
from reports import TEXT, analysis_of, make_report

COMMAND = (sys.executable, "-c", "from onrecord.cli import main; main()")


def onrecord(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of three reports and two deals."""
    reports = [
        make_report("one", inferred=("supplier",)),
        make_report("two", number=5, published="2019-08-01", outlet="The Gazette", text=TEXT + " So it is."),
        make_report("three", supplier="US", equipment="Patriot", number=1, stages=[("contract", "planned", "2020~")]),
    ]
    monkeypatch.setattr(passes, "analyse_work", analysis_of(*reports))
    with open_record(tmp_path / "record.db") as opened:
        opened.add_documents([report.document for report in reports])
    return tmp_path / "record.db"


def first_deal(record: Path) -> str:
    with open_record(record, create=False) as opened:
        return opened.register()[0].deal


def test_the_register_is_a_table_of_100_columns(record: Path) -> None:
    result = onrecord("register", record)
    assert result.exit_code == 0
    assert max(cell_len(line.rstrip()) for line in result.output.splitlines()[:-1]) <= 100
    lines = [" ".join(line.split()) for line in result.output.splitlines() if line.strip()]
    assert lines[0] == "deal equipment quantity value latest stage when reports"
    assert lines[1] == "Russia → Turkey"
    assert lines[2] == f"{first_deal(record)[:8]} S-400 5 batteries≠ $2bn delivery 2019-07 1/2"
    assert lines[3] == "United States → Turkey"
    assert lines[4].endswith("Patriot 1 battery $2bn contract planned 2020~ 1")
    assert lines[5].startswith("≠ reports disagree")
    assert lines[-1].startswith("2 deals.")


@pytest.mark.parametrize("width", [76, 80, 90, 120])
def test_a_narrow_terminal_cuts_no_id(record: Path, width: int) -> None:
    with open_record(record, create=False) as opened:
        rows = opened.register()
    console = Console(file=io.StringIO(), width=width)
    console.print(register_table(rows, width=width))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert all(any(row.deal[:8] in line and row.equipment in line for line in lines) for row in rows)


def test_an_inferred_cell_is_marked_and_the_mark_explained(record: Path) -> None:
    result = onrecord("register", record, "--as-of", "2019-07-31", "--supplier", "RU")
    assert "S-400°" in result.output
    assert "° supplier or recipient inferred" in result.output
    assert "≠" not in result.output


def test_the_register_as_json_carries_the_words(record: Path) -> None:
    rows = json.loads(onrecord("register", record, "--format", "json").output)
    assert [row["supplier"] for row in rows] == [["RU"], ["US"]]
    words = rows[0]["evidence"]["stage"]
    assert words["quote"] == "Delivery began in July 2019"
    assert TEXT[words["start"] : words["end"]] == words["quote"]


def test_the_register_as_csv_carries_the_words(record: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(onrecord("register", record, "--format", "csv").output)))
    assert [(row["supplier"], row["quantity"], row["unit"], row["disputed"]) for row in rows] == [
        ("RU", "5", "battery", "quantity"),
        ("US", "1", "battery", ""),
    ]
    assert TEXT[int(rows[1]["value_start"]) : int(rows[1]["value_end"])] == rows[1]["value_quote"] == "$2 billion"


def test_show_sets_out_one_deal(record: Path) -> None:
    result = onrecord("show", record, first_deal(record)[:8])
    assert result.exit_code == 0
    for part in ("Russia → Turkey · S-400", "2 reports", "Cells", "Stages", "delivery · actual 2019-07", "Disagreement", "≠ quantity",
                 "Statements", "Ada Ek, minister, Norland", "Events", "Russia AGREE Turkey", "The Gazette · 2019-08-01"):  # fmt: skip
        assert part in result.output
    assert max(cell_len(line.rstrip()) for line in result.output.splitlines()) <= 100
    assert json.loads(onrecord("show", record, first_deal(record), "--format", "json").output)["row"]["equipment"] == "S-400"


def test_show_gives_a_few_places_and_every_one_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [make_report(f"r{number}", text=f"{TEXT} So it is, {number}.") for number in range(5)]
    monkeypatch.setattr(passes, "analyse_work", analysis_of(*reports))
    with open_record(tmp_path / "record.db") as opened:
        opened.add_documents([report.document for report in reports])
    record = tmp_path / "record.db"
    few, every = (onrecord("show", record, first_deal(record), *flags).output for flags in ([], ["--all"]))
    assert (few.count("· r4 · characters 15–20"), every.count("· r4 · characters 15–20")) == (0, 1)
    assert "and 2 more places; --all shows every one" in few
    assert "more places" not in every


def test_statements_search_and_check(record: Path) -> None:
    said = onrecord("statements", record, "--speaker", "Ek", "--about", "Patriot")
    assert "Ada Ek, minister, Norland" in said.output
    assert "1 statement." in said.output
    assert onrecord("statements", record, "--speaker", "Bo Ek").output == "No statement fits.\n"
    assert "3 reports." in onrecord("search", record, "batteries", "sold").output
    assert onrecord("search", record, "sold batteries").output == "No report holds these words.\n"
    assert onrecord("check", record).output.startswith("All ")


def test_check_exits_with_1_at_a_wrong_quote(record: Path) -> None:
    with open_record(record, create=False) as opened, opened.engine.begin() as db:
        db.exec_driver_sql("UPDATE claim SET start_at = start_at + 1, end_at = end_at + 1 WHERE finding = 1 AND number = 0")
    result = onrecord("check", record)
    assert result.exit_code == 1
    assert "one supplier at 1–8: the record has “Norland”, the text “orland ”" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["register", "none.db"], "none.db: no record here; make one with: onrecord add none.db SOURCE...", id="no record"),
        pytest.param(["register", "{record}", "--as-of", "July"], "'July' is no day; write it as YYYY-MM-DD", id="no day"),
        pytest.param(["register", "{record}", "--supplier", "Rusia"], "did you mean Russia (RU)?", id="a state misspelt"),
        pytest.param(["register", "{record}", "--recipient", "QQQ"], "'QQQ' is no state", id="no state"),
        pytest.param(["register", "{record}", "--equipment", "—"], "is no equipment", id="no equipment"),
        pytest.param(["register", "{record}", "--supplier", ""], "'' is no state", id="an empty state"),
        pytest.param(["statements", "{record}", "--speaker", " "], "' ' names no speaker; leave the filter out", id="an empty speaker"),
        pytest.param(
            ["register", "{stranger}"], "is a database of another program (it holds books); name another file", id="a stranger's database"
        ),
        pytest.param(
            ["add", "{stranger}", "a.txt"], "is a database of another program (it holds books)", id="adding to a stranger's database"
        ),
        pytest.param(["show", "{record}", "0000"], "no deal 0000", id="no such deal"),
        pytest.param(["search", "{record}", "?!"], "holds no word to look for", id="no word"),
        pytest.param(["statements", "{record}", "--since", "2019"], "'2019' is no day", id="no full day"),
        pytest.param(["add", "/", "a.txt"], "is a folder", id="a folder as record"),
        pytest.param(["add", "postgresql://127.0.0.1:1/db", "a.txt"], "nobody answers there", id="postgresql"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(record: Path, arguments: list[str], said: str) -> None:
    stranger = record.parent / "books.db"
    with closing(sqlite3.connect(stranger)) as db:
        db.execute("CREATE TABLE books (title TEXT)")
    before = stranger.read_bytes()
    result = onrecord(*(argument.format(record=record, stranger=stranger) for argument in arguments))
    assert result.exit_code == 2 and stranger.read_bytes() == before
    assert said in result.output
    assert result.output.startswith("onrecord: ")
    assert len(result.output.splitlines()) == 1


def test_add_ends_with_counts_and_says_what_it_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "analyse_work", lambda work: passes.Done(work, tuple(Report(d, ()) for d in work.documents)))
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.json").write_text(json.dumps({"id": "a", "published": "2020-01-02", "lang": "en", "text": TEXT}))
    (reports / "empty.txt").write_text("")
    first = onrecord("add", tmp_path / "record.db", reports)
    assert first.exit_code == 0
    assert f"skipped: {reports / 'empty.txt'}: the file is empty; leave it out" in first.output
    assert "1 report read, 0 already known, 1 skipped." in first.output
    assert "1 × the file is empty" in first.output
    assert "0 reports read, 1 already known, 1 skipped." in onrecord("add", tmp_path / "record.db", reports).output


def test_a_bad_offset_stops_the_run_as_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(work: passes.Work) -> passes.Done:
        raise BadOffset("a t1: supplier at 0:7 does not cut 'Norland' from the text")

    monkeypatch.setattr(passes, "analyse_work", broken)
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "published": "2020-01-02", "lang": "en", "text": TEXT}))
    result = onrecord("add", tmp_path / "record.db", tmp_path / "a.json")
    assert result.exit_code == 2
    assert "a t1: supplier at 0:7" in result.output
    assert "This is a bug in onrecord" in result.output


def test_ctrl_c_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(work: passes.Work) -> passes.Done:
        raise KeyboardInterrupt

    monkeypatch.setattr(passes, "analyse_work", interrupted)
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "published": "2020-01-02", "lang": "en", "text": TEXT}))
    result = onrecord("add", tmp_path / "record.db", tmp_path / "a.json")
    assert result.exit_code == 130
    assert result.output == "Stopped. What was read is safe; the same command goes on from there.\n"


def test_where_all_that_is_named_is_skipped_a_script_hears_of_it(tmp_path: Path) -> None:
    for command in (
        ["add", tmp_path / "record.db", tmp_path / "mispelt.txt"],
        ["extract", tmp_path / "mispelt.txt", "--out", tmp_path / "out"],
    ):
        result = onrecord(*command)
        assert (result.exit_code, "mispelt.txt: no such file or folder; check the spelling" in result.output) == (1, True)
        assert "Next: " not in result.output


def test_a_command_to_copy_holds_a_path_with_a_blank_in_quotes(tmp_path: Path, record: Path) -> None:
    record = record.rename(tmp_path / "my record.db")
    assert f"onrecord show '{record}' {first_deal(record)[:8]}" in onrecord("register", record).output


def test_what_the_system_refuses_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder is to be made")
    result = onrecord("scan", tmp_path, "--out", tmp_path / "taken" / "out")
    assert result.exit_code == 2
    assert result.output.startswith(f"onrecord: {tmp_path / 'taken' / 'out'}: ") and len(result.output.splitlines()) == 1


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_full_disk_behind_the_output_is_one_line(record: Path, form: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full, which is always out of room")
    with open("/dev/full", "w") as full:
        done = run([*COMMAND, "register", str(record), "--format", form], stdout=full, stderr=PIPE, text=True, timeout=120)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("onrecord: the output: No space left")


def test_a_letter_that_the_output_cannot_hold_is_written_as_its_number(record: Path) -> None:
    done = run(
        [*COMMAND, "register", str(record)], capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONIOENCODING": "cp1252"}
    )
    assert (done.returncode, "Russia \\u2192 Turkey" in done.stdout) == (0, True), done.stderr


def test_extract_writes_the_gold_form_under_the_inputs_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"one": TEXT, "two": TEXT, "../three": TEXT + " So it is."}
    made = [make_report(key, text=words) for key, words in texts.items()]
    found = {report.document.key: report for report in made}

    def analyse(work: passes.Work) -> passes.Done:
        return passes.Done(work, tuple(make_report(d.key, text=found[d.key].document.text) for d in work.documents))

    monkeypatch.setattr(passes, "analyse_work", analyse)
    for number, (key, words) in enumerate(texts.items()):
        report = {"id": key, "title": "A sale", "published": "2020-01-02", "lang": "en", "text": words}
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(report))
    out = tmp_path / "out"
    result = onrecord("extract", *sorted(tmp_path.glob("*.jsonl")), "--out", out)
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["links.json", "one.json", "three.json", "two.json"]
    assert json.loads((out / "one.json").read_text())["transfers"][0]["equipment"] == "S-400"
    links = json.loads((out / "links.json").read_text())
    assert links["same_report"] == [["one", "two", "../three"]]
    assert links["same_transfer"] == [["one#t1", "two#t1", "../three#t1"]]
    assert links["conflicts"] == []


def test_a_folder_of_reports_becomes_a_register(tmp_path: Path) -> None:
    """The whole way once, with nothing stood in: a text file in, a row with its words out."""
    text = "Russia delivered four S-400 batteries to Turkey in July 2019.\n\nThe contract was signed in December 2017.\n"
    (tmp_path / "report.txt").write_text(f"Turkey gets its S-400\n\n20 July 2019\n\n{text}")
    record = tmp_path / "record.db"
    assert "1 report read, 0 already known, 0 skipped." in onrecord("add", record, tmp_path / "report.txt").output
    (row,) = json.loads(onrecord("register", record, "--format", "json").output)
    assert (row["supplier"], row["recipient"], row["equipment"]) == (["RU"], ["TR"], "S-400")
    assert row["quantity"]["number"] == 4
    assert (row["stage"]["stage"], row["stage"]["modality"], row["stage"]["when"]) == ("delivery", "actual", "2019-07")
    assert onrecord("check", record).exit_code == 0


def test_a_run_without_the_model_says_so_and_a_run_with_it_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report.txt").write_text("Norway opens a school\n\n20 July 2019\n\nA school was opened in Bergen by the mayor on Friday.\n")
    record = tmp_path / "record.db"
    monkeypatch.setenv("ONRECORD_MODEL", "none")
    english_model.cache_clear()
    alone = onrecord("add", record, tmp_path / "report.txt").output
    monkeypatch.delenv("ONRECORD_MODEL")
    english_model.cache_clear()
    beside = onrecord("add", record, tmp_path / "report.txt").output
    assert "1 report read" in alone and "Read by the rules alone" in alone
    assert "1 report read" in beside and "Read by the rules alone" not in beside


@pytest.mark.parametrize("command", main.list_commands(None))  # type: ignore[arg-type]
def test_every_command_explains_itself(command: str) -> None:
    result = onrecord(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.split("\n\n")) >= 3


def test_a_strangers_text_cannot_command_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = make_report("a\x1b[2Jb", outlet="[red]\x1b]0;title\x07 Courier\u202e", text=TEXT.replace("Ada Ek", "Ada Ek [/bold] \x9b31m"))
    monkeypatch.setattr(passes, "analyse_work", analysis_of(hostile))
    with open_record(tmp_path / "record.db") as opened:
        opened.add_documents([hostile.document])
        deal = opened.register()[0].deal
    record = tmp_path / "record.db"
    for arguments in (["register", record], ["show", record, deal], ["statements", record], ["search", record, "Ada"], ["check", record]):
        output = onrecord(*arguments).output
        assert not set(output) & set("\x1b\x07\x9b\u202e")
    assert "[red]" in onrecord("show", record, deal).output


@pytest.mark.parametrize(
    ("speaker", "written", "role", "organization", "expected"),
    [
        pytest.param("Ada Ek", "Ada Ek", "minister", "Norland", "Ada Ek, minister, Norland", id="full"),
        pytest.param("Ada Ek", "Ek", "", "", "Ada Ek", id="a short form"),
        pytest.param("Ada Ek", "Ada Eck", "", "", "Ada Ek (written Ada Eck)", id="another spelling"),
        pytest.param("White House", "the White House", "", "White House", "White House", id="a body"),
        pytest.param("Ada Ek", "Ada Ek", "head of the Norland Navy", "Norland Navy", "Ada Ek, head of the Norland Navy", id="said twice"),
        pytest.param("", "", "", "", "unnamed", id="nobody"),
    ],
)
def test_a_speaker_is_named_once(speaker: str, written: str, role: str, organization: str, expected: str) -> None:
    statement = Statement("id", speaker, written, role, organization, "direct", "We are glad", "d", "k", "The Courier", None, "T", 0, 5)
    console = Console(width=100)
    with console.capture() as captured:
        console.print(statement_line(statement))
    assert captured.get().splitlines()[0].rstrip() == expected


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (None, ""),
        ({"number": 1, "unit": "battery"}, "1 battery"),
        ({"number": 4, "unit": "battery"}, "4 batteries"),
        ({"number": 36, "unit": "aircraft"}, "36 aircraft"),
        ({"number": 5200.0, "unit": "rifle"}, "5,200 rifles"),
        ({"number": 2, "unit": "torch"}, "2 torches"),
        ({"number": 3, "unit": ""}, "3"),
    ],
)
def test_quantities_are_read_with_their_unit(quantity: dict[str, object] | None, expected: str) -> None:
    assert quantity_text(quantity) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [(2.5e9, "USD", "$2.5bn"), (14e9, "PLN", "PLN 14bn"), (987.6e6, "EUR", "€988m"), (12000, "GBP", "£12k"), (1e18, "USD", "$1.00e+18")],
)
def test_sums_are_short(amount: float, currency: str, expected: str) -> None:
    assert money_text({"amount": amount, "currency": currency}) == expected


@pytest.mark.parametrize(("modality", "expected"), [("actual", "delivery"), ("planned", "delivery planned"), ("denied", "delivery denied")])
def test_a_stage_says_how_it_stands(modality: str, expected: str) -> None:
    assert stage_text({"stage": "delivery", "modality": modality}) == expected


def test_safe_words_are_one_line_without_controls() -> None:
    assert safe("a\n b\x1b[31m\tc\u202e") == "a b\ufffd[31m c\ufffd"
