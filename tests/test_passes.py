"""Tests of passes.py: a failing document costs that document and nothing else; a copy is told of; the record leaves itself out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import onrecord
from onrecord import flow
from onrecord.errors import BadOffset
from onrecord.parse.words import parse_words
from onrecord.passes import Work, analyse_work
from onrecord.records import Document, Issue
from reports import make_report

DOCUMENTS = tuple(make_report(key).document for key in ("one", "two", "three"))


def failing(error: Exception) -> object:
    def analyse(documents: Iterable[Document]) -> Iterator[flow.Analysis]:
        for document in documents:
            if document.key == "two":
                raise error
            yield flow.Analysis(next(parse_words([document])), ())

    return analyse


def test_a_document_that_fails_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(flow, "analyse", failing(KeyError("them")))
    with caplog.at_level(logging.INFO):
        done = analyse_work(Work(DOCUMENTS))
    assert [report.document.key for report in done.reports] == ["one", "three"]
    (issue,) = done.work.issues
    assert (issue.step, issue.what, issue.where, issue.notice) == ("analyse", "the analysis failed with KeyError: 'them'", "two.txt", False)
    assert "two could not be analysed" in caplog.text


def test_an_error_raised_on_purpose_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "analyse", failing(BadOffset("two t1: supplier")))
    with pytest.raises(BadOffset):
        analyse_work(Work(DOCUMENTS))


def test_no_documents_need_no_model() -> None:
    assert analyse_work(Work(())).reports == ()


def test_an_exact_copy_is_told_of_once_and_kept(tmp_path: Path) -> None:
    text = "Norway ordered 24 K9 howitzers from South Korea in 2017."
    for name in ("first.txt", "second.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    told: list[Issue] = []
    with onrecord.open(str(tmp_path / "record.db")) as record:
        added = record.add(tmp_path, tell=lambda step: told.extend(step.issues))
        again = record.add(tmp_path)
    copies = [issue for issue in told if "same text" in issue.what]
    assert (added.added, again.added, again.already_known) == (2, 0, 2)
    assert [(Path(issue.where).name, issue.notice) for issue in copies] == [("second.txt", True)]
    assert "first.txt" in copies[0].what


def test_the_record_s_own_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("Norway ordered 24 K9 howitzers from South Korea in 2017.", encoding="utf-8")
    told: list[Issue] = []
    with onrecord.open(str(tmp_path / "record.db")) as record:
        record.add(tmp_path, tell=lambda step: told.extend(step.issues))
    assert not [issue for issue in told if "record.db" in issue.where]
