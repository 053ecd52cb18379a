"""This file turns the tables into one automaton: every surface of a name, with the readings that it may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick

from onrecord import vocab
from onrecord.parse.designations import designation_readings
from onrecord.parse.forms import Reading, class_nouns, plain
from onrecord.records import Equipment


@cache
def automaton() -> tuple[AhoCorasick, list[tuple[Reading, ...]]]:
    """The automaton over every surface, and beside each surface its readings."""
    entries: dict[str, list[Reading]] = {}
    for surface, reading in _all_readings():
        key = plain(surface)
        if len(key) > 1:
            known = entries.setdefault(key, [])
            if all((r.kind, r.name, r.party, r.key) != (reading.kind, reading.name, reading.party, reading.key) for r in known):
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
    yield from designation_readings()
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
