"""This file gathers the speakers of many reports into persons: one person under many spellings, and two persons of one name apart.

Sightings that could be one person meet under the sound of their family name, are weighed (name_evidence.py), and joined from the surest
pair down, never across a clash. The outcome does not hang on the order in which reports came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from onrecord.link.name_evidence import SAME, Evidence, Sighting, is_in_table, is_lone, weigh
from onrecord.link.name_sounds import sound_keys
from onrecord.link.name_words import read_name

# A family name alone goes to the one whom it fits best, if nobody else fits it within this many points.
MARGIN = 0.75
# No more sightings than this are compared under one key; a key so crowded (Kim in a large record) is cut by the given name's first sound.
CROWD = 400


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the usual spelling in the record, every sighting of him, and why they are his.

    `spellings` holds the full names as written, the most frequent first, and lone names that are spelt otherwise than in those.
    """

    name: str
    spellings: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    reasons: tuple[str, ...]


def find_people(sightings: Iterable[Sighting]) -> list[Person]:
    """The persons behind sightings of personal names (names_written.py finds these), in order of name."""
    nodes = sorted({sighting for sighting in sightings if read_name(sighting.written).words}, key=_order)
    scales = Scales(nodes)
    groups = {number: [number] for number in range(len(nodes))}
    reasons: dict[int, list[str]] = {number: [] for number in groups}
    place = list(groups)
    for one, other in _surest_first(scales, list(_candidate_pairs(nodes))):
        left, right = place[one], place[other]
        if left == right or any(scales.weigh(a, b).clash for a in groups[left] for b in groups[right]):
            continue
        gone = groups.pop(right)
        groups[left] += gone
        reasons[left] += [*reasons.pop(right), "; ".join(scales.weigh(one, other).reasons)]
        for number in gone:
            place[number] = left
    people = [make_person([nodes[n] for n in sorted(members)], reasons[number]) for number, members in groups.items()]
    return sorted(people, key=lambda person: (person.name, person.spellings))


class Scales:
    """Weighs numbered sightings against each other, each pair once."""

    def __init__(self, nodes: Sequence[Sighting]) -> None:
        self.nodes = nodes
        self._weighed: dict[tuple[int, int], Evidence] = {}

    def weigh(self, one: int, other: int) -> Evidence:
        """The evidence on two sightings by their numbers."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._weighed:
            self._weighed[pair] = weigh(self.nodes[pair[0]], self.nodes[pair[1]])
        return self._weighed[pair]


def usual_spelling(sightings: Sequence[Sighting]) -> str:
    """The spelling under which most original reports put a person on record; a full name before a lone one.

    Where two tie, the one that the table of office-holders has, then the one of most copies, then the longer one.
    """
    stories: dict[str, set[str]] = {}
    reports: dict[str, set[str]] = {}
    for sighting in sightings:
        stories.setdefault(sighting.usual, set()).update(sighting.stories)
        reports.setdefault(sighting.usual, set()).update(sighting.reports)
    full = [name for name in reports if len(read_name(name).words) > 1] or list(reports)
    return min(full, key=lambda name: (-len(stories[name]), not is_in_table(name), -len(reports[name]), -len(name), name))


def _surest_first(scales: Scales, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that are one person by themselves, the surest first; lone names come last, and only where one person alone fits."""
    points = {pair: scales.weigh(*pair).points for pair in pairs}
    sure = [pair for pair in pairs if points[pair] >= SAME]
    lone = {number for number, node in enumerate(scales.nodes) if is_lone(node)}
    full: dict[int, list[int]] = {}
    for one, other in sure:
        if (one in lone) != (other in lone):
            full.setdefault(*((one, []) if one in lone else (other, []))).append(other if one in lone else one)

    def unclear(pair: tuple[int, int]) -> bool:
        here, there = pair if pair[0] in lone else (pair[1], pair[0])
        if (here in lone) == (there in lone):
            return False
        near = (n for n in full[here] if n != there and scales.weigh(here, n).points > points[pair] - MARGIN)
        return any(scales.weigh(there, n).points < SAME for n in near)

    clear = [pair for pair in sure if not unclear(pair)]
    return sorted(clear, key=lambda pair: (bool(lone.intersection(pair)), -points[pair], pair))


def _candidate_pairs(nodes: Sequence[Sighting]) -> Iterator[tuple[int, int]]:
    """The pairs of sightings that share a key, each once."""
    blocks: dict[str, list[int]] = {}
    for number, node in enumerate(nodes):
        for key in keys(node):
            blocks.setdefault(key, []).append(number)
    found: set[tuple[int, int]] = set()
    for members in blocks.values():
        parts = [members] if len(members) <= CROWD else _parts(nodes, members)
        for part in parts:
            found.update(combinations(part[:CROWD], 2))
    yield from sorted(found)


def _parts(nodes: Sequence[Sighting], members: Sequence[int]) -> list[list[int]]:
    """A crowded block by the first sound of the given name."""
    parts: dict[str, list[int]] = {}
    for number in members:
        words = read_name(nodes[number].written).words
        parts.setdefault(min(sound_keys(words[0]), default="")[:1] if words else "", []).append(number)
    return list(parts.values())


def keys(sighting: Sighting) -> frozenset[str]:
    """The keys under which a sighting meets others: the sound of the family name, and of first and last word in any order."""
    found: set[str] = set()
    for name in {sighting.written, sighting.usual}:
        words = read_name(name).words
        if words:
            found |= sound_keys(words[-1])
        if len(words) > 1:
            found |= {"+".join(sorted((first, last))) for first in sound_keys(words[0]) for last in sound_keys(words[-1])}
    return frozenset(found)


def make_person(members: Sequence[Sighting], reasons: Sequence[str]) -> Person:
    written: Counter[str] = Counter()
    for sighting in members:
        written[sighting.written] += sighting.statements
    full = {name for name in written if len(read_name(name).words) > 1}
    known = {word for name in full for word in read_name(name).words}
    spellings = [name for name in written if name in full or not known & set(read_name(name).words)]
    ordered = sorted(spellings, key=lambda name: (-written[name], name))
    return Person(usual_spelling(members), tuple(ordered), tuple(members), tuple(reasons))


def _order(sighting: Sighting) -> tuple[str, ...]:
    return (
        sighting.written, sighting.usual, sighting.role, sighting.organization, sighting.first, sighting.last,
        *sorted(sighting.states), *sorted(sighting.reports),
    )  # fmt: skip
