"""This file reads words as SQLite's full-text search does: it cuts a text into words, counts them, ranks and makes snippets.

A record on PostgreSQL is searched with it, so that a search gives the same reports, in the same order, with the same words marked.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from onrecord.errors import BadInput

# Letters, digits and private use, as `unicode61` takes them; a combining mark goes with the letter before it.
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u0331]+[^\W_]*)*")
# The same in small ASCII letters.
PLAIN = re.compile(r"[a-z0-9]+")
# The constants of BM25 as FTS5 sets them, and the weight of a word that stands in most rows.
K1, B, COMMON = 1.2, 0.75, 1e-6
# What a sentence begins after: as much space as is looked through for the stop before it.
STOP = re.compile(r"[.:][ \t\n\r]{1,99}(?![ \t\n\r])")
# A window that begins with the text, or with a sentence, is worth this much more; each further phrase in it this much.
FIRST_SENTENCE, SENTENCE, NEW_PHRASE = 120, 100, 1000


class Words(NamedTuple):
    """The words of a text in order: each in its comparable form (small letters, no accents), and where it stands (start, end)."""

    forms: list[str]
    spans: list[tuple[int, int]]


class Place(NamedTuple):
    """Where a phrase that was asked for stands: its number, and the place of its first word among the words of a column."""

    column: int
    word: int
    phrase: int


def words_in(text: str) -> Words:
    """The words of a text in order, and where they stand."""
    if text.isascii():
        small = text.lower()
        return Words(PLAIN.findall(small), [found.span() for found in PLAIN.finditer(small)])
    return Words(forms_in(text), [found.span() for found in WORD.finditer(text)])


def forms_in(text: str) -> list[str]:
    """The words of a text in order, comparable."""
    return PLAIN.findall(text.lower()) if text.isascii() else list(map(comparable, WORD.findall(text)))


@lru_cache(maxsize=100_000)
def comparable(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(map(_fold, word))


def asked_phrases(words: str) -> list[str]:
    """What is asked for, each part as it was written: what stands between quotation marks is one phrase; no word at all is a `BadInput`."""
    parts = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', words)]
    usable = [part for part in parts if re.search(r"\w", part)]
    if not usable:
        raise BadInput(f"{words!r} holds no word to look for")
    return usable


def phrases_of(words: str) -> list[tuple[str, ...]]:
    """The same as comparable words: a phrase is words that follow each other."""
    return [phrase for part in asked_phrases(words) if (phrase := tuple(forms_in(part)))]


def places_of(phrases: Sequence[Sequence[str]], columns: Sequence[list[str]]) -> list[Place]:
    """Where phrases stand in the columns of a row, each of comparable words, in order."""
    found = []
    for column, forms in enumerate(columns):
        for number, phrase in enumerate(phrases):
            begins = (at for at, form in enumerate(forms) if form == phrase[0])
            found += [Place(column, at, number) for at in begins if forms[at : at + len(phrase)] == list(phrase)]
    return sorted(found)


def phrase_places(phrase: Sequence[str], positions: Mapping[str, Iterable[int]]) -> set[int]:
    """Where a phrase begins in a row of which the positions of each word are known."""
    begins = set(positions.get(phrase[0], ()))
    for step, word in enumerate(phrase[1:], 1):
        begins &= {position - step for position in positions.get(word, ())}
    return begins


def rarity(rows: int, hits: int) -> float:
    """How much a phrase that `hits` of `rows` rows hold tells (inverse document frequency)."""
    weight = math.log((rows - hits + 0.5) / (hits + 0.5))
    return weight if weight > 0 else COMMON


def rank(counts: Sequence[float], rarities: Sequence[float], *, length: int, usual: float) -> float:
    """BM25 of a row, the better the smaller: weighted counts of each phrase, the row's length in words and that of a usual row."""
    score = 0.0
    for count, weight in zip(counts, rarities, strict=True):
        score += weight * ((count * (K1 + 1.0)) / (count + K1 * (1 - B + B * float(length) / usual)))
    return -1.0 * score


