"""This file says what a report is about, as far as names need to know: arms, sport, nature, which year, where it was filed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.parse.surfaces import class_nouns, plain
from onrecord.records import Parsed

DATELINE = re.compile(r"\s*([A-Z][\w.' -]{2,40}?)(?:,[^\n]{0,40}?)?\s*(?:\([^)\n]{2,40}\)\s*)?\s(?:-{1,2}|:)\s")
NEAR = 70
ARMS_WORDS = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """A text in plain form and what it is about; `day` is the report's date, `dateline` the span of the place that it was filed from."""

    text: str
    lower: str
    arms: bool
    sport: bool
    nature: bool
    day: str
    dateline: tuple[int, int] | None

    def near(self, start: int, end: int, reach: int = NEAR) -> str:
        """The lower-case text around a span, in its own paragraph, with the span left out."""
        left = self.lower[max(0, start - reach) : start].rpartition("\n\n")[2]
        right = self.lower[end : end + reach].partition("\n\n")[0]
        return f" {left} | {right} "


def read_scene(parsed: Parsed, text: str) -> Scene:
    """The scene of a text; a title is judged with the report's whole text."""
    whole = plain(f"{parsed.document.title} {parsed.document.text}").lower()
    arms = len({m.group() for m in _pattern("arms").finditer(whole)}) >= ARMS_WORDS
    sport = len({m.group() for m in _pattern("sport").finditer(whole)}) >= 2 and not arms
    nature = len({m.group() for m in _pattern("nature").finditer(whole)}) >= 2 and not arms
    flat = plain(text)
    found = DATELINE.match(flat)
    return Scene(flat, flat.lower(), arms, sport, nature, parsed.document.published or "", found.span(1) if found else None)


@cache
def _pattern(topic: str) -> re.Pattern[str]:
    entry = vocab.words("names")["arms" if topic == "arms" else "not_state"]
    words = entry["words" if topic == "arms" else topic]
    return re.compile(r"\b(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + r")\b")


@cache
def noun_pattern() -> re.Pattern[str]:
    """Any goods noun, in lower case, on word boundaries."""
    forms = sorted(class_nouns(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w])")
