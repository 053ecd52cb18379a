"""Builds small records for the tests of the pages, and asks their application for answers without a server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fastapi.testclient import TestClient

from onrecord.api import Record, open_record
from onrecord.clean.document import make_document
from onrecord.records import make_claim, make_finding
from onrecord.serve.app import make_app
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_reports
from reports import make_report


def make_record(path: Path, reports: Iterable[Report]) -> Record:
    """A record of reports that were made by hand."""
    record = open_record(path)
    add_to(record, reports)
    return record


def add_to(record: Record, reports: Iterable[Report]) -> None:
    """Puts more reports on record."""
    with writing(record.engine) as db:
        add_reports(db, reports, analysed_by="test/1")
        settle(db)


def client_of(record: Record) -> TestClient:
    """Something that asks the record's pages."""
    return TestClient(make_app(record), follow_redirects=False)


def some_reports() -> list[Report]:
    """Three deals: one that two reports disagree about, one of another supplier for the same recipient, one possible."""
    done, denied = ("contract", "actual", "2017-09"), ("delivery", "denied", None)
    return [
        make_report("one", stages=[done, ("delivery", "actual", "2019-07")]),
        make_report("two", number=6, published="2019-08-02", outlet="The Lantern", stages=[done, denied], text=LONGER),
        make_report("three", supplier="US", equipment="Patriot", published="2020-01-05", stages=[("offer", "conditional", None)]),
        make_report(
            "four", supplier="FR", recipient="IN", equipment="Rafale", published="2021-03-01", stages=[("negotiation", "possible", "2022")]
        ),
    ]


LONGER = (
    "Norland sold 4 S-400 batteries to Sudland for $2 billion, a paper says. Delivery began in July 2019, it adds. “We are glad,” said"
    " Ada Ek, a minister. The harbour of Sudland was closed for a week, and nobody would say why. Sudland sold 4 S-400 batteries on."
)


def hostile_report(words: str, *, key: str = "hostile", title: str = "") -> Report:
    """A report whose every piece of text holds some words: title, outlet, speaker, role, equipment, content and credit."""
    text = f"Norland sold {words} to Sudland, said {words}.\n\n{words}"
    document = make_document(text, key=key, title=title or words, outlet=words, published="2020-02-02", uri=f"{key}.txt")
    place = text.index(words)

    def claim(field: str, value: object) -> object:
        return make_claim(document, field, value, start=place, end=place + len(words))  # type: ignore[arg-type]

    def finding(kind: str, name: str, cells: dict[str, object], **more: object) -> object:
        return make_finding(kind, name, document, [claim(*cell) for cell in cells.items()], **more)  # type: ignore[arg-type, misc]

    transfer = {
        "supplier": words,
        "recipient": words,
        "equipment": words,
        "quantity": {"number": 2, "unit": words},
        "value": {"amount": 5, "currency": words},
    }
    stage = {"stage": "contract", "modality": "actual", "when": words, "according_to": words}
    said = {"speaker": words, "as_written": words, "role": words, "organization": words, "kind": "direct", "content": words}
    event = {"actor": words, "recipient": words, "plover": "THREATEN", "modality": "actual", "instrument": words}
    findings = [finding("transfer", "t1", transfer), finding("stage", "t1.s1", stage, part_of="t1")]
    findings += [finding("statement", "q1", said, about=["t1"]), finding("event", "e1", event, about=["t1"])]
    return Report(document, tuple(findings))  # type: ignore[arg-type]
