"""This file reads one clause of a parse: is it negated, is it a condition or under one, does it lie ahead, what governs it.

It answers questions about single words and their children, with the words of `vocab/lang/en/modality.toml`; how the answers
compose into a modality is `modality.py`.
"""

from __future__ import annotations

from onrecord.extract.hedges import Hedges
from onrecord.records import Word

NOT_PLACES = frozenset({"neg", "det", "preconj", "cc", "advmod", "intj"})
PAST = frozenset({"was", "were", "had", "has", "have", "'ve", "been"})
# After one of these an auxiliary that opens a clause is not inverted, as it is in "should the price fall".
NO_SUBJECT = frozenset({"VERB", "AUX", "PUNCT", "PART", "ADP", "ADV"})
# How many words after a negation may say until when it holds.
UNTIL_REACH = 12


class Clauses:
    """The words of a parse and the vocabulary, with the questions that a climb asks of them."""

    __slots__ = ("children", "table", "words")

    def __init__(self, words: tuple[Word, ...], children: tuple[tuple[int, ...], ...], table: Hedges) -> None:
        self.words, self.children, self.table = words, children, table

    def not_word(self, kid: Word) -> str:
        """The negation that a word beside a predicate amounts to ("not", "no longer"), or nothing."""
        low = kid.text.lower()
        if low in self.table.negation:
            if kid.dep == "cc" and kid.index > kid.head:  # "nor" opens what follows
                return ""
            if low == "no" and self.words[kid.head].lemma in self.table.says_no:
                return ""
            after = self.words[min(kid.index + 1, len(self.words) - 1)]
            contrast = after.pos in ("PROPN", "ADP", "PUNCT") and self.words[kid.index - 1].text == ","  # "Oslo, not Bergen, bought them"
            return "" if contrast or after.text.lower() in self.table.undone_by else low
        if low in ("longer", "yet", "once", "more") and any(
            self.words[c].text.lower() in self.table.negation for c in self.children[kid.index]
        ):
            return f"not {low}"
        return ""

    def nobody(self, kid: Word) -> str:
        """The negation in an argument: "nothing", "none of the jets", "no contract", "not one"."""
        if kid.text.lower() in self.table.nobody:
            return kid.text.lower()
        if kid.lemma.lower() in self.table.obstacles:
            return ""
        for child in self.children[kid.index]:
            word = self.words[child]
            if word.dep in NOT_PLACES or word.dep in ("nummod", "quantmod"):
                counts = word.dep in ("nummod", "quantmod") and word.text.lower() != "no"
                found = self.nobody(word) if counts else self.not_word(word)
                if found:
                    return found
        return ""

    def for_nothing(self, index: int, preposition: int) -> str:
        """The negation in "asked for nothing"; a predicate that has an object was done "for nothing", without pay."""
        if any(self.words[c].dep in ("dobj", "nsubjpass") for c in self.children[index]):
            return ""
        return next((low for c in self.children[preposition] if (low := self.words[c].text.lower()) in self.table.nobody), "")

    def is_inverted(self, index: int) -> bool:
        """Whether a clause opens with its auxiliary, as a condition does: "Should Oslo agree"."""
        aux = next((self.words[c] for c in self.children[index] if self.words[c].dep in ("aux", "auxpass")), None)
        if aux is None or aux.text.lower() not in self.table.inverted:
            aux = self.words[index] if self.words[index].text.lower() in ("were", "had") else aux
        if aux is None or aux.text.lower() not in self.table.inverted:
            return False
        return any(self.words[c].index > aux.index for c in self.children[index] if self.words[c].dep in ("nsubj", "nsubjpass", "expl"))

    def mark(self, index: int) -> str:
        """The word that opens a subordinate clause, in lower case; empty if none does."""
        return next((self.words[c].text.lower() for c in self.children[index] if self.words[c].dep in ("mark", "advmod")), "")

    def condition(self, clause: Word, *, certain: bool = True) -> str:
        """The word that makes an adverbial clause a condition, or nothing; an uncertain clause must open as one by inversion."""
        for child in self.children[clause.index]:
            word = self.words[child]
            if certain and word.dep in ("mark", "advmod", "prep", "aux") and word.text.lower() in self.table.marks:
                return word.text.lower()
        if self.is_inverted(clause.index):
            return "inversion"
        first = self.words[min(self.children[clause.index], default=clause.index)]
        if certain and first.text.lower() in self.table.after and self.is_ahead(self.words[clause.head]):
            if any(self.words[c].dep in ("nsubj", "nsubjpass") for c in self.children[clause.index]):
                return first.text.lower()
        if certain and clause.tag == "VBG" and clause.lemma in self.table.participles:
            return clause.text.lower()
        return ""

    def is_ahead(self, verb: Word) -> bool:
        """Whether a verb tells of what is to come: "will arrive", "could be sold", "is to be handed over"."""
        aux = self.helpers(verb.index)
        return bool(aux & self.table.auxiliary.keys()) or self.is_infinitive(verb.index)

    def phrase(self, kid: Word, low: str) -> str:
        """The phrase of condition that begins at a word or right before it ("subject to", "only if"), or nothing."""
        if low in self.table.marks and kid.dep == "prep":
            return low
        if low in self.table.phrases:
            return self.phrase_at(kid.index, low)
        before = self.words[kid.index - 1].text.lower()
        return self.phrase_at(kid.index - 1, before) if before in self.table.phrases and kid.index else ""

    def phrase_at(self, place: int, low: str) -> str:
        """The phrase of condition that stands at a place, given its first word, or nothing."""
        options = self.table.phrases.get(low)
        if not options:
            return ""
        text = " ".join([word.text.lower() for word in self.words[place : place + 4]]) + " "
        return next((option for option in options if text.startswith(option + " ")), "")

    def idiom_at(self, place: int) -> str:
        """The idiom that begins at a preposition ("off the table"), or nothing."""
        words = [word.text.lower() for word in self.words[place : place + 4]]
        return next((text for size in (4, 3, 2) if (text := " ".join(words[:size])) in self.table.idiom), "")

    def until(self, index: int) -> bool:
        """Whether the clause says until when a negation holds: "will not arrive before May"."""
        sentence = self.words[index].sentence
        for word in self.words[index + 1 : index + UNTIL_REACH]:
            if word.sentence != sentence or word.text in (";", ":"):
                return False
            if word.text.lower() in self.table.until:
                return True
        return False

    def proviso(self, index: int, modal: str) -> str:
        """The condition in "could only leave with consent" and "would then arrive"."""
        near = {self.words[c].text.lower() for c in self.children[index]}
        if "then" in near:
            return "then" if modal in ("would", "'d", "could") else ""
        return "only with" if near & {"with", "after", "once", "when", "if", "through", "upon"} else ""

    def is_future(self, word: Word, published: str, *, present: bool) -> bool:
        """Whether a word of time lies after the report: a later year, "next spring", and with a present tense any month or season."""
        low = word.text.lower()
        if low[-4:].isdigit() and len(low) >= 4:
            return published[:4] < low[-4:] < "2100"
        if low in self.table.ahead:
            return True
        return (
            present
            and low in self.table.months
            and not any(near.text.isdigit() and len(near.text) == 4 for near in self.words[word.index + 1 : word.index + 3])
        )

    def is_past(self, index: int) -> bool:
        """Whether a clause stands in the past tense without a modal."""
        aux = self.helpers(index)
        return (self.words[index].tag == "VBD" or bool(aux & PAST)) and not aux & self.table.auxiliary.keys()

    def helpers(self, index: int) -> set[str]:
        """The auxiliaries of a verb, in lower case."""
        return {self.words[c].text.lower() for c in self.children[index] if self.words[c].dep in ("aux", "auxpass")}

    def is_negated(self, index: int) -> bool:
        """Whether a negation stands right beside a word."""
        return any(self.words[c].dep == "neg" for c in self.children[index])

    def has_yet(self, index: int) -> bool:
        """Whether "yet" stands with a verb: "has yet to sign"."""
        return any(self.words[c].text.lower() == "yet" for c in self.children[index])

    def has_object(self, index: int) -> bool:
        """Whether a verb has a direct object."""
        return any(self.words[c].dep == "dobj" for c in self.children[index])

    def is_infinitive(self, index: int) -> bool:
        """Whether a verb stands in the infinitive with "to"."""
        return any(self.words[c].dep == "aux" and self.words[c].tag == "TO" for c in self.children[index])

    def governor(self, head: Word, via: str, part: str) -> str | None:
        """What the vocabulary says that a governor makes of the thing below it; None for a word that it does not name."""
        for rest, effect in self.table.governor.get((head.lemma.lower(), part), ()):
            if not rest or via in rest or any(self.words[c].text.lower() in rest for c in self.children[head.index]):
                return effect
        return None

    def fulfils(self, head: Word, via: str) -> bool:
        """Whether a verb does what was only possible: "exercised the option", "carried out its threat", "made good on its threat"."""
        for rest in self.table.fulfils.get(head.lemma.lower(), ()):
            if not rest or rest == via or any(self.words[c].text.lower() == rest for c in self.children[head.index]):
                return True
        return False
