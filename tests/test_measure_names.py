"""`onrecord measure names`: the figures, the held-out pairs, and what it says of a bad file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.measure import special_measure
from onrecord.measure.names import NamePair, _folds, judge_pairs, pair_id

PAIRS = [
    {"schema": "Person", "name1": "Ada Ekdal", "name2": "Ada Eckdal", "match": True},
    {"schema": "Person", "name1": "Ada Ekdal", "name2": "Igor Petrenko", "match": True},
    {"schema": "Person", "name1": "Ole Brandvik", "name2": "Olga Dremova", "match": False},
    {"schema": "Company", "name1": "Norvik Arms AG", "name2": "Norvik Arms Aktiengesellschaft", "match": True},
]


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["measure", "names", *arguments])
    return done.exit_code, done.output


def test_the_last_line_is_the_f1(tmp_path: Path) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(json.dumps(PAIRS), encoding="utf-8")
    code, said = run(str(path), "--errors")
    assert code == 0 and said.splitlines()[-1] == "F1 0.800"
    assert "one  Ada Ekdal | Igor Petrenko" in said and "0 of them taught" in said
    code, said = run(str(path), "--json")
    assert json.loads(said)["organisations"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "pairs": 1}


@pytest.mark.parametrize(
    "text", ["", "[", "{}", "[]", '[{"name1": "Ada"}]', '["Ada"]', '[{"name1": "A", "name2": 3, "match": true}]', "[" * 5000]
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(text, encoding="utf-8")
    code, said = run(str(path))
    assert code == 2 and said.count("\n") == 1 and "pairs.json" in said


def test_a_taught_pair_is_judged_by_weights_that_did_not_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = NamePair("Ada Ekdal", "Ada Eckdal", True, False)
    assert (
        pair_id(pair)
        == pair_id(NamePair("ada eckdal", "ADA EKDAL", False, False))
        != pair_id(NamePair("Ada Ekdal", "Ada Eckdal", True, True))
    )
    monkeypatch.setattr("onrecord.measure.names._folds", lambda: {pair_id(pair): {"bias": -9.0}})
    (verdict,) = judge_pairs([pair])
    assert verdict.held_out and not verdict.said
    monkeypatch.setattr("onrecord.measure.names._folds", dict)
    assert judge_pairs([pair])[0].said


def test_the_folds_are_of_the_weights_that_are_used() -> None:
    folders = (Path(__file__).parent.parent / "src/onrecord").joinpath
    weights, folds = (json.loads(folders(name).read_text()) for name in ("vocab/name_weights.json", "measure/name_folds.json"))
    assert {weights[key] == folds[key] for key in ("data_sha256", "penalty", "held_out_f1")} == {True}
    assert len(_folds()) == sum(len(fold["pairs"]) for fold in folds["folds"]) > 400


def test_other_measures_are_left_to_the_gold(tmp_path: Path) -> None:
    assert special_measure("gold/dev") is None
    assert CliRunner().invoke(main, ["measure", str(tmp_path)]).exit_code == 2
