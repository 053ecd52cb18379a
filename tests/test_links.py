"""Tests of export/links.py: what holds across reports, in the gold form."""

from __future__ import annotations

import pytest

from onrecord.export.links import Links
from onrecord.records import make_finding
from onrecord.store.write import Report
from reports import OWN_TEXT, claim, make_report


def links_of(*reports: Report) -> Links:
    links = Links()
    for report in reports:
        links.add(report.document, report.findings)
    return links


def test_reports_transfers_and_conflicts_are_linked_by_key() -> None:
    gold = links_of(make_report("one"), make_report("two", number=5, text=OWN_TEXT), make_report("three", recipient="IN")).gold()
    assert gold["same_report"] == [["one", "three"]]
    assert gold["same_transfer"] == [["one#t1", "two#t1"]]
    assert gold["conflicts"] == [{"pair": ["one#t1", "two#t1"], "field": "quantity"}]


def test_a_slip_in_one_copy_contradicts_neither_its_copies_nor_others() -> None:
    copies, other = [make_report("one"), make_report("two"), make_report("three", number=5)], make_report("four", text=OWN_TEXT)
    gold = links_of(*copies, other).gold()
    assert gold["same_transfer"] == [["one#t1", "two#t1", "three#t1", "four#t1"]]
    assert gold["conflicts"] == []
    # Where copies are even, nothing tells which of them slipped.
    assert links_of(copies[0], copies[2], other).gold()["conflicts"] == [{"pair": ["three#t1", "four#t1"], "field": "quantity"}]


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ("Ada Eckdal", [["Ada Eckdal", "Ada Ekdal"]]),
        ("Ada Ekdal", []),
        ("Ekdal", []),
        ("the minister", []),
        ("Olga Ekdal", []),
    ],
)
def test_spellings_of_one_person_are_gathered(written: str, groups: list[list[str]]) -> None:
    reports = []
    for key, name in (("one", "Ada Ekdal"), ("two", written)):
        document = make_report(key).document
        said = {"speaker": name, "as_written": name, "role": "minister", "organization": "Norland"}
        claims = [claim(document, field, value, "Ada Ek") for field, value in said.items()]
        reports.append(Report(document, (make_finding("statement", "q1", document, claims),)))
    assert links_of(*reports).gold()["same_person"] == groups
