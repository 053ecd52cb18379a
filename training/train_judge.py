"""Learns the judge's weights from annotated training reports: python training/train_judge.py GOLD_DIR [GOLD_DIR ...].

The choices that a careful reader made (judge_data.py) are examples of softmax choices, fitted with an L2 penalty by L-BFGS. Writes
src/onrecord/vocab/judge.json with the data's hash, the penalty and the accuracy on five held-out folds of reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from judge_data import Example, deal_examples, gather, telling_examples
from lot_data import lot_examples
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from statement_data import statement_examples

from onrecord import flow
from onrecord.assets import SWITCH
from onrecord.choosing import MODEL, Models, choose
from onrecord.clean.document import make_document
from onrecord.parse.words import parse_words
from onrecord.records import Parsed

OUT = Path(__file__).parent.parent / "src/onrecord/vocab/judge.json"
PENALTY = 5.0
FOLDS = 5
ROUNDS = 2
SEED = 7


def fit(data: Sequence[Example], penalty: float = PENALTY) -> dict[str, float]:
    """Weights of one softmax choice, by maximum a-posteriori likelihood."""
    counts = Counter(f for _, candidates, _, _ in data for c in candidates for f in set(c))
    names = sorted(f for f, n in counts.items() if n >= 3) + [MODEL]
    index = {f: i for i, f in enumerate(names)}
    rows, columns, values, starts, targets = [], [], [], [0], []
    row = 0
    for _, candidates, target, heard in data:
        targets.append(row + target)
        for candidate, belief in zip(candidates, heard or [0.0] * len(candidates), strict=True):
            told = [(index[feature], 1.0) for feature in candidate if feature in index] + ([(index[MODEL], belief)] if belief else [])
            rows += [row] * len(told)
            columns += [column for column, _ in told]
            values += [value for _, value in told]
            row += 1
        starts.append(row)
    matrix = csr_matrix((values, (rows, columns)), shape=(row, len(names)))
    heads = np.array(starts[:-1])
    sizes = np.diff(starts)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ w
        tops = np.maximum.reduceat(scores, heads)
        powers = np.exp(scores - np.repeat(tops, sizes))
        totals = np.add.reduceat(powers, heads)
        probabilities = powers / np.repeat(totals, sizes)
        value = -np.sum(scores[targets] - tops - np.log(totals)) + 0.5 * penalty * w @ w
        slope = probabilities.copy()
        slope[targets] -= 1
        return float(value), matrix.T @ slope + penalty * w

    result = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return {n: round(float(w), 3) for n, w in zip(names, result.x, strict=True) if abs(w) >= 0.01}


def accuracy(weights: dict[str, float], data: Iterable[Example]) -> tuple[int, int]:
    right = total = 0
    for _, candidates, target, heard in data:
        scores = choose(weights, candidates, heard)
        right += scores.index(max(scores)) == target
        total += 1
    return right, total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    args = parser.parse_args()
    golds, parses, digest = read_reports(args.gold)
    models, scores, _, _ = learn(golds, parses, args.penalty)
    head = {"made_by": "training/train_judge.py", "data_sha256": digest, "seed": SEED, "penalty": args.penalty, "held_out_accuracy": scores}
    OUT.write_text(json.dumps(head | {"models": models}, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def read_reports(folders: Sequence[Path]) -> tuple[list[dict], list[Parsed], str]:
    """Annotated reports, their parses by the rules alone, and the hash of the data, folder by folder in order of file names."""
    os.environ[SWITCH] = "none"
    paths = [path for folder in folders for path in sorted(folder.glob("*.json")) if path.stem != "links"]
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    documents = [make_document(g["text"], key=g["id"], title=g["title"], published=g["published"]) for g in golds]
    parses = [flow.add_mentions(parsed) for parsed in parse_words(documents)]
    return golds, parses, hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def learn(golds: list[dict], parses: list[Parsed], penalty: float) -> tuple[Models, dict[str, float], list[Models], np.ndarray]:
    """All models, each one's accuracy on reports that it was not learnt on, and the models and number of every fold.

    Read several times over: first with a perfect reader's memory, then with the memory that models of the other folds make.
    """
    folds = np.random.default_rng(SEED).permutation(len(golds)) % FOLDS
    data = gather(golds, parses, [None] * len(golds))
    others = fold_models(data, folds, penalty)
    for _ in range(ROUNDS):
        again = gather(golds, parses, [others[f] for f in folds])
        data |= again
        renewed = fold_models(again, folds, penalty)
        others = [old | new for old, new in zip(others, renewed, strict=True)]
    data["statement"] = [
        example for n, (gold, parsed) in enumerate(zip(golds, parses, strict=True)) for example in statement_examples(n, parsed, gold)
    ]
    others = [old | new for old, new in zip(others, fold_models({"statement": data["statement"]}, folds, penalty), strict=True)]
    reports = [(n, parsed, gold, others[folds[n]]) for n, (gold, parsed) in enumerate(zip(golds, parses, strict=True))]
    data["telling"] = [example for report in reports for example in telling_examples(*report)]
    others = [old | new for old, new in zip(others, fold_models({"telling": data["telling"]}, folds, penalty), strict=True)]
    data["lot"] = [
        example
        for n, (gold, parsed) in enumerate(zip(golds, parses, strict=True))
        for example in lot_examples(n, parsed, gold, others[folds[n]])
    ]
    others = [old | new for old, new in zip(others, fold_models({"lot": data["lot"]}, folds, penalty), strict=True)]
    data["deal"] = [
        example
        for n, (gold, parsed) in enumerate(zip(golds, parses, strict=True))
        for example in deal_examples(n, parsed, gold, others[folds[n]])
    ]
    others = [old | new for old, new in zip(others, fold_models({"deal": data["deal"]}, folds, penalty), strict=True)]
    models, scores = {}, {}
    for model, rows in data.items():
        hits = [accuracy(others[f][model], [r for r in rows if folds[r[0]] == f]) for f in range(FOLDS)]
        scores[model] = round(sum(h for h, _ in hits) / sum(t for _, t in hits), 3)
        models[model] = fit(rows, penalty)
        print(f"{model}: {len(rows)} choices, {len(models[model])} weights, held-out accuracy {scores[model]}")
    return models, scores, others, folds


def fold_models(data: dict[str, list[Example]], folds: np.ndarray, penalty: float) -> list[Models]:
    """For each fold, every model learnt on the other folds' reports."""
    return [{m: fit([r for r in rows if folds[r[0]] != f], penalty) for m, rows in data.items()} for f in range(FOLDS)]


if __name__ == "__main__":
    main()
