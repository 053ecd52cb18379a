"""This file says when an act happened: of the dates around a predicate, the one that belongs to it, and why.

A date belongs to the predicate that it hangs on in the syntax; to one that shares it (a second verb after a fronted date, an
infinitive below the dated verb, a noun whose verb is dated); else to the nearest predicate of its stretch between strong commas.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice, takewhile
from typing import NamedTuple

from onrecord import vocab
from onrecord.records import Mention, Parsed, When, Word
from onrecord.syntax import ancestors, head_word, kids, sentence_of

# The ranks of the ways in which a date may belong to a predicate, best first.
ADJACENT, DIRECT, THROUGH_NOUN, SHARED, NEAR, ANNOUNCED, CARRIED = range(7)
VERBS = {"VERB", "AUX"}
SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass"}
ADJACENT_WORDS = re.compile(
    r"(?P<comma>,)?\s*(?:(?:in|on|by|for|from|since|about|around|until|early|late|during)\s+)?(?:the\s+)?", re.IGNORECASE
)
MODALS = {"could", "would", "may", "will", "can", "might", "shall"}
# A date that opens a sentence stands within its first words ("Late in the autumn of 2012 …", "It was in January …").
OPENING = 6
DONE = {"have", "has", "had", "'ve"}
# How a day is given on which something was done, and not one by which or from which it is to be done.
ON_A_DAY = ("in ", "on ")
BREAKS = re.compile(r"[;:()]|\s[-–—]+\s")


class _Bond(NamedTuple):
    """A way in which a date belongs to a predicate: its rank, the words between, and the reason."""

    rank: int
    steps: int
    reason: str


def when_of(parsed: Parsed, index: int, start: int, end: int, *, carry: bool = False) -> tuple[Mention, str] | None:
    """The date mention that says when the act of the predicate word happened, with the reason; None where no words do.

    `start` and `end` bound the clause or evidence. The day on which a party announced the act is a guess at its date and comes
    back with "~". With `carry`, a date of the clause before may stand in.
    """
    predicate = _full_verb(parsed, index)
    bonds = []
    for date in _dates_near(parsed, index, start, end):
        bond = _bond(parsed, predicate, date, start, end, carry=carry)
        if bond is not None:
            bonds.append((bond.rank, bond.steps, abs(date.start - predicate.start), date.start, date, bond.reason))
    if not bonds:
        return None
    rank, *_, mention, reason = min(bonds, key=lambda b: b[:4])
    return (_guessed(mention) if rank == ANNOUNCED else mention), reason


def _dates_near(parsed: Parsed, index: int, start: int, end: int) -> list[Mention]:
    """The resolved dates of the predicate's sentence and of its evidence, which may run on into the next."""
    sentence = sentence_of(parsed, index)
    low, high = min(sentence.start, start), max(sentence.end, end)
    near = islice(parsed.mentions, bisect_left(parsed.mentions, low, key=lambda m: m.start), None)
    inside = takewhile(lambda m: m.start < high, near)
    return [m for m in inside if m.kind == "date" and isinstance(m.value, When) and m.value.edtf]


def _full_verb(parsed: Parsed, index: int) -> Word:
    """The word itself, or the verb that it helps."""
    word = parsed.words[index]
    while word.dep in {"aux", "auxpass"} and word.head != word.index:
        word = parsed.words[word.head]
    return word


def _guessed(mention: Mention) -> Mention:
    value = mention.value
    assert isinstance(value, When)
    return replace(mention, value=replace(value, edtf=value.edtf.rstrip("~") + "~"))


