"""This file turns the tables into one automaton: every surface of a name, with the readings that it may have.

Text and surfaces are compared in a plain form (typographic marks and diacritics replaced, one code point for one), so an offset in
the plain form is an offset in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from onrecord import vocab
from onrecord.records import Equipment, Value

ONE_FOR_ONE = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D"}
MARKS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "‑": "-", "—": "—", "−": "-",
         "\xa0": " ", "\u2009": " ", "\u202f": " ", "\n": " ", "\t": " "}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a surface may stand for; `guard` says what it needs before it is believed: nothing, context, or capitals."""

    kind: str
    name: str
    party: str | None
    how: str
    guard: str = ""
    value: Value = None
    hints: tuple[str, ...] = ()
    key: str = ""


@cache
def _folding() -> dict[int, str]:
    table = {ord(a): b for a, b in (MARKS | ONE_FOR_ONE).items()}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table.setdefault(code, base)
    return table


def plain(text: str) -> str:
    """The text without diacritics and typographic marks, of the same length."""
    return text.translate(_folding())


@cache
def class_nouns() -> dict[str, tuple[str, str]]:
    """Every form of a goods noun, singular and plural, in lower case, with its usual name and class."""
    nouns: dict[str, tuple[str, str]] = {}
    for row in vocab.table("goods"):
        for form in [row["name"], *vocab.cells(row["aliases"])]:
            for shape in (form, plural(form)):
                nouns.setdefault(shape.lower(), (row["name"], row["class"]))
    return nouns


def plural(noun: str) -> str:
    """The regular plural of a goods noun ("battery" gives "batteries"; "aircraft" stays)."""
    if noun.endswith(("craft", "s", "UAV system", "ammunition", "artillery", "equipment", "ordnance")):
        return noun
    if noun.endswith(("y",)) and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("ch", "sh", "x", "pedo")) else "s")


@cache
def automaton() -> tuple[AhoCorasick, list[tuple[Reading, ...]]]:
    """The automaton over every surface, and beside each surface its readings."""
    entries: dict[str, list[Reading]] = {}
    for surface, reading in _all_readings():
        key = plain(surface)
        if len(key) > 1:
            known = entries.setdefault(key, [])
            if all((r.kind, r.name, r.party) != (reading.kind, reading.name, reading.party) for r in known):
                known.append(reading)
    surfaces = list(entries)
    return AhoCorasick(surfaces), [tuple(entries[s]) for s in surfaces]


def _all_readings() -> Iterator[tuple[str, Reading]]:
    yield from _states()
    yield from _metonyms()
    yield from _named("bodies", "body", "iso2_or_org")
    yield from _named("companies", "company", "iso2")
    yield from _named("agencies", "agency", "iso2")
    yield from _named("programmes", "programme", "iso2_or_org")
    yield from _equipment()
    yield from _people()
    yield from _nouns()


def _states() -> Iterator[tuple[str, Reading]]:
    columns = (
        ("name", "name"),
        ("aliases", "name"),
        ("adjectives", "adjective"),
        ("demonyms", "demonym"),
        ("capital", "capital"),
        ("capital_aliases", "capital"),
    )
    for row in vocab.table("states"):
        doubtful = set(vocab.cells(row["ambiguous"]))
        seen = set()
        for column, how in columns:
            for surface in vocab.cells(row[column]):
                if surface in seen:
                    continue
                seen.add(surface)
                guard = "context" if surface in doubtful else ""
                yield surface, Reading("state", row["name"], row["iso2"], how, guard)
                if how == "capital" and len(surface) > 3:
                    yield surface.upper(), Reading("state", row["name"], row["iso2"], how, "dateline")
                if how == "name" and surface.isalpha() and len(surface) > 4:
                    yield surface.upper(), Reading("state", row["name"], row["iso2"], how, guard)


@cache
def adjectives() -> dict[str, str]:
    """The usual adjective of every state, by its code ("US", "Russian"), as names of bodies are made with it."""
    usual = {row["iso2"]: vocab.cells(row["adjectives"])[0] for row in reversed(vocab.table("states")) if row["adjectives"]}
    return usual | {"US": "US"}


