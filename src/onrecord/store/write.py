"""This file is the record's one writer: reports with their findings go in, each batch in one transaction, each report at most once.

Every id is a hash of what it names, so writing a report again changes nothing; a report that an older analysis read is written anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from onrecord.errors import BadOffset, BadVocab
from onrecord.records import Document, Finding, Issue
from onrecord.resolve import known_day
from onrecord.store.deal_rows import dump
from onrecord.store.deals import forget_transfers, mark_transfers, place_transfers, settle
from onrecord.store.groups import place_reports
from onrecord.store.tables import ABOUT, CLAIM, DOCUMENT, FINDING, ISSUE, JUDGEMENT, RUN, STATEMENT
from onrecord.vocab import meanings

STATEMENT_CELLS = ("speaker", "as_written", "role", "organization", "kind")
VERDICTS = ("same", "different", "unsure")
NEW_DOCUMENT_WORDS = text("INSERT INTO document_words (rowid, title, text) VALUES (:number, :title, :text)")
NEW_STATEMENT_WORDS = text(
    "INSERT INTO statement_words (rowid, speaker, as_written, role, organization, content)"
    " VALUES (:finding, :speaker, :as_written, :role, :organization, :content)"
)

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the writer takes it: its document, its findings, and what could not be read in it."""

    document: Document
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class Batch:
    """The rows of one transaction, collected so that each table is written once, and the next free numbers."""

    next_document: int
    next_finding: int
    taken: int = 0
    documents: list[Fields] = field(default_factory=list)
    findings: list[Fields] = field(default_factory=list)
    claims: list[Fields] = field(default_factory=list)
    about: list[Fields] = field(default_factory=list)
    statements: list[Fields] = field(default_factory=list)
    issues: list[tuple[int, tuple[Issue, ...]]] = field(default_factory=list)

    def take_document(self, document: Document, analysed_by: str) -> int:
        """Takes in a new document; its number."""
        number, self.next_document = self.next_document, self.next_document + 1
        self.documents.append({
            "number": number, "id": document.id, "key": document.key, "uri": document.uri, "outlet": document.outlet,
            "title": document.title, "published": document.published, "updated": document.updated, "read": document.read,
            "known": known_day(document), "language": document.language, "text": document.text, "text_sha256": document.text_sha256,
            "cleaner": document.cleaner, "credits": dump(list(document.credits)),
            "credit_spans": dump([list(span) for span in document.credit_spans]), "analysed_by": analysed_by,
        })  # fmt: skip
        return number

    def take_statement(self, number: int, document_number: int, document: Document, finding: Finding) -> None:
        """Takes in a statement for reading and search."""
        content = finding.claim("content")
        if content is not None:
            cells = {name: str(finding[name] or "") for name in STATEMENT_CELLS}
            self.statements.append({"finding": number, "document": document_number, "known": known_day(document), **cells,
                                    "content": content.quote, "start_at": content.start, "end_at": content.end})  # fmt: skip

    def write(self, db: Connection) -> None:
        """Writes all rows; transfers come before the stages that refer to them."""
        findings = sorted(self.findings, key=lambda row: row["part_of"] is not None)
        rows = ((DOCUMENT, self.documents), (FINDING, findings), (CLAIM, self.claims), (ABOUT, self.about), (STATEMENT, self.statements))
        for table, new in rows:
            if new:
                db.execute(insert(table), new)
        if db.dialect.name == "sqlite":
            for statement, new in ((NEW_DOCUMENT_WORDS, self.documents), (NEW_STATEMENT_WORDS, self.statements)):
                if new:
                    db.execute(statement, new)


def already_known(db: Connection, documents: Sequence[Document], analysed_by: str) -> set[str]:
    """The ids of those documents that the record holds as this analysis left them."""
    query = select(DOCUMENT.c.id).where(DOCUMENT.c.id.in_([d.id for d in documents]), DOCUMENT.c.analysed_by == analysed_by)
    return set(db.execute(query).scalars())


def texts_held(db: Connection, hashes: Sequence[str]) -> dict[str, str]:
    """Hash -> address of a report that the record holds with that very text."""
    rows = db.execute(select(DOCUMENT.c.text_sha256, DOCUMENT.c.uri, DOCUMENT.c.key).where(DOCUMENT.c.text_sha256.in_(hashes)))
    return {row.text_sha256: row.uri or row.key for row in rows}


def add_reports(db: Connection, reports: Iterable[Report], *, analysed_by: str) -> int:
    """Writes the reports inside the caller's transaction, in the order given; how many were new or anew."""
    reports = list({report.document.id: report for report in reports}.values())
    query = select(DOCUMENT.c.id, DOCUMENT.c.number, DOCUMENT.c.analysed_by).where(DOCUMENT.c.id.in_([r.document.id for r in reports]))
    held = {row.id: row for row in db.execute(query)}
    batch = Batch(_next(db, DOCUMENT), _next(db, FINDING))
    again: list[int] = []
    fresh: list[int] = []
    arrived: list[tuple[int, Document]] = []
    for report in reports:
        row = held.get(report.document.id)
        if row is None:
            number = batch.take_document(report.document, analysed_by)
            arrived.append((number, report.document))
            fresh += _take_findings(batch, number, report)
        elif row.analysed_by != analysed_by:
            _remove_findings(db, row.number)
            db.execute(update(DOCUMENT).where(DOCUMENT.c.number == row.number).values(analysed_by=analysed_by))
            again += _take_findings(batch, row.number, report)
    batch.write(db)
    place_reports(db, arrived)
    place_transfers(db, [*fresh, *again])
    if again:
        # What was linked to the findings that are gone must not wait.
        settle(db)
    for number, issues in batch.issues:
        add_issues(db, issues, document=number)
    return batch.taken


