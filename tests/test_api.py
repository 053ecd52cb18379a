"""Tests of api.py and of the package's own surface."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

import onrecord
import onrecord.extract.transfers
from onrecord import passes
from onrecord.api import Record
from onrecord.errors import BadInput
from onrecord.records import Issue
from onrecord.store.write import Report
from reports import TEXT, analysis_of, make_report


def record_of(path: Path, monkeypatch: pytest.MonkeyPatch, *reports: Report) -> Record:
    monkeypatch.setattr(passes, "analyse_work", analysis_of(*reports))
    record = onrecord.open(path / "record.db")
    record.add_documents([report.document for report in reports])
    return record


def test_importing_onrecord_loads_no_library() -> None:
    script = "import sys, onrecord; print(sorted({'spacy', 'sqlalchemy', 'rich', 'click', 'trafilatura'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_surface_is_two_functions() -> None:
    assert onrecord.extract.__name__ == "extract_text"
    assert onrecord.open.__name__ == "open_record"


def test_extract_reads_one_text() -> None:
    report = onrecord.extract("Russia delivered four S-400 batteries to Turkey in July 2019.", published="2019-07-20", key="mine")
    assert report["id"] == "mine"
    assert report["published"] == "2019-07-20"
    for kind in ("transfers", "statements", "events"):
        assert isinstance(report[kind], list)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("words", "day"), [("", None), ("A text.", "July 2019"), ("A text.", "2019-02-30"), ("A text.", "20190701")])
def test_extract_refuses_what_it_cannot_read(words: str, day: str | None) -> None:
    with pytest.raises(BadInput):
        onrecord.extract(words, published=day)


def test_add_counts_what_it_read_knew_and_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, undated = make_report("one"), make_report("two"), make_report("three", published=None)
    monkeypatch.setattr(passes, "analyse_work", analysis_of(one, two, undated))
    issue = Issue("read", "the file is empty", "a.txt", "leave it out")
    notice = Issue("date", "no date", "three.txt", notice=True)
    with onrecord.open(tmp_path / "record.db") as record:
        first = record.add_documents([one.document, issue, two.document, one.document])
        assert (first.added, first.already_known, first.skipped, first.undated) == (2, 1, 1, 0)
        second = record.add_documents([undated.document, notice, two.document])
        assert (second.added, second.already_known, second.skipped, second.undated) == (1, 1, 0, 1)
        assert first.why == {"the file is empty": 1}
        with record.engine.connect() as db:
            assert db.execute(text("SELECT added, already_known, skipped FROM run ORDER BY number")).all() == [(2, 1, 1), (1, 1, 0)]


@pytest.mark.usefixtures("database")
def test_known_reports_are_not_analysed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = make_report()
    record = record_of(tmp_path, monkeypatch, report)
    monkeypatch.setattr(passes, "analyse_work", lambda work: pytest.fail("analysed again") if work.documents else passes.Done(work, ()))
    assert record.add_documents([report.document]).already_known == 1


def test_add_reads_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "analyse_work", lambda work: passes.Done(work, tuple(Report(d, ()) for d in work.documents)))
    for name in ("b", "a"):
        report = {"id": name, "title": "A sale", "outlet": "The Courier", "published": "2020-01-02", "lang": "en", "text": TEXT}
        (tmp_path / f"{name}.json").write_text(json.dumps(report))
    record = onrecord.open(tmp_path / "record.db")
    assert record.add(tmp_path / "a.json", tmp_path / "b.json").added == 2
    assert [hit.document_key for hit in record.search("batteries")] == ["a", "b"]


@pytest.mark.usefixtures("database")
def test_show_gathers_all_that_bears_on_a_deal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_report("two", number=5, text=TEXT + " So it is.", published="2019-08-01", stages=[("delivery", "denied", None)])
    record = record_of(tmp_path, monkeypatch, make_report("one", inferred=("supplier",)), other)
    (row,) = record.register()
    view = record.show(row.deal[:6])
    assert view.row == row
    assert {dispute.field for dispute in view.disputes} == {"quantity", "delivery.modality"}
    assert [(s.speaker, s.content, s.document_key) for s in view.statements] == [
        ("Ada Ek", "We are glad,", "one"),
        ("Ada Ek", "We are glad,", "two"),
    ]
    assert [(e.actor, e.plover, e.recipient) for e in view.events] == [(("RU",), "AGREE", ("TR",))] * 2
    supplier = next(source for source in view.sources if source.field == "supplier")
    assert (supplier.before, supplier.quote, supplier.after[:5]) == ("", "Norland", " sold")
    assert (supplier.inferred, supplier.reason, supplier.published) == (True, "by hand", "2019-07-20")
    assert [s.document_key for s in record.show(row.deal, as_of="2019-07-31").statements] == ["one"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("deal", "said"), [("zz", "is no deal id"), ("0", "no deal 0"), ("", "is no deal id"), ("%", "is no deal id")])
def test_show_says_what_is_wrong_with_a_deal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deal: str, said: str) -> None:
    record = record_of(tmp_path, monkeypatch, make_report("a"))
    assert not record.register()[0].deal.startswith("0")
    with pytest.raises(BadInput, match=said):
        record.show(deal)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({}, ["one", "two"]),
        ({"speaker": "ek"}, ["one", "two"]),
        ({"speaker": "Ada minister"}, ["one", "two"]),
        ({"speaker": "Bo"}, []),
        ({"about": "S-400"}, ["one"]),
        ({"about": "TR"}, ["one"]),
        ({"about": "US"}, ["two"]),
        ({"about": "glad"}, ["one", "two"]),
        ({"since": "2019-08-01"}, ["two"]),
    ],
    ids=str,
)
def test_statements_are_filtered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str], keys: list[str]) -> None:
    two = make_report("two", published="2019-08-01", supplier="US", recipient="JP", equipment="Patriot")
    record = record_of(tmp_path, monkeypatch, make_report("one"), two)
    assert [statement.document_key for statement in record.statements(**wanted)] == keys


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("batteries", 1),
        ("BATTERIES july", 1),
        ("S-400", 1),
        ('"sold 4"', 1),
        ('"4 sold"', 0),
        ("tanks", 0),
        ("NOT batteries", 0),
        ("batteries OR", 0),
        ("text:batteries*", 0),
        ('"batteries', 1),
    ],
)
def test_search_takes_words_as_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, found: int) -> None:
    assert len(record_of(tmp_path, monkeypatch, make_report()).search(words)) == found


@pytest.mark.usefixtures("database")
def test_a_judgement_moves_a_transfer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = make_report("one"), make_report("two")
    record = record_of(tmp_path, monkeypatch, one, two)
    assert len(record.register()) == 1
    record.judge(one.findings[0].id, two.findings[0].id, "different", by="Ada", reason="two batches")
    assert len(record.register()) == 2


@pytest.mark.usefixtures("database")
@pytest.mark.usefixtures("database")
def test_check_finds_a_planted_wrong_quote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = record_of(tmp_path, monkeypatch, make_report())
    assert record.check() == []
    with record.engine.begin() as db:
        db.execute(text("UPDATE claim SET quote = 'Nordland' WHERE quote = 'Norland' AND finding = 1"))
    (fault,) = record.check()
    assert (fault.field, fault.quote, fault.found, fault.document_key) == ("supplier", "Nordland", "Norland", "one")


def test_offsets_count_code_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = record_of(tmp_path, monkeypatch, make_report(text="🚀🚀 מכירה e\u0301 " + TEXT))
    assert record.check() == []