@cache
def state_names() -> dict[str, str]:
    """The usual name of every state, by its code."""
    return {row["iso2"]: row["name"] for row in reversed(vocab.table("states"))}


@cache
def body_names() -> dict[tuple[str, str], str]:
    """The usual name of a state's body by (state, kind), where a table has one."""
    return {(row["iso2_or_org"], row["kind"]): row["name"] for row in reversed(vocab.table("bodies"))}


@cache
def body_patterns() -> dict[str, str]:
    """The pattern of the usual name of each kind of body ("{state} Foreign Ministry")."""
    return {entry["kind"]: entry["usual"] for entry in vocab.words("names")["body"]}


ONE_OF_A_KIND = {"foreign_ministry", "defence_ministry", "air_force", "navy", "army"}


def usual_body(party: str, kind: str) -> str:
    """The usual English name of a state's body of a kind: the table's own, else by the kind's pattern."""
    if kind in ONE_OF_A_KIND and (party, kind) in body_names():
        return body_names()[party, kind]
    return body_patterns()[kind].format(state=adjectives().get(party, party))


def _metonyms() -> Iterator[tuple[str, Reading]]:
    for row in vocab.table("metonyms"):
        kind, party = row["kind"], row["iso2_or_body"]
        name = row["surface"]
        if kind == "foreign_ministry" and len(party) == 2:
            name = usual_body(party, kind)
        guard = "context" if "context" in row["note"] or "weak" in row["note"] else ""
        yield row["surface"], Reading("body", name, party, "metonym", guard, key=kind)


def _named(table: str, kind: str, code: str) -> Iterator[tuple[str, Reading]]:
    for row in vocab.table(table):
        name = re.sub(r"\s*\([^)]*\)$", "", row["name"])
        doubtful = set(vocab.cells(row["ambiguous"]))
        party = row[code].split("|")[0] or None
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            guard = "context" if surface in doubtful else ""
            if "(" in surface:
                continue
            yield surface, Reading(kind, name, party, "name" if surface == name else "alias", guard, key=row["kind"])


def _equipment() -> Iterator[tuple[str, Reading]]:
    doubtful = {plain(row["surface"]): row for row in vocab.table("equipment_ambiguous")}
    rows = {row["designation"]: row for row in vocab.table("equipment")}
    held: set[str] = set()
    for row in rows.values():
        forms = _forms(row)
        held.update(forms)
        for form in forms:
            doubt = doubtful.get(form)
            hints = tuple(word.lower() for word in vocab.cells(doubt["hint"])) if doubt else ()
            yield form, _designation(row, form, _guard(doubt), hints)
    for surface, doubt in doubtful.items():
        for designation in vocab.cells(doubt["means"]):
            if surface not in held and designation in rows:
                yield surface, _designation(rows[designation], surface, _guard(doubt), tuple(w.lower() for w in vocab.cells(doubt["hint"])))
    for row in rows.values():
        for form in _forms(row):
            if form.isupper() and form.isalpha() and len(form) > 4 and form.title() not in held and form.title() not in doubtful:
                yield form.title(), _designation(row, form, "word", ())
        for bare in _bare_forms(row["designation"]):
            if bare not in held and bare not in doubtful:
                yield bare, _designation(row, bare, "class" if row["designation"].endswith("-class") else "name", ())


def _forms(row: Mapping[str, str]) -> dict[str, None]:
    """Every surface of a row, less those that are another one and a class noun ("S-400 system")."""
    forms = {plain(f): None for f in [row["designation"], usual_designation(row["designation"]), *vocab.cells(row["aliases"])]}
    return {f: None for f in forms if (shorter := without_noun(f)) == f or shorter not in forms}


