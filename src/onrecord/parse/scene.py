"""This file says what a report is about, as far as names need to know: arms, sport, nature, its day, where it was filed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from onrecord import vocab
from onrecord.dateline import find_dateline
from onrecord.parse.forms import class_nouns, plain
from onrecord.records import Document

WORD = re.compile(r"[a-z]+")
# One word of arms is enough in a report of some lines, two in a longer one.
ARMS_WORDS = 2
SHORT = 900
# What stands between title and text where they are read as one.
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Scene:
    """A text in plain form and what its report is about; `whole` is title and text, `dateline` the span of the dateline."""

    text: str
    lower: str
    whole: str
    arms: bool
    sport: bool
    nature: bool
    day: str
    dateline: tuple[int, int] | None

    def near(self, start: int, end: int, reach: int) -> str:
        """The lower-case text around a span, in its own paragraph; "|" stands for the span."""
        left = self.lower[max(0, start - reach) : start].rpartition("\n\n")[2]
        right = self.lower[end : end + reach].partition("\n\n")[0]
        return f" {left}|{right} "


@lru_cache(maxsize=4)
def report_scene(document: Document) -> Scene:
    """The scene of a whole report, its title and its text as one."""
    whole = plain(f"{document.title}{GAP}{document.text}")
    lower = whole.lower()
    words = set(WORD.findall(lower))
    spoken = {topic: _distinct(topic, words, lower) for topic in ("arms", "sport", "nature")}
    arms = spoken["arms"] >= (ARMS_WORDS if len(whole) > SHORT else 1)
    sport, nature = spoken["sport"], spoken["nature"]
    other = max(sport, nature) >= 2 and max(sport, nature) > spoken["arms"]
    return Scene(
        whole, lower, whole, arms and not other, other and sport >= nature, other and nature > sport, document.published or "", None
    )


def part_scene(report: Scene, text: str) -> Scene:
    """The scene of the title or of the text alone, with its own offsets."""
    flat = plain(text)
    found = find_dateline(flat)
    dateline = found.span() if found else None
    return Scene(flat, flat.lower(), report.whole, report.arms, report.sport, report.nature, report.day, dateline)


def _distinct(topic: str, words: set[str], lower: str) -> int:
    """How many different words and phrases of a topic a text holds."""
    single, phrases = _topic(topic)
    return len(single & words) + sum(phrase in lower for phrase in phrases)


@cache
def _topic(topic: str) -> tuple[frozenset[str], tuple[str, ...]]:
    entry = vocab.words("names")["topics"][topic]
    return frozenset(w for w in entry if w.isalpha()), tuple(w for w in entry if not w.isalpha())


@cache
def arms_nouns() -> str:
    """An alternation of goods nouns and of the units that equipment comes in, in lower case, longest first."""
    forms = {form.split(" ")[-1] for form in class_nouns()} | set(vocab.words("names")["beside"]["words"])
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
