"""This file turns a model's answer into findings: what stands on exact words of the report is kept, all else is dropped and counted.

A model may invent words, or put a value on words that say something else. So a claim is kept only if its words stand in the text, and if
they do not speak against its value: a state's words may not name another state, a number must be in its words. Where words name no party
at all ("the company"), the value is kept as inferred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeGuard

from onrecord.endpoint.answers import MOST_CELLS, MOST_FINDINGS
from onrecord.errors import BadInput
from onrecord.parse.numbers import FIGURES, read_figures, read_spelled, spelled_pattern
from onrecord.parties import party_code
from onrecord.records import Claim, Document, Finding, Json, make_claim, make_finding
from onrecord.resolve.goods import goods_of
from onrecord.vocab import cells, meanings, table

EDTF = re.compile(r"-?\d{4}(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?)?[?~%]?(?:/(?:\.\.|\d{4}(?:-\d\d(?:-\d\d)?)?[?~%]?))?")
DIRECT = re.compile('["\u201c\u201d\u00ab\u00bb]')


@dataclass(slots=True)
class Grounded:
    """What an answer came to: findings, how many claims were kept, and how many were dropped for which reason."""

    findings: list[Finding] = field(default_factory=list)
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def ground(document: Document, answer: Any, *, made_by: str) -> Grounded:
    """The findings of an answer; nothing in it can raise an error."""
    work = _Grounding(document, made_by)
    held = answer if isinstance(answer, dict) else {}
    if not isinstance(answer, dict):
        work.out.dropped["the answer is no object"] += 1
    keys: dict[int, str] = {}
    for place, told in enumerate(_list(held.get("transfers")), 1):
        if key := work.transfer(told):
            keys[place] = key
    for told in _list(held.get("statements")):
        work.statement(told, keys)
    for told in _list(held.get("events")):
        work.event(told, keys)
    work.out.kept = sum(len(finding.claims) for finding in work.out.findings)
    return work.out


class _Grounding:
    """One answer at work: where its words stand, and the findings made so far."""

    def __init__(self, document: Document, made_by: str) -> None:
        self.document = document
        self.made_by = made_by
        self.out = Grounded()
        self.counts: Counter[str] = Counter()

    def transfer(self, told: Mapping[str, Any]) -> str | None:
        """A transfer with its stages; its key, or None where too little of it stands on words."""
        claims = [
            claim for role in ("supplier", "recipient") for cell in _list(told.get(role), MOST_CELLS) if (claim := self.party(role, cell))
        ]
        goods = self.equipment(_object(told.get("equipment")))
        if not claims or goods is None:
            self._drop("a transfer without equipment or sides")
            return None
        claims.append(goods)
        claims += [claim for claim in (self.quantity(_object(told.get("quantity"))), self.money(_object(told.get("value")))) if claim]
        key = self._add("transfer", "t", claims)
        for stage in _list(told.get("stages"), MOST_CELLS):
            if (made := self.stage(stage)) is not None:
                self._add("stage", f"{key}.s", made, part_of=key)
        return key

    def stage(self, told: Mapping[str, Any]) -> list[Claim] | None:
        """The claims of a stage; None where its words do not stand in the report."""
        known = meanings("stages")
        if told.get("stage") not in known["stage"] or told.get("modality") not in known["modality"]:
            self._drop("no stage or modality of the vocabulary")
            return None
        claims = [self.claim(name, str(told[name]), told.get("quote")) for name in ("stage", "modality")]
        if None in claims:
            return None
        more = [self.when(_object(told.get("when"))), self.words("according_to", _object(told.get("according_to")))]
        return [claim for claim in (*claims, *more) if claim is not None]

    def statement(self, told: Mapping[str, Any], keys: Mapping[int, str]) -> None:
        """A statement: the speaker and what was said have to stand in the report."""
        speaker = _object(told.get("speaker"))
        named, content = self.words("speaker", speaker), self.claim("content", str(told.get("content")), told.get("content"))
        if named is None or content is None:
            return
        text = self.document.text
        direct = bool(DIRECT.search(text[max(0, content.start - 1) : content.start])) or bool(DIRECT.match(content.quote))
        written = make_claim(self.document, "as_written", named.quote, start=named.start, end=named.end)
        kind = make_claim(self.document, "kind", "direct" if direct else "indirect", start=content.start, end=content.end)
        said = make_claim(self.document, "content", content.quote, start=content.start, end=content.end)
        more = [self.words(name, _object(told.get(name))) for name in ("role", "organization")]
        self._add("statement", "q", [named, written, kind, said, *(claim for claim in more if claim)], about=_about(told, keys))

    def event(self, told: Mapping[str, Any], keys: Mapping[int, str]) -> None:
        """An event: who did what; the words of the deed have to stand in the report."""
        if told.get("plover") not in meanings("plover")["roots"] or told.get("modality") not in meanings("stages")["modality"]:
            self._drop("no root or modality of the vocabulary")
            return
        act = [self.claim(name, str(told[name]), told.get("quote")) for name in ("plover", "modality")]
        sides = [
            claim for role in ("actor", "recipient") for cell in _list(told.get(role), MOST_CELLS) if (claim := self.party(role, cell))
        ]
        if None in act or not any(claim.field == "actor" for claim in sides):
            self._drop("an event without an actor")
            return
        claims = [*sides, *(claim for claim in (*act, self.when(_object(told.get("when")))) if claim)]
        self._add("event", "e", claims, about=_about(told, keys))

    def party(self, role: str, cell: Mapping[str, Any]) -> Claim | None:
        """A side: a state or organisation that our tables hold, on words that name it or nobody."""
        try:
            code = party_code(str(cell.get("value"))[:200])
        except BadInput:
            return self._drop("no state or organisation of the tables")
        named = parties_in(str(cell.get("quote"))[:500])
        if named and code not in named:
            return self._drop("the words name another party")
        return self.claim(role, code, cell.get("quote"), inferred=not named, reason="" if named else "the words name no party")

    def equipment(self, cell: Mapping[str, Any]) -> Claim | None:
        """The goods: the designation has to be in its words."""
        value, quote = str(cell.get("value") or "")[:200], str(cell.get("quote") or "")
        left, right = goods_of(value), goods_of(quote)
        if not left.family or not (left.family == right.family or left.family in right.family or right.family in left.family):
            return self._drop("the words name other equipment") if value else None
        return self.claim("equipment", value, quote)

    def quantity(self, cell: Mapping[str, Any]) -> Claim | None:
        """A number of pieces: it has to be in its words."""
        value = _object(cell.get("value"))
        number = value.get("number")
        if not cell or not _is_number(number) or not 0 < number < 1e9:
            return self._drop("no number") if cell else None
        if float(number) not in numbers_in(str(cell.get("quote"))):
            return self._drop("the number is not in its words")
        return self.claim("quantity", {"number": _whole(number), "unit": str(value.get("unit") or "")[:40].lower()}, cell.get("quote"))

    def money(self, cell: Mapping[str, Any]) -> Claim | None:
        """A sum: it has to be in its words, in a currency that our table holds."""
        value = _object(cell.get("value"))
        amount, currency = value.get("amount"), str(value.get("currency") or "").upper()
        if not cell or not _is_number(amount) or currency not in _currencies():
            return self._drop("no sum, or no currency of the table") if cell else None
        if not any(abs(found - amount) <= 0.01 * abs(amount) for found in numbers_in(str(cell.get("quote")))):
            return self._drop("the sum is not in its words")
        return self.claim("value", {"amount": _whole(amount), "currency": currency}, cell.get("quote"))

    def when(self, cell: Mapping[str, Any]) -> Claim | None:
        """A date in EDTF; one whose year is not in its words is inferred."""
        value = str(cell.get("value") or "")
        if not cell or not EDTF.fullmatch(value):
            return self._drop("no date") if cell else None
        said = value[:4] in str(cell.get("quote"))
        return self.claim("when", value, cell.get("quote"), inferred=not said, reason="" if said else "the words do not say the year")

    def words(self, name: str, cell: Mapping[str, Any]) -> Claim | None:
        """A name or role that is in its words."""
        value, quote = " ".join(str(cell.get("value") or "").split())[:200], str(cell.get("quote") or "")
        if not value:
            return None
        if value.casefold() not in " ".join(quote.split()).casefold() and quote.casefold() not in value.casefold():
            return self._drop("the words say something else")
        return self.claim(name, value, quote)

    def claim(self, name: str, value: Json, quote: Any, *, inferred: bool = False, reason: str = "") -> Claim | None:
        """A claim on the first place in the report where its words stand."""
        found = place_of(self.document.text, quote)
        if found is None:
            return self._drop("the words are not in the report")
        return make_claim(self.document, name, value, start=found[0], end=found[1], inferred=inferred, reason=reason)

    def _add(self, kind: str, letter: str, claims: Sequence[Claim], *, part_of: str | None = None, about: Sequence[str] = ()) -> str:
        self.counts[letter] += 1
        key = f"{letter}{self.counts[letter]}"
        self.out.findings.append(make_finding(kind, key, self.document, claims, part_of=part_of, about=about, made_by=self.made_by))
        return key

    def _drop(self, why: str) -> Claim | None:
        """Counts what is left out, and gives no claim."""
        self.out.dropped[why] += 1
        return None


def place_of(text: str, quote: Any) -> tuple[int, int] | None:
    """Where words stand in a text, any white space between them; None where they do not."""
    words = str(quote).split() if isinstance(quote, str) else []
    if not words or len(words) > 400:
        return None
    start = text.find(quote.strip())
    if start >= 0:
        return start, start + len(quote.strip())
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found else None


def parties_in(words: str) -> set[str]:
    """The parties that some words name, in any form that our tables hold."""
    known = _party_words()
    found = re.findall(r"[\w.'\u2019-]+", words)
    runs = (" ".join(found[first : first + length]).strip(".'\u2019-") for length in range(1, 5) for first in range(len(found)))
    return {code for run in runs for form in {run, run.casefold()} for code in known.get(form, ())}


def numbers_in(words: str) -> set[float]:
    """Every number in some words, in figures or words, with the scale after it and without."""
    found: set[float] = set()
    scales = _scales()
    pattern = re.compile(rf"(?P<figures>{FIGURES})|(?<!\w)(?P<spelled>{spelled_pattern()})(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(words[:500]):
        after = re.match(r"\s*-?\s*([A-Za-z]+)", words[match.end() :])
        scale = scales.get(after.group(1).casefold(), 1.0) if after else 1.0
        value = read_figures(match["figures"], scaled=scale > 1) if match["figures"] else read_spelled(match["spelled"])
        found |= {value, round(value * scale, 6)}
    return found


@cache
def _party_words() -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    columns = ("name", "aliases", "demonyms", "adjectives", "capital", "capital_aliases")
    named = [(name, row["iso2"]) for row in table("states") for column in columns for name in cells(row[column])]
    named += [(name, row["iso2_or_org"]) for row in table("bodies") for name in (row["name"], *cells(row["aliases"]))]
    for name, code in named:
        # "US" is a state, "us" is not.
        known.setdefault(name if name.isupper() else name.casefold(), set()).add(code)
    return known


@cache
def _scales() -> Mapping[str, float]:
    rows = (row for row in table("currencies") if row["row"] == "scale")
    return {word.casefold(): float(row["multiplier"]) for row in rows for word in (row["name"], *cells(row["aliases"])) if word}


@cache
def _currencies() -> frozenset[str]:
    return frozenset(row["iso4217"] for row in table("currencies") if row["row"] == "currency")


def _list(held: Any, most: int = MOST_FINDINGS) -> Iterator[Mapping[str, Any]]:
    return (item for item in held[:most] if isinstance(item, dict)) if isinstance(held, list) else iter(())


def _object(held: Any) -> Mapping[str, Any]:
    return held if isinstance(held, dict) else {}


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e18


def _whole(number: float) -> int | float:
    """A whole number as one, as our own analysis has it."""
    return int(number) if float(number).is_integer() else number


def _about(told: Mapping[str, Any], keys: Mapping[int, str]) -> list[str]:
    """The keys of the transfers that it speaks of: numbers of the answer's own list, those that were dropped left out."""
    held = told.get("about")
    numbers = held[:MOST_CELLS] if isinstance(held, list) else []
    return list(dict.fromkeys(keys[number] for number in numbers if isinstance(number, int) and number in keys))
