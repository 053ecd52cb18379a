"""The network behind attribution: MiniLM-L6 (Wang et al. 2020) finds cues, sources and contents, and a small head what belongs to each cue.

The second head is that of semantic role labelling: every piece is judged beside the cue, by both vectors, their product and the distance
between them, and again beside its neighbours. So contents may nest, and a source is tied to its content by the cue that they share.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from attribution_data import Window
from base_net import HIDDEN, open_base
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu

from onrecord.nets.attribution import RELATIONS

INNER, PARTS = 192, 5
# What finding the parts of each cue weighs beside finding sources, cues and contents.
PART_WEIGHT = 4.0


class Net(nn.Module):
    """The encoder and its heads."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.enc = open_base(layers, attention_dropout=False)
        # The vectors of words stay as they are: they are shared by every network that is made from this base.
        self.enc.embeddings.word_embeddings.weight.requires_grad_(False)
        self.tags = nn.Linear(HIDDEN, 9)
        self.cue = nn.Linear(2 * HIDDEN, INNER)
        self.cue_gate = nn.Linear(2 * HIDDEN, INNER)
        self.piece = nn.Linear(HIDDEN, INNER, bias=False)
        self.piece_gate = nn.Linear(HIDDEN, INNER, bias=False)
        self.relation = nn.ModuleList([nn.Embedding(kinds, INNER) for kinds in RELATIONS])
        for table in self.relation:
            nn.init.zeros_(table.weight)
        self.near = nn.ModuleList([nn.Conv1d(INNER, INNER, 3, padding=step, dilation=step) for step in (1, 3)])
        self.part = nn.Linear(INNER, PARTS)
        self.drop = nn.Dropout(0.1)

    def hidden(self, ids: Tensor, mask: Tensor, opens: Tensor) -> Tensor:
        """A vector for every piece, shape (windows, pieces, 384); the pieces that begin a paragraph have the second type of the base."""
        return self.enc(input_ids=ids, attention_mask=mask, token_type_ids=opens).last_hidden_state

    def tag_scores(self, hidden: Tensor) -> Tensor:
        """Scores of outside, first and later for source, cue and content, shape (windows, pieces, 3, 3)."""
        scores: Tensor = self.tags(self.drop(hidden))
        return scores.view(*hidden.shape[:2], 3, 3)

    def part_scores(self, hidden: Tensor, cues: Sequence[tuple[int, int, int]], related: Tensor) -> Tensor:
        """Scores of what each piece is to each cue (window, first piece, one past the last), shape (cues, pieces, 5)."""
        rows = torch.tensor([row for row, _, _ in cues])
        ends = torch.stack([torch.cat([hidden[row, first], hidden[row, last - 1]]) for row, first, last in cues])
        ends = self.drop(ends)
        dropped = self.drop(hidden)
        added = (
            self.piece(dropped)[rows] + self.cue(ends)[:, None] + sum(table(related[:, :, at]) for at, table in enumerate(self.relation))
        )
        state = gelu(added + self.piece_gate(dropped)[rows] * self.cue_gate(ends)[:, None])
        for layer in self.near:
            state = state + gelu(layer(state.transpose(1, 2)).transpose(1, 2))
        scores: Tensor = self.part(self.drop(state))
        return scores


def padded(batch: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor]:
    """Pieces, mask and starts of paragraphs of a batch."""
    longest = max(len(each.ids) for each in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask, opens = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        opens[row, : len(each.ids)] = torch.tensor(each.opens)
    return ids, mask, opens


def loss(net: Net, batch: Sequence[Window]) -> Tensor:
    """The loss of a batch: of every piece's tags, and of what it is to each cue of its window."""
    ids, mask, opens = padded(batch)
    hidden = net.hidden(ids, mask, opens)
    tags = torch.full((len(batch), ids.shape[1], 3), -100)
    for row, each in enumerate(batch):
        tags[row, 1 : len(each.ids) - 1] = torch.tensor(each.tags.T[1:-1])
    scores = net.tag_scores(hidden)
    total = torch.stack([cross_entropy(scores[:, :, at].flatten(0, 1), tags[:, :, at].flatten(), ignore_index=-100) for at in range(3)])
    cues = [(row, *cue) for row, each in enumerate(batch) for cue in each.cues]
    if not cues:
        return total.sum()
    parts = torch.full((len(cues), ids.shape[1]), -100)
    related = torch.zeros((len(cues), ids.shape[1], len(RELATIONS)), dtype=torch.long)
    place = 0
    for each in batch:
        rows = slice(place, place + len(each.cues))
        parts[rows, 1 : len(each.ids) - 1] = torch.tensor(each.parts[:, 1:-1])
        related[rows, : len(each.ids)] = torch.tensor(each.related)
        place += len(each.cues)
    scores = net.part_scores(hidden, cues, related)
    return total.sum() + PART_WEIGHT * cross_entropy(scores.flatten(0, 1), parts.flatten(), ignore_index=-100)


def seeded(seed: int) -> random.Random:
    """Chance from one seed, for torch too."""
    torch.manual_seed(seed)
    return random.Random(seed)
