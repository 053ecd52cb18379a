"""This file holds what the English model thinks of a word that may tell an event: its PLOVER root, who acts, and towards whom."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.choosing import NOUGHTS
from onrecord.encoding import Encoding
from onrecord.extract.opinions import KINDS, LEAST, Fillers, find_fillers
from onrecord.heads import two_layers
from onrecord.records import Mention, Word

# "none" comes first; the order is that of the head's rows.
ROOTS = ("none", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
         "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")  # fmt: skip
ROLES = ("actor", "recipient")


@dataclass(slots=True)
class ActOpinions:
    """The model's beliefs about the acts of one report, worked out for a word when they are asked for."""

    encoding: Encoding
    fillers: Fillers
    told: dict[int, Any] = field(default_factory=dict)

    def learn(self, words: Sequence[Word]) -> None:
        """Works out at once what is asked of several words later."""
        self.fillers.learn(words)
        new = [word for word in words if word.index not in self.told]
        rows, vectors = self.encoding.means([(word.start, word.end) for word in new])
        self.told.update((word.index, None) for word in new)
        if rows:
            scores = two_layers(self.encoding.heads, "act", vectors)
            self.told.update((new[row].index, each) for row, each in zip(rows, scores, strict=True))

    def root(self, word: Word, root: str) -> float:
        """The log odds that a word tells this root rather than no event; 0.0 where the text was not encoded so far."""
        if word.index not in self.told:
            self.learn([word])
        scores = self.told[word.index]
        odds = 0.0 if scores is None else float(scores[ROOTS.index(root)] - scores[0])
        return max(math.log(LEAST), min(-math.log(LEAST), odds))

    def party(self, word: Word, role: str, parties: Collection[str]) -> float:
        """The log belief that one of these parties has the role ("actor" or "recipient"); 0.0 where the text was not encoded so far."""
        shares = self.fillers.shares(word, ROLES.index(role), lambda m: m.party or "", KINDS["supplier"])
        return 0.0 if shares is None else math.log(max(math.fsum(map(shares.get, parties, NOUGHTS)), LEAST))


def form_act_opinions(encoding: Encoding | None, mentions: Iterable[tuple[Mention, int]]) -> ActOpinions | None:
    """The opinions on a report from its vectors and its parties' mentions, each with its sentence's number; None without such a model."""
    if encoding is None or "act.key.weight" not in encoding.heads:
        return None
    named = ((m, sentence) for m, sentence in mentions if m.party)
    return ActOpinions(encoding, find_fillers(encoding, named, roles=len(ROLES), prefix="act."))
