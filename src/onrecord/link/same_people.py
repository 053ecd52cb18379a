"""This file gathers the speakers of many reports into persons: one person under many spellings, and two persons of one name apart.

Sightings that could be one person meet under the sound of their family name, are weighed (name_evidence.py), and joined from the surest
pair down, never across a clash. The outcome does not hang on the order in which reports came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onrecord.link.name_evidence import SAME, Evidence, Sighting, is_in_table, is_lone, weigh
from onrecord.link.name_sounds import given_starts, sound_keys
from onrecord.link.name_words import read_name

# A family name alone goes to the one whom it fits best, if nobody else fits it within this many points.
MARGIN = 0.75
# A key under which more sightings than this meet (Kim in a large record) is crowded: there each is compared with the next few in spelling.
CROWD, WINDOW = 400, 60


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the usual spelling in the record, every sighting of him, and why they are his.

    `spellings` holds the full names as written, the most frequent first, and lone names that are spelt otherwise than in those.
    """

    name: str
    spellings: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    reasons: tuple[str, ...]


def find_people(sightings: Iterable[Sighting], told: Mapping[frozenset[Sighting], bool] | None = None) -> list[Person]:
    """The persons behind sightings of personal names (names_written.py finds these), in order of name.

    `told` holds what people said of pairs of sightings: one person, or not; it outranks any evidence.
    """
    nodes = sorted({sighting for sighting in sightings if read_name(sighting.written).words}, key=_order)
    scales = Scales(nodes)
    told = told or {}
    apart = {pair for pair, same in told.items() if not same}
    groups = {number: [number] for number in range(len(nodes))}
    reasons: dict[int, list[str]] = {number: [] for number in groups}
    place = list(groups)
    said = [pair for pair, same in told.items() if same and len(pair) == 2 and pair <= set(nodes)]
    pairs = [(*sorted(nodes.index(sighting) for sighting in pair), True) for pair in said]
    pairs += [(one, other, False) for one, other in _surest_first(scales, list(_candidate_pairs(nodes)))]
    for one, other, by_person in pairs:
        left, right = place[one], place[other]
        if left == right or (apart and any(frozenset((nodes[a], nodes[b])) in apart for a in groups[left] for b in groups[right])):
            continue
        if not by_person and any(scales.weigh(a, b).clash for a in groups[left] for b in groups[right]):
            continue
        gone = groups.pop(right)
        groups[left] += gone
        why = "said by a person to be the same" if by_person else "; ".join(scales.weigh(one, other).reasons)
        reasons[left] += [*reasons.pop(right), why]
        for number in gone:
            place[number] = left
    people = [make_person([nodes[n] for n in sorted(members)], reasons[number]) for number, members in groups.items()]
    return sorted(people, key=lambda person: (person.name, person.spellings))


class Scales:
    """Weighs numbered sightings against each other; what makes one person is kept, since of most pairs nothing is asked again."""

    def __init__(self, nodes: Sequence[Sighting]) -> None:
        self.nodes = nodes
        self._kept: dict[tuple[int, int], Evidence] = {}

    def weigh(self, one: int, other: int) -> Evidence:
        """The evidence on two sightings by their numbers."""
        pair = (one, other) if one < other else (other, one)
        evidence = self._kept.get(pair) or weigh(self.nodes[pair[0]], self.nodes[pair[1]])
        if evidence.points >= SAME:
            self._kept[pair] = evidence
        return evidence


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
    points = {pair: value for pair in pairs if (value := scales.weigh(*pair).points) >= SAME}
    sure = list(points)
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


def _candidate_pairs(nodes: Sequence[Sighting]) -> list[tuple[int, int]]:
    """The pairs of sightings that share a key, each once, in order."""
    blocks: dict[str, list[int]] = {}
    lone: dict[str, list[int]] = {}
    for number, node in enumerate(nodes):
        full, families = keys(node)
        for key in full:
            blocks.setdefault(key, []).append(number)
        for family in families:
            (lone if is_short(node) else blocks).setdefault(family, []).append(number)
    found: set[tuple[int, int]] = set()
    for key, members in blocks.items():
        if "/" in key or "+" in key:
            found.update(_near_pairs(members))
    for family, members in lone.items():
        found.update(_near_pairs(members))
        bearers = blocks.get(family, ())[:CROWD]
        found.update((min(one, other), max(one, other)) for one in members[:CROWD] for other in bearers)
    return sorted(found)


def is_short(sighting: Sighting) -> bool:
    """Whether the given name is an initial or missing, so that any bearer of the family name may be meant."""
    return all(len(word) == 1 for name in (sighting.written, sighting.usual) for word in read_name(name).words[:-1])


def _near_pairs(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs of a block; in a crowded one those that stand near each other in order of spelling."""
    reach = len(members) if len(members) <= CROWD else WINDOW
    for place, one in enumerate(members):
        yield from ((one, other) for other in members[place + 1 : place + 1 + reach])


def keys(sighting: Sighting) -> tuple[frozenset[str], frozenset[str]]:
    """The keys under which a sighting meets others by full name, and those of its family name alone.

    A full name has the sound of its family name with the first sound of a given name, or with the group of its nicknames, and the sounds
    of first and last word in any order.
    """
    full: set[str] = set()
    families: set[str] = set()
    for name in {sighting.written, sighting.usual}:
        words = read_name(name).words
        if not words:
            continue
        family = sound_keys(words[-1])
        families |= family
        if len(words) > 1:
            full |= {f"{key}/{start}" for key in family for start in given_starts(words[0])}
            full |= {"+".join(sorted((first, last))) for first in sound_keys(words[0]) for last in family}
    return frozenset(full), frozenset(families)


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
