"""This file decides which reports carry one original report, and tells how sure it is and why.

Two reports are copies when the judge, a logistic model of what they share (vocab/copies.json), says so. A pair is judged alike in whichever
order its reports arrive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from onrecord.group.compare import Likeness, Ready, compare, shared_words
from onrecord.group.keys import NEAR_DAYS, is_fact_key
from onrecord.group.words import learnt_of_copies

# Stands for signatures, keys, weights and rule: a record in which another one placed the reports has them placed anew.
RULE = "same-report/2"
# Near reports are compared for one run of words in common or so many fact keys, others for so many runs: of 54,800 pairs on the copies
# bench that lie further apart and share one run, 180 were copies, and what is shared by chance grows with a record.
FACT_KEYS, FAR_RUNS = 2, 2
# Fewer words than this are a caption: only the same words are the same report.
FEWEST_WORDS = 12
# Below this share of words nothing else is looked at: of 2,852 pairs that teach, none of copies has less than .26, half of the others has.
LEAST_SHARED = 0.2
# The shares that the judge weighs, and where the weight of each may change.
SHARES = (
    "runs_small", "runs_large", "words_small", "words_large", "sentences_small", "sentences_large", "order", "lead", "quotes_small",
    "quotes_both", "numbers_small", "numbers_large", "names_small", "names_large", "title", "size",
)  # fmt: skip
KNEES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Same original report or not, how sure (0 to 1), how (exact, copy, abridgement, rewrite), and why."""

    same: bool
    score: float
    how: str
    reason: str


def worth_comparing(shared: Iterable[int], days: int) -> bool:
    """Whether two reports that share these keys, that many days apart (-1 if unknown), may be copies."""
    facts = [is_fact_key(key) for key in shared]
    runs = len(facts) - sum(facts)
    return runs >= FAR_RUNS or (days <= NEAR_DAYS and (runs > 0 or len(facts) >= FACT_KEYS))


def judge(left: Ready, right: Ready) -> Verdict:
    """Whether two reports carry one original."""
    if shared_words(left, right) < LEAST_SHARED:
        return Verdict(False, 1.0, "", "hardly a word in common")
    likeness = compare(left, right)
    if likeness.same_text:
        return Verdict(True, 1.0, "exact", "the same text")
    if likeness.words < FEWEST_WORDS:
        return Verdict(False, 1.0, "", "too few words to tell")
    score = probability(likeness)
    if score < 0.5:
        return Verdict(False, round(1 - score, 3), "", "")
    how = _how(likeness)
    return Verdict(True, round(score, 3), how, _reason(likeness, how))


def probability(likeness: Likeness) -> float:
    """How likely two reports are copies."""
    weights = _weights()
    return 1 / (1 + math.exp(-math.fsum(weights.get(name, 0.0) * value for name, value in features(likeness).items())))


def features(likeness: Likeness) -> dict[str, float]:
    """What the judge weighs, by name: each share and how far it lies above each of the KNEES, where its weight may bend; and marks."""
    k, known = likeness, {"bias": 1.0}
    for name in SHARES:
        share = max(0.0, getattr(k, name))
        known[name] = share
        known |= {f"{name}>{knee}": share - knee for knee in KNEES if share > knee}
    return known | {
        "no_quotes": float(k.quotes_small < 0),
        "no_quotes_both": float(k.quotes_both < 0),
        "no_numbers": float(k.numbers_small < 0),
        "few_words": float(k.words < 60),
        "no_day": float(k.days < 0),
        "same_day": float(k.days == 0),
        "next_day": float(k.days == 1),
        "next_days": float(2 <= k.days <= 3),
        "days_apart": float(k.days > 10),
        "credit": k.credit,
        "named": k.named,
        "same_credit": k.same_credit,
        "same_outlet": k.same_outlet,
    }


@cache
def _weights() -> Mapping[str, float]:
    return dict(learnt_of_copies()["weights"])


def _how(k: Likeness) -> str:
    if k.runs_small < 0.3:
        return "rewrite"
    return "copy" if k.sentences_large >= 0.6 else "abridgement"


def _reason(k: Likeness, how: str) -> str:
    """What speaks for it, in words a reader can check."""
    parts = [f"{k.runs_small:.0%} of the shorter's three-word runs and {k.sentences_small:.0%} of what its sentences say are in the other"]
    if k.quotes_both > 0:
        parts.append(f"{k.quotes_both:.0%} of the quoted words shared")
    if k.numbers_small > 0:
        parts.append(f"{k.numbers_small:.0%} of the shorter's numbers shared")
    if k.names_small > 0:
        parts.append(f"{k.names_small:.0%} of its names")
    if k.credit:
        parts.append("one credits the other's outlet")
    elif k.same_credit:
        parts.append("both credit one source")
    if k.days >= 0:
        parts.append(f"{k.days:.0f} days apart")
    return "; ".join(parts)
