"""This file decides which reports carry one original report, and tells how sure it is and why.

Two reports are copies when the judge, a logistic model of what they share (vocab/copies.json), says so; groups are what such pairs
connect. A pair is judged alike in whichever order its reports arrive, so the groups do not depend on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from onrecord.group.compare import Likeness, Ready, compare, shared_words
from onrecord.group.keys import is_fact_key, look_up_keys
from onrecord.group.signatures import Signature, sign
from onrecord.group.words import learnt
from onrecord.records import Document

RULE = "same-report/1"
# Fact keys alone make two reports worth comparing when they share this many and lie no more days apart.
FACT_KEYS, FACT_DAYS = 2, 10
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
# Under a key that many reports share, a report is compared with this many before and after it by day.
NEIGHBOURS = 16
# A report in a round-up is shorter than this part of it, and says less than this share of what another one in it says.
SHORTER, STRANGERS = 0.7, 0.15
# No more of a round-up's reports are looked at.
MOST_INSIDE = 24


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
    return not all(facts) or (len(facts) >= FACT_KEYS and days <= FACT_DAYS)


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
    return dict(learnt()["weights"])


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


def group_reports(documents: Iterable[Document]) -> list[list[str]]:
    """The ids of documents that carry one original report, group by group; a document without copies is a group of one.

    What the record does (store/groups.py), without a record; only signatures are held in memory.
    """
    signatures = [sign(document) for document in documents]
    return [[signatures[place].id for place in group] for group in group_signatures(signatures)]


def group_signatures(signatures: Sequence[Signature]) -> list[list[int]]:
    """The places of the signatures that carry one original, group by group, each in order."""
    ready = [Ready(signature) for signature in signatures]
    partners: dict[int, list[int]] = {}
    for left, right in _neighbours(signatures):
        if judge(ready[left], ready[right]).same:
            partners.setdefault(left, []).append(right)
            partners.setdefault(right, []).append(left)
    mixed = {place for place, others in partners.items() if is_round_up(ready[place], [ready[other] for other in others])}
    sizes = [len(signature.stems) for signature in signatures]
    pairs = ((left, right) for left, others in partners.items() for right in others if left < right)
    kept = (pair for pair in pairs if not is_mere_part(sizes[pair[0]], sizes[pair[1]], pair[0] in mixed, pair[1] in mixed))
    return connected(len(signatures), kept)


def is_mere_part(left: int, right: int, left_mixed: bool, right_mixed: bool) -> bool:
    """Whether one of two reports (words of each, and whether each is a round-up) is only a part of a round-up, not a copy of it."""
    return (left_mixed and is_inside(right, left)) or (right_mixed and is_inside(left, right))


def is_round_up(report: Ready, partners: Iterable[Ready]) -> bool:
    """Whether a report holds several that have nothing in common: then it is a page about many things, and a copy of none."""
    inside = sorted(
        (other for other in partners if is_inside(len(other.signature.stems), len(report.signature.stems))),
        key=lambda other: other.signature.id,
    )
    return any(are_strangers(one, other) for one, other in combinations(inside[:MOST_INSIDE], 2))


def is_inside(part: int, whole: int) -> bool:
    """Whether a copy of so many words is so much shorter that a report of so many words may hold others beside it."""
    return part < SHORTER * whole


def are_strangers(left: Ready, right: Ready) -> bool:
    """Whether two reports have nothing in common."""
    return compare(left, right).sentences_small < STRANGERS


def _neighbours(signatures: Sequence[Signature]) -> list[tuple[int, int]]:
    """The pairs worth comparing: both stand under one key, no more than NEIGHBOURS places apart by day and id."""
    holders: dict[int, list[int]] = {}
    for place in sorted(range(len(signatures)), key=lambda place: standing(signatures[place])):
        for key in look_up_keys(signatures[place]):
            holders.setdefault(key, []).append(place)
    shared: dict[tuple[int, int], list[int]] = {}
    for key, places in holders.items():
        for number, place in enumerate(places):
            for other in places[number + 1 : number + 1 + NEIGHBOURS]:
                shared.setdefault((min(place, other), max(place, other)), []).append(key)
    return [pair for pair, keys in sorted(shared.items()) if worth_comparing(keys, days_between(*(signatures[place] for place in pair)))]


def standing(signature: Signature) -> tuple[int, int]:
    """Where a report stands under a key: by its day, then by a number made of its id (hexadecimal), never by when it arrived."""
    return signature.day, int(signature.id[:15], 16)


def days_between(left: Signature, right: Signature) -> int:
    """The days between two reports; -1 where a day is unknown."""
    return abs(left.day - right.day) if left.day and right.day else -1


def connected(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The places 0 to count - 1 in groups that the pairs connect, each in order, by first member."""
    lead = list(range(count))

    def find(place: int) -> int:
        while lead[place] != place:
            lead[place] = lead[lead[place]]
            place = lead[place]
        return place

    for left, right in pairs:
        one, other = sorted((find(left), find(right)))
        lead[other] = one
    groups: dict[int, list[int]] = {}
    for place in range(count):
        groups.setdefault(find(place), []).append(place)
    return list(groups.values())
