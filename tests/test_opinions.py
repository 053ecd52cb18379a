"""What the English model's vectors say of a trigger is weighed among the readings asked for, and far away counts as the heads say."""

import math

import numpy as np
import pytest

from onrecord.encoding import Encoding
from onrecord.extract.opinions import ROLES, STAGES, form_opinions
from onrecord.extract.scene import set_scene
from onrecord.heads import _gelu
from onrecord.records import Mention, Word

HIDDEN = 2


def heads(**own: np.ndarray) -> dict[str, np.ndarray]:
    """Heads that say nothing, but for those given."""
    silent = {
        "stage.in": (HIDDEN, HIDDEN), "stage.out": (len(STAGES), HIDDEN), "query": (len(ROLES) * HIDDEN, HIDDEN),
        "key": (len(ROLES) * HIDDEN, HIDDEN), "nobody": (len(ROLES), HIDDEN),
    }  # fmt: skip
    found = {f"{name}.weight": np.zeros(shape) for name, shape in silent.items()}
    found |= {f"{name}.bias": np.zeros(shape[0]) for name, shape in silent.items()}
    return found | {"distance": np.zeros((16, len(ROLES)))} | own


def encoding(own: dict[str, np.ndarray], *, size: int = 6) -> Encoding:
    """Six pieces of two letters each, whose vectors count up."""
    starts = np.arange(size) * 2
    return Encoding(starts, starts + 2, np.arange(size * HIDDEN, dtype=float).reshape(size, HIDDEN), own)


def word(start: int, sentence: int = 0) -> Word:
    return Word(start // 2, start, start + 2, "xx", "xx", "VERB", "VBD", "ROOT", start // 2, sentence, "")


def party(start: int, code: str) -> Mention:
    return Mention(start, start + 2, "state", "xx", code, party=code)


def test_mean_takes_the_pieces_that_the_span_touches() -> None:
    seen = encoding(heads())
    assert seen.mean(2, 6).tolist() == [3.0, 4.0]
    assert seen.mean(3, 4).tolist() == [2.0, 3.0]
    assert seen.mean(12, 14) is None


def test_many_means_are_those_of_each_and_say_which_were_read() -> None:
    seen = encoding(heads())
    spans = [(2, 6), (12, 14), (0, 12), (3, 4)]
    rows, vectors = seen.means(spans)
    assert rows == [0, 2, 3] and vectors.tolist() == [seen.mean(*spans[row]).tolist() for row in rows]
    assert seen.means([])[0] == []


def test_stages_worked_out_at_once_are_those_of_each_word() -> None:
    own = {"stage.out.weight": np.arange(len(STAGES) * HIDDEN, dtype=float).reshape(-1, HIDDEN) / 9, "stage.in.weight": np.eye(HIDDEN) / 9}
    seen, words = encoding(heads(**own)), [word(0), word(4), word(40)]
    at_once, one_by_one = form_opinions(seen, {}, words), form_opinions(seen, {})
    assert [at_once.stages(each, STAGES) for each in words] == [
        pytest.approx(told) if (told := one_by_one.stages(each, STAGES)) else None for each in words
    ]
    assert at_once.stages(word(40), STAGES) is None


def test_stages_are_weighed_against_each_other_alone() -> None:
    bias = np.zeros(len(STAGES))
    bias[STAGES.index("delivery")], bias[STAGES.index("offer")] = math.log(3), 9.0
    opinions = form_opinions(encoding(heads(**{"stage.out.bias": bias})), {})
    beliefs = opinions.stages(word(0), ["none", "delivery"])
    assert beliefs is not None and [math.exp(b) for b in beliefs] == pytest.approx([0.25, 0.75])


def test_a_party_named_twice_is_believed_for_both_and_one_not_named_as_nobody() -> None:
    opinions = form_opinions(encoding(heads()), {party(2, "NO"): 0, party(4, "PE"): 0, party(6, "NO"): 1})
    beliefs = opinions.roles(word(0), "supplier", ["NO", "PE", "", "TR"])
    assert beliefs is not None and [math.exp(b) for b in beliefs] == pytest.approx([0.5, 0.25, 0.25, 0.25])


def test_distance_and_side_count_as_the_heads_say() -> None:
    distance = np.zeros((16, len(ROLES)))
    distance[4 + 8, ROLES.index("recipient")] = 20.0
    told = {party(0, "NO"): 0, party(8, "PE"): 0, party(10, "TR"): 1}
    beliefs = form_opinions(encoding(heads(distance=distance)), told).roles(word(4), "recipient", ["NO", "PE", "TR"])
    assert beliefs is not None and beliefs.index(max(beliefs)) == 1 and beliefs[1] == pytest.approx(0, abs=1e-6)


def test_what_was_not_encoded_gets_no_opinion() -> None:
    opinions = form_opinions(encoding(heads()), {party(40, "NO"): 0})
    assert opinions.fillers.mentions == []
    assert opinions.roles(word(40), "supplier", ["NO"]) is None and opinions.stages(word(40), ["none"]) is None


def test_amounts_are_told_apart_by_their_place() -> None:
    counts = [Mention(2, 4, "quantity", "12", "12"), Mention(6, 8, "quantity", "12", "12")]
    opinions = form_opinions(encoding(heads()), {m: 0 for m in counts})
    beliefs = opinions.amounts(word(0), "quantity", counts)
    assert beliefs is not None and [math.exp(b) for b in beliefs] == pytest.approx([1 / 3] * 3)


def test_a_scene_without_encoding_has_no_beliefs(parse) -> None:
    scene = set_scene(parse("Norway sold Peru six Leopard 2 tanks."), {})
    assert scene.stage_beliefs(1, ["none"]) is None and scene.role_beliefs(1, "supplier", ["NO"]) is None
    assert scene.amount_beliefs(1, "quantity", []) is None


def test_the_error_unit_is_the_exact_one() -> None:
    values = np.linspace(-5, 5, 41)
    assert _gelu(values) == pytest.approx([v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in values], abs=1e-6)
