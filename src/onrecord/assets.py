"""This file finds the English model that may be installed beside the library: the package `onrecord_en`, built from models/en.

Without it the rules alone read a report. ONRECORD_MODEL=none leaves an installed model aside.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.errors import BadVocab

PACKAGE = "onrecord_en"
SWITCH = "ONRECORD_MODEL"
# The form of the files below; a package of another form is not read.
FORM = 4
NETWORK_FILES = ("words.npz", "attribution.onnx", "attribution_parts.onnx", "roots.onnx", "networks.json")


@dataclass(frozen=True, slots=True)
class Model:
    """The files of an installed model: its name with version, the encoder, the tokenizer, the small heads and the weights of the judges."""

    name: str
    encoder: Path
    tokenizer: Path
    heads: Mapping[str, Any]
    judges: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Networks:
    """The files of the networks of an installed model that read a text by themselves: who says what, and what a pair does to each other."""

    name: str
    words: Path
    tokenizer: Path
    attribution: Path
    attribution_parts: Path
    roots: Path
    root_names: tuple[str, ...]


@cache
def english_networks() -> Networks | None:
    """The networks of the installed English model; None where it is left aside or has none. Errors: `BadVocab`."""
    model = english_model()
    if model is None:
        return None
    folder = model.encoder.parent
    words, attribution, parts, roots, about = files = [folder / name for name in NETWORK_FILES]
    if not all(file.exists() for file in files):
        return None
    try:
        told = json.loads(about.read_text(encoding="utf-8"))
        return Networks(told["name"], words, model.tokenizer, attribution, parts, roots, tuple(told["roots"]))
    except (OSError, KeyError, ValueError) as error:
        raise BadVocab(f"the networks of the model package {PACKAGE} in {folder} cannot be read ({error!r}); install it anew") from error


@cache
def english_model() -> Model | None:
    """The installed English model, read once a process; None where there is none or it is left aside. Errors: `BadVocab`."""
    found = importlib.util.find_spec(PACKAGE)
    if os.environ.get(SWITCH) == "none" or found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    try:
        about = json.loads(folder.joinpath("model.json").read_text(encoding="utf-8"))
        if about["form"] != FORM:
            raise BadVocab(
                f"{PACKAGE} {about['name']} has form {about['form']}, this onrecord reads form {FORM}; install the one it came with"
            )
        with np.load(folder / "heads.npz", allow_pickle=False) as file:
            heads = {name: file[name] for name in file.files}
        judges = json.loads(folder.joinpath("judge.json").read_text(encoding="utf-8"))["models"]
        return Model(about["name"], folder / "encoder.onnx", folder / "tokenizer.json", heads, judges)
    except (OSError, KeyError, ValueError) as error:
        raise BadVocab(f"the model package {PACKAGE} in {folder} cannot be read ({error!r}); install it anew") from error
