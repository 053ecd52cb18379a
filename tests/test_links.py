"""Tests of export/links.py: what holds across reports, in the gold form."""

from __future__ import annotations

import pytest

from onrecord.export.links import Links
from onrecord.records import make_finding
from onrecord.store.write import Report
from reports import claim, make_report


def links_of(*reports: Report) -> Links:
    links = Links()
    for report in reports:
        links.add(report.document, report.findings)
    return links


def test_reports_transfers_and_conflicts_are_linked_by_key() -> None:
    gold = links_of(make_report("one"), make_report("two", number=5), make_report("three", recipient="IN")).gold()
    assert gold["same_report"] == [["one", "two", "three"]]
    assert gold["same_transfer"] == [["one#t1", "two#t1"]]
    assert gold["conflicts"] == [{"pair": ["one#t1", "two#t1"], "field": "quantity"}]


@pytest.mark.parametrize(
    ("speaker", "written", "groups"),
    [
        ("Ada Ekdal", "Ada Eckdal", [["Ada Eckdal", "Ada Ekdal"]]),
        ("Ada Ekdal", "Ada Ekdal", []),
        ("Ada Ekdal", "Ekdal", []),
        ("Ada Ekdal", "the minister", []),
    ],
)
def test_spellings_of_one_person_are_gathered(speaker: str, written: str, groups: list[list[str]]) -> None:
    document = make_report("one").document
    said = {"speaker": speaker, "as_written": written, "role": "minister"}
    statement = make_finding("statement", "q1", document, [claim(document, field, value, "Ada Ek") for field, value in said.items()])
    assert links_of(Report(document, (statement,))).gold()["same_person"] == groups
