"""Trains the English model from annotated reports and writes it into models/en: python training/train_encoder.py GOLD_DIR [GOLD_DIR ...].

Two networks are trained on half of the reports each. The judge learns its weights beside what each believes of the half that it has not
seen, and so trusts a network as far as new reports allow. The third network, trained on all of them, is the one that is kept: its
encoder as ONNX in 8-bit integers, its heads as plain arrays. Needs `pip install -e .[training]`; half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from encoder_data import Example, example
from encoder_net import BASE, EPOCHS, LAYERS, RATE, SEED, Net, train, vectors
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from train_judge import PENALTY, learn, read_reports

from onrecord.assets import FORM
from onrecord.parse.encoder import END, START, open_tokenizer
from onrecord.records import Encoding, Parsed

PACKAGE = Path(__file__).parent.parent / "models/en/onrecord_en"
NAME = "onrecord-en/1"
HALVES_SEED = 7


def main() -> None:
    """Reads, trains, learns, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument(
        "--work", type=Path, default=Path("build/encoder"), help="where trained networks are kept, so that a cut-off run goes on"
    )
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    golds, parses, digest = read_reports(args.gold)
    tokenizer = open_tokenizer(BASE / "tokenizer.json")
    examples = [example(n, parsed, gold, tokenizer) for n, (parsed, gold) in enumerate(zip(parses, golds, strict=True))]
    halves = np.random.default_rng(HALVES_SEED).permutation(len(examples)) % 2
    for half in (0, 1):
        net = _trained([e for e in examples if halves[e.number] != half], args.work / f"half{half}.pt")
        for each in (e for e in examples if halves[e.number] == half):
            parses[each.number] = replace(parses[each.number], encoding=_encoding(net, each, parses[each.number], tokenizer))
    models, scores, _, _ = learn(golds, parses, PENALTY)
    head = {"made_by": "training/train_encoder.py", "data_sha256": digest, "penalty": PENALTY, "held_out_accuracy": scores}
    PACKAGE.joinpath("judge.json").write_text(json.dumps(head | {"models": models}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    _export(_trained(examples, args.work / "all.pt"), args.work)
    about = {"name": NAME, "form": FORM, "base": "all-MiniLM-L6-v2", "layers": LAYERS, "epochs": EPOCHS, "rate": RATE, "seed": SEED,
             "data_sha256": digest, "reports": len(golds)}  # fmt: skip
    PACKAGE.joinpath("model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _trained(examples: list[Example], path: Path) -> Net:
    """The network trained on these reports, taken from `path` if it is there."""
    if not path.exists():
        torch.save(train(examples, path.stem).state_dict(), path)
    net = Net()
    net.load_state_dict(torch.load(path, weights_only=True))
    return net.eval()


def _encoding(net: Net, each: Example, parsed: Parsed, tokenizer: Tokenizer) -> Encoding:
    found = vectors(net, each)
    offsets = np.array(tokenizer.encode(parsed.document.text, add_special_tokens=False).offsets[: len(found)], dtype=np.int64)
    return Encoding(offsets[:, 0], offsets[:, 1], found, net.weights())


def _export(net: Net, work: Path) -> None:
    """Writes encoder, tokenizer and heads."""
    ids = torch.tensor([[START, 2023, 2003, END]])
    net.enc.config._attn_implementation = "eager"
    torch.onnx.export(
        _Encoder(net), (ids,), str(work / "encoder.onnx"), input_names=["input_ids"], output_names=["hidden"],
        dynamic_axes={"input_ids": {1: "pieces"}, "hidden": {1: "pieces"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    onnx.checker.check_model(str(work / "encoder.onnx"))
    quantize_dynamic(work / "encoder.onnx", PACKAGE / "encoder.onnx", per_channel=True, weight_type=QuantType.QInt8)
    PACKAGE.joinpath("tokenizer.json").write_bytes((BASE / "tokenizer.json").read_bytes())
    np.savez_compressed(PACKAGE / "heads.npz", **net.weights())


class _Encoder(torch.nn.Module):
    """The part of the network that ONNX runs: one report at a time, so that nothing is padded and no mask is needed."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.bert = net.enc

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        hidden = self.bert.embeddings(input_ids=ids, position_ids=torch.arange(ids.shape[1])[None])
        for layer in self.bert.encoder.layer:
            out = layer(hidden)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden


if __name__ == "__main__":
    main()
