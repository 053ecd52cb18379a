"""Trains the attribution network on marked articles: python training/train_attribution.py TRAIN_DIR [--work DIR].

TRAIN_DIR has the form of PolNeAR (`text/`, `attributions/`). One article of twenty-one is held out: the few numbers by which spans are
read off the network are chosen there. A run that was cut off goes on from its last checkpoint, with other chances.
Needs `pip install -e .[training]`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from attribution_data import Pieces, Window, batches, data_digest, read_pieces, windows
from attribution_net import Net, loss, seeded
from base_net import BASE
from torch import nn

from onrecord.parse.encoder import open_tokenizer

EPOCHS, RATE, HEADS_FASTER, SEED = 5, 2e-4, 5, 0
# Steps until the rate is full.
WARM_UP = 30
# Pieces in one step, and how often a checkpoint is kept.
STEP, KEEP = 1024, 50
HELD_OUT = 21


def main() -> None:
    """Reads, trains, keeps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build/attribution"), help="where the network and its checkpoints are kept")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="end after so many minutes at the latest, the steps growing smaller till then"
    )
    parser.add_argument("--freeze", type=int, default=0, help="how many of the lower layers stay as they are, for speed")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    articles = read_pieces(args.train, open_tokenizer(BASE / "tokenizer.json"))
    taught = [each for each in articles if not held_out(each.name)]
    digest = data_digest(args.train)
    print(f"data {digest[:16]}: {len(taught)} articles teach, {len(articles) - len(taught)} are held out", flush=True)
    facts = {"made_by": "training/train_attribution.py", "data_sha256": digest, "seed": SEED, "articles": len(taught)}
    (args.work / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    train(taught, args.work, args.epochs, args.minutes, args.freeze)


def held_out(name: str) -> bool:
    """Whether an article is one of those that only choose, by a hash of its name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT == 0


def train(articles: Sequence[Pieces], work: Path, epochs: int, minutes: float, freeze: int) -> Net:
    """The network trained on these articles; from a checkpoint in `work` it goes on, with `init.pt` there it begins so."""
    rng = seeded(SEED)
    net = Net()
    if (work / "init.pt").exists():
        net.load_state_dict(torch.load(work / "init.pt", weights_only=True))
    frozen = [net.enc.embeddings, *net.enc.encoder.layer[:freeze]] if freeze else []
    for weight in (w for part in frozen for w in part.parameters()):
        weight.requires_grad_(False)
    started = time.perf_counter()

    def rate(step: int) -> float:
        done = max(step / steps, (time.perf_counter() - started) / 60 / minutes if minutes else 0.0)
        return min((step + 1) / WARM_UP, max(0.0, 1 - done))

    heads = [weight for name, weight in net.named_parameters() if not name.startswith("enc.")]
    body = [weight for weight in net.enc.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": RATE * HEADS_FASTER}], weight_decay=0.01)
    an_epoch = len(batches(_windows(articles, random.Random(SEED)), STEP, random.Random(SEED)))
    steps = an_epoch * epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step, path = 0, work / "checkpoint.pt"
    if path.exists():
        kept = torch.load(path, weights_only=True)
        step = kept["step"]
        net.load_state_dict(kept["net"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.last_epoch = step
    net.train()
    lost, ended, since = 0.0, False, time.perf_counter()
    while step < steps and not ended:
        for batch in batches(_windows(articles, rng), STEP, rng):
            total = loss(net, batch)
            total.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            step, lost = step + 1, lost + total.item()
            ended = step == steps or schedule.get_last_lr()[0] == 0
            if step % KEEP == 0 or ended:
                spent = time.perf_counter() - since
                print(f"step {step} of {steps} ({an_epoch} an epoch): loss {lost / KEEP:.4f}, {spent / KEEP:.2f} s a step", flush=True)
                lost, since = 0.0, time.perf_counter()
                parts = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
                torch.save(parts, path.with_suffix(".new"))
                path.with_suffix(".new").replace(path)
            if ended:
                break
    torch.save(net.state_dict(), work / "net.pt")
    return net.eval()


def _windows(articles: Sequence[Pieces], rng: random.Random) -> list[Window]:
    return [each for article in articles for each in windows(article, rng)]


if __name__ == "__main__":
    main()
