"""This file weighs the readings of a frame: learnt weights give the probability that it tells an event, and between whom.

"No event" is the reading whose score is zero. The weights stand in `vocab/event_weights.json`, learnt by `training/train_events.py`,
which states there the data's hash and the score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from onrecord.extract.events_frames import Match
from onrecord.extract.events_parties import Filler
from onrecord.extract.events_readings import Option, Reading, match_features, options, readings
from onrecord.extract.events_scene import Scene
from onrecord.vocab import learnt

# Options kept for each role before pairs are weighed: more cost time and won nothing on the training reports.
WIDTH = 5


@cache
def weights() -> Mapping[str, float]:
    """Feature -> weight, as learnt."""
    return dict(learnt("event_weights", "weights", script="train_events.py")["weights"])


def judge(scene: Scene, match: Match, known: Mapping[str, float]) -> tuple[Reading, float] | None:
    """The likeliest reading of a match with its probability, or None where it has no reading at all."""
    weighed = _weigh(scene, match, known)
    return max(weighed, key=lambda pair: pair[1], default=None)


def judge_target(scene: Scene, match: Match, known: Mapping[str, float], reading: Reading, target: Filler) -> tuple[Reading, float]:
    """The reading with the recipient that the acts around it tell, and how likely its actor does it to anybody."""
    weighed = [pair for pair in _weigh(scene, match, known) if pair[0].actor.parties == reading.actor.parties]
    parties = frozenset({target.party})
    named = max((pair for pair in weighed if pair[0].recipient.parties == parties), key=lambda pair: pair[1], default=None)
    told = named[0] if named else replace(reading, recipient=Option((target,), parties, "around", ()))
    return told, math.fsum(share for _, share in weighed)


def _weigh(scene: Scene, match: Match, known: Mapping[str, float]) -> list[tuple[Reading, float]]:
    """Every reading of a match with its probability."""
    base = _score(match_features(scene, match), known)
    actors, recipients = (_best(side, known) for side in options(scene, match))
    pairs = readings(scene, match, [o for o, _ in actors.values()], [o for o, _ in recipients.values()])
    if not pairs:
        return []
    scores = [base + actors[r.actor.parties][1] + recipients[r.recipient.parties][1] + _score(r.features, known) for r in pairs]
    top = max(scores)
    total = math.exp(-top) + sum(math.exp(s - top) for s in scores)
    return [(reading, math.exp(score - top) / total) for reading, score in zip(pairs, scores, strict=True)]


def _score(features: Iterable[str], known: Mapping[str, float]) -> float:
    return math.fsum(known[f] for f in features if f in known)


def _best(side: Sequence[Option], known: Mapping[str, float]) -> dict[frozenset[str], tuple[Option, float]]:
    """The highest-scoring options of a role by their parties; the one found first wins a tie."""
    scored = sorted(((o, _score(o.features, known)) for o in side), key=lambda pair: -pair[1])
    return {option.parties: (option, score) for option, score in scored[:WIDTH]}