def _bond(parsed: Parsed, predicate: Word, date: Mention, start: int, end: int, *, carry: bool) -> _Bond | None:
    """How a date belongs to a predicate, or None."""
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    adjacent = ADJACENT_WORDS.fullmatch(text, predicate.end, date.start) if predicate.end <= date.start else None
    if _is_a_deals(parsed, date, predicate):
        return None
    if adjacent and (not adjacent["comma"] or text[date.end : date.end + 1] in {",", ".", ";", ")"}):
        return _Bond(ADJACENT, 0, f"right after {predicate.text!r}")
    if predicate.lemma.lower() in _words("promising") and not is_ahead(parsed, date):
        return None
    path = list(_path(parsed, date))
    low, high = (predicate.end, date.start) if predicate.start < date.start else (date.end, predicate.start)
    if ";" in text[low:high]:
        return None
    if path and _signed_then(parsed, path[0], date) == predicate.index:
        return _Bond(THROUGH_NOUN, 0, f"past, so that it dates {predicate.text!r}")
    if any(word.index == predicate.index for word in path):
        return _bond_below(parsed, predicate, path) if _signed_then(parsed, predicate, date) < 0 else None
    if _is_when_clause(parsed, predicate, date):
        return _Bond(DIRECT, 0, f"{predicate.text!r} says what happened then")
    owner = next((word for word in path if _is_verb(word)), None)
    if owner is not None and owner.index != predicate.index and not _is_of_a_deal(path, owner):
        if _is_verb_of(parsed, predicate, owner):
            return _Bond(THROUGH_NOUN, 0, f"dates {owner.text!r}, the verb of {predicate.text!r}")
        shared = _shares(parsed, predicate, owner, date, carry=carry)
        if shared is not None:
            return shared
        if predicate.dep == "dobj" and predicate.head == owner.index and owner.lemma.lower() in _words("making_known"):
            return _Bond(ANNOUNCED, 0, f"announced with {owner.text!r}")
    if _is_near(parsed, predicate, date, owner, start, end):
        return _Bond(NEAR, 0, "in the same stretch of the sentence")
    if carry and _is_fronted(parsed, predicate, date):
        return _Bond(CARRIED, 0, "opens the sentence")
    return None


def _is_a_deals(parsed: Parsed, date: Mention, predicate: Word) -> bool:
    """Whether a date says which deal is meant that another predicate speaks of: "the order follows the 2015 purchase"."""
    word = head_word(parsed, date.start, date.end)
    noun = parsed.words[word.head] if word is not None else predicate
    own = noun.index == predicate.index or (predicate.pos in VERBS and predicate.lemma.lower() in _words("contracting"))
    return not own and noun.start >= date.end and noun.lemma.lower() in _words("dated_nouns")


def _is_fronted(parsed: Parsed, predicate: Word, date: Mention) -> bool:
    """Whether a date opens the sentence of an act told in the past, so that it may hold for all of it."""
    sentence = parsed.sentences[predicate.sentence]
    first = head_word(parsed, date.start, date.end)
    if first is None or first.index - sentence.first > OPENING or predicate.dep in {"relcl", "xcomp"}:
        return False
    if any(_is_verb(word) and word.lemma != "be" for word in parsed.words[sentence.first : first.index]):
        return False
    helpers = {parsed.words[c].text.lower() for c in parsed.children[predicate.index] if parsed.words[c].dep in {"aux", "auxpass", "neg"}}
    told = predicate.tag == "VBD" and not helpers or predicate.tag == "VBN" and helpers and helpers <= {"was", "were"}
    return bool(told) and not any(_is_reporting(word) for word in ancestors(parsed, predicate.index))


def _is_of_a_deal(path: list[Word], owner: Word) -> bool:
    """Whether a deal that bears its own date stands between a date and its verb ("handed over under the 2009 contract")."""
    between = path[: next(i for i, word in enumerate(path) if word.index == owner.index)]
    return any(word.lemma.lower() in _words("dated_nouns") and word.dep == "pobj" for word in between)


def _path(parsed: Parsed, date: Mention) -> Iterator[Word]:
    """The words above a date that are not its own, nearest first, up to the root."""
    word = head_word(parsed, date.start, date.end)
    while word is not None:
        if not date.start <= word.start < date.end:
            yield word
        word = parsed.words[word.head] if word.head != word.index else None


def _is_verb(word: Word) -> bool:
    return word.pos in VERBS and word.dep not in {"aux", "auxpass"}


