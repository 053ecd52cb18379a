"""The readings of a deal's size: which count and which sum of the report belong to what a trigger told."""

from __future__ import annotations

import re
from functools import cache

from onrecord import vocab
from onrecord.extract.scene import Scene, distance, phrase_words, stands_between
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention, Money, Quantity, Word
from onrecord.syntax import head_word, kids, sentence_of

Amounts = list[tuple[Mention, list[str]]]
# No deal is worth less than so many of any currency.
LEAST = 10_000
# What lots are counted in, and journeys.
NO_PIECES = frozenset({"batch", "flight"})
# What says of a sum in its sentence that it is for more than one deal.
JOINT = re.compile(
    r"(?<![\w-])(?:[Tt]ogether(?:[.;)]|,? (?:they|these|the|worth|valued|at|for|cost|is|are|were)\b)"
    r"|[Tt]ogether with [^.;]{1,80}? the (?:sum|total|amount|bill)\b"
    r"|also (?:contains?|includes?|covers?|comprises?)\b|(?:whole|entire|total) (?:programme|program|package)\b)"
)
# How many words before and after an amount say what it is of, and how many characters before a sum the word for a part of it may begin.
BESIDE, NEAR = 3, 40


def quantity_readings(scene: Scene, trigger: Trigger, item: Mention) -> Amounts:
    """Counts of the trigger's sentence and of the item's -> features for "this many of the item were told of here".

    Where the item is written with a count, those that other designations are written with are theirs: "180 K2 tanks and 48 FA-50 jets".
    """
    found = _readings(scene, trigger, item, "quantity", back=0)
    counted = any("holds-item" in told for _, told in found)
    # "24 K9 howitzers are in service, and four more were ordered": these have no more than a count for their name.
    alone = any("slot:item" in told and "holds-item" not in told for _, told in found)
    return [
        (mention, told)
        for mention, told in found
        if not (counted and "rival-inside" in told) and not (alone and "holds-item" in told and "below" not in told)
    ]


def value_readings(scene: Scene, trigger: Trigger, item: Mention) -> Amounts:
    """Sums near the trigger -> features for "this is what the item's deal is worth"; what several cost together is no one's price."""
    return [(mention, told) for mention, told in _readings(scene, trigger, item, "money", back=2) if not _is_joint(scene, mention)]


def _is_joint(scene: Scene, mention: Mention) -> bool:
    """Whether a sum is that of several deals: "together they are worth …", "the package, which also contains drones and is worth …"."""
    sentence = sentence_of(scene.parsed, scene.first_word[mention])
    return bool(JOINT.search(scene.parsed.document.text, sentence.start, sentence.end))


def _readings(scene: Scene, trigger: Trigger, item: Mention, kind: str, *, back: int) -> Amounts:
    parsed = scene.parsed
    sentence = parsed.words[trigger.index].sentence
    place = scene.first_word.get(item)
    near = {sentence} if place is None else {sentence, parsed.words[place].sentence}
    near |= {sentence + n for n in range(-back, back + 1) if 0 <= sentence + n < len(parsed.sentences)}
    below = set(phrase_words(scene, trigger.index))
    slots = {head: slot for slot, heads in trigger.slots.items() for head in heads}
    found: Amounts = []
    for number in sorted(near):
        for mention in scene.by_sentence[number]:
            if mention.kind == kind and _may_be_a_deals(mention) and not _is_another(scene, mention):
                found.append((mention, _describe(scene, trigger, item, place, mention, number - sentence, below, slots)))
    return found


def _may_be_a_deals(mention: Mention) -> bool:
    """Whether an amount can be the size of a deal: no small change, and no count of deals or journeys ("a second batch")."""
    value = mention.value
    return value.amount >= LEAST if isinstance(value, Money) else not (isinstance(value, Quantity) and value.unit in NO_PIECES)


def _is_another(scene: Scene, mention: Mention) -> bool:
    """Whether an amount is a rate or a part, and no deal's size: "three aircraft a year", "an instalment of $650 million"."""
    text, (after, part) = scene.parsed.document.text, _no_size()
    return bool(
        after.match(text, mention.end) or (mention.kind == "money" and part.search(text, max(0, mention.start - NEAR), mention.start))
    )


