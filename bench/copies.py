"""Measures the telling of copies on a benchmark that it builds, beside MinHash alone and SimHash alone: bench/copies.py CORPORA.

Some 20,000 texts with known origins: originals, their variations (variations.py), and texts that only look like copies. The figure is the
adjusted Rand index (Hubert and Arabie 1985) of the groups found against the origins; both rivals are given the threshold that suits them
best here. Needs `pip install -e .[bench]`.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from originals import originals
from variations import LOOKALIKES, Text, round_up, vary

from onrecord.clean.document import make_document
from onrecord.group.groups import connected, group_signatures
from onrecord.group.signatures import sign
from onrecord.records import Document

SEED = 11
# Of an original there are so many copies: many have none or few, some are run everywhere.
COPIES = (0, 0, 1, 1, 2, 2, 3, 4, 6, 9, 14)
KEPT_SHARE, LOOKALIKE_SHARE, ROUND_UP_SHARE = 0.3, 0.4, 0.04
MINHASH, BANDS = 128, 64
JACCARD = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7)
HAMMING = (2, 4, 6, 8, 10, 12, 14, 16)
BLOCK = 500


def main() -> None:
    """Builds the texts, groups them in three ways, prints what each reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help="folder that holds the corpora")
    parser.add_argument("--texts", type=int, default=20_000)
    options = parser.parse_args()
    texts = build(options.corpora, options.texts)
    origins = [text.origin for text in texts]
    kinds = Counter(text.made_by if text.made_by.startswith(("same", "follow", "round")) else "originals and copies" for text in texts)
    print(f"{len(texts)} texts of {len(set(origins))} origins: {', '.join(f'{n} {kind}' for kind, n in kinds.most_common())}")
    start = time.process_time()
    ours = labels(group_signatures([sign(document_of(text)) for text in texts]))
    print(f"onrecord                    ARI {rand_index(origins, ours):.3f}  {time.process_time() - start:.0f} s")
    untaught = [place for place, text in enumerate(texts) if not text.origin.startswith("gold")]
    part = rand_index([origins[place] for place in untaught], [ours[place] for place in untaught])
    print(f"  of texts that taught nothing: ARI {part:.3f} ({len(untaught)} texts)")
    for line in by_variation(texts, ours):
        print("  " + line)
    for name, rival in (("MinHash", minhash_groups), ("SimHash", simhash_groups)):
        start = time.process_time()
        best = max((rand_index(origins, labels(groups)), note) for note, groups in rival([text.text for text in texts]))
        print(f"{name} alone               ARI {best[0]:.3f}  at its best threshold, {best[1]}  {time.process_time() - start:.0f} s")


def build(folder: Path, count: int) -> list[Text]:
    """That many texts in random order, each with the name of the original that it carries.

    Originals that hold parts of one another are left out first: some corpora hold copies themselves. What is put before, behind or in
    place of a text comes from originals kept for that alone, so that no look-alike is a true copy.
    """
    chance = random.Random(SEED)
    sources = distinct(originals(folder, chance))
    if not sources:
        sys.exit(f"{folder}: none of the corpora is here (us_speeches, polnear, re3d, gum_news)")
    chance.shuffle(sources)
    kept = sources[: int(len(sources) * KEPT_SHARE)]
    bodies, pieces = iter(kept[::2]), kept[1::2]
    made: list[Text] = []
    for number, source in enumerate(sources[len(kept) :]):
        if len(made) >= count:
            break
        made.append(source)
        made += [vary(source, chance, chance.sample(pieces, 4), "bench") for _ in range(chance.choice(COPIES))]
        body = next(bodies, None) if chance.random() < LOOKALIKE_SHARE else None
        if body is not None:
            made.append(chance.choice(LOOKALIKES)(source, body, chance, f"{source.origin} lookalike"))
        if chance.random() < ROUND_UP_SHARE:
            made.append(round_up([source, *chance.sample(sources, chance.randint(2, 9))], chance, f"round-up {number}"))
    chance.shuffle(made)
    return made[:count]


def distinct(texts: Sequence[Text]) -> list[Text]:
    """The texts without those of which a tenth of the runs of eight words stands in one before."""
    seen: set[str] = set()
    kept = []
    for text in texts:
        runs = set(_runs(text.text, 8))
        if len(runs & seen) <= len(runs) / 10:
            kept.append(text)
        seen |= runs
    return kept


def document_of(text: Text) -> Document:
    """A text as a document."""
    credits = (text.credit,) if text.credit else None
    key = f"{text.origin}|{text.outlet}|{text.published}|{text.made_by}"
    return make_document(text.text, key=key, title=text.title, outlet=text.outlet, published=text.published or None, credits=credits)


