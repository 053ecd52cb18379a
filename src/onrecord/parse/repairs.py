"""This file mends mistakes of the parser that turn an act into another: what is coordinated with an infinitive.

"Ankara refused to yield and continued negotiations": the parser hangs "continued" (as a finite verb, or as an adjective of a noun)
on "yield", so that the talks look refused. A finite verb goes with the finite verb above. "Asked to drop the deal and in return
to buy frigates": the parser hangs "buy" on "return"; it goes with the infinitive before. "Sold jets to Peru and Oslo sold tanks": it
joins Oslo to Peru, which leaves the second verb without the subject that it needs. "The agency reported, citing the ministry, that
Oslo had paid": the parser has the ministry cited that Oslo had paid; it is what was reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.records import Word

FINITE = frozenset({"VBD", "VBZ", "VBP"})
# The clauses in which an infinitive may hang in the wrong place, and with them the labels of all words that may be mended.
CLAUSES = frozenset({"acl", "advcl", "relcl"})
MENDED = CLAUSES | {"conj", "ccomp"}
# Verbs that name a source, between commas, for what stands after them.
CITING = frozenset({"cite", "quote"})
# "And in return", "and in exchange": what comes after it is asked for beside what came before.
EXCHANGES = frozenset({"return", "exchange", "turn"})


def mend(words: Sequence[Word]) -> list[Word]:
    """The words with heads, labels and tags mended; offsets and order stay."""
    mended = list(words)
    for word in words:
        if word.dep not in MENDED:
            continue
        if word.dep == "ccomp":
            if (reported := _verb_before_source(mended, word)) is not None:
                mended[word.index] = replace(word, head=reported)
            continue
        if (needs := _verb_after(mended, word)) is not None:
            mended[word.index] = replace(word, head=needs, dep="nsubj")
            continue
        if (first := _infinitive_before(mended, word)) is not None:
            mended[word.index] = replace(word, head=first, dep="conj")
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


def _verb_after(words: Sequence[Word], word: Word) -> int | None:
    """The finite verb right after a name that "and" seems to join to the name before, but that the verb needs as its subject."""
    after = words[word.index + 1] if word.index + 1 < len(words) else None
    if word.dep != "conj" or word.pos not in {"PROPN", "NOUN"} or after is None or after.tag not in FINITE or after.dep != "conj":
        return None
    if not any(words[i].pos == "CCONJ" and words[i].head == word.head for i in range(word.head + 1, word.index)):
        return None
    subject = any(w.head == after.index and w.dep in {"nsubj", "nsubjpass", "cc"} for w in words[after.head : after.index])
    return None if subject or words[after.head].index > word.head else after.index


def _verb_before_source(words: Sequence[Word], word: Word) -> int | None:
    """The verb of which a clause is what was said, where it hangs on the source that is cited in between; None for any other clause."""
    citing = words[word.head]
    named = citing.lemma in CITING and (citing.tag, citing.dep) == ("VBG", "advcl")
    if not named or not citing.head < citing.index < word.index:
        return None
    opened = any(words[i].text == "that" and words[i - 1].text == "," for i in range(citing.index + 2, word.index))
    return citing.head if opened else None


def _infinitive_before(words: Sequence[Word], word: Word) -> int | None:
    """The infinitive that goes before "and in return to buy", for the infinitive in it; None for any other word."""
    if word.dep not in CLAUSES or not _is_infinitive(words, word.index) or words[word.head].lemma not in EXCHANGES:
        return None
    exchange = words[word.head]
    opener = words[exchange.index - 1]
    if opener.text.lower() != "in" or words[opener.index - 1].pos != "CCONJ" or words[word.index - 2].index != exchange.index:
        return None
    for index in range(opener.index - 2, -1, -1):
        if words[index].sentence != word.sentence:
            return None
        if words[index].tag == "VB" and _is_infinitive(words, index):
            return index
    return None


def _is_infinitive(words: Sequence[Word], index: int) -> bool:
    """Whether "to" stands right before a verb."""
    return words[index].tag == "VB" and any(words[i].tag == "TO" and words[i].head == index for i in range(max(0, index - 3), index))


def _finite_above(words: Sequence[Word], index: int) -> int | None:
    """The finite verb over an infinitive; None where `index` is no infinitive."""
    word = words[index]
    if not _is_infinitive(words, index):
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
