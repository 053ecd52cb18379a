"""One report as the extractors see it: which mentions a word carries, who and what is named where, and what was put on record so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from onrecord.records import Equipment, Mention, Parsed
from onrecord.syntax import kids

PARTY_KINDS = frozenset({"state", "body", "company", "person"})
# Words below a noun that belong to another happening than the noun itself.
CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "csubj", "parataxis"})


@dataclass(slots=True)
class Draft:
    """A transfer in the making: its triple, the sentences that touched it, and the stages put to it so far."""

    supplier: tuple[str, ...]
    recipient: tuple[str, ...]
    equipment: str
    touched: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """A parsed report with look-ups by word and by sentence; `drafts` grows as the report is read."""

    parsed: Parsed
    by_word: dict[int, Mention]
    by_sentence: list[list[Mention]]
    first_word: dict[Mention, int]
    frequency: Counter[str]
    designations: list[str]
    title_parties: list[str]
    title_equipment: list[str]
    drafts: list[Draft] = field(default_factory=list)


def set_scene(parsed: Parsed) -> Scene:
    """The scene of a report in which nothing is on record yet."""
    by_word: dict[int, Mention] = {}
    first_word: dict[Mention, int] = {}
    by_sentence: list[list[Mention]] = [[] for _ in parsed.sentences]
    cursor, total = 0, len(parsed.words)
    for mention in parsed.mentions:
        while cursor < total and parsed.words[cursor].end <= mention.start:
            cursor += 1
        index = cursor
        if index < total:
            first_word[mention] = index
            by_sentence[parsed.words[index].sentence].append(mention)
        while index < total and parsed.words[index].start < mention.end:
            held = by_word.get(index)
            if held is None or rank(mention) > rank(held):
                by_word[index] = mention
            index += 1
    parties = Counter(m.party for m in parsed.mentions if is_party(m) and m.party)
    seen = list(dict.fromkeys(m.name for m in parsed.mentions if m.kind == "equipment"))
    title = parsed.title.mentions if parsed.title else ()
    return Scene(
        parsed,
        by_word,
        by_sentence,
        first_word,
        parties,
        seen,
        list(dict.fromkeys(m.party for m in title if is_party(m) and m.party)),
        list(dict.fromkeys(m.name for m in title if m.kind == "equipment")),
    )


def rank(mention: Mention) -> int:
    """Which of two mentions on one word speaks for it: equipment before parties, the rest last."""
    return {"equipment": 3, "state": 2, "body": 2, "company": 2, "person": 2}.get(mention.kind, 1)


def is_party(mention: Mention) -> bool:
    """Whether a mention can stand for a state or an organisation that acts for itself."""
    return mention.kind in PARTY_KINDS and mention.party is not None


def is_generic(mention: Mention) -> bool:
    """Whether an equipment mention is a common noun ("drones"), not a designation."""
    return isinstance(mention.value, Equipment) and mention.value.generic


def phrase_words(scene: Scene, index: int) -> list[int]:
    """The words of the noun phrase that `index` heads, without the clauses that hang on it, in text order."""
    stack, reach = [index], []
    while stack:
        top = stack.pop()
        reach.append(top)
        stack.extend(k.index for k in kids(scene.parsed, top) if k.dep not in CLAUSES)
    return sorted(reach)


def phrase_mentions(scene: Scene, index: int) -> list[Mention]:
    """The mentions in the noun phrase that `index` heads, the head's own first, then in text order."""
    found: dict[Mention, None] = {}
    own = scene.by_word.get(index)
    if own is not None:
        found[own] = None
    for word in phrase_words(scene, index):
        mention = scene.by_word.get(word)
        if mention is not None:
            found[mention] = None
    return list(found)
