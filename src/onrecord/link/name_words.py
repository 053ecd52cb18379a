"""This file takes a name apart: its words in order, what stands beside them (titles, particles, legal forms), and its script.

"Sheikh AL-THANI, Hamad bin Khalifa" is read as hamad, khalifa, thani with the particles bin and al and the title put aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from onrecord import vocab
from onrecord.link.name_sounds import latin

# A name is cut off here: time to compare grows with the square of the words.
LONGEST_NAME = 200
MOST_WORDS = 16
IDEOGRAPHS = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
CONSONANTS_ONLY = ("ARABIC", "HEBREW")
# A given name of two syllables after the family name: "Kuo-wei", whatever the family name is.
SYLLABLES = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]{0,5}-[a-z]{1,6}")
ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `words` are its own words in small plain letters, family name last as far as that can be told.

    `numbers` holds the figures in it, `particles` its small words under one form each, `children` the pairs that "bin" joins, `forms`
    its legal forms, `script` the Unicode name of its script's first word ("LATIN"), `raw` its letters in its own script.
    """

    words: tuple[str, ...]
    initials: frozenset[int]
    numbers: tuple[int, ...]
    particles: frozenset[str]
    children: frozenset[tuple[str, str]]
    titles: frozenset[str]
    forms: frozenset[str]
    script: str
    raw: str


@lru_cache(maxsize=50_000)
def read_name(written: str, organization: bool = False) -> Name:
    """A name as written, taken apart; titles count in people's names only, legal forms and Roman numerals in organisations'."""
    written = unicodedata.normalize("NFKC", written[:LONGEST_NAME])
    script = _script(written)
    parts = written.split(",") if not organization and written.count(",") == 1 else [written]
    read = [_tokens(part, script, organization) for part in parts]
    read, titles = (read, []) if organization else _without_titles(read)
    # "FAMILY, Given" is turned round.
    tokens, forms = _legal_forms([token for words in reversed(read) for token in words])
    tokens = _servants(tokens)[:MOST_WORDS]
    words, particles, children, numbers = _sorted_out(tokens, organization)
    if not organization and _is_family_first(words, written, script):
        words = [*words[1:], words[0]]
    initials = frozenset(place for place, word in enumerate(words) if len(word) == 1 and not script.startswith(IDEOGRAPHS))
    raw = "".join(letter for letter in written.casefold() if letter.isalnum())
    return Name(
        words=tuple(words),
        initials=initials,
        numbers=tuple(sorted(numbers)),
        particles=frozenset(particles),
        children=frozenset(children),
        titles=frozenset(titles),
        forms=frozenset(forms),
        script=script,
        raw=raw,
    )


def _is_family_first(words: Sequence[str], written: str, script: str) -> bool:
    """Whether the family name stands first: in Chinese and Korean script (unless a dot parts a foreign name), by its form or by itself."""
    if script in {"CJK", "HANGUL"}:
        return len(words) > 1 and "·" not in written
    if len(words) > 2 and SYLLABLES.fullmatch(written.strip()):
        return True
    return len(words) > 2 and words[0] in _set("family_first") and words[-1] not in _set("family_first")


def _tokens(written: str, script: str, organization: bool) -> list[str]:
    """The name's words, in order; joined words ("RamiMakhlouf") are taken apart, an organisation's initials ("A.B.C.") joined."""
    if script == "ARABIC":
        # The article is written together with its word, and its vowel is not transliterated.
        written = re.sub(r"\bال(?=\w{3})", "al ", written)
    if script.startswith(IDEOGRAPHS):
        spaced = re.sub(r"(?<=[a-z'])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", latin(written))
    else:
        # Figures inside a word are letters in disguise: "Ig0r Sech1n".
        disguised = re.sub(r"(?<=[^\W\d_])([01])(?=[^\W\d_])", lambda found: "oi"[int(found.group())], latin(written))
        spaced = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=[a-z]{2})(?=[A-Z][a-z]|AG\b)", " ", disguised)
    spaced = spaced.lower().replace("&", " and ")
    spaced = re.sub(r"['`´ʼ’]", "", spaced)
    if organization:
        spaced = re.sub(r"\b(?:\w\.\s?)+\w\b\.?", lambda found: re.sub(r"[.\s]", "", found.group()), spaced)
    for together, apart in vocab.meanings("names")["joined_particles"]:
        spaced = re.sub(rf"\b{together}(?=[a-z]{{3}})", f"{apart} ", spaced) if together in spaced else spaced
    return re.findall(r"[a-z0-9]+", spaced)


