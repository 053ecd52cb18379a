"""This file holds what the English model thinks of a word that may tell an event: its PLOVER root, who acts, and towards whom."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onrecord.extract.opinions import LEAST, distances, linear, log_sum, two_layers
from onrecord.records import Encoding, Mention, Word

# "none" comes first; the order is that of the head's rows.
ROOTS = ("none", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
         "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")  # fmt: skip
ROLES = ("actor", "recipient")


@dataclass(slots=True)
class ActOpinions:
    """The model's beliefs about the acts of one report, worked out for a word when they are asked for."""

    encoding: Encoding
    parties: list[str]
    keys: Any
    sentences: Any
    places: Any
    held: dict[int, tuple[Any, Any, Any] | None] = field(default_factory=dict)

    def root(self, word: Word, root: str) -> float:
        """The log odds that a word tells this root rather than no event; 0.0 where the text was not encoded so far."""
        found = self._of(word)
        return 0.0 if found is None else float(np.clip(found[0][ROOTS.index(root)] - found[0][0], math.log(LEAST), -math.log(LEAST)))

    def party(self, word: Word, role: str, parties: Collection[str]) -> float:
        """The log belief that one of these parties has the role ("actor" or "recipient"); 0.0 where the text was not encoded so far."""
        found = self._of(word)
        if found is None:
            return 0.0
        _, scores, nobody = found
        number = ROLES.index(role)
        total = log_sum(np.append(scores[number], nobody[number]))
        share = sum(math.exp(float(s) - total) for s, party in zip(scores[number], self.parties, strict=True) if party in parties)
        return math.log(max(share, LEAST))

    def _of(self, word: Word) -> tuple[Any, Any, Any] | None:
        """Scores of the roots, of every mention in every role, and of nobody in every role."""
        if word.index not in self.held:
            vector = self.encoding.mean(word.start, word.end)
            self.held[word.index] = None if vector is None else self._weighed(vector, word)
        return self.held[word.index]

    def _weighed(self, vector: Any, word: Word) -> tuple[Any, Any, Any]:
        heads = self.encoding.heads
        query = linear(heads, "act.query", vector).reshape(len(ROLES), -1)
        scores = np.einsum("rd,mrd->rm", query, self.keys) / math.sqrt(query.shape[1])
        apart = distances(self.sentences, self.places, sentence=word.sentence, start=word.start)
        return two_layers(heads, "act", vector), scores + heads["act.distance"][apart].T, linear(heads, "act.nobody", vector)


def form_act_opinions(encoding: Encoding | None, mentions: Iterable[tuple[Mention, int]]) -> ActOpinions | None:
    """The opinions on a report from its vectors and its parties' mentions, each with its sentence's number; None without such a model."""
    if encoding is None or "act.key.weight" not in encoding.heads:
        return None
    known = [(m, sentence, vector) for m, sentence in mentions if m.party and (vector := encoding.mean(m.start, m.end)) is not None]
    vectors = np.array([vector for _, _, vector in known], np.float32).reshape(len(known), encoding.vectors.shape[1])
    keys = linear(encoding.heads, "act.key", vectors)
    keys = keys.reshape(len(known), len(ROLES), keys.shape[1] // len(ROLES))
    sentences, places = (np.array(column, np.int64) for column in ([s for _, s, _ in known], [m.start for m, _, _ in known]))
    return ActOpinions(encoding, [m.party or "" for m, _, _ in known], keys, sentences, places)
