"""This file reads how each reporting verb gives its content: as a clause, as an act, under which preposition or particle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.records import Word


@dataclass(frozen=True, slots=True)
class Frame:
    """How a reporting verb gives its content: "clause", "act" or "both", and what must stand below it for the frame to hold."""

    content: str
    prepositions: frozenset[str] = frozenset()
    particle: str = ""
    second: bool = False
    clause: bool = False


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """The reporting verbs' frames by lemma: attribution.toml's, and a clause for every other verb that the table says asserts something."""
    words = vocab.words("attribution")
    found: dict[str, list[Frame]] = {}
    for entry in words["verbs"]:
        frame = Frame(
            entry["content"],
            frozenset(entry.get("with", ())),
            entry.get("particle", ""),
            entry.get("second", False),
            entry.get("clause", False),
        )
        for lemma in entry["lemmas"]:
            found.setdefault(lemma, []).append(frame)
    for row in vocab.table("reporting_verbs"):
        if row["pos"] == "verb" and row["kind"] in words["table"]["kinds"] and " " not in row["lemma"]:
            found.setdefault(row["lemma"], [Frame("clause", clause=True)])
    # The frame that asks for most is tried first.
    return {lemma: tuple(sorted(entries, key=lambda f: not (f.prepositions or f.particle or f.second))) for lemma, entries in found.items()}


@cache
def _inflections() -> dict[str, str]:
    """The reporting verbs by their regular forms, for where the parser lemmatises one astray ("hopes" as hop, "confides" as a noun)."""
    found: dict[str, str] = {}
    for lemma in frames():
        stem = lemma.removesuffix("e")
        past = lemma.removesuffix("y") + "ied" if lemma.endswith("y") and lemma[-2] not in "aeou" else stem + "ed"
        third = (
            lemma.removesuffix("y") + "ies" if past.endswith("ied") else lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
        )
        found |= {past: lemma, third: lemma}
    return found


def lemma_of(word: Word) -> str:
    """A word's lemma, or the reporting verb that it is a form of."""
    lemma = word.lemma.lower()
    return lemma if lemma in frames() else _inflections().get(word.text.lower(), lemma)
