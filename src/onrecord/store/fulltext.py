"""This file keeps and asks the full-text indexes of reports and statements, on SQLite (FTS5) and on PostgreSQL (tsvector and GIN).

Both give the same hits in the same order with the same words marked. On PostgreSQL the words are cut and marked by words.py, the rows
ranked by ranked.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

from onrecord.store.ranked import BODY, HEAD, LONGEST_WORD, TITLE_WEIGHT, best_rows, tsquery
from onrecord.store.words import asked_phrases, forms_in, phrases_of, snippet

# What marks the words found in a snippet; no cleaned text holds them.
FOUND, END = "\x02", "\x03"
MORE = " … "
REPORT_WINDOW, STATEMENT_WINDOW = 24, 40
# The columns of a statement's index; the last one is what is said, the others tell who says it.
SAID_BY = ("speaker", "as_written", "role", "organization")
# PostgreSQL holds places up to 16,383, no more than 255 of them for a word, and a megabyte in all: a longer report is looked up by its
# words alone, and read when it is found.
LAST_PLACE, MOST_PLACES, MOST_BYTES = 16_000, 255, 900_000
# Between two columns, so that no phrase spans them.
GAP = 10
# So many reports are ranked for one search on SQLite: of words that more of them hold, the newest.
MOST_RANKED_HERE = 4000

Fields = Mapping[str, Any]


class Found(NamedTuple):
    """A report or statement, by its number, with the words found marked in a snippet."""

    number: int
    snippet: str


def match_words(words: str) -> str:
    """Words as an FTS5 query that asks for all of them; quoted ones stay a phrase, and nothing in them is an operator."""
    return " ".join(f'"{part}"' for part in asked_phrases(words))


def index_documents(db: Connection, rows: Sequence[Fields]) -> None:
    """Takes new reports (number, title, text) into their index."""
    if not rows:
        return
    if db.dialect.name == "sqlite":
        db.execute(
            text("INSERT INTO document_words (rowid, title, text) VALUES (:number, :title, :text)"), _only(rows, "number", "title", "text")
        )
        return
    new = []
    for row in rows:
        words, length, cut = _vector([(HEAD, forms_in(row["title"])), (BODY, forms_in(row["text"]))])
        new.append({"number": row["number"], "words": words, "length": length, "cut": int(cut)})
    db.execute(text("INSERT INTO document_words VALUES (:number, CAST(:words AS tsvector), :length, :cut)"), new)
    _count(db, "document", len(new), sum(row["length"] for row in new))


def index_statements(db: Connection, rows: Sequence[Fields]) -> None:
    """Takes new statements (rows of their table) into their index."""
    if not rows:
        return
    if db.dialect.name == "sqlite":
        insert = (
            "INSERT INTO statement_words (rowid, speaker, as_written, role, organization, content)"
            " VALUES (:finding, :speaker, :as_written, :role, :organization, :content)"
        )
        db.execute(text(insert), _only(rows, "finding", *SAID_BY, "content"))
        return
    new = []
    for row in rows:
        words, length, _ = _vector([*((HEAD, forms_in(row[name])) for name in SAID_BY), (BODY, forms_in(row["content"])[:LAST_PLACE])])
        new.append({"number": row["finding"], "words": words, "length": length})
    db.execute(text("INSERT INTO statement_words VALUES (:number, CAST(:words AS tsvector), :length)"), new)
    _count(db, "statement", len(new), sum(row["length"] for row in new))


def forget_statements(db: Connection, document: int) -> None:
    """Takes a report's statements out of their index; to be called while their rows are still there."""
    own = {"document": document}
    if db.dialect.name == "sqlite":
        # An index without its own copy of the text has to be told what it forgets.
        forget = (
            "INSERT INTO statement_words (statement_words, rowid, speaker, as_written, role, organization, content)"
            " SELECT 'delete', finding, speaker, as_written, role, organization, content FROM statement WHERE document = :document"
        )
        db.execute(text(forget), own)
        return
    these = "DELETE FROM statement_words WHERE number IN (SELECT finding FROM statement WHERE document = :document) RETURNING length"
    gone = db.execute(text(these), own).scalars().all()
    if gone:
        _count(db, "statement", -len(gone), -sum(gone))


def index_anew(db: Connection) -> None:
    """Makes the index of reports again from their texts."""
    if db.dialect.name == "sqlite":
        db.execute(text("INSERT INTO document_words (document_words) VALUES ('rebuild')"))
        return
    db.execute(text("DELETE FROM document_words"))
    db.execute(text("UPDATE word_count SET held = 0, words = 0 WHERE name = 'document'"))
    last = 0
    some = text("SELECT number, title, text FROM document WHERE number > :last ORDER BY number LIMIT 200")
    while rows := db.execute(some, {"last": last}).mappings().all():
        index_documents(db, [dict(row) for row in rows])
        last = rows[-1]["number"]


