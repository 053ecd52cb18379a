"""This file finds equipment that no table holds, by shape, and the common nouns for goods that stand without a designation."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import class_nouns
from onrecord.records import Equipment, Mention, Parsed

CODE = r"(?:[A-Z]{1,5}[-/ ]?\d{1,4}[A-Z0-9/+-]{0,6}|\d{1,3}[A-Z]{1,3}\d{0,4}[A-Z]?|[A-Z][a-z]+-\d+[A-Z]{0,4}|Type \d{2,4}[A-Z]{0,3}|Project \d{2,5}[A-Z.\d]{0,4})"
NAME = r"(?:[A-Z][a-z]{3,}(?:-(?:[IVX]+|\d+[A-Z]?|[A-Z]{1,3}))?(?: [IVX]{1,3}\b)?)"
TAIL = re.compile(
    r"(?:\"|')?(?:[ -](?:type|class|model|series|air|multi-?role|long-range|medium-range|short-range|mobile|new|anti-\w+|surface-to-air|self-propelled|guided|light|heavy|advanced|jet|combat|main|\w+-based|\w+ed|[a-z]+)){0,3}[ -]$"
)
LEAD = re.compile(
    r"^(?: of the| of type| of model| type| model| designated| called| named| known as(?: the)?| such as(?: the)?| like(?: the)?|,)?(?: the)? ?\"?(?:[A-Z][a-z]+ )?$"
)
LOOSE = re.compile(r"^[ -]?\"?[ -]?(?:[a-z-]+[ -]){0,3}$")


def find_equipment(parsed: Parsed, scene: Scene, found: list[Mention], original: str) -> list[Mention]:
    """The mentions with goods nouns turned into equipment, save those that belong to a designation."""
    found = sorted([*found, *_by_shape(scene, found, original)], key=lambda m: (m.start, -m.end))
    goods = [m for m in found if m.kind == "goods"]
    named = [m for m in found if m.kind == "equipment"]
    generic = [replace(m, kind="equipment", how="noun") for m in goods if not _belongs(scene, m, named)]
    return [m for m in found if m.kind != "goods"] + generic


def _belongs(scene: Scene, noun: Mention, named: list[Mention]) -> bool:
    for designation in named:
        if designation.end <= noun.start <= designation.end + 40 and LOOSE.match(scene.text[designation.end : noun.start]):
            return True
        if noun.end <= designation.start <= noun.end + 30 and LEAD.match(scene.text[noun.end : designation.start]):
            return True
    return False


@cache
def _shape() -> re.Pattern[str]:
    nouns = "|".join(map(re.escape, sorted((n for n in class_nouns() if " " not in n), key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?P<code>{CODE}|{NAME})(?=\"? (?:[a-z-]+ )?(?P<noun>{nouns})\b)")


def _by_shape(scene: Scene, found: list[Mention], original: str) -> list[Mention]:
    if not scene.arms and not re.search(r"\d", scene.text):
        return []
    covered = [(m.start, m.end) for m in found if m.kind not in {"goods"}]
    excluded = set(vocab.words("names")["shape"]["not_names"])
    shaped = []
    for match in _shape().finditer(scene.text):
        start, end = match.span("code")
        first = match.group("code").split(" ")[0]
        if first in excluded or any(a < end and start < b for a, b in covered):
            continue
        category = class_nouns()[match.group("noun")][1]
        name = match.group("code")
        shaped.append(
            Mention(
                start,
                end,
                "equipment",
                original[start:end],
                name,
                None,
                "shape",
                0.7,
                "stands before a class noun",
                Equipment(category, (), False),
            )
        )
    return shaped
