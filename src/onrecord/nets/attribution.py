"""This file reads who says what off the attribution network: cues, and for each its source and its content.

The network reads windows of whole paragraphs. It tells first where cues stand; a second graph then judges every piece of the window
beside each cue: is it its source, its content, or neither? The likeliest run of such answers is taken. So contents may nest, may be in
parts, and have one beginning for each part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from onrecord.assets import Networks
from onrecord.nets.pieces import END, START, cut, open_graph, open_words

Spans = tuple[tuple[int, int], ...]
# Pieces of one window beside its two marks, and how many of them may be paragraphs read before, for their context alone.
WINDOW, CONTEXT = 320, 66
# Beyond this many pieces a text is no report.
LONGEST = 20_000
# What a piece is to a cue.
OUTSIDE, SOURCE_FIRST, SOURCE_LATER, CONTENT_FIRST, CONTENT_LATER = range(5)
SOURCE, CUE, CONTENT = range(3)
# Which answer may follow which: a later piece only stands behind a first or a later one of its kind.
MAY_FOLLOW = np.array(
    [
        [1, 1, 0, 1, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 0, 1, 1],
        [1, 1, 0, 1, 1],
    ],
    dtype=bool,
)
NEVER = -1e9
# How far it counts beside the answers to a cue what a piece is to any cue at all.
TAGS_TOO = 0.5
LEAST = 1e-6
# A cue is a run of pieces that are of one by at least PIECE_CUE each and by SURE_CUE in the mean; one less sure than WHOLE_CUE counts with
# both a source and a content only.
PIECE_CUE, SURE_CUE, WHOLE_CUE = 0.15, 0.45, 0.5
# The least belief that a piece is of a content which no cue has claimed, and the shortest run of such pieces that counts by itself; and the
# least belief that pieces are of a source which no cue has claimed. All of these were chosen on the articles that training held out.
SURE_CONTENT, SHORTEST_ALONE, FREE_SOURCE = 0.7, 8, 0.5
# Distances between a piece and a cue: by one up to 8, then coarser; before and behind apart.
EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 20, 27, 36, 48, 64, 90, 128, 180)
# So many sentences or paragraphs away is the same as further.
SENTENCES = 3
# How many kinds each of the four relations of a piece to a cue has.
RELATIONS = (2 * len(EDGES) + 1, 2 * SENTENCES + 1, 2 * SENTENCES + 1, 5)
# The pieces that end a sentence (. ? !), open a quotation (" “) and close one (" ”).
STOPS, OPENING, CLOSING = frozenset({1012, 1029, 999}), frozenset({1000, 1523}), frozenset({1000, 1524})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: the spans (code points, half-open) of the source, of the cue and of the content, each possibly none or several.

    `score` is the belief in the cue, between 0 and 1.
    """

    source: Spans
    cue: Spans
    content: Spans
    score: float = 1.0

    def spans(self, role: str) -> Spans:
        """The spans of a role: source, cue or content."""
        return {"source": self.source, "cue": self.cue, "content": self.content}[role]


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """What the network makes of one window, pieces without the marks.

    `tags`: shape (pieces, 3 roles, 3), belief in outside, first, later. `cues`: first and last piece (half-open) with the belief.
    `parts`: shape (cues, pieces, 5), what speaks for each answer.
    """

    tags: Any
    cues: list[tuple[int, int, float]]
    parts: Any


def attributions(text: str, networks: Networks) -> list[Attribution]:
    """Who says what in a text, in text order. What is surely said, though nothing tells by whom, has a content alone."""
    ids, starts, ends = cut(networks, text)
    whole = np.array([not piece for piece in _goes_on(text, starts, ends)], dtype=bool)
    opens = np.zeros(len(ids), dtype=bool)
    opens[paragraph_starts(text, starts, ends)] = True
    found: list[Attribution] = []
    for first, last, fresh in windows(text, starts, ends):
        beliefs = read_window(ids[first:last], networks, whole[first:last], opens[first:last])
        answers = likeliest(beliefs.parts)
        alone = take_in(answers, beliefs)
        sources = give_sources(answers, beliefs, alone, layout(ids[first:last], opens[first:last])[1])
        places = starts[first:last], ends[first:last]
        for (low, high, score), row in zip(beliefs.cues, answers, strict=True):
            if first + low >= fresh:
                source, content = (_spans(row, one, *places) for one in (SOURCE_FIRST, CONTENT_FIRST))
                if score < WHOLE_CUE and not (source and content):
                    continue
                found.append(Attribution(source[:1], ((int(places[0][low]), int(places[1][high - 1])),), content, round(score, 3)))
        for (low, high), run in zip(alone, sources, strict=True):
            if first + low >= fresh:
                said = (int(places[0][low]), int(places[1][high - 1]))
                by = ((int(places[0][run[0]]), int(places[1][run[1] - 1])),) if run else ()
                found.append(Attribution(by, (), (said,), round(float(1 - beliefs.tags[low:high, CONTENT, 0].mean()), 3)))
    return sorted(found, key=lambda told: (told.cue or told.content)[0])


