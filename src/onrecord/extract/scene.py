"""One report as the extractors see it: which mentions a word carries, who and what is named where, and what was put on record so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from onrecord import vocab
from onrecord.choosing import Models
from onrecord.dateline import find_dateline
from onrecord.extract.arguments import Slots
from onrecord.extract.modality import modality_of
from onrecord.extract.opinions import Opinions, form_opinions
from onrecord.records import TAKES_UP, Equipment, Mention, Parsed, Word
from onrecord.syntax import climb

# A sentence with more names than this is a table or a trap; the rest of its names are not weighed.
CROWDED = 40
# So many of the parties that a report names most often are weighed wherever it tells of a deal.
COMMONEST = 3
# The most that a share of belief is taken for, so that its opposite has a logarithm.
CERTAIN = 0.999
# The parts of speech of words that may say a stage.
OPEN = frozenset({"VERB", "AUX", "NOUN", "ADJ"})
PARTY_KINDS = frozenset({"state", "body", "company", "person"})
# Words below a noun that belong to another happening than the noun itself.
CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "csubj", "parataxis"})


@dataclass(slots=True, eq=False)
class Draft:
    """What was told so far of one supplier, recipient and item: the sentences and the triggers that did, and the stages."""

    supplier: str
    recipient: str
    equipment: str
    touched: list[int] = field(default_factory=list)
    triggers: list[int] = field(default_factory=list)
    stages: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Scene:
    """A parsed report with look-ups by word and by sentence.

    `stage_at` gives the likeliest stage of every trigger's word; `drafts` grows as the report is read; `in_slots`,
    `in_phrase`, `made_in` (a sentence's makers with what they make) and `modalities` keep what is worked out.
    """

    parsed: Parsed
    by_word: dict[int, Mention]
    by_sentence: list[list[Mention]]
    first_word: dict[Mention, int]
    party_mention: dict[str, Mention]
    item_mention: dict[str, Mention]
    items: Counter[str]
    commonest: list[str]
    designations: list[str]
    named: int
    makes: Counter[str]
    title_parties: list[str]
    title_equipment: list[str]
    models: Models
    opinions: Opinions | None = None
    stage_at: dict[int, str] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    in_slots: dict[int, tuple[Slots, dict[Mention, list[str]]]] = field(default_factory=dict)
    in_phrase: dict[int, list[int]] = field(default_factory=dict)
    made_in: dict[int, list[tuple[Mention, str]]] = field(default_factory=dict)
    modalities: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)

    def stage_beliefs(self, trigger: int, stages: Iterable[str]) -> list[float] | None:
        """The English model's log beliefs in the stages that a trigger's word may say; None where no model has read it."""
        return self.opinions.stages(self.parsed.words[trigger], stages) if self.opinions else None

    def heard(self, index: int, least: float) -> list[str]:
        """The stages that the model believes a word to say with at least this probability; none where no model has read it."""
        return self.opinions.heard(self.parsed.words[index], least) if self.opinions else []

    def role_beliefs(self, trigger: int, role: str, names: Iterable[str]) -> list[float] | None:
        """Its log beliefs in each party ("" for none) as a trigger's supplier or recipient, or each designation as its item."""
        return self.opinions.roles(self.parsed.words[trigger], role, names) if self.opinions else None

    def companion_beliefs(self, trigger: int, name: str) -> list[float] | None:
        """Its log beliefs that a designation is not, and that it is, an item of the trigger."""
        heard = self.role_beliefs(trigger, "item", [name])
        return None if heard is None else [math.log1p(-min(math.exp(heard[0]), CERTAIN)), heard[0]]

    def amount_beliefs(self, trigger: int, role: str, mentions: Iterable[Mention]) -> list[float] | None:
        """Its log beliefs in no amount and in each count (role "quantity") or sum ("value") as the trigger's."""
        return self.opinions.amounts(self.parsed.words[trigger], role, mentions) if self.opinions else None

    def modality(self, index: int, default: str) -> tuple[str, str]:
        """The modality of a predicate word and the words that made it so, as `modality_of` tells it; worked out once."""
        if (index, default) not in self.modalities:
            self.modalities[index, default] = modality_of(self.parsed, index, default=default)
        return self.modalities[index, default]

    def note(self, supplier: str, recipient: str, equipment: str, *, trigger: int, stage: str) -> None:
        """Notes that a trigger told of a triple, whose draft then stands last."""
        triple = (supplier, recipient, equipment)
        draft = next((d for d in self.drafts if (d.supplier, d.recipient, d.equipment) == triple), None) or Draft(*triple)
        draft.touched.append(self.parsed.words[trigger].sentence)
        draft.triggers.append(trigger)
        draft.stages.add(stage)
        self.drafts = [d for d in self.drafts if d is not draft] + [draft]


def set_scene(parsed: Parsed, models: Models) -> Scene:
    """The scene of a report in which nothing is on record yet, to be read with the given weights."""
    by_word: dict[int, Mention] = {}
    first_word: dict[Mention, int] = {}
    by_sentence: list[list[Mention]] = [[] for _ in parsed.sentences]
    cursor, total = 0, len(parsed.words)
    opening = find_dateline(parsed.document.text)
    filed = opening.end() if opening else 0
    named = {m.name: m for m in reversed(parsed.mentions) if m.kind == "equipment"}
    for mention in parsed.mentions:
        if (mention.start < filed and mention.kind != "state") or _is_bygone(mention, parsed.document.published):
            continue
        meant = named.get(mention.reason.removeprefix(TAKES_UP)) if mention.reason.startswith(TAKES_UP) else None
        if meant is not None:
            mention = replace(mention, name=meant.name, value=meant.value)
        while cursor < total and parsed.words[cursor].end <= mention.start:
            cursor += 1
        index = cursor
        if index < total:
            if len(by_sentence[parsed.words[index].sentence]) == CROWDED:
                continue
            first_word[mention] = index
            by_sentence[parsed.words[index].sentence].append(mention)
        while index < total and parsed.words[index].start < mention.end:
            held = by_word.get(index)
            if held is None or rank(mention) > rank(held):
                by_word[index] = mention
            index += 1
    commonest = Counter(m.party for m in first_word if is_party(m) and m.party).most_common(COMMONEST)
    seen = list(dict.fromkeys(m.name for m in first_word if m.kind == "equipment"))
    made_in = {m.name: m.value.makers for m in first_word if isinstance(m.value, Equipment)}
    title = parsed.title.mentions if parsed.title else ()
    return Scene(
        parsed,
        by_word,
        by_sentence,
        first_word,
        {m.party: m for m in reversed(first_word) if is_party(m) and m.party},
        {m.name: m for m in reversed(first_word) if m.kind == "equipment"},
        Counter(m.name for m in first_word if m.kind == "equipment"),
        [party for party, _ in commonest],
        seen,
        len({m.name for m in first_word if m.kind == "equipment" and not is_generic(m)}),
        Counter(maker for makers in made_in.values() for maker in makers),
        list(dict.fromkeys(m.party for m in title if is_party(m) and m.party)),
        list(dict.fromkeys(m.name for m in title if m.kind == "equipment")),
        models,
        _opinions(parsed, first_word),
    )


def _opinions(parsed: Parsed, first_word: Mapping[Mention, int]) -> Opinions | None:
    """What the model thinks of the report; the stages of the words that may be triggers are worked out at once."""
    if parsed.encoding is None:
        return None
    words = [word for word in parsed.words if word.pos in OPEN]
    return form_opinions(parsed.encoding, {m: parsed.words[at].sentence for m, at in first_word.items()}, words)


def _is_bygone(mention: Mention, published: str | None) -> bool:
    """Whether an adjective names a state that was gone when the report came out: "Soviet-made" tells of a make, not of a party."""
    gone = _last_days().get(mention.party or "") if mention.how == "adjective" else None
    return gone is not None and published is not None and published > gone


@cache
def _last_days() -> dict[str, str]:
    return {row["iso2"]: row["valid_to"] for row in vocab.table("states") if row["status"] == "former" and row["valid_to"]}


def rank(mention: Mention) -> int:
    """Which of two mentions on one word speaks for it: equipment before parties, the rest last."""
    return {"equipment": 3, "state": 2, "body": 2, "company": 2, "person": 2}.get(mention.kind, 1)


def is_party(mention: Mention) -> bool:
    """Whether a mention can stand for a state or an organisation that acts for itself."""
    return mention.kind in PARTY_KINDS and mention.party is not None


def is_generic(mention: Mention) -> bool:
    """Whether an equipment mention is a common noun ("drones"), not a designation."""
    return isinstance(mention.value, Equipment) and mention.value.generic


def makers_of(item: Mention | None) -> tuple[str, ...]:
    """The states that make what an equipment mention names; none where the tables do not know."""
    return item.value.makers if item and isinstance(item.value, Equipment) else ()


def phrase_words(scene: Scene, index: int) -> list[int]:
    """The words of the noun phrase that `index` heads, without the clauses that hang on it, in text order."""
    held = scene.in_phrase.get(index)
    if held is None:
        words, children = scene.parsed.words, scene.parsed.children
        stack, reach = [index], []
        while stack:
            top = stack.pop()
            reach.append(top)
            stack.extend(child for child in children[top] if words[child].dep not in CLAUSES)
        held = scene.in_phrase[index] = sorted(reach)
    return held


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


def slots_of_mentions(scene: Scene, slots: Slots) -> dict[Mention, list[str]]:
    """The mentions in a predicate's arguments, each with the slots that it stands in; worked out once for each predicate of a scene."""
    held = scene.in_slots.get(id(slots))
    if held is None or held[0] is not slots:
        held = scene.in_slots[id(slots)] = (slots, _mentions_in(scene, slots))
    return held[1]


def parties_in_slots(scene: Scene, slots: Slots, names: Container[str]) -> set[str | None]:
    """The parties that the phrases in some of a predicate's slots name."""
    return {m.party for m, held in slots_of_mentions(scene, slots).items() if is_party(m) and any(name in names for name in held)}


def _mentions_in(scene: Scene, slots: Slots) -> dict[Mention, list[str]]:
    found: dict[Mention, list[str]] = {}
    for slot, heads in slots.items():
        if slot in {"xcomp", "clause"}:
            continue
        for head in heads:
            for mention in phrase_mentions(scene, head):
                names = found.setdefault(mention, [])
                if slot not in names:
                    names.append(slot)
    return found


def stands_between(scene: Scene, mention: Mention, first: int, index: int) -> bool:
    """Whether a mention begins between two words."""
    place = scene.first_word[mention]
    return min(first, index) < place < max(first, index)


def distance(words: int) -> str:
    """A distance in words as one of five classes."""
    return "1" if words <= 2 else "2" if words <= 5 else "3" if words <= 10 else "4" if words <= 18 else "5"


def head_of_phrase(scene: Scene, mention: Mention) -> Word:
    """The word that heads the phrase that a name stands in: "jets" of "20 F-35 jets"."""
    return climb(scene.parsed, scene.first_word[mention], "compound", "amod", "nmod", "nummod")
