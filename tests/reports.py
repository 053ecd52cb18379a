"""Builds reports with findings by hand, so that the tests of the record need no parser and no extractor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from onrecord.api import Record, open_record
from onrecord.clean.document import make_document
from onrecord.passes import Done, Work
from onrecord.records import Claim, Document, Finding, Json, make_claim, make_finding
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_reports

# A test of what only a record in a file has, in a file of tests that run on both databases.
file_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TEXT = "Norland sold 4 S-400 batteries to Sudland for $2 billion. Delivery began in July 2019. “We are glad,” said Ada Ek, a minister."
# The same with so much more that it is no copy.
OWN_TEXT = " ".join([TEXT, *(f"Word{n} of harbour{n} went{n} by boat{n}." for n in range(40))])


def make_report(
    key: str = "one",
    *,
    published: str | None = "2019-07-20",
    supplier: str = "RU",
    recipient: str = "TR",
    equipment: str = "S-400",
    number: int | None = 4,
    stages: Iterable[tuple[str, str, str | None]] = (("delivery", "actual", "2019-07"),),
    outlet: str = "The Courier",
    text: str = TEXT,
    inferred: tuple[str, ...] = (),
) -> Report:
    """One report of one transfer with its stages, one statement and one event."""
    document = make_document(text, key=key, title=f"Report {key}", outlet=outlet, published=published, read="2026-11-28", uri=f"{key}.txt")
    claims = {"supplier": ("Norland", supplier), "recipient": ("Sudland", recipient), "equipment": ("S-400", equipment)}
    cells = [claim(document, field, value, words, inferred=field in inferred) for field, (words, value) in claims.items()]
    if number is not None:
        cells.append(claim(document, "quantity", {"number": number, "unit": "battery"}, "4 S-400 batteries"))
    cells.append(claim(document, "value", {"amount": 2e9, "currency": "USD"}, "$2 billion"))
    findings = [make_finding("transfer", "t1", document, cells, made_by="test/1")]
    for place, (stage, modality, when) in enumerate(stages, 1):
        said = {"stage": stage, "modality": modality, "when": when}
        made = [claim(document, field, value, "Delivery began in July 2019") for field, value in said.items() if value]
        findings.append(make_finding("stage", f"t1.s{place}", document, made, part_of="t1", made_by="test/1"))
    findings += [make_statement(document), make_event(document, supplier, recipient)]
    return Report(document, tuple(findings))


def make_statement(document: Document) -> Finding:
    """What Ada Ek said of the transfer."""
    said = {"speaker": "Ada Ek", "as_written": "Ada Ek", "role": "minister", "organization": "Norland", "kind": "direct"}
    claims = [claim(document, field, value, "Ada Ek") for field, value in said.items()]
    return make_finding("statement", "q1", document, [*claims, claim(document, "content", "We are glad,", "We are glad,")], about=["t1"])


def make_event(document: Document, actor: str, recipient: str) -> Finding:
    """An agreement of the two sides."""
    said = {"actor": actor, "recipient": recipient, "plover": "AGREE", "modality": "actual"}
    return make_finding("event", "e1", document, [claim(document, field, value, "sold") for field, value in said.items()], about=["t1"])


def claim(document: Document, field: str, value: Json, words: str, *, inferred: bool = False) -> Claim:
    """A claim on the first place where the words stand."""
    start = document.text.index(words)
    return make_claim(
        document, field, value, start=start, end=start + len(words), inferred=inferred, reason="" if not inferred else "by hand"
    )


def analysis_of(*reports: Report) -> Callable[[Work], Done]:
    """A stand-in for the analysis: it knows the findings of these reports."""
    findings = {report.document.id: report for report in reports}
    return lambda work: Done(work, tuple(findings[document.id] for document in work.documents))


def record_of(path: Path, *reports: Report) -> Record:
    """An open record in a folder, with these reports in it and their deals settled."""
    record = open_record(path / "record.db")
    with writing(record.engine) as db:
        add_reports(db, reports, analysed_by="v1")
        settle(db)
    return record
