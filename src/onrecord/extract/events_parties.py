"""This file tells which states or organisations a noun phrase stands for: by name, possessor, adjective, or an earlier mention."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord import vocab
from onrecord.records import Finding, Mention, Parsed, Word
from onrecord.syntax import kids, word_at

ACTING = frozenset({"state", "body", "person", "company"})
SALIENCE = {"subject": 1.0, "part of subject": 1.0, "place": -1.0, "modifier": 0.0, "other": 0.0}
# How the name of an organisation stands before a word for whoever belongs to it.
MEMBERSHIP = frozenset({"compound", "nmod", "amod", "poss"})
PLACES = frozenset({"in", "at", "near", "off", "over"})


@dataclass(frozen=True, slots=True)
class Filler:
    """A party that fills a role: the words it stands on, and what ties them to the role."""

    party: str
    start: int
    end: int
    how: str
    index: int


class Parties:
    """The parties of one report by word, with memory for pronouns and bare nouns; built once a report."""

    __slots__ = ("_fellows", "_nouns", "_persons", "_pronouns", "by_word", "mentions", "parsed", "speakers")

    def __init__(self, parsed: Parsed, statements: tuple[Finding, ...] = ()) -> None:
        self.parsed = parsed
        self.by_word: dict[int, Mention] = {}
        self.mentions: list[tuple[int, Mention]] = []
        words, members = parsed.words, frozenset(vocab.words("events")["reference"]["members"])
        at = 0
        for mention in parsed.mentions:
            if mention.party is None or mention.kind not in ACTING:
                continue
            while at and words[at - 1].end > mention.start:
                at -= 1
            while at < len(words) and words[at].end <= mention.start:
                at += 1
            first = at
            if mention.party.startswith("org:") and at < len(words) and words[at].dep in MEMBERSHIP:
                above = words[words[at].head]
                if above.lemma.lower() in members and above.tag in {"NN", "NNP"}:
                    continue
            while at < len(words) and words[at].start < mention.end:
                if at not in self.by_word or mention.end - mention.start > self.by_word[at].end - self.by_word[at].start:
                    self.by_word[at] = mention
                at += 1
            if first < len(words):
                self.mentions.append((first, mention))
        data = vocab.words("events")["reference"]
        self._pronouns, self._nouns, self._fellows = (frozenset(data[name]) for name in ("pronouns", "nouns", "fellows"))
        self._persons: dict[str, str] = {}
        self.speakers: list[tuple[int, int, Filler]] = []
        self._meet_persons()
        self.speakers = [span for span in map(self._speaker, statements) if span is not None]

    def fillers(self, index: int) -> list[Filler]:
        """The parties that a noun phrase headed by this word stands for, coordinates not included; empty when it stands for none."""
        word = self.parsed.words[index]
        if index in self.by_word:
            return [self._named(index, "name")]
        if word.text in self._persons:
            return [Filler(self._persons[word.text], word.start, word.end, "name", index)]
        return self._inside(index) or self._referred(word)

    def _meet_persons(self) -> None:
        """Whom a person acts for, once a role or an apposition has said so: later the surname is enough."""
        for word in self.parsed.words:
            if word.entity == "PERSON" and word.dep != "compound" and word.index not in self.by_word and word.text not in self._persons:
                inside = [f for f in self._inside(word.index) if f.how != "phrase"] or [
                    f for role in kids(self.parsed, word.index, "appos") for f in self._inside(role.index)
                ]
                if inside:
                    self._persons[word.text] = inside[0].party

    def _inside(self, index: int, depth: int = 0) -> list[Filler]:
        """Parties within a noun phrase: possessor first, then adjectives, then prepositions; but "its NATO ally Turkey" is Turkey."""
        found: list[Filler] = []
        places = [("possessor", ("poss",)), ("adjective", ("amod", "compound", "nmod", "npadvmod")), ("name", ("appos",))]
        if self.parsed.words[index].lemma.lower() in self._fellows:
            places.insert(0, places.pop())
        for how, deps in places:
            for child in kids(self.parsed, index, *deps):
                found += self._with_conjuncts(child, how)
            if found:
                return found
        if depth < 2:
            for preposition in kids(self.parsed, index, "prep", "agent", "dative"):
                for inner in kids(self.parsed, preposition.index, "pobj"):
                    found += self._with_conjuncts(inner, "phrase") or self._inside(inner.index, depth + 1)
                if found:
                    return [Filler(f.party, f.start, f.end, "phrase", f.index) for f in found]
        for child in kids(self.parsed, index, "poss"):
            found += self._referred(child)
        return found

    def _with_conjuncts(self, word: Word, how: str) -> list[Filler]:
        found, queue = [], [word]
        while queue:
            top = queue.pop()
            if top.index in self.by_word:
                found.append(self._named(top.index, how))
            elif top.dep in {"amod", "compound", "poss"}:
                queue.extend(kids(self.parsed, top.index, "compound", "amod", "nmod"))
            queue.extend(kids(self.parsed, top.index, "conj"))
        return found

    def _named(self, index: int, how: str) -> Filler:
        mention = self.by_word[index]
        return Filler(mention.party or "", mention.start, mention.end, how, index)

    def _referred(self, word: Word) -> list[Filler]:
        """What a pronoun or a bare "the country", "the minister" refers back to."""
        lemma = word.text.lower()
        if lemma in {"we", "us", "our", "i", "my", "me"}:
            return [Filler(p.party, p.start, p.end, "pronoun", p.index) for s, e, p in self.speakers if s <= word.start < e][:1]
        if lemma in self._pronouns:
            how = "pronoun"
        elif word.lemma.lower() in self._nouns and word.pos == "NOUN":
            how = "noun"
        else:
            return []
        best, value = None, -4.0
        for first, mention in reversed(self.mentions):
            if first >= word.index:
                continue
            head = self.parsed.words[first]
            if head.dep == "compound" and self.parsed.words[head.head].lemma.lower() in self._fellows:
                continue
            gap = word.sentence - head.sentence
            if gap > 3:
                break
            score = -1.2 * gap - 0.01 * (word.index - first) + SALIENCE[self.standing(first)]
            if lemma in {"he", "she", "his", "her", "him"} and mention.kind == "person":
                score += 1.5
            if score > value:
                best, value = (first, mention), score
        return [self._antecedent(best[1], best[0], how)] if best else []

    def _antecedent(self, mention: Mention, first: int, how: str) -> Filler:
        return Filler(mention.party or "", mention.start, mention.end, how, first)

    def standing(self, first: int) -> str:
        """What a mention is in its clause: its subject, a place, a modifier, or something else."""
        word = self.parsed.words[first]
        inner = word.dep in {"compound", "poss", "amod", "nmod"}
        for _ in range(3):
            if word.dep in {"compound", "poss", "amod", "nmod"}:
                word = self.parsed.words[word.head]
        if word.dep in {"nsubj", "nsubjpass"}:
            return "part of subject" if inner else "subject"
        above = self.parsed.words[word.head]
        if word.dep == "pobj" and above.lemma.lower() in PLACES:
            return "place"
        return "modifier" if inner else "other"

    def _speaker(self, statement: Finding) -> tuple[int, int, Filler] | None:
        """The span of a statement's content and its speaker's party, by the speaker's own words or the organisation's name."""
        content, speaker = statement.claim("content"), statement.claim("speaker")
        if content is None or speaker is None:
            return None
        for index, mention in self.mentions:
            if mention.end > speaker.start and mention.start < speaker.end:
                return content.start, content.end, Filler(mention.party or "", mention.start, mention.end, "name", index)
        organization = str(statement["organization"] or "")
        party = self._persons.get(speaker.quote.split()[-1]) or next(
            (m.party for _, m in self.mentions if m.party and m.text in organization), None
        )
        word = word_at(self.parsed, speaker.end - 1)
        if party is None or word is None:
            return None
        self._persons.setdefault(speaker.quote.split()[-1], party)
        return content.start, content.end, Filler(party, speaker.start, speaker.end, "name", word.index)
