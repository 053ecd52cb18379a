"""This file reads the tables of equipment: every surface of a family, what a doubtful one needs, and the name that news give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.forms import Reading, plain, without_noun
from onrecord.records import Equipment

SHIPS = frozenset({"submarine", "frigate", "corvette", "destroyer", "patrol vessel", "landing ship", "aircraft carrier", "minehunter"})
SHORT_CODE = re.compile(r"[A-Z]\d{1,2}")
SPACED_CODE = re.compile(r"[A-Z]{1,2} \d{1,2}[A-Z]?")
# A code whose letters are no capitals alone, and one with a variant that is also written apart: "MiG-29K", "F-15EX".
MIXED_CODE = re.compile(r"(?P<maker>[A-Z][a-z][A-Za-z]?)(?P<rest>[- ]?\d.*)")
VARIANT_CODE = re.compile(r"(?P<base>[A-Z][A-Za-z]{0,2}-?\d+)(?P<variant>[A-Z]{2,3})")
CAMEL = re.compile(r"[A-Z][a-z]+[A-Z][a-z]+")


def designation_readings() -> Iterator[tuple[str, Reading]]:
    """Every surface of equipment with its readings: the table's own, the doubtful ones', and short forms made by rule."""
    doubtful = {plain(row["surface"]): row for row in vocab.table("equipment_ambiguous")}
    rows = {row["designation"]: row for row in vocab.table("equipment")}
    held: set[str] = set()
    for row in rows.values():
        forms = _forms(row)
        held.update(forms)
        for form in forms:
            doubt = doubtful.get(form)
            yield form, _designation(row, form, _guard(doubt, row) or _guard_of_shape(form, row["designation"]))
    for surface, doubt in doubtful.items():
        for designation in vocab.cells(doubt["means"]):
            if designation in rows:
                reading = _designation(rows[designation], surface, _guard(doubt, rows[designation]))
                yield surface, replace(reading, how="namesake")
    for row in rows.values():
        for form in _forms(row):
            if form.isupper() and form.isalpha() and len(form) > 3 and form.title() not in held and form.title() not in doubtful:
                yield form.title(), _designation(row, form, "word" if len(form) > 4 else "name")
            place = form in doubtful and "place" in doubtful[form]["kinds"]
            if (
                form.istitle()
                and form.isalpha()
                and len(form) > 3
                and not place
                and form.upper() not in held
                and form.upper() not in doubtful
            ):
                yield form.upper(), _designation(row, form, "capitals")
        for form in _forms(row):
            for other in _written_otherwise(form):
                if other not in held and other not in doubtful:
                    yield other, _designation(row, other, _guard_of_shape(form, row["designation"]))
        for bare in _bare_forms(row["designation"]):
            if bare not in held and bare not in doubtful:
                yield bare, _designation(row, bare, "class" if row["class"] in SHIPS else "name")
        for bare in sorted({form[: -len("-class")] for form in _forms(row) if form.endswith(("-class", " class"))}):
            if len(bare) > 1 and bare not in held and bare not in doubtful:
                yield bare, _designation(row, bare, "sister")


def _forms(row: Mapping[str, str]) -> dict[str, None]:
    """Every surface of a row, less those that are another one and a class noun ("S-400 system")."""
    forms = {plain(f): None for f in [row["designation"], usual_designation(row["designation"]), *vocab.cells(row["aliases"])]}
    return {f: None for f in forms if (shorter := without_noun(f)) == f or shorter not in forms}


def _written_otherwise(form: str) -> Iterator[str]:
    """How news also write a surface: "MIG-29K" and "Mig-29K" for MiG-29K, "F-15 EX" for F-15EX, "Brahmos" for BrahMos."""
    if mixed := MIXED_CODE.fullmatch(form):
        yield from {mixed["maker"].upper() + mixed["rest"], mixed["maker"].title() + mixed["rest"]} - {form}
    if variant := VARIANT_CODE.fullmatch(form):
        yield f"{variant['base']} {variant['variant']}"
    if CAMEL.fullmatch(form):
        yield form.title()


def _bare_forms(designation: str) -> Iterator[str]:
    """What a name is called for short: a class without that word, the name that follows a code ("2K12 Kub" gives "Kub")."""
    flat = plain(designation)
    if flat.endswith("-class"):
        yield flat.removesuffix("-class")
    code, _, name = flat.partition(" ")
    if any(c.isdigit() for c in code) and name[:1].isupper() and name.isalpha():
        yield name


def _designation(row: Mapping[str, str], form: str, guard: str) -> Reading:
    value = Equipment(row["class"], tuple(vocab.cells(row["maker_country"])), True)
    name = usual_designation(row["designation"])
    guard = "class" if guard not in {"", "sister"} and row["designation"] == f"{form}-class" else guard
    return Reading("equipment", name, None, "name" if form == plain(name) else "alias", guard, value, row["designation"])


@cache
def family_forms() -> dict[str, list[str]]:
    """The surfaces of every family of equipment, shortest first, with the usual name ahead of them."""
    families = {}
    for row in vocab.table("equipment"):
        name = usual_designation(row["designation"])
        rest = sorted({*_forms(row), *_bare_forms(row["designation"])} - {name}, key=lambda f: (len(f), f))
        rest = [f for f in rest if without_noun(f) == f]
        families[row["designation"]] = [] if row["fixed"] else [name, *(f for f in rest if len(f) > 1)]
    return families


def _guard(doubt: Mapping[str, str] | None, row: Mapping[str, str]) -> str:
    """What a doubtful surface needs: "code" and "word" an arms report, "capitals" arms nearby, "name" a class noun beside it."""
    if doubt is None:
        return ""
    kinds = set(vocab.cells(doubt["kinds"]))
    if "NATO reporting name" in kinds and doubt["surface"].startswith(tuple(vocab.cells(row["nato_name"])) or ("-",)):
        return "reporting"
    kinds.discard("NATO reporting name")
    if any(c.isdigit() for c in doubt["surface"]) and kinds <= {
        "short code",
        "word",
        "acronym of other things",
        "other equipment of the same name",
    }:
        return "code"
    if doubt["needs"] == "capitals":
        return "capitals"
    return "name" if kinds & {"person", "place", "month, day or number"} else "word"


def _guard_of_shape(form: str, designation: str) -> str:
    """What a surface needs by its shape: "M1" an arms report, "F 16" with a space a class noun beside it."""
    if SHORT_CODE.fullmatch(form):
        return "code"
    return "noun" if SPACED_CODE.fullmatch(form) and form != designation else ""


def usual_designation(designation: str) -> str:
    """A designation as news writes it: without the class noun that only keeps namesakes apart ("Orion drone" gives "Orion")."""
    bare = re.sub(r"-class$", " class", designation)
    shorter = without_noun(bare)
    return shorter if shorter != bare and len(shorter) > 2 else bare
