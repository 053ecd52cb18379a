"""This file finds personal names as reports write them: the one in "the general director of Rostec Sergey Tchemisov", and all in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from onrecord import vocab
from onrecord.link.people import states_in

# A personal name has no more words than this, particles left aside; a text gives no more names than that.
LONGEST, LONGEST_IN_TEXT, MOST_NAMES = 6, 4, 400
# What a report calls a speaker is read from its end, no further back than this.
LONGEST_CALLED = 300
# A word, or an initial with its full stop.
WORD = r"(?:[^\W\d_]\.(?=[\s-])|[^\W\d_][\w'’ʼ-]*)"
RUN = re.compile(rf"{WORD}(?:[ \u00a0]{WORD})*")
ABBREVIATED = re.compile(r"\b(Gen|Col|Lt|Maj|Capt|Adm|Brig|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Hon)\.\s*")
BREAK = re.compile(r"[\"“”„»«,;:()\[\]\n]|\d")


def personal_name(written: str, *, beside: str = "") -> str:
    """The personal name at the end of what a report calls a speaker, titles left aside; "" where there is none ("the minister").

    `beside` holds his role and organisation: their words are no part of his name where they stand before it.
    """
    tail = ABBREVIATED.sub(r"\1 ", BREAK.split(written.strip()[-LONGEST_CALLED:])[-1])
    words = list(re.finditer(WORD, tail))
    start = len(words)
    while start > 0 and (_opens(words[start - 1].group()) or words[start - 1].group().lower() in _set("inside_names")):
        start -= 1
    run = [word.group() for word in words[start:]]
    name, others = _name_at_end(run), set(re.findall(WORD, beside))
    while len(name) > 1 and name[0] in others:
        name = _name_at_end(name[1:])
    if len(name) == 1 and (name[0].lower() in _no_lone_names() or states_in(name[0])):
        return ""
    if start > 0 and words[start - 1].group().lower() in _set("before_others"):
        before = run[: len(run) - len(name)]
        own = words[start - 1].group().lower() == "of" and len(name) > 1 and before and not any(map(_is_title, before))
        name = name if own else []
    kept = len(name)
    return tail[words[-kept].start() : words[-1].end()] if kept else ""


def names_in(text: str) -> tuple[str, ...]:
    """The stretches of two to four capitalised words in a text that could be a person's name, each once, in order."""
    found: dict[str, None] = {}
    for run in RUN.finditer(text):
        words = run.group().split()
        for start, end in _capitalised(words):
            for first in range(max(start, end - LONGEST_IN_TEXT), end - 1):
                stretch = [*words[first : end - 1], re.sub(r"['’]s$", "", words[end - 1])]
                if stretch == _name_at_end(stretch):
                    found[" ".join(stretch)] = None
        if len(found) >= MOST_NAMES:
            break
    return tuple(found)[:MOST_NAMES]


def _name_at_end(words: Sequence[str]) -> list[str]:
    """The name that capitalised words end with: what follows titles, offices, bodies and a leading state; [] for none."""
    kept = list(words)
    while kept and (_is_title(kept[0]) or kept[0].lower() in _set("inside_names") or (len(kept) > 2 and states_in(kept[0]))):
        kept = kept[1:]
    bodies = [place for place, word in enumerate(kept) if word.lower() in _no_names()]
    if bodies:
        return _name_at_end(kept[bodies[-1] + 1 :])
    own = [word for word in kept if word.lower() not in _set("inside_names")]
    return kept if 0 < len(own) <= LONGEST and any(len(word.strip(".")) > 1 for word in own) else []


def _capitalised(words: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of words that begin with a capital, particles between them included."""
    spans, start = list[tuple[int, int]](), None
    for place, word in enumerate([*words, ""]):
        if start is None and _opens(word):
            start = place
        if start is not None and not _opens(word) and word.lower() not in _set("inside_names"):
            end = place
            while not _opens(words[end - 1]):
                end -= 1
            spans.append((start, end))
            start = None
    return spans


def _opens(word: str) -> bool:
    """Whether a word begins as names do: "Suwaidi", "al-Suwaidi", a word of a script without capitals."""
    article, _, rest = word.partition("-")
    return bool(word) and (not word[0].islower() or (article in _set("inside_names") and rest[:1].isupper()))


def _is_title(word: str) -> bool:
    return word.lower().strip("’'") in _titles()


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(vocab.words("callings")[name])


@cache
def _titles() -> frozenset[str]:
    """Words before a name that are no part of it: offices, what modifies an office, honorifics, articles."""
    roles = vocab.words("roles")
    return frozenset([*roles["heads"], *roles["modifiers"], *roles["honorifics"], "the", "a", "an"])


@cache
def _no_lone_names() -> frozenset[str]:
    """Words that are no person's name where they stand alone: groups, whoever, capitals."""
    roles = vocab.words("roles")
    capitals = (word.lower() for row in vocab.table("states") for word in vocab.cells(row["capital"]))
    return frozenset([*roles["groups"], *roles["some"], *roles["heads"], *capitals])


@cache
def _no_names() -> frozenset[str]:
    """Words that stand in no personal name: those of bodies and outlets."""
    return frozenset([*vocab.words("roles")["bodies"], *_set("outlets")])
