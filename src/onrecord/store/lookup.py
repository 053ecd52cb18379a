"""This file holds what placing reports and placing transfers share: the nearest rows under their keys, and a document from its row."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, TextClause, func, select, text

from onrecord.records import Document
from onrecord.store.tables import DOCUMENT

# No headline is read further than this with what it heads: a hostile one of megabytes would be read with every claim.
LONGEST_TITLE = 1000


def title_column() -> ColumnElement[str]:
    """A report's headline as far as lists of claims need it."""
    return func.substr(DOCUMENT.c.title, 1, LONGEST_TITLE).label("title")


def head_columns() -> list[ColumnElement[Any]]:
    """What is shown of a report beside words from it: its ids, outlet, day and headline."""
    columns = DOCUMENT.c
    return [columns.id.label("document_id"), columns.key.label("document_key"), columns.outlet, columns.published, title_column()]


@cache
def nearest_under_keys(
    table: str, name: str, order: tuple[str, ...], *, keys: int, limit: int, before: int = 0, after: int = 0
) -> TextClause:
    """The query for the rows nearest before and after a place under each of that many keys: "key", the column `name`, `order`, `later`.

    One bounded look-up a key and side, in one statement. Its parameters are key0, key1, … and the columns of `order`, which say where the
    place is; `later` is 1 for rows after it. After the `keys` come keys of which rows on one side alone are asked for: `before` of them,
    then `after`. The names are the tables', never a user's.
    """
    columns, place = ", ".join(order), ", ".join(f":{column}" for column in order)
    below, above = (0, "<", "DESC"), (1, ">", "ASC")
    sides = [(below, above)] * keys + [(below,)] * before + [(above,)] * after
    parts = (
        f'SELECT * FROM (SELECT "key", {name}, {columns}, {later} AS later FROM {table} WHERE "key" = :key{number}'
        f" AND ({columns}) {side} ({place}) ORDER BY {', '.join(f'{column} {way}' for column in order)} LIMIT {limit}) near{number}{later}"
        for number, asked in enumerate(sides)
        for later, side, way in asked
    )
    return text(" UNION ALL ".join(parts))


def newest_number(db: Connection) -> int:
    """The number of the newest report, and so about how many there are; 0 of an empty record."""
    return int(db.execute(select(func.max(DOCUMENT.c.number))).scalar() or 0)


def document_of(row: Row[Any]) -> Document:
    """The document of a whole row of its table, as it was analysed but for what only the analysis needs."""
    return Document(row.id, row.key, row.uri, row.outlet, row.title, row.published, row.updated, row.read, row.language, row.text,
                    row.text_sha256, row.cleaner, credits=tuple(json.loads(row.credits)))  # fmt: skip
