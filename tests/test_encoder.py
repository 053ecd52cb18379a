"""The English model is found, refused or left aside with a plain word; texts longer than it can hold are read in stretches of sentences."""

import json
from pathlib import Path

import numpy as np
import pytest

from onrecord.assets import FORM, english_model
from onrecord.encoding import Encoding
from onrecord.errors import BadVocab
from onrecord.parse.encoder import STRETCH, kinds_of_names, stretches


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A model package of a test's own on the path, whole until a test breaks it."""
    folder = tmp_path / "onrecord_en"
    folder.mkdir()
    folder.joinpath("__init__.py").touch()
    folder.joinpath("model.json").write_text(json.dumps({"name": "onrecord-en/9", "form": FORM}))
    folder.joinpath("judge.json").write_text(json.dumps({"models": {"stage": {"model": 0.5}}}))
    np.savez(folder / "heads.npz", hidden=np.array(2))
    monkeypatch.setattr("onrecord.assets.PACKAGE", "onrecord_en")
    monkeypatch.setattr("onrecord.assets.importlib.util.find_spec", lambda name: _Found(folder))
    monkeypatch.delenv("ONRECORD_MODEL", raising=False)
    english_model.cache_clear()
    yield folder
    english_model.cache_clear()


class _Found:
    def __init__(self, folder: Path) -> None:
        self.submodule_search_locations = [str(folder)]


def test_an_installed_model_is_read(package: Path) -> None:
    model = english_model()
    assert model is not None and model.name == "onrecord-en/9"
    assert model.judges["stage"]["model"] == 0.5 and model.heads["hidden"] == 2 and model.encoder == package / "encoder.onnx"


def test_the_switch_leaves_it_aside(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MODEL", "none")
    assert english_model() is None


def test_no_package_is_no_model(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.assets.importlib.util.find_spec", lambda name: None)
    assert english_model() is None


@pytest.mark.parametrize("name", ["model.json", "judge.json", "heads.npz"])
def test_a_broken_package_is_named_with_what_to_do(package: Path, name: str) -> None:
    package.joinpath(name).write_bytes(b"{")
    with pytest.raises(BadVocab, match="install it anew"):
        english_model()


def test_a_package_of_another_form_is_refused(package: Path) -> None:
    package.joinpath("model.json").write_text(json.dumps({"name": "onrecord-en/99", "form": FORM + 1}))
    with pytest.raises(BadVocab, match=f"form {FORM + 1}"):
        english_model()


def test_a_long_text_is_cut_behind_full_stops() -> None:
    text = "ab." * 300
    pieces = np.array([span for at in range(300) for span in ((3 * at, 3 * at + 2), (3 * at + 2, 3 * at + 3))])
    ids = list(range(len(pieces)))
    cuts = list(stretches(ids, pieces, text))
    assert cuts[0][0] == 0 and cuts[-1][1] == len(ids) and all(one[1] == other[0] for one, other in zip(cuts, cuts[1:], strict=False))
    assert all(last - first <= STRETCH for first, last in cuts) and all(text[pieces[last - 1][0]] == "." for _, last in cuts)


def test_a_text_without_stops_is_cut_all_the_same() -> None:
    pieces = np.array([(at, at + 1) for at in range(1000)])
    assert [last for _, last in stretches(list(range(1000)), pieces, "a" * 1000)] == [STRETCH, 2 * STRETCH, 1000]


def test_words_take_the_name_of_their_first_piece() -> None:
    heads = {"entity.weight": np.array([[0.0], [1.0]]), "entity.bias": np.zeros(2), "entity.names": np.array(["", "PERSON"])}
    seen = Encoding(np.array([0, 1, 3]), np.array([1, 2, 5]), np.array([[1.0], [-1.0], [-1.0]]), heads)
    assert kinds_of_names([0, 3, 6], seen) == ["PERSON", "", ""]
