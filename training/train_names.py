"""Learns the weights by which names are compared: python training/train_names.py PAIRS.json [PAIRS.json ...].

A pairs file is a list of {"schema", "name1", "name2", "match"}. Beside it teach the office-holders' table (two spellings of one person;
two persons of one state with a word of their names in common), at part of the weight. Logistic regression with an L2 penalty by L-BFGS.
Writes src/onrecord/vocab/name_weights.json, and src/onrecord/measure/name_folds.json: the weights of each fold, with which
`onrecord measure names` judges the pairs that the fold was learnt without. Pairs that share a name lie in one fold. The threshold is
not learnt: a pair is one name where that is the likelier reading.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from logistic import fit_logistic

from onrecord import vocab
from onrecord.link.names_alike import features, score, side_by_side
from onrecord.measure.names import THRESHOLD, NamePair, pair_id, read_pairs

PACKAGE = Path(__file__).parent.parent / "src/onrecord"
WEIGHTS, FOLD_WEIGHTS = PACKAGE / "vocab/name_weights.json", PACKAGE / "measure/name_folds.json"
# Set on the held-out folds, as coarse steps: 1, 2, 4 differ by less than the folds do.
PENALTY = 3.0
TABLE_WEIGHT, TABLE_PAIRS = 0.25, 800
FOLDS = 10
RARE = 3
SEED = 7


@dataclass(frozen=True, slots=True)
class Example:
    """One pair of names as features, whether they are one name, and how much it counts."""

    features: list[str]
    match: bool
    weight: float


def example(pair: NamePair, weight: float = 1.0) -> Example:
    """A pair as an example."""
    comparison = side_by_side(pair.left, pair.right, organization=pair.organization)
    return Example(features(comparison, pair.organization), pair.match, weight)


def table_pairs(rows: Iterable[Mapping[str, str]]) -> Iterator[NamePair]:
    """Pairs of the office-holders' table, as many of one person as of two, drawn by a fixed seed."""
    spellings: dict[str, set[str]] = {}
    states: dict[str, dict[str, str]] = {}
    for row in rows:
        spellings.setdefault(row["person_id"], set()).update([row["name"], *vocab.cells(row["aliases"])])
        states.setdefault(row["iso2"], {})[row["person_id"]] = row["name"]
    same = [NamePair(one, other, True, False) for names in spellings.values() for one, other in combinations(sorted(names), 2)]
    apart = [
        NamePair(one, other, False, False)
        for people in states.values()
        for one, other in combinations(sorted(set(people.values())), 2)
        if _could_be_mixed_up(one, other)
    ]
    draw = random.Random(SEED)
    for pairs in (same, apart):
        yield from draw.sample(pairs, min(TABLE_PAIRS, len(pairs)))


def _could_be_mixed_up(one: str, other: str) -> bool:
    """Whether two persons' names share a word, and are not so near that the table may hold one person twice."""
    comparison = side_by_side(one, other)
    clash = bool(comparison.left_over and comparison.right_over) or any(pair.likeness < 0.7 for pair in comparison.pairs)
    return clash and any(pair.likeness == 1 for pair in comparison.pairs)


def fit(examples: Sequence[Example], penalty: float = PENALTY) -> dict[str, float]:
    """Weights that make the examples likely; features of fewer than RARE examples have none."""
    counts: dict[str, int] = {}
    for item in examples:
        for name in item.features:
            counts[name] = counts.get(name, 0) + 1
    index = {name: place for place, name in enumerate(sorted(name for name, count in counts.items() if count >= RARE))}
    matrix = np.zeros((len(examples), len(index)))
    for row, item in enumerate(examples):
        matrix[row, [index[name] for name in item.features if name in index]] = 1
    right = np.array([float(item.match) for item in examples])
    weight = np.array([item.weight for item in examples])

    found = fit_logistic(matrix, right, weight, penalty, rounds=300)
    return {name: round(float(found[place]), 3) for name, place in index.items() if abs(found[place]) >= 0.01}


def folds(pairs: Sequence[NamePair], number: int = FOLDS) -> list[int]:
    """The fold of each pair: pairs that share a name, directly or through others, lie in one."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for pair in pairs:
        parent[root(pair.left.casefold())] = root(pair.right.casefold())
    groups = sorted({root(pair.left.casefold()) for pair in pairs})
    random.Random(SEED).shuffle(groups)
    place = {group: n % number for n, group in enumerate(groups)}
    return [place[root(pair.left.casefold())] for pair in pairs]


def f1(scores: Sequence[float], pairs: Sequence[NamePair]) -> float:
    """F1 of the pairs said to be one name."""
    said = [value >= THRESHOLD for value in scores]
    hits = sum(one and pair.match for one, pair in zip(said, pairs, strict=True))
    return 2 * hits / max(1, sum(said) + sum(pair.match for pair in pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument("--table-weight", type=float, default=TABLE_WEIGHT)
    args = parser.parse_args()
    pairs = list({pair_id(pair): pair for path in args.pairs for pair in read_pairs(path)}.values())
    taught = [example(pair) for pair in pairs]
    table = [example(pair, args.table_weight) for pair in table_pairs(vocab.table("people"))]
    places = folds(pairs)
    held_out, scores = [], [0.0] * len(pairs)
    for fold in range(FOLDS):
        learnt = fit([item for item, place in zip(taught, places, strict=True) if place != fold] + table, args.penalty)
        unseen = [n for n, place in enumerate(places) if place == fold]
        for n in unseen:
            scores[n] = score(taught[n].features, learnt)
        held_out.append({"pairs": sorted(pair_id(pairs[n]) for n in unseen), "weights": learnt})
    weights = fit([*taught, *table], args.penalty)
    table_right = sum((score(item.features, weights) >= THRESHOLD) == item.match for item in table) / max(1, len(table))
    print(f"{len(pairs)} pairs, {len(table)} of the table, {len(weights)} weights")
    print(f"held-out F1 {f1(scores, pairs):.3f}; of the table {table_right:.3f} right, by weights that saw it")
    head = {
        "made_by": "training/train_names.py",
        "data_sha256": hashlib.sha256(b"".join(path.read_bytes() for path in args.pairs)).hexdigest(),
        "penalty": args.penalty,
        "held_out_f1": round(f1(scores, pairs), 3),
    }
    WEIGHTS.write_text(json.dumps(head | {"weights": weights}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    FOLD_WEIGHTS.write_text(json.dumps(head | {"folds": held_out}, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
