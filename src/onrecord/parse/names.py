"""This file finds every name in a text: states, bodies, companies, agencies, programmes, people and equipment, in one pass over it.

Each surface that the tables hold is judged by its context (readings), the longest that stands is kept, and what needs its neighbours
(ministries, short names of people, designations of an unknown shape, common nouns) is worked out from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from onrecord.parse.bodies import find_bodies
from onrecord.parse.equipment import find_codes, find_goods, find_shapes, pair_designations
from onrecord.parse.forms import Reading, without_noun
from onrecord.parse.neighbours import of_a_person
from onrecord.parse.persons import find_persons
from onrecord.parse.programmes import find_programmes
from onrecord.parse.readings import beside_noun, choose, fits_noun
from onrecord.parse.scene import GAP, Scene, part_scene, report_scene
from onrecord.parse.spellings import settle_names
from onrecord.parse.states import find_short_states
from onrecord.parse.surfaces import automaton
from onrecord.records import Document, Mention, Parsed

# What may follow a designation that ends in a figure: "F-16" C/D, "Leopard 2" A7+, "Su-30" MKM, "F-16V" Block 70; with a space between
# too: "Leopard 1" A5, "F-15" EX before a noun.
VARIANT = re.compile(
    r"(?:[A-Z]{1,4}\d{0,2}[A-Z]?\d?\+{0,2})?(?:[-/][A-Z0-9]{1,4}\+{0,2}(?![a-z]))*"
    r"(?:[ ](?:[A-Z]\d[A-Z]?\+{0,2}(?![\w/+-])|(?!(?:US|UK|UN|EU|UAE|I)\b)[A-Z]{1,3}(?:/[A-Z]{1,2})?(?=[ ][a-z])))?"
    r"(?:[ ](?:Block|Mk\.?|Batch|Tranche)[ ]?\d+[A-Z]?(?:/\d+)?)?"
)
# States that are written in letters, before the hyphen of a word that names two.
LETTERS = re.compile(r"(?<![\w.-])(?:US|UK|UAE|EU|USSR)-$")
PLACE = re.compile(r"\b(?:in|at|near|outside|around)\s$")
Hit = tuple[int, int, tuple[Reading, ...]]


def find_names(parsed: Parsed) -> list[Mention]:
    """Mentions of everything that a table names or a rule knows, in text order, none inside another."""
    document, is_title = parsed.document, parsed.title is None
    text = document.title if is_title else document.text
    scene = part_scene(report_scene(document), text)
    found = _chosen(scene, text, _part_hits(document, is_title=is_title), _known(document))
    found = find_persons(scene, found, text)
    found = find_short_states(scene, found, text)
    found = find_programmes(scene, found, text)
    found = find_bodies(parsed, scene, found, text)
    found = find_shapes(parsed, scene, found, text)
    found = find_codes(parsed, scene, found, text)
    found = find_goods(parsed, scene, found)
    return settle_names(scene, pair_designations(found, text))


def _part_hits(document: Document, *, is_title: bool) -> Iterator[Hit]:
    """The hits of the title or of the text alone, with its own offsets."""
    first = 0 if is_title else len(document.title) + len(GAP)
    last = len(document.title) if is_title else first + len(document.text)
    return ((start - first, end - first, readings) for start, end, readings in _hits(document) if first <= start and end <= last)


@lru_cache(maxsize=4)
def _hits(document: Document) -> list[Hit]:
    """Every stretch of a report that is a surface on word boundaries, with all its readings, leftmost and longest first."""
    text = report_scene(document).text
    matcher, readings = automaton()
    hits: dict[tuple[int, int], list[tuple[int, tuple[Reading, ...]]]] = {}
    for number, start, end in matcher.find_matches_as_indexes(text, overlapping=True):
        if start and (text[start - 1].isalnum() or (_is_code(text, start) and not _is_partner(text, start, readings[number]))):
            continue
        closed = _closed_end(text, start, end, readings[number])
        if closed:
            hits.setdefault((start, -closed), []).append((-end, readings[number]))
    return [(start, -end, _merged(hits[start, end])) for start, end in sorted(hits)]


def _is_code(text: str, start: int) -> bool:
    """Whether what stands before a surface makes it look like the end of a code."""
    return text[start - 1] == "-" and text[start - 2 : start - 1].isupper()


def _is_partner(text: str, start: int, readings: tuple[Reading, ...]) -> bool:
    """Whether a surface is the adjective of a state that is written as one word with another one's letters: "the US-Israeli missile"."""
    return any(r.how == "adjective" for r in readings) and bool(LETTERS.search(text[max(0, start - 6) : start]))


