"""This file applies what stands beside a predicate to its modality: auxiliaries, negations, conditions, times to come, a denial after it.

What governs the predicate is `modality.py`; how the effects compose stands here in `COMPOSE`.
"""

from __future__ import annotations

from onrecord.extract.clauses import NO_SUBJECT, NOT_PLACES, PAST, Clauses
from onrecord.extract.hedges import hedges
from onrecord.records import Parsed, Word

# What a word makes of the state reached below it; states not named stay. `not` stands beside a predicate, `denied` governs one
# ("deny", "rule out"). Each undoes the other: "did not rule out", "denied that it had not been told".
COMPOSE: dict[str, dict[str, str]] = {
    "actual": {},
    "planned": {"actual": "planned"},
    "possible": {"actual": "possible", "planned": "possible", "denied": "possible"},
    "conditional": {"actual": "conditional", "planned": "conditional", "possible": "conditional", "denied": "conditional"},
    "denied": {
        "negated": "actual",
        "actual": "denied",
        "planned": "denied",
        "possible": "denied",
        "conditional": "denied",
        "denied": "actual",
    },
    "stopped": {"actual": "denied", "planned": "denied", "possible": "denied", "conditional": "denied"},
    "not": {"negated": "actual", "actual": "denied", "planned": "denied", "possible": "denied", "denied": "possible"},
}
ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "dative"})
PHRASES = frozenset({"prep", "advmod", "acomp", "oprd", "npadvmod", "mark", "cc"})
BEFORE_NOUN = frozenset({"amod", "compound", "nmod"})
AFTER_NOUN = frozenset({"acl", "relcl", "amod"})
TIMES = frozenset({"prep", "npadvmod", "nummod", "advmod"})
# How many words the clause or sentence that denies the one before it may have.
DENIAL_REACH = 16


