"""Choices with learnt weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord import vocab
from onrecord.choosing import choose, learnt_models, own_models
from onrecord.errors import BadVocab


def test_a_heavier_reading_is_likelier_and_all_sum_to_one() -> None:
    beliefs = choose({"near": 2.0, "far": -1.0}, [["near"], ["far"], ["unheard of"]])
    assert beliefs[0] > beliefs[2] > beliefs[1]
    assert sum(beliefs) == pytest.approx(1)


def test_weights_add_up() -> None:
    assert choose({"a": 1.0, "b": 1.0, "c": 2.0}, [["a", "b"], ["c"]]) == pytest.approx([0.5, 0.5])


def test_without_weights_all_readings_are_alike() -> None:
    assert choose({}, [["a"], ["b"], []]) == pytest.approx([1 / 3] * 3)


def test_great_weights_do_not_overflow() -> None:
    assert choose({"a": 5000.0}, [["a"], []]) == pytest.approx([1, 0])


def test_the_weights_in_the_vocabulary_cover_every_choice() -> None:
    assert {"stage", "equipment", "companion", "recipient", "supplier", "quantity", "value", "lot"} <= set(learnt_models())


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_missing_or_broken_weights_are_refused_with_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "judge.json").write_text(content, encoding="utf-8")
    monkeypatch.setattr(vocab, "FOLDER", tmp_path)
    with pytest.raises(BadVocab, match="train_judge"):
        own_models.__wrapped__()