def _merged(found: list[tuple[int, tuple[Reading, ...]]]) -> tuple[Reading, ...]:
    """The readings of one stretch, those of the longest surface first ("Hawks" before the "Hawk" in it)."""
    if len(found) == 1:
        return found[0][1]
    return tuple(reading for _, readings in sorted(found, key=lambda each: each[0]) for reading in readings)


def _closed_end(text: str, start: int, end: int, readings: tuple[Reading, ...]) -> int:
    """Where a surface ends as a word, with its variant letters or plural; 0 where it is only a part of a longer word."""
    after = text[end : end + 1]
    equipment = any(reading.kind == "equipment" for reading in readings)
    if equipment and text[end - 1].isdigit() and (after.isupper() or after in {"-", "/", " "}):
        variant = VARIANT.match(text, end)
        end = variant.end() if variant else end
        after = text[end : end + 1]
    if equipment and text[end - 1].isdigit() and after in {".", ","} and text[end + 1 : end + 2].isdigit():
        # A sum: "P21.03 billion" is of pesos.
        return 0
    if not after.isalnum():
        return end
    many = next((ending for ending in ("s", "es") if equipment and text.startswith(ending, end)), "")
    if many and (many == "s" or text[end - 1] in "xzsh") and not text[end + len(many) : end + len(many) + 1].isalnum():
        return end + len(many)
    return 0


@lru_cache(maxsize=4)
def _known(document: Document) -> frozenset[str]:
    """The states and the families of equipment that a report names beyond doubt, title and text together."""
    scene = report_scene(document)
    sure = set()
    for start, end, readings in _hits(document):
        for reading in readings:
            if reading.kind == "state" and not reading.guard:
                sure.add(reading.name)
            elif reading.kind == "equipment" and _sure(scene, start, end, reading):
                sure.add(reading.key)
    return frozenset(sure)


def _sure(scene: Scene, start: int, end: int, reading: Reading) -> bool:
    return not reading.guard or (
        scene.text[start].isupper()
        and reading.how == "name"
        and not of_a_person(scene, start)
        and fits_noun(reading, beside_noun(scene, start, end))
    )


def _chosen(scene: Scene, text: str, hits: Iterable[Hit], known: frozenset[str]) -> list[Mention]:
    if known and not scene.arms and not scene.sport and not scene.nature:
        scene = replace(scene, arms=any(any(c.isdigit() for c in name) for name in known))
    chosen: list[Mention] = []
    last = open_until = 0
    for start, end, readings in hits:
        # A programme that is named after its equipment ("the F-35 programme") leaves the designation to be found in it.
        inside = last <= start or (start < open_until and end < open_until and any(r.kind == "equipment" for r in readings))
        if readings[0].kind == "equipment" and scene.dateline and start < scene.dateline[1]:
            continue
        if inside and (reading := choose(scene, start, end, readings, known)) is not None:
            last = max(last, end)
            open_until = end if reading.kind == "programme" else min(open_until, start)
            end = _designation_end(scene, start, end) if reading.kind == "equipment" else end
            how = "alias" if reading.how == "namesake" else reading.how
            reason = _place(scene, start) if reading.how == "capital" else reading.key
            chosen.append(Mention(start, end, reading.kind, text[start:end], reading.name, reading.party, how, 1.0, reason, reading.value))
    return chosen


def _designation_end(scene: Scene, start: int, end: int) -> int:
    """Where a designation ends, without the class noun that its surface may hold ("Cobra helicopters")."""
    bare = without_noun(scene.text[start:end])
    return start + len(bare)


def _place(scene: Scene, start: int) -> str:
    """Whether a capital is only a place here: in the dateline or after "in"."""
    if scene.dateline and scene.dateline[0] <= start < scene.dateline[1]:
        return "dateline"
    return "place" if PLACE.search(scene.lower[max(0, start - 9) : start]) else ""
