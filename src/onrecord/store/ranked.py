"""This file finds the best rows of the full-text indexes on PostgreSQL, and ranks them as FTS5 ranks them on SQLite.

The server's own ranking knows nothing of how rare a word is. So the newest rows that hold what is asked for are taken, with the places of
its words, and the rank is worked out here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from onrecord.store.words import forms_in, phrase_places, places_of, rank, rarity

# A word in a headline counts as much as four in the text.
TITLE_WEIGHT = 4.0
# PostgreSQL holds words of 2 kB.
LONGEST_WORD = 200
# The labels of a place in PostgreSQL: A for a headline, or who says it; D for the text, or what is said.
HEAD, BODY = "A", "D"
# So many reports are ranked for one search: of words that more of them hold, the newest. Some more are taken, as not all count today.
MOST_RANKED, TAKEN = 200, 400
# How many rows hold a phrase is counted as far as this; of one that more hold, the server's own estimate is taken, at once where the
# estimate is such a share of all rows: of words that it knows nothing of, it supposes far fewer.
MOST_COUNTED, SURELY = 500, 0.01
# Where many more rows hold what is asked for than are ranked, they are sought among the newest alone: among this many times as many as
# should do.
SPARE = 2

Counts = list[tuple[int, int]]


def tsquery(phrases: Sequence[Sequence[str]], *, label: str = "", together: bool = True) -> str:
    """Phrases as PostgreSQL's tsquery; `together` asks for the words of a phrase one after the other."""
    mark, link = f":{label}" if label else "", " <-> " if together else " & "
    return " & ".join("(" + link.join(f"'{word[:LONGEST_WORD]}'{mark}" for word in phrase) + ")" for phrase in phrases)


def best_rows(db: Connection, name: str, phrases: Sequence[tuple[str, ...]], *, limit: int) -> list[int]:
    """The numbers of the best rows of an index ("document" or "statement") that count today and hold all phrases, best first."""
    if not phrases:
        return []
    held = db.execute(text("SELECT held, words FROM word_count WHERE name = :name"), {"name": name}).one()
    own = _candidates(db, name, phrases)
    # A single phrase weighs the same in every row.
    rarities = [rarity(held.held, _hits(db, name, phrase, of=held.held)) for phrase in phrases] if len(phrases) > 1 else [1.0]
    usual = float(held.words) / float(held.held) if held.held else 1.0
    weight = TITLE_WEIGHT if name == "document" else 1.0
    ranked = []
    for number, (length, counted) in own.items():
        counts = [weight * head + body for head, body in counted]
        if all(counts):
            ranked.append((rank(counts, rarities, length=length, usual=usual), number))
    return [number for _, number in sorted(ranked)[:limit]]


def _candidates(db: Connection, name: str, phrases: Sequence[tuple[str, ...]]) -> dict[int, tuple[int, Counts]]:
    """The newest rows that hold all phrases: the length of each, and how often each phrase stands in its head and in its body."""
    rows = _newest(db, name, phrases)
    phrases_held = [tuple(word[:LONGEST_WORD] for word in phrase) for phrase in phrases]
    places = _places(db, name, [row.number for row in rows if not row.cut], {word for phrase in phrases_held for word in phrase})
    found: dict[int, tuple[int, Counts]] = {}
    for row in rows:
        if row.cut:
            found[row.number] = row.length, _read(db, row.number, phrases)
        else:
            labelled = places[row.number]
            found[row.number] = (
                row.length,
                [tuple(len(phrase_places(phrase, labelled[label])) for label in (HEAD, BODY)) for phrase in phrases_held],  # type: ignore[misc]
            )
    return found


