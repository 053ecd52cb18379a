"""Learns the weights of the event judge: python training/train_events.py GOLD_DIR [GOLD_DIR ...] SENTENCES.jsonl [SENTENCES.jsonl ...].

Every frame that is found in a training report is one choice between its readings and "no event"; a reading is right when the report's
gold holds that root between those parties. Files of sentences add choices from single sentences, each at part of the weight and
with features of its own for how often frames hold there. Fitted with an L2 penalty by L-BFGS. Writes src/onrecord/vocab/event_weights.json
with the data's hash, the penalty and the F1 on held-out groups of reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from onrecord import flow
from onrecord.attribute.statements import find_statements
from onrecord.clean.document import make_document
from onrecord.extract.events import judged, matches
from onrecord.extract.events_judge import MODEL_ROLE, MODEL_ROOT, heard, heard_in
from onrecord.extract.events_readings import match_features, options, readings
from onrecord.extract.events_scene import Scene
from onrecord.extract.transfers import find_transfers
from onrecord.parse.words import parse_words
from onrecord.records import Parsed

OUT = Path(__file__).parent.parent / "src/onrecord/vocab/event_weights.json"
PENALTY = 5.0
SENTENCE_WEIGHT = 1.0
RARE = 8
FOLDS = 5
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
THRESHOLDS = tuple(round(0.2 + 0.025 * n, 3) for n in range(17))

Act = tuple[str, frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One frame found, at a word: the features of each reading ("no event" first, without any), the acts they stand for, which are right.

    `heard` holds for each reading what a model that has read the report believes of it, by the name of the feature.
    """

    report: str
    index: int
    candidates: list[list[str]]
    heard: list[dict[str, float]]
    acts: list[Act | None]
    right: list[int]
    weight: float


def read_scene(parsed: Parsed) -> Scene:
    """The scene as the analysis itself would set it, with the statements and transfers that it finds."""
    statements = find_statements(parsed)
    return Scene(parsed, statements, find_transfers(parsed, statements))


def report_choices(scene: Scene, gold: Mapping[str, list[dict]], report: str) -> Iterator[Choice]:
    """The choices of one annotated report."""
    acts = {(e["plover"], frozenset(e["actor"]), frozenset(e["recipient"])) for e in gold["events"]}
    yield from _choices(scene, report, lambda act: act in acts, (), 1.0)


def sentence_choices(scene: Scene, rows: Sequence[dict], report: str) -> Iterator[Choice]:
    """The choices of one annotated sentence, whose rows tell ordered pairs of parties."""
    pairs = set()
    for row in rows:
        actor, recipient = (_party(scene.parsed, row[role]) for role in ("actor", "recipient"))
        if row["root"] != "NONE" and actor and recipient:
            pairs.add((row["root"], actor, recipient))
            if row["root"] in MUTUAL:
                pairs.add((row["root"], recipient, actor))

    def is_right(act: Act) -> bool:
        return all((act[0], a, r) in pairs for a in act[1] for r in act[2])

    yield from _choices(scene, report, is_right, ("sentence",), SENTENCE_WEIGHT)


def _party(parsed: Parsed, span: Sequence[int]) -> str | None:
    return next((m.party for m in parsed.mentions if m.party and m.start < span[1] and m.end > span[0]), None)


def _choices(scene: Scene, report: str, is_right: Callable[[Act], bool], extra: Sequence[str], weight: float) -> Iterator[Choice]:
    for match in matches(scene.parsed):
        base = match_features(scene, match)
        base += [f"{e}:{f}" for e in extra for f in ("any", match.frame.root)]
        candidates: list[list[str]] = [[]]
        beliefs: list[dict[str, float]] = [{}]
        acts: list[Act | None] = [None]
        root = heard(scene, match)
        for reading in readings(scene, match, *options(scene, match)):
            candidates.append([*base, *reading.actor.features, *reading.recipient.features, *reading.features])
            sides = {MODEL_ROLE[role]: heard_in(scene, match, role, getattr(reading, role)) for role in MODEL_ROLE}
            beliefs.append({MODEL_ROOT: root} | sides if scene.opinions else {})
            acts.append((match.frame.root, reading.actor.parties, reading.recipient.parties))
        if len(candidates) > 1:
            right = [n for n, act in enumerate(acts) if act is not None and is_right(act)] or [0]
            yield Choice(report, match.index, candidates, beliefs, acts, right, weight)


