"""Learns how likely findings are right: python training/calibrate.py GOLD_DIR ... --sentences FILE ... [--work DIR].

Every report is read by judges that learnt from others, once by the rules alone and once beside the English model, whose half networks
(`half0-further.pt` and `half1-further.pt` in the work folder of train_encoder.py) each read the half that they have not seen. What is
found is held against the gold; a logistic regression with an L2 penalty for each kind and field learns from the score and from what else
speaks for or against. Writes src/onrecord/vocab/confidence.json with the weights, and with how far they can be relied on: each fifth of the
reports judged by weights learnt on the others. Needs `pip install -e .[training]`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from calibration_data import Row, event_weights, folds_of, rows, unseen_findings
from logistic import fit_logistic
from train_events import Choice, read_sentences, report_choices, sentence_choices
from train_judge import PENALTY, learn, read_reports

from onrecord.attribute.statements import find_statements
from onrecord.choosing import Models
from onrecord.confidence import confidence
from onrecord.extract.events_scene import Scene
from onrecord.extract.transfers import find_transfers
from onrecord.measure.reliability import reliability
from onrecord.records import Parsed

OUT = Path(__file__).parent.parent / "src/onrecord/vocab/confidence.json"
FOLDS, SEED = 5, 11
# Features seen less often are left out; the L2 penalty on every weight but the constant one.
RARE, STRENGTH = 12, 3.0
Rows = dict[str, list[Row]]


def main() -> None:
    """Reads, learns, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--sentences", type=Path, nargs="+", required=True, help="files of annotated event sentences")
    parser.add_argument("--work", type=Path, default=Path("build/encoder"), help="where train_encoder.py keeps its networks")
    args = parser.parse_args()
    golds, parses, digest = read_reports(args.gold)
    ways = {"rules": rules_rows(golds, parses, args.sentences), "model": model_rows(golds, parses, args.sentences, args.work)}
    write(ways, len(golds), digest)


def write(ways: Mapping[str, Rows], reports: int, digest: str) -> None:
    """Fits each way of reading and writes weights and reliability."""
    held: dict[str, Any] = {"made_by": "training/calibrate.py", "data_sha256": digest, "penalty": STRENGTH, "seed": SEED}
    held |= {way: {name: fit(found) for name, found in told.items()} for way, told in ways.items()}
    held["reliability"] = {way: {name: measured(found, reports) for name, found in told.items()} for way, told in ways.items()}
    OUT.write_text(json.dumps(held, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    for way, told in held["reliability"].items():
        for name, figures in told.items():
            print(f"{way:<6} {name:<20} of {figures['count']:<5} right {figures['right']:.3f}  ECE {figures['raw']['ece']:.3f} -> "
                  f"{figures['learnt']['ece']:.3f}  Brier {figures['raw']['brier']:.3f} -> {figures['learnt']['brier']:.3f}")  # fmt: skip


def rules_rows(golds: list[dict], parses: list[Parsed], sentences: Sequence[Path]) -> Rows:
    """What the rules alone find with judges that have not seen the report."""
    _, _, others, folds = learn(golds, parses, PENALTY)
    choices: list[Choice] = []
    for gold, parsed, fold in zip(golds, parses, folds, strict=True):
        statements = find_statements(parsed, others[fold])
        choices += report_choices(Scene(parsed, statements, find_transfers(parsed, statements, others[fold])), gold, gold["id"])
    for parsed, told in read_sentences(sentences):
        choices += sentence_choices(Scene(parsed, (), ()), told, "")
    return gathered(golds, parses, parses, [others[fold] for fold in folds], choices)


def model_rows(golds: list[dict], parses: list[Parsed], sentences: Sequence[Path], work: Path) -> Rows:
    """What rules and model find with judges and networks that have not seen the report."""
    from base_net import BASE
    from encoder_acts import event_texts
    from train_encoder import _event_choices, _halves, _opened, _seen

    from onrecord.parse.encoder import open_tokenizer

    tokenizer, nets = open_tokenizer(BASE / "tokenizer.json"), [_opened(work / f"half{half}-further.pt") for half in (0, 1)]
    seen = _seen(golds, parses, nets, _halves(len(golds)), tokenizer)
    _, _, others, folds = learn(golds, seen, PENALTY)
    unseen = [others[fold] for fold in folds]
    choices, scenes = _event_choices(list(event_texts(seen, golds, unseen, sentences)), nets, tokenizer)
    return gathered(golds, seen, [scenes[gold["id"]].parsed for gold in golds], unseen, choices)


def gathered(golds: list[dict], parses: list[Parsed], acts: Sequence[Parsed], models: Sequence[Models], choices: Sequence[Choice]) -> Rows:
    """The rows of all reports by the name of their weights; `acts` are the parses by which events are weighed, `models` the judges."""
    events = event_weights(choices, [gold["id"] for gold in golds])
    found: Rows = {}
    for number, (gold, parsed, act, unseen) in enumerate(zip(golds, parses, acts, models, strict=True)):
        for name, row in rows(number, gold, parsed.document, unseen_findings(parsed, act, unseen, events[gold["id"]])):
            found.setdefault(name, []).append(row)
    return found


def fit(found: Sequence[Row]) -> dict[str, float]:
    """The weights of a logistic regression on some rows."""
    counts: dict[str, int] = {}
    for row in found:
        for name, value in row.told.items():
            counts[name] = counts.get(name, 0) + (value != 0)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    table = np.array([[row.told.get(name, 0.0) for name in names] for row in found])
    penalty = np.array([0.01 if name == "one" else STRENGTH for name in names])
    weights = fit_logistic(table, np.array([float(row.right) for row in found]), np.ones(len(found)), penalty, rounds=500)
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True) if abs(weight) >= 0.001}


def measured(found: Sequence[Row], reports: int) -> dict[str, Any]:
    """How far scores can be relied on as the steps gave them, and as weights do that learnt from other reports."""
    apart = folds_of(reports, FOLDS, SEED)
    sure = np.zeros(len(found))
    for fold in range(FOLDS):
        weights = fit([row for row in found if apart[row.report] != fold])
        for place, row in enumerate(found):
            if apart[row.report] == fold:
                sure[place] = confidence(row.told, weights)
    right = [row.right for row in found]
    return {
        "count": len(found),
        "right": round(sum(right) / len(right), 4),
        "raw": reliability([row.score for row in found], right),
        "learnt": reliability(sure.tolist(), right),
    }


if __name__ == "__main__":
    main()
