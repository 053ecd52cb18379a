"""This file writes a report's findings as rows, takes them away again, and reads them back as findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from onrecord.errors import BadOffset, BadVocab
from onrecord.records import Claim, Document, Finding
from onrecord.store.deal_rows import dump
from onrecord.store.fulltext import forget_statements, index_documents, index_statements
from onrecord.store.tables import ABOUT, CLAIM, DOCUMENT, FINDING, STATEMENT
from onrecord.vocab import meanings

STATEMENT_CELLS = ("speaker", "as_written", "role", "organization", "kind")

Fields = dict[str, Any]
# A finding with its number and, by the place of each claim that a person made or accepted, the act.
Numbered = tuple[int, Finding, Mapping[int, int]]


@dataclass(slots=True)
class Rows:
    """The rows of one transaction, collected so that each table is written once."""

    documents: list[Fields] = field(default_factory=list)
    findings: list[Fields] = field(default_factory=list)
    claims: list[Fields] = field(default_factory=list)
    about: list[Fields] = field(default_factory=list)
    statements: list[Fields] = field(default_factory=list)

    def take_document(self, number: int, document: Document, *, known: str, until: str, analysed_by: str) -> None:
        """Takes in a new document."""
        self.documents.append({
            "number": number, "id": document.id, "key": document.key, "uri": document.uri, "outlet": document.outlet,
            "title": document.title, "published": document.published, "updated": document.updated, "read": document.read,
            "known": known, "language": document.language, "text": document.text, "text_sha256": document.text_sha256,
            "cleaner": document.cleaner, "credits": dump(list(document.credits)),
            "credit_spans": dump([list(span) for span in document.credit_spans]), "analysed_by": analysed_by, "until": until,
        })  # fmt: skip

    def take_findings(self, document_number: int, document: Document, known: str, findings: Iterable[Numbered]) -> None:
        """Takes in a report's findings, each under its number; one that cuts no words or has no place in the vocabulary stops the run."""
        findings = list(findings)
        by_key = {finding.key: number for number, finding, _ in findings}
        for number, finding, acts in findings:
            _check(document, finding)
            part_of = by_key.get(finding.part_of or "")
            self.findings.append({"number": number, "id": finding.id, "document": document_number, "kind": finding.kind, "key": finding.key,
                                  "part_of": part_of, "made_by": finding.made_by, "score": finding.score})  # fmt: skip
            for place, claim in enumerate(finding.claims):
                self.claims.append({"finding": number, "number": place, "field": claim.field, "value": dump(claim.value),
                                    "start_at": claim.start, "end_at": claim.end, "quote": claim.quote, "inferred": int(claim.inferred),
                                    "score": claim.score, "reason": claim.reason, "act": acts.get(place, 0)})  # fmt: skip
            transfers = sorted({by_key[key] for key in finding.about if key in by_key})
            self.about += [{"finding": number, "transfer": transfer} for transfer in transfers]
            content = finding.claim("content")
            if finding.kind == "statement" and content is not None:
                cells = {name: str(finding[name] or "") for name in STATEMENT_CELLS}
                self.statements.append({"finding": number, "document": document_number, "known": known, **cells,
                                        "content": content.quote, "start_at": content.start, "end_at": content.end,
                                        "act": max(acts.values(), default=0)})  # fmt: skip

    def write(self, db: Connection) -> None:
        """Writes all rows; transfers come before the stages that refer to them."""
        findings = sorted(self.findings, key=lambda row: row["part_of"] is not None)
        rows = ((DOCUMENT, self.documents), (FINDING, findings), (CLAIM, self.claims), (ABOUT, self.about), (STATEMENT, self.statements))
        for table, new in rows:
            if new:
                db.execute(insert(table), new)
        index_documents(db, self.documents)
        index_statements(db, self.statements)


def read_findings(db: Connection, document_number: int, document: Document) -> list[Numbered]:
    """A report's findings as they stand, in order of number."""
    rows = db.execute(select(FINDING).where(FINDING.c.document == document_number).order_by(FINDING.c.number)).all()
    own = select(FINDING.c.number).where(FINDING.c.document == document_number)
    keys = {row.number: row.key for row in rows}
    claims: dict[int, list[Claim]] = {number: [] for number in keys}
    acts: dict[int, dict[int, int]] = {number: {} for number in keys}
    for row in db.execute(select(CLAIM).where(CLAIM.c.finding.in_(own)).order_by(CLAIM.c.finding, CLAIM.c.number)):
        if row.act:
            acts[row.finding][row.number] = row.act
        claims[row.finding].append(Claim(row.field, json.loads(row.value), row.start_at, row.end_at, row.quote, bool(row.inferred),
                                         row.score, row.reason))  # fmt: skip
    about: dict[int, list[str]] = {number: [] for number in keys}
    for row in db.execute(select(ABOUT).where(ABOUT.c.finding.in_(own)).order_by(ABOUT.c.finding, ABOUT.c.transfer)):
        about[row.finding].append(keys[row.transfer])
    return [
        (
            row.number,
            Finding(row.kind, row.key, document.id, tuple(claims[row.number]), keys.get(row.part_of), tuple(about[row.number]), row.made_by,
                    row.score, row.id),
            acts[row.number],
        )
        for row in rows
    ]  # fmt: skip


def delete_findings(db: Connection, document: int) -> None:
    """Takes a report's findings away, with all that hangs on them but the deals."""
    own = select(FINDING.c.number).where(FINDING.c.document == document)
    forget_statements(db, document)
    for table in (STATEMENT, ABOUT, CLAIM):
        db.execute(delete(table).where(table.c.finding.in_(own)))
    db.execute(delete(FINDING).where(FINDING.c.document == document, FINDING.c.part_of.is_not(None)))
    db.execute(delete(FINDING).where(FINDING.c.document == document))


def number_findings(findings: Sequence[Finding], first: int) -> list[Numbered]:
    """Findings with the numbers from one on; of two that are the same in content the first one stands for both."""
    held: dict[str, tuple[int, Finding]] = {}
    keys: dict[str, str] = {}
    for finding in findings:
        number, kept = held.setdefault(finding.id, (first + len(held), finding))
        keys[finding.key] = kept.key
    return [
        (number, replace(finding, part_of=keys.get(finding.part_of or "", finding.part_of),
                         about=tuple(dict.fromkeys(keys[key] for key in finding.about if key in keys))), {})
        for number, finding in held.values()
    ]  # fmt: skip


def pack_findings(findings: Iterable[Numbered]) -> str:
    """Findings with their numbers as text, for the record."""
    return dump([
        [number, f.kind, f.key, f.part_of, list(f.about), f.made_by, f.score, f.id,
         [[c.field, c.value, c.start, c.end, c.quote, c.inferred, c.score, c.reason] for c in f.claims]]
        for number, f, _ in findings
    ])  # fmt: skip


def unpack_findings(packed: str, document: Document) -> list[tuple[int, Finding]]:
    """The findings that were packed."""
    return [
        (number, Finding(kind, key, document.id, tuple(Claim(*claim) for claim in claims), part_of, tuple(about), made_by, score, id))
        for number, kind, key, part_of, about, made_by, score, id, claims in json.loads(packed)
    ]


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
