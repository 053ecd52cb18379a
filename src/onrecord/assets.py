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
FORM = 1


@dataclass(frozen=True, slots=True)
class Model:
    """The files of an installed model: its name with version, the encoder, the tokenizer, the small heads and the weights of the judges."""

    name: str
    encoder: Path
    tokenizer: Path
    heads: Mapping[str, Any]
    judges: Mapping[str, Mapping[str, float]]


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
