"""This file compares two signatures: how much of either report the other holds, in runs of words, words, sentences, quotations, facts.

Shares are given both ways, of the shorter report and of the longer, since an abridgement lies in its original and not the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from onrecord.group.keys import Wide, runs_of
from onrecord.group.signatures import Hashes, Signature, days_between
from onrecord.group.words import word_weights

RUN = 3
# Sentences beyond these are not paired up: a bound on the cost of hostile pages.
MOST_SENTENCES = 120
# A sentence with less weight than this (about two rare words) is a caption or a dateline.
LEAST_SENTENCE = 6.0
# A sentence whose best match holds this share of its words by weight has one.
MATCH = 0.3
# The sentences in which a report says what it is about.
LEAD = 2

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two reports resemble each other; shares are 0 to 1, `small` of the shorter report and `large` of the longer.

    `order` is how far the sentences that match come in the same order; `lead` how much of the first sentences of one the other holds, of
    the one for which it is more (where only an end or a background is shared, both leads are missing); `quotes_small` is the share of
    the words in the shorter's quotations that the longer quotes too, `quotes_both` of both (-1 where there are none); `days` the days
    between them (-1 if unknown); `credit` is 1 if one names the other's outlet as its source, `named` if it names it at all,
    `same_credit` if both name one source.
    """

    runs_small: float
    runs_large: float
    words_small: float
    words_large: float
    sentences_small: float
    sentences_large: float
    order: float
    lead: float
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


@dataclass(frozen=True, eq=False)
class Ready:
    """A signature with what comparisons of it need, each part made when it is first asked for."""

    signature: Signature

    @cached_property
    def words(self) -> Hashes:
        """The stems, each once, sorted."""
        return np.unique(self.signature.stems)

    @cached_property
    def weights(self) -> Weights:
        """The weight of each of the words."""
        return word_weights(self.words)

    @cached_property
    def runs(self) -> Wide:
        """The runs of words, each once, sorted."""
        return np.unique(runs_of(self.signature.stems, RUN))

    @cached_property
    def quoted(self) -> Hashes:
        """The stems inside quotations, each once, sorted."""
        inside = np.zeros(len(self.signature.stems), np.bool_)
        for start, end in self.signature.quotes.reshape(-1, 2):
            inside[start:end] = True
        return np.unique(self.signature.stems[inside])

    @cached_property
    def sentences(self) -> Weights:
        """Sentences (the first MOST_SENTENCES) by words: the weight of the word where the sentence holds it, else 0."""
        sentence = np.searchsorted(self.signature.sentences, np.arange(len(self.signature.stems)), side="right") - 1
        within = sentence < MOST_SENTENCES
        table = np.zeros((min(len(self.signature.sentences), MOST_SENTENCES), len(self.words)))
        place = np.searchsorted(self.words, self.signature.stems[within])
        table[sentence[within], place] = self.weights[place]
        return table


def shared_words(left: Ready, right: Ready) -> float:
    """What share of the words of the one with less of them, by weight, the other holds too: the cheap part of a comparison."""
    return _share(_shared_weight(left, right), min(float(left.weights.sum()), float(right.weights.sum())))


def compare(left: Ready, right: Ready) -> Likeness:
    """How two reports resemble each other; the order does not matter."""
    small, large = sorted((left, right), key=lambda side: (len(side.signature.stems), side.signature.id))
    a, b = small.signature, large.signature
    weight, runs = _shared_weight(small, large), _common(small.runs, large.runs)
    covered_small, covered_large, order, lead = _covered(small, large)
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
        lead=lead,
        quotes_small=quotes_small,
        quotes_both=quotes_both,
        numbers_small=_share(numbers, len(a.numbers), none=-1.0),
        numbers_large=_share(numbers, len(b.numbers), none=-1.0),
        names_small=_share(names, len(a.names), none=-1.0),
        names_large=_share(names, len(b.names), none=-1.0),
        title=_titles(a.title, b.title),
        size=_share(len(a.stems), len(b.stems)),
        words=float(len(a.stems)),
        days=float(days_between(a.day, b.day)),
        credit=float(_common(a.credits, b.called) > 0 or _common(b.credits, a.called) > 0),
        named=float(_within(a.outlet, b.names) or _within(b.outlet, a.names)),
        same_credit=float(_common(a.credits, b.credits) > 0),
        same_outlet=float(len(a.outlet) > 0 and np.array_equal(a.outlet, b.outlet)),
        same_text=float(a.text == b.text and np.array_equal(a.stems, b.stems)),
    )


