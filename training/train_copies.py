"""Learns to tell copies of a report: python training/train_copies.py gold/stories --more gold/train gold/more.

Positive pairs are the reports of the stories that `links.json` says carry one original, and variations made from the other reports
(bench/variations.py); negative ones are all other pairs that share a look-up key, and texts made to look like copies. Fitted with an L2
penalty by L-BFGS. Writes src/onrecord/vocab/copies.json: the weights of words (minus the logarithm of the share of reports that use
them) and of the judge, with the seed, the data's hash and the F1 of pairs on stories held out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from logistic import fit_logistic
from numpy.typing import NDArray

from onrecord.clean.document import make_document
from onrecord.group import words as word_module
from onrecord.group.compare import Ready, compare
from onrecord.group.copies import features, worth_comparing
from onrecord.group.keys import look_up_keys
from onrecord.group.signatures import days_between, sign
from onrecord.group.tokens import TOKEN, stem

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from variations import LOOKALIKES, Text, round_up, vary  # noqa: E402

OUT = ROOT / "src/onrecord/vocab/copies.json"
SEED = 7
PENALTY = 0.02
# Words of fewer reports weigh as much as one that no report uses.
FEWEST_REPORTS = 4
# What the pairs of the stories weigh beside a made one: they are real, and few.
STORY_WEIGHT = 4.0

Fields = dict[str, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports: what the judge weighs of them, whether they are copies, where they are from, and how much they count."""

    features: Fields
    same: bool
    group: str
    weight: float