def find_documents(db: Connection, words: str, *, limit: int) -> list[Found]:
    """The reports that count today and hold all the words, best first."""
    if db.dialect.name == "sqlite":
        query = (
            f"SELECT document.number, snippet(document_words, -1, :found, :end, :more, {REPORT_WINDOW}) AS snippet"
            " FROM document_words JOIN document ON document.number = document_words.rowid"
            " WHERE document_words MATCH :words AND document_words.rowid > :floor AND document.until = ''"
            f" ORDER BY bm25(document_words, {TITLE_WEIGHT}, 1.0), document.number LIMIT :limit"
        )
        return _asked(db, "document", query, words, limit)
    phrases = phrases_of(words)
    best = best_rows(db, "document", phrases, limit=limit)
    rows = {
        row.number: row for row in db.execute(text("SELECT number, title, text FROM document WHERE number = ANY(:some)"), {"some": best})
    }
    return [
        Found(one, snippet(phrases, (rows[one].title, rows[one].text), column=None, marks=(FOUND, END), more=MORE, size=REPORT_WINDOW))
        for one in best
    ]


def find_statements(db: Connection, words: str, *, limit: int) -> list[Found]:
    """The statements of reports that count today that hold all the words, best first; the snippet is of what was said."""
    if db.dialect.name == "sqlite":
        query = (
            "SELECT statement.finding AS number,"
            f" snippet(statement_words, {len(SAID_BY)}, :found, :end, :more, {STATEMENT_WINDOW}) AS snippet"
            " FROM statement_words JOIN statement ON statement.finding = statement_words.rowid"
            " JOIN document ON document.number = statement.document"
            " WHERE statement_words MATCH :words AND statement_words.rowid > :floor AND document.until = ''"
            " ORDER BY bm25(statement_words), statement.finding LIMIT :limit"
        )
        return _asked(db, "statement", query, words, limit)
    phrases = phrases_of(words)
    best = best_rows(db, "statement", phrases, limit=limit)
    query = f"SELECT finding, {', '.join(SAID_BY)}, content FROM statement WHERE finding = ANY(:some)"
    rows = {row.finding: tuple(row[1:]) for row in db.execute(text(query), {"some": best})}
    return [
        Found(one, snippet(phrases, rows[one], column=len(SAID_BY), marks=(FOUND, END), more=MORE, size=STATEMENT_WINDOW)) for one in best
    ]


def said_by(db: Connection, words: str) -> TextClause:
    """The condition that who is on record with a statement is named by all the words."""
    return _statements_with(db, words, "who", HEAD, SAID_BY)


def said_with(db: Connection, words: str) -> TextClause:
    """The condition that a statement's own words hold all the words."""
    return _statements_with(db, words, "what", BODY, ("content",))


def _statements_with(db: Connection, words: str, name: str, label: str, columns: Sequence[str]) -> TextClause:
    if db.dialect.name == "sqlite":
        condition = text(f"statement.finding IN (SELECT rowid FROM statement_words WHERE statement_words MATCH :{name})")
        return condition.bindparams(**{name: f"{{{' '.join(columns)}}} : {match_words(words)}"})
    condition = text(f"statement.finding IN (SELECT number FROM statement_words WHERE words @@ CAST(:{name} AS tsquery))")
    return condition.bindparams(**{name: tsquery(phrases_of(words), label=label)})


def _asked(db: Connection, name: str, query: str, words: str, limit: int) -> list[Found]:
    """What a query gives on SQLite, whose index lies in order of arrival: it is walked from its end as far as the last row to rank."""
    newest = f"SELECT rowid FROM {name}_words WHERE {name}_words MATCH :words ORDER BY rowid DESC LIMIT 1 OFFSET :most"
    floor = db.execute(text(newest), {"words": match_words(words), "most": MOST_RANKED_HERE}).scalar()
    asked = {"words": match_words(words), "found": FOUND, "end": END, "more": MORE, "limit": limit, "floor": floor or 0}
    return [Found(row.number, row.snippet) for row in db.execute(text(query), asked)]


def _only(rows: Sequence[Fields], *names: str) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names} for row in rows]


def _vector(columns: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, int, bool]:
    """Words as PostgreSQL's tsvector, how many there are, and whether it holds them without their places, being too long."""
    columns = list(columns)
    length = sum(len(words) for _, words in columns)
    held: dict[str, list[str]] = {}
    place = 0
    for label, words in columns:
        for word in words:
            place += 1
            held.setdefault(word[:LONGEST_WORD], []).append(f"{place}{label}")
        place += GAP
    cut = place > LAST_PLACE or any(len(places) > MOST_PLACES for places in held.values())
    if not cut:
        return " ".join(f"'{word}':{','.join(places)}" for word, places in held.items()), length, False
    size, kept = 0, []
    for form in held:
        size += len(form.encode()) + 8
        if size > MOST_BYTES:
            break
        kept.append(f"'{form}'")
    return " ".join(kept), length, True


def _count(db: Connection, name: str, rows: int, words: int) -> None:
    change = "UPDATE word_count SET held = held + :rows, words = words + :words WHERE name = :name"
    db.execute(text(change), {"rows": rows, "words": words, "name": name})
