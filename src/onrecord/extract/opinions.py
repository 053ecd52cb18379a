"""This file holds what the English model thinks of a trigger: the stage that it says, and who and what fills its roles.

Its beliefs come from the vectors of the trigger and of every name in the report, so that a party three sentences back is weighed like one
beside the verb. They are one more reason for the judge (judge.py), which has learnt how far to trust them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onrecord.records import Encoding, Mention, Word

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

    def stages(self, trigger: Word, names: Iterable[str]) -> list[float] | None:
        """The log belief in each of the stages named ("none" among them), which are weighed against each other alone."""
        scores = self._told(trigger)
        if scores is None:
            return None
        chosen = np.array([scores[STAGES.index(name)] for name in names])
        return [max(float(v), math.log(LEAST)) for v in chosen - log_sum(chosen)]

    def heard(self, word: Word, least: float) -> list[str]:
        """The stages that a word is believed to say with at least this probability among all, the likeliest first."""
        scores = self._told(word)
        if scores is None:
            return []
        shares = np.exp(scores - log_sum(scores))
        return [STAGES[at] for at in np.argsort(-shares) if at and shares[at] >= least]

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
class Fillers:
    """The mentions that may fill the roles of a report's words, and how well each fits, worked out for a word when it is asked for.

    `prefix` is what the names of the heads begin with that point from words to mentions.
    """

    encoding: Encoding
    prefix: str
    mentions: list[Mention]
    keys: Any
    sentences: Any
    places: Any
    held: dict[int, tuple[Any, Any] | None] = field(default_factory=dict)
    shared: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)

    def shares(self, word: Word, role: int, name_of: Callable[[Mention], str], kinds: Collection[str]) -> dict[str, float] | None:
        """The belief that nobody ("") and that each name of these kinds fills a role of a word; None where it was not encoded."""
        if (word.index, role) not in self.shared:
            fits = self.fits(word)
            if fits is None:
                return None
            scores, nobody = fits
            rows = [(name_of(m), float(scores[role, at])) for at, m in enumerate(self.mentions) if m.kind in kinds]
            total = log_sum(np.array([float(nobody[role]), *(score for _, score in rows)]))
            shares = self.shared[word.index, role] = {"": math.exp(float(nobody[role]) - total)}
            for name, score in rows:
                shares[name] = shares.get(name, 0.0) + math.exp(score - total)
        return self.shared[word.index, role]

    def fits(self, word: Word) -> tuple[Any, Any] | None:
        """The scores of every mention (roles, mentions) and of nobody (roles) for a word; None where the text was not encoded so far."""
        if word.index not in self.held:
            vector = self.encoding.mean(word.start, word.end)
            self.held[word.index] = None if vector is None else self._weighed(vector, word)
        return self.held[word.index]

    def _weighed(self, vector: Any, word: Word) -> tuple[Any, Any]:
        heads = self.encoding.heads
        query = linear(heads, f"{self.prefix}query", vector).reshape(self.keys.shape[1:])
        scores = np.einsum("rd,mrd->rm", query, self.keys) / math.sqrt(query.shape[1])
        apart = distances(self.sentences, self.places, sentence=word.sentence, start=word.start)
        return scores + heads[f"{self.prefix}distance"][apart].T, linear(heads, f"{self.prefix}nobody", vector)


def find_fillers(encoding: Encoding, mentions: Iterable[tuple[Mention, int]], *, roles: int, prefix: str = "") -> Fillers:
    """The mentions, each given with its sentence's number, that the text was encoded far enough for."""
    given = list(mentions)
    rows, vectors = encoding.means([(m.start, m.end) for m, _ in given])
    known = [given[row] for row in rows]
    keys = linear(encoding.heads, f"{prefix}key", vectors)
    sentences, places = (np.array(column, np.int64) for column in ([s for _, s in known], [m.start for m, _ in known]))
    return Fillers(encoding, prefix, [m for m, _ in known], keys.reshape(len(known), roles, keys.shape[1] // roles), sentences, places)


def distances(sentences: Any, places: Any, *, sentence: int, start: int) -> Any:
    """How far each mention stands from a trigger, as one of 16 numbers: by sentences, and on which side; arrays of one length."""
    return np.clip(sentences - sentence, BACK, AHEAD) - BACK + 8 * (places > start)


def form_opinions(encoding: Encoding, sentence_of: Mapping[Mention, int], words: Sequence[Word] = ()) -> Opinions:
    """The opinions on a report from its vectors and its mentions, each with its sentence's number; the stages of `words` at once."""
    rows, vectors = encoding.means([(word.start, word.end) for word in words])
    scores = two_layers(encoding.heads, "stage", vectors) if rows else ()
    told = {words[row].index: each for row, each in zip(rows, scores, strict=True)}
    return Opinions(encoding, find_fillers(encoding, sentence_of.items(), roles=len(ROLES)), told)


def linear(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of one layer makes of a vector or of a row of vectors."""
    return vector @ heads[f"{name}.weight"].T + heads[f"{name}.bias"]


def two_layers(heads: Mapping[str, Any], name: str, vector: Any) -> Any:
    """What a head of two layers makes of a vector."""
    return linear(heads, f"{name}.out", _gelu(linear(heads, f"{name}.in", vector)))


def _gelu(values: Any) -> Any:
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016) as in training, the error function by Abramowitz and Stegun 7.1.26."""
    size = np.abs(values) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * size)
    tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * np.exp(-size * size)
    return values * 0.5 * (1 + np.sign(values) * (1 - tail))


def log_sum(scores: Any) -> float:
    """The logarithm of the sum of what the scores are logarithms of."""
    top = float(scores.max())
    return top + math.log(float(np.exp(scores - top).sum()))
