"""This file finds the word that names who speaks with a verb: its subject or agent, the noun it hangs on, the source that is cited."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord import vocab
from onrecord.records import Parsed, Word
from onrecord.syntax import kids

SUBJECTS = ("nsubj", "nsubjpass")


def subject_of(parsed: Parsed, word: Word) -> int | None:
    """The word that heads the speaker: the verb's own subject, the one it shares, its by-agent, or the noun that it hangs on."""
    at = word
    for _ in range(6):
        own = kids(parsed, at.index, *SUBJECTS)
        if at.lemma in {"quote", "cite"} and at.index != word.index and not kids(parsed, at.index, "nsubjpass"):
            own = kids(parsed, at.index, "dobj")
        if own:
            return _subject_or_agent(parsed, at, min(own, key=lambda w: (w.entity == "DATE", abs(w.index - at.index))))
        agent = _agent(parsed, at)
        if agent is not None:
            return agent
        if at.dep == "acl" and at.tag == "VBN":
            return None
        if at.dep in {"acl", "relcl"}:
            return _bearer(parsed, at)
        if at.dep not in {"conj", "advcl", "xcomp", "pcomp", "prep"} or at.head == at.index or (at.dep == "advcl" and at.tag != "VBG"):
            return None
        at = parsed.words[at.head]
    root = word
    while root.head != root.index:
        root = parsed.words[root.head]
    return root.index if root.pos in {"NOUN", "PROPN"} and root.index < word.index and word.tag in {"VBD", "VBZ"} else None


def nearer(parsed: Parsed, word: Word, speaker: int | None) -> int | None:
    """The noun between the last comma and the verb, where the parser went beyond that comma for its subject: "..., the clerk told us"."""
    start = word.index
    while (
        start
        and parsed.words[start - 1].text not in {",", '"', ";", ":"}
        and parsed.words[start - 1].sentence == word.sentence
        and word.index - start < 14
    ):
        start -= 1
    if speaker is None or not 0 < start or speaker >= start or speaker > word.index or parsed.words[start - 1].sentence != word.sentence:
        return speaker
    between = parsed.words[start : word.index]
    if any(w.pos == "VERB" or w.tag in {"WP", "WDT", "CC"} for w in between):
        return speaker
    inside = [w for w in between if w.pos in {"NOUN", "PROPN", "PRON"} and w.dep not in {"compound", "poss", "npadvmod"}]
    return next((w.index for w in inside if w.dep != "pobj"), speaker)


def nouns_after(parsed: Parsed, word: Word) -> tuple[int, ...]:
    """The nouns up to the next comma behind a verb that itself follows a comma or a quotation mark."""
    if word.tag not in {"VBD", "VBZ", "VBP", "VBN"} or word.index == 0:
        return ()
    before = parsed.words[word.index - 1]
    if before.text not in {",", '"', "'", "so", "-", "--", "?", "!"} and before.sentence == word.sentence:
        return ()
    found = []
    for after in parsed.words[word.index + 1 : word.index + 20]:
        if after.sentence != word.sentence or after.text in {",", ";", ":", '"'}:
            break
        addressed = after.dep == "pobj" and parsed.words[after.head].head == word.index
        if after.pos in {"NOUN", "PROPN", "PRON"} and after.dep not in {"compound", "npadvmod"} and not addressed:
            found.append(after.index)
    return tuple(found)


def cited(parsed: Parsed, index: int) -> Iterator[int]:
    """The sources that an outlet names for what it reports: "citing officials", "with reference to the ministry"."""
    words = vocab.words("attribution")["cited"]
    for child in kids(parsed, index, "advcl", "prep"):
        if child.lemma in words["verbs"]:
            yield from (deep.index for deep in kids(parsed, child.index, "dobj", "pobj"))
        elif child.text.lower() in words["prepositions"]:
            for noun in kids(parsed, child.index, "pobj"):
                if noun.lemma in words["nouns"]:
                    yield from (deep.index for to in kids(parsed, noun.index, "prep") for deep in kids(parsed, to.index, "pobj"))


def _place(parsed: Parsed, verb: Word) -> int | None:
    """The body in which something was said by nobody in particular: "at the Foreign Ministry it was stressed"."""
    places = (deep for prep in kids(parsed, verb.index, "prep") if prep.index < verb.index for deep in kids(parsed, prep.index, "pobj"))
    return next((place.index for place in places), None)


def _agent(parsed: Parsed, verb: Word) -> int | None:
    return next((deep.index for child in kids(parsed, verb.index, "agent") for deep in kids(parsed, child.index, "pobj")), None)


def _subject_or_agent(parsed: Parsed, verb: Word, subject: Word) -> int | None:
    if subject.dep == "nsubjpass":
        agent = _agent(parsed, verb)
        if agent is None and subject.text.lower() == "it":
            agent = _place(parsed, verb)
        return agent if agent is not None else subject.index if verb.lemma in {"quote", "cite"} else None
    if subject.tag in {"WP", "WDT"} and verb.dep == "relcl":
        return _bearer(parsed, verb)
    return subject.index


def _bearer(parsed: Parsed, clause: Word) -> int:
    """The noun that a relative clause speaks of; of "an executive in Munich, who" it is not the place."""
    noun = parsed.words[clause.head]
    if noun.entity in {"GPE", "LOC"} and noun.dep == "pobj" and parsed.words[noun.head].dep == "prep":
        return parsed.words[noun.head].head
    return noun.index