def _bond_below(parsed: Parsed, predicate: Word, path: list[Word]) -> _Bond | None:
    """A date below the predicate is its own, unless another verb, or a deal that bears its own date, stands between."""
    between = path[: next(i for i, word in enumerate(path) if word.index == predicate.index)]
    verbs = [word for word in between if _is_verb(word) and not _is_bare_participle(parsed, word)]
    for verb in verbs:
        if verb.dep in {"ccomp", "parataxis"} and verb.head == predicate.index and verb.start > predicate.end and _is_reporting(verb):
            # "It has ordered 42, the minister said on Thursday": a parser may hang what is said above who says it.
            return _announced(parsed, predicate, verb)
        if not _is_clause_of_noun(predicate, verb, between) and verb.dep not in {"xcomp", "pcomp"}:
            return None
    if predicate.pos in VERBS and predicate.lemma.lower() not in _words("contracting") and _is_of_a_deal(path, predicate):
        return None
    return _Bond(DIRECT, len(between), f"dates {verbs[0].text!r} below {predicate.text!r}" if verbs else f"hangs on {predicate.text!r}")


def _is_bare_participle(parsed: Parsed, word: Word) -> bool:
    """Whether a participle is shut off by a comma ("a corvette, retired, as a present in 2019"), so that nothing after it is its own."""
    return word.tag == "VBN" and word.dep == "acl" and parsed.words[min(word.index + 1, len(parsed.words) - 1)].text == ","


def _is_clause_of_noun(predicate: Word, verb: Word, between: list[Word]) -> bool:
    """Whether a clause with a light verb dates the noun's act: "an order for 34, signed in March", "a deal which dates from 2008"."""
    inner = between[: between.index(verb)]
    if predicate.pos in VERBS or verb.dep not in {"acl", "relcl"} or any(word.lemma.lower() in _words("dated_nouns") for word in inner):
        return False
    if verb.head == predicate.index:
        return verb.dep == "acl" or verb.lemma.lower() in _words("light")
    goods = {word.index for word in between if word.pos not in VERBS}
    return verb.head in goods and predicate.lemma.lower() in _words("dated_nouns") and verb.lemma.lower() in _words("light")


def _signed_then(parsed: Parsed, purpose: Word, date: Mention) -> int:
    """The verb that a date below an infinitive belongs to: "signed a contract to supply jets in October 2018", told in 2021; else -1."""
    noun = parsed.words[purpose.head]
    verb = parsed.words[noun.head]
    made = noun.dep in {"dobj", "nsubjpass"} and noun.lemma.lower() in _words("dated_nouns") and verb.tag in {"VBD", "VBN"}
    if not made or not date.text.lower().startswith(ON_A_DAY) or purpose.dep != "acl" or purpose.tag != "VB" or is_ahead(parsed, date):
        return -1
    sentence = sentence_of(parsed, verb.index)
    others = (other for other in _dates_near(parsed, verb.index, sentence.start, sentence.end) if other is not date)
    owners = (next((word.index for word in _path(parsed, other) if _is_verb(word)), -1) for other in others)
    return -1 if verb.index in owners else verb.index


def _is_when_clause(parsed: Parsed, predicate: Word, date: Mention) -> bool:
    """Whether the predicate's clause hangs on the date itself: "in 1992, when twenty-six were delivered"."""
    head = parsed.words[predicate.head]
    return predicate.dep in {"relcl", "advcl"} and date.start <= head.start < date.end


def _is_verb_of(parsed: Parsed, predicate: Word, owner: Word) -> bool:
    """Whether `owner` is the verb that a noun predicate is subject or object of ("the contract was signed in May")."""
    if owner.lemma.lower() not in _words("light") or (
        predicate.pos in VERBS and predicate.dep not in {"nsubj", "nsubjpass", "csubj", "csubjpass"}
    ):
        return False
    word = predicate
    while word.head != word.index:
        if word.dep in {"relcl", "acl"}:
            return False
        word = parsed.words[word.head]
        if word.index == owner.index:
            return True
        if word.pos in VERBS:
            return (word.dep == "xcomp" and word.head == owner.index) or (owner.dep in {"xcomp", "ccomp"} and owner.head == word.index)
    return False


