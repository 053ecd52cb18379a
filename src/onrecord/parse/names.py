"""This file finds every name in a text: states, bodies, companies, agencies, programmes, people and equipment, in one pass over it.

Each surface that the tables hold is judged by its context (readings), the longest that stands is kept, and what needs its neighbours
(ministries, designations of an unknown shape, common nouns) is worked out from there.
"""

from __future__ import annotations

import re

from onrecord.parse.bodies import find_bodies
from onrecord.parse.equipment import find_equipment
from onrecord.parse.readings import choose
from onrecord.parse.scene import Scene, read_scene
from onrecord.parse.surfaces import Reading, automaton, plain
from onrecord.records import Mention, Parsed

VARIANT = re.compile(
    r"(?:[A-Z]{1,4}\d{0,2}[A-Z]?\d?\+{0,2})?(?:[-/][A-Z0-9]{1,4}\+{0,2}(?![a-z]))*(?:[ ](?:Block|Mk\.?|Batch|Tranche)[ ]?\d+[A-Z]?(?:/\d+)?)?"
)
Hit = tuple[int, int, tuple[Reading, ...]]


def find_names(parsed: Parsed) -> list[Mention]:
    """Mentions of everything that a table names or a rule knows, in text order, none inside another."""
    original = parsed.document.text if parsed.title is not None else parsed.document.title
    scene = read_scene(parsed, original)
    found = _chosen(scene, list(_hits(scene)), original)
    found = find_bodies(scene, found, original)
    found = find_equipment(parsed, scene, found, original)
    return sorted((m for m in found if m.kind not in {"goods", "office", "short office"}), key=lambda m: (m.start, -m.end))


def _hits(scene: Scene) -> list[Hit]:
    text = scene.text
    matcher, readings = automaton()
    hits = []
    for number, start, end in matcher.find_matches_as_indexes(text, overlapping=True):
        if start and (text[start - 1].isalnum() or (text[start - 1] == "-" and text[start - 2 : start - 1].isupper())):
            continue
        closed = _closed_end(text, start, end, readings[number])
        if closed:
            hits.append((start, closed, readings[number]))
    return hits


def _closed_end(text: str, start: int, end: int, readings: tuple[Reading, ...]) -> int:
    after = text[end : end + 1]
    equipment = any(r.kind == "equipment" for r in readings)
    if equipment and text[end - 1].isdigit() and (after.isupper() or after in "-/ "):
        stop = end + len(VARIANT.match(text, end).group())  # type: ignore[union-attr]
        if not text[stop : stop + 1].isalnum():
            return stop
        if text[stop : stop + 1] == "s" and not text[stop + 1 : stop + 2].isalnum():
            return stop + 1
    if not after.isalnum():
        return end
    if after == "s" and not text[end + 1 : end + 2].isalnum() and equipment:
        return end + 1
    return 0


def _chosen(scene: Scene, hits: list[Hit], original: str) -> list[Mention]:
    known = frozenset(_certain(hits))
    chosen: list[Mention] = []
    last = 0
    for start, end, readings in sorted(hits, key=lambda h: (h[0], -h[1])):
        if start < last:
            continue
        reading = choose(scene, start, end, readings, known)
        if reading is None:
            continue
        last = end
        chosen.append(_mention(scene, original, start, end, reading))
    return chosen


def _certain(hits: list[Hit]) -> set[str]:
    sure = {r.key or r.name for _, _, readings in hits for r in readings if not r.guard and r.kind in {"equipment", "state"}}
    return sure | {r.name for _, _, readings in hits for r in readings if not r.guard and r.kind == "state"}


def _mention(scene: Scene, original: str, start: int, end: int, reading: Reading) -> Mention:
    reason = ""
    if reading.kind == "state" and reading.how == "capital":
        if scene.dateline and scene.dateline[0] <= start < scene.dateline[1]:
            reason = "dateline"
        elif re.search(r"\b(?:in|at|near|outside|around)\s$", scene.lower[max(0, start - 9) : start]):
            reason = "place"
    return Mention(
        start,
        end,
        reading.kind,
        original[start:end],
        reading.name,
        reading.party,
        reading.how,
        reason=reason or reading.key if reading.kind == "office" else reason,
        value=reading.value,
    )


__all__ = ["find_names", "plain"]
