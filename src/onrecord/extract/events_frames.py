"""This file matches words with the event frames: which words say that one state did something to another, and in which slots to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from onrecord import vocab
from onrecord.errors import BadVocab
from onrecord.extract.lexicon import NEGATED
from onrecord.records import Parsed, Word
from onrecord.syntax import kids

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN"})
# Below a verb these are no part of what it says of its object.
OUTSIDE = frozenset({"nsubj", "nsubjpass", "csubj", "parataxis"})
KNOWN = frozenset({"number", "root", "verbs", "nouns", "actor", "recipient", "negated", "hanging", "examples"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the vocabulary.

    `number` is what the weights call it, `tokens` what must hang on its predicate, `hanging` of which words one must stand below it.
    """

    number: int
    root: str
    predicate: str
    tokens: tuple[frozenset[str], ...]
    noun: bool
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    negated: bool
    hanging: frozenset[str]

    @property
    def modality(self) -> str:
        """What the predicate says of its act before the sentence does: a gift promised is planned, who "will not sell" has said no."""
        if self.negated:
            return NEGATED
        return "planned" if self.root == "AID" and self.predicate.split()[0] in vocab.words("events")["gift"]["promising"] else "actual"


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found at a word; `used` are the words that its further tokens were found at, `proof` those that it wants to hang below it."""

    frame: Frame
    index: int
    used: tuple[int, ...]
    proof: tuple[int, ...] = ()


@cache
def frames(language: str = "en") -> Mapping[tuple[str, bool], tuple[Frame, ...]]:
    """The frames by their predicate's first lemma and whether it is a noun, longest predicates first."""
    data = vocab.words("events", language)
    roots, classes = vocab.meanings("plover")["roots"], data["classes"]
    found: dict[tuple[str, bool], list[Frame]] = {}
    numbers: set[int] = set()
    for row in data["frame"]:
        number = row.get("number")
        if number is None or number in numbers:
            said = "has no number" if number is None else f"has the number {number} of another one"
            raise BadVocab(f"events.toml: a frame of {row['root']} {said}, by which the judge's weights know it")
        numbers.add(number)
        if row["root"] not in roots or not row.keys() <= KNOWN:
            raise BadVocab(f"events.toml, frame {number}: root {row['root']!r} or one of {sorted(row.keys() - KNOWN)} is unknown")
        for noun, predicates in ((False, row.get("verbs", ())), (True, row.get("nouns", ()))):
            for predicate in predicates:
                frame = _frame(number, row, predicate, noun, classes)
                found.setdefault((predicate.split()[0], noun), []).append(frame)
    return {key: tuple(sorted(rows, key=lambda f: -len(f.tokens))) for key, rows in found.items()}


def match_frames(parsed: Parsed) -> Iterator[Match]:
    """Every word that a frame names, with its longest predicate for each root; a noun that a verb's frame used is left to the verb."""
    lexicon = frames()
    matches: list[Match] = []
    for word in parsed.words:
        candidates = lexicon.get((word.lemma.lower(), word.pos not in VERBAL))
        if candidates is None or (word.pos not in VERBAL and word.pos not in NOMINAL):
            continue
        hanging = _hanging(parsed, word) if word.pos in VERBAL else {}
        length, roots = -1, set()
        for frame in candidates:
            used = _used(frame, hanging)
            proof = _below(parsed, word, frame.hanging) if used is not None and frame.hanging else ()
            if frame.hanging and not proof:
                used = None
            # "turn down" hides a bare "turn"; two frames of equal length stand side by side.
            if used is not None and len(frame.tokens) >= length and frame.root not in roots:
                length = len(frame.tokens)
                roots.add(frame.root)
                matches.append(Match(frame, word.index, used, proof))
    taken = {index for match in matches if not match.frame.noun for index in (*match.used, *match.proof)}
    return (match for match in matches if not (match.frame.noun and match.index in taken))


def _frame(number: int, row: Mapping[str, Any], predicate: str, noun: bool, classes: Mapping[str, list[str]]) -> Frame:
    tokens = []
    for token in predicate.split()[1:]:
        if token.startswith("{") and token[1:-1] not in classes:
            raise BadVocab(f"events.toml, frame {number}: {predicate!r} names no known class of words")
        tokens.append(frozenset(classes[token[1:-1]] if token.startswith("{") else [token]))
    return Frame(
        number, row["root"], predicate, tuple(tokens), noun, tuple(row["actor"]), tuple(row["recipient"]),
        row.get("negated", False), frozenset(row.get("hanging", ())),
    )  # fmt: skip


def _hanging(parsed: Parsed, verb: Word) -> dict[str, int]:
    """Lemma -> word for what hangs on a verb: particles, objects, complements, what prepositions bring; "to do" for an infinitive."""
    found: dict[str, int] = {}
    stack = [(child, 0) for child in parsed.children[verb.index]]
    if verb.dep in {"acl", "relcl"}:
        found[parsed.words[verb.head].lemma.lower()] = verb.head
    while stack:
        index, depth = stack.pop()
        word = parsed.words[index]
        if word.dep in {"xcomp", "ccomp"} and word.head == verb.index and any(mark.tag == "TO" for mark in kids(parsed, index, "aux")):
            found.setdefault("to do", index)
        if word.dep in {"nsubj", "csubj", "advcl", "ccomp", "relcl", "acl", "parataxis", "punct"} or word.pos == "VERB":
            continue
        # "Gave in" is one verb, "gave in October" is not.
        if word.lemma.lower() != "in" or not kids(parsed, index, "pobj"):
            found.setdefault(word.lemma.lower(), index)
        if depth < 3:
            stack.extend((child, depth + 1) for child in parsed.children[index])
    return found


def _used(frame: Frame, hanging: Mapping[str, int]) -> tuple[int, ...] | None:
    """The words at which a frame's tokens are found, or None when one is not."""
    used = []
    for token in frame.tokens:
        # In the order of what hangs there: that of a set differs from one process to the next.
        index = next((at for lemma, at in hanging.items() if lemma in token), None)
        if index is None:
            return None
        used.append(index)
    return tuple(used)


def _below(parsed: Parsed, verb: Word, lemmas: frozenset[str]) -> tuple[int, ...]:
    """Where any of the lemmas stands below a verb, as deep as its blame goes: "regards it as one more attempt to win by blackmail"."""
    found, stack = [], list(parsed.children[verb.index])
    while stack:
        word = parsed.words[stack.pop()]
        if word.dep in OUTSIDE or (word.dep == "conj" and word.head == verb.index):
            continue
        if word.lemma.lower() in lemmas:
            found.append(word.index)
        stack.extend(parsed.children[word.index])
    return tuple(sorted(found))


def is_negated(parsed: Parsed, index: int) -> bool:
    """Whether "not", "never" or the like stands on a verb, or the verb above it refuses to do it."""
    word = parsed.words[index]
    if kids(parsed, index, "neg"):
        return True
    return word.dep == "xcomp" and parsed.words[word.head].lemma.lower() in vocab.words("events")["reference"]["refusing"]
