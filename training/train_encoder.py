"""Trains the English model and writes it into models/en: python training/train_encoder.py GOLD_DIR ... --sentences FILE --more GOLD_DIR ...

Two networks are trained on half of the reports each, with other names swapped in every time round (encoder_swaps.py). The judges of
transfers, statements and events learn their weights beside what each believes of the half that it has not seen, and so trust a network as
far as new reports allow. The third network, trained on all of them, is the one that is kept: its encoder as ONNX in 8-bit integers, its
heads as plain arrays. Needs `pip install -e .[training]`; an hour on two cores.

A network that stands in the work folder goes on from there when reports were added: three rounds more over all of them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from base_net import BASE
from encoder_acts import Text, event_texts, learn_heads
from encoder_data import Example, Lesson, example, lesson
from encoder_net import EPOCHS, LAYERS, RATE, SEED, Net, encode, train
from encoder_swaps import swaps
from onnxruntime.quantization import QuantType, quantize_dynamic
from statement_heads import learn_said
from tokenizers import Tokenizer
from train_events import PENALTY as EVENT_PENALTY
from train_events import Choice, best_threshold, fit, gold_acts, held_out
from train_judge import PENALTY, learn, read_reports

from onrecord.assets import FORM
from onrecord.extract.events_scene import Scene
from onrecord.parse.encoder import END, START, open_tokenizer
from onrecord.records import Parsed

PACKAGE = Path(__file__).parent.parent / "models/en/onrecord_en"
NAME = "onrecord-en/5"
HALVES_SEED = 7
# So many reports there were when the halves were first drawn; those that came later go to one half and the other in turn.
FIRST = 698
# Rounds over all reports for a network that was begun on the earlier ones, and their rate. Of names in reports that neither of two
# networks had seen, suppliers were told right .708 after them instead of .670, items .789 instead of .774.
FURTHER, FURTHER_RATE = 3, 1e-4
# How many reports of a round have their names swapped, and the seed of what they are swapped for.
SWAPPED, SWAPS_SEED = 0.6, 1


def main() -> None:
    """Reads, trains, learns, writes."""
    args = _arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    golds, parses, digest = read_reports(args.gold)
    more_golds, more_parses, more_digest = read_reports(args.more)
    tokenizer = open_tokenizer(BASE / "tokenizer.json")
    lessons = [lesson(n, p, g) for n, (p, g) in enumerate(zip([*parses, *more_parses], [*golds, *more_golds], strict=True))]
    course = Course(lessons, [*parses, *more_parses], tokenizer)
    halves = _halves(len(golds))
    nets = [_trained(course, np.flatnonzero(halves != half).tolist(), args.work / f"half{half}.pt") for half in (0, 1)]
    seen = _seen(golds, parses, nets, halves, tokenizer)
    models, scores, others, folds = learn(golds, seen, PENALTY)
    texts = list(event_texts(seen, golds, [others[fold] for fold in folds], args.sentences))
    choices, scenes = _event_choices(texts, nets, tokenizer)
    acts = gold_acts({gold["id"]: gold for gold in golds})
    threshold, scores["event, F1"] = best_threshold(held_out(choices, scenes, EVENT_PENALTY), acts)
    print(f"events: held-out F1 {scores['event, F1']} at {threshold}", flush=True)
    models = {**models, "event": fit(choices, EVENT_PENALTY)}
    head = {"made_by": "training/train_encoder.py", "data_sha256": digest, "penalty": PENALTY, "held_out_accuracy": scores}
    PACKAGE.joinpath("judge.json").write_text(json.dumps(head | {"models": models}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    kept = _trained(course, range(len(lessons)), args.work / "all.pt")
    _export(kept, args.work)
    encodings = encode(kept, (text.parsed for text in texts), tokenizer)
    heads = learn_heads(texts, encodings) | learn_said(parses, golds, encodings[: len(parses)])
    np.savez_compressed(PACKAGE / "heads.npz", **kept.weights(), **heads)
    about = {"name": NAME, "form": FORM, "base": "all-MiniLM-L6-v2", "layers": LAYERS, "epochs": EPOCHS, "rate": RATE, "seed": SEED,
             "further": FURTHER, "further_rate": FURTHER_RATE,
             "swapped": SWAPPED, "data_sha256": digest, "more_sha256": more_digest, "reports": len(lessons)}  # fmt: skip
    PACKAGE.joinpath("model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--sentences", type=Path, nargs="+", required=True, help="files of annotated event sentences")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="folders that the kept network learns from as well")
    parser.add_argument(
        "--work", type=Path, default=Path("build/encoder"), help="where trained networks are kept, so that a cut-off run goes on"
    )
    return parser.parse_args()


def _halves(count: int) -> np.ndarray:
    """The half that each of so many texts belongs to; the first keep theirs when more come."""
    drawn = np.random.default_rng(HALVES_SEED).permutation(min(count, FIRST)) % 2
    return np.concatenate([drawn, np.arange(len(drawn), count) % 2])


def _seen(golds: Sequence[dict], parses: Sequence[Parsed], nets: Sequence[Net], halves: np.ndarray, tokenizer: Tokenizer) -> list[Parsed]:
    """The reports, each as the network of the other half sees it, with a head for statements that was learnt on that half as well."""
    seen = list(parses)
    for half, net in enumerate(nets):
        encodings = encode(net, parses, tokenizer)
        taught = np.flatnonzero(halves != half).tolist()
        said = learn_said([parses[n] for n in taught], [golds[n] for n in taught], [encodings[n] for n in taught])
        for n in np.flatnonzero(halves == half):
            seen[n] = replace(parses[n], encoding=replace(encodings[n], heads={**encodings[n].heads, **said}))
    return seen


class Course:
    """The lessons and, for each round, a fresh set of examples from them: some as they stand, the others with their names swapped."""

    def __init__(self, lessons: Sequence[Lesson], parses: Sequence[Parsed], tokenizer: Tokenizer) -> None:
        self.lessons, self.parses, self.tokenizer = lessons, parses, tokenizer
        self.chance = random.Random(SWAPS_SEED)

    def plain(self, numbers: Sequence[int]) -> list[Example]:
        """The lessons as they stand."""
        return [example(self.lessons[n], self.tokenizer) for n in numbers]

    def round(self, numbers: Sequence[int]) -> list[Example]:
        """One example of each lesson."""
        return [self._one(self.lessons[n], self.parses[n]) for n in numbers]

    def _one(self, taught: Lesson, parsed: Parsed) -> Example:
        if self.chance.random() >= SWAPPED:
            return example(taught, self.tokenizer)
        title, text = swaps(parsed, self.chance)
        return example(taught, self.tokenizer, title=title, text=text)


def _trained(course: Course, numbers: Sequence[int], path: Path) -> Net:
    """The network trained on these lessons and then further on them; what stands at `path` and beside it as "further" is taken as it is."""
    further = path.with_stem(f"{path.stem}-further")
    plain = course.plain(numbers)
    if not path.exists():
        course.chance.seed(SWAPS_SEED)
        torch.save(train(plain, lambda: course.round(numbers), path.stem).state_dict(), path)
    if not further.exists():
        course.chance.seed(SWAPS_SEED)
        begun = _opened(path)
        net = train(plain, lambda: course.round(numbers), further.stem, net=begun, epochs=FURTHER, rate=FURTHER_RATE)
        torch.save(net.state_dict(), further)
    return _opened(further)


def _opened(path: Path) -> Net:
    net = Net()
    net.load_state_dict(torch.load(path, weights_only=True))
    return net.eval()


def _event_choices(texts: Sequence[Text], nets: Sequence[Net], tokenizer: Tokenizer) -> tuple[list[Choice], dict[str, Scene]]:
    """What the judge of events learns from, with what heads learnt on one half of the texts believe of the other; the reports' scenes."""
    halves = np.concatenate([_halves(sum(text.is_report for text in texts)), _halves(sum(not text.is_report for text in texts))])
    choices: list[Choice] = []
    scenes: dict[str, Scene] = {}
    for half, net in enumerate(nets):
        encodings = encode(net, (text.parsed for text in texts), tokenizer)
        learnt = np.flatnonzero(halves != half)
        heads = learn_heads([texts[n] for n in learnt], [encodings[n] for n in learnt])
        for n in np.flatnonzero(halves == half):
            scene, found = texts[n].read(replace(encodings[n], heads={**encodings[n].heads, **heads}))
            choices += found
            scenes |= {texts[n].parsed.document.key: scene} if texts[n].is_report else {}
    return choices, scenes


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