def _shares(parsed: Parsed, predicate: Word, owner: Word, date: Mention, *, carry: bool) -> _Bond | None:
    """A date of another verb that holds for the predicate too: a fronted one over conjuncts, one above an infinitive, an announcement's."""
    word, conjunct, steps, rank = predicate, False, 0, SHARED
    while word.head != word.index and word.index != owner.index:
        above = parsed.words[word.head]
        if word.dep in {"ccomp", "parataxis"} and _is_reporting(above):
            return _announced(parsed, predicate, above) if owner.index in {above.index, above.head} else None
        if word.dep in {"conj", "dep"}:
            conjunct = True
            if kids(parsed, word.index, "nsubj", "nsubjpass"):
                rank = CARRIED
        elif word.dep == "xcomp" or (word.dep in {"ccomp", "advcl"} and above.lemma == "be"):
            if above.lemma.lower() not in _words("light") - _words("promising") and not is_ahead(parsed, date):
                return None
        elif word.dep not in {"acomp", "oprd"}:
            return None
        word, steps = above, steps + 1
    if word.index != owner.index or (conjunct and not date.start < owner.start) or (rank == CARRIED and not carry):
        return None
    return _Bond(rank, steps, f"fronted before {owner.text!r}" if conjunct else f"dates {owner.text!r} above {predicate.text!r}")


def is_ahead(parsed: Parsed, date: Mention) -> bool:
    """Whether a date lies after the report's day, so that it cannot be the day on which a promise or order was given."""
    published = parsed.document.published
    return bool(published) and isinstance(date.value, When) and date.value.edtf[:10] > str(published)[: len(date.value.edtf[:10])]


def _announced(parsed: Parsed, predicate: Word, verb: Word) -> _Bond | None:
    """The day of the announcement, for an act that it tells as done, or that it is itself: a no ("that it would not open its ports")."""
    if verb.lemma.lower() not in _words("announcing") | _words("proclaiming") or predicate.pos not in VERBS:
        return None
    helpers = [parsed.words[c] for c in parsed.children[predicate.index] if parsed.words[c].dep in {"aux", "auxpass", "neg"}]
    said = {helper.text.lower() for helper in helpers}
    done = said & DONE or (predicate.tag == "VBN" and said & {"is", "are"} and not said & {"to", "be"})
    proclaimed = verb.lemma.lower() in _words("proclaiming") | _words("confirming")
    refused = any(helper.dep == "neg" for helper in helpers) and said & MODALS
    under_way = predicate.tag == "VBG" and said & {"is", "are", "was", "were"} or predicate.tag == "VBD" and not said
    if done or (proclaimed and (refused or under_way)):
        return _Bond(ANNOUNCED, 0, f"announced with {verb.text!r}")
    return None


def _is_near(parsed: Parsed, predicate: Word, date: Mention, owner: Word | None, start: int, end: int) -> bool:
    """Whether a date stands in the predicate's own stretch of text and no other verb claims it."""
    if owner is not None and _is_reporting(owner):
        return False
    low, high = (predicate.end, date.start) if predicate.start < date.start else (date.end, predicate.start)
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    if low > high or BREAKS.search(text, low, high):
        return False
    first, last = sorted((predicate.index, head.index if (head := head_word(parsed, date.start, date.end)) else predicate.index))
    if any(_is_verb(word) for word in parsed.words[first + 1 : last] if not date.start <= word.start < date.end):
        return False
    if owner is None or owner.index == predicate.index:
        return start <= date.start < end
    misplaced = owner.start > date.end and (text[date.end : date.end + 1] == "," or BREAKS.search(text, date.end, owner.start) is not None)
    return predicate.start < date.start and predicate.pos in VERBS and (owner.start < predicate.start or misplaced)


def _is_reporting(word: Word) -> bool:
    return word.lemma.lower() in _words("reporting") | _words("announcing") | _words("proclaiming")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(vocab.words("dates")["timing"][name])
