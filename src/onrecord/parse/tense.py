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
    current: Word | None = word
    while current is not None:
        if current.pos in {"VERB", "AUX"} or current.tag.startswith("VB"):
            verdict = _verdict(parsed, current, auxiliaries, future_words, deadline)
            if verdict is not None:
                return verdict
        elif current.lemma.lower() in future_words and current.pos == "ADJ":
            return Tense(True, False, f"{current.text!r} looks ahead")
        current = parsed.words[current.head] if current.head != current.index else None
    return Tense(deadline, False, "no verb")


def _verdict(parsed: Parsed, verb: Word, auxiliaries: frozenset[str], future_words: frozenset[str], deadline: bool) -> Tense | None:
    """What one verb says of the time, or None where the verb above it must be asked (infinitives, participles)."""
    helpers = [parsed.words[c] for c in parsed.children[verb.index] if parsed.words[c].dep in {"aux", "auxpass"}]
    said = {h.text.lower() for h in helpers}
    if said & auxiliaries and not said & {"have", "has", "had"}:
        return Tense(True, False, f"{verb.text!r} with {sorted(said & auxiliaries)[0]!r}")
    if "to" in said and not said & {"have"}:
        return Tense(True, False, f"'to {verb.text}'")
    if said & {"have", "has", "had", "'ve", "'s"} and said & {"have", "has", "had", "'ve"}:
        return Tense(False, False, f"{verb.text!r} in the perfect")
    if verb.lemma in future_words:
        return Tense(True, False, f"{verb.text!r} looks ahead")
    if verb.lemma == "be" and any(
        parsed.words[c].lemma in future_words and parsed.words[c].dep == "acomp" for c in parsed.children[verb.index]
    ):
        return Tense(True, False, "what is due")
    if verb.tag == "VBD" or said & {"was", "were", "did"}:
        return Tense(deadline, False, f"{verb.text!r} in the past")
    if verb.tag in {"VBZ", "VBP"} or said & {"is", "are", "'s", "'re"}:
        return Tense(deadline, True, f"{verb.text!r} in the present")
    if verb.tag == "VBN" and verb.dep in {"acl", "amod", "advcl", "ROOT", "conj"}:
        return Tense(deadline, False, f"{verb.text!r} as a participle")
    return None


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    t = vocab.words("dates")["tense"]
    return frozenset(t["future_words"]), frozenset(t["future_auxiliaries"]), frozenset(t["future_before"]), frozenset(t["past_before"])
