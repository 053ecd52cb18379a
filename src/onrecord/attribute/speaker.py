"""This file is one speaker: who he is, in which words, and the small turns by which a name is made short and plain."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord import vocab
from onrecord.attribute.persons import NamedPerson
from onrecord.records import Mention, Parsed, Word
from onrecord.syntax import kids, subtree

# What opens a noun phrase and is no part of a name.
ARTICLES = frozenset({"a", "an", "the", "one", "its", "his", "her", "their"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: `name` in usual spelling, `[start, end)` the report's words, role and organisation as far as known.

    `kind` is person, body, state or unnamed; `female` helps to read later pronouns.
    """

    name: str
    start: int
    end: int
    kind: str
    role: str | None = None
    organization: str | None = None
    party: str | None = None
    female: bool | None = None
    plural: bool = False


def fits(speaker: Speaker, human: bool, wants: bool | None, pronoun: str) -> bool:
    if human:
        return speaker.kind in {"person", "unnamed"} and not speaker.plural and (speaker.female is None or speaker.female == wants)
    if pronoun in {"they", "their", "them"}:
        return speaker.plural or speaker.kind == "body"
    return speaker.kind in {"body", "state"}


def governs(role: str) -> bool:
    return any(office in role.lower() for office in vocab.words("roles")["governing"])


def from_person(person: NamedPerson) -> Speaker:
    return Speaker(person.name, person.start, person.end, "person", person.role, person.organization, person.party, person.female)


def again(speaker: Speaker, start: int, end: int) -> Speaker:
    return Speaker(
        speaker.name, start, end, speaker.kind, speaker.role, speaker.organization, speaker.party, speaker.female, speaker.plural
    )


def in_short(name: str) -> str:
    """ "American officials" and "U.S. officials" are "US officials"."""
    first, gap, rest = name.partition(" ")
    return f"US{gap}{rest}" if first in {"American", "U.S."} and rest else name


def is_force(mention: Mention) -> bool:
    """Whether a body is only the trade of whom it describes ("a naval officer", "the army's spokesman")."""
    return mention.text[:1].islower() and mention.text.split()[-1].lower() in {
        "army",
        "navy",
        "naval",
        "military",
        "forces",
        "force",
        "government",
        "parliament",
    }


def bare(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ARTICLES and not rest.startswith("of ") else text


def noun_phrase(parsed: Parsed, word: Word) -> tuple[int, int]:
    """First and last word of the noun phrase, without relative clauses, appositions and what follows a comma."""
    own = [word.index]
    for child in kids(parsed, word.index):
        if child.dep in {
            "relcl",
            "acl",
            "appos",
            "punct",
            "conj",
            "cc",
            "advcl",
            "ccomp",
            "parataxis",
            "mark",
            "preconj",
            "predet",
            "advmod",
        }:
            continue
        own.extend(subtree(parsed, child.index))
    low = high = word.index
    taken = set(own)
    while low - 1 in taken:
        low -= 1
    while high + 1 in taken and parsed.words[high + 1].text not in {",", "("}:
        high += 1
    return low, high


def end_of_phrase(parsed: Parsed, word: Word, high: int) -> int:
    """The last word of "one of his advisers", past whatever the phrase was cut at."""
    return max([high, *(max(subtree(parsed, child.index)) for child in kids(parsed, word.index, "prep"))])


def seems_human(parsed: Parsed, word: Word) -> bool:
    """Whether a noun that no list holds is most likely somebody: "a taxi driver", "a neighbour who"."""
    if any(w.text.lower() == "who" for child in kids(parsed, word.index, "relcl") for w in kids(parsed, child.index, "nsubj")):
        return True
    articles = {child.text.lower() for child in kids(parsed, word.index, "det")}
    return word.tag == "NN" and bool(articles & {"a", "an"}) and word.text.lower().endswith(tuple(vocab.words("roles")["endings"]))
