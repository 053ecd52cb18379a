"""This file tells who speaks: a named person, a government behind a capital, a body, an unnamed official, whoever a pronoun stands for."""

from __future__ import annotations

import re
from bisect import bisect_right

from onrecord import vocab
from onrecord.attribute.persons import NamedPerson
from onrecord.attribute.phrases import Phrases
from onrecord.attribute.roles import adjective
from onrecord.attribute.speaker import Speaker, again, bare, end_of_phrase, fits, from_person, governs, noun_phrase, seems_human
from onrecord.records import Parsed, Sentence, Word
from onrecord.syntax import kids, sentence_of, word_at

# Entities, as the tagger calls them, that never speak.
THINGS = frozenset(
    {"DATE", "TIME", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL", "PERCENT", "LAW", "WORK_OF_ART", "EVENT", "PRODUCT", "LOC", "LANGUAGE"}
)
# What is called after whoever heads it: governments, and offices, which are a ministry where their head's body is one.
GOVERNMENTS, OFFICE = frozenset({"government", "administration", "cabinet"}), "office"
MINISTRIES = ("Ministry", "Department")


class Speakers(Phrases):
    """The report's speakers: who each word stands for, with a memory of those already met."""

    def __init__(self, parsed: Parsed) -> None:
        """Nobody met yet."""
        super().__init__(parsed)
        roles = vocab.words("roles")
        self.bearers = self.heads | frozenset(roles["honorifics"]) - {"the", "m"}
        self.human = frozenset([*roles["pronouns_male"], *roles["pronouns_female"]])
        self.pronouns = self.human | frozenset(roles["pronouns_other"])
        self.groups = frozenset(roles["groups"])
        self.firms = frozenset(roles["firms"])
        self.papers = frozenset(vocab.words("attribution")["papers"]["lemmas"])
        self.met: list[tuple[int, Speaker]] = []
        self.subjects: dict[int, Speaker | None] = {}

    def resolve(self, index: int, *, loose: bool = True) -> Speaker | None:
        """The speaker that a word heads, who is then met, or None where it is none (an outlet, a thing); `loose` lets any noun speak."""
        found = self.find(index, loose=loose)
        if found is not None:
            self.meet(index, found)
        return found

    def meet(self, index: int, speaker: Speaker) -> None:
        """Remembers that a word stands for a speaker, for the pronouns and titles behind it."""
        self.met.append((self.parsed.words[index].start, speaker))

    def find(self, index: int, *, loose: bool) -> Speaker | None:
        """The speaker that a word heads, as `resolve` gives him, but not met by that."""
        word = self.parsed.words[index]
        return self._place_of(word) or self._pronoun(word) if word.text.lower() in self.pronouns else self._noun(word, loose=loose)

    def joint(self, index: int | None, first: Speaker) -> list[Speaker]:
        """The others who speak together with the first: named people and states that "and" joins to him."""
        joined = kids(self.parsed, index, "conj") if index is not None and first.kind in {"person", "state"} else []
        found = []
        while joined:
            other = self._noun(joined[0])
            if other is not None and other.kind == first.kind and other.name != first.name:
                found.append(other)
            joined = kids(self.parsed, joined[0].index, "conj")
        return found

    def _place_of(self, word: Word) -> Speaker | None:
        """The body behind an empty "they": "in the Foreign Ministry they consider"."""
        places = [
            deep
            for prep in kids(self.parsed, word.head, "prep")
            if prep.index < word.index
            for deep in kids(self.parsed, prep.index, "pobj")
        ]
        return next((found for place in places if (found := self._noun(place)) and found.kind == "body"), None)

    def _noun(self, word: Word, *, loose: bool = False) -> Speaker | None:
        low, high = noun_phrase(self.parsed, word)
        start, end = self.parsed.words[low].start, self.parsed.words[high].end
        if self._is_outlet(word, low, high):
            return None
        mention = self._mention_over(word)
        person = self._person_over(word, start, end)
        if person:
            return self._staff_of(person, word, start, end) or from_person(person)
        if mention:
            return self._from_mention(mention, word, start, end)
        if word.lemma.lower() in self.papers:
            return self._owner(word)
        appositive = next(
            (p for child in kids(self.parsed, word.index, "appos") if (p := self._person_over(child, child.start, child.end))), None
        )
        if appositive:
            return from_person(appositive)
        beside = next(
            (m for child in kids(self.parsed, word.index, "appos") if (m := self._mention_over(child)) and m.kind in {"company", "body"}),
            None,
        )
        if beside:
            return self._from_mention(beside, word, beside.start, beside.end)
        low_text = word.text.lower()
        lemma = word.lemma.lower()
        if lemma in self.heads or low_text in self.groups or lemma.split("-")[-1] in self.heads:
            return self._title(word, start, end) or self._unnamed(word, low, high)
        if lemma in self.bodies or low_text in self.bodies:
            return self._unnamed_body(word, low, high)
        if word.entity in {"ORG", "NORP", "PERSON"} or (word.pos == "PROPN" and word.entity not in THINGS):
            return Speaker(bare(self._text(start, end)), start, end, "body", None, bare(self._text(start, end)))
        if loose and lemma in vocab.words("roles")["some"]:
            return self._some(word, low, high)
        if loose and word.pos == "NOUN":
            return self._unnamed(word, low, high)
        return None

    def _staff_of(self, person: NamedPerson, word: Word, start: int, end: int) -> Speaker | None:
        """The body named after a person: "President Mitterrand's government" is the French one, a minister's office his ministry."""
        lemma = word.lemma.lower()
        if lemma not in {*GOVERNMENTS, OFFICE} or all(owner.end != person.end for owner in kids(self.parsed, word.index, "poss")):
            return None
        name = bare(self._text(start, end))
        if lemma in GOVERNMENTS and person.party:
            name = f"{adjective(person.party)} government"
        elif lemma == OFFICE and any(noun in (person.organization or "") for noun in MINISTRIES):
            name = person.organization or name
        return Speaker(name, start, end, "body", None, name, person.party)

    def _some(self, word: Word, low: int, high: int) -> Speaker | None:
        """ "One of them, a colonel" is the colonel, "one of them" some of those who were spoken of, "one of his advisers" just that."""
        for child in kids(self.parsed, word.index, "appos"):
            if child.lemma.lower() in self.heads:
                return self._noun(child)
        of = next((deep for prep in kids(self.parsed, word.index, "prep") for deep in kids(self.parsed, prep.index, "pobj")), None)
        if of is not None and of.text.lower() == "them":
            return self._pronoun(of)
        return self._unnamed(word, low, end_of_phrase(self.parsed, word, high))

    def _owner(self, word: Word) -> Speaker | None:
        """Who made a paper: its possessor, or who stands after "of", "by", "from"; else the body that spoke last."""
        owners = kids(self.parsed, word.index, "poss")
        for child in kids(self.parsed, word.index, "prep", "acl", "agent"):
            owners += kids(self.parsed, child.index, "pobj")
            for deep in kids(self.parsed, child.index, "agent"):
                owners += kids(self.parsed, deep.index, "pobj")
        return next(
            (
                found
                for owner in owners
                if (found := self._noun(owner) if owner.text.lower() not in self.pronouns else self._pronoun(owner))
            ),
            None,
        )

    def _title(self, word: Word, start: int, end: int) -> Speaker | None:
        """A person met before whose role holds this word: "the minister", "the Rostec chief"."""
        if word.lemma.lower() not in self.offices or word.tag == "NNS":
            return None
        text = self._text(start, end).lower()
        if text.startswith(("a ", "an ", "another ", "one ")):
            return None
        for _, speaker in reversed(self.met):
            if speaker.kind in {"person", "unnamed"} and speaker.role and word.lemma.lower() in speaker.role.lower():
                return again(speaker, start, end)
        if word.lemma.lower() == "minister":
            chiefs = [
                p
                for p in self.persons
                if p.start < start and p.role and "ministry" in f"{p.role} {p.organization}".lower() and "head" in p.role.lower()
            ]
            if chiefs:
                return again(from_person(chiefs[-1]), start, end)
        leads = word.lemma.lower() in {"leader", "head"}
        before = [
            p for p in self.persons if p.start < start and p.role and (word.lemma.lower() in p.role.lower() or (leads and governs(p.role)))
        ]
        party = next((m.party for m in self.names if start <= m.start and m.end <= end and m.party), None)
        before = [p for p in before if party is None or p.party in {None, party}]
        if before:
            return again(from_person(before[-1]), start, end)
        for _, speaker in reversed(self.met):
            if speaker.kind == "unnamed" and word.lemma.lower() in speaker.name.lower():
                return again(speaker, start, end)
        return None

    def _unnamed_body(self, word: Word, low: int, high: int) -> Speaker | None:
        start, end = self.parsed.words[low].start, self.parsed.words[high].end
        text = bare(self._text(start, end))
        known = self._known_body(word) if text.lower() == word.lemma.lower() else None
        name, party = known or (text, next((m.party for m in self.names if start <= m.start and m.end <= end and m.party), None))
        return Speaker(name, start, end, "body", None, name, party)

    def _known_body(self, word: Word) -> tuple[str, str | None] | None:
        """The name and state of the body that a bare noun goes back to: one that has spoken, or one named before it.

        "The company" is the company named last, of several in one sentence the first ("Poland chose Hanwha over Rheinmetall"); a capital
        shortens a name, "the Agency" that of the European Defence Agency.
        """
        for _, speaker in reversed(self.met):
            name = speaker.organization or speaker.name
            if word.lemma.lower() in name.lower():
                return name, speaker.party
        before = [m for m in self.names if m.end <= word.start]
        if word.lemma.lower() in self.firms:
            companies = [m for m in before if m.kind == "company"]
            last = word_at(self.parsed, companies[-1].start) if companies else None
            begins = sentence_of(self.parsed, last.index).start if last else 0
            return next(((m.name, m.party) for m in companies if m.start >= begins), None)
        if word.text[:1].isupper():
            return next(((m.name, m.party) for m in reversed(before) if m.kind == "body" and word.text in m.text.split()), None)
        return None

    def subject_of(self, sentence: Sentence) -> Speaker | None:
        """Who a sentence is about: its main verb's subject, where that is someone who can speak."""
        if sentence.index not in self.subjects:
            self.subjects[sentence.index] = None
            words = self.parsed.words[sentence.first : sentence.last]
            root = next((w for w in words if w.dep == "ROOT"), None)
            opened = next((w.index for w in words if w.text in {'"', "“"}), sentence.last)
            if root is not None and root.index > opened:
                root = next((w for w in words if w.dep in {"ccomp", "parataxis"} and w.head == root.index and w.index < opened), root)
            for subject in kids(self.parsed, root.index, "nsubj", "nsubjpass") if root else []:
                pronoun = subject.text.lower() in self.pronouns
                found = self._pronoun(subject) if pronoun else self._noun(subject, loose=seems_human(self.parsed, subject))
                self.subjects[sentence.index] = self.subjects[sentence.index] or found
        return self.subjects[sentence.index]

    def _pronoun(self, word: Word) -> Speaker | None:
        """Whom a pronoun stands for: who spoke or acted in the nearest sentence before it that has someone fitting."""
        low = word.text.lower()
        number = word.sentence
        for before in range(number, max(-1, number - 7), -1):
            sentence = self.parsed.sentences[before]
            found = self._fitting(sentence, word, low)
            if found is not None:
                return found
        return None

    def _fitting(self, sentence: Sentence, word: Word, pronoun: str) -> Speaker | None:
        """The speaker, subject or person of one sentence that a pronoun can stand for."""
        human = pronoun in self.human
        wants = pronoun in vocab.words("roles")["pronouns_female"] if human else None
        met = [s for at, s in self.met if sentence.start <= at < min(sentence.end, word.start)]
        text = self.parsed.document.text
        subject = (
            self.subject_of(sentence) if sentence.index != word.sentence or re.search("[:;] ", text[sentence.start : word.start]) else None
        )
        if subject is not None and (sentence.index != word.sentence or subject.start < word.start):
            met = [*met[:1], subject, *met[1:]]
        found = next((s for s in met if fits(s, human, wants, pronoun)), None)
        if found is None and human and (sentence.index != word.sentence or pronoun in {"his", "her"}):
            at = bisect_right(self.starts, min(sentence.end, word.start))
            named = next(
                (p for p in reversed(self.persons[:at]) if p.start >= sentence.start and (p.female is None or p.female == wants)), None
            )
            return from_person(named) if named else None
        return found
