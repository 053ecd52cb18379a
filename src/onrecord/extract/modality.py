"""This file computes the modality of a predicate: did it happen, is it planned, possible, conditional, or denied.

The walk starts at the predicate and goes up the tree. At each word it applies what stands beside it (auxiliary, negation,
condition), then what governs it ("plan", "deny", "possibility of"), so that "denied plans to cancel" is cancel, planned, denied.
The words live in `vocab/lang/en/modality.toml`; how they compose stands in `COMPOSE`.
"""

from __future__ import annotations

from onrecord.extract.clauses import NOT_PLACES, PAST, SUBJECTS, Clauses
from onrecord.extract.hedges import hedges
from onrecord.records import Parsed, Word
from onrecord.syntax import subtree

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
CLAUSES = frozenset({"xcomp", "ccomp", "csubj", "csubjpass", "pcomp"})
ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "dative"})
PHRASES = frozenset({"prep", "advmod", "acomp", "oprd", "npadvmod", "mark", "cc"})
BEFORE_NOUN = frozenset({"amod", "compound", "nmod"})
PARTS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ", "ADV": "ADJ", "PRON": "NOUN", "NUM": "NOUN"}
# How many words the clause or sentence that denies the one before it may have.
DENIAL_REACH = 16
# How far up a predicate is asked about; sentences that nest deeper say no more of it.
HEIGHT = 8
AFTER_NOUN = frozenset({"acl", "relcl", "amod"})
TIMES = frozenset({"prep", "npadvmod", "nummod", "advmod"})


def modality_of(parsed: Parsed, index: int, *, default: str = "actual") -> tuple[str, str]:
    """The modality of the predicate word at `index`, and the words that made it so, from the predicate outwards."""
    climb = _Climb(parsed, default)
    climb.beside(index, -1)
    climb.ahead(index, parsed.document.published)
    current: int | None = index
    for _ in range(HEIGHT):
        if current is None:
            break
        current = climb.above(current)
    climb.denied_after(index)
    last = parsed.words[parsed.sentences[parsed.words[index].sentence].last - 1]
    if last.text == "?":
        climb.apply("possible", "?")
    climb.hangs(index)
    # A predicate that counts only when negated ("would not budge") and is not.
    state = "denied" if climb.state == "negated" else climb.state
    return state, " < ".join(climb.reasons)


