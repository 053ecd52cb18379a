"""This file finds sums of money: a sign, ISO code or name before or after a number and its scale ("€140 M", "13.5 billion baht")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

from onrecord import vocab
from onrecord.parse.numbers import FIGURES, alternation, bound_before, number_words, read_number, spelled_pattern
from onrecord.records import Mention, Money, Parsed

# A sum without a currency word counts as money only from here on ("1.13 billion" after "$462 million"); below, it is a count of things.
LARGE = 1e6
CARRIED_SCORE = 0.6
# The scales in which the larger part of a sum is told in whole numbers.
STEPS = (1e9, 1e6)
# A sum whose dollars a code explains: "$1.5 billion (NZD)". Its dollars are those of the whole report.
EXPLAINED = re.compile(r"\$\s?[\d.,]+[\w\s]{0,12}\(([A-Z]{2}D)\)")


@dataclass(frozen=True, slots=True)
class _Currencies:
    """Surface to ISO code, the words that may open a sum, and patterns: a sum with its currency, the larger part of one told in two, a sum
    without a currency, the rest of a range.
    """

    codes: dict[str, str]
    openers: frozenset[str]
    sums: re.Pattern[str]
    larger: re.Pattern[str]
    bare: re.Pattern[str]
    rest: re.Pattern[str]


def find_money(parsed: Parsed, text: str) -> list[Mention]:
    """Every sum in the text as a mention of kind money, in text order."""
    known = _currencies()
    found: list[Mention] = []
    speaking: Counter[str | None] = Counter(m.party for m in parsed.mentions if m.kind in {"state", "body"} and m.party)
    dollars = {code for code in EXPLAINED.findall(text) if code in known.codes}
    last = 0
    for word in parsed.words:
        if word.start < last or not _may_open(word.text, known.openers):
            continue
        match = known.sums.match(text, word.start)
        if match:
            mention = _sum(text, known, match, speaking)
        else:
            mention = _in_two(text, known, word.start, speaking) or _carried(text, known, word.start, found)
        if mention is not None and len(dollars) == 1 and mention.text.startswith("$"):
            mention = _in_dollars(mention, *dollars)
        if mention is not None:
            found.append(mention)
            last = mention.end
    return found


def _may_open(word: str, openers: frozenset[str]) -> bool:
    return word[0].isdigit() or word in openers or word.lower() in openers or (word[0].isupper() and any(map(str.isdigit, word)))


def _sum(text: str, known: _Currencies, match: re.Match[str], speaking: Counter[str | None]) -> Mention | None:
    sign = match["before"] or match["after"]
    number = match["figure"] or match["words"] or match["figure2"] or match["words2"]
    scale = f"{match['scale'] or match['scale2'] or ''} {match['scale3'] or ''}".strip()
    code = _code(known, sign, speaking)
    if not code or _is_part_of_a_name(text, match.start()):
        return None
    if not scale and match["figure"]:
        rest = known.rest.match(text, match.end())
        scale = rest["scale"] if rest else ""
    amount = read_number(number, scaled=bool(scale)) * _scale(scale)
    bound, start = bound_before(text, match.start())
    return _mention(text, start, match.end(), Money(_whole(amount), code, bound), 1.0, f"{sign.strip()} is {code}")


def _in_two(text: str, known: _Currencies, start: int, speaking: Counter[str | None]) -> Mention | None:
    """A sum told in two steps of its scale, as some languages do: "one billion and 286 million dollars"."""
    larger = known.larger.match(text, start)
    match = known.sums.match(text, larger.end()) if larger else None
    smaller = _sum(text, known, match, speaking) if match else None
    if larger is None or smaller is None or not isinstance(smaller.value, Money) or _is_part_of_a_name(text, start):
        return None
    amount = read_number(larger["figure"] or larger["words"], scaled=bool(larger["scale"])) * _scale(larger["scale"])
    step = next((step for step in STEPS if amount >= step), 0.0)
    if not step or amount % step or smaller.value.amount >= step:
        return None
    bound, begin = bound_before(text, start)
    value = replace(smaller.value, amount=_whole(amount + smaller.value.amount), bound=bound)
    return _mention(text, begin, smaller.end, value, smaller.score, smaller.reason)


def _in_dollars(mention: Mention, code: str) -> Mention:
    """The sum in the dollars that the report names elsewhere."""
    assert isinstance(mention.value, Money)
    value = replace(mention.value, currency=code)
    return replace(mention, name=f"{value.amount:.0f} {code}", value=value, reason=f"$ is {code}, as the report says once")


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


def _carried(text: str, known: _Currencies, start: int, found: list[Mention]) -> Mention | None:
    """A sum whose currency was said with an earlier one: "$462 million … six aircraft, 1.13 billion"."""
    match = known.bare.match(text, start) if found else None
    if match is None or _is_part_of_a_name(text, start):
        return None
    before = found[-1]
    amount = read_number(match["figure"] or match["words"], scaled=bool(match["scale"])) * _scale(match["scale"])
    if amount < LARGE or not isinstance(before.value, Money):
        return None
    bound, begin = bound_before(text, start)
    value = Money(_whole(amount), before.value.currency, bound)
    return _mention(text, begin, match.end(), value, CARRIED_SCORE, f"currency of {before.text!r} before")


@cache
def _currencies() -> _Currencies:
    words = vocab.words("amounts")
    codes, signs, names = _surfaces()
    figures, spelled = FIGURES, f"(?i:{spelled_pattern()})"
    marks = "(?i:" + alternation(words["scale_marks"]) + ")"
    scale = rf"(?:[\s-]?{marks}(?!\w)(?:[\s-](?:crore|lakh)\b)?)"
    before = rf"(?:{alternation(signs)})"
    after = rf"(?:(?i:{alternation(names)})|{alternation(signs)})"
    sums = re.compile(
        rf"(?P<before>{before})\s?(?:(?P<figure>{figures})(?P<scale>{scale})?|(?P<words>\b{spelled}\b))"
        rf"|(?:(?P<figure2>{figures})(?P<scale2>{scale})?|(?P<words2>{spelled})\b)(?P<scale3>[\s-]{marks}\b)?"
        rf"(?:\s+of|\s+in)?[\s-]?(?P<after>{after})(?![\w-])"
    )
    larger = re.compile(rf"(?:(?P<figure>{figures})(?P<scale>{scale})|(?P<words>{spelled})),?\s+(?:and\s+)?")
    bare = re.compile(
        rf"(?:(?P<figure>{figures})(?P<scale>{scale})|(?P<words>{spelled}))(?=\s*(?:[.,;:)\]]|$|\bfor\b|\band\b|\bto\b|\bin\b|\bat\b|\bapiece\b))"
    )
    rest = re.compile(rf"\s*(?:-|–|to|and|or)\s*{before}?\s?(?:{figures})(?P<scale>{scale})")
    openers = frozenset(number_words()) | frozenset({"a", "half"}) | frozenset(signs)
    return _Currencies(codes, openers, sums, larger, bare, rest)


def _surfaces() -> tuple[dict[str, str], set[str], set[str]]:
    """Surface to ISO code; the signs and codes, whose case counts, and the names, whose case does not."""
    words = vocab.words("amounts")["currencies"]
    codes: dict[str, str] = {}
    signs: set[str] = set()
    names: set[str] = set()
    for row in vocab.table("currencies"):
        if row["row"] == "currency" and row["iso4217"]:
            for surface in [*vocab.cells(row["symbols"]), row["iso4217"], row["name"], *vocab.cells(row["aliases"])]:
                codes.setdefault(surface, row["iso4217"])
    codes |= words["default"]
    for surface in codes:
        if len(surface) <= 3 and not surface.islower() or not surface[-1].isalpha():
            signs.add(surface)
        else:
            names.add(surface)
    silent = {surface for surface, code in codes.items() if not code} | set(words["silent"])
    return codes, signs - silent, names - silent
