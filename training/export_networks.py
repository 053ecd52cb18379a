"""Writes trained networks as graphs in 8-bit integers, beside the one table of word vectors that all of them read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from base_net import BASE, HIDDEN
from onnxruntime.quantization import QuantType, quantize_dynamic
from roots_data import ROOTS
from torch import Tensor, nn
from transformers import AutoModel

PACKAGE = Path(__file__).parent.parent / "models/en/onrecord_en"
WORDS, ABOUT, NAME = "words.npz", "networks.json", "onrecord-en networks/1"


class Layers(nn.Module):
    """An encoder from word vectors on: one text of at most `longest` pieces at a time, so that nothing is padded."""

    def __init__(self, encoder: nn.Module, longest: int) -> None:
        super().__init__()
        self.bert = encoder
        self.places = nn.Parameter(encoder.embeddings.position_embeddings.weight[:longest].detach().clone())

    def forward(self, words: Tensor, second: Tensor) -> Tensor:
        """The vectors of all pieces in the light of each other, shape (1, pieces, 384); `second` is 1 for pieces of the second type."""
        given = self.bert.embeddings
        types = given.token_type_embeddings.weight
        hidden = words + self.places[: words.shape[1]] + types[0] + second[:, :, None] * (types[1] - types[0])
        hidden = given.LayerNorm(hidden)
        for layer in self.bert.encoder.layer:
            out = layer(hidden)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden


def write_about(part: str, work: Path, roots: Sequence[str], folder: Path = PACKAGE) -> None:
    """Writes down of one network what its training kept in `work`, beside what is told of the other."""
    path = folder / ABOUT
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    told |= {
        "name": NAME,
        "base": "all-MiniLM-L6-v2",
        "roots": list(roots),
        part: json.loads((work / "facts.json").read_text(encoding="utf-8")),
    }
    path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def write_words(folder: Path = PACKAGE) -> None:
    """Writes the base's word vectors, each row in 8-bit integers with a factor of its own."""
    rows = AutoModel.from_pretrained(str(BASE)).embeddings.word_embeddings.weight.detach().numpy()
    factors = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9) / 127
    np.savez_compressed(folder / WORDS, rows=np.round(rows / factors).astype(np.int8), factors=factors.astype(np.float32))


def write_graph(
    module: nn.Module, inputs: tuple[Any, ...], names: tuple[list[str], list[str]], axes: dict[str, dict[int, str]], path: Path
) -> None:
    """Writes a module as a graph whose sums are in 8-bit integers, one factor for each column of a weight."""
    module.eval()
    for part in module.modules():
        if hasattr(part, "config"):
            part.config._attn_implementation = "eager"
    with TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(module, inputs, str(exact), input_names=names[0], output_names=names[1], dynamic_axes=axes, opset_version=17,
                          dynamo=False)  # fmt: skip
        onnx.checker.check_model(str(exact))
        quantize_dynamic(exact, path, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])


def some_words(pieces: int) -> Tensor:
    """Word vectors of no meaning, to trace a graph with."""
    return torch.randn(1, pieces, HIDDEN)


def export_kept(part: str, net: nn.Module, kept: str, export: Callable[[Any, Path], None], *, about: str | None) -> None:
    """The command of an export: reads the network that training kept in a folder, writes it, and writes down what it learnt from.

    `part` names it in the file of facts, `kept` is the file that training left, `about` the help of the command.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("work", type=Path)
    parser.add_argument("--to", type=Path, default=PACKAGE)
    args = parser.parse_args()
    net.load_state_dict(torch.load(args.work / kept, weights_only=True))
    export(net, args.to)
    write_about(part, args.work, ROOTS, args.to)
