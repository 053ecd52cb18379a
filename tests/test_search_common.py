"""Words that very many reports hold: the newest of them are ranked, on both databases, so that a search costs the same in any record."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from onrecord.api import Record, open_record
from onrecord.store import fulltext, ranked
from onrecord.store.database import reading
from onrecord.store.page_lists import search_statements
from page_records import add_to
from reports import make_report

REPORTS = 9


@pytest.fixture
def record(place: Callable[[str], str]) -> Iterator[Record]:
    with open_record(place("r.db")) as made:
        add_to(made, [make_report(f"r{n}", published=f"2019-08-{n + 1:02}", number=4 + n) for n in range(REPORTS)])
        yield made


@pytest.mark.parametrize("words", ["batteries", "sold batteries", '"sold 4"'])
def test_only_the_newest_reports_are_ranked(record: Record, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    every = {hit.document_key for hit in record.search(words)}
    assert len(every) == REPORTS
    monkeypatch.setattr(fulltext, "MOST_RANKED_HERE", 3)
    monkeypatch.setattr(ranked, "MOST_RANKED", 3)
    assert {hit.document_key for hit in record.search(words)} == {"r6", "r7", "r8"}
    with reading(record.engine) as db:
        assert len(search_statements(db, "glad")) == 3


def test_how_common_a_word_is_may_be_estimated(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = record.search("sold batteries")
    monkeypatch.setattr(ranked, "MOST_COUNTED", 1)
    assert {hit.document for hit in record.search("sold batteries")} == {hit.document for hit in exact}


@pytest.mark.parametrize("likely", [0, 9, 10**9])
def test_what_the_server_supposes_of_a_word_changes_no_hit(record: Record, monkeypatch: pytest.MonkeyPatch, likely: int) -> None:
    monkeypatch.setattr(ranked, "_estimate", lambda db, name, words: likely)
    every = {f"r{n}" for n in range(REPORTS)}
    for words in ("batteries", "sold batteries", '"July 2019" Norland'):
        assert {hit.document_key for hit in record.search(words)} == every
    assert record.search('"2019 July"') == []
    monkeypatch.setattr(ranked, "TAKEN", 2)
    monkeypatch.setattr(fulltext, "MOST_RANKED_HERE", 2)
    assert {hit.document_key for hit in record.search("sold batteries")} == {"r7", "r8"}
