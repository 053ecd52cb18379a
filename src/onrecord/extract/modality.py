"""This file computes the modality of a predicate: did it happen, is it planned, possible, conditional, or denied.

The walk starts at the predicate and goes up the tree. At each word it applies what stands beside it (auxiliary, negation,
condition), then what governs it ("plan", "deny", "possibility of"), so that "denied plans to cancel" is cancel, planned, denied.
The words live in `vocab/lang/en/modality.toml`; how they compose stands in `circumstances.py`.
"""

from __future__ import annotations

from onrecord.extract.circumstances import Circumstances
from onrecord.extract.hedges import hedges
from onrecord.records import Parsed, Word
from onrecord.syntax import ancestors, kids

CLAUSES = frozenset({"xcomp", "ccomp", "csubj", "csubjpass", "pcomp"})
PARTS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ", "ADV": "ADJ", "PRON": "NOUN", "NUM": "NOUN"}
# What is there once it is made, whoever looks at it.
OFFERS = frozenset({"offer", "proposal", "bid", "request"})
# How far up a predicate is asked about; sentences that nest deeper say no more of it.
HEIGHT = 8


def modality_of(parsed: Parsed, index: int, *, default: str = "actual") -> tuple[str, str]:
    """The modality of the predicate word at `index`, and the words that made it so, from the predicate outwards."""
    climb = _Climb(parsed, default)
    climb.pending(index)
    climb.beside(index, -1)
    climb.ahead(index, parsed.document.published)
    current: int | None = index
    for _ in range(HEIGHT):
        if current is None:
            break
        current = climb.above(current)
    climb.denied_after(index)
    last = parsed.words[parsed.sentences[parsed.words[index].sentence].last - 1]
    if last.text == "?" and climb.is_main(index):
        climb.apply("possible", "?")
    climb.hangs(index)
    # A predicate that counts only when negated ("would not budge") and is not.
    state = "denied" if climb.state == "negated" else climb.state
    return state, " < ".join(climb.reasons)


def is_imagined(parsed: Parsed, index: int) -> bool:
    """Whether a predicate stands below an order to imagine it, which puts nothing on record: "Suppose that Oslo ordered ten." """
    known = hedges().imagined
    orders = [w for w in ancestors(parsed, index) if w.index < index and w.tag == "VB" and w.lemma.lower() in known]
    return any(all(by.text.lower() == "us" for by in kids(parsed, w.index, "nsubj", "aux")) for w in orders)


