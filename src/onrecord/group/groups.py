"""This file turns pairs that were judged to be copies into groups of reports that carry one original, whatever the order of arrival.

What connects too easily is kept apart: a report that is only probably a copy joins its likeliest partner but never ties two groups, and a
page about many things is no copy of what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from onrecord.group.compare import Ready, compare
from onrecord.group.copies import judge, worth_comparing
from onrecord.group.keys import look_up_keys
from onrecord.group.signatures import Signature, days_between, sign
from onrecord.records import Document

# From this score on a pair ties groups together. Among 20,000 texts one wrong pair may tie two stories with all their copies: on the copies
# bench the groups that pairs of .5 and more connect reached an adjusted Rand index of .61, those of this rule .98 (docs/copies.md).
SURE = 0.98
# Under a key that many reports share, a report is compared with this many before and after it by day.
NEIGHBOURS = 16
# A report in a round-up is shorter than this part of it, and says less than this share of what another one in it says.
SHORTER, STRANGERS = 0.7, 0.15
# No more of a round-up's reports are looked at.
MOST_INSIDE = 24

Pair = tuple[int, int, float]


def group_reports(documents: Iterable[Document]) -> list[list[str]]:
    """The ids of documents that carry one original report, group by group; a document without copies is a group of one.

    What the record does (store/groups.py), without a record; only signatures are held in memory.
    """
    signatures = [sign(document) for document in documents]
    return [[signatures[place].id for place in group] for group in group_signatures(signatures)]


def group_signatures(signatures: Sequence[Signature]) -> list[list[int]]:
    """The places of the signatures that carry one original, group by group, each in order."""
    return group_pairs(signatures, copy_pairs(signatures))


def copy_pairs(signatures: Sequence[Signature]) -> list[Pair]:
    """The pairs (places and score) of signatures that were judged to be copies, mere parts of round-ups among them."""
    ready = [Ready(signature) for signature in signatures]
    verdicts = ((left, right, judge(ready[left], ready[right])) for left, right in _neighbours(signatures))
    return [(left, right, verdict.score) for left, right, verdict in verdicts if verdict.same]


def group_pairs(signatures: Sequence[Signature], pairs: Sequence[Pair]) -> list[list[int]]:
    """The places of the signatures in the groups that these pairs of copies hold together."""
    partners: dict[int, list[int]] = {}
    for left, right, _ in pairs:
        partners.setdefault(left, []).append(right)
        partners.setdefault(right, []).append(left)
    ready = {place: Ready(signatures[place]) for place in partners}
    mixed = {place for place, others in partners.items() if is_round_up(ready[place], [ready[other] for other in others])}
    sizes = [len(signature.stems) for signature in signatures]
    kept = [pair for pair in pairs if not is_mere_part(sizes[pair[0]], sizes[pair[1]], pair[0] in mixed, pair[1] in mixed)]
    return connected(len(signatures), binding(kept))


def sure_copies(signatures: Sequence[Signature], pairs: Iterable[Pair]) -> dict[str, frozenset[str]]:
    """For the id of each report that is surely a copy of others, and as long, the ids of those others."""
    sizes = [len(signature.stems) for signature in signatures]
    return _by_id(signatures, ((left, right) for left, right, score in pairs if score >= SURE and are_as_long(sizes[left], sizes[right])))


def are_as_long(one: int, other: int) -> bool:
    """Whether neither of two reports (words of each) is so much longer that it may hold more beside the other, as a round-up does."""
    return not is_inside(one, other) and not is_inside(other, one)


def same_originals(signatures: Sequence[Signature], groups: Iterable[Sequence[int]]) -> dict[str, frozenset[str]]:
    """For the id of each report in a group of several the ids of the others in it."""
    return _by_id(signatures, (pair for group in groups for pair in combinations(group, 2)))


def _by_id(signatures: Sequence[Signature], pairs: Iterable[tuple[int, int]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for left, right in pairs:
        found.setdefault(signatures[left].id, set()).add(signatures[right].id)
        found.setdefault(signatures[right].id, set()).add(signatures[left].id)
    return {id: frozenset(others) for id, others in found.items()}


def binding(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """The pairs that hold groups together: the sure ones, and of each report without one its likeliest (all, where they are even)."""
    best: dict[int, float] = {}
    for left, right, score in pairs:
        for place in (left, right):
            best[place] = max(best.get(place, 0.0), min(score, SURE))
    return [(left, right) for left, right, score in pairs if score >= SURE or score in (best[left], best[right])]


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
    return [
        pair for pair, keys in sorted(shared.items()) if worth_comparing(keys, days_between(*(signatures[place].day for place in pair)))
    ]


def standing(signature: Signature) -> tuple[int, int]:
    """Where a report stands under a key: by its day, then by a number made of its id (hexadecimal), never by when it arrived."""
    return signature.day, int(signature.id[:15], 16)


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
