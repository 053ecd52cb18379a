"""This file finds sums of money: signs, ISO codes and currency names before or after a figure, with its scale ("€140 M", "13.5 billion baht")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.parse.numbers import FIGURES, bound_before, read_number, spelled_pattern
from onrecord.records import Mention, Money, Parsed

# A sum without a currency word counts as money only from here on ("1.13 billion" after "$462 million"); below, it is a count of things.
LARGE = 1e6
CARRIED_SCORE = 0.6


@dataclass(frozen=True, slots=True)
class _Currencies:
    """Surface to ISO code, and the patterns for a sum with a currency and for one without."""

    codes: dict[str, str]
    sums: re.Pattern[str]
    bare: re.Pattern[str]


def find_money(parsed: Parsed, text: str) -> list[Mention]:
    """Every sum in the text as a mention of kind money, in text order."""
    known = _currencies()
    found: list[Mention] = []
    speaking = Counter(m.party for m in parsed.mentions if m.kind in {"state", "body"} and m.party)
    for match in known.sums.finditer(text):
        sign = match["before"] or match["after"]
        number = match["figure"] or match["words"] or match["figure2"] or match["words2"]
        scale = match["scale"] or match["scale2"]
        code = _code(known, sign, speaking)
        if not code or _is_part_of_a_name(text, match.start()):
            continue
        amount = read_number(number, scaled=bool(scale)) * _scale(scale) * _scale(match["scale3"])
        bound, start = bound_before(text, match.start())
        found.append(_mention(text, start, match.end(), Money(_whole(amount), code, bound), 1.0, f"{sign.strip()} is {code}"))
    return found + _carried(text, known, found)


def _mention(text: str, start: int, end: int, value: Money, score: float, reason: str) -> Mention:
    said = text[start:end]
    return Mention(start, end, "money", said, f"{value.amount:.0f} {value.currency}", None, "name", score, reason, value)


def _whole(amount: float) -> float:
    return float(round(amount, 2))


def _is_part_of_a_name(text: str, start: int) -> bool:
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-")


def _scale(word: str | None) -> float:
    if not word:
        return 1.0
    result = 1.0
    for part in word.lower().replace("-", " ").split():
        result *= float(vocab.words("amounts")["scale_marks"].get(part.strip("."), 1.0))
    return result


def _code(known: _Currencies, sign: str, speaking: Counter[str | None]) -> str:
    """The ISO code of a sign or name; a name that several states share means the one that the report speaks of most."""
    sign = " ".join(sign.split()).strip("-")
    words = vocab.words("amounts")["currencies"]
    ranked = words["ranked"].get(sign) or words["ranked"].get(sign.lower(), [])
    first = next((code for code in ranked if speaking[code[:2]]), None)
    if first:
        return str(first)
    options = words["shared"].get(sign) or words["shared"].get(sign.lower())
    if options:
        best = max(options, key=lambda code: (speaking[code[:2]], -options.index(code)))
        if speaking[best[:2]]:
            return str(best)
    return known.codes.get(sign) or known.codes.get(sign.lower(), "")


def _carried(text: str, known: _Currencies, found: list[Mention]) -> list[Mention]:
    """Sums whose currency was said with an earlier one: "$462 million … six aircraft, 1.13 billion"."""
    carried = []
    for match in known.bare.finditer(text):
        if any(m.start <= match.start() < m.end or match.start() <= m.start < match.end() for m in found):
            continue
        before = [m for m in found if m.end <= match.start()]
        amount = read_number(match["figure"] or match["words"], scaled=bool(match["scale"])) * _scale(match["scale"])
        if before and amount >= LARGE and isinstance(before[-1].value, Money) and not _is_part_of_a_name(text, match.start()):
            bound, start = bound_before(text, match.start())
            value = Money(_whole(amount), before[-1].value.currency, bound)
            carried.append(_mention(text, start, match.end(), value, CARRIED_SCORE, f"currency of {before[-1].text!r} before"))
    return carried


@cache
def _currencies() -> _Currencies:
    words = vocab.words("amounts")
    codes: dict[str, str] = {}
    signs: set[str] = set()
    names: set[str] = set()
    for row in vocab.table("currencies"):
        if row["row"] == "currency" and row["iso4217"]:
            for sign in [*vocab.cells(row["symbols"]), row["iso4217"]]:
                codes.setdefault(sign, row["iso4217"])
                signs.add(sign)
            for name in [row["name"], *vocab.cells(row["aliases"])]:
                codes.setdefault(name, row["iso4217"])
                names.add(name)
    codes |= words["currencies"]["default"]
    names |= set(words["currencies"]["default"])
    signs |= {name for name in names if len(name) <= 3 and name[:1].isupper()} | {"Rs", "Rs."}
    drop = {"F", "", "p", "real"}
    figures, spelled = FIGURES, spelled_pattern()
    marks = _alternation(words["scale_marks"])
    scale = rf"(?:[\s-]?(?:{marks})(?![\w])(?:[\s-](?:crore|lakh)\b)?)"
    before = _alternation(signs - drop)
    after = _alternation(names | signs - drop)
    sums = re.compile(
        rf"(?:(?P<before>(?<![A-Za-z])(?:{before}))\s?(?:(?P<figure>{figures})(?P<scale>{scale})?|(?P<words>\b{spelled}\b))"
        rf"|(?:(?P<figure2>{figures})(?P<scale2>{scale})?|\b(?P<words2>{spelled})\b)(?P<scale3>[\s-](?:{marks})\b)?"
        rf"(?:\s+of)?[\s-]?(?P<after>{after})(?![\w-]))",
        re.IGNORECASE,
    )
    bare = re.compile(
        rf"(?:(?P<figure>{figures})(?P<scale>{scale})|\b(?P<words>{spelled}))(?=\s*(?:[.,;:)\]]|$|\bfor\b|\band\b|\bto\b|\bin\b|\bat\b|\bapiece\b))",
        re.IGNORECASE,
    )
    return _Currencies(codes, sums, bare)


def _alternation(surfaces: object) -> str:
    ordered = sorted({s for s in surfaces if s}, key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(s).replace(r"\ ", r"\s+") for s in ordered)
