"""This file weighs the readings of a frame: learnt weights give the probability that it tells an event, and between whom.

"No event" is the reading whose score is zero. The weights stand in `vocab/event_weights.json`, learnt by `training/train_events.py`,
which states there the data's hash and the score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from onrecord.assets import english_model
from onrecord.choosing import NOUGHTS
from onrecord.extract.events_frames import Match
from onrecord.extract.events_parties import Filler
from onrecord.extract.events_readings import Option, Reading, match_features, options, readings
from onrecord.extract.events_scene import Scene
from onrecord.vocab import learnt

# Options kept for each role before pairs are weighed: more cost time and won nothing on the training reports.
WIDTH = 5


# The features whose value is the English model's log belief, in the root and in who has a role; every other one is there or not.
MODEL_ROOT, MODEL_ROLE = "model:root", {"actor": "model:actor", "recipient": "model:recipient"}


def weights(scene: Scene) -> Mapping[str, float]:
    """Feature -> weight, as learnt: beside the English model where it has an opinion of the report's acts."""
    model = english_model() if scene.opinions is not None else None
    return own_weights() if model is None else model.judges["event"]


@cache
def own_weights() -> Mapping[str, float]:
    """The weights for reports that no model has read."""
    return dict(learnt("event_weights", "weights", script="train_events.py")["weights"])


def heard(scene: Scene, match: Match) -> float:
    """The model's log odds that a match tells its frame's root; 0.0 where no model has read it."""
    return scene.opinions.root(scene.parsed.words[match.index], match.frame.root) if scene.opinions else 0.0


def heard_in(scene: Scene, match: Match, role: str, option: Option) -> float:
    """The model's log belief that an option's parties have a role ("actor" or "recipient"); 0.0 where no model has read it."""
    return scene.opinions.party(scene.parsed.words[match.index], role, option.parties) if scene.opinions else 0.0


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
    base = _score(match_features(scene, match), known) + known.get(MODEL_ROOT, 0.0) * heard(scene, match)
    sides = zip(MODEL_ROLE, options(scene, match), strict=True)
    actors, recipients = (_best([(o, _option_score(scene, match, role, o, known)) for o in side]) for role, side in sides)
    pairs = readings(scene, match, [o for o, _ in actors.values()], [o for o, _ in recipients.values()])
    if not pairs:
        return []
    scores = [base + actors[r.actor.parties][1] + recipients[r.recipient.parties][1] + _score(r.features, known) for r in pairs]
    top = max(scores)
    total = math.exp(-top) + sum(math.exp(s - top) for s in scores)
    return [(reading, math.exp(score - top) / total) for reading, score in zip(pairs, scores, strict=True)]


def _score(features: Iterable[str], known: Mapping[str, float]) -> float:
    return math.fsum(map(known.get, features, NOUGHTS))


def _option_score(scene: Scene, match: Match, role: str, option: Option, known: Mapping[str, float]) -> float:
    return _score(option.features, known) + known.get(MODEL_ROLE[role], 0.0) * heard_in(scene, match, role, option)


def _best(scored: Sequence[tuple[Option, float]]) -> dict[frozenset[str], tuple[Option, float]]:
    """The highest-scoring options of a role by their parties; the one found first wins a tie."""
    return {option.parties: (option, score) for option, score in sorted(scored, key=lambda pair: -pair[1])[:WIDTH]}
