"""What a sentence tells of further parties or counts without saying the verb again: "Norway gave 32 F-16s and Portugal 17".

A verb is left out in three ways here: with another subject ("Portugal gives Kyiv three, Canada four"), with another party under the same
preposition ("30 howitzers by France and 19 by Denmark"), and with another count of the same ("54 in May and 18 more in June").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from onrecord import vocab
from onrecord.extract.batches import ANOTHER
from onrecord.extract.scene import Scene, is_generic, is_party, parties_in_slots
from onrecord.extract.told import Told
from onrecord.records import Mention, Quantity, When

# A stretch with a verb of its own tells what that verb says.
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sentence between two joints that says a count and no verb: its first word and the one behind it, what it names."""

    first: int
    last: int
    count: Mention
    names: tuple[Mention, ...]


def with_gaps(scene: Scene, tellings: Sequence[Told]) -> list[Told]:
    """The tellings, each followed by what its sentence tells of others in its words; these have no other part in what its verb tells."""
    gapped = [list(_gapped(scene, told)) for told in tellings]
    apart = {(told.trigger.index, m) for told, others in zip(tellings, gapped, strict=True) for other in others for m in _new(told, other)}
    found: dict[tuple[int, str, str, str, str], Told] = {}
    for told, others in zip(tellings, gapped, strict=True):
        if all((told.trigger.index, mention) not in apart for _, mention in (told.supplier, told.recipient)):
            for each in (told, *others):
                found.setdefault((each.trigger.index, each.supplier[0], each.recipient[0], each.item.name, each.mark), each)
    return list(found.values())


def _new(told: Told, other: Told) -> list[Mention]:
    """The parties of a telling that the one it takes its words from has not."""
    return [m for _, m in (other.supplier, other.recipient) if m is not None and m not in (told.supplier[1], told.recipient[1])]


def _gapped(scene: Scene, told: Told) -> Iterator[Told]:
    """What is told again, without its verb, behind what a verb tells."""
    if told.trigger.pos == "verb" and (told.quantity is not None or told.item in scene.first_word):
        for stretch in _stretches(scene, told):
            other = _with_subject(scene, told, stretch) or _with_object(scene, told, stretch) or _with_more(scene, told, stretch)
            if other is not None:
                yield other


def _stretches(scene: Scene, told: Told) -> Iterator[Stretch]:
    """The stretches behind a verb, the count and the goods that it is told with."""
    words, sentence = scene.parsed.words, scene.parsed.sentences[scene.parsed.words[told.trigger.index].sentence]
    own = [scene.first_word[m] for m in (told.quantity[0] if told.quantity else None, told.item) if m in scene.first_word]
    behind = max([told.trigger.index, *(at for at in own if sentence.first <= at < sentence.last)])
    for count in scene.by_sentence[sentence.index]:
        at = scene.first_word[count]
        first = _joint(scene, at, behind) if count.kind == "quantity" and at > behind else None
        if first is None:
            continue
        last = at
        while last < sentence.last and (words[last].start < count.end or words[last].text.lower() not in _words()["joints"]):
            last += 1
        if all(word.tag not in FINITE for word in words[first:last]):
            names = dict.fromkeys(m for m in map(scene.by_word.get, range(first, last)) if m is not None)
            yield Stretch(first, last, count, tuple(names))


def _joint(scene: Scene, index: int, least: int) -> int | None:
    """Where the stretch begins that leads up to a count: behind the nearest joint, if only a party and fillers stand between."""
    words, lists = scene.parsed.words, _words()
    for at in range(index, least + 1, -1):
        before, held = words[at - 1].text.lower(), scene.by_word.get(at - 1)
        if before in lists["joints"]:
            return at
        if before not in lists["fillers"] | lists["more"] and not (held is not None and is_party(held)):
            return None
    return None


def _with_subject(scene: Scene, told: Told, stretch: Stretch) -> Told | None:
    """What another subject does: "…, Canada four"."""
    others = {m.party: m for m in stretch.names if is_party(m) and m.start < stretch.count.start}
    doing = parties_in_slots(scene, told.trigger.slots, ("subject",))
    if len(others) != 1 or not doing:
        return None
    return _of_another(told, stretch, next(iter(others.values())), supplies=told.supplier[0] in doing, receives=told.recipient[0] in doing)


def _with_object(scene: Scene, told: Told, stretch: Stretch) -> Told | None:
    """What is done with another party under the same preposition: "… by France and 19 by Denmark"."""
    other = next((m for m in stretch.names if is_party(m) and m.start >= stretch.count.end), None)
    preposition = _preposition(scene, other)
    if other is None or not preposition:
        return None
    supplies, receives = (_preposition(scene, mention) == preposition for _, mention in (told.supplier, told.recipient))
    return _of_another(told, stretch, other, supplies=supplies, receives=receives)


def _with_more(scene: Scene, told: Told, stretch: Stretch) -> Told | None:
    """What is told of another lot of the same, with a date or a sum of its own: "nine in May and 19 more in June"."""
    more = any(word.text.lower() in _words()["more"] for word in scene.parsed.words[stretch.first : stretch.last])
    if not more or told.quantity is None or any(map(is_party, stretch.names)):
        return None
    other = replace(_again(told, stretch), mark=ANOTHER)
    return other if other.when or other.value else None


def _of_another(told: Told, stretch: Stretch, mention: Mention, *, supplies: bool, receives: bool) -> Told | None:
    """The telling of a stretch with another party, in place of the supplier or else the recipient; None where it has that one already."""
    party = mention.party or ""
    if party in {told.supplier[0], told.recipient[0]} or not (supplies or receives):
        return None
    other = _again(told, stretch)
    return replace(other, supplier=(party, mention)) if supplies else replace(other, recipient=(party, mention))


def _again(told: Told, stretch: Stretch) -> Told:
    """A telling with the count, the goods if other ones are named, the sum and the date of a stretch."""
    count = stretch.count.value
    alike = told.count is None or not isinstance(count, Quantity) or count.unit in {told.count.unit, ""}
    goods = next((m for m in stretch.names if m.kind == "equipment" and not (alike and is_generic(m))), told.item)
    worth = next(((m, 1.0) for m in stretch.names if m.kind == "money"), None)
    when = next(((m, "the date of its own words") for m in stretch.names if isinstance(m.value, When)), None)
    return replace(told, item=goods, quantity=(stretch.count, 1.0), value=worth, when=when)


def _preposition(scene: Scene, mention: Mention | None) -> str:
    """The preposition before a party's name, an article left out; "" where none stands there.

    By the order of words: a parser that misses the verb often hangs the phrase somewhere else.
    """
    words = scene.parsed.words
    at = scene.first_word.get(mention, 0) if mention is not None else 0
    while at and words[at - 1].pos == "DET":
        at -= 1
    return words[at - 1].text.lower() if at and words[at - 1].pos == "ADP" else ""


@cache
def _words() -> dict[str, frozenset[str]]:
    lists = vocab.words("gapping")
    return {name: frozenset(lists[name]) for name in ("joints", "fillers", "more")}
