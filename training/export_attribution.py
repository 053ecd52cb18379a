"""Writes a trained attribution network into models/en: python training/export_attribution.py WORK_DIR."""

from __future__ import annotations

from pathlib import Path

import torch
from attribution_net import Net
from base_net import HIDDEN
from export_networks import PACKAGE, Layers, export_kept, some_words, write_graph, write_words
from torch import Tensor, nn
from torch.nn.functional import gelu

from onrecord.nets.attribution import CONTEXT, RELATIONS, WINDOW


class _Tagger(nn.Module):
    """From word vectors to the vectors of all pieces and their scores as source, cue and content."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.layers, self.tags = Layers(net.enc, WINDOW + CONTEXT + 2), net.tags

    def forward(self, words: Tensor, opens: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.layers(words, opens)
        return hidden, self.tags(hidden)


class _Parts(nn.Module):
    """From the pieces' vectors, the cues' first and last piece (half-open) and the distances to what each piece is to each cue."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, hidden: Tensor, cues: Tensor, related: Tensor) -> Tensor:
        net = self.net
        ends = torch.cat([hidden[cues[:, 0]], hidden[cues[:, 1] - 1]], 1)
        state = net.piece(hidden)[None] + net.cue(ends)[:, None] + sum(table(related[:, :, at]) for at, table in enumerate(net.relation))
        state = gelu(state + net.piece_gate(hidden)[None] * net.cue_gate(ends)[:, None])
        for layer in net.near:
            state = state + gelu(layer(state.transpose(1, 2)).transpose(1, 2))
        scores: Tensor = net.part(state)
        return scores


def export(net: Net, folder: Path = PACKAGE) -> None:
    """Writes both graphs and the table of words."""
    net.eval()
    write_words(folder)
    axes = {name: {1: "pieces"} for name in ("words", "opens", "hidden", "tags")}
    names = (["words", "opens"], ["hidden", "tags"])
    write_graph(_Tagger(net), (some_words(9), torch.zeros(1, 9)), names, axes, folder / "attribution.onnx")
    given = (torch.randn(9, HIDDEN), torch.tensor([[1, 3], [4, 5]]), torch.zeros((2, 9, len(RELATIONS)), dtype=torch.long))
    axes = {"hidden": {0: "pieces"}, "cues": {0: "cues"}, "related": {0: "cues", 1: "pieces"}, "parts": {0: "cues", 1: "pieces"}}
    write_graph(_Parts(net), given, (["hidden", "cues", "related"], ["parts"]), axes, folder / "attribution_parts.onnx")


if __name__ == "__main__":
    export_kept("attribution", Net(), "net.pt", export, about=__doc__)