def fit(choices: Sequence[Choice], penalty: float) -> dict[str, float]:
    """Weights that make the right readings likely: maximum a-posteriori likelihood of the softmax choices."""
    counts = Counter(f for c in choices for f in {f for features in c.candidates for f in features})
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= RARE))}
    index |= {name: len(index) + n for n, name in enumerate((MODEL_ROOT, *MODEL_ROLE.values()))}
    columns, values, pointers, starts, right = [], [], [0], [0], []
    for choice in choices:
        right += [n in choice.right for n in range(len(choice.candidates))]
        for features, beliefs in zip(choice.candidates, choice.heard, strict=True):
            told = [(index[f], 1.0) for f in features if f in index] + [(index[name], belief) for name, belief in beliefs.items()]
            columns += [column for column, _ in told]
            values += [value for _, value in told]
            pointers.append(len(columns))
        starts.append(len(right))
    matrix = csr_matrix((np.array(values), np.array(columns), np.array(pointers)), shape=(len(right), len(index)))
    transposed = matrix.T.tocsr()
    heads, sizes, mask = np.array(starts[:-1]), np.diff(starts), np.array(right)
    weight = np.array([c.weight for c in choices])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ w
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, heads), sizes))
        totals = np.add.reduceat(powers, heads)
        good = np.add.reduceat(powers * mask, heads)
        slope = powers / np.repeat(totals, sizes) - powers * mask / np.repeat(good, sizes)
        value = np.sum(weight * (np.log(totals) - np.log(good))) + 0.5 * penalty * w @ w
        return float(value), transposed @ (slope * np.repeat(weight, sizes)) + penalty * w

    result = minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return {f: round(float(result.x[i]), 3) for f, i in index.items() if abs(result.x[i]) >= 0.02}


def f1(said: Iterable[tuple[str, Act, float]], gold: Counter, threshold: float) -> float:
    """F1 of the distinct acts of each report."""
    acts = {(report, act) for report, act, p in said if p >= threshold}
    return 2 * sum(a in gold for a in acts) / max(1, sum(gold.values()) + len(acts))


def best_threshold(said: Sequence[tuple[str, Act, float]], gold: Counter) -> tuple[float, float]:
    """The threshold at which F1 is best, and the F1 there."""
    threshold = max(THRESHOLDS, key=lambda t: f1(said, gold, t))
    return threshold, round(f1(said, gold, threshold), 3)


def load(folders: Sequence[Path], sentences: Sequence[Path]) -> tuple[list[Choice], dict[str, Scene], Counter, str]:
    """All choices, the scene of each report, the gold acts of the reports, and the hash of the data."""
    paths = sorted(p for folder in folders for p in folder.glob("*.json") if p.stem != "links")
    golds = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in paths}
    documents = [make_document(g["text"], key=key, title=g["title"], published=g["published"]) for key, g in golds.items()]
    choices: list[Choice] = []
    scenes: dict[str, Scene] = {}
    for parsed in map(flow.add_mentions, parse_words(documents)):
        key = parsed.document.key
        scenes[key] = read_scene(parsed)
        choices += report_choices(scenes[key], golds[key], key)
    for parsed, rows in read_sentences(sentences):
        choices += sentence_choices(Scene(parsed, (), ()), rows, "")
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in [*paths, *sentences])).hexdigest()
    return choices, scenes, gold_acts(golds), digest


def read_sentences(paths: Sequence[Path]) -> Iterator[tuple[Parsed, list[dict]]]:
    """Each annotated sentence of some files, parsed, with its rows."""
    rows: dict[str, list[dict]] = {}
    for row in (json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()):
        rows.setdefault(row["sentence"], []).append(row)
    for parsed in parse_words([make_document(s, key=f"sentence {n}") for n, s in enumerate(rows)]):
        yield flow.add_mentions(parsed), rows[parsed.document.text]


def gold_acts(golds: Mapping[str, Mapping[str, list[dict]]]) -> Counter:
    """The acts of annotated reports by the report's key."""
    return Counter((key, (e["plover"], frozenset(e["actor"]), frozenset(e["recipient"]))) for key, g in golds.items() for e in g["events"])


def held_out(choices: Sequence[Choice], scenes: Mapping[str, Scene], penalty: float) -> list[tuple[str, Act, float]]:
    """Acts found in each group of reports (their key's first four letters: one topic area or one report) by weights learnt without it."""
    said: list[tuple[str, Act, float]] = []
    groups = sorted({key[:4] for key in scenes})
    for number in range(FOLDS):
        held = set(groups[number::FOLDS])
        weights = fit([c for c in choices if c.report[:4] not in held], penalty)
        for key, scene in scenes.items():
            if key[:4] in held:
                said += (
                    (key, (e.match.frame.root, e.reading.actor.parties, e.reading.recipient.parties), e.score)
                    for e in judged(scene, weights, least=THRESHOLDS[0])
                )
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+", help="folders of annotated reports, and files of sentences (.jsonl)")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    args = parser.parse_args()
    folders, sentences = [p for p in args.gold if p.is_dir()], [p for p in args.gold if p.is_file()]
    if not folders or not sentences or len(folders) + len(sentences) < len(args.gold):
        parser.error("it takes at least one folder of reports and one file of sentences, and each must be there")
    choices, scenes, acts, digest = load(folders, sentences)
    threshold, score = best_threshold(held_out(choices, scenes, args.penalty), acts)
    weights = fit(choices, args.penalty)
    print(f"{len(choices)} choices, {len(weights)} weights; held-out F1 {score} at threshold {threshold}")
    head = {"made_by": "training/train_events.py", "data_sha256": digest, "penalty": args.penalty}
    head |= {"held_out_f1": score, "threshold": threshold}
    OUT.write_text(json.dumps(head | {"weights": weights}, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