def _covered(small: Ready, large: Ready) -> tuple[float, float, float, float]:
    """How much of each side's sentences the other's best-matching sentence holds, by weight; how alike their order is; and the lead."""
    one, other = _held(small.words, large.words), _held(large.words, small.words)
    if not one.any():
        return 0.0, 0.0, 0.0, 0.0
    # What two sentences share: the weights of the words that both hold.
    both = small.sentences[:, one] @ (large.sentences[:, other] > 0).T.astype(np.float64)
    shares, leads = [], []
    for side, best in ((small, both.max(axis=1)), (large, both.max(axis=0))):
        whole = side.sentences.sum(axis=1)
        counted = whole >= LEAST_SENTENCE
        shares.append(_share(float(best[counted].sum()), float(whole[counted].sum())))
        leads.append(_share(float(best[counted][:LEAD].sum()), float(whole[counted][:LEAD].sum())))
    return shares[0], shares[1], _order(both, small.sentences.sum(axis=1)), max(leads)


def _order(both: Weights, whole: Weights) -> float:
    """How far the shorter's sentences with a match (a share MATCH of their words) stand in the other's order: 1 all, 0 as many not."""
    matched = np.flatnonzero(both.max(axis=1) >= np.maximum(MATCH * whole, LEAST_SENTENCE / 2))
    places = both[matched].argmax(axis=1)
    if len(places) < 2:
        return 0.0
    signs = np.sign(places[None, :] - places[:, None])[np.triu_indices(len(places), 1)]
    return max(0.0, float(signs.mean()))


def _quotes(small: Ready, large: Ready) -> tuple[float, float]:
    """What share of the quoted words of the shorter, and of both, the other side quotes too; -1 where nothing is quoted."""
    weights = [float(word_weights(side.quoted).sum()) for side in (small, large)]
    if min(weights) == 0:
        return (0.0 if weights[0] else -1.0), -1.0
    shared = float(word_weights(small.quoted[_held(small.quoted, large.quoted)]).sum())
    return shared / weights[0], 2 * shared / sum(weights)


def _titles(one: Hashes, other: Hashes) -> float:
    """What share of the words of one title, by weight, the other holds: of the one with less weight."""
    shared = float(word_weights(one[_held(one, other)]).sum())
    return _share(shared, min(float(word_weights(one).sum()), float(word_weights(other).sum())))


def _shared_weight(left: Ready, right: Ready) -> float:
    return float(left.weights[_held(left.words, right.words)].sum())


def _common(one: Hashes | Wide, other: Hashes | Wide) -> int:
    return int(np.count_nonzero(_held(one, other)))


def _within(part: Hashes, whole: Hashes) -> bool:
    return len(part) > 0 and _common(part, whole) == len(part)


def _held(one: Hashes | Wide, other: Hashes | Wide) -> NDArray[np.bool_]:
    """Which of the first set's members (both sorted) the second one holds."""
    if not len(one) or not len(other):
        return np.zeros(len(one), np.bool_)
    place = np.minimum(np.searchsorted(other, one), len(other) - 1)
    held: NDArray[np.bool_] = other[place] == one
    return held


def _share(part: float, whole: float, *, none: float = 0.0) -> float:
    return part / whole if whole > 0 else none