def windows(text: str, starts: Any, ends: Any) -> Iterator[tuple[int, int, int]]:
    """First and last piece (half-open) of every window and the first piece that is new in it: whole paragraphs as far as they fit."""
    size = min(len(starts), LONGEST)
    bounds = [*(at for at in paragraph_starts(text, starts, ends) if at < size), size]
    fresh = 0
    while fresh < size:
        context = next((at for at in bounds if fresh - CONTEXT <= at <= fresh), fresh)
        for begin in (context, fresh):
            last = max((at for at in bounds if fresh < at <= begin + WINDOW), default=0)
            if last:
                context = begin
                break
        last = last or fresh + WINDOW
        yield context, last, fresh
        fresh = last


def paragraph_starts(text: str, starts: Any, ends: Any) -> list[int]:
    """The first piece of every paragraph."""
    return [at for at in range(len(starts)) if not at or "\n" in text[ends[at - 1] : starts[at]]]


def read_window(ids: list[int], networks: Networks, whole: Any, opens: Any) -> Beliefs:
    """What the network makes of the pieces of one window; `whole` tells which pieces begin a word, `opens` which a paragraph."""
    words = open_words(networks.words).vectors([START, *ids, END])
    marks = np.array([[False, *opens, False]], dtype=np.float32)
    hidden, scores = open_graph(networks.attribution).run(None, {"words": words, "opens": marks})
    tags = _softmax(scores[0, 1:-1].reshape(-1, 3, 3))
    cues = list(_cues(tags[:, CUE], whole))
    if not cues:
        return Beliefs(tags, [], np.zeros((0, len(ids), len(MAY_FOLLOW)), np.float32))
    rows = np.array([[low, high] for low, high, _ in cues], dtype=np.int64)
    laid = layout(ids, opens)
    related = np.stack([relations(laid, low, high) for low, high in rows])
    (parts,) = open_graph(networks.attribution_parts).run(None, {"hidden": hidden[0, 1:-1], "cues": rows, "related": related})
    likely, tagged = np.log(_softmax(parts) + LEAST), np.log(tags + LEAST)
    likely[:, :, SOURCE_FIRST:CONTENT_FIRST] += TAGS_TOO * tagged[:, SOURCE, 1:]
    likely[:, :, CONTENT_FIRST:] += TAGS_TOO * tagged[:, CONTENT, 1:]
    return Beliefs(tags, cues, likely)


def layout(ids: list[int], opens: Any) -> Any:
    """How a window is laid out, shape (3, pieces): for each piece its paragraph, its sentence, and its quotation (0 where it is in none).

    `opens` tells which pieces begin a paragraph. A sentence ends behind a full stop, question or exclamation mark, and with its paragraph;
    a quotation, marks included, ends with its paragraph at the latest.
    """
    rows = np.zeros((3, len(ids)), np.int64)
    paragraph = sentence = quotation = 0
    quoting = False
    for at, piece in enumerate(ids):
        if opens[at]:
            paragraph, sentence, quoting = paragraph + 1, sentence + 1, False
        closes = quoting and piece in CLOSING
        if not quoting and piece in OPENING:
            quotation, quoting = quotation + 1, True
        rows[:, at] = paragraph, sentence, quotation if quoting else 0
        quoting = quoting and not closes
        sentence += piece in STOPS
    return rows


def relations(rows: Any, first: int, last: int) -> Any:
    """How each piece stands to the pieces `[first, last)` of a cue, shape (pieces, 4), as numbers of kinds.

    The distance in pieces (0 within the cue), in sentences, in paragraphs, and whether the piece, the cue, both or neither are quoted.
    """
    places = np.arange(rows.shape[1])
    before, behind = first - places, places - (last - 1)
    near = np.searchsorted(EDGES, np.maximum(before, behind), side="right")
    apart = np.where(before > 0, near, np.where(behind > 0, near + len(EDGES), 0))
    paragraphs, sentences = (np.clip(rows[row] - rows[row, first], -SENTENCES, SENTENCES) + SENTENCES for row in (0, 1))
    ours, theirs = rows[2], rows[2, first]
    quoted = np.where(ours == 0, 0 if theirs == 0 else 2, 1 if theirs == 0 else np.where(ours == theirs, 3, 4))
    return np.stack([apart, sentences, paragraphs, quoted], axis=1)


def likeliest(parts: Any) -> Any:
    """The likeliest row of answers for every cue, by Viterbi's way: shape (cues, pieces)."""
    cues, size, kinds = parts.shape
    barred = np.where(MAY_FOLLOW, 0.0, NEVER)
    best = parts[:, 0] + np.where([True, True, False, True, False], 0.0, NEVER)
    back = np.zeros((cues, size, kinds), np.int8)
    for at in range(1, size):
        ways = best[:, :, None] + barred
        back[:, at] = ways.argmax(axis=1)
        best = ways.max(axis=1) + parts[:, at]
    answers = np.zeros((cues, size), np.int64)
    answers[:, -1] = best.argmax(axis=1)
    for at in range(size - 1, 0, -1):
        answers[:, at - 1] = back[np.arange(cues), at, answers[:, at]]
    return answers


