"""This file finds the people of a record: whoever speaks in it, under every spelling, as far as one name or all of them is asked for.

Persons are worked out when asked for (link/same_people.py), from who is named how in which reports, so nothing can go stale and the order
of arrival does not matter. Statements keep the spelling of their report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, select, true, tuple_

from onrecord.acts.nouns import ON_PAIRS
from onrecord.link.name_evidence import FIRM, Sighting, name_points
from onrecord.link.name_sounds import latin, plain, sound, sound_keys, word_likeness
from onrecord.link.name_words import read_name
from onrecord.link.names_written import personal_name
from onrecord.link.same_people import Person, find_people
from onrecord.store.tables import ABOUT, ACT, ACT_STATE, DEAL_MEMBER, DEAL_PARTY, DOCUMENT, FINDING, REPORT_ORIGIN, STATEMENT
from onrecord.store.versions import counts_on

# Who speaks as whom: speaker, as written, role, organisation, as the statement table holds them.
Called = tuple[str, str, str, str]
NAMED = (STATEMENT.c.speaker, STATEMENT.c.as_written, STATEMENT.c.role, STATEMENT.c.organization)
# Reports remembered for each way of naming somebody: enough to tell copies and namesakes, however often he speaks.
REPORTS_KEPT = 500
# Points from which a name asked for in full is a person's name: alike in every word.
ASKED = 2.0
# Up to so many ways of naming somebody are looked for by themselves.
AT_A_TIME = 400


@dataclass(slots=True)
class _Seen:
    first: str = ""
    last: str = ""
    statements: int = 0
    reports: set[str] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the record with every way in which the statement table names him."""

    person: Person
    called: tuple[Called, ...]


def people_named(db: Connection, name: str) -> list[Named]:
    """The persons whom a name may mean, each under all his spellings; none if nobody in the record has a name like it.

    A family name alone means those who bear just that one, in any transliteration; if there are none, those with one like it.
    """
    asked = personal_name(name) or name
    words = read_name(asked).words
    if not words:
        return []
    told = _told(db)
    near = {called for called in _all_called(db) if _could_be(called[:2], words)}
    # Whom a person said to be the same may have quite another name.
    while more := {one for pair, same in told.items() if same and pair & near for one in pair} - near:
        near |= more
    people = _people(db, sorted(near), told)
    exact = [found for found in people if any(_is_called(asked, spelling) for spelling in _spellings(found.person))]
    return exact or [found for found in people if any(_is_like(asked, spelling) for spelling in _spellings(found.person))]


def all_people(db: Connection) -> list[Named]:
    """Every person who speaks in the record, in order of name."""
    return _people(db, _all_called(db), _told(db))


def statements_of(people: Iterable[Named]) -> ColumnElement[bool] | None:
    """The condition that a statement is one of these people's; None for nobody."""
    called = [called for found in people for called in found.called]
    return tuple_(*NAMED).in_(called) if called else None


def _all_called(db: Connection) -> Iterator[Called]:
    for row in db.execute(select(*NAMED).distinct()):
        yield row.speaker, row.as_written, row.role, row.organization


def _told(db: Connection) -> dict[frozenset[Called], bool]:
    """What people said of the speakers of two statements: one person or not; the latest on a pair holds, and unsure takes it back."""
    query = (
        select(ACT_STATE.c.act, ACT_STATE.c.place, ACT.c.verb, *NAMED)
        .join(ACT, ACT.c.number == ACT_STATE.c.act)
        .join(FINDING, FINDING.c.id == ACT_STATE.c.finding_id)
        .join(STATEMENT, STATEMENT.c.finding == FINDING.c.number)
        .where(ACT.c.verb.in_(ON_PAIRS))
        .order_by(ACT_STATE.c.act, ACT_STATE.c.document, ACT_STATE.c.place)
    )
    sides: dict[tuple[int, str], dict[int, Called]] = {}
    for row in db.execute(query):
        sides.setdefault((row.act, row.verb), {})[row.place] = (row.speaker, row.as_written, row.role, row.organization)
    told: dict[frozenset[Called], bool] = {}
    for (_, verb), two in sides.items():
        if len(two) == 2:
            told.pop(frozenset(two.values()), None)
            if verb != "unsure":
                told[frozenset(two.values())] = verb == "same"
    return told