def _legal_forms(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words without legal forms, and the forms; a name of nothing else keeps its words."""
    left, found = f" {' '.join(tokens)} ", []
    for writing, form in _form_writings():
        if f" {writing} " in left:
            left = left.replace(f" {writing} ", " ")
            found.append(form)
    return (left.split(), found) if left.strip() else (list(tokens), [])


def _without_titles(parts: Sequence[list[str]]) -> tuple[list[list[str]], list[str]]:
    """The parts of a name without the titles before and the suffixes behind each; a name of titles alone keeps them."""
    before, behind = _set("titles"), _set("suffixes")
    left, titles = [], []
    for tokens in parts:
        first = next((place for place, token in enumerate(tokens) if token not in before), len(tokens))
        last = next((place for place in range(len(tokens), first, -1) if tokens[place - 1] not in behind), first)
        left.append(tokens[first:last])
        titles += [*tokens[:first], *tokens[last:]]
    return (left, titles) if any(left) else (list(parts), [])


def _servants(tokens: Sequence[str]) -> list[str]:
    """The words with "Abd al-Aziz", "Abdel Aziz" and "Abdul Aziz" alike: the servant's name takes its article in."""
    servant, article = vocab.meanings("names")["servant"], _set("articles")
    joined: list[str] = []
    for place, token in enumerate(tokens):
        if token in article and place and tokens[place - 1] in servant:
            continue
        joined.append(servant[0] if token in servant and place + 1 < len(tokens) else token)
    return joined


def _sorted_out(tokens: Sequence[str], organization: bool) -> tuple[list[str], list[str], list[tuple[str, str]], list[int]]:
    words: list[str] = []
    particles: list[str] = []
    numbers: list[int] = []
    forms, small = _particle_forms(), _set("particles")
    for place, token in enumerate(tokens):
        number = _number(token, organization and place > 0)
        if number is not None and (organization or token.isdigit()):
            # "Forty-four" is one number in two words.
            numbers[-1:] = (
                [numbers[-1] + number] if place and _is_tens(tokens[place - 1]) and number < 10 and numbers else [*numbers[-1:], number]
            )
        elif token in small and len(tokens) > 1:
            particles.append(forms.get(token, token))
        else:
            words.append(token)
    if not words:
        words, particles = [token for token in tokens if not token.isdigit()], []
    return words, particles, _children(tokens), numbers


def _children(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """Who is said to be whose child: "Ahmad bin Hasan al-Ubaidi" gives (ahmad, hasan)."""
    small, child_of = _set("particles"), _set("child_of")
    found, last, pending = [], "", ""
    for token in tokens:
        if token in child_of:
            pending = last
        elif token not in small:
            if pending:
                found.append((pending, token))
            last, pending = token, ""
    return found


def _number(token: str, roman: bool) -> int | None:
    if token.isdigit():
        return int(token[:9])
    if (found := re.fullmatch(r"(\d{1,9})(?:st|nd|rd|th)", token)) is not None:
        return int(found.group(1))
    known: Mapping[str, int] = vocab.meanings("names")["numbers"]
    if token in known:
        return known[token]
    if roman and ROMAN.fullmatch(token):
        values = [ROMAN_DIGITS[letter] for letter in token]
        return sum(-value if value < after else value for value, after in pairwise([*values, 0]))
    return None


def _is_tens(token: str) -> bool:
    value: int = vocab.meanings("names")["numbers"].get(token, 0)
    return value >= 20


def _script(written: str) -> str:
    """The script of the first letter, as Unicode names it; "" for a name without letters."""
    letter = next((letter for letter in written if letter.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(vocab.meanings("names")[name])


@cache
def _particle_forms() -> Mapping[str, str]:
    return {word: group[0] for group in vocab.meanings("names")["particle_forms"] for word in group}


@cache
def _form_writings() -> tuple[tuple[str, str], ...]:
    """Every writing of a legal form with the form, the longest first."""
    forms: Mapping[str, Sequence[str]] = vocab.meanings("names")["legal_forms"]
    return tuple(sorted(((writing, form) for form, writings in forms.items() for writing in writings), key=lambda pair: -len(pair[0])))