def take_in(answers: Any, beliefs: Beliefs) -> list[tuple[int, int]]:
    """Gives runs of pieces that are content, but no cue's, to the content that ends or begins beside them; the surer ones left over.

    Changes `answers`, shape (cues, pieces).
    """
    size = answers.shape[1]
    certain = 1 - beliefs.tags[:, CONTENT, 0]
    free = (certain > SURE_CONTENT) & ~(answers >= CONTENT_FIRST).any(axis=0)
    for low, high, _ in beliefs.cues:
        free[low:high] = False
    alone: list[tuple[int, int]] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8))).reshape(-1, 2).tolist()
    for first, last in edges:
        rows = [row for row in answers if not row[first:last].any()]
        before = next((row for row in rows if first and row[first - 1] >= CONTENT_FIRST), None)
        behind = next((row for row in rows if last < size and row[last] >= CONTENT_FIRST), None)
        if before is not None:
            before[first:last] = CONTENT_LATER
        elif behind is not None:
            behind[first], behind[first + 1 : last + 1] = CONTENT_FIRST, CONTENT_LATER
        elif last - first >= SHORTEST_ALONE:
            alone.append((first, last))
    return alone


def give_sources(answers: Any, beliefs: Beliefs, alone: list[tuple[int, int]], sentences: Any) -> list[tuple[int, int] | None]:
    """Gives runs of pieces that are of a source, but no cue's, to cues without one and to contents that stand alone, the nearest first.

    Only within a sentence (`sentences`: its number for each piece). Changes `answers`, shape (cues, pieces); the sources of `alone`.
    """
    taken: Any = np.isin(answers, (SOURCE_FIRST, SOURCE_LATER)).any(axis=0)
    for low, high, _ in beliefs.cues:
        taken[low:high] = True
    free = [*_runs((1 - beliefs.tags[:, SOURCE, 0] > FREE_SOURCE) & ~taken, beliefs.tags[:, SOURCE, 1] > beliefs.tags[:, SOURCE, 2])]

    def nearest(low: int, high: int, row: Any) -> tuple[int, int] | None:
        near = [run for run in free if sentences[run[0]] in (sentences[low], sentences[high - 1]) and not row[run[0] : run[1]].any()]
        best = min(near, key=lambda run: low - run[1] if run[1] <= low else run[0] - high, default=None)
        if best is not None:
            free.remove(best)
        return best

    for (low, _, _), row in zip(beliefs.cues, answers, strict=True):
        if not np.isin(row, (SOURCE_FIRST, SOURCE_LATER)).any() and (run := nearest(low, low + 1, row)) is not None:
            row[run[0]], row[run[0] + 1 : run[1]] = SOURCE_FIRST, SOURCE_LATER
    nothing = np.zeros(len(sentences), np.int64)
    return [nearest(low, high, nothing) for low, high in alone]


def _runs(held: Any, begins: Any) -> Iterator[tuple[int, int]]:
    """The runs of pieces that are held, first and last (half-open), each cut where another begins."""
    start = -1
    for at in range(len(held) + 1):
        on = at < len(held) and bool(held[at])
        if start >= 0 and (not on or begins[at]):
            yield start, at
            start = -1
        if on and start < 0:
            start = at


def _cues(tags: Any, whole: Any) -> Iterator[tuple[int, int, float]]:
    """The runs of whole words that are likely a cue each, cut where a new cue is likelier to begin than the old to go on."""
    size, at = len(tags), 0
    inside = 1 - tags[:, 0]
    bounds = [*np.flatnonzero(whole).tolist(), size]
    words = list(zip(bounds[:-1], bounds[1:], strict=True))
    while at < len(words):
        low, high = words[at]
        if inside[low] < PIECE_CUE:
            at += 1
            continue
        end = at + 1
        while end < len(words) and inside[words[end][0]] >= PIECE_CUE and tags[words[end][0], 2] >= tags[words[end][0], 1]:
            end += 1
        high = words[end - 1][1]
        belief = float(inside[low:high].mean())
        if belief >= SURE_CUE:
            yield low, high, belief
        at = end


def _goes_on(text: str, starts: Any, ends: Any) -> Iterator[bool]:
    """For every piece whether it goes on with the word before."""
    before = -1
    for start, end in zip(starts, ends, strict=True):
        yield bool(start == before and start and text[start - 1].isalnum() and text[start].isalnum())
        before = end


def _spans(answers: Any, first: int, starts: Any, ends: Any) -> Spans:
    """The spans of the runs that begin with an answer `first` or go on with the next."""
    found: list[tuple[int, int]] = []
    for at in np.flatnonzero((answers == first) | (answers == first + 1)).tolist():
        if found and answers[at] != first:
            found[-1] = (found[-1][0], int(ends[at]))
        else:
            found.append((int(starts[at]), int(ends[at])))
    return tuple(found)


def _softmax(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
