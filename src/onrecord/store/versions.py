"""This file tells versions of one report apart from other reports: a page that was read again, or cleaned by a newer cleaner.

Of several versions one counts today, and each counts in the register of the days on which it was the newest; all stay on record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, select, update

from onrecord.records import Document
from onrecord.resolve import known_day
from onrecord.store.tables import DOCUMENT

# Two texts of one address are versions of one report if the shorter shares at least this part of its pairs of words with the longer: an
# edited report keeps nearly all, a front page or a file name used again for another report keeps under a tenth.
SAME_REPORT = 0.5
# A day before all others: what counts from then on was never the newest of a report whose day nobody knows.
NEVER = "0000-00-00"


@dataclass(frozen=True, slots=True)
class Version:
    """What of a version on record bears on a newer one."""

    number: int
    known: str
    text: str
    cleaner: str
    updated: str | None
    read: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when a new document's content counts as known, until when it counts, and the number of the version that it replaces."""

    known: str
    until: str = ""
    replaces: int | None = None


def versions_held(db: Connection, documents: Iterable[Document]) -> dict[tuple[str, str], Version]:
    """The version that counts today of each report among these that the record holds under the same address and key."""
    places = {document.uri for document in documents if document.uri}
    if not places:
        return {}
    columns = DOCUMENT.c
    query = select(columns.number, columns.uri, columns.key, columns.known, columns.text, columns.cleaner, columns.updated, columns.read)
    rows = db.execute(query.where(columns.uri.in_(places), columns.until == "").order_by(columns.number))
    return {(row.uri, row.key): Version(row.number, row.known, row.text, row.cleaner, row.updated, row.read) for row in rows}


def stand(document: Document, held: Version | None) -> Standing:
    """How a new document stands to the version on record: it replaces it, comes after it was replaced, or is another report."""
    known = known_day(document)
    if held is None or not is_version(document.text, held.text):
        return Standing(known)
    if _is_older(document, held):
        return Standing(known, until=held.known or NEVER)
    # A text that another cleaner made, or that is the same, was known as early; a changed one since its change, or since it was read.
    same = document.cleaner != held.cleaner or document.text == held.text
    changed = (document.updated or document.read or known)[:10]
    return Standing(held.known if same or not held.known else max(held.known, changed), replaces=held.number)


def version_of(number: int, document: Document, standing: Standing) -> Version:
    """A new document as the version that counts."""
    return Version(number, standing.known, document.text, document.cleaner, document.updated, document.read)


def replace_versions(db: Connection, replaced: Iterable[tuple[int, str]]) -> None:
    """Notes of each of these documents (numbers) from which day on a newer version counts."""
    for number, since in replaced:
        db.execute(update(DOCUMENT).where(DOCUMENT.c.number == number).values(until=since or NEVER))


def counts_on(as_of: str | None) -> ColumnElement[bool]:
    """The condition that a document is the version of its report that counts today, or counted on a past day."""
    return (DOCUMENT.c.until == "") | (DOCUMENT.c.until > as_of) if as_of else DOCUMENT.c.until == ""


def known_on(as_of: str | None) -> ColumnElement[bool]:
    """The condition that a document counts today, or counted on a past day and was known by then."""
    return and_(counts_on(as_of), DOCUMENT.c.known != "", DOCUMENT.c.known <= as_of) if as_of else counts_on(as_of)


def replaced() -> Select[tuple[int]]:
    """The numbers of the documents that a newer version replaced: few, and found by an index of theirs alone."""
    return select(DOCUMENT.c.number).where(DOCUMENT.c.until != literal("", literal_execute=True))


def is_version(one: str, other: str) -> bool:
    """Whether two texts of one address are two versions of one report."""
    left, right = _pairs(one), _pairs(other)
    return one == other or bool(left and right) and len(left & right) >= SAME_REPORT * min(len(left), len(right))


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(re.findall(r"\w+", text.lower())))


def _is_older(document: Document, held: Version) -> bool:
    """Whether a version that comes later was written, or else read, before the one on record."""
    for own, other in ((document.updated, held.updated), (document.read, held.read)):
        if own and other and own != other:
            return own < other
    return False
