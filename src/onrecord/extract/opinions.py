"""This file holds what the English model thinks of a trigger: the stage that it says, and who and what fills its roles.

Its beliefs come from the vectors of the trigger and of every name in the report, so that a party three sentences back is weighed like one
beside the verb. They are one more reason for the judge (choosing.py), which has learnt how far to trust them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onrecord.encoding import Encoding
from onrecord.heads import linear, log_sum, two_layers
from onrecord.records import Mention, Word

STAGES = ("none", "interest", "request", "offer", "negotiation", "approval", "contract", "production", "delivery", "service",
          "suspension", "cancellation", "refusal")  # fmt: skip
ROLES = ("item", "supplier", "recipient", "quantity", "value")
PARTIES = frozenset({"supplier", "recipient"})
KINDS = {
    "item": frozenset({"equipment"}),
    "supplier": frozenset({"state", "body", "company", "person"}),
    "recipient": frozenset({"state", "body", "company", "person"}),
    "quantity": frozenset({"quantity"}),
    "value": frozenset({"money"}),
}
# How far apart, in sentences, two words are told to be; further is the same as this.
BACK, AHEAD = -4, 3
# A reading that the model does not know of at all is believed this little.
LEAST = 1e-3


@dataclass(slots=True)
class Opinions:
    """The model's beliefs about one report: in the stages of its words, and in who fills a word's roles, worked out when asked."""

    encoding: Encoding
    fillers: Fillers
    told: dict[int, Any] = field(default_factory=dict)
    spread: dict[int, list[float]] = field(default_factory=dict)

    def learn(self, words: Sequence[Word]) -> None:
        """Works out at once what is asked of several words later."""
        self.fillers.learn(words)

    def stages(self, trigger: Word, names: Iterable[str]) -> list[float] | None:
        """The log belief in each of the stages named ("none" among them), which are weighed against each other alone."""
        scores = self._told(trigger)
        if scores is None:
            return None
        chosen = scores[[STAGES.index(name) for name in names]]
        return [max(share, math.log(LEAST)) for share in (chosen - log_sum(chosen)).tolist()]

    def heard(self, word: Word, least: float) -> list[str]:
        """The stages that a word is believed to say with at least this probability among all, the likeliest first."""
        if word.index not in self.spread:
            scores = self._told(word)
            self.spread[word.index] = [] if scores is None else spread(scores[None])[0]
        shares = self.spread[word.index]
        sure = [at for at in range(1, len(shares)) if shares[at] >= least]
        return [STAGES[at] for at in sorted(sure, key=lambda at: -shares[at])]

    def roles(self, trigger: Word, role: str, names: Iterable[str]) -> list[float] | None:
        """The log belief that each name (a party's code, a designation; "" is nobody) fills a role of the trigger.

        A party that the report does not name, such as the maker's state, is believed in as nobody is: the model only tells that no name
        of the report fills the role.
        """
        return self._beliefs(trigger, role, list(names), lambda m: m.name if role == "item" else m.party or "")

    def amounts(self, trigger: Word, role: str, mentions: Iterable[Mention]) -> list[float] | None:
        """The log belief in "none", then in each mention of a count or a sum."""
        return self._beliefs(trigger, role, ["", *(str(m.start) for m in mentions)], lambda m: str(m.start))

    def _beliefs(self, trigger: Word, role: str, names: list[str], name_of: Callable[[Mention], str]) -> list[float] | None:
        shares = self.fillers.shares(trigger, ROLES.index(role), name_of, KINDS[role])
        if shares is None:
            return None
        unnamed = shares[""] if role in PARTIES else 0.0
        return [math.log(max(shares.get(name, unnamed), LEAST)) for name in names]

    def _told(self, word: Word) -> Any:
        """The scores of all stages for a word; None where the text was not encoded so far."""
        if word.index not in self.told:
            vector = self.encoding.mean(word.start, word.end)
            heads = self.encoding.heads
            self.told[word.index] = None if vector is None else two_layers(heads, "stage", vector)
        return self.told[word.index]


@dataclass(slots=True)
class Fits:
    """How well mentions fit words that were learnt at once, shape (words, roles, mentions), and nobody does, (words, roles).

    `shares` holds, for each role that was asked about, the belief in nobody and in each mention that may fill it, a row a word.
    """

    scores: Any
    nobody: Any
    shares: dict[int, list[list[float]]] = field(default_factory=dict)


@dataclass(slots=True)
class Fillers:
    """The mentions that may fill the roles of a report's words, and how well each fits, worked out for a word when it is asked for.

    `prefix` is what the names of the heads begin with that point from words to mentions; `held` tells for each word where its fits stand.
    """

    encoding: Encoding
    prefix: str
    mentions: list[Mention]
    keys: Any
    sentences: Any
    places: Any
    held: dict[int, tuple[Fits, int] | None] = field(default_factory=dict)
    shared: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)
    rows: dict[int, tuple[Any, list[str]]] = field(default_factory=dict)

    def shares(self, word: Word, role: int, name_of: Callable[[Mention], str], kinds: Collection[str]) -> dict[str, float] | None:
        """The belief that nobody ("") and that each name of these kinds fills a role of a word; None where it was not encoded.

        A role is always asked about with the same names and kinds.
        """
        known = self.shared.get((word.index, role))
        if known is not None:
            return known
        held = self.fits(word)
        if held is None:
            return None
        if role not in self.rows:
            kept = [at for at, mention in enumerate(self.mentions) if mention.kind in kinds]
            self.rows[role] = np.array(kept, np.int64), [name_of(self.mentions[at]) for at in kept]
        rows, names = self.rows[role]
        fits, row = held
        if role not in fits.shares:
            weighed = np.concatenate([fits.nobody[:, role, None], fits.scores[:, role, rows]], axis=1)
            fits.shares[role] = spread(weighed.astype(np.float64))
        first, *others = fits.shares[role][row]
        shares = self.shared[word.index, role] = {"": first}
        for name, share in zip(names, others, strict=True):
            shares[name] = shares.get(name, 0.0) + share
        return shares

    def fits(self, word: Word) -> tuple[Fits, int] | None:
        """The scores of every mention and of nobody for a word, and its row there; None where the text was not encoded so far."""
        if word.index not in self.held:
            self.learn([word])
        return self.held[word.index]

    def learn(self, words: Sequence[Word]) -> None:
        """Works out how well each mention fits several words, at once for all that were not asked about before."""
        new = [word for word in words if word.index not in self.held]
        self.held.update((word.index, None) for word in new)
        known, vectors = self.encoding.means([(word.start, word.end) for word in new])
        if not known:
            return
        heads = self.encoding.heads
        queries = linear(heads, f"{self.prefix}query", vectors).reshape(len(known), *self.keys.shape[1:])
        scores = np.einsum("wrd,mrd->wrm", queries, self.keys) / math.sqrt(queries.shape[2])
        told = [new[row] for row in known]
        sentences, starts = (np.array(column, np.int64)[:, None] for column in ([w.sentence for w in told], [w.start for w in told]))
        scores += heads[f"{self.prefix}distance"][distances(self.sentences, self.places, sentence=sentences, start=starts)].swapaxes(1, 2)
        fits = Fits(scores, linear(heads, f"{self.prefix}nobody", vectors))
        self.held.update((word.index, (fits, row)) for row, word in enumerate(told))


def find_fillers(encoding: Encoding, mentions: Iterable[tuple[Mention, int]], *, roles: int, prefix: str = "") -> Fillers:
    """The mentions, each given with its sentence's number, that the text was encoded far enough for."""
    given = list(mentions)
    rows, vectors = encoding.means([(m.start, m.end) for m, _ in given])
    known = [given[row] for row in rows]
    keys = linear(encoding.heads, f"{prefix}key", vectors)
    sentences, places = (np.array(column, np.int64) for column in ([s for _, s in known], [m.start for m, _ in known]))
    return Fillers(encoding, prefix, [m for m, _ in known], keys.reshape(len(known), roles, keys.shape[1] // roles), sentences, places)


def distances(sentences: Any, places: Any, *, sentence: Any, start: Any) -> Any:
    """How far each mention stands from a trigger, as one of 16 numbers: by sentences, and on which side; arrays of one length.

    `sentence` and `start` are those of one trigger, or of several in a column, which then have a row each.
    """
    return np.clip(sentences - sentence, BACK, AHEAD) - BACK + 8 * (places > start)


def form_opinions(encoding: Encoding, sentence_of: Mapping[Mention, int], words: Sequence[Word] = ()) -> Opinions:
    """The opinions on a report from its vectors and its mentions, each with its sentence's number; the stages of `words` at once."""
    rows, vectors = encoding.means([(word.start, word.end) for word in words])
    scores = two_layers(encoding.heads, "stage", vectors) if rows else ()
    told = {words[row].index: each for row, each in zip(rows, scores, strict=True)}
    shares = dict(zip(told, spread(scores), strict=True)) if rows else {}
    return Opinions(encoding, find_fillers(encoding, sentence_of.items(), roles=len(ROLES)), told, shares)


def spread(scores: Any) -> list[list[float]]:
    """The belief in each stage, by scores of shape (words, stages)."""
    totals = [top + math.log(each) for top, each in zip(scores.max(axis=1).tolist(), _sums(scores), strict=True)]
    shares: list[list[float]] = np.exp(scores - np.array(totals, scores.dtype)[:, None]).tolist()
    return shares


def _sums(scores: Any) -> list[float]:
    sums: list[float] = np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1).tolist()
    return sums
