"""This file reads one noun phrase: the name, person or body in it, whether it is an outlet, and what to call an official without a name."""

from __future__ import annotations

from bisect import bisect_right

from onrecord import vocab
from onrecord.attribute.persons import NamedPerson, find_persons
from onrecord.attribute.roles import adjective, body_name, organization_of
from onrecord.attribute.speaker import Speaker, bare, in_short, is_force
from onrecord.records import Mention, Parsed, Word


class Phrases:
    """The people and names of a report, looked up by the phrase that they stand in."""

    def __init__(self, parsed: Parsed) -> None:
        """Collects the people of the report once."""
        roles = vocab.words("roles")
        self.parsed = parsed
        self.persons = find_persons(parsed)
        self.starts = [person.start for person in self.persons]
        self.heads = frozenset([*roles["heads"], *roles["offices"]])
        self.offices = frozenset(roles["offices"])
        self.bodies = frozenset(roles["bodies"])
        self.outlets = frozenset(vocab.words("attribution")["outlets"]["words"])
        self.names = [m for m in parsed.mentions if m.kind in {"state", "body", "company", "agency", "programme"}]

    def _is_outlet(self, word: Word, low: int, high: int) -> bool:
        """Whether the phrase names a newspaper, a broadcaster or an agency: by its head, by a capitalised part, by a name beside it."""
        words = self.parsed.words[low : high + 1]
        if word.text.lower() in self.outlets or words[-1].text.lower() in self.outlets:
            return True
        if any(
            w.text[:1].isupper() and w.text.lower() in self.outlets for w in words
        ) and word.lemma.lower() not in self.heads | self.bodies - {"agency"}:
            return True
        reach = words[-1].end + 25
        return any(
            m.kind == "agency" and words[0].start <= m.start < reach and (m.start < words[-1].end or word.lemma.lower() == "agency")
            for m in self.names
        )

    def _text(self, start: int, end: int) -> str:
        return self.parsed.document.text[start:end].replace("\n", " ")

    def _mention_over(self, word: Word) -> Mention | None:
        return next((m for m in self.names if m.start <= word.start < m.end), None)

    def _person_over(self, word: Word, start: int, end: int) -> NamedPerson | None:
        """The person whose name the word is part of, or that stands in its phrase as a name beside a title."""
        at = bisect_right(self.starts, word.start)
        if at and self.persons[at - 1].end > word.start:
            return self.persons[at - 1]
        for person in self.persons[max(0, bisect_right(self.starts, start - 1)) :]:
            if person.start >= end + 2:
                break
            name = next((w for w in self.parsed.words[word.index : word.index + 25] if w.start >= person.start), None)
            if name is not None and self._belongs(name, word, person):
                return person
        return None

    def _belongs(self, name: Word, head: Word, person: NamedPerson) -> bool:
        at = name
        for _ in range(6):
            if at.index == head.index:
                return True
            joined = at.dep == "conj" and at.lemma.lower() in self.heads
            if (
                at.dep in {"pobj", "poss", "dobj", "nsubj", "conj"}
                and not joined
                and not person.start <= self.parsed.words[at.head].start < person.end
            ):
                return at.dep == "pobj" and self._title_names(head, person)
            at = self.parsed.words[at.head]
        return False

    def _title_names(self, head: Word, person: NamedPerson) -> bool:
        # "the head of the department Pedro K." parses with the name below the preposition; a role that ends right before it tells.
        return head.lemma.lower() in self.heads and person.role is not None and head.text in person.role and person.start > head.start

    def _from_mention(self, mention: Mention, word: Word, start: int, end: int) -> Speaker | None:
        if mention.kind in {"agency", "programme"}:
            return None
        if mention.kind == "state":
            if mention.how in {"adjective", "demonym"}:
                return Speaker(
                    f"{adjective(mention.party)} government" if mention.party else bare(self._text(start, end)),
                    start,
                    end,
                    "state",
                    None,
                    None,
                    mention.party,
                )
            name = f"{adjective(mention.party)} government" if mention.party else mention.name
            return Speaker(name, mention.start, mention.end, "state", None, name, mention.party)
        name = body_name(mention)
        return Speaker(name, min(start, mention.start), max(end, mention.end), "body", None, name, mention.party)

    def _unnamed(self, word: Word, low: int, high: int) -> Speaker | None:
        """Somebody without a name: "US State Department official", "Swedish logistics officer"."""
        words = self.parsed.words
        start, end = words[low].start, words[high].end
        inside = [m for m in self.names if start <= m.start and m.end <= end]
        body = next((m for m in inside if m.kind in {"body", "company"} and not is_force(m)), None)
        party = next((m.party for m in inside if m.party), None)
        role = word.lemma if word.lemma.lower() in self.offices and word.lemma.lower() not in vocab.words("roles")["no_office"] else None
        organization = body_name(body) if body else None
        name = in_short(bare(self._text(start, end)))
        if body is not None and body.start > word.start:
            name = f"{organization} {bare(self._text(start, word.end))}"
        elif body is not None:
            name = bare(f"{self._text(start, body.start)}{organization}{self._text(body.end, end)}").replace("'s ", " ")
        if not organization and role and party:
            organization = organization_of(self.parsed, name, party)
        return Speaker(name, start, end, "unnamed", role, organization, party, None, word.tag in {"NNS", "NNPS"})