def by_variation(texts: Sequence[Text], found: Sequence[int]) -> Iterator[str]:
    """Of each variation, used alone or with others: how many are in the group of their original; of each look-alike: how many are not."""
    source = {text.origin: place for place, text in enumerate(texts) if " + " not in text.made_by and text.made_by in CORPORA}
    held: dict[str, list[bool]] = {}
    for place, text in enumerate(texts):
        origin = text.origin.removesuffix(" lookalike")
        if origin not in source or source[origin] == place:
            continue
        together = found[place] == found[source[origin]]
        names = [text.made_by] if text.origin != origin else text.made_by.split(" + ")
        for name in names:
            held.setdefault(name, []).append(together != (text.origin != origin))
    for name, right in sorted(held.items(), key=lambda item: sum(item[1]) / len(item[1])):
        yield f"{name:15} {sum(right) / len(right):.3f} of {len(right)} right"


CORPORA = ("speeches", "polnear", "re3d", "gum", "gold")


def labels(groups: Iterable[Sequence[int]]) -> list[int]:
    """The number of each place's group."""
    found = {place: number for number, group in enumerate(groups) for place in group}
    return [found[place] for place in range(len(found))]


def rand_index(true: Sequence[object], found: Sequence[object]) -> float:
    """The adjusted Rand index of two groupings: 1 where they are the same, about 0 where one is random."""

    def pairs(counts: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in counts)

    both, one, other = (pairs(Counter(items).values()) for items in (list(zip(true, found, strict=True)), true, found))
    every = pairs([len(true)])
    expected = one * other / every
    most = (one + other) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


def minhash_groups(texts: Sequence[str]) -> Iterator[tuple[str, list[list[int]]]]:
    """What pairs connect whose estimated Jaccard similarity of word runs reaches a threshold, for runs of 1 to 4 words."""
    from rensa import RMinHash

    for length in (1, 2, 3, 4):
        digests = []
        for text in texts:
            sketch = RMinHash(num_perm=MINHASH, seed=SEED)
            sketch.update(_runs(text, length))
            digests.append(sketch.digest())
        table = np.array(digests, np.uint32)
        pairs = np.array(sorted(_banded(table)))
        share = np.concatenate(
            [(table[part[:, 0]] == table[part[:, 1]]).mean(axis=1) for part in np.array_split(pairs, max(1, len(pairs) // 100_000))]
        )
        for threshold in JACCARD:
            yield f"Jaccard {threshold} of runs of {length}", connected(len(texts), map(tuple, pairs[share >= threshold].tolist()))


def simhash_groups(texts: Sequence[str]) -> Iterator[tuple[str, list[list[int]]]]:
    """What pairs connect whose 64-bit SimHashes (Charikar 2002) of words or runs differ in few enough bits."""
    for length in (1, 2, 3):
        prints = np.array([_simhash(_runs(text, length)) for text in texts], np.uint64)
        near: dict[int, list[tuple[int, int]]] = {limit: [] for limit in HAMMING}
        for first in range(0, len(prints), BLOCK):
            apart = np.bitwise_count(prints[first : first + BLOCK, None] ^ prints[None, :])
            left, right = np.nonzero(apart <= HAMMING[-1])
            for limit in HAMMING:
                fits = (apart[left, right] <= limit) & (left + first < right)
                near[limit] += zip((left[fits] + first).tolist(), right[fits].tolist(), strict=True)
        for limit in HAMMING:
            yield f"{limit} bits of runs of {length}", connected(len(texts), near[limit])


def _runs(text: str, length: int) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[n : n + length]) for n in range(max(1, len(words) - length + 1))]


def _banded(table: np.ndarray) -> set[tuple[int, int]]:
    """The pairs that agree in a band of two rows."""
    rows = table.shape[1] // BANDS
    found: set[tuple[int, int]] = set()
    for band in range(BANDS):
        holders: dict[bytes, list[int]] = {}
        for place, digest in enumerate(table[:, band * rows : (band + 1) * rows]):
            holders.setdefault(digest.tobytes(), []).append(place)
        for places in holders.values():
            # A crowded band says little; a hundred holders would make 5,000 pairs.
            if len(places) <= 100:
                found.update(combinations(places, 2))
    return found


def _simhash(features: Sequence[str]) -> int:
    from zlib import crc32

    counts = Counter(features)
    hashes = np.array([crc32(f.encode()) | crc32(b"#" + f.encode()) << 32 for f in counts], np.uint64)
    bits = (hashes[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    votes = np.array(list(counts.values())) @ (2.0 * bits - 1.0)
    return int(sum(1 << int(bit) for bit in np.flatnonzero(votes > 0)))


if __name__ == "__main__":
    main()
