"""This file is the record's one writer: reports with their findings go in, each batch in one transaction, each report at most once.

Every id is a hash of what it names, so writing a report again changes nothing; a report that an older analysis read is written anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from onrecord.records import Document, Finding, Issue
from onrecord.store.acted import act_on_reports
from onrecord.store.acts import next_number, now
from onrecord.store.deals import forget_transfers, place_transfers, settle
from onrecord.store.finding_rows import Rows, delete_findings, number_findings
from onrecord.store.groups import place_reports
from onrecord.store.tables import DOCUMENT, FINDING, ISSUE, RUN
from onrecord.store.versions import replace_versions, stand, version_of, versions_held


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the writer takes it: its document, its findings, and what could not be read in it."""

    document: Document
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()


def already_known(db: Connection, documents: Sequence[Document], analysed_by: str) -> set[str]:
    """The ids of those documents that the record holds as this analysis left them."""
    query = select(DOCUMENT.c.id).where(DOCUMENT.c.id.in_([d.id for d in documents]), DOCUMENT.c.analysed_by == analysed_by)
    return set(db.execute(query).scalars())


def texts_held(db: Connection, hashes: Sequence[str]) -> dict[str, str]:
    """Hash -> address of a report that the record holds with that very text."""
    rows = db.execute(select(DOCUMENT.c.text_sha256, DOCUMENT.c.uri, DOCUMENT.c.key).where(DOCUMENT.c.text_sha256.in_(hashes)))
    return {row.text_sha256: row.uri or row.key for row in rows}


def add_reports(db: Connection, reports: Iterable[Report], *, analysed_by: str) -> int:
    """Writes the reports inside the caller's transaction, in the order given; how many were new or anew.

    What people decided about a report is applied to its findings here, so that no re-run can lose it.
    """
    reports = list({report.document.id: report for report in reports}.values())
    query = select(DOCUMENT.c.id, DOCUMENT.c.number, DOCUMENT.c.known, DOCUMENT.c.analysed_by)
    held = {row.id: row for row in db.execute(query.where(DOCUMENT.c.id.in_([r.document.id for r in reports])))}
    versions = versions_held(db, [report.document for report in reports if report.document.id not in held])
    rows, replaced, arrived = Rows(), [], []
    taken: dict[int, Report] = {}
    number, finding = next_number(db, DOCUMENT), next_number(db, FINDING)
    for report in reports:
        document, row = report.document, held.get(report.document.id)
        if row is None:
            own, number = number, number + 1
            standing = stand(document, versions.get((document.uri, document.key)))
            known = standing.known
            rows.take_document(own, document, known=known, until=standing.until, analysed_by=analysed_by)
            if standing.replaces is not None:
                replaced.append((standing.replaces, known))
            if not standing.until:
                versions[document.uri, document.key] = version_of(own, document, standing)
            arrived.append((own, document))
        elif row.analysed_by != analysed_by:
            own, known = row.number, row.known
            forget_transfers(db, own)
            delete_findings(db, own)
            db.execute(delete(ISSUE).where(ISSUE.c.document == own))
            db.execute(update(DOCUMENT).where(DOCUMENT.c.number == own).values(analysed_by=analysed_by))
        else:
            continue
        numbered = number_findings(report.findings, finding)
        finding += len(numbered)
        rows.take_findings(own, document, known, numbered)
        taken[own] = report
    rows.write(db)
    replace_versions(db, replaced)
    place_reports(db, arrived)
    act_on_reports(db, taken, fresh=True)
    again = taken.keys() - {number for number, _ in arrived}
    for some in ([number for number, _ in arrived], sorted(again)):
        # The kind is looked at here: SQLite would rather go through all transfers of the record than through these reports.
        told = db.execute(select(FINDING.c.number, FINDING.c.kind).where(FINDING.c.document.in_(some))).all() if some else ()
        place_transfers(db, sorted(row.number for row in told if row.kind == "transfer"))
    if again:
        # What was linked to the findings that are gone must not wait.
        settle(db)
    for own, report in taken.items():
        add_issues(db, report.issues, document=own)
    return len(taken)


def add_issues(db: Connection, issues: Iterable[Issue], *, document: int | None = None) -> None:
    """Writes what could not be read; an issue met before is kept once."""
    seen_at = now()
    rows = {}
    for issue in issues:
        digest = hashlib.sha256("\n".join([issue.step, issue.what, issue.where]).encode()).hexdigest()[:24]
        rows[digest] = {"id": digest, "step": issue.step, "what": issue.what, "place": issue.where, "todo": issue.todo,
                        "document": document, "seen_at": seen_at}  # fmt: skip
    held = set(db.execute(select(ISSUE.c.id).where(ISSUE.c.id.in_(rows))).scalars()) if rows else set()
    new = [row for digest, row in rows.items() if digest not in held]
    if new:
        db.execute(insert(ISSUE), new)


def start_run(db: Connection, sources: Sequence[str], *, analysed_by: str) -> int:
    """Notes that a run begins; its number."""
    number = next_number(db, RUN)
    row = {"number": number, "started_at": now(), "sources": json.dumps(list(sources)), "analysed_by": analysed_by,
           "added": 0, "already_known": 0, "skipped": 0}  # fmt: skip
    db.execute(insert(RUN), row)
    return number


def end_run(db: Connection, number: int, *, added: int, already_known: int, skipped: int) -> None:
    """Notes that a run is over, with its counts."""
    counts = {"ended_at": now(), "added": added, "already_known": already_known, "skipped": skipped}
    db.execute(update(RUN).where(RUN.c.number == number).values(counts))