def _bare_forms(designation: str) -> Iterator[str]:
    """What a name is called for short: a class without that word, the name that follows a code ("2K12 Kub" gives "Kub")."""
    flat = plain(designation)
    if flat.endswith("-class"):
        yield flat.removesuffix("-class")
    code, _, name = flat.partition(" ")
    if any(c.isdigit() for c in code) and name[:1].isupper() and name.isalpha():
        yield name


def _designation(row: Mapping[str, str], form: str, guard: str, hints: tuple[str, ...]) -> Reading:
    value = Equipment(row["class"], tuple(vocab.cells(row["maker_country"])), True)
    name = usual_designation(row["designation"])
    guard = "class" if guard and row["designation"] == f"{form}-class" else guard
    return Reading("equipment", name, None, "name" if form == plain(name) else "alias", guard, value, hints, row["designation"])


@cache
def family_forms() -> dict[str, list[str]]:
    """The surfaces of every family of equipment, shortest first, with the usual name ahead of them."""
    families = {}
    for row in vocab.table("equipment"):
        name = usual_designation(row["designation"])
        rest = sorted({*_forms(row), *_bare_forms(row["designation"])} - {name}, key=lambda f: (len(f), f))
        rest = [f for f in rest if without_noun(f) == f]
        families[row["designation"]] = [name] if row["fixed"] else [name, *(f for f in rest if len(f) > 1)]
    return families


def _guard(doubt: Mapping[str, str] | None) -> str:
    """What a doubtful surface needs: "code" and "word" an arms report, "capitals" arms nearby, "name" a class noun beside it."""
    if doubt is None:
        return ""
    kinds = set(vocab.cells(doubt["kinds"]))
    if "NATO reporting name" in kinds:
        return "reporting"
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


def usual_designation(designation: str) -> str:
    """A designation as news writes it: without the class noun that only keeps namesakes apart ("Orion drone" gives "Orion")."""
    bare = re.sub(r"-class$", " class", designation)
    shorter = without_noun(bare)
    return shorter if shorter != bare and len(shorter) > 2 else bare


def without_noun(form: str) -> str:
    """A surface less the class noun or unit that ends it."""
    nouns = class_nouns()
    if form[form.rfind(" ") + 1 :].lower() not in _last_words():
        return form
    words = form.split(" ")
    for length in (4, 3, 2, 1):
        tail = " ".join(words[-length:]).lower()
        if len(words) > length and (tail in nouns or tail in _units()):
            return " ".join(words[:-length])
    return form


@cache
def _last_words() -> frozenset[str]:
    return frozenset(noun.rsplit(" ", 1)[-1] for noun in class_nouns()) | _units()


@cache
def _units() -> frozenset[str]:
    return frozenset(vocab.words("names")["beside"]["words"]) - {"class"}


def _people() -> Iterator[tuple[str, Reading]]:
    for row in vocab.table("people"):
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            if " " in surface:
                yield (
                    surface,
                    Reading(
                        "person", row["name"], row["iso2"] or None, "name" if surface == row["name"] else "alias", key=row["person_id"]
                    ),
                )


def _nouns() -> Iterator[tuple[str, Reading]]:
    for form, (name, category) in class_nouns().items():
        value = Equipment(category, (), False, True)
        original = (
            form.upper() if form.upper() in {"UAV", "APC", "SAM", "IFV", "MBT", "OPV", "MLRS", "MANPADS", "ATGM", "MRAP", "UCAV"} else form
        )
        for shape in {original, form[:1].upper() + form[1:], form.title()} if original == form else {original, original + "s"}:
            yield shape, Reading("goods", name, None, "noun", value=value)
    for entry in vocab.words("names")["body"]:
        for form in entry["forms"]:
            for shape in {
                form,
                form[:1].upper() + form[1:],
                " ".join(w if w in {"of", "and", "for", "the"} else w[:1].upper() + w[1:] for w in form.split(" ")),
            }:
                yield shape, Reading("office", entry["kind"], None, "noun", key=entry["kind"])
    for form in vocab.words("names")["short"]["forms"]:
        for shape in (form, form.capitalize()):
            yield shape, Reading("short office", form, None, "short")
