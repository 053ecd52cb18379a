"""This file weighs what two speakers' names, roles, bodies, states and days say on whether they are one person, in points with reasons.

A clash that no other evidence outweighs (another given name, another state, both at once in one report) is told apart from weak evidence.
All points were set by thought, and tried on annotated stories of several reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from onrecord import vocab
from onrecord.link.name_sounds import plain, sound, sound_likeness
from onrecord.link.name_words import read_name
from onrecord.link.names_alike import Comparison, Pair, features, score, side_by_side, weights
from onrecord.link.people import role_classes, states_in

# Points for a full name that is the same, for one that sounds alike (at most), for a family name alone that is the same.
SAME_NAME, ALIKE_NAME, LONE_NAME = 4.0, 3.0, 1.5
# Words of one name are at least this much alike; below the second, or in a short word of another sound, a copy must bear it out.
LEAST_ALIKE, FIRM = 0.6, 0.72
SHORT_WORD = 4
# Points from which two sightings are one person: a full name that is the same, or an alike one with a role or a state to bear it out.
SAME = 3.5
SAME_ROLE, OTHER_ROLE, OUTSIDER = 1.5, -1.0, -2.5
# A full name that the table of office-holders has is seldom another's.
KNOWN = 1.0
SAME_BODY, SAME_STATE, NEAR_STATE, SAME_STORY = 1.5, 1.0, 0.5, 2.0
# Years between two sightings after which a post proves less.
LONG_AGO, LONG_AGO_POINTS = 10, -1.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """One way in which reports name a speaker, with what is known of him there.

    `written` is the reports' spelling, `usual` the one under which the analysis put him on record; `states` are those of the deals that
    he speaks of; `reports` names the reports, `stories` their originals (copies share one); `first` and `last` are ISO days or "".
    """

    written: str
    usual: str
    role: str = ""
    organization: str = ""
    states: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    stories: frozenset[str] = frozenset()
    first: str = ""
    last: str = ""
    statements: int = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for two sightings being one person: points with their reasons; `clash` where nothing can make them one."""

    points: float
    reasons: tuple[str, ...]
    clash: bool = False


CLASH = 0.0


def weigh(one: Sighting, other: Sighting) -> Evidence:
    """All the evidence on whether two sightings are of one person."""
    story = bool(one.stories & other.stories)
    named = name_evidence(one, other, story=story)
    if named.clash or named.points <= 0:
        return named
    reasons = [*named.reasons]
    left, right = own_states(one), own_states(other)
    known = plain(one.usual) == plain(other.usual) and is_in_table(one.usual) and not is_lone(one)
    if left and right and not left & right and not (known and role_classes(one.role) & role_classes(other.role)):
        return Evidence(CLASH, (f"of {'/'.join(sorted(left))} and of {'/'.join(sorted(right))}",), clash=True)
    if are_holders_of_two(one.usual, other.usual):
        return Evidence(CLASH, ("two office-holders of the table",), clash=True)
    same_spelling = plain(one.usual) == plain(other.usual) or plain(one.written) == plain(other.written)
    if one.reports & other.reports and not same_spelling and not is_lone(one) and not is_lone(other):
        return Evidence(CLASH, ("both named in one report",), clash=True)
    points = named.points + (KNOWN if known else 0.0)
    for value, reason in [*_states(one, other, left, right), *_roles(one, other), *_bodies(one, other), *_times(one, other, story)]:
        points += value
        reasons.append(reason)
    return Evidence(points, tuple(reasons))


@lru_cache(maxsize=50_000)
def name_points(one: str, other: str) -> tuple[float, str, bool]:
    """Points for two spellings, the reason, and whether a copy must bear it out; negative points are a clash of full names."""
    comparison = side_by_side(one, other)
    left, right = comparison.left, comparison.right
    if not left.words or not right.words:
        return 0.0, "no name to compare", False
    lone = min(len(left.words), len(right.words)) == 1
    if left.words == right.words:
        return (LONE_NAME if lone else SAME_NAME), "the same name", False
    if lone:
        return _lone_points(comparison)
    if not _one_person_possible(comparison):
        return -1.0, "another name", False
    fragile = any(_is_fragile(comparison, pair) for pair in comparison.pairs)
    likely = score(features(comparison, False), weights())
    spelling = max(ALIKE_NAME * likely, LONE_NAME)
    return spelling, f"spelt alike {min(pair.likeness for pair in comparison.pairs):.2f}", fragile


def name_evidence(one: Sighting, other: Sighting, *, story: bool) -> Evidence:
    """The best that any spelling of one has in common with any of the other."""
    found = [(*name_points(a, b), a, b) for a in {one.written, one.usual} for b in {other.written, other.usual}]
    points, reason, fragile, left, right = max(found)
    if points < 0:
        return Evidence(CLASH, (reason,), clash=True)
    return Evidence(0.0 if fragile and not story else points, (f"{reason}: {left}, {right}" if left != right else f"{reason}: {left}",))


def own_states(sighting: Sighting) -> frozenset[str]:
    """The states that a speaker's role and organisation name, or that his organisation acts for."""
    words = f"{sighting.organization} {sighting.role}".strip()
    return states_in(words) or _states_of_body(sighting.organization)


def is_lone(sighting: Sighting) -> bool:
    """Whether only one word of the name is known."""
    return max(len(read_name(name).words) for name in (sighting.written, sighting.usual)) <= 1


