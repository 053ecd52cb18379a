"""What a sentence tells of further parties, goods or counts without saying the verb again: "Norway gave 32 F-16s and Portugal 17".

A verb is left out in three ways here: with another subject ("Portugal gives Kyiv three, Canada four"), with another party under the same
preposition ("30 howitzers by France and 19 by Denmark", "Rafales from France, Gripens from Sweden"), and with another count of the same
("54 in May and 18 more in June").
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

SIDES = ("supplier", "recipient")
# A stretch with a verb of its own tells what that verb says.
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sentence between two joints that says a count or a designation, and no verb: `lead` is the first of these.

    `first` is its first word, `last` the one behind it, `names` all that it names.
    """

    first: int
    last: int
    lead: Mention
    names: tuple[Mention, ...]


def with_gaps(scene: Scene, tellings: Sequence[Told]) -> list[Told]:
    """The tellings, each followed by what its sentence tells of others in its words; these have no other part in what its verb tells."""
    stretches = [list(_stretches(scene, told)) for told in tellings]
    tellings = [_with_its_own(scene, *each) for each in zip(tellings, stretches, strict=True)]
    gapped = [list(_gapped(scene, *each)) for each in zip(tellings, stretches, strict=True)]
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


def _gapped(scene: Scene, told: Told, stretches: Sequence[Stretch]) -> Iterator[Told]:
    """What is told again, without its verb, behind what a verb tells."""
    for stretch in stretches:
        other = _with_others(scene, told, stretch) or _with_more(scene, told, stretch)
        if other is not None:
            yield other


def _with_its_own(scene: Scene, told: Told, stretches: Sequence[Stretch]) -> Told:
    """A telling that took the party of other goods ("jets to Egypt and ships to Russia"), with its own under the same preposition."""
    for side in SIDES if told.item in scene.first_word else ():
        mention = getattr(told, side)[1]
        preposition = _preposition(scene, mention)
        stretch = next((s for s in stretches if mention in s.names), None) if preposition else None
        if stretch is None or all(m.kind != "equipment" for m in stretch.names):
            continue
        between = map(scene.by_word.get, range(scene.first_word[told.item], stretch.first))
        own = next((m for m in between if m is not None and is_party(m) and m.party and _preposition(scene, m) == preposition), None)
        if own is not None:
            told = replace(told, supplier=(own.party or "", own)) if side == "supplier" else replace(told, recipient=(own.party or "", own))
    return told


def _stretches(scene: Scene, told: Told) -> Iterator[Stretch]:
    """The stretches behind a verb, the count and the goods that it is told with; none where it tells neither."""
    if told.trigger.pos != "verb" or (told.quantity is None and told.item not in scene.first_word):
        return
    words, sentence = scene.parsed.words, scene.parsed.sentences[scene.parsed.words[told.trigger.index].sentence]
    own = [scene.first_word[m] for m in (told.quantity[0] if told.quantity else None, told.item) if m in scene.first_word]
    behind = max([told.trigger.index, *(at for at in own if sentence.first <= at < sentence.last)])
    for lead in scene.by_sentence[sentence.index]:
        at = scene.first_word[lead]
        leads = at > behind and lead.kind in {"quantity", "equipment"}
        first = _joint(scene, at, behind) if leads else None
        if first is None:
            continue
        last = at
        while last < sentence.last and (words[last].start < lead.end or words[last].text.lower() not in _words()["joints"]):
            last += 1
        if all(word.tag not in FINITE for word in words[first:last]):
            names = dict.fromkeys(m for m in map(scene.by_word.get, range(first, last)) if m is not None)
            yield Stretch(first, last, lead, tuple(names))


def _joint(scene: Scene, index: int, least: int) -> int | None:
    """Where the stretch begins that leads up to a count or goods: behind the nearest joint, if only a party and fillers stand between."""
    words, lists = scene.parsed.words, _words()
    for at in range(index, least + 1, -1):
        before, held = words[at - 1].text.lower(), scene.by_word.get(at - 1)
        if before in lists["joints"]:
            return at
        if before not in lists["fillers"] | lists["more"] and not (held is not None and is_party(held)):
            return None
    return None


def _with_others(scene: Scene, told: Told, stretch: Stretch) -> Told | None:
    """What another subject does ("…, Canada four"), or what is done with another party under the same preposition ("… 19 by Denmark")."""
    parties = {m.party: m for m in reversed(stretch.names) if is_party(m) and m.party}
    told_by = {_preposition(scene, mention): side for side in SIDES if (mention := getattr(told, side)[1]) is not None}
    doing = parties_in_slots(scene, told.trigger.slots, ("subject",))
    # Of "the French Rafale and the American F-16" neither is what a state does.
    parties = {code: m for code, m in parties.items() if m.how != "adjective"}
    subjects = [m for m in parties.values() if m.start < stretch.lead.start and not _preposition(scene, m)]
    found: dict[str, tuple[str, Mention]] = {}
    for party, mention in parties.items():
        preposition = _preposition(scene, mention)
        if preposition:
            side = told_by.get(preposition)
        else:
            side = next((s for s in SIDES if getattr(told, s)[0] in doing), None) if [mention] == subjects else None
        if side is not None and party != getattr(told, side)[0]:
            found.setdefault(side, (party, mention))
    if not found or any(party in {told.supplier[0], told.recipient[0]} for party, _ in found.values()):
        return None
    other = _again(told, stretch)
    return replace(other, supplier=found.get("supplier", other.supplier), recipient=found.get("recipient", other.recipient))


def _with_more(scene: Scene, told: Told, stretch: Stretch) -> Told | None:
    """What is told of another lot of the same, with a date or a sum of its own: "nine in May and 19 more in June"."""
    more = any(word.text.lower() in _words()["more"] for word in scene.parsed.words[stretch.first : stretch.last])
    if not more or told.quantity is None or any(map(is_party, stretch.names)):
        return None
    other = replace(_again(told, stretch), mark=ANOTHER)
    return other if other.when or other.value else None


def _again(told: Told, stretch: Stretch) -> Told:
    """A telling with the count, the goods if other ones are named, the sum and the date of a stretch."""
    count = stretch.lead.value
    alike = told.count is None or not isinstance(count, Quantity) or count.unit in {told.count.unit, ""}
    others = (m for m in stretch.names if m.kind == "equipment" and not (alike and is_generic(m)))
    goods = stretch.lead if stretch.lead.kind == "equipment" else next(others, told.item)
    worth = next(((m, 1.0) for m in stretch.names if m.kind == "money"), None)
    when = next(((m, "the date of its own words") for m in stretch.names if isinstance(m.value, When)), None)
    return replace(told, item=goods, quantity=(stretch.lead, 1.0) if stretch.lead.kind == "quantity" else None, value=worth, when=when)


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
