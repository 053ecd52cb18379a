"""This file checks a record against itself: texts and findings against their hashes, acts against their chain, findings against acts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from onrecord.acts.applying import apply_acts
from onrecord.acts.nouns import act_id
from onrecord.records import Document, Finding, Json
from onrecord.store.acted import number_of
from onrecord.store.acts import content_of, orders_on, read_acts, standing_acts
from onrecord.store.deriving import AT_A_TIME, machine_findings
from onrecord.store.finding_rows import read_findings
from onrecord.store.lookup import document_of
from onrecord.store.tables import DOCUMENT, FINDING, JUDGEMENT

CHANGED = "restore the record from a backup; somebody or something changed it from outside"
# So many keys are tried for the transfer that a stage was found under, t1 to this one.
MOST_TRANSFERS = 60


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in a record that does not bear out what it is kept for: what, where, and what to do."""

    what: str
    where: str
    todo: str


def find_flaws(db: Connection) -> Iterator[Flaw]:
    """Every flaw of a record beside quotes (`query.find_faults`); none when all is well."""
    yield from _acts(db)
    yield from _texts(db)
    yield from _findings(db)
    yield from _judgements(db)


def _acts(db: Connection) -> Iterator[Flaw]:
    """Every act must be there, in order, as it was written."""
    before, expected = "", 1
    for act in read_acts(db):
        if act.number != expected or act.id != act_id(before, content_of(act)):
            yield Flaw(f"act {act.number} or one before it was changed or taken out", f"act {act.number}", CHANGED)
            return
        before, expected = act.id, expected + 1


def _texts(db: Connection) -> Iterator[Flaw]:
    last = 0
    while chunk := db.execute(select(DOCUMENT).where(DOCUMENT.c.number > last).order_by(DOCUMENT.c.number).limit(AT_A_TIME)).all():
        for row in chunk:
            last = row.number
            digest = hashlib.sha256(row.text.encode()).hexdigest()
            identity = hashlib.sha256(f"{row.uri or row.key}\n{digest}\n{row.cleaner}".encode()).hexdigest()[:24]
            if digest != row.text_sha256 or identity != row.id:
                yield Flaw("the text of a report does not fit its hash", row.key, CHANGED)


def _findings(db: Connection) -> Iterator[Flaw]:
    """The analysis' findings must fit their ids; those on record must be these with the acts of people done to them."""
    for number, machine in machine_findings(db):
        row = db.execute(select(DOCUMENT).where(DOCUMENT.c.number == number)).one()
        document = document_of(row)
        parents = [finding.key for _, finding, _ in machine if finding.kind == "transfer"]
        for _, finding, _ in machine:
            if finding.id not in _content_ids(document, finding, parents):
                yield Flaw("a finding does not fit its hash", f"{row.key}#{finding.key}", CHANGED)
        current = read_findings(db, number, document)
        orders = orders_on(db, row)
        wanted = [(n, finding, acts) for n, finding, acts in machine] if not orders else [
            (made.number, made.finding, made.acts)
            for made in apply_acts(document, [(n, finding) for n, finding, _ in machine], orders, number_of).findings
        ]  # fmt: skip
        if orders and current != wanted:
            yield Flaw("what people decided is not applied as it should be", row.key, "work it out anew: onrecord rebuild RECORD")


def _judgements(db: Connection) -> Iterator[Flaw]:
    standing = {act.number for act in standing_acts(db)}
    known = select(FINDING.c.id)
    for row in db.execute(select(JUDGEMENT)):
        sides = set(db.execute(known.where(FINDING.c.id.in_([row.left_id, row.right_id]))).scalars())
        if row.number not in standing or len(sides) != 2:
            yield Flaw("a verdict is on transfers that are not on record", f"act {row.number}", "work it out anew: onrecord rebuild RECORD")


def _content_ids(document: Document, finding: Finding, transfers: list[str]) -> set[str]:
    """The ids that a finding can have: a stage of a transfer that a report told twice in the same words has that of either."""
    claims: list[Json] = [[c.field, c.value, c.start, c.end] for c in finding.claims]
    parents = [finding.part_of] if finding.part_of is None else [f"t{n}" for n in range(1, MOST_TRANSFERS)] + transfers
    contents = ([document.id, finding.kind, parent, claims] for parent in parents)
    return {hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24] for content in contents}
