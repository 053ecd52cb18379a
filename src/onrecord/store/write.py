"""This file is the record's one writer: reports with their findings go in, each batch in one transaction, each report at most once.

Every id is a hash of what it names, so writing a report again changes nothing; a report that an older analysis read is written anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from onrecord.errors import BadOffset, BadVocab
from onrecord.records import Document, Finding, Issue
from onrecord.store.deals import await_settling, dump, forget_transfers, mark_stale, place_transfers
from onrecord.store.tables import ABOUT, CLAIM, DEAL_MEMBER, DOCUMENT, FINDING, ISSUE, JUDGEMENT, RUN, STATEMENT
from onrecord.vocab import meanings

STATEMENT_CELLS = ("speaker", "as_written", "role", "organization", "kind")
VERDICTS = ("same", "different", "unsure")


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the writer takes it: its document, its findings, and what could not be read in it."""

    document: Document
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class Numbers:
    """The next free numbers, counted by the writer within one transaction."""

    document: int
    finding: int


def already_known(db: Connection, documents: Sequence[Document], analysed_by: str) -> set[str]:
    """The ids of those documents that the record holds as this analysis left them."""
    query = select(DOCUMENT.c.id).where(DOCUMENT.c.id.in_([d.id for d in documents]), DOCUMENT.c.analysed_by == analysed_by)
    return set(db.execute(query).scalars())


def add_reports(db: Connection, reports: Iterable[Report], *, analysed_by: str) -> int:
    """Writes the reports inside the caller's transaction, in the order given; how many were new or anew."""
    numbers = Numbers(_next(db, DOCUMENT), _next(db, FINDING))
    return sum(_add_report(db, report, numbers, analysed_by) for report in reports)


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
           "reason": reason, "judged_by": by, "judged_at": _now()}  # fmt: skip
    db.execute(insert(JUDGEMENT), row)
    blocks = select(DEAL_MEMBER.c.block).join(FINDING, FINDING.c.number == DEAL_MEMBER.c.finding).where(FINDING.c.id.in_([left, right]))
    mark_stale(db, db.execute(blocks).scalars())


def _add_report(db: Connection, report: Report, numbers: Numbers, analysed_by: str) -> bool:
    document = report.document
    held = db.execute(select(DOCUMENT.c.number, DOCUMENT.c.analysed_by).where(DOCUMENT.c.id == document.id)).first()
    if held is not None and held.analysed_by == analysed_by:
        return False
    if held is None:
        number = numbers.document
        numbers.document += 1
        _insert_document(db, number, document, analysed_by)
    else:
        number = held.number
        _remove_findings(db, number)
        db.execute(update(DOCUMENT).where(DOCUMENT.c.number == number).values(analysed_by=analysed_by))
    transfers = _insert_findings(db, number, report, numbers)
    if held is None:
        place_transfers(db, transfers)
    else:
        await_settling(db, transfers)
    add_issues(db, report.issues, document=number)
    return True


def _insert_document(db: Connection, number: int, document: Document, analysed_by: str) -> None:
    row = {
        "number": number, "id": document.id, "key": document.key, "uri": document.uri, "outlet": document.outlet,
        "title": document.title, "published": document.published, "updated": document.updated, "read": document.read,
        "known": known_day(document), "language": document.language, "text": document.text, "text_sha256": document.text_sha256,
        "cleaner": document.cleaner, "credits": dump(list(document.credits)),
        "credit_spans": dump([list(span) for span in document.credit_spans]), "analysed_by": analysed_by,
    }  # fmt: skip
    db.execute(insert(DOCUMENT), row)
    if db.dialect.name == "sqlite":
        words = {"number": number, "title": document.title, "text": document.text}
        db.execute(text("INSERT INTO document_words (rowid, title, text) VALUES (:number, :title, :text)"), words)


def known_day(document: Document) -> str:
    """The ISO day from which a report's content counts as known; empty if nothing tells."""
    return (document.published or document.updated or document.read or "")[:10]


def _insert_findings(db: Connection, number: int, report: Report, numbers: Numbers) -> list[int]:
    """Writes findings, claims, statements and what they are about; the numbers of the transfers."""
    by_key: dict[str, int] = {}
    by_id: dict[str, int] = {}
    new: list[tuple[int, Finding]] = []
    for finding in report.findings:
        _check(report.document, finding)
        if finding.id not in by_id:
            by_id[finding.id] = numbers.finding
            new.append((numbers.finding, finding))
            numbers.finding += 1
        by_key[finding.key] = by_id[finding.id]
    findings: list[dict[str, Any]] = [
        {"number": n, "id": f.id, "document": number, "kind": f.kind, "key": f.key, "part_of": by_key.get(f.part_of or ""),
         "made_by": f.made_by, "score": f.score}
        for n, f in new
    ]  # fmt: skip
    claims = [
        {"finding": n, "number": place, "field": c.field, "value": dump(c.value), "start_at": c.start, "end_at": c.end, "quote": c.quote,
         "inferred": int(c.inferred), "score": c.score, "reason": c.reason}
        for n, f in new
        for place, c in enumerate(f.claims)
    ]  # fmt: skip
    pairs = {(n, by_key[key]) for n, f in new for key in f.about if key in by_key}
    about = [{"finding": n, "transfer": transfer} for n, transfer in sorted(pairs)]
    # Transfers first: a stage refers to its transfer.
    _insert_all(db, FINDING, sorted(findings, key=lambda row: row["part_of"] is not None))
    _insert_all(db, CLAIM, claims)
    _insert_all(db, ABOUT, about)
    _insert_statements(db, number, report.document, [(n, f) for n, f in new if f.kind == "statement"])
    return [n for n, f in new if f.kind == "transfer"]


def _insert_statements(db: Connection, number: int, document: Document, findings: list[tuple[int, Finding]]) -> None:
    rows = []
    for n, finding in findings:
        content = finding.claim("content")
        if content is None:
            continue
        cells = {name: str(finding[name] or "") for name in STATEMENT_CELLS}
        rows.append(
            {"finding": n, "document": number, "known": known_day(document), **cells, "content": content.quote,
             "start_at": content.start, "end_at": content.end}
        )  # fmt: skip
    _insert_all(db, STATEMENT, rows)
    if rows and db.dialect.name == "sqlite":
        db.execute(
            text(
                "INSERT INTO statement_words (rowid, speaker, as_written, role, organization, content)"
                " VALUES (:finding, :speaker, :as_written, :role, :organization, :content)"
            ),
            rows,
        )


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


def _insert_all(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)


def _next(db: Connection, table: Table) -> int:
    return (db.execute(select(func.max(table.c.number))).scalar() or 0) + 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
