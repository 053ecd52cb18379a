"""This file finds quotations by their marks, paragraph by paragraph, and tells speech from names and single words in quotation marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.records import Parsed
from onrecord.syntax import word_at

PAIRS = {"“": "”", "„": "“”", "«": "»", '"': '"'}
OPENERS = frozenset(PAIRS)
BEFORE_OPENING = frozenset(" \t\n\xa0([{-–—:/")
# Fewer words than this, without a verb that stands by itself, name a thing or borrow a word; they do not quote a sentence.
SHORTEST_SPEECH = 4


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands between two quotation marks, marks not included; `closed` is False where the paragraph ended first."""

    start: int
    end: int
    paragraph: int
    closed: bool
    speech: bool


def find_quotes(parsed: Parsed) -> list[Quote]:
    """The outermost quotations of the text, in order; one that runs over paragraphs gives a piece for each."""
    return [quote for number, (start, end) in enumerate(paragraph_spans(parsed)) for quote in _quotes_in(parsed, start, end, number)]


def paragraph_spans(parsed: Parsed) -> list[tuple[int, int]]:
    """First and last offset of every paragraph that holds a sentence."""
    spans: dict[int, tuple[int, int]] = {}
    for sentence in parsed.sentences:
        start, _ = spans.get(sentence.paragraph, (sentence.start, 0))
        spans[sentence.paragraph] = (start, sentence.end)
    return [spans[number] for number in sorted(spans)]


def quote_at(quotes: list[Quote], offset: int) -> Quote | None:
    """The quotation that an offset lies in."""
    return next((quote for quote in quotes if quote.start <= offset < quote.end), None)


def _quotes_in(parsed: Parsed, start: int, end: int, paragraph: int) -> Iterator[Quote]:
    text = parsed.document.text
    opened, closers = -1, ""
    for at in range(start, end):
        letter = text[at]
        if opened < 0:
            if letter in OPENERS and _opens(text, at, start):
                opened, closers = at + 1, PAIRS[letter]
        elif letter in closers and not (letter == '"' and _opens(text, at, start) and text[at + 1 : at + 2].isalnum()):
            yield _quote(parsed, opened, at, paragraph, closed=True)
            opened = -1
    if 0 <= opened < end:
        yield _quote(parsed, opened, end, paragraph, closed=False)


def _opens(text: str, at: int, start: int) -> bool:
    # An inch mark or a stray closing mark follows a letter or a digit; an opening mark does not.
    return at == start or text[at - 1] in BEFORE_OPENING or text[at] != '"' and not text[at - 1].isalnum()


def _quote(parsed: Parsed, start: int, end: int, paragraph: int, *, closed: bool) -> Quote:
    return Quote(start, end, paragraph, closed, end > start and _is_speech(parsed, start, end))


def _is_speech(parsed: Parsed, start: int, end: int) -> bool:
    first = word_at(parsed, start)
    if first is None:
        return False
    words = []
    for word in parsed.words[first.index :]:
        if word.start >= end:
            break
        if word.pos not in {"PUNCT", "SPACE"}:
            words.append(word)
    named = sum(word.text[:1].isupper() or word.pos in {"ADP", "DET", "CCONJ", "NUM"} for word in words)
    finite = any(word.pos in {"AUX", "VERB"} and word.tag not in {"VBG", "VBN"} for word in words)
    if named == len(words):
        return False
    return len(words) >= SHORTEST_SPEECH or (finite and len(words) >= 2)