class Circumstances(Clauses):
    """The modality of one predicate as far as it has been read, and the words that led to it."""

    __slots__ = ("parsed", "reasons", "state")

    def __init__(self, parsed: Parsed, default: str) -> None:
        super().__init__(parsed.words, parsed.children, hedges())
        self.parsed, self.state = parsed, default
        self.reasons: list[str] = []

    def apply(self, effect: str, why: str) -> None:
        """Composes one effect into the state; a word that changes it is kept as a reason."""
        after = COMPOSE[effect].get(self.state)
        if after is not None and after != self.state:
            self.state = after
            self.reasons.append(why)

    def beside(self, index: int, came_from: int) -> None:
        """Applies the auxiliaries, negations, adverbs and conditions among a word's children, but for the child that we came from."""
        modal = negation = condition = ""
        without = only = past = False
        from_subject = came_from >= 0 and self.words[came_from].dep in ("nsubj", "nsubjpass")
        for child in self.children[index]:
            if child == came_from:
                continue
            kid = self.words[child]
            low, dep = kid.text.lower(), kid.dep
            if dep in ("aux", "auxpass"):
                past = past or low in PAST
                if low in self.table.auxiliary and not self.is_inverted(index) and self.words[index].lemma not in self.table.wishes:
                    modal = low
            elif dep in NOT_PLACES or low == "no":
                negation = negation or ("" if self.words[index].lemma.lower() in self.table.obstacles else self.not_word(kid))
                effect = self.table.adverb.get(low) if dep == "advmod" else None
                # What is told in the past is not still to come: "soon after it began shipping".
                if effect and not (effect == "planned" and self.words[index].tag == "VBD"):
                    self.apply(effect, low)
                only = only or low in ("only", "then")
            elif dep in ARGUMENTS:
                negation = negation or ("" if from_subject else self.nobody(kid))
            elif dep == "prep" and not negation:
                negation = self.for_nothing(index, child)
            elif dep in BEFORE_NOUN and low in self.table.modifier:
                self.apply(self.table.modifier[low], low)
            elif dep in AFTER_NOUN and self.words[index].pos in ("NOUN", "PROPN"):
                self.described(kid)
            elif dep in ("advcl", "ccomp", "dep", "parataxis"):
                condition = condition or self.condition(kid, certain=dep == "advcl")
            without = without or low == "without"
            if not condition and dep in PHRASES:
                condition = self.phrase(kid, low)
        if only and modal and not condition:
            condition = self.proviso(index, modal)
        if modal == "can" and not negation and any(self.words[c].text.lower() == "now" for c in self.children[index]):
            modal = "will"
        if condition and not modal and not negation and (past or self.words[index].tag == "VBD"):
            condition = ""
        self.conclude(modal, negation, condition, until=bool(negation) and self.until(index), without=without)

    def conclude(self, modal: str, negation: str, condition: str, *, until: bool, without: bool) -> None:
        """Applies one clause's modal, negation and condition in the order of their scope."""
        if negation and (without or condition):
            condition, negation = condition or f"{negation} … without", ""
        if until:
            negation = ""
        if until and modal in self.table.denies_with_not:  # "cannot be delivered before 2026"
            modal = "will"
        doubt = self.table.auxiliary.get(modal) == "possible" and modal not in self.table.denies_with_not
        if negation and doubt:
            self.apply("not", negation)
        if modal and not (negation and modal in self.table.denies_with_not):
            self.apply(self.table.auxiliary[modal], modal)
        if negation and not doubt:
            self.apply("not", negation)
        if condition:
            self.apply("conditional", condition)

    def described(self, kid: Word) -> None:
        """What a participle or clause after a noun says of its happening: "delivery expected in May", "a contract to be signed"."""
        if kid.lemma.lower() in self.table.light_verbs and kid.dep != "amod":
            if self.is_infinitive(kid.index) and self.governor(self.words[kid.head], "", "NOUN") and self.has_object(kid.index):
                return  # what a threat or an offer is of says nothing of the threat: "a threat to impose sanctions"
            if self.is_infinitive(kid.index):
                self.apply("planned", f"to {kid.text}")
            self.beside(kid.index, -1)
        elif kid.tag in ("VBN", "JJ"):
            effect = self.governor(kid, "", "VERB") if kid.tag == "VBN" else self.governor(kid, "", "ADJ")
            if effect in ("planned", "denied") and kid.lemma not in self.table.documents:
                self.apply(effect, kid.text)

    def ahead(self, index: int, published: str | None) -> None:
        """Makes a present tense or a bare noun planned where a time in its clause lies after the report's own."""
        word = self.words[index]
        if self.state == "actual" and self.is_promised(word):
            self.apply("planned", word.text)
        if published is None or self.state != "actual" or word.tag in ("VBD", "VBN", "VBG"):
            return
        if any(self.words[c].dep in ("aux", "auxpass") for c in self.children[index]):
            return
        head = self.words[word.head]
        reach = list(self.children[index])
        happens = word.tag in ("VBZ", "VBP")
        if word.dep in ("nsubj", "nsubjpass") and head.tag in ("VBZ", "VBP") and head.lemma in self.table.light_verbs:
            reach, happens = list(self.children[head.index]), True
        for child in reach:
            kid = self.words[child]
            if kid.dep == "advcl" and happens and self.mark(child) in self.table.until:
                self.apply("planned", self.mark(child))
                return
            if kid.dep in TIMES and (kid.dep != "prep" or kid.text.lower() in self.table.times):
                found = self.time_ahead(child, published, present=happens)
                if found:
                    self.apply("planned", found)
                    return

    def is_promised(self, word: Word) -> bool:
        """Whether a present tense tells of a gift that will be made: "is giving Oslo ten", "gives Oslo ten"; not "gives up"."""
        phrasal = any(self.words[c].dep == "prt" for c in self.children[word.index])
        if word.lemma not in self.table.gifts or not self.has_object(word.index) or phrasal:
            return False
        beside = self.helpers(word.index)
        return word.tag in ("VBZ", "VBP") and not beside or word.tag == "VBG" and bool(beside & {"is", "are", "'s", "'re"})

    def time_ahead(self, index: int, published: str, *, present: bool) -> str:
        """The word of a time to come in a phrase of time, or nothing; clauses inside the phrase have their own times."""
        stack = [index]
        while stack:
            word = self.words[stack.pop()]
            if self.is_future(word, published, present=present):
                return word.text
            if word.pos not in ("VERB", "AUX"):
                stack.extend(self.children[word.index])
        return ""

    def hangs(self, index: int) -> None:
        """Makes what lies ahead conditional where its sentence names a condition that the tree hangs elsewhere."""
        present = self.state == "actual" and self.words[index].tag in ("VBZ", "VBP")
        if not present and (self.state not in ("planned", "possible", "denied") or not self.reasons):
            return
        sentence = self.parsed.sentences[self.words[index].sentence]
        found = ""
        for place in range(sentence.first, sentence.last):
            word = self.words[place]
            if word.text == ";":
                if place > index:
                    break
                found = ""
            elif not found and (low := word.text.lower()) in self.table.openers:
                found = self.opens_condition(place, low, first=place == sentence.first)
        if found:
            self.apply("conditional", found)

    def opens_condition(self, place: int, low: str, *, first: bool) -> str:
        """The condition that a word opens at the start of a clause, or the phrase that begins with it."""
        table, before = self.table, self.words[place - 1].text.lower()
        if low in table.clauses and (self.state != "denied" or low in table.exceptions):
            inverts = low not in table.inverted or self.words[place + 1].pos not in NO_SUBJECT
            if inverts and (first or before in table.before_condition):
                return low
        return self.phrase_at(place, low) if self.state != "denied" else ""

    def denied_after(self, index: int) -> None:
        """Denies what the words after it deny: "…; the ministry denies it", "…, which the ministry denies"."""
        number = self.words[index].sentence
        if self.state in ("denied", "negated", "conditional") or not self.is_main(index):
            return
        end = self.parsed.sentences[number].last
        first, last = index, end
        while first < last and self.words[first].text != ";":
            word = self.words[first]
            if word.dep in ("relcl", "acl") and word.lemma in self.table.denials and self.points_up(word):
                self.apply("denied", word.text)
                return
            first += 1
        if first == last and number + 1 < len(self.parsed.sentences):
            first, last = last, self.parsed.sentences[number + 1].last
        if first < last <= first + DENIAL_REACH:
            for word in self.words[first:last]:
                if word.pos == "VERB" and self.governor(word, "", "VERB") in ("denied", "stopped") and self.points_back(word):
                    self.apply("denied", word.text)
                    return

    def points_up(self, verb: Word) -> bool:
        """Whether a clause speaks of the whole clause before it: ", which Oslo denies", ", a claim that Oslo denies"."""
        if self.words[verb.head].lemma.lower() in self.table.hearsay:
            return True
        opener = next((self.words[c] for c in self.children[verb.index] if self.words[c].dep == "dobj"), verb)
        perfect = any(self.words[c].dep == "aux" for c in self.children[verb.index])
        return opener.text.lower() == "which" and self.words[opener.index - 1].text == "," and not perfect

    def is_main(self, index: int) -> bool:
        """Whether a word stands in a main clause; one that a semicolon ends is main, whatever the tree hangs it below."""
        word = self.words[index]
        while word.head != word.index:
            if word.dep in ("relcl", "acl", "advcl", "pcomp"):
                return False
            if word.dep == "ccomp":
                return any(near.text == ";" for near in self.words[word.index : word.head])
            word = self.words[word.head]
        return True

    def points_back(self, verb: Word) -> bool:
        """Whether a verb's object is what was just said: "it", "this", "the report"."""
        for child in self.children[verb.index]:
            kid = self.words[child]
            if kid.dep == "dobj" and (
                kid.text.lower() in ("it", "this", "that") or kid.lemma in self.table.hearsay and not self.children[child][1:]
            ):
                return not self.is_negated(verb.index)
        return False
