"""This file loads the words of modality (`vocab/lang/en/modality.toml`) into the look-ups that `modality.py` composes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from onrecord import vocab
from onrecord.errors import BadVocab

EFFECTS = ("actual", "planned", "possible", "conditional", "denied", "stopped")
PARTS = {"verbs": "VERB", "nouns": "NOUN", "adjectives": "ADJ", "subjects": "SUBJECT"}


@dataclass(frozen=True, slots=True)
class Hedges:
    """Look-ups by lower-case word: what auxiliaries, adverbs, modifiers and governors make of a predicate, and what negates it.

    `governor` maps (lemma, "VERB", "NOUN", "ADJ", or "SUBJECT" for verbs that act on their subject) to pairs of further
    words ("rule", "VERB" -> (("out",), "denied")), longest first. `phrases` maps the first word of a condition to its phrases,
    `fulfils` a verb that does what was only possible to the particle or preposition that it needs.
    """

    auxiliary: Mapping[str, str]
    denies_with_not: frozenset[str]
    negation: frozenset[str]
    nobody: frozenset[str]
    undone_by: frozenset[str]
    until: frozenset[str]
    prepositions: frozenset[str]
    marks: frozenset[str]
    after: frozenset[str]
    inverted: frozenset[str]
    participles: frozenset[str]
    phrases: Mapping[str, tuple[str, ...]]
    adverb: Mapping[str, str]
    modifier: Mapping[str, str]
    light_verbs: frozenset[str]
    light_nouns: frozenset[str]
    aside: frozenset[str]
    hearsay: frozenset[str]
    documents: frozenset[str]
    ends: frozenset[str]
    obstacles: frozenset[str]
    reasons: frozenset[str]
    needs: frozenset[str]
    clauses: frozenset[str]
    exceptions: frozenset[str]
    before_condition: frozenset[str]
    imagined: frozenset[str]
    openers: frozenset[str]
    wishes: frozenset[str]
    says_no: frozenset[str]
    ahead: frozenset[str]
    months: frozenset[str]
    times: frozenset[str]
    fulfils: Mapping[str, tuple[str, ...]]
    names: frozenset[str]
    implies: frozenset[str]
    decides: frozenset[str]
    ordinals: frozenset[str]
    looks: frozenset[str]
    gifts: frozenset[str]
    denials: frozenset[str]
    idiom: Mapping[str, str]
    governor: Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]


@cache
def hedges() -> Hedges:
    """The English words of modality, read once."""
    return read_hedges(vocab.words("modality"))


def read_hedges(content: Mapping[str, Any]) -> Hedges:
    """The look-ups of a parsed file; a missing list, an unknown effect or a word with two effects is a `BadVocab`."""
    try:
        negation, condition, light = content["negation"], content["condition"], content["light"]
        phrases: dict[str, tuple[str, ...]] = {}
        for phrase in condition["phrases"]:
            first = phrase.split()[0]
            phrases[first] = (*phrases.get(first, ()), phrase)
        return Hedges(
            auxiliary=_by_word("auxiliary", content["auxiliary"]),
            denies_with_not=frozenset(content["auxiliary"]["denies_with_not"]),
            negation=frozenset(negation["words"]),
            nobody=frozenset(negation["nobody"]),
            undone_by=frozenset(negation["undone_by"]),
            until=frozenset(negation["until"]),
            prepositions=frozenset(negation["prepositions"]),
            marks=frozenset(condition["marks"]),
            after=frozenset(condition["after"]),
            inverted=frozenset(condition["inverted"]),
            participles=frozenset(condition["participles"]),
            phrases=phrases,
            adverb=_by_word("adverb", content["adverb"]),
            modifier=_by_word("modifier", content["modifier"]),
            light_verbs=frozenset(light["verbs"]),
            light_nouns=frozenset(light["nouns"]),
            aside=frozenset(light["aside"]),
            hearsay=frozenset(light["hearsay"]),
            documents=frozenset(light["documents"]),
            ends=frozenset(light["ends"]),
            obstacles=frozenset(negation["obstacles"]),
            reasons=frozenset(negation["reasons"]),
            needs=frozenset(condition["needs"]),
            clauses=frozenset(condition["clauses"]),
            exceptions=frozenset(condition["exceptions"]),
            before_condition=frozenset(condition["before"]),
            imagined=frozenset(condition["imagined"]),
            openers=frozenset([*condition["clauses"], *phrases]),
            wishes=frozenset(content["auxiliary"]["wishes"]),
            says_no=frozenset(negation["says_no"]),
            ahead=frozenset(content["time"]["ahead"]),
            months=frozenset(content["time"]["months"]),
            times=frozenset(content["time"]["prepositions"]),
            fulfils=_by_head(light["fulfils"]),
            names=frozenset(light["names"]),
            implies=frozenset(negation["implies"]),
            decides=frozenset(light["decides"]),
            ordinals=frozenset(light["ordinals"]),
            looks=frozenset(light["looks"]),
            gifts=frozenset(light["gifts"]),
            denials=frozenset(negation["denials"]),
            idiom=_by_word("idiom", content["idiom"]),
            governor=_governors(content["governor"]),
        )
    except KeyError as error:
        raise BadVocab(f"modality.toml: {error} is missing") from error


def _by_word(section: str, lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for effect in EFFECTS:
        for word in lists.get(effect, ()):
            if word in found:
                raise BadVocab(f"modality.toml, {section}: {word!r} stands under {found[word]} and {effect}; keep one")
            found[word] = effect
    return found


def _by_head(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Verb -> the particle or preposition that it counts with; "" where it counts alone."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        head, _, rest = phrase.partition(" ")
        found[head] = (*found.get(head, ()), rest)
    return found


def _governors(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]:
    found: dict[tuple[str, str], dict[tuple[str, ...], str]] = {}
    for entry in entries:
        effect = entry.get("effect")
        unknown = set(entry) - {"effect", "examples", *PARTS}
        if effect not in EFFECTS or unknown:
            raise BadVocab(f"modality.toml, governor: effect {effect!r}, unknown keys {sorted(unknown)}; effects are {', '.join(EFFECTS)}")
        for key, part in PARTS.items():
            for phrase in entry.get(key, ()):
                head, *rest = phrase.split()
                held = found.setdefault((head, part), {})
                if tuple(rest) in held:
                    raise BadVocab(f"modality.toml, governor {effect}: {phrase!r} stands twice among {key}; keep one")
                held[tuple(rest)] = effect
    return {key: tuple(sorted(held.items(), key=lambda item: -len(item[0]))) for key, held in found.items()}
