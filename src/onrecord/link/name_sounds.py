"""This file hears names: what a word sounds like in any transliteration, how alike two words are, and the key under which alike ones meet.

The letters that transliterations exchange, and what they sound like, are data: vocab/names.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from anyascii import anyascii
from rapidfuzz.distance import OSA, Levenshtein

from onrecord import vocab

# A word is cut off here: no name has longer ones, and time grows with the square of the length.
LONGEST_WORD = 40
# What a sound in common proves less than letters in common, since spellings are folded before they are compared. Set by thought.
SOUND_WEIGHT = 0.97
NICKNAME = 0.9
LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "ı": "i", "’": "'"})


def plain(name: str) -> str:
    """A name in the letters that English print uses; letters of other scripts are left out."""
    return unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore").decode()


def latin(name: str) -> str:
    """A name in plain Latin letters whatever its script: accents fall away, other scripts are transliterated (anyascii)."""
    folded = plain(name)
    return folded if name.isascii() or _is_latin(name) else anyascii(unicodedata.normalize("NFKC", name))


def sounds(name: str) -> tuple[str, ...]:
    """A name's words by their sound, so that transliterations of one name come out alike."""
    return tuple(sound(word) for word in re.findall(r"[a-z]+", latin(name).lower().replace("'", "").replace("-", " ")))


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The sound of one word in small plain letters."""
    rules = _rules()
    word = word[:LONGEST_WORD]
    if len(word) > 5:
        ending = next((pair for pair in rules["endings"] if word.endswith(pair[0])), None)
        word = word[: -len(ending[0])] + ending[1] if ending else word
    for spelling, heard in rules["spellings"]:
        word = word.replace(spelling, heard)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=50_000)
def sound_likeness(one: str, other: str) -> float:
    """How alike two sounds are, 0 to 1: 1 less the share of letters that must change, where letters that are often exchanged count half."""
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > 3 or longest == 0:
        return 0.0
    exchanged = _exchanged()
    above = [float(n) for n in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        row = [float(i)]
        for j, b in enumerate(other, 1):
            swap = 0.0 if a == b else 0.5 if frozenset((a, b)) in exchanged else 1.0
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + swap))
        above = row
    return max(0.0, 1 - above[-1] / longest)


@lru_cache(maxsize=100_000)
def word_likeness(one: str, other: str) -> float:
    """How alike two words of names are, 0 to 1: by letters, by sound, or as given names that stand for each other.

    Sounds that cannot make two words half alike are not compared letter by letter: what is below 0.5 is by letters alone.
    """
    if one == other:
        return 1.0
    if are_nicknames(one, other):
        return NICKNAME
    spelled = 1 - OSA.distance(one, other) / max(len(one), len(other))
    left, right = sound(one), sound(other)
    # Exchanged letters count half, so the plain distance bounds what sounds can be worth.
    most = SOUND_WEIGHT * (1 - Levenshtein.distance(left, right) / (2 * max(len(left), len(right), 1)))
    return max(spelled, SOUND_WEIGHT * sound_likeness(left, right)) if most > max(spelled, 0.5) else spelled


def are_nicknames(one: str, other: str) -> bool:
    """Whether two given names stand for each other in print: Mike and Michael."""
    known = _nicknames()
    return bool(known.get(one, frozenset()) & known.get(other, frozenset()))


def is_exchanged(one: str, other: str) -> bool:
    """Whether two letters are often written for each other: c and j."""
    return one == other or frozenset((one, other)) in _exchanged()


@lru_cache(maxsize=50_000)
def sound_keys(word: str) -> frozenset[str]:
    """The keys under which a word's other spellings meet it: the classes of its consonants; Chemezov and Tchemisov both have CMCB.

    A word of vowels alone is its own first letter, an `h` counts only where it begins the word. A J that begins a word is heard
    both as in "Janukowitsch" and as in "Janikli", so such a word has two keys.
    """
    return frozenset({_key(sound(word)), _key("J" + sound(word[1:]))} if word[:1] == "j" else {_key(sound(word))})


@lru_cache(maxsize=50_000)
def given_starts(word: str) -> frozenset[str]:
    """How a given name may begin in other spellings: the class of its first consonant, with and without an H, its nicknames' group."""
    starts = {key[:1] for key in sound_keys(word)}
    if word[:1] == "h" and len(word) > 1:
        starts |= {key[:1] for key in sound_keys(word[1:])}
    return frozenset(starts | {f"~{number}" for number in _nicknames().get(word, ())})


def _key(heard: str) -> str:
    classes = _classes()
    letters = [classes.get(letter, "") for place, letter in enumerate(heard) if letter != "h" or place == 0]
    return re.sub(r"(.)\1+", r"\1", "".join(letters)) or heard[:1].upper()


def _is_latin(name: str) -> bool:
    return all(not letter.isalpha() or unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER")) for letter in name)


def _rules() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = vocab.meanings("names")["sounds"]
    return rules


@cache
def _exchanged() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in _rules()["exchanged"])


@cache
def _classes() -> Mapping[str, str]:
    return {letter: group[0].upper() for group in _rules()["classes"] for letter in group}


@cache
def _nicknames() -> Mapping[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(vocab.meanings("names")["nicknames"]):
        for name in group:
            found[name] = found.get(name, frozenset()) | {number}
    return found
