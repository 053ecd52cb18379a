"""Tests of passes.py: a document on which the analysis fails costs that document, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import pytest

from onrecord import flow
from onrecord.errors import BadOffset
from onrecord.parse.words import parse_words
from onrecord.passes import Work, analyse_work
from onrecord.records import Document
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