def are_holders_of_two(one: str, other: str) -> bool:
    """Whether the table of office-holders knows two names as names of two persons, and of no one person."""
    left, right = _holders().get(plain(one).lower(), frozenset()), _holders().get(plain(other).lower(), frozenset())
    return bool(left and right and not left & right and plain(one) != plain(other))


def is_in_table(name: str) -> bool:
    """Whether the table of office-holders knows a name in just this spelling, accents aside."""
    return plain(name).lower() in _holders()


def _lone_points(comparison: Comparison) -> tuple[float, str, bool]:
    """A family name alone counts only against the other's family name."""
    left, right = comparison.left.words, comparison.right.words
    pair = next((p for p in comparison.pairs if p.left == len(left) - 1 and p.right == len(right) - 1), None)
    if pair is None or pair.likeness < FIRM:
        return 0.0, "another family name", False
    fragile = _is_fragile(comparison, pair)
    if pair.likeness == 1:
        return LONE_NAME, "the same family name", False
    return LONE_NAME * pair.likeness, f"family name alike {pair.likeness:.2f}", fragile


def _one_person_possible(comparison: Comparison) -> bool:
    """Whether two full names fit: nothing left over on both sides, family names paired, no pair too far apart, no father for a son."""
    left, right, pairs = comparison.left, comparison.right, comparison.pairs
    if len(pairs) < 2 or (comparison.left_over and comparison.right_over):
        return False
    if min(pair.likeness for pair in pairs) < LEAST_ALIKE or any((b, a) in right.children for a, b in left.children):
        return False
    ends = {pair.left + pair.left_words for pair in pairs}, {pair.right + pair.right_words for pair in pairs}
    return len(left.words) in ends[0] and len(right.words) in ends[1]


def _is_fragile(comparison: Comparison, pair: Pair) -> bool:
    """Whether a pair of words may as well be two names: far apart, or short and of another sound."""
    one = "".join(comparison.left.words[pair.left : pair.left + pair.left_words])
    other = "".join(comparison.right.words[pair.right : pair.right + pair.right_words])
    short = min(len(one), len(other)) <= SHORT_WORD and pair.how in {"sounds like", "is spelt like"}
    return pair.likeness < FIRM or (short and sound_likeness(sound(one), sound(other)) < 1)


def _states(one: Sighting, other: Sighting, left: frozenset[str], right: frozenset[str]) -> Iterator[tuple[float, str]]:
    if left & right:
        yield SAME_STATE, f"of {'/'.join(sorted(left & right))}"
    elif near := (left | one.states) & (right | other.states):
        yield NEAR_STATE, f"both speak of {'/'.join(sorted(near))}"


def _roles(one: Sighting, other: Sighting) -> Iterator[tuple[float, str]]:
    left, right = role_classes(one.role), role_classes(other.role)
    if (left & right) or _role_words(one.role) & _role_words(other.role):
        yield SAME_ROLE, f"in one role: {one.role}, {other.role}" if one.role != other.role else f"in one role: {one.role}"
    elif one.role and other.role:
        outside = is_outsider(one.role) != is_outsider(other.role)
        yield OUTSIDER if outside else OTHER_ROLE, f"in other roles: {one.role}, {other.role}"


def _bodies(one: Sighting, other: Sighting) -> Iterator[tuple[float, str]]:
    left, right = (plain(sighting.organization).lower() for sighting in (one, other))
    if left and left == right:
        yield SAME_BODY, f"of one body: {one.organization}"


def _times(one: Sighting, other: Sighting, story: bool) -> Iterator[tuple[float, str]]:
    if story:
        yield SAME_STORY, "in copies of one report"
    days = sorted([(one.first, one.last), (other.first, other.last)])
    if days[0][1] and days[1][0] and int(days[1][0][:4]) - int(days[0][1][:4]) > LONG_AGO:
        yield LONG_AGO_POINTS, f"{days[0][1][:4]} and {days[1][0][:4]}"


def is_outsider(role: str) -> bool:
    """Whether a role is a calling outside public office."""
    return bool(_outsiders().search(role.lower()))


@cache
def _outsiders() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, vocab.words('callings')['outsiders']))})s?\b")


def _role_words(role: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", role.lower())) - frozenset(vocab.words("callings")["empty"])


@cache
def _body_states() -> Mapping[str, str]:
    """The state that each body or company of the tables acts for, by every name of it in small letters."""
    rows = [*((row, row["iso2_or_org"]) for row in vocab.table("bodies")), *((row, row["iso2"]) for row in vocab.table("companies"))]
    return {name.lower(): state for row, state in rows if len(state) == 2 for name in (row["name"], *vocab.cells(row["aliases"]))}


def _states_of_body(organization: str) -> frozenset[str]:
    state = _body_states().get(organization.lower())
    return frozenset({state}) if state else frozenset()


@cache
def _holders() -> Mapping[str, frozenset[str]]:
    """The persons that the table knows under each name, by the name in small plain letters."""
    found: dict[str, frozenset[str]] = {}
    for row in vocab.table("people"):
        for name in (row["name"], *vocab.cells(row["aliases"])):
            key = plain(name).lower()
            found[key] = found.get(key, frozenset()) | {row["person_id"]}
    return found
