"""Loads the vocabulary: TOML for structured words, CSV for flat tables, JSON for learnt weights, each checked as it is read."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from onrecord.errors import BadVocab

FOLDER = files("onrecord").joinpath("vocab")


@cache
def words(name: str, language: str = "en") -> Mapping[str, Any]:
    """The parsed TOML file `vocab/lang/<language>/<name>.toml`; an unreadable file is a `BadVocab` that names it."""
    return _read_toml(f"lang/{language}/{name}.toml")


@cache
def meanings(name: str) -> Mapping[str, Any]:
    """The parsed TOML file `vocab/<name>.toml`: kinds, stages, roots, which hold for every language."""
    return _read_toml(f"{name}.toml")


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `vocab/tables/<name>.csv`; lines that start with `#` (origin, licence, date) are skipped."""
    path = FOLDER.joinpath("tables", f"{name}.csv")
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise BadVocab(f"table {name}: {error}; reinstall onrecord or mend {path}") from error
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    broken = next((number for number, row in enumerate(rows, 1) if None in row or None in row.values()), None)
    if not rows or broken:
        raise BadVocab(f"table {name}: {'row ' + str(broken) + ' has another number of cells than the head' if broken else 'no rows'}")
    return tuple(rows)


def learnt(name: str, *parts: str, script: str) -> Mapping[str, Any]:
    """The file `vocab/<name>.json` that a training script wrote; one that is missing, broken or without one of the parts is a `BadVocab`.

    Not cached: whoever needs a part keeps it.
    """
    try:
        held = json.loads(FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        return {part: held[part] for part in parts}
    except (FileNotFoundError, KeyError, json.JSONDecodeError) as error:
        raise BadVocab(f"{name}.json: {error!r}; run training/{script}") from error


def cells(value: str) -> list[str]:
    """The several values of one table cell, which a `|` separates."""
    return [part.strip() for part in value.split("|") if part.strip()]


def _read_toml(name: str) -> Mapping[str, Any]:
    path = FOLDER.joinpath(name)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadVocab(f"{name}: {error}; mend {path}") from error