def _newest(db: Connection, name: str, phrases: Sequence[tuple[str, ...]]) -> Sequence[Row[Any]]:
    """Number, length and cut of the newest rows that count today and hold all phrases, or all their words where they hold no places.

    They are taken before it is looked up which of them count today: few do not. An index in order of words gives every row that holds them,
    so of common words only the last part of the numbers is asked for, and all only if that holds too few.
    """
    whole = all(len(phrase) == 1 for phrase in phrases)
    condition = "words @@ CAST(:words AS tsquery)"
    if name == "document":
        columns, counting = "number, length, cut", "JOIN document d ON d.number = w.number"
        condition += "" if whole else " AND (cut = 1 OR words @@ CAST(:phrases AS tsquery))"
    else:
        columns = "number, length, 0 AS cut"
        counting = "JOIN statement s ON s.finding = w.number JOIN document d ON d.number = s.document"
        condition += "" if whole else " AND words @@ CAST(:phrases AS tsquery)"
    query = text(
        f"SELECT w.number, w.length, w.cut, w.taken FROM (SELECT *, count(*) OVER () AS taken FROM (SELECT {columns} FROM {name}_words"
        f" WHERE number > :floor AND {condition} ORDER BY number DESC LIMIT :most) newest) w {counting}"
        " WHERE d.until = '' ORDER BY w.number DESC LIMIT :limit"
    )
    wanted = tsquery(phrases)
    asked = {"words": tsquery(phrases, together=False), "phrases": wanted, "limit": MOST_RANKED, "most": TAKEN}
    likely = _estimate(db, name, wanted)
    last = int(db.execute(text(f"SELECT coalesce(max(number), 0) FROM {name}_words")).scalar_one())
    floor = last - SPARE * TAKEN * last // likely if likely > 2 * SPARE * TAKEN else 0
    rows = db.execute(query, {**asked, "floor": floor}).all()
    if floor and (not rows or rows[0].taken < TAKEN):
        rows = db.execute(query, {**asked, "floor": 0}).all()
    return rows


def _places(db: Connection, name: str, numbers: Sequence[int], words: Iterable[str]) -> dict[int, dict[str, dict[str, list[int]]]]:
    """Of each row the places of some words, by label.

    They are cut from the index's written form ('word':3A,17): the server's own function makes a row of each word of a report.
    """
    found: dict[int, dict[str, dict[str, list[int]]]] = {number: {HEAD: {}, BODY: {}} for number in numbers}
    if not numbers:
        return found
    sought = sorted(words)
    parts = ", ".join(f"split_part(split_part(written, :word{at}, 2), ' ', 1)" for at in range(len(sought)))
    written = f"SELECT number, CAST(words AS text) AS written FROM {name}_words WHERE number = ANY(:some) OFFSET 0"
    asked = {"some": list(numbers), **{f"word{at}": f"'{word}':" for at, word in enumerate(sought)}}
    for number, *told in db.execute(text(f"SELECT number, {parts} FROM ({written}) w"), asked):
        for word, places in zip(sought, told, strict=True):
            for place in filter(None, places.split(",")):
                label = HEAD if place.endswith(HEAD) else BODY
                found[number][label].setdefault(word, []).append(int(place.rstrip(HEAD)))
    return found


def _read(db: Connection, number: int, phrases: Sequence[tuple[str, ...]]) -> Counts:
    """How often phrases stand in the headline and in the text of a report too long for its index."""
    row = db.execute(text("SELECT title, text FROM document WHERE number = :number"), {"number": number}).one()
    counted = Counter((place.phrase, place.column) for place in places_of(phrases, [forms_in(row.title), forms_in(row.text)]))
    return [(counted[number, 0], counted[number, 1]) for number in range(len(phrases))]


def _hits(db: Connection, name: str, phrase: Sequence[str], *, of: int) -> int:
    """How many of the rows of an index hold a phrase; of a common one about how many."""
    words = tsquery([phrase])
    likely = _estimate(db, name, words)
    if likely > max(MOST_COUNTED, SURELY * of):
        return min(likely, of)
    rows = f"SELECT 1 FROM {name}_words WHERE words @@ CAST(:words AS tsquery) LIMIT {MOST_COUNTED}"
    hits = int(db.execute(text(f"SELECT count(*) FROM ({rows}) AS counted"), {"words": words}).scalar_one())
    return hits if hits < MOST_COUNTED else min(max(hits, likely), of)


def _estimate(db: Connection, name: str, words: str) -> int:
    """How many rows of an index hold a tsquery, as the server supposes."""
    query = text(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {name}_words WHERE words @@ CAST(:words AS tsquery)")
    return int(db.execute(query, {"words": words}).scalar_one()[0]["Plan"]["Plan Rows"])
