"""This file compares two signatures: how much of either report the other holds, in runs of words, words, sentences, quotations, facts.

Shares are given both ways, of the shorter report and of the longer, since an abridgement lies in its original and not the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from onrecord.group.keys import Wide, runs_of
from onrecord.group.signatures import Hashes, Signature
from onrecord.group.words import word_weights

RUN = 3
# Sentences beyond these are not paired up: a bound on the cost of hostile pages.
MOST_SENTENCES = 120
# A sentence with less weight than this (about two rare words) is a caption or a dateline.
LEAST_SENTENCE = 6.0
# A sentence whose best match holds this share of its words by weight has one.
MATCH = 0.3

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two reports resemble each other; shares are 0 to 1, `small` of the shorter report and `large` of the longer.

    `order` is how far the sentences that match come in the same order; `quotes_small` is the share of the words in the shorter's
    quotations that the longer quotes too, `quotes_both` of both (-1 where there are none); `days` the days between them (-1 if unknown);
    `credit` is 1 if one names the other's outlet as its source, `named` if it names it at all, `same_credit` if both name one source.
    """

    runs_small: float
    runs_large: float
    words_small: float
    words_large: float
    sentences_small: float
    sentences_large: float
    order: float
    quotes_small: float
    quotes_both: float
    numbers_small: float
    numbers_large: float
    names_small: float
    names_large: float
    title: float
    size: float
    words: float
    days: float
    credit: float
    named: float
    same_credit: float
    same_outlet: float
    same_text: float