def snippet(
    phrases: Sequence[Sequence[str]], texts: Sequence[str], *, column: int | None, marks: tuple[str, str], more: str, size: int
) -> str:
    """The window of so many words that holds most of the phrases, those found marked: FTS5's snippet(), step by step.

    `column` is the only one that is shown; `more` stands where the text goes on.
    """
    columns = [words_in(text) for text in texts]
    every = places_of(phrases, [words.forms for words in columns])
    best, shown, start = 0, column or 0, 0
    for number, words in enumerate(columns):
        if column not in (None, number):
            continue
        sentences, length = _sentences(texts[number], words), len(words.forms)
        places = [place for place in every if place.column == number]
        at = [place.word for place in places]
        for word in at:
            score, fitted = _weigh(places, at, phrases, word, size=size, length=length)
            if score > best:
                best, shown, start = score, number, fitted
            begin = sentences[max(0, bisect_right(sentences, word) - 1)]
            if length > size and begin < word:
                score, _ = _weigh(places, at, phrases, begin, size=size, length=length)
                score += SENTENCE if begin else FIRST_SENTENCE
                if score > best:
                    best, shown, start = score, number, begin
    own = [place for place in every if place.column == shown]
    return _marked(texts[shown], columns[shown].spans, _spans(own, phrases), window=(start, start + size - 1), marks=marks, more=more)


def _fold(letter: str) -> str:
    if 0x300 <= ord(letter) <= 0x331:
        return ""
    parts = unicodedata.normalize("NFD", letter)
    bare = parts[0] if len(parts) > 1 and all(unicodedata.category(part) == "Mn" for part in parts[1:]) else letter
    small = bare.lower()
    return small if len(small) == 1 else small[0]


def _sentences(text: str, words: Words) -> list[int]:
    """The words that begin a sentence: the first, and those after a full stop or a colon and some space."""
    begins = [0] if words.forms else []
    starts = [start for start, _ in words.spans]
    for stop in STOP.finditer(text):
        next_word = bisect_left(starts, stop.end())
        if next_word < len(starts) and starts[next_word] == stop.end() and next_word:
            begins.append(next_word)
    return begins


def _weigh(
    places: Sequence[Place], at: Sequence[int], phrases: Sequence[Sequence[str]], start: int, *, size: int, length: int
) -> tuple[int, int]:
    """What a window that begins at a word is worth, and where it begins when what it holds is put into its middle.

    `at` gives the first word of each place; only those in the window are looked at, however many there are.
    """
    score, seen, first, last = 0, set[int](), -1, 0
    for place in places[bisect_left(at, start) : bisect_left(at, start + size)]:
        score += 1 if place.phrase in seen else NEW_PHRASE
        seen.add(place.phrase)
        first = place.word if first < 0 else first
        last = place.word + len(phrases[place.phrase])
    room = size - (last - first)
    # C divides towards zero.
    middle = first - int(room / 2)
    return score, max(0, min(middle, length - size))


def _spans(places: Sequence[Place], phrases: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The first and last word of each phrase found, those that overlap joined."""
    spans: list[tuple[int, int]] = []
    for place in places:
        last = place.word + len(phrases[place.phrase]) - 1
        if spans and place.word <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((place.word, last))
    return spans


def _marked(
    text: str,
    words: Sequence[tuple[int, int]],
    found: Sequence[tuple[int, int]],
    *,
    window: tuple[int, int],
    marks: tuple[str, str],
    more: str,
) -> str:
    start, end = window
    whole = end >= len(words) - 1
    position = words[start][0] if start and start < len(words) else 0
    parts = [more] if start else []
    for first, last in found:
        if last < start or first > end:
            continue
        begin, close = words[max(first, start)][0], words[min(last, end)][1]
        parts += [text[position:begin], marks[0], text[begin:close], marks[1]]
        position = close
    stop = len(text) if whole else words[end][1]
    return "".join([*parts, text[position:stop], "" if whole else more])
