"""This file picks the few keys under which a report is looked up, so that its copies are met without comparing it with all others.

Two kinds. Of all runs of RUN words that say something the KEPT with the smallest hashes (a bottom-k sketch, Broder 1997): a text that holds
the share f of another's runs, however long either is, misses all of them with probability (1 - f)^KEPT, which MinHash bands do not reach
for abridgements. And for translations, whose words differ: bands of MinHash over names and numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.group.signatures import Hashes, Signature
from onrecord.group.words import word_weights

RUN = 4
KEPT = 14
# Runs of less weight ("the minister of foreign") are no keys: among very many reports each stands in thousands. On the copies bench 8
# leaves half of the strangers to be compared and loses nothing; from 10 on abridgements are missed.
LEAST_RUN = 8.0
# Translations of the teaching stories share .38 to .73 of all their names and numbers, strangers (99 in 100) less than .15. With two
# rows, 18 bands and two of them asked for, .96 of the pairs that share half are met, .81 of those that share .4, .01 of those that
# share .1.
BANDS, ROWS = 18, 2
# Fewer names and numbers than this say too little for a band.
FEWEST_FACTS = 4
# Reports that lie no more days apart than this are near: others are not met under names and numbers alone.
NEAR_DAYS = 10
# A record keeps the keys of names and numbers by periods of so many days, those of one period side by side: what news of the day touches
# stays in memory, and what other years say does not come up.
PERIOD = 64
PERIOD_BIT = 45

Wide = NDArray[np.uint64]
FACT = np.uint64(1)
SEEDS: Wide = np.random.default_rng(20_261_128).integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)


def look_up_keys(signature: Signature) -> list[int]:
    """The report's keys as signed 64-bit numbers, sorted; at most KEPT + BANDS."""
    runs = np.unique(_telling_runs(signature.stems))[:KEPT]
    facts = np.union1d(signature.names, signature.numbers).astype(np.uint64)
    # The lowest bit tells the kinds apart.
    keys = runs & ~FACT
    if len(facts) >= FEWEST_FACTS:
        keys = np.concatenate([keys, _bands(facts) | FACT])
    return sorted({int(key) for key in keys.astype(np.int64)})


def is_fact_key(key: int) -> bool:
    """Whether a key stands for names and numbers, not for a run of words."""
    return bool(key & 1)


def key_within(key: int, period: int) -> int:
    """The key under which a record keeps a report of that period: a fact key carries the period, a run of words stands for all."""
    return period << PERIOD_BIT | key & ((1 << PERIOD_BIT) - 1) if is_fact_key(key) else key


def period_of(day: int) -> int:
    """The period of a day; 0 of an unknown one."""
    return day // PERIOD


def near_periods(day: int) -> set[int]:
    """The periods of the days that are near a known one."""
    return {period_of(other) for other in (day - NEAR_DAYS, day, day + NEAR_DAYS)}


def runs_of(stems: Hashes, length: int) -> Wide:
    """The hash of every run of that many words, in order; of the whole text where it is shorter."""
    wide = stems.astype(np.uint64)
    length = max(1, min(length, len(wide)))
    runs = np.zeros(len(wide) - length + 1 if len(wide) else 0, np.uint64)
    for place in range(length):
        runs = mix(runs + wide[place : place + len(runs)])
    return runs


def _telling_runs(stems: Hashes) -> Wide:
    """The runs of RUN words that weigh enough; all of a text in which none does."""
    runs = runs_of(stems, RUN)
    weights = word_weights(stems)
    # Added in the order of the words, so that a run weighs the same to the last bit wherever it stands.
    weighed = sum((weights[place : place + len(runs)] for place in range(len(stems) - len(runs) + 1)), start=np.zeros(len(runs)))
    telling = runs[weighed >= LEAST_RUN]
    return telling if len(telling) else runs


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
