"""This file holds what every search for names speaks: a reading of a surface, the plain form of a text, and the nouns for goods.

Text and surfaces are compared in a plain form (typographic marks and diacritics replaced, one code point for one), so an offset in
the plain form is an offset in the text.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.records import Value

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
