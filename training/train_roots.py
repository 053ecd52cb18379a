"""Trains the network of roots: python training/train_roots.py PLV.tsv[.gz] SENTENCES_DIR GOLD_DIR [GOLD_DIR ...] [--no-folds].

With --without-table what is kept has learnt from nothing but this project's own pairs: for who minds what others' sentences may teach.

First three rounds over this project's own pairs, each with half of those sentences that hold no event; then six over the table with some
of our own mixed in. One in five of the sentences is held out throughout and scored (F1 of events, "nothing" being an answer). Five more
networks learn from four fifths of the table each and are scored on the last, sentences that stand in it twice kept together. What is kept
has learnt from the whole table. Needs `pip install -e .[training]`.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from attribution_net import seeded
from base_net import BASE
from roots_data import ROOTS, Row, file_digest, plv_rows, report_rows, sentence_rows
from roots_net import Net, batches, loss, predict
from torch import Tensor, nn

from onrecord.measure.plv import answer, root_figures
from onrecord.parse.encoder import open_tokenizer

RATE, HEADS_FASTER, BATCH, SEED, FOLDS = 2e-4, 5, 16, 0, 5
OWN_ROUNDS, ROUNDS = 3, 6
# Pairs of reports without an event that take part; how many of sentences, events and such pairs are mixed into a round over the table.
NONES, MIXED = 600, (300, 120, 80)


def main() -> None:
    """Reads, trains, scores, keeps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--work", type=Path, default=Path("build/roots"), help="where the trained networks are kept")
    parser.add_argument("--no-folds", action="store_true", help="train what is kept alone, without the five that only score")
    parser.add_argument(
        "--without-table", action="store_true", help="keep the network that has learnt our own pairs alone; the table only scores it"
    )
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    tokenizer = open_tokenizer(BASE / "tokenizer.json")
    table, sentences = plv_rows(args.table, tokenizer), sentence_rows(args.sentences, tokenizer)
    reports = report_rows(args.gold, tokenizer, SEED)
    digest = file_digest(args.table, args.sentences, *args.gold)
    print(
        f"data {digest[:16]}: {len(table)} pairs of the table, {len(sentences)} of our sentences, {len(reports)} of our reports", flush=True
    )
    school = School(table, sentences, reports, args.work)
    if args.without_table:
        net = school.own_alone()
        gold = [table_name(row) for row in table]
        print(f"the table, of which nothing was learnt: {macro(gold, table_answers(predict(net, table), set(gold)))}", flush=True)
    else:
        if not args.no_folds:
            school.cross_validate()
        net = school.taught(table, SEED, "all")
    figures = event_figures(school.held, predict(net, school.held))
    print(f"held-out sentences, {'none' if args.without_table else 'all'} of the table learnt: {figures}", flush=True)
    torch.save(net.state_dict(), args.work / "roots.pt")
    facts = {"made_by": "training/train_roots.py", "data_sha256": digest, "seed": SEED, "held_out": figures}
    facts |= {"rounds": [OWN_ROUNDS, 0 if args.without_table else ROUNDS]}
    (args.work / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


class School:
    """The pairs, and the network that has learnt our own ones."""

    def __init__(self, table: Sequence[Row], sentences: Sequence[Row], reports: Sequence[Row], work: Path) -> None:
        rng = random.Random(SEED + 1)
        apart = folds(sentences)
        self.table = table
        self.own = [row for row, fold in zip(sentences, apart, strict=True) if fold]
        self.held = [row for row, fold in zip(sentences, apart, strict=True) if not fold]
        self.events = [row for row in reports if row.right != (0,)]
        self.nothings = rng.sample([row for row in reports if row.right == (0,)], NONES)
        self.kept: dict[tuple[int, ...], Tensor] = {}
        path = work / "own.pt"
        first = self.new()
        if path.exists():
            first.load_state_dict(torch.load(path, weights_only=True))
        else:
            acts = [row for row in self.own if row.right != (0,)]
            others = [row for row in self.own if row.right == (0,)]
            fit(
                first,
                [[*acts, *rng.sample(others, len(others) // 2), *self.events, *self.nothings] for _ in range(OWN_ROUNDS)],
                SEED,
                "own",
            )
            torch.save(first.state_dict(), path)
        self.first = first.state_dict()
        print(f"held-out sentences, our own learnt: {event_figures(self.held, predict(first, self.held))}", flush=True)

    def new(self) -> Net:
        """A network as the base gives it; all share what the frozen layers make of a row."""
        net = Net()
        net.kept = self.kept
        return net

    def own_alone(self) -> Net:
        """The network that has learnt our own pairs and nothing else."""
        net = self.new()
        net.load_state_dict(self.first)
        return net.eval()

    def taught(self, table: Sequence[Row], seed: int, name: str) -> Net:
        """A network that has learnt our own pairs and then these of the table."""
        net, rng = self.new(), random.Random(seed)
        net.load_state_dict(self.first)
        sources = tuple(zip((self.own, self.events, self.nothings), MIXED, strict=True))
        fit(net, [[*table, *(row for rows, count in sources for row in rng.sample(rows, count))] for _ in range(ROUNDS)], seed, name)
        return net

    def cross_validate(self) -> None:
        """Prints the scores of each fold of the table and of all."""
        apart = folds(self.table)
        said = [""] * len(self.table)
        gold = [table_name(row) for row in self.table]
        for fold in range(FOLDS):
            net = self.taught([row for row, own in zip(self.table, apart, strict=True) if own != fold], fold, f"fold {fold + 1}")
            places = [at for at, own in enumerate(apart) if own == fold]
            for at, root in zip(places, table_answers(predict(net, [self.table[at] for at in places]), set(gold)), strict=True):
                said[at] = root
            print(f"fold {fold + 1}: {macro([gold[at] for at in places], [said[at] for at in places])}", flush=True)
        rows = root_figures(gold, said)
        print("\n".join(f"{root:<10} F1 {row['f1']:.3f} of {row['of']}" for root, row in rows.items()))
        print(f"five folds: {macro(gold, said)}", flush=True)


def fit(net: Net, rounds: Sequence[Sequence[Row]], seed: int, name: str) -> None:
    """Trains on each round's rows in turn, the rate rising for a tenth of the steps and then falling to nothing."""
    rng = seeded(seed)
    planned = [batches(rows, BATCH, rng) for rows in rounds]
    steps = sum(len(each) for each in planned)
    heads = [weight for own, weight in net.named_parameters() if not own.startswith("enc.")]
    body = [weight for weight in net.enc.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": RATE * HEADS_FASTER}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / (0.1 * steps), max(0.0, (steps - s) / (0.9 * steps))))
    started = time.perf_counter()
    net.train()
    for number, each in enumerate(planned, 1):
        lost = 0.0
        for batch in each:
            total = loss(net, batch)
            total.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            lost += total.item()
        print(f"{name}, round {number} of {len(rounds)}: loss {lost / len(each):.3f}, {time.perf_counter() - started:.0f} s", flush=True)
    net.eval()


def folds(rows: Sequence[Row]) -> list[int]:
    """A fold for each row, roots spread evenly; rows of one sentence share theirs."""
    rng = random.Random(SEED)
    by_root: dict[tuple[int, ...], list[int]] = {}
    for at, row in enumerate(rows):
        by_root.setdefault(row.right, []).append(at)
    fold: dict[str, int] = {}
    for right in sorted(by_root):
        places = by_root[right]
        rng.shuffle(places)
        for at in places:
            fold.setdefault(rows[at].group, len(fold) % FOLDS)
    return [fold[row.group] for row in rows]


def table_name(row: Row) -> str:
    """The name that the table gives a row's root."""
    names = [ROOTS[root] for root in row.right]
    return names[0] if len(names) == 1 else answer(names[0], {"YIELD"})


def table_answers(scores: np.ndarray, known: set[str]) -> list[str]:
    """The likeliest of the table's roots for each row of scores."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    found = []
    for row in powers:
        beliefs: dict[str, float] = {}
        for root, belief in zip(ROOTS[1:], row[1:], strict=True):
            name = answer(root, known)
            beliefs[name] = beliefs.get(name, 0.0) + float(belief)
        found.append(max(beliefs, key=lambda name: beliefs[name]))
    return found


def macro(gold: Sequence[str], said: Sequence[str]) -> str:
    """Mean F1 of the roots and accuracy, as text."""
    rows: Mapping[str, Mapping[str, float]] = root_figures(gold, said)
    right = sum(one == other for one, other in zip(gold, said, strict=True))
    return f"macro F1 {sum(row['f1'] for row in rows.values()) / len(rows):.3f}, accuracy {right / len(gold):.3f}"


def event_figures(rows: Sequence[Row], scores: np.ndarray) -> str:
    """Precision, recall and F1 of the events among pairs that mostly have none, as text."""
    said, gold = scores.argmax(axis=1), np.array([row.right[0] for row in rows])
    hits = int(((said == gold) & (gold > 0)).sum())
    answered, wanted = int((said > 0).sum()), int((gold > 0).sum())
    return f"P {hits / max(1, answered):.3f}  R {hits / wanted:.3f}  F1 {2 * hits / (answered + wanted):.3f} of {wanted}"


if __name__ == "__main__":
    main()