def main() -> None:
    """Counts words, makes pairs, fits, says what was reached, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", type=Path, help="folder of reports with links.json")
    parser.add_argument("--more", type=Path, nargs="+", required=True, help="folders of reports that are no copies of each other")
    options = parser.parse_args()
    stories, more = read_texts(options.stories), [text for folder in options.more for text in read_texts(folder)]
    digest = hashlib.sha256(json.dumps([[t.origin, t.text] for t in (*stories, *more)]).encode()).hexdigest()
    words, rarest = weigh_words(more)
    write({"words": words, "rarest": rarest, "weights": {}})
    word_module.learnt_of_copies.cache_clear()
    word_module._table.cache_clear()
    links = json.loads((options.stories / "links.json").read_text(encoding="utf-8"))["same_report"]
    pairs = [*story_pairs(stories, links), *natural_strangers(more), *made_pairs(more)]
    print(f"{len(pairs)} pairs, {sum(pair.same for pair in pairs)} of copies, {sum(pair.weight > 1 for pair in pairs)} of stories")
    names = sorted({name for pair in pairs for name in pair.features})
    held = held_out(pairs, names)
    weights = fit(pairs, names)
    write({
        "about": "learnt by training/train_copies.py", "seed": SEED, "penalty": PENALTY, "data_sha256": digest, "held_out": held,
        "weights": {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}, "rarest": rarest, "words": words,
    })  # fmt: skip


def read_texts(folder: Path) -> list[Text]:
    """The annotated reports of a folder."""
    reports = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")) if path.name != "links.json")
    return [Text(r["id"], r["text"], r["title"], r["outlet"], r["published"]) for r in reports if "text" in r]


def weigh_words(texts: Sequence[Text]) -> tuple[Fields, float]:
    """The weight of every stem that several reports use, and of all others."""
    count = Counter(word for t in texts for word in {stem(m.group()) for m in TOKEN.finditer(t.text) if m.group()[0] not in "'’"})
    weights = {word: round(-math.log(n / len(texts)), 2) for word, n in sorted(count.items()) if n >= FEWEST_REPORTS}
    return weights, round(-math.log(FEWEST_REPORTS / 2 / len(texts)), 2)


def story_pairs(stories: Sequence[Text], links: Sequence[Sequence[str]]) -> Iterator[Pair]:
    """Every pair of reports of one story, and the look-alikes between stories."""
    group = {key: number for number, keys in enumerate(links) for key in keys}
    ready = [ready_of(text) for text in stories]
    for (one, left), (other, right) in combinations(zip(stories, ready, strict=True), 2):
        story = one.origin.split("-")[0]
        same = one.origin in group and group[one.origin] == group.get(other.origin)
        if story == other.origin.split("-")[0]:
            yield Pair(features(compare(left, right)), same, story, STORY_WEIGHT)


def natural_strangers(texts: Sequence[Text]) -> Iterator[Pair]:
    """All pairs of unrelated reports that would be compared."""
    chance = random.Random(SEED)
    ready = [ready_of(undated(text, chance)) for text in texts]
    holders: dict[int, list[int]] = {}
    for place, item in enumerate(ready):
        for key in look_up_keys(item.signature):
            holders.setdefault(key, []).append(place)
    shared: dict[tuple[int, int], list[int]] = {}
    for key, places in holders.items():
        for pair in combinations(places, 2):
            shared.setdefault(pair, []).append(key)
    for (left, right), keys in sorted(shared.items()):
        if worth_comparing(keys, days_between(ready[left].signature.day, ready[right].signature.day)):
            yield Pair(features(compare(ready[left], ready[right])), False, texts[left].origin, 1.0)


def made_pairs(texts: Sequence[Text]) -> Iterator[Pair]:
    """Variations of each report with it and with each other, look-alikes, round-ups."""
    chance = random.Random(SEED)
    for text in texts:
        others = [t for t in chance.sample(texts, 5) if t is not text]
        copies = [vary(text, chance, others, "teach") for _ in range(3)]
        strangers = [undated(make(text, others[0], chance, f"{text.origin}-other"), chance) for make in LOOKALIKES]
        strangers.append(round_up([text, *chance.sample(texts, chance.randint(3, 9))], chance, f"{text.origin}-round-up"))
        first, *rest = [ready_of(t) for t in (text, *copies)]
        for item in rest:
            yield Pair(features(compare(first, item)), True, text.origin, 1.0)
        yield Pair(features(compare(rest[0], rest[1])), True, text.origin, 0.5)
        for stranger in map(ready_of, strangers):
            yield Pair(features(compare(first, stranger)), False, text.origin, 1.0)


def undated(text: Text, chance: random.Random) -> Text:
    """The text, one time in ten without its day: a missing day must not speak for a copy."""
    return replace(text, published="") if chance.random() < 0.1 else text


def ready_of(text: Text) -> Ready:
    """A text as the judge takes it."""
    credits = (text.credit,) if text.credit else None
    return Ready(
        sign(
            make_document(
                text.text, key=text.origin, title=text.title, outlet=text.outlet, published=text.published or None, credits=credits
            )
        )
    )


def fit(pairs: Sequence[Pair], names: Sequence[str]) -> NDArray[np.float64]:
    """The weights of a logistic model with an L2 penalty (none on the bias)."""
    table = np.array([[pair.features.get(name, 0.0) for name in names] for pair in pairs])
    same, weight = np.array([pair.same for pair in pairs], float), np.array([pair.weight for pair in pairs])
    penalised = np.array([name != "bias" for name in names], float) * PENALTY * weight.sum() / 1000

    return fit_logistic(table, same, weight, penalised)


def held_out(pairs: Sequence[Pair], names: Sequence[str]) -> Fields:
    """F1 of pairs, each story and each fifth of the other reports judged by what was learnt without it."""
    groups = sorted({pair.group for pair in pairs if pair.weight > 1})
    folds = {group: number for number, group in enumerate(groups)}
    number = max(5, len(groups))
    fold = [folds[p.group] if p.weight > 1 else int(hashlib.sha256(p.group.encode()).hexdigest(), 16) % 5 for p in pairs]
    table = np.array([[pair.features.get(name, 0.0) for name in names] for pair in pairs])
    said = np.zeros(len(pairs), bool)
    for held in range(number):
        weights = fit([pair for pair, f in zip(pairs, fold, strict=True) if f != held], names)
        rows = np.array(fold) == held
        said[rows] = table[rows] @ weights > 0
    story, same = np.array([p.weight > 1 for p in pairs]), np.array([p.same for p in pairs])
    found = {}
    for name, rows in (("stories", story), ("made", ~story)):
        hits, told, true = (said & same & rows).sum(), (said & rows).sum(), (same & rows).sum()
        found[name] = round(float(2 * hits / (told + true)), 3)
        print(f"{name}: precision {hits / max(told, 1):.3f}, recall {hits / max(true, 1):.3f} of {true} pairs of {rows.sum()}")
    return found


def write(found: dict[str, object]) -> None:
    """Writes what was learnt, one number a line."""
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
