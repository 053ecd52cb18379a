"""This file reads whose the originals are that several reports of a record carry: an agency's that they credit, the earliest's, unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select

from onrecord.group.origin import Carrier, Origin, name_origin
from onrecord.store.tables import DEAL_MEMBER, DOCUMENT, REPORT_ORIGIN
from onrecord.store.versions import known_on

# So many keys of the reports that carry one original are told; the count tells of the others.
MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class Story:
    """One original that several reports carry: the id of the first of them, whose it is, and how many reports of which outlets carry it."""

    first: str
    origin: Origin
    reports: int
    outlets: int
    keys: tuple[str, ...]


def stories(db: Connection, *, documents: Select[tuple[int]] | None = None, as_of: str | None = None) -> Iterator[Story]:
    """The originals that several of the reports known by a day carry, in order of arrival; of some documents only those that they carry."""
    query = (
        select(REPORT_ORIGIN.c.origin, DOCUMENT.c.id, DOCUMENT.c.key, DOCUMENT.c.outlet, DOCUMENT.c.published, DOCUMENT.c.credits)
        .join(DOCUMENT, DOCUMENT.c.number == REPORT_ORIGIN.c.document)
        .where(known_on(as_of))
        .order_by(REPORT_ORIGIN.c.origin, DOCUMENT.c.number)
    )
    if documents is not None:
        query = query.where(REPORT_ORIGIN.c.origin.in_(select(REPORT_ORIGIN.c.origin).where(REPORT_ORIGIN.c.document.in_(documents))))
    for _, rows in groupby(db.execute(query), key=lambda row: row.origin):
        carried = list(rows)
        if len(carried) > 1:
            yield _story(carried)


def deal_stories(db: Connection, deal: int, *, as_of: str | None = None) -> list[Story]:
    """The originals that several reports carry of which one at least tells of a deal (by number)."""
    return list(stories(db, documents=select(DEAL_MEMBER.c.document).where(DEAL_MEMBER.c.deal == deal), as_of=as_of))


def _story(rows: list[Any]) -> Story:
    origin = name_origin([Carrier(row.outlet, row.published, tuple(json.loads(row.credits))) for row in rows])
    return Story(rows[0].id, origin, len(rows), len({row.outlet for row in rows}), tuple(row.key for row in rows[:MOST_NAMED]))
