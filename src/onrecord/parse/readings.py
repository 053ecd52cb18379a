"""This file chooses, for a surface in its context, the reading that the words around it allow, or none."""

from __future__ import annotations

import re
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene, noun_pattern
from onrecord.parse.surfaces import Reading

COMBINING = {"Sino", "Franco", "Anglo", "Indo", "Luso", "Italo", "Hispano", "Russo", "Viet", "Pak", "Helvetic"}
LAST_DAYS = (("SU", "1991-12-25"), ("CS", "1992-12-31"), ("YU", "2003-02-03"), ("DD", "1990-10-02"))
WORD_BEFORE = re.compile(r"([\w.'&-]+)[ ]\"?$")
WORD_AFTER = re.compile(r"\"?[ ]([\w.'&-]+)")
ROAD = re.compile(
    r"\b(?:highway|motorway|road|route|exit|junction|paper|sheet|page|room|gate|seat|row|terminal|platform|bus|line|size|visa|group|channel)\s$"
)
SOURCED = re.compile(
    r"report|told|according|newspaper|daily|agency|magazine|quot|cit|wrote|writes|said|says|news|correspondent|broadcaster|\(\s*\||\|\s*\)"
)
PRIORITY = {
    "equipment": 0,
    "state": 1,
    "body": 2,
    "company": 3,
    "programme": 4,
    "person": 5,
    "agency": 6,
    "goods": 7,
    "office": 8,
    "short office": 9,
}


def choose(scene: Scene, start: int, end: int, readings: tuple[Reading, ...], known: frozenset[str]) -> Reading | None:
    """The best reading that the context allows; `known` holds the names and keys that the report has already given without doubt."""
    allowed = [r for r in readings if allows(scene, start, end, r, known)]
    if not allowed:
        return None
    if len(allowed) > 1 and all(r.kind == "state" for r in allowed):
        return _state_of_the_day(scene, allowed, known)
    return min(allowed, key=lambda r: (bool(r.guard), PRIORITY[r.kind]))