class _Climb(Clauses):
    """The way up from one predicate, with the state reached so far and the words that led to it."""

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

    # ---- what stands beside a word

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
            elif dep in NOT_PLACES:
                negation = negation or self.not_word(kid)
                if dep == "advmod" and low in self.table.adverb:
                    self.apply(self.table.adverb[low], low)
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
        if condition and not modal and not negation and (past or self.words[index].tag == "VBD"):
            condition = ""
        self.conclude(modal, negation, condition, until=bool(negation) and self.until(index), without=without)

    def conclude(self, modal: str, negation: str, condition: str, *, until: bool, without: bool) -> None:
        """Applies one clause's modal, negation and condition in the order of their scope."""
        if negation and (without or condition):
            condition, negation = condition or f"{negation} … without", ""
        if until:
            negation = ""
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
            if self.words[child].dep in TIMES and self.words[child].text not in ("of", "than"):
                for near in subtree(self.parsed, child):
                    if self.is_future(self.words[near], published, present=happens):
                        self.apply("planned", self.words[near].text)
                        return

    def hangs(self, index: int) -> None:
        """Makes what lies ahead conditional where its sentence names a condition that the tree hangs elsewhere."""
        if self.state not in ("planned", "possible", "denied") or not self.reasons:
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
            inverts = low not in table.inverted or self.words[place + 1].pos in SUBJECTS
            if inverts and (first or before in table.before_condition):
                return low
        return self.phrase_at(place, low) if self.state != "denied" else ""

    def denied_after(self, index: int) -> None:
        """Denies what the clause or sentence right after it denies: "…; the ministry denies it." """
        number = self.words[index].sentence
        if self.state in ("denied", "negated", "conditional") or not self.is_main(index):
            return
        first, last = index, self.parsed.sentences[number].last
        while first < last and self.words[first].text != ";":
            first += 1
        if first == last and number + 1 < len(self.parsed.sentences):
            first, last = last, self.parsed.sentences[number + 1].last
        if first < last <= first + DENIAL_REACH:
            for word in self.words[first:last]:
                if word.pos == "VERB" and self.governor(word, "", "VERB") in ("denied", "stopped") and self.points_back(word):
                    self.apply("denied", word.text)
                    return

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

    # ---- what governs a word

    def above(self, index: int) -> int | None:
        """Applies what governs a word and gives the word from which to climb on; None at the top, or where nothing more is passed on."""
        word = self.words[index]
        head = self.words[word.head]
        if head.index == index:
            if self.is_infinitive(index):
                self.apply("planned", "to")
            return None
        if word.dep == "conj":
            return self.joined(word, head)
        if word.dep in ("advcl", "relcl", "acl"):
            return self.modifying(word, head)
        if self.is_infinitive(index) and word.dep in ("parataxis", "dep", "appos"):
            self.apply("planned", "to")
            return None
        via, came_from = "", index
        while head.pos in ("ADP", "SCONJ", "PART", "ADV") and head.dep in ("prep", "agent", "dative", "advmod", "pcomp", "prt", "cc"):
            via, came_from = head.text.lower(), head.index
            if via in self.table.prepositions or any(
                self.words[c].text.lower() in self.table.prepositions for c in self.children[came_from]
            ):
                self.apply("not", via)
            elif any(self.words[c].dep == "neg" for c in self.children[came_from]):
                self.apply("not", "not")
            head = self.words[head.head]
        if head.text.lower() in self.table.prepositions or head.dep == "ROOT" and head.pos == "ADP" and self.is_negated(head.index):
            self.apply("not", head.text.lower())
        if word.dep in CLAUSES and not (word.pos in ("NOUN", "PROPN") and via):
            return self.clause(word, head, via, came_from)
        return self.noun(word, head, via, came_from)

    def joined(self, word: Word, head: Word) -> int | None:
        """A second predicate shares what stands beside the first one, unless it has a subject or auxiliary of its own."""
        if self.is_infinitive(word.index) and not self.is_infinitive(head.index):
            self.apply("planned", "to")
            return None
        own = any(self.words[c].dep in ("aux", "auxpass", "nsubj", "nsubjpass") for c in self.children[word.index])
        if not own and word.pos in ("VERB", "AUX", "ADJ") and head.tag == word.tag:
            self.beside(head.index, word.index)
            return head.index
        return head.index if word.pos not in ("VERB", "AUX") or head.dep in CLAUSES else None

    def modifying(self, word: Word, head: Word) -> int | None:
        """A clause that modifies a noun or a clause: infinitives are planned, participles take the negation of their noun."""
        if word.dep == "advcl":
            found = self.condition(word)
            if found:
                self.apply("conditional", found)
            elif self.is_infinitive(word.index):
                self.apply("planned", "to")
            elif word.tag == "VBG" and not any(self.words[c].dep in ("nsubj", "nsubjpass", "mark") for c in self.children[word.index]):
                self.beside(head.index, word.index)
                return head.index
            return None
        effect = self.governor(head, "", "NOUN") if word.dep == "acl" or self.is_infinitive(word.index) else None
        if self.is_infinitive(word.index):
            passive = any(self.words[c].dep == "auxpass" for c in self.children[word.index])
            ordinal = not passive and any(
                self.words[c].text.lower() in ("first", "last", "only", "second", "third") for c in self.children[head.index]
            )
            if not ordinal and (passive or head.text.lower() not in ("first", "last", "only")):
                self.apply(effect or "planned", head.text if effect else "to")
            self.beside(head.index, word.index)
            return head.index
        negation = self.nobody(head)
        if negation and word.dep == "acl":
            self.apply("not", negation)
        opener = self.words[min(self.children[word.index], default=word.index)].text.lower()
        if opener == "that" and head.lemma.lower() in self.table.hearsay or effect and opener in ("that", "whether") and word.dep == "acl":
            self.apply(self.governor(head, "", "NOUN") or "possible", head.text)
            return head.index
        if word.tag == "VBN" and head.dep == "dobj" and self.words[head.head].lemma == "have":
            return head.head
        return None

    def clause(self, word: Word, head: Word, via: str, came_from: int) -> int | None:
        """A complement clause: its governor's effect, then what stands beside the governor."""
        if word.dep == "ccomp" and word.index < head.index:
            return None
        effect = self.governor(head, via, PARTS.get(head.pos, "")) or self.said_of(head)
        opener = self.mark(word.index)
        if word.dep == "ccomp" and opener in ("whether", "if"):
            self.apply("possible", opener)
        infinitive = self.is_infinitive(word.index)
        if word.dep == "ccomp" and effect in (None, "actual") and head.lemma != "be" and not infinitive:
            self.said(head, word)
            return None
        if effect == "planned" and word.dep == "ccomp" and self.is_past(word.index):
            return None
        if effect is None and infinitive:
            self.infinitive(head)
        elif effect is not None:
            self.apply(effect, head.text)
        self.beside(head.index, came_from)
        return head.index

    def said_of(self, head: Word) -> str | None:
        """What a copula's adjective or noun makes of the clause beside it: "it is unlikely that", "the aim is to"."""
        if head.lemma != "be":
            return None
        for child in self.children[head.index]:
            kid = self.words[child]
            if kid.dep in ("acomp", "attr", "nsubj"):
                effect = self.governor(kid, "", PARTS.get(kid.pos, ""))
                if effect:
                    return effect
        return None

    def infinitive(self, head: Word) -> None:
        """An infinitive below a verb that the vocabulary does not name: "is to", "has yet to", "going to"."""
        if any(self.words[c].text.lower() == "yet" for c in self.children[head.index]):
            self.apply("not", "yet to")
        elif head.text.lower() != "had":
            self.apply("planned", f"{head.text} to")

    def said(self, head: Word, word: Word) -> None:
        """A clause that somebody reports: only doubt about the report itself, or a condition hung on it, touches it."""
        for child in self.children[head.index]:
            kid = self.words[child]
            if child != word.index and kid.dep == "neg":
                self.apply("possible", f"{kid.text} {head.text}")
            elif kid.dep == "advcl" and child != word.index:
                found = self.condition(kid)
                if found:
                    self.apply("conditional", found)

    def noun(self, word: Word, head: Word, via: str, came_from: int) -> int | None:
        """A noun or adjective below a verb or noun: named governors act on it, light ones pass on what stands beside them."""
        part = PARTS.get(head.pos, "")
        if via in self.table.aside or head.lemma.lower() in self.table.ends and self.is_negated(head.index):
            return None
        effect = self.governor(head, via, "SUBJECT" if word.dep == "nsubj" and part == "VERB" else part)
        if effect == "stopped" and word.lemma.lower() in self.table.documents:
            return None
        if effect == "planned" and head.lemma in self.table.light_verbs:  # "a sale agreed in May" is no plan, "agreed to sell" is one
            effect = None
        if effect and effect != "actual":
            self.apply(effect, head.text)
        elif part == "VERB":
            if effect is None and head.lemma.lower() not in self.table.light_verbs:
                return None
            self.through(word, head)
        elif effect is None and head.lemma.lower() not in self.table.light_nouns and part != "ADJ":
            return None
        self.beside(head.index, came_from)
        return head.index

    def through(self, word: Word, head: Word) -> None:
        """What follows a light verb says more of its subject: "the contract is to be signed", "a hold remains possible"."""
        if word.dep not in ("nsubj", "nsubjpass"):
            return
        for child in self.children[head.index]:
            kid = self.words[child]
            if kid.dep in ("xcomp", "ccomp") and self.is_infinitive(child):
                self.infinitive(head)
                self.beside(child, -1)
            elif kid.dep in ("acomp", "oprd"):
                effect = self.governor(kid, "", "ADJ")
                if effect in ("planned", "possible", "denied", "conditional"):
                    self.apply(effect, kid.text)
