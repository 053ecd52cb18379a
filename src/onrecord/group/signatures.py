"""This file reduces a report to its signature: what two reports are compared by, small enough to keep for a million of them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from onrecord.group.tokens import MOST_WORDS, cut, distinctive, initials
from onrecord.records import Document

# Words of a title and credits that are kept; more are a hostile page's.
MOST_TITLE, MOST_CREDITS = 40, 40
# The day that machines write when they know none.
NO_DAY = date(1970, 1, 1).toordinal()
HEAD = struct.Struct("<IIBHHHHHHHHH")

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """A report as it is compared: its day (0 if unknown), and hashes of outlet, credits, title, words, numbers and names.

    `called` is the outlet and its initials, as a credit may name it; `stems` are in the order of the text, `sentences` the word at which
    each begins, `quotes` pairs of first word and word after the last; all others are sorted sets. `id` is the document's, `text` the
    start of its text's hash.
    """

    id: str
    text: int
    day: int
    outlet: Hashes
    called: Hashes
    credits: Hashes
    title: Hashes
    stems: Hashes
    sentences: Hashes
    quotes: Hashes
    numbers: Hashes
    names: Hashes


def sign(document: Document) -> Signature:
    """The signature of a document: of its text and head alone, so that it does not change with the analysis."""
    tokens = cut(document.text)
    title = {stem for stem in cut(document.title).stems[:MOST_TITLE]}
    credits = sorted({sound for name in document.credits for sound in distinctive(name)})[:MOST_CREDITS]
    return Signature(
        id=document.id,
        text=int(document.text_sha256[:8], 16),
        day=plausible_day(document.published, read=document.read),
        outlet=_sorted(distinctive(document.outlet)),
        called=_sorted(distinctive(document.outlet) | initials(document.outlet)),
        credits=_sorted(credits),
        title=_sorted(title),
        stems=np.array(tokens.stems, np.uint32),
        sentences=np.array(tokens.sentences, np.uint32),
        quotes=np.array([place for quote in tokens.quotes for place in quote], np.uint32),
        numbers=_sorted(tokens.numbers),
        names=_sorted(tokens.names),
    )


def plausible_day(published: str | None, *, read: str | None) -> int:
    """A day of publication as a number; 0 where there is none, where it is the epoch that machines write, or lies after it was read."""
    try:
        day = date.fromisoformat((published or "")[:10]).toordinal()
        last = date.fromisoformat(read[:10]).toordinal() + 1 if read else day
    except ValueError:
        return 0
    return 0 if day > last or abs(day - NO_DAY) <= 1 else day


def days_between(day: int, other: int) -> int:
    """The days between two days as numbers; -1 where one is unknown."""
    return abs(day - other) if day and other else -1


def pack(signature: Signature) -> bytes:
    """The signature as bytes, without the id."""
    arrays = _arrays(signature)
    sizes = [len(array) for array in arrays]
    return HEAD.pack(signature.text, signature.day, 1, *sizes) + b"".join(array.astype("<u4").tobytes() for array in arrays)


def unpack(id: str, packed: bytes) -> Signature:
    """The signature that `pack` wrote."""
    text, day, _, *sizes = HEAD.unpack_from(packed)
    values = np.frombuffer(packed, "<u4", offset=HEAD.size)
    parts = np.split(values, np.cumsum(sizes)[:-1])
    return Signature(id, text, day, *parts)


def _arrays(signature: Signature) -> tuple[Hashes, ...]:
    s = signature
    return s.outlet, s.called, s.credits, s.title, s.stems, s.sentences, s.quotes, s.numbers, s.names


def _sorted(hashes: Iterable[int]) -> Hashes:
    return np.array(sorted(set(hashes))[:MOST_WORDS], np.uint32)
