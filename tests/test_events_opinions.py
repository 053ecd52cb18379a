"""What the English model's vectors say of an event: how likely its root is, and who acts towards whom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from onrecord.encoding import Encoding
from onrecord.extract.events_frames import match_frames
from onrecord.extract.events_judge import MODEL_ROLE, MODEL_ROOT, judge, own_weights
from onrecord.extract.events_opinions import ROLES, ROOTS, form_act_opinions
from onrecord.extract.events_scene import Scene
from onrecord.records import Parsed

Parse = Callable[..., Parsed]
TEXT = "Norway warned Peru that it would suspend deliveries of tanks."


def read_by_model(parsed: Parsed, *, root: str = "", odds: float = 0.0, actor: str = "") -> Parsed:
    """The parse as a model has read it that hears one root everywhere with these log odds, and one word of the text as the actor."""
    vectors = np.array([[1.0, float(w.text == actor)] for w in parsed.words], np.float32)
    sizes = {
        "act.in": (2, 2),
        "act.out": (len(ROOTS), 2),
        "act.query": (len(ROLES), 2),
        "act.key": (len(ROLES), 2),
        "act.nobody": (len(ROLES), 2),
    }
    heads = {f"{name}.weight": np.zeros(shape, np.float32) for name, shape in sizes.items()}
    heads |= {f"{name}.bias": np.zeros(shape[0], np.float32) for name, shape in sizes.items()}
    heads["act.distance"] = np.zeros((16, len(ROLES)), np.float32)
    if root:
        heads["act.out.bias"][ROOTS.index(root)] = odds
    heads["act.query.bias"][0], heads["act.key.weight"][0, 1] = 1.0, 30.0
    starts, ends = (np.array(places) for places in ([w.start for w in parsed.words], [w.end for w in parsed.words]))
    return replace(parsed, encoding=Encoding(starts, ends, vectors, heads))


def test_a_root_is_believed_by_its_odds_against_no_event(parse: Parse) -> None:
    parsed = read_by_model(parse(TEXT), root="THREATEN", odds=2.0)
    opinions = Scene(parsed, (), ()).opinions
    assert opinions is not None
    assert opinions.root(parsed.words[1], "THREATEN") == pytest.approx(2.0)
    assert opinions.root(parsed.words[1], "AGREE") == pytest.approx(0.0)


def test_a_role_is_believed_by_the_share_of_its_party(parse: Parse) -> None:
    parsed = read_by_model(parse(TEXT), actor="Peru")
    opinions = Scene(parsed, (), ()).opinions
    assert opinions is not None
    assert math.exp(opinions.party(parsed.words[1], "actor", {"PE"})) == pytest.approx(1.0)
    assert math.exp(opinions.party(parsed.words[1], "actor", {"NO"})) == pytest.approx(0.001)
    assert math.exp(opinions.party(parsed.words[1], "recipient", {"NO"})) == pytest.approx(1 / 3)


def test_without_heads_for_acts_there_is_no_opinion(parse: Parse) -> None:
    parsed = parse(TEXT)
    assert form_act_opinions(None, []) is None
    assert form_act_opinions(Encoding(np.zeros(0), np.zeros(0), np.zeros((0, 2)), {}), []) is None
    assert Scene(parsed, (), ()).opinions is None


def test_the_judge_is_moved_by_the_model_as_far_as_it_trusts_it(parse: Parse) -> None:
    weights = {**own_weights(), MODEL_ROOT: 1.0, MODEL_ROLE["actor"]: 0.0}
    likely = []
    for odds in (-3.0, 0.0, 3.0):
        parsed = read_by_model(parse(TEXT), root="THREATEN", odds=odds)
        scene = Scene(parsed, (), ())
        match = next(m for m in match_frames(parsed) if m.frame.root == "THREATEN")
        found = judge(scene, match, weights)
        assert found is not None
        likely.append(found[1])
    assert likely == sorted(likely) and likely[0] < likely[2]