def _people(db: Connection, called: Iterable[Called], told: Mapping[frozenset[Called], bool]) -> list[Named]:
    sightings: dict[Sighting, list[Called]] = {}
    for one, seen in _seen(db, [called_so for called_so in called if _name(called_so)]).items():
        written, usual = _name(one) or ("", "")
        sighting = Sighting(
            written, usual, one[2], one[3], frozenset(seen.states), frozenset(seen.reports), frozenset(seen.stories),
            seen.first, seen.last, seen.statements,
        )  # fmt: skip
        sightings.setdefault(sighting, []).append(one)
    of = {one: sighting for sighting, several in sightings.items() for one in several}
    pairs = {frozenset(of[one] for one in pair): same for pair, same in told.items() if all(one in of for one in pair)}
    people = find_people(sightings, pairs)
    return [Named(person, tuple(one for sighting in person.sightings for one in sightings[sighting])) for person in people]


def _name(called: Called) -> tuple[str, str] | None:
    """The person's name as the report writes it and as the record has it; None where nobody is named."""
    speaker, as_written, role, organization = called
    written, usual = (personal_name(name, beside=f"{role} {organization}") for name in (as_written, speaker))
    if not (written or usual) or speaker == organization:
        return None
    fits = written and (not usual or name_points(written, usual)[0] > 0)
    return (written, usual or written) if fits else (usual, usual)


def _seen(db: Connection, called: Sequence[Called]) -> dict[Called, _Seen]:
    """When, in which reports and about which states each way of naming somebody occurs."""
    found: dict[Called, _Seen] = {one: _Seen() for one in called}
    # Many are looked for in one reading of the table.
    these = tuple_(*NAMED).in_(called) if len(called) <= AT_A_TIME else true()
    query = (
        select(*NAMED, STATEMENT.c.known, STATEMENT.c.document, DOCUMENT.c.id, REPORT_ORIGIN.c.origin)
        .join_from(STATEMENT, DOCUMENT, DOCUMENT.c.number == STATEMENT.c.document)
        .outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == STATEMENT.c.document)
        .where(these, counts_on(None))
    )
    for row in db.execute(query):
        if seen := found.get((row.speaker, row.as_written, row.role, row.organization)):
            seen.statements += 1
            if row.known:
                seen.first, seen.last = min(seen.first or row.known, row.known), max(seen.last, row.known)
            if len(seen.reports) < REPORTS_KEPT:
                seen.reports.add(row.id)
                seen.stories.add(str(row.origin or row.document))
    # By distinct deals, since of one deal hundreds of transfers may tell the same sides.
    spoken = (
        select(*NAMED, DEAL_MEMBER.c.deal)
        .distinct()
        .join_from(STATEMENT, ABOUT, ABOUT.c.finding == STATEMENT.c.finding)
        .join(DEAL_MEMBER, DEAL_MEMBER.c.finding == ABOUT.c.transfer)
        .where(these)
        .cte("spoken")
    )
    sides = (
        select(DEAL_PARTY.c.deal, DEAL_PARTY.c.party)
        .distinct()
        .where(DEAL_PARTY.c.role != "equipment", DEAL_PARTY.c.deal.in_(select(spoken.c.deal)))
        .cte("sides")
    )
    named = [*(spoken.c[column.name] for column in NAMED), sides.c.party]
    states = select(*named).distinct().join(sides, sides.c.deal == spoken.c.deal)
    for speaker, written, role, organization, party in db.execute(states):
        if seen := found.get((speaker, written, role, organization)):
            seen.states.add(party)
    return {one: seen for one, seen in found.items() if seen.statements}


def _could_be(names: Iterable[str], words: Sequence[str]) -> bool:
    """Whether a name ends like the family name asked for, or holds every word asked for in some order, by their sound."""
    for name in names:
        parts = [_keys(part) for part in name.split()]
        if parts and sound_keys(words[-1]) & parts[-1] or all(any(sound_keys(word) & part for part in parts) for word in words):
            return True
    return False


@lru_cache(maxsize=200_000)
def _keys(word: str) -> frozenset[str]:
    bare = "".join(letter for letter in latin(word).lower() if letter.isascii() and letter.isalpha())
    return sound_keys(bare) if bare else frozenset()


def _spellings(person: Person) -> set[str]:
    return {person.name, *person.spellings, *(sighting.usual for sighting in person.sightings)}


def _is_called(asked: str, spelling: str) -> bool:
    """Whether a spelling is the name asked for, letter for letter or sound for sound; a family name alone is enough."""
    words, theirs = read_name(asked).words, read_name(spelling).words
    if len(words) == 1:
        return bool(theirs) and sound(words[0]) == sound(theirs[-1])
    return plain(asked).lower() == plain(spelling).lower() or set(map(sound, words)) <= set(map(sound, theirs))


def _is_like(asked: str, spelling: str) -> bool:
    words, theirs = read_name(asked).words, read_name(spelling).words
    if len(words) == 1:
        return bool(theirs) and word_likeness(words[0], theirs[-1]) >= FIRM
    return len(theirs) > 1 and name_points(asked, spelling)[0] >= ASKED
