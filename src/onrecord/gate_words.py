"""This file turns the tables into the gate's one automaton: every surface that speaks for an arms deal, and what it stands for.

Surfaces are matched as bytes in the case in which news write them, with a capital, or in capitals as in headlines; a plural ending is
allowed. Spelling and context are looked at later, by parse/: the gate only asks what a text may be about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, BytesAhoCorasick, Implementation

from onrecord import vocab

# What a surface stands for: a designation without other readings, goods that only forces have; a designation with other readings, goods
# that everybody has; a state, a word of a deal, a word of forces, a company or programme.
NAMED, GOODS, DOUBTFUL, COMMON, STATE, DEAL, FORCE, MAKER = "named", "goods", "doubtful", "common", "state", "deal", "force", "maker"
EQUIPMENT = frozenset((NAMED, GOODS, DOUBTFUL, COMMON))
# Classes of which the world has many that no army owns.
EVERYDAY = frozenset(("other", "engine", "satellite"))
# Shorter surfaces are codes with other readings, and are not put in capitals.
SHORT_NAME, SHORT_CAPITALS = 3, 4
WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_&")

# Where a surface starts (bytes), what it stands for, and the name of that.
Hit = tuple[int, str, str]


def find_words(text: bytes) -> list[Hit]:
    """The whole words and names in a UTF-8 text that speak for the subject, in order, the longest where several start at one place."""
    machine, meanings = _automaton()
    return [
        (start, *meanings[pattern])
        for pattern, start, end in machine.find_matches_as_indexes(text)
        if (start == 0 or text[start - 1] not in WORD) and _is_end(text, end)
    ]


@cache
def civil_goods() -> frozenset[str]:
    """The names of goods that say nothing of arms where other equipment is named."""
    return frozenset(vocab.words("gate")["civil"])


def _is_end(text: bytes, end: int) -> bool:
    """Whether a name or word ends here, a plural ending apart."""
    for ending in (b"", b"s", b"es"):
        if text.startswith(ending, end) and (end + len(ending) >= len(text) or text[end + len(ending)] not in WORD):
            return True
    return False


@cache
def _automaton() -> tuple[BytesAhoCorasick, list[tuple[str, str]]]:
    """The automaton and the meaning of each of its patterns. It takes 22 MiB, a tenth of the faster form with a table of all steps."""
    meanings: dict[bytes, tuple[str, str]] = {}
    for surface, kind, name in _surfaces():
        if len(surface) > 1:
            meanings.setdefault(surface.encode(), (kind, name))
    machine = BytesAhoCorasick(list(meanings), matchkind=MATCHKIND_LEFTMOST_LONGEST, implementation=Implementation.ContiguousNFA)
    return machine, list(meanings.values())


def _surfaces() -> Iterator[tuple[str, str, str]]:
    """Every surface with its kind and name; of a surface that comes twice the first holds."""
    yield from _equipment()
    words = vocab.words("gate")
    yield from _goods(frozenset(words["common"]), frozenset(words["arms"]))
    for kind, listed in ((DEAL, words["deal"]), (FORCE, words["force"])):
        for word in listed:
            for shape in (word, word.capitalize(), word.title(), word.upper()):
                yield shape, kind, word
    yield from _states()
    for table in ("companies", "programmes"):
        for row in vocab.table(table):
            doubtful = set(vocab.cells(row["ambiguous"]))
            for surface in (row["name"], *vocab.cells(row["aliases"])):
                if surface not in doubtful and len(surface) >= SHORT_NAME and "(" not in surface:
                    yield surface, MAKER, row["name"]


def _equipment() -> Iterator[tuple[str, str, str]]:
    ambiguous = {row["surface"] for row in vocab.table("equipment_ambiguous")} | set(vocab.words("gate")["doubtful"])
    for row in vocab.table("equipment"):
        for surface in (row["designation"], *vocab.cells(row["aliases"])):
            kind = DOUBTFUL if len(surface) < SHORT_NAME or surface.islower() or surface in ambiguous else NAMED
            yield from _with_capitals(surface, kind, row["designation"])


def _goods(common: frozenset[str], arms: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    for row in vocab.table("goods"):
        for form in (row["name"], *vocab.cells(row["aliases"])):
            everyday = form in common or (row["name"] in common and " " not in form) or (row["class"] in EVERYDAY and form not in arms)
            for shape in (form, form.capitalize(), form.title(), form.upper()) if not form.isupper() else (form,):
                yield shape, COMMON if everyday else GOODS, row["name"]


def _states() -> Iterator[tuple[str, str, str]]:
    for row in vocab.table("states"):
        for surface in _cells(row[column] for column in ("name", "aliases", "adjectives", "demonyms", "capital", "capital_aliases")):
            yield from _with_capitals(surface, STATE, row["iso2"])


def _with_capitals(surface: str, kind: str, name: str) -> Iterator[tuple[str, str, str]]:
    yield surface, kind, name
    if len(surface) >= SHORT_CAPITALS:
        yield surface.upper(), kind, name


def _cells(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from vocab.cells(value)
