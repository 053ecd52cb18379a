"""This file scores attributions against marked ones: words of sources, cues and contents, whole contents, who says what, direct quotations.

Words and marks count one each for the token scores. Wherever whole spans are compared, marks are left out: whether the comma before
"he said" belongs to what was said is no question of reading.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from onrecord.measure.polnear_gold import ROLES, Article
from onrecord.nets.attribution import Attribution, Spans

TOKEN = re.compile(r"\w+|[^\w\s]")
WORD = re.compile(r"\w+")
QUOTED = re.compile(r"[“\"](?P<inside>[^“”\"\n]+)(?:[”\"]|$)", re.MULTILINE)
# Fewer words between quotation marks borrow an expression or give a title; textacy's quotations begin at as many.
SHORTEST_QUOTE = 4
# Two spans are one where they share at least this part of the words that either has.
SHARED = 0.5
Words = frozenset[int]


@dataclass(slots=True)
class Count:
    """How many there are to find, how many were said, and how many of those are right."""

    right: int = 0
    said: int = 0
    gold: int = 0

    def add(self, right: int, said: int, gold: int) -> None:
        """Counts one article in."""
        self.right, self.said, self.gold = self.right + right, self.said + said, self.gold + gold

    def figures(self) -> dict[str, float]:
        """Precision, recall and F1, 1.0 where there was nothing to find and nothing was said."""
        if not self.said and not self.gold:
            return {"precision": 1.0, "recall": 1.0, "f1": 1.0, "of": 0}
        precision, recall = self.right / self.said if self.said else 0.0, self.right / self.gold if self.gold else 0.0
        f1 = 2 * self.right / (self.said + self.gold)
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "of": self.gold}


@dataclass(frozen=True, slots=True)
class Scores:
    """What a set of articles came to: token scores by role, exact spans by role, linked pairs, and direct quotations."""

    tokens: dict[str, Count] = field(default_factory=lambda: {role: Count() for role in ROLES})
    exact: dict[str, Count] = field(default_factory=lambda: {role: Count() for role in ROLES})
    links: Count = field(default_factory=Count)
    quotes: Count = field(default_factory=Count)

    def add(self, article: Article, said: Sequence[Attribution]) -> None:
        """Counts one article in, with what was said of its text."""
        tokens, words = (_middles(pattern, article.text) for pattern in (TOKEN, WORD))
        for role in ROLES:
            here, there = ({token for a in each for token in _words(tokens, a.spans(role))} for each in (said, article.attributions))
            self.tokens[role].add(len(here & there), len(here), len(there))
            whole, right = ({_words(words, a.spans(role)) for a in each} - {frozenset()} for each in (said, article.attributions))
            self.exact[role].add(len(whole & right), len(whole), len(right))
        pairs = [[_pair(words, a) for a in each if a.source and a.content] for each in (said, article.attributions)]
        self.links.add(_paired(*pairs), len(pairs[0]), len(pairs[1]))
        quotes = list(_quotations(article.text, words))
        ours, theirs = (_spoken(quotes, words, each) for each in (said, article.attributions))
        hits = sum(any(_same(a, b) for a in ours[quote] for b in theirs[quote]) for quote in ours.keys() & theirs.keys())
        self.quotes.add(hits, len(ours), len(theirs))


def _middles(pattern: re.Pattern[str], text: str) -> list[float]:
    """The middle of every token, by which it is known: a token lies in a span where its middle does."""
    return [(match.start() + match.end() - 1) / 2 for match in pattern.finditer(text)]


def _words(middles: Sequence[float], spans: Spans) -> Words:
    return frozenset(at for start, end in spans for at in range(bisect_left(middles, start), bisect_left(middles, end)))


def _pair(words: Sequence[float], told: Attribution) -> tuple[Words, Words]:
    return _words(words, told.source), _words(words, told.content)


def _shared(one: Words, other: Words) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _same(one: Words, other: Words) -> bool:
    return _shared(one, other) >= SHARED


def _paired(said: Iterable[tuple[Words, Words]], gold: Sequence[tuple[Words, Words]]) -> int:
    """How many pairs of source and content are right, each gold pair used once, the best contents first."""
    fits = [
        (_shared(content, right), number, place)
        for number, (source, content) in enumerate(said)
        for place, (who, right) in enumerate(gold)
        if _same(source, who) and _same(content, right)
    ]
    used: tuple[set[int], set[int]] = set(), set()
    for _, number, place in sorted(fits, key=lambda fit: (-fit[0], fit[1:])):
        if number not in used[0] and place not in used[1]:
            used[0].add(number)
            used[1].add(place)
    return len(used[0])


def _quotations(text: str, words: Sequence[float]) -> Iterator[Words]:
    """The words of each quotation by its marks, those of an open one up to the end of its paragraph."""
    for match in QUOTED.finditer(text):
        found = _words(words, (match.span("inside"),))
        if len(found) >= SHORTEST_QUOTE:
            yield found


def _spoken(quotes: Sequence[Words], words: Sequence[float], told: Sequence[Attribution]) -> dict[Words, list[Words]]:
    """The quotations that are by themselves a part of what somebody says, with the sources of those who say it."""
    wanted, found = set(quotes), dict[Words, list[Words]]()
    for each in told:
        for span in each.content if each.source else ():
            part = _words(words, (span,))
            if part in wanted:
                found.setdefault(part, []).append(_words(words, each.source))
    return found
