"""The network behind the roots of events: MiniLM-L6 (Wang et al. 2020) reads a sentence whose pair is marked, a head names the act."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from base_net import HIDDEN, open_base
from roots_data import ROOTS, Row
from torch import Tensor, nn
from torch.nn.functional import gelu, log_softmax

# Part of the loss that is spread over all roots, so that the network stays unsure where it should.
SMOOTHING = 0.1
# Layers of the base that are not trained.
FROZEN = 3


class Net(nn.Module):
    """The encoder and its head. The lower layers stay those of the base, so that a sentence goes through them only once."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.enc = open_base(layers, attention_dropout=False)
        for weight in (w for part in [self.enc.embeddings, *self.enc.encoder.layer[:FROZEN]] for w in part.parameters()):
            weight.requires_grad_(False)
        self.inner = nn.Linear(4 * HIDDEN, HIDDEN)
        self.root = nn.Linear(HIDDEN, len(ROOTS))
        self.drop = nn.Dropout(0.1)
        self.kept: dict[tuple[int, ...], Tensor] = {}

    def lower(self, rows: Sequence[Row]) -> tuple[Tensor, Tensor]:
        """What the frozen layers make of some rows, kept from round to round, and the mask of a batch of them."""
        ids, mask = padded(rows)
        missing = [at for at, each in enumerate(rows) if tuple(each.ids) not in self.kept]
        if missing:
            training = self.training
            self.eval()
            with torch.no_grad():
                barred = (1 - mask[missing][:, None, None].float()) * -1e9
                hidden = self.enc.embeddings(input_ids=ids[missing])
                for layer in self.enc.encoder.layer[:FROZEN]:
                    out = layer(hidden, barred)
                    hidden = out[0] if isinstance(out, tuple) else out
            for at, each in zip(missing, hidden, strict=True):
                self.kept[tuple(rows[at].ids)] = each[: len(rows[at].ids)].clone()
            self.train(training)
        return nn.utils.rnn.pad_sequence([self.kept[tuple(each.ids)] for each in rows], batch_first=True), mask

    def scores(self, rows: Sequence[Row]) -> Tensor:
        """Scores of every root for each row, from the vectors of both signs, of the first piece and the mean of all."""
        hidden, mask = self.lower(rows)
        barred = (1 - mask[:, None, None].float()) * -1e9
        for layer in self.enc.encoder.layer[FROZEN:]:
            out = layer(hidden, barred)
            hidden = out[0] if isinstance(out, tuple) else out
        at = torch.arange(len(rows))
        seen = mask[:, :, None].float()
        parts = [hidden[at, torch.tensor([r.actor for r in rows])], hidden[at, torch.tensor([r.recipient for r in rows])]]
        parts += [hidden[:, 0], (hidden * seen).sum(1) / seen.sum(1)]
        scores: Tensor = self.root(self.drop(gelu(self.inner(self.drop(torch.cat(parts, 1))))))
        return scores


def padded(rows: Sequence[Row]) -> tuple[Tensor, Tensor]:
    """Pieces and mask of some rows."""
    longest = max(len(r.ids) for r in rows)
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for at, each in enumerate(rows):
        ids[at, : len(each.ids)] = torch.tensor(each.ids)
        mask[at, : len(each.ids)] = 1
    return ids, mask


def loss(net: Net, rows: Sequence[Row]) -> Tensor:
    """The mean loss of some rows; one whose source knows no "none" is not asked about it, one with several right roots about their sum."""
    scores = net.scores(rows)
    asked = torch.ones_like(scores, dtype=torch.bool)
    right = torch.zeros_like(asked)
    for at, each in enumerate(rows):
        asked[at, 0] = not each.eventful
        right[at, list(each.right)] = True
    likely = log_softmax(scores.masked_fill(~asked, -1e4), 1)
    told = torch.logsumexp(likely.masked_fill(~right, -1e4), 1)
    spread = likely.masked_fill(~asked, 0).sum(1) / asked.sum(1)
    return -((1 - SMOOTHING) * told + SMOOTHING * spread).mean()


def batches(rows: Sequence[Row], size: int, rng: random.Random) -> list[list[Row]]:
    """Rows in batches of `size`, those of like length together, in chance order."""
    order = sorted(rng.sample(list(rows), len(rows)), key=lambda r: len(r.ids) + 12 * rng.random())
    groups = [order[first : first + size] for first in range(0, len(order), size)]
    rng.shuffle(groups)
    return groups


def predict(net: Net, rows: Sequence[Row]) -> np.ndarray:
    """Scores of every root for each row, shape (rows, roots)."""
    net.eval()
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    found = np.zeros((len(rows), len(ROOTS)), np.float32)
    with torch.no_grad():
        for first in range(0, len(order), 32):
            places = order[first : first + 32]
            found[places] = net.scores([rows[at] for at in places]).numpy()
    return found