FIELDS = tuple(field.name for field in fields(Likeness))


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A signature with what every comparison of it needs."""

    signature: Signature
    runs: Wide
    words: Hashes
    weights: Weights
    sentence_of: NDArray[np.int64]
    place_of: NDArray[np.int64]
    quoted: NDArray[np.bool_]


def make_ready(signature: Signature) -> Ready:
    """Prepares a signature for comparing."""
    words, place_of = np.unique(signature.stems, return_inverse=True)
    sentence_of = np.searchsorted(signature.sentences, np.arange(len(signature.stems)), side="right") - 1
    quoted = np.zeros(len(signature.stems), np.bool_)
    for start, end in signature.quotes.reshape(-1, 2):
        quoted[start:end] = True
    return Ready(signature, np.unique(runs_of(signature.stems, RUN)), words, word_weights(words), sentence_of, place_of, quoted)


def compare(left: Ready, right: Ready) -> Likeness:
    """How two reports resemble each other; the order does not matter."""
    small, large = sorted((left, right), key=lambda side: (len(side.signature.stems), side.signature.id))
    a, b = small.signature, large.signature
    shared = np.intersect1d(small.words, large.words, assume_unique=True)
    weight = float(word_weights(shared).sum())
    runs = len(np.intersect1d(small.runs, large.runs, assume_unique=True))
    covered_small, covered_large, order = _covered(small, large, shared)
    quotes_small, quotes_both = _quotes(small, large)
    numbers, names = _common(a.numbers, b.numbers), _common(a.names, b.names)
    return Likeness(
        runs_small=_share(runs, len(small.runs)),
        runs_large=_share(runs, len(large.runs)),
        words_small=_share(weight, float(small.weights.sum())),
        words_large=_share(weight, float(large.weights.sum())),
        sentences_small=covered_small,
        sentences_large=covered_large,
        order=order,
        quotes_small=quotes_small,
        quotes_both=quotes_both,
        numbers_small=_share(numbers, len(a.numbers), none=-1.0),
        numbers_large=_share(numbers, len(b.numbers), none=-1.0),
        names_small=_share(names, len(a.names), none=-1.0),
        names_large=_share(names, len(b.names), none=-1.0),
        title=_share(_weight_of(a.title, b.title), min(_weight_of(a.title, a.title), _weight_of(b.title, b.title))),
        size=_share(len(a.stems), len(b.stems)),
        words=float(len(a.stems)),
        days=float(abs(a.day - b.day)) if a.day and b.day else -1.0,
        credit=float(_common(a.credits, b.called) > 0 or _common(b.credits, a.called) > 0),
        named=float(_within(a.outlet, b.names) or _within(b.outlet, a.names)),
        same_credit=float(_common(a.credits, b.credits) > 0),
        same_outlet=float(len(a.outlet) > 0 and np.array_equal(a.outlet, b.outlet)),
        same_text=float(a.text == b.text and np.array_equal(a.stems, b.stems)),
    )


def _covered(small: Ready, large: Ready, shared: Hashes) -> tuple[float, float, float]:
    """How much of each side's sentences the other's best-matching sentence holds, by weight of words; and how alike their order is."""
    if not len(shared):
        return 0.0, 0.0, 0.0
    tables = [_table(side, shared) for side in (small, large)]
    both = tables[0] * word_weights(shared) @ tables[1].T
    shares = []
    for side, best in ((small, both.max(axis=1)), (large, both.max(axis=0))):
        whole = _sentence_weights(side)
        counted = whole >= LEAST_SENTENCE
        shares.append(_share(float(np.minimum(best, whole)[counted].sum()), float(whole[counted].sum())))
    return shares[0], shares[1], _order(both, _sentence_weights(small))


def _order(both: Weights, whole: Weights) -> float:
    """How far the shorter's sentences with a match (a share MATCH of their words) stand in the other's order: 1 all, 0 as many not."""
    matched = np.flatnonzero(both.max(axis=1) >= np.maximum(MATCH * whole, LEAST_SENTENCE / 2))
    places = both[matched].argmax(axis=1)
    if len(places) < 2:
        return 0.0
    signs = np.sign(places[None, :] - places[:, None])[np.triu_indices(len(places), 1)]
    return max(0.0, float(signs.mean()))


def _table(side: Ready, shared: Hashes) -> Weights:
    """Sentences by shared words: 1 where the sentence holds the word."""
    place = np.searchsorted(shared, side.signature.stems)
    place[place == len(shared)] = 0
    held = (shared[place] == side.signature.stems) & (side.sentence_of < MOST_SENTENCES)
    table = np.zeros((_sentence_count(side), len(shared)))
    table[side.sentence_of[held], place[held]] = 1.0
    return table


def _sentence_weights(side: Ready) -> Weights:
    within = side.sentence_of < MOST_SENTENCES
    # A word counts once in a sentence.
    pairs = np.unique(side.sentence_of[within] * len(side.words) + side.place_of[within])
    counts = np.bincount(pairs // len(side.words), side.weights[pairs % len(side.words)], _sentence_count(side))
    return counts.astype(np.float64)


def _sentence_count(side: Ready) -> int:
    return min(len(side.signature.sentences), MOST_SENTENCES)


def _quotes(small: Ready, large: Ready) -> tuple[float, float]:
    """What share of the quoted words of the shorter, and of both, the other side quotes too; -1 where nothing is quoted."""
    bags = [np.unique(side.signature.stems[side.quoted]) for side in (small, large)]
    weights = [float(word_weights(bag).sum()) for bag in bags]
    shared = float(word_weights(np.intersect1d(bags[0], bags[1], assume_unique=True)).sum())
    return _share(shared, weights[0], none=-1.0), _share(2 * shared, weights[0] + weights[1], none=-1.0) if min(weights) > 0 else -1.0


def _weight_of(one: Hashes, other: Hashes) -> float:
    return float(word_weights(np.intersect1d(one, other, assume_unique=True)).sum())


def _common(one: Hashes, other: Hashes) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _within(part: Hashes, whole: Hashes) -> bool:
    return len(part) > 0 and _common(part, whole) == len(part)


def _share(part: float, whole: float, *, none: float = 0.0) -> float:
    return part / whole if whole > 0 else none
