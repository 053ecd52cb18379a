"""The event judge learns from folders of reports and from any number of files of sentences."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("scipy", reason="training needs the extra onrecord[training]")

SCRIPT = Path(__file__).parent.parent / "training/train_events.py"


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_events", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        # A dataclass looks its module up by name.
        patch.setitem(sys.modules, "train_events", module)
        spec.loader.exec_module(module)
    return module


def pair(sentence: str, actor: str, recipient: str, root: str) -> str:
    spans = [[sentence.index(name), sentence.index(name) + len(name)] for name in (actor, recipient)]
    return json.dumps({"sentence": sentence, "actor": spans[0], "recipient": spans[1], "root": root, "modality": "actual"}) + "\n"


def test_each_file_of_sentences_adds_its_choices(training: ModuleType, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(pair("Lima accused Quito of dishonesty.", "Lima", "Quito", "ACCUSE"), encoding="utf-8")
    two.write_text(pair("Rabat thanked Madrid for its help.", "Rabat", "Madrid", "SUPPORT"), encoding="utf-8")
    both, _, _, digest = training.load([], [one, two])
    alone, _, _, other = training.load([], [one])
    assert {act[0] for choice in alone for act in choice.acts if act} == {"ACCUSE"}
    assert {act[0] for choice in both for n in choice.right if (act := choice.acts[n])} == {"ACCUSE", "SUPPORT"}
    assert digest != other


@pytest.mark.parametrize("arguments", [["REPORTS"], ["FILE"], ["REPORTS", "FILE", "missing.jsonl"]])
def test_a_call_without_reports_or_sentences_says_so(
    training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("", encoding="utf-8")
    names = {"REPORTS": str(tmp_path), "FILE": str(file)}
    monkeypatch.setattr("sys.argv", ["train_events.py", *(names.get(a, str(tmp_path / a)) for a in arguments)])
    with pytest.raises(SystemExit):
        training.main()
    assert "at least one folder of reports and one file of sentences" in capsys.readouterr().err
