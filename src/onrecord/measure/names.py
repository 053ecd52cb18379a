"""This file scores the comparison of names: `onrecord measure names PAIRS.json`.

A pairs file is a JSON list of {"schema", "name1", "name2", "match"}. Pairs from which the weights were learnt are judged by weights that
never saw them or a pair with one of their names (the folds in name_folds.json), all others by the weights that onrecord uses.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from onrecord.errors import BadInput
from onrecord.link.names_alike import features, score, side_by_side, weights

# A pair is one name where that is the likelier reading: no number to tune.
THRESHOLD = 0.5
PERSON = "Person"
BIGGEST_FILE = 200_000_000


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names, whether they are one, and whether they are of organisations (or ships) rather than of people."""

    left: str
    right: str
    match: bool
    organization: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A pair with the score that it got; `held_out` where weights were learnt from it, and others judged it."""

    pair: NamePair
    score: float
    held_out: bool

    @property
    def said(self) -> bool:
        """Whether the two are said to be one name."""
        return self.score >= THRESHOLD


@click.command()
@click.argument("pairs_file", metavar="PAIRS.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--errors", is_flag=True, help="List the pairs that were judged wrongly, with their scores.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def names(pairs_file: Path, errors: bool, as_json: bool) -> None:
    """Score the comparison of names against pairs that people judged.

    PAIRS.json holds a list of {"schema": "Person", "name1": …, "name2": …, "match": true}. The last line is the F1 of "one name".
    """
    pairs = read_pairs(pairs_file)
    started = time.perf_counter()
    verdicts = judge_pairs(pairs)
    seconds = time.perf_counter() - started
    if errors and not as_json:
        for verdict in verdicts:
            if verdict.said != verdict.pair.match:
                click.echo(f"{verdict.score:.2f} {'one' if verdict.pair.match else 'two'}  {verdict.pair.left} | {verdict.pair.right}")
    figures = {"people": _figures([v for v in verdicts if not v.pair.organization])}
    figures |= {"organisations": _figures([v for v in verdicts if v.pair.organization]), "all": _figures(verdicts)}
    if as_json:
        click.echo(json.dumps(figures | {"held_out": sum(v.held_out for v in verdicts)}, indent=1))
        return
    click.echo(
        f"{len(pairs)} pairs, {sum(v.held_out for v in verdicts)} of them taught and judged by weights learnt without them;", nl=False
    )
    click.echo(f" {seconds / len(pairs) * 1e6:.0f} µs a pair")
    for kind, row in figures.items():
        click.echo(f"{kind:<14} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}  of {row['pairs']:.0f}")
    click.echo(f"F1 {figures['all']['f1']:.3f}")


def read_pairs(path: Path) -> list[NamePair]:
    """The pairs of a file; one that is no such list is a `BadInput` that says where."""
    if path.stat().st_size > BIGGEST_FILE:
        raise BadInput(f"{path} is larger than {BIGGEST_FILE // 1_000_000} MB; split it")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(f"{path} is no JSON file: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise BadInput(f"{path} holds no list of pairs; each is an object with name1, name2 and match")
    return [_pair(path, number, row) for number, row in enumerate(rows, 1)]


def judge_pairs(pairs: Sequence[NamePair]) -> list[Verdict]:
    """Each pair with its score, by weights that were not learnt from it."""
    folds = _folds()
    return [_judged(pair, folds.get(pair_id(pair))) for pair in pairs]


def pair_id(pair: NamePair) -> str:
    """A pair's name in the list of those that were taught: a hash of its two names in any order."""
    content = [sorted([pair.left.casefold(), pair.right.casefold()]), pair.organization]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _judged(pair: NamePair, held_out: Mapping[str, float] | None) -> Verdict:
    comparison = side_by_side(pair.left, pair.right, organization=pair.organization)
    if not comparison.left.raw or not comparison.right.raw:
        return Verdict(pair, 0.0, held_out is not None)
    learnt = weights() if held_out is None else held_out
    return Verdict(pair, score(features(comparison, pair.organization), learnt), held_out is not None)


def _pair(path: Path, number: int, row: Any) -> NamePair:
    left, right, match = (row.get(field) for field in ("name1", "name2", "match")) if isinstance(row, Mapping) else (None, None, None)
    if not isinstance(left, str) or not isinstance(right, str) or not isinstance(match, bool):
        raise BadInput(f"{path}: pair {number} needs name1 and name2 (text) and match (true or false)")
    return NamePair(left, right, match, row.get("schema", PERSON) != PERSON)


def _figures(verdicts: Sequence[Verdict]) -> dict[str, float]:
    said, right = sum(v.said for v in verdicts), sum(v.pair.match for v in verdicts)
    hits = sum(v.said and v.pair.match for v in verdicts)
    figures = {"precision": hits / said if said else 0.0, "recall": hits / right if right else 0.0}
    figures |= {"f1": 2 * hits / (said + right) if said + right else 0.0, "pairs": len(verdicts)}
    return {name: round(value, 4) for name, value in figures.items()}


@cache
def _folds() -> Mapping[str, Mapping[str, float]]:
    """The weights that were learnt without a pair, by the pair's name, for every pair that was taught."""
    held = json.loads(files("onrecord").joinpath("measure", "name_folds.json").read_text(encoding="utf-8"))
    return {pair: fold["weights"] for fold in held["folds"] for pair in fold["pairs"]}
