"""This file reads numbers: figures with any grouping ("3,000", "3.000", "1.2"), words ("twenty-four", "half a dozen"), and their scales."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from onrecord import vocab

FIGURES = r"\d{1,3}(?:[,.\u00a0\u202f\u2009' ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
# The longest bound that the vocabulary holds, with some room for white space: as far back as one is sought.
LONGEST_BOUND = 24
GROUPED = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f\u2009' ]\d{3})+")


def alternation(surfaces: Iterable[str]) -> str:
    """An alternation of surfaces, the longest first, any white space between their words."""
    return "|".join(re.escape(s).replace(r"\ ", r"\s+") for s in sorted(set(surfaces), key=len, reverse=True))


@cache
def number_words() -> dict[str, float]:
    """Every number word with its value: ones, tens, scales and groups such as a dozen."""
    numbers = vocab.words("amounts")["numbers"]
    return {word: float(value) for kind in ("ones", "tens", "scales", "groups") for word, value in numbers[kind].items()}


@cache
def spelled_pattern() -> str:
    """A pattern for a number in words: "four", "a dozen", "half a dozen", "two hundred and six", "a hundred and twenty thousand"."""
    numbers = vocab.words("amounts")["numbers"]
    ones, tens, scales, groups = (alternation(numbers[kind]) for kind in ("ones", "tens", "scales", "groups"))
    small = rf"(?:(?:{tens})(?:[-\s](?:{ones}))?|(?:{ones}))"
    more = r"(?:\s+and\s+a\s+half)?"
    chain = rf"{small}(?:{more}[-\s](?:{scales})(?:\s+(?:and\s+)?{small})?)*(?:\s+(?:{groups}))?{more}"
    half = rf"half\s+an?\s+(?:{scales}|{groups})"
    article = rf"an?\s+(?:half\s+)?(?:{scales}|{groups})(?:\s+and\s+{small})?(?:[-\s](?:{scales}))*{more}"
    return rf"(?:{half}|{article}|{chain})"


def read_figures(text: str, *, scaled: bool = False) -> float:
    """The value of a number in figures; groups of three digits are thousands, else the point or comma is decimal.

    Before a scale word one point is decimal too: "1.969 billion" is not two trillion.
    """
    if GROUPED.fullmatch(text) and not (scaled and text.count(".") == 1):
        head, _, tail = text.partition(".")
        if text.count(".") == 1 and "," in head:
            return float(re.sub(r"\D", "", head) + "." + tail)
        return float(re.sub(r"\D", "", text))
    return float(text.replace(",", "."))


def read_spelled(text: str) -> float:
    """The value of a number in words, as `spelled_pattern` finds it."""
    numbers = vocab.words("amounts")["numbers"]
    total = current = 0.0
    last, half = 1.0, False
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "half":
            half = True
            current = current or 0.0
        elif word in numbers["scales"] or word in numbers["groups"]:
            factor = float(numbers["scales"].get(word) or numbers["groups"][word])
            current = (current + 0.5 if half else current or 1.0) * factor
            last, half = factor, False
            if factor >= 1000:
                total, current = total + current, 0.0
        elif word in numbers["ones"] or word in numbers["tens"]:
            current += float(numbers["ones"].get(word) or numbers["tens"][word])
    return total + current + (0.5 * last if half else 0.0)


def read_number(text: str, *, scaled: bool = False) -> float:
    """The value of a number in figures or words; `scaled` says that a scale word follows."""
    return read_figures(text, scaled=scaled) if text[:1].isdigit() else read_spelled(text)


def bound_before(text: str, start: int) -> tuple[str, int]:
    """The bound that the words right before a number put on it ("more than", "about"), and where these words begin."""
    match = _bound_pattern().search(text, max(0, start - LONGEST_BOUND), start) if start else None
    if not match:
        return "exact", start
    return _bounds()[" ".join(match["bound"].lower().split())], match.start("bound")


@cache
def _bounds() -> dict[str, str]:
    return {phrase: name for name, phrases in vocab.words("amounts")["bounds"].items() for phrase in phrases}


@cache
def _bound_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<bound>{alternation(_bounds())})\s*$", re.IGNORECASE)
