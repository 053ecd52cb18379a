"""This file picks the few keys under which a report is looked up, so that its copies are met without comparing it with all others.

Two kinds. Of all runs of RUN words the KEPT with the smallest hashes (a bottom-k sketch, Broder 1997): a text that holds the share f of
another's runs, however long either is, misses all of them with probability (1 - f)^KEPT, which MinHash bands do not reach for
abridgements. And for translations, whose words differ: bands of MinHash over names and numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.group.signatures import Hashes, Signature

RUN = 4
KEPT = 14
# Translations of the teaching stories share .38 to .73 of all their names and numbers, strangers (99 in 100) less than .15. With two
# rows, 18 bands and two of them asked for, .96 of the pairs that share half are met, .81 of those that share .4, .01 of those that
# share .1.
BANDS, ROWS = 18, 2
# Fewer names and numbers than this say too little for a band.
FEWEST_FACTS = 4

Wide = NDArray[np.uint64]
FACT = np.uint64(1)
SEEDS: Wide = np.random.default_rng(20_261_128).integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)


def look_up_keys(signature: Signature) -> list[int]:
    """The report's keys as signed 64-bit numbers, sorted; at most KEPT + BANDS."""
    runs = np.unique(runs_of(signature.stems, RUN))[:KEPT]
    facts = np.union1d(signature.names, signature.numbers).astype(np.uint64)
    # The lowest bit tells the kinds apart.
    keys = runs & ~FACT
    if len(facts) >= FEWEST_FACTS:
        keys = np.concatenate([keys, _bands(facts) | FACT])
    return sorted({int(key) for key in keys.astype(np.int64)})


def is_fact_key(key: int) -> bool:
    """Whether a key stands for names and numbers, not for a run of words."""
    return bool(key & 1)


def runs_of(stems: Hashes, length: int) -> Wide:
    """The hash of every run of that many words, in order; of the whole text where it is shorter."""
    wide = stems.astype(np.uint64)
    length = max(1, min(length, len(wide)))
    runs = np.zeros(len(wide) - length + 1 if len(wide) else 0, np.uint64)
    for place in range(length):
        runs = mix(runs + wide[place : place + len(runs)])
    return runs


def mix(values: Wide) -> Wide:
    """Spreads 64-bit numbers evenly (the finaliser of SplitMix64, Steele and others 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _bands(facts: Wide) -> Wide:
    least = mix(facts[None, :] * SEEDS[:, None]).min(axis=1).reshape(BANDS, ROWS)
    # The band's number enters the key, so that bands do not meet one another.
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        keys = mix(keys + least[:, row])
    return keys