class _Climb(Circumstances):
    """The way up from one predicate: each step applies what governs the word and what stands beside the governor."""

    __slots__ = ()

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
        if word.dep == "advcl":
            return self.adverbial(word, head)
        if word.dep in ("relcl", "acl"):
            return self.modifying(word, head)
        if word.dep == "pobj" and f"out {head.text} {word.text}".lower() in self.table.idiom and self.words[head.index - 1].text == "out":
            self.apply("denied", f"out of {word.text}")
            return None
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
        joint = self.joint(word, head)
        if joint in ("nor", "than"):
            self.apply("not", joint)
            return None
        own = any(self.words[c].dep in ("aux", "auxpass", "nsubj", "nsubjpass") for c in self.children[word.index])
        if not own and word.pos in ("VERB", "AUX", "ADJ") and head.tag == word.tag:
            self.beside(head.index, word.index)
            return head.index
        return head.index if word.pos not in ("VERB", "AUX") or head.dep in CLAUSES else None

    def joint(self, word: Word, head: Word) -> str:
        """The conjunction that stands nearest before a joined word."""
        between = (self.words[c] for c in self.children[head.index] if c < word.index)
        return max((w for w in between if w.dep == "cc"), key=lambda w: w.index, default=word).text.lower()

    def modifying(self, word: Word, head: Word) -> int | None:
        """A clause that modifies a noun: what is reported in it, or the negation that it takes from its noun ("nothing ordered")."""
        if self.is_infinitive(word.index):
            return self.to_noun(word, head)
        effect = self.governor(head, "", "NOUN") if word.dep == "acl" else None
        opener = self.words[min(self.children[word.index], default=word.index)].text.lower()
        if opener == "that" and head.lemma.lower() in self.table.hearsay or effect and opener in ("that", "whether"):
            self.apply(effect or "possible", head.text)
            self.beside(head.index, word.index)
            return head.index
        negation = self.nobody(head)
        if negation and word.dep == "acl":
            self.apply("not", negation)
        if word.tag == "VBN" and head.dep == "dobj" and self.words[head.head].lemma == "have":
            return head.head
        return None

    def to_noun(self, word: Word, head: Word) -> int:
        """An infinitive that modifies a noun is planned ("jets to be delivered"), but not after "the first to buy"."""
        passive = any(self.words[c].dep == "auxpass" for c in self.children[word.index])
        ordinals = self.table.ordinals
        ranked = head.text.lower() in ordinals or any(self.words[c].text.lower() in ordinals for c in self.children[head.index])
        if passive or not ranked:
            effect = self.governor(head, "", "NOUN")
            self.apply(effect or "planned", head.text if effect else "to")
        if head.lemma in self.table.reasons and any(self.words[c].text.lower() == "no" for c in self.children[head.index]):
            self.apply("not", f"no {head.text}")
        self.beside(head.index, word.index)
        return head.index

    def adverbial(self, word: Word, head: Word) -> int | None:
        """An adverbial clause: a condition, a purpose, or a participle that shares what stands beside the main verb."""
        found = self.condition(word)
        if found:
            self.apply("conditional", found)
        elif self.is_infinitive(word.index):
            self.apply("planned", "to")
        elif self.is_infinitive(head.index) and self.words[word.index - 1].text == ",":
            return None
        elif word.tag == "VBG" and not any(self.words[c].dep in ("nsubj", "nsubjpass", "mark") for c in self.children[word.index]):
            self.beside(head.index, word.index)
            return head.index
        return None

    def clause(self, word: Word, head: Word, via: str, came_from: int) -> int | None:
        """A complement clause: its governor's effect, then what stands beside the governor."""
        if word.dep in ("csubj", "csubjpass") and self.mark(word.index) == "whether":
            self.apply("possible", "whether")
        if word.dep == "ccomp" and word.index < head.index:
            if self.is_inverted(head.index):  # "will be sold should Oslo agree"
                self.apply("conditional", "inversion")
            return None
        effect = self.governor(head, via, PARTS.get(head.pos, "")) or self.said_of(head, word)
        opener = self.mark(word.index)
        if word.dep == "ccomp" and opener in ("whether", "if"):
            self.apply("possible", opener)
        infinitive = self.is_infinitive(word.index)
        bare = word.tag == "VB" and not any(self.words[c].dep == "aux" for c in self.children[word.index])  # "would see Oslo deliver"
        if word.dep == "ccomp" and head.lemma in self.table.implies and self.is_negated(head.index):
            self.apply("denied", f"not {head.text}")
            return None
        if word.dep == "ccomp" and effect in (None, "actual") and head.lemma != "be" and not infinitive and not bare:
            self.said(head, word)
            return None
        if effect == "planned" and word.dep == "ccomp" and self.is_past(word.index):
            return None
        if infinitive and (effect is None or effect == "actual" and word.dep == "ccomp"):
            self.infinitive(head, word.index)
        elif effect is not None:
            self.apply(effect, head.text)
        self.beside(head.index, came_from)
        return head.index

    def said_of(self, head: Word, word: Word) -> str | None:
        """What a copula's adjective or noun makes of the clause beside it: "it is unlikely that", "the aim is to"."""
        if head.lemma != "be" or word.index < head.index:
            return None
        for child in self.children[head.index]:
            kid = self.words[child]
            if kid.dep in ("acomp", "attr", "nsubj"):
                effect = self.governor(kid, "", PARTS.get(kid.pos, ""))
                if effect:
                    return effect
        return None

    def pending(self, index: int) -> None:
        """What "has yet to" be done, asked of the "has" itself, was not."""
        below = any(self.words[c].dep == "xcomp" and self.is_infinitive(c) for c in self.children[index])
        if self.words[index].lemma == "have" and below and self.has_yet(index):
            self.apply("not", "yet to")

    def infinitive(self, head: Word, index: int) -> None:
        """An infinitive below a verb that the vocabulary does not name: "is to", "has yet to"; "is said to have bought" has bought."""
        if head.lemma != "be" and any(self.words[c].dep == "aux" and self.words[c].text == "have" for c in self.children[index]):
            return
        if head.lemma == "remain" or self.has_yet(head.index):
            self.apply("not", f"{head.text} … to")
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
        if self.is_needed(word, head):
            effect = "conditional"
        if effect == "stopped" and word.lemma.lower() in self.table.documents:
            return None
        if effect == "possible" and head.lemma in self.table.looks and word.lemma in OFFERS and word.dep in ("dobj", "nsubjpass"):
            return None
        if effect == "planned" and word.dep == "compound" and head.lemma in self.table.documents:  # "a lease agreement"
            return None
        if head.lemma in self.table.names and self.named(word, head):
            return None
        fulfilled = self.fulfils(head, via)
        if fulfilled and not self.reasons and self.is_negated(head.index) and word.lemma.lower() in self.table.documents:
            return None  # a threat not carried out was a threat, though what it threatened with did not come
        if fulfilled and self.state == "possible":
            self.state = "actual"
        if effect == "planned" and head.lemma in self.table.light_verbs:  # "a sale agreed in May" is no plan, "agreed to sell" is one
            effect = None
        if effect and effect != "actual":
            self.apply(effect, head.text)
        elif part == "VERB":
            if effect is None and not fulfilled and head.lemma.lower() not in self.table.light_verbs:
                return None
            self.through(word, head)
        elif effect is None and head.lemma.lower() not in self.table.light_nouns and part != "ADJ":
            return None
        self.beside(head.index, came_from)
        return head.index

    def is_needed(self, word: Word, head: Word) -> bool:
        """Whether something needs a thing now, or would: "needs the consent of Berlin", "consent would be needed"; once needed, it came."""
        if head.lemma not in self.table.needs or word.dep not in ("dobj", "nsubjpass"):
            return False
        return head.tag in ("VBZ", "VBP") or bool(self.helpers(head.index) & {"is", "are", "would", "'d", "will"})

    def named(self, word: Word, head: Word) -> bool:
        """Whether somebody calls a thing untrue: "called the report of a sale false"."""
        for near in self.words[word.index + 1 : self.parsed.sentences[head.sentence].last]:
            if self.governor(near, "", PARTS.get(near.pos, "")) == "denied":
                self.apply("denied", near.text)
                return True
        return False

    def through(self, word: Word, head: Word) -> None:
        """What follows a light verb says more of its subject: "the contract is to be signed", "a hold remains possible"."""
        if word.dep not in ("nsubj", "nsubjpass"):
            return
        for child in self.children[head.index]:
            kid = self.words[child]
            if kid.dep in ("xcomp", "ccomp") and self.is_infinitive(child):
                self.infinitive(head, child)
                self.beside(child, -1)
            elif kid.dep == "prep":
                phrase = self.idiom_at(child)
                # What there is none of is not considered: "no purchase is under consideration".
                if phrase and not (self.state == "denied" and self.table.idiom[phrase] != "denied"):
                    self.apply(self.table.idiom[phrase], phrase)
            elif kid.dep in ("acomp", "oprd"):
                effect = self.governor(kid, "", "ADJ")
                if effect in ("planned", "possible", "denied", "conditional"):
                    self.apply(effect, kid.text)
