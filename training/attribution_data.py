"""Turns marked articles into what the attribution network learns from: windows of whole paragraphs, their cues, and what each cue ties."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from onrecord.encoding import touched
from onrecord.measure.polnear_gold import Article, read_articles
from onrecord.nets.attribution import RELATIONS, Spans, layout, paragraph_starts, relations
from onrecord.nets.pieces import END, START

# Pieces of text in one window, beside its two marks.
WINDOW = 254
# What a piece is to one cue: nothing, the first or a later piece of its source, the first or a later piece of a part of its content.
OUTSIDE, SOURCE_FIRST, SOURCE_LATER, CONTENT_FIRST, CONTENT_LATER = range(5)
Run = tuple[int, int]


@dataclass(frozen=True)
class Told:
    """One attribution in pieces of the article: its cue (first and last, half-open) and the runs of its source and content."""

    cue: Run
    source: tuple[Run, ...]
    content: tuple[Run, ...]


@dataclass(frozen=True)
class Pieces:
    """An article cut into pieces: their numbers, where paragraphs begin, and what it attributes."""

    name: str
    ids: list[int]
    starts: np.ndarray
    ends: np.ndarray
    paragraphs: list[int]
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Window:
    """Some paragraphs: pieces with both marks, tags (0 outside, 1 first, 2 later) for source, cue and content, cues, what each cue says.

    `opens` tells which pieces begin a paragraph, `related` how the pieces stand to each cue (cues, pieces, 4); both marks included.
    """

    ids: list[int]
    tags: np.ndarray
    cues: list[Run]
    parts: np.ndarray
    opens: np.ndarray
    related: np.ndarray


def read_pieces(folder: Path, tokenizer: Tokenizer) -> list[Pieces]:
    """Every article of a folder in pieces."""
    return [cut(article, tokenizer) for article in read_articles(folder)]


def data_digest(folder: Path) -> str:
    """A hash of every file of a folder, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.*")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cut(article: Article, tokenizer: Tokenizer) -> Pieces:
    """An article in pieces; an attribution without a cue teaches nothing and is left out."""
    text = tokenizer.encode(article.text, add_special_tokens=False)
    offsets = np.array(text.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]

    def runs(spans: Spans) -> tuple[Run, ...]:
        found = (touched(starts, ends, *span) for span in spans)
        return tuple(run for run in found if run[0] < run[1])

    told = [Told((cue[0][0], cue[-1][1]), runs(a.source), runs(a.content)) for a in article.attributions for cue in [runs(a.cue)] if cue]
    return Pieces(article.name, list(text.ids), starts, ends, [*paragraph_starts(article.text, starts, ends), len(text.ids)], tuple(told))


def windows(pieces: Pieces, rng: random.Random) -> Iterator[Window]:
    """The article in windows of whole paragraphs, the first of them cut short by chance, so that no two rounds see the same ones."""
    limit, first, last = rng.randint(WINDOW // 3, WINDOW), 0, 0
    for start, end in zip(pieces.paragraphs[:-1], pieces.paragraphs[1:], strict=True):
        if end - first > limit and last > first:
            yield window(pieces, first, last)
            first, limit = start, WINDOW
        while end - first > WINDOW:
            yield window(pieces, first, first + WINDOW)
            first += WINDOW
        last = end
    if last > first:
        yield window(pieces, first, last)


def window(pieces: Pieces, first: int, last: int) -> Window:
    """The pieces `[first, last)` with their tags; what a cue says beyond them is not asked."""
    size = last - first + 2
    tags = np.zeros((3, size), np.int64)
    inside = [each for each in pieces.told if first <= each.cue[0] and each.cue[1] <= last]
    parts = np.zeros((len(inside), size), np.int64)

    def mark(row: np.ndarray, run: Run, begin: int) -> None:
        start, end = max(run[0], first), min(run[1], last)
        if start < end:
            row[start - first + 1 : end - first + 1] = begin + 1
            row[start - first + 1] = begin if start == run[0] else begin + 1

    for told in pieces.told:
        for row, runs in zip(tags, (told.source, (told.cue,), told.content), strict=True):
            for run in sorted(runs):
                mark(row, run, 1)
    for row, each in zip(parts, inside, strict=True):
        for run in each.content:
            mark(row, run, CONTENT_FIRST)
        for run in each.source:
            mark(row, run, SOURCE_FIRST)
    cues = [(each.cue[0] - first + 1, each.cue[1] - first + 1) for each in inside]
    opens = np.zeros(size, bool)
    opens[[at - first + 1 for at in pieces.paragraphs if first <= at < last]] = True
    ids = pieces.ids[first:last]
    laid = layout(ids, opens[1:-1])
    related = np.zeros((len(inside), size, len(RELATIONS)), np.int64)
    for at, (low, high) in enumerate(cues):
        related[at, 1:-1] = relations(laid, low - 1, high - 1)
    return Window([START, *ids, END], tags, cues, parts, opens, related)


def batches(found: Sequence[Window], size: int, rng: random.Random) -> list[list[Window]]:
    """Windows of like length together, in chance order, about `size` pieces each."""
    order = sorted(rng.sample(list(found), len(found)), key=lambda w: len(w.ids) + rng.random() * 16)
    groups: list[list[Window]] = [[]]
    for each in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(each.ids) > size:
            groups.append([])
        groups[-1].append(each)
    rng.shuffle(groups)
    return groups
