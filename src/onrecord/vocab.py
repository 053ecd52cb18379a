"""Loads the vocabulary: TOML for structured words, CSV for flat tables, each checked as it is read and cached for the process."""

from __future__ import annotations

import csv
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


def cells(value: str) -> list[str]:
    """The several values of one table cell, which a `|` separates."""
    return [part.strip() for part in value.split("|") if part.strip()]


def _read_toml(name: str) -> Mapping[str, Any]:
    path = FOLDER.joinpath(name)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadVocab(f"{name}: {error}; mend {path}") from error