def add_issues(db: Connection, issues: Iterable[Issue], *, document: int | None = None) -> None:
    """Writes what could not be read; an issue met before is kept once."""
    now = _now()
    rows = {}
    for issue in issues:
        digest = hashlib.sha256("\n".join([issue.step, issue.what, issue.where]).encode()).hexdigest()[:24]
        rows[digest] = {"id": digest, "step": issue.step, "what": issue.what, "place": issue.where, "todo": issue.todo,
                        "document": document, "seen_at": now}  # fmt: skip
    held = set(db.execute(select(ISSUE.c.id).where(ISSUE.c.id.in_(rows))).scalars()) if rows else set()
    new = [row for digest, row in rows.items() if digest not in held]
    if new:
        db.execute(insert(ISSUE), new)


def start_run(db: Connection, sources: Sequence[str], *, analysed_by: str) -> int:
    """Notes that a run begins; its number."""
    number = _next(db, RUN)
    row = {"number": number, "started_at": _now(), "sources": json.dumps(list(sources)), "analysed_by": analysed_by,
           "added": 0, "already_known": 0, "skipped": 0}  # fmt: skip
    db.execute(insert(RUN), row)
    return number


def end_run(db: Connection, number: int, *, added: int, already_known: int, skipped: int) -> None:
    """Notes that a run is over, with its counts."""
    counts = {"ended_at": _now(), "added": added, "already_known": already_known, "skipped": skipped}
    db.execute(update(RUN).where(RUN.c.number == number).values(counts))


def add_judgement(db: Connection, left: str, right: str, verdict: str, *, by: str, reason: str, score: float = 1.0) -> None:
    """Writes a person's verdict on two transfer findings and marks what has to be settled anew; earlier verdicts are kept."""
    if verdict not in VERDICTS:
        raise BadVocab(f"verdict {verdict!r} is none of {', '.join(VERDICTS)}")
    row = {"number": _next(db, JUDGEMENT), "left_id": left, "right_id": right, "verdict": verdict, "score": score,
           "reason": reason, "judged_by": by, "judged_at": _now(),
           "last_document": _next(db, DOCUMENT) - 1}  # fmt: skip
    db.execute(insert(JUDGEMENT), row)
    mark_transfers(db, [left, right])


def _take_findings(batch: Batch, number: int, report: Report) -> list[int]:
    """Takes in a report's findings, claims, statements and what they are about; the numbers of its transfers."""
    by_key: dict[str, int] = {}
    by_id: dict[str, int] = {}
    new: list[tuple[int, Finding]] = []
    for finding in report.findings:
        _check(report.document, finding)
        if finding.id not in by_id:
            by_id[finding.id] = batch.next_finding
            new.append((batch.next_finding, finding))
            batch.next_finding += 1
        by_key[finding.key] = by_id[finding.id]
    for n, finding in new:
        part_of = by_key.get(finding.part_of or "")
        batch.findings.append({"number": n, "id": finding.id, "document": number, "kind": finding.kind, "key": finding.key,
                               "part_of": part_of, "made_by": finding.made_by, "score": finding.score})  # fmt: skip
        for place, claim in enumerate(finding.claims):
            batch.claims.append({"finding": n, "number": place, "field": claim.field, "value": dump(claim.value), "start_at": claim.start,
                                 "end_at": claim.end, "quote": claim.quote, "inferred": int(claim.inferred), "score": claim.score,
                                 "reason": claim.reason})  # fmt: skip
        batch.about += [
            {"finding": n, "transfer": transfer} for transfer in sorted({by_key[key] for key in finding.about if key in by_key})
        ]
        if finding.kind == "statement":
            batch.take_statement(n, number, report.document, finding)
    batch.taken += 1
    if report.issues:
        batch.issues.append((number, report.issues))
    return [n for n, finding in new if finding.kind == "transfer"]


def _remove_findings(db: Connection, document: int) -> None:
    forget_transfers(db, document)
    own = select(FINDING.c.number).where(FINDING.c.document == document)
    if db.dialect.name == "sqlite":
        # An index without its own copy of the text has to be told what it forgets.
        db.execute(
            text(
                "INSERT INTO statement_words (statement_words, rowid, speaker, as_written, role, organization, content)"
                " SELECT 'delete', finding, speaker, as_written, role, organization, content FROM statement WHERE document = :document"
            ),
            {"document": document},
        )
    for table in (STATEMENT, ABOUT, CLAIM):
        db.execute(delete(table).where(table.c.finding.in_(own)))
    db.execute(delete(FINDING).where(FINDING.c.document == document, FINDING.c.part_of.is_not(None)))
    db.execute(delete(FINDING).where(FINDING.c.document == document))
    db.execute(delete(ISSUE).where(ISSUE.c.document == document))


def _check(document: Document, finding: Finding) -> None:
    """The last gate: nothing goes on record whose words are not in the text, or that the vocabulary has no place for."""
    fields = meanings("kinds").get(finding.kind, {}).get("fields")
    if fields is None:
        raise BadVocab(f"{document.key} {finding.key}: vocab/kinds.toml knows no kind {finding.kind!r}; add it there")
    for claim in finding.claims:
        if claim.field not in fields:
            raise BadVocab(f"{document.key} {finding.key}: vocab/kinds.toml gives {finding.kind} no field {claim.field!r}; add it there")
        if not claim.quote or document.text[claim.start : claim.end] != claim.quote:
            where = f"{document.key} {finding.key}: {claim.field} at {claim.start}:{claim.end}"
            raise BadOffset(f"{where} does not cut {claim.quote!r} from the text")


def _next(db: Connection, table: Table) -> int:
    return (db.execute(select(func.max(table.c.number))).scalar() or 0) + 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
