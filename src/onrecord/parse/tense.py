"""This file tells whether the words around an offset speak of what is past or of what is to come."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from onrecord import vocab
from onrecord.records import Parsed, Word
from onrecord.syntax import word_at


class Tense(NamedTuple):
    """Future or not; present, which may be either; and the word that says so. Neither of the two is the past."""

    future: bool
    present: bool
    reason: str


def tense_at(parsed: Parsed, offset: int) -> Tense:
    """The tense of the clause around a character offset; a clause without a verb takes the one above it."""
    future_words, auxiliaries, before, past_before = _words()
    word = word_at(parsed, offset)
    if word is None:
        return Tense(False, False, "no word")
    lead = parsed.words[word.index - 1] if word.index and parsed.words[word.index - 1].sentence == word.sentence else word
    if word.text.lower() in past_before or lead.text.lower() in past_before:
        return Tense(False, False, f"{lead.text!r} looks back")
    deadline = word.text.lower() in before or lead.text.lower() in before
    through_noun = False
    current: Word | None = word
    while current is not None:
        if current.tag.startswith("VB"):
            verdict = _verdict(parsed, current, auxiliaries, future_words)
            if verdict is not None:
                return Tense(True, False, "a deadline") if deadline and (through_noun or verdict.present) else verdict
        elif current.lemma.lower() in future_words and current.pos == "ADJ":
            return Tense(True, False, f"{current.text!r} looks ahead")
        elif current.pos in {"NOUN", "PROPN", "NUM"} and current.index != word.index and current.start < offset:
            through_noun = True
        current = parsed.words[current.head] if current.head != current.index else None
    return Tense(deadline, False, "no verb")


def _verdict(parsed: Parsed, verb: Word, auxiliaries: frozenset[str], future_words: frozenset[str]) -> Tense | None:
    """What one verb says of the time, or None where the verb above it must be asked (infinitives, participles)."""
    helpers = [parsed.words[c] for c in parsed.children[verb.index] if parsed.words[c].dep in {"aux", "auxpass"}]
    said = {h.text.lower() for h in helpers}
    perfect = said & {"have", "has", "had", "'ve"}
    if said & auxiliaries and not perfect:
        return Tense(True, False, f"{verb.text!r} with {sorted(said & auxiliaries)[0]!r}")
    if "to" in said and not perfect:
        above = parsed.words[verb.head]
        looked = _looked_ahead(parsed, above, future_words)
        return Tense(not looked, looked, f"'{above.text} to {verb.text}'" if looked else f"'to {verb.text}'")
    if perfect:
        return Tense(False, False, f"{verb.text!r} in the perfect")
    children = [parsed.words[c] for c in parsed.children[verb.index]]
    if verb.lemma in future_words or (verb.lemma == "be" and any(c.lemma in future_words and c.dep == "acomp" for c in children)):
        looked = _looked_ahead(parsed, verb, future_words)
        return Tense(not looked, looked, f"{verb.text!r} {'looked' if looked else 'looks'} ahead")
    if verb.tag == "VBD" or said & {"was", "were", "did"} or any(h.tag == "VBD" for h in helpers):
        return Tense(False, False, f"{verb.text!r} in the past")
    if verb.tag in {"VBZ", "VBP"} or any(h.tag in {"VBZ", "VBP"} for h in helpers):
        return Tense(False, True, f"{verb.text!r} in the present")
    if verb.tag == "VBN" and verb.dep in {"acl", "amod", "advcl", "ROOT", "conj"}:
        return Tense(False, False, f"{verb.text!r} as a participle")
    return None


def _looked_ahead(parsed: Parsed, verb: Word, future_words: frozenset[str]) -> bool:
    """Whether a verb tells what was to come, and may have come by now or not: "was to arrive", "were due in May", "was planned for May"."""
    past = {parsed.words[c].text.lower() for c in parsed.children[verb.index] if parsed.words[c].dep == "auxpass"} & {"was", "were"}
    return verb.text.lower() in {"was", "were"} or (verb.lemma in future_words and bool(past))


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    t = vocab.words("dates")["tense"]
    return frozenset(t["future_words"]), frozenset(t["future_auxiliaries"]), frozenset(t["future_before"]), frozenset(t["past_before"])
