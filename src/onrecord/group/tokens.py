"""This file cuts a text into what copies of it keep, in any language: word stems, sentences, quotations, numbers, sounds of names.

Stems are the first letters of a word without accents, so that "acquire" and "acquired" agree; they are kept as 32-bit hashes.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from onrecord.vocab import meanings

# A word's first letters stand for all its forms: "acquire" and "acquisition" are one.
STEM = 5
# A text is compared by its beginning: what a hostile page may add behind costs nothing. News reports end far before.
MOST_WORDS = 4000
# Quotations shorter than this are names of ships and scare quotes.
QUOTED_WORDS = 5
TOKEN = re.compile(r"['’]s\b|\d+(?:[.,]\d+)*|[^\W\d_]+|[^\W_]")
# Scripts that put no space between words: each sign is a word.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*\s|\n")
DESIGNATION = re.compile(r"\b[A-Z][A-Za-z]{0,4}-?\d+[A-Za-z0-9]*\b")
THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's stems in order (hashes), the word at which each sentence begins, quotations as word ranges, numbers and names (hashes)."""

    stems: tuple[int, ...]
    sentences: tuple[int, ...]
    quotes: tuple[tuple[int, int], ...]
    numbers: frozenset[int]
    names: frozenset[int]


def cut(text: str) -> Tokens:
    """The tokens of a text, of its first MOST_WORDS words."""
    words, places = _words(text)
    ends = [match.end() for match in SENTENCE_END.finditer(text, 0, places[-1] + 1 if places else 0)]
    first, sentences = 0, [0] if words else []
    starts = set()
    for end in ends:
        while first < len(places) and places[first] < end:
            first += 1
        if sentences and sentences[-1] < first < len(words):
            sentences.append(first)
            starts.add(first)
    stems = tuple(stem_hash(word) for word in words)
    numbers = frozenset(stem_hash(word) for word in words if word[0].isdigit() and len(word) > 1)
    return Tokens(stems, tuple(sentences), _quotes(text, places), numbers, _names(text, words, starts | {0}))


def stem_hash(word: str) -> int:
    """The hash of a word's stem; the same on every machine."""
    return hash_text(stem(word))


def stem(word: str) -> str:
    """A word's first letters without accents, lower case; a number in plain digits, so that 2,500 and 2500, 13,5 and 13.5 agree."""
    if word[0].isdigit():
        return THOUSANDS.sub("", word).replace(",", ".")
    return fold(word)[:STEM]


@lru_cache(maxsize=65536)
def hash_text(text: str) -> int:
    """A 32-bit hash that is the same on every machine."""
    return zlib.crc32(text.encode())


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without accents and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign)).casefold() or word


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """What a name sounds like: the consonants as most languages would write them by ear, its first vowel where it begins with one."""
    sounds, silent = _sounds()
    plain = fold(name)
    heard = sounds[0].sub(lambda match: sounds[1][match.group()], plain)
    bones = heard[:1] + "".join(sign for sign in heard[1:] if sign not in silent)
    return re.sub(r"(.)\1+", r"\1", bones)


def distinctive(name: str) -> frozenset[int]:
    """The sounds of the words by which an outlet or agency is told from others; all of them where it has none of its own."""
    words = [fold(word) for word in re.findall(r"[^\W_]+", name)]
    own = [word for word in words if word not in _outlet_words()] or words
    return frozenset(hash_text(skeleton(word)) for word in own)


def initials(name: str) -> frozenset[int]:
    """The sound of a name's initials, as in "AP"; none for a name of one word."""
    words = re.findall(r"[^\W_]+", name)
    return frozenset({hash_text(skeleton("".join(word[0] for word in words)))}) if len(words) > 1 else frozenset()


def _words(text: str) -> tuple[list[str], list[int]]:
    words: list[str] = []
    places: list[int] = []
    for match in TOKEN.finditer(text):
        word = match.group()
        if word[0] in "'’":
            continue
        for offset, part in enumerate(word) if UNSPACED.match(word) else ((0, word),):
            words.append(part)
            places.append(match.start() + offset)
        if len(words) >= MOST_WORDS:
            break
    return words[:MOST_WORDS], places[:MOST_WORDS]


def _quotes(text: str, places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    found = []
    for match in _quotations().finditer(text):
        start, end = bisect_left(places, match.start()), bisect_left(places, match.end())
        if end - start >= QUOTED_WORDS:
            found.append((start, end))
    return tuple(found)


def _names(text: str, words: Sequence[str], starts: set[int]) -> frozenset[int]:
    """Words with a capital that do not merely open a sentence, by their sound; designations by their letters and digits."""
    inside = {word for place, word in enumerate(words) if word[0].isupper() and place not in starts}
    names = {skeleton(word) for word in inside if len(word) > 2 and not word.isdigit()}
    names |= {fold(match.group()).replace("-", "") for match in DESIGNATION.finditer(text)}
    return frozenset(hash_text(name) for name in names if len(name) > 1)


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], frozenset[str]]:
    table: Mapping[str, Any] = meanings("copies")
    pairs = dict(table["sounds"])
    return (re.compile("|".join(sorted(pairs, key=len, reverse=True))), pairs), frozenset(table["silent"])


@cache
def _outlet_words() -> frozenset[str]:
    return frozenset(meanings("copies")["outlet_words"])


@cache
def _quotations() -> re.Pattern[str]:
    pairs = meanings("copies")["quotation_marks"]
    inside = (f"{re.escape(opening)}[^{re.escape(opening + closing)}\n]{{1,1500}}{re.escape(closing)}" for opening, closing in pairs)
    return re.compile("|".join(inside))