def allows(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    """Whether the context allows a reading."""
    if reading.kind == "state":
        return _allows_state(scene, start, end, reading, known)
    if reading.kind == "equipment":
        return _allows_equipment(scene, start, end, reading, known)
    if not reading.guard:
        return True
    surface = scene.text[start:end]
    if reading.kind == "agency":
        return bool(SOURCED.search(scene.near(start, end, 25)))
    if surface.isupper():
        return scene.arms
    return scene.arms and not _inside_name(scene, start, end)


def _allows_state(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    surface, words = scene.text[start:end], _lists()
    before, after = neighbours(scene, start, end)
    if surface in COMBINING:
        return scene.text[end : end + 1] == "-"
    if reading.how in {"name", "capital"}:
        following = scene.text[end + 1 : end + 20]
        if any(re.match(re.escape(w) + r"\b", following) for w in words["after"]) or (before in words["before"] and reading.guard):
            return False
        if scene.sport and reading.how == "capital":
            return False
    if not reading.guard:
        return True
    if reading.how == "capital":
        return surface in {"Moscow", "Moskva", "Prague", "Praha", "Belgrade", "Beograd", "Tripoli", "Delhi", "Almaty", "Lagos", "Aden"} | (
            set() if _inside_name(scene, start, end) else {"Washington", "D.C."}
        ) or (reading.name in known and not _inside_name(scene, start, end))
    if surface.isupper() and surface.isalpha() and surface != "US":
        return reading.name in known
    if surface == "US":
        return not (before.isupper() and len(before) > 2 and after.isupper() and len(after) > 2)
    if surface == "Turkey" and any(re.search(rf"\b{w}\b", scene.near(start, end, 25)) for w in words["bird"]):
        return False
    if surface == "Georgia" and re.search(
        r"\b(?:atlanta|savannah|marietta|augusta|governor|u\.s\. state|state of|sen\.)\b", scene.near(start, end, 60)
    ):
        return False
    return reading.how != "name" or not _inside_name(scene, start, end)


def _state_of_the_day(scene: Scene, readings: list[Reading], known: frozenset[str]) -> Reading:
    for code, last in LAST_DAYS:
        former = next((r for r in readings if r.party == code), None)
        if former and scene.day and scene.day <= last:
            return former
    today = [r for r in readings if r.party not in {code for code, _ in LAST_DAYS}] or readings
    return next((r for r in today if r.name in known), today[0])


def _allows_equipment(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    if not reading.guard:
        return True
    surface = scene.text[start:end]
    if ROAD.search(scene.lower[max(0, start - 14) : start]) or scene.lower[end : end + 12].startswith(
        (" motorway", " highway", " road", " paper", " visa")
    ):
        return False
    if not surface[:1].isupper() and not surface[:1].isdigit():
        return False
    if reading.key in known and not _inside_name(scene, start, end):
        return True
    if scene.sport or scene.nature:
        return False
    if reading.guard == "code":
        return scene.arms or _hinted(scene, start, end, reading)
    if _next_to_noun(scene, start, end, reading):
        return True
    if reading.guard == "word" and scene.arms:
        mid_sentence = bool(re.search(r"[\w,;\"(][ ]\"?$", scene.text[max(0, start - 3) : start]))
        return mid_sentence and not _inside_name(scene, start, end)
    return False


def _hinted(scene: Scene, start: int, end: int, reading: Reading) -> bool:
    around = scene.near(start, end)
    return any(hint in around for hint in reading.hints) or bool(noun_pattern().search(around))


def _next_to_noun(scene: Scene, start: int, end: int, reading: Reading) -> bool:
    after = scene.lower[end : end + 45]
    before = scene.lower[max(0, start - 30) : start]
    after = re.split(r"[.;:!?]|\n", after, maxsplit=1)[0]
    before = re.split(r"[.;:!?]|\n", before)[-1]
    if any(re.search(rf"\b{re.escape(h)}", after) or re.search(rf"\b{re.escape(h)}", before) for h in reading.hints if len(h) > 2):
        return True
    return bool(noun_pattern().search(after[:28]))


def neighbours(scene: Scene, start: int, end: int) -> tuple[str, str]:
    """The words right before and after a span, "" where punctuation stands between."""
    before = WORD_BEFORE.search(scene.text[max(0, start - 30) : start])
    after = WORD_AFTER.match(scene.text[end : end + 30])
    return before.group(1) if before else "", after.group(1) if after else ""


def _inside_name(scene: Scene, start: int, end: int) -> bool:
    before, after = neighbours(scene, start, end)
    opens = bool(re.search(r"(?:^|[.!?:\n\"]\s*)$", scene.text[max(0, start - 30) : start - len(before) - 1])) if before else False
    named_before = before[:1].isupper() and not opens and not before.isupper() and before not in _titles() and not _is_state_word(before)
    named_after = after[:1].isupper() and after[1:2].islower() and not _is_state_word(after) and after.lower() not in _class_words()
    return named_before or named_after


@cache
def _titles() -> frozenset[str]:
    return frozenset(
        {
            "The",
            "A",
            "In",
            "For",
            "With",
            "And",
            "But",
            "Used",
            "New",
            "When",
            "While",
            "If",
            "As",
            "From",
            "Both",
            "Two",
            "Three",
            "Four",
            "Five",
            "Six",
        }
    )


@cache
def _class_words() -> frozenset[str]:
    from onrecord.parse.surfaces import class_nouns

    return frozenset(word for form in class_nouns() for word in form.split(" "))


@cache
def _state_words() -> frozenset[str]:
    rows = vocab.table("states")
    return frozenset(
        w for row in rows for column in ("name", "adjectives", "demonyms", "aliases", "capital") for w in vocab.cells(row[column])
    )


def _is_state_word(word: str) -> bool:
    return word.removesuffix("'s").split("-")[0] in _state_words()


@cache
def _lists() -> dict[str, list[str]]:
    return dict(vocab.words("names")["not_state"])
