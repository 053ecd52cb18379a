"""The judge is learnt from annotated reports: aligned, fitted, and written as numbers."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from onrecord.extract.scene import set_scene
from onrecord.extract.triggers import find_triggers
from onrecord.records import Parsed

pytest.importorskip("scipy", reason="training needs the extra onrecord[training]")

Parse = Callable[..., Parsed]
SCRIPT = Path(__file__).parent.parent / "training/train_judge.py"


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_judge", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        # As when it is run: what stands beside a script is found first.
        patch.syspath_prepend(str(SCRIPT.parent))
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(training: ModuleType) -> ModuleType:
    """The module that turns gold into choices, which the script has imported."""
    return sys.modules["judge_data"]


def transfer(key: str, supplier: str, recipient: str, item: str, number: int | None, *stages: tuple[str, str]) -> dict[str, Any]:
    return {
        "key": key,
        "supplier": [supplier],
        "recipient": [recipient],
        "equipment": item,
        "quantity": {"number": number, "unit": "tank"} if number else None,
        "value": None,
        "stages": [{"stage": s, "modality": "actual", "when": None, "according_to": None, "evidence": e} for s, e in stages],
    }


def gold(key: str, text: str, *transfers: dict[str, Any]) -> dict[str, Any]:
    return {"id": key, "title": "", "published": "2020-01-01", "text": text, "transfers": list(transfers), "statements": []}


ONE = gold(
    "one",
    "Germany sold ten Leopard 2 tanks and Marder vehicles to Norway for 90 million euros. Germany delivered the Leopard 2 tanks to Norway."
    " Norway received the ten Leopard 2 tanks. Norway bought bread.",
    transfer(
        "t1", "DE", "NO", "Leopard 2", 10, ("contract", "Germany sold ten Leopard 2 tanks"), ("delivery", "Germany delivered the Leopard 2")
    ),
)
TWO = gold(
    "two",
    "Sweden sold Peru twelve Gripen jets and Carl Gustaf launchers for 2 billion dollars. Sweden delivered the Gripen jets to Peru."
    " Peru received the twelve Gripen jets. Peru bought bread.",
    transfer(
        "t1", "SE", "PE", "Gripen", 12, ("contract", "Sweden sold Peru twelve Gripen jets"), ("delivery", "Sweden delivered the Gripen")
    ),
)


def test_a_fit_learns_which_feature_decides(training: ModuleType) -> None:
    data = [(n, [["near", "long"], ["far", "long"], ["far"]], 0, None) for n in range(12)]
    data += [(n, [["far"], ["near"]], 1, None) for n in range(12)]
    weights = training.fit(data, 0.1)
    assert weights["near"] > 1 > weights["far"]
    assert training.accuracy(weights, data) == (24, 24)
    assert training.accuracy({}, data) == (12, 24)


def test_a_heavier_penalty_holds_weights_down(training: ModuleType) -> None:
    data = [(n, [["near"], ["far"]], 0, None) for n in range(12)]
    assert 0 < training.fit(data, 50.0)["near"] < training.fit(data, 0.1)["near"]


def test_a_model_is_trusted_as_far_as_it_was_right(training: ModuleType) -> None:
    right = [(n, [["a"], ["b"]], n % 2, [-0.1, -2.0] if n % 2 == 0 else [-2.0, -0.1]) for n in range(40)]
    wrong = [(n, [["a"], ["b"]], 1 - n % 2, [-0.1, -2.0] if n % 2 == 0 else [-2.0, -0.1]) for n in range(40)]
    assert training.fit(right, 0.1)["model"] > training.fit(right[:30] + wrong[30:], 0.1)["model"] > 0.2
    assert "model" not in training.fit([(n, [["a"], ["b"]], 0, None) for n in range(12)], 0.1)


def test_a_feature_met_less_than_three_times_has_no_weight(training: ModuleType) -> None:
    data = [(n, [["near"], ["far", "rare"] if n < 2 else ["far"]], 0, None) for n in range(12)]
    assert set(training.fit(data, 0.1)) == {"near", "far"}


@pytest.mark.parametrize(
    ("gold_name", "name", "same"),
    [("S-400", "S400", True), ("Leopard 2A7", "Leopard 2", True), ("S-400", "S-300", False), ("tank", "", False), ("F-16", "f", False)],
)
def test_designations_compare_as_the_scorer_compares_them(data: ModuleType, gold_name: str, name: str, same: bool) -> None:
    assert data.same_item(gold_name, name) is same


def test_a_stage_is_aligned_with_the_trigger_in_its_evidence(data: ModuleType, parse: Parse) -> None:
    parsed = parse(ONE["text"])
    chosen, repeats = data.align(parsed, find_triggers(set_scene(parsed, {})), ONE)
    aligned = {parsed.words[index].text: (stage, [t["key"] for t in told]) for index, (stage, told) in chosen.items()}
    assert aligned == {"sold": ("contract", ["t1"]), "delivered": ("delivery", ["t1"])}
    assert repeats == set()


def test_a_second_trigger_in_the_evidence_is_a_repeat(data: ModuleType, parse: Parse) -> None:
    text = "Germany signed a contract to sell Leopard 2 tanks to Norway."
    parsed = parse(text)
    triggers = find_triggers(set_scene(parsed, {}))
    told = gold("x", text, transfer("t1", "DE", "NO", "Leopard 2", None, ("contract", text)))
    chosen, repeats = data.align(parsed, triggers, told)
    assert len(chosen) == 1
    assert repeats == {t.index for t in triggers if "contract" in t.stages} - set(chosen)


def test_evidence_that_holds_no_trigger_aligns_with_none(data: ModuleType, parse: Parse) -> None:
    parsed = parse(ONE["text"])
    told = gold("x", ONE["text"], transfer("t1", "DE", "NO", "Leopard 2", None, ("contract", "Norway received the ten")))
    assert data.align(parsed, find_triggers(set_scene(parsed, {})), told) == ({}, set())


def test_a_run_writes_weights_with_the_hash_of_their_data(
    training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "gold", tmp_path / "judge.json"
    folder.mkdir()
    for report in (ONE, TWO):
        (folder / f"{report['id']}.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / "links.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(training, "OUT", out)
    # A run leaves the English model aside; what it sets is taken back after the test.
    monkeypatch.setenv("ONRECORD_MODEL", "none")
    monkeypatch.setattr(sys, "argv", ["train_judge.py", str(folder), "--penalty", "1"])
    training.main()
    written = json.loads(out.read_text(encoding="utf-8"))
    data = b"".join((folder / name).read_bytes() for name in ("one.json", "two.json"))
    assert written["data_sha256"] == hashlib.sha256(data).hexdigest()
    assert (written["penalty"], written["seed"]) == (1.0, training.SEED)
    assert {"stage", "equipment", "companion", "recipient", "supplier", "telling", "deal"} <= set(written["models"])
    assert set(written["held_out_accuracy"]) == set(written["models"])
    assert all(isinstance(weight, float) for weights in written["models"].values() for weight in weights.values())
    assert "stage:" in capsys.readouterr().out


def test_a_cue_is_taught_by_the_statement_that_shares_half_of_its_words(training: ModuleType, parse: Parse) -> None:
    text = "The embassy called the price absurd. Olav Brenna said that the boats were late."
    told = {"speaker": "embassy", "as_written": "The embassy", "content": "called the price absurd"}
    parsed, report = parse(text), gold("x", text) | {"statements": [told, told | {"content": "that the boats were late"}]}
    first, second = sys.modules["statement_data"].taught(parsed, report)
    assert first.best is not None and first.telling.contents[first.best].kind in {"act", "own act"}
    assert second.best is None and not any(second.right)
    (_, candidates, right, heard), (_, _, none, _) = sys.modules["statement_data"].statement_examples(7, parsed, report)
    assert candidates[0] == ["nothing said"] and right > 0 and none == 0 and heard is None