@cache
def _no_size() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocab.words("amounts")["no_size"]
    after, until, parts = ("|".join(map(re.escape, words[name])) for name in ("after", "range", "parts"))
    return re.compile(rf"(?: (?:{until}) [\w-]+(?: \w+)?)? (?:{after})\b"), re.compile(rf"\b(?:{parts})s?,?(?: \w+){{0,3}} $")


def _describe(
    scene: Scene, trigger: Trigger, item: Mention, place: int | None, mention: Mention, away: int, below: set[int], slots: dict[int, str]
) -> list[str]:
    parsed = scene.parsed
    first = scene.first_word[mention]
    head = head_word(parsed, mention.start, mention.end)
    told = ["amount", f"away:{away}", f"how:{mention.how}"]
    if isinstance(mention.value, Quantity):
        told += [f"unit:{'none' if not mention.value.unit else 'one'}", f"single:{mention.value.number == 1}"]
    if mention.start <= item.start and item.end <= mention.end:
        told.append("holds-item")
    elif place is not None and parsed.words[place].sentence == parsed.words[first].sentence:
        rivals = [m for m in scene.by_sentence[parsed.words[first].sentence] if m.kind == "equipment" and m.name != item.name]
        between = any(stands_between(scene, m, first, place) for m in rivals)
        side = "after" if first > place else "before"
        told += [f"item:{side}:{distance(abs(first - place))}", f"item:{side}:rival:{between}"]
        told += ["rival-inside"] if any(mention.start <= m.start and m.end <= mention.end for m in rivals) else []
        told += ["item-phrase"] if place in phrase_words(scene, head.index if head else first) else []
    else:
        told.append("item:elsewhere")
        rivals = [m for m in scene.by_sentence[parsed.words[first].sentence] if m.kind == "equipment"]
        told += [f"rivals:{min(2, len(rivals))}"]
    if away == 0:
        told.append(f"trigger:{'after' if first > trigger.index else 'before'}:{distance(abs(first - trigger.index))}")
        told += ["below"] if first in below else []
        slot = slots.get(head.index if head else first)
        told += [f"slot:{'item' if slot in trigger.equipment else slot}"] if slot else []
    told += [f"{told[3]}:{told[4]}"] if len(told) > 4 else []
    told += [f"cue:{cue}" for cue in _cues(scene, mention)]
    if place is not None and parsed.words[place].sentence == parsed.words[first].sentence:
        told.append(f"order:{_order(scene, item, mention)}")
    return told


def _cues(scene: Scene, mention: Mention) -> list[str]:
    """The words beside an amount that say it is one of each, of all or of a span of time: "apiece", "together", "a year"."""
    parsed, first = scene.parsed, scene.first_word[mention]
    sentence = parsed.sentences[parsed.words[first].sentence]
    last = first
    while last < sentence.last and parsed.words[last].start < mention.end:
        last += 1
    beside = parsed.words[max(sentence.first, first - BESIDE) : first] + parsed.words[last : min(sentence.last, last + BESIDE)]
    said = {word.lemma.lower() for word in (*beside, *_told_of(scene, mention))}
    return [cue for cue, words in _cue_words().items() if said & words]


def _told_of(scene: Scene, mention: Mention) -> list[Word]:
    """What an amount is told of as the complement of a verb: "the sum of the contract is …", "the price comes to …"."""
    parsed = scene.parsed
    word = head_word(parsed, mention.start, mention.end) or parsed.words[scene.first_word[mention]]
    above = parsed.words[word.head]
    if word.dep == "pobj":
        above = parsed.words[above.head]
    return kids(parsed, above.index, "nsubj", "nsubjpass") if above.pos in {"VERB", "AUX"} else []


@cache
def _cue_words() -> dict[str, frozenset[str]]:
    return {cue: frozenset(words) for cue, words in vocab.words("amounts")["cues"].items()}


def _order(scene: Scene, item: Mention, mention: Mention) -> str:
    """Whether an amount is as manyth among the sentence's as the item among its items: "A and B for 2 and 3 billion"."""
    here = scene.by_sentence[scene.parsed.words[scene.first_word[item]].sentence]
    items = list(dict.fromkeys(m.name for m in here if m.kind == "equipment"))
    amounts = [m for m in here if m.kind == mention.kind]
    if len(items) < 2 or len(items) != len(amounts) or item.name not in items:
        return "none"
    return "same" if items.index(item.name) == amounts.index(mention) else "other"
