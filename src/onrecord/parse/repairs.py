"""This file mends two mistakes of the parser that turn an act into its opposite: what is coordinated with a refused infinitive.

"Ankara refused to yield and continued negotiations": the parser hangs "continued" (as a finite verb, or as an adjective of a noun)
on "yield", so that the talks look refused. A finite verb goes with the finite verb above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.records import Word

FINITE = frozenset({"VBD", "VBZ", "VBP"})


def mend(words: Sequence[Word]) -> list[Word]:
    """The words with heads, labels and tags mended; offsets and order stay."""
    mended = list(words)
    for word in words:
        if word.dep != "conj" or word.head == word.index:
            continue
        above = _finite_above(mended, word.head)
        if above is None:
            continue
        if word.tag in FINITE:
            mended[word.index] = replace(word, head=above)
        elif word.pos == "NOUN" and (verb := _misread_verb(mended, word)) is not None:
            mended[verb.index] = replace(verb, head=above, dep="conj", tag="VBD", pos="VERB")
            mended[word.index] = replace(word, head=verb.index, dep="dobj")
    return mended


def _finite_above(words: Sequence[Word], index: int) -> int | None:
    """The finite verb over an infinitive; None where `index` is no infinitive."""
    word = words[index]
    if word.tag != "VB" or not any(words[i].tag == "TO" and words[i].head == index for i in range(max(0, index - 3), index)):
        return None
    while word.head != word.index and word.tag not in FINITE:
        word = words[word.head]
    return word.index if word.tag in FINITE else None


def _misread_verb(words: Sequence[Word], noun: Word) -> Word | None:
    """A past form right after "and" that the parser took for the adjective of a noun coordinated with a verb."""
    for index in range(max(1, noun.index - 3), noun.index):
        word = words[index]
        if word.head == noun.index and word.dep == "amod" and word.tag in {"VBN", "VBD"} and words[index - 1].pos == "CCONJ":
            return word
    return None
