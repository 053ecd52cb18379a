"""Compares onrecord's comparison of names with the matchers of nomenklatura, in one run: python bench/names.py PAIRS.json.

The peer is not among onrecord's packages, since it needs ICU: `pip install nomenklatura` in an environment of its own, and onrecord
beside it. Where it is missing, onrecord is measured alone. Each side judges the pairs at its own threshold, onrecord by weights that
never saw a pair. Both are timed with empty caches after a first pair, by processor time.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from onrecord.link import name_sounds, name_words, names_alike
from onrecord.measure.names import THRESHOLD, NamePair, judge_pairs, read_pairs

# The thresholds at which the peer's matchers say "the same", as its own documentation gives them.
PEER_THRESHOLD = 0.7
PEERS = ("logic-v2", "logic-v1", "name-based", "regression-v1")
Judge = Callable[[NamePair], float]


def main() -> None:
    """Reads the pairs and prints a line for each matcher."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    pairs = read_pairs(parser.parse_args().pairs)
    for name, judge, threshold in matchers():
        judge(NamePair("Ada Ekdal", "Ada Eckdal", True, False))
        forget()
        started = time.process_time()
        scores = [judge(pair) for pair in pairs]
        seconds = time.process_time() - started
        best = max(figures(scores, pairs, step / 100)[2] for step in range(1, 101))
        precision, recall, f1 = figures(scores, pairs, threshold)
        print(f"{name:<28} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}", end="")
        print(f"  (at the threshold best for these pairs {best:.3f})  {seconds / len(pairs) * 1e6:6.0f} µs a pair")


def matchers() -> Iterator[tuple[str, Judge, float]]:
    """Each matcher with its name and its threshold."""
    yield "onrecord, held out", lambda pair: judge_pairs([pair])[0].score, THRESHOLD
    try:
        from followthemoney import model
        from nomenklatura.matching import get_algorithm
    except ImportError:
        print("nomenklatura is not installed here: onrecord alone")
        return
    # The peer remembers what it read of an entity under the entity's id, so each needs one of its own.
    numbers = itertools.count()

    def entity(name: str, pair: NamePair) -> object:
        schema = "LegalEntity" if pair.organization else "Person"
        return model.get_proxy({"id": f"n{next(numbers)}", "schema": schema, "properties": {"name": [name]}})

    for name in PEERS:
        algorithm = get_algorithm(name)
        config = algorithm.default_config()
        yield (
            f"nomenklatura {name}",
            lambda pair, a=algorithm, c=config: a.compare(entity(pair.left, pair), entity(pair.right, pair), c).score,
            PEER_THRESHOLD,
        )


def forget() -> None:
    """Empties what onrecord remembers of names, so that it is timed as on names it never met."""
    for remembered in (
        name_words.read_name,
        name_sounds.sound,
        name_sounds.sound_likeness,
        name_sounds.word_likeness,
        names_alike.words_alike,
    ):
        remembered.cache_clear()


def figures(scores: Sequence[float], pairs: Sequence[NamePair], threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of "one name" at a threshold."""
    said = [score >= threshold for score in scores]
    hits = sum(one and pair.match for one, pair in zip(said, pairs, strict=True))
    precision, recall = hits / max(1, sum(said)), hits / max(1, sum(pair.match for pair in pairs))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


if __name__ == "__main__":
    main()
