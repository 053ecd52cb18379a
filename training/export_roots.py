"""Writes a trained network of roots into models/en: python training/export_roots.py WORK_DIR."""

from __future__ import annotations

from pathlib import Path

import torch
from export_networks import PACKAGE, Layers, export_kept, some_words, write_graph
from roots_net import Net
from torch import Tensor, nn
from torch.nn.functional import gelu

from onrecord.nets.roots import LONGEST


class _Judge(nn.Module):
    """From word vectors and the places of both signs to the scores of all roots."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.layers, self.net = Layers(net.enc, LONGEST), net

    def forward(self, words: Tensor, signs: Tensor) -> Tensor:
        hidden = self.layers(words, torch.zeros_like(words[:, :, 0]))
        seen = torch.cat([hidden[:, signs[0]], hidden[:, signs[1]], hidden[:, 0], hidden.mean(1)], 1)
        scores: Tensor = self.net.root(gelu(self.net.inner(seen)))
        return scores


def export(net: Net, folder: Path = PACKAGE) -> None:
    """Writes the graph."""
    net.eval()
    names = (["words", "signs"], ["scores"])
    write_graph(_Judge(net), (some_words(9), torch.tensor([1, 4])), names, {"words": {1: "pieces"}}, folder / "roots.onnx")


if __name__ == "__main__":
    export_kept("root", Net(), "roots.pt", export, about=__doc__)
