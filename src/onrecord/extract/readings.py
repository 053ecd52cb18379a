"""The readings of one trigger that the judge chooses among: which equipment, which recipient, which supplier, which stage.

Each reading is described by feature names: where the filler stands (slot, clause, sentence, title), what it is (maker, adjective,
most named party), and what the report has said before. The features name no word of the text but the trigger's lemma.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.extract.arguments import Slots
from onrecord.extract.scene import Draft, Scene, is_generic, is_party, phrase_mentions, phrase_words
from onrecord.extract.triggers import Trigger
from onrecord.records import Equipment, Mention

# How many sentences back an unnamed item is looked for, and how many candidates are weighed at most.
REACH = 6
MOST = 8

Described = dict[str, list[str]]


def equipment_readings(scene: Scene, trigger: Trigger) -> tuple[Described, dict[str, Mention]]:
    """Designation -> features, and the mention that each designation stands on where the report names it."""
    features: Described = {}
    mentions: dict[str, Mention] = {}
    words = scene.parsed.words
    own = words[trigger.index]
    slot_of = slots_of_mentions(scene, trigger.slots)
    below = set(phrase_words(scene, trigger.index))
    here = [m for m in scene.by_sentence[own.sentence] if m.kind == "equipment"]
    for mention in here:
        first = scene.first_word[mention]
        slots = slot_of.get(mention, [])
        role = "frame" if any(s in trigger.equipment for s in slots) else "other" if slots else "below" if first in below else "none"
        side = "after" if first > trigger.index else "before"
        near = _distance(abs(first - trigger.index))
        told = [f"here:{role}", f"here:{role}:{trigger.pos}", f"here:{side}:{near}", *(f"slot:{s}" for s in slots[:2])]
        told += [f"between:{min(2, sum(1 for m in here if _between(scene, m, first, trigger.index)))}"]
        _keep(features, mentions, mention, told)
    _earlier_equipment(scene, own.sentence, features, mentions)
    order = list(features)
    drafted = [d.equipment for d in scene.drafts]
    last = scene.drafts[-1].equipment if scene.drafts else None
    pronoun = _has_stand_in(scene, trigger)
    for name in order:
        told = features[name]
        distance = told[0].split(":")[0]
        told.append("generic" if is_generic(mentions[name]) else "designation")
        told.append(f"generic:{distance}" if is_generic(mentions[name]) else f"designation:{distance}")
        told += ["title"] if name in scene.title_equipment else []
        told += ["first"] if scene.designations[:1] == [name] else []
        told += ["only"] if len(scene.designations) == 1 else []
        told += [f"drafted:{distance}"] if name in drafted else [f"fresh:{distance}"]
        told += [f"last-draft:{distance}", f"last-draft:{pronoun}"] if name == last else []
        told += [f"stand-in:{pronoun}:{distance}"]
    return features, mentions


def companion_readings(scene: Scene, trigger: Trigger, item: Mention) -> dict[Mention, list[str]]:
    """Other equipment of the sentence -> features that tell whether the trigger says of it what it says of `item`."""
    slot_of = slots_of_mentions(scene, trigger.slots)
    sentence = scene.parsed.words[scene.first_word[item]].sentence
    here = [m for m in scene.by_sentence[sentence] if m.kind == "equipment"]
    place = here.index(item)
    found: dict[Mention, list[str]] = {}
    for number, mention in enumerate(here):
        if mention.name == item.name or any(m.name == mention.name for m in found):
            continue
        low, high = sorted((number, place))
        joins = [_join(scene, here[i], here[i + 1]) for i in range(low, high)]
        told = ["companion", "join:" + max(joins, key=("list", "with", "phrase", "clause").index), f"steps:{min(3, high - low)}"]
        told += ["ahead" if number > place else "behind", "generic" if is_generic(mention) else "designation"]
        told += ["item-generic" if is_generic(item) else "item-designation", f"pos:{trigger.pos}"]
        shared = set(slot_of.get(mention, [])) & set(slot_of.get(item, []))
        told += [f"shared-slot:{bool(shared)}", "counted" if _counted(scene, mention) else "uncounted"]
        found[mention] = told + [f"{told[1]}:{told[4]}:{told[3]}", f"{told[1]}:{told[-1]}"]
    return found


def _join(scene: Scene, left: Mention, right: Mention) -> str:
    """What stands between two mentions: a list ("and", commas), a package ("with"), more of a phrase, or another clause."""
    words = scene.parsed.words
    gap = [w for w in words[scene.first_word[left] : scene.first_word[right]] if w.start >= left.end]
    if any(w.pos in {"VERB", "AUX"} for w in gap):
        return "clause"
    if any(w.lemma.lower() in {"with", "including", "include", "plus"} for w in gap):
        return "with"
    if any(w.pos == "CCONJ" or w.text in {",", "/", ";"} for w in gap) and not any(w.pos in {"ADP", "SCONJ", "PRON"} for w in gap):
        return "list"
    return "phrase"


def _counted(scene: Scene, mention: Mention) -> bool:
    index = scene.first_word[mention]
    return any(w.pos == "NUM" for w in scene.parsed.words[max(0, index - 3) : index])


def _earlier_equipment(scene: Scene, sentence: int, features: Described, mentions: dict[str, Mention]) -> None:
    place = 0
    for back in range(1, REACH + 1):
        if sentence - back < 0 or len(features) >= MOST:
            break
        for mention in reversed([m for m in scene.by_sentence[sentence - back] if m.kind == "equipment"]):
            if mention.name not in features:
                place += 1
                same = scene.parsed.sentences[sentence].paragraph == scene.parsed.sentences[sentence - back].paragraph
                told = [f"back:{min(back, 4)}", f"back-place:{min(place, 4)}", "back-paragraph" if same else "back-other"]
                _keep(features, mentions, mention, told)
    for mention in scene.parsed.mentions:
        if mention.kind == "equipment" and mention.name not in features:
            if mention.name in scene.designations[:2] or mention.name in scene.title_equipment:
                ahead = scene.parsed.words[scene.first_word[mention]].sentence > sentence if mention in scene.first_word else False
                _keep(features, mentions, mention, ["ahead:" + str(ahead)])


def party_readings(
    scene: Scene, trigger: Trigger, role: str, item: Mention | None, other: str | None, speaker: str | None
) -> tuple[Described, dict[str, Mention]]:
    """Party -> features for `role` ("recipient" or "supplier"), given the equipment and the party already chosen for the other role."""
    features: Described = {}
    mentions: dict[str, Mention] = {}
    sentence = scene.parsed.words[trigger.index].sentence
    slot_of = slots_of_mentions(scene, trigger.slots)
    wanted = trigger.recipient if role == "recipient" else trigger.supplier
    rival = trigger.supplier if role == "recipient" else trigger.recipient
    beside = set(phrase_mentions(scene, scene.first_word[item])) | set(_modifiers(scene, item)) if item in scene.first_word else set()
    for back in range(0, 3):
        if sentence - back < 0:
            break
        for mention in scene.by_sentence[sentence - back]:
            if is_party(mention) and mention.party:
                told = (
                    _here(scene, trigger, mention, slot_of.get(mention, []), wanted, rival)
                    if back == 0
                    else [f"back:{back}", f"back:{back}:{mention.how}"]
                )
                told += ["item-modifier"] if mention in beside else []
                told += _beside_item(scene, mention, item, sentence) if back == 0 else []
                told += [f"how:{mention.how}"] if back == 0 else []
                _merge(features, mentions, mention.party, mention, told)
    _known_parties(scene, features, mentions, item)
    equipment = item.name if item else None
    makers = item.value.makers if item and isinstance(item.value, Equipment) else ()
    for party, told in features.items():
        told += [f"maker:{bool(makers)}:{party in makers}"] if makers else ["maker:unknown"]
        told += _memory(scene.drafts, equipment, party, role)
        told += ["title"] if party in scene.title_parties else []
        order = [p for p, _ in scene.frequency.most_common(3)]
        told += [f"frequent:{order.index(party)}"] if party in order else []
        told += ["speaker"] if party == speaker else []
        told += ["organisation"] if party.startswith("org:") else []
        if other is not None:
            told += ["other"] if party == other else []
            told += ["pair"] if any(_roles(d, role) == ((party,), (other,)) for d in scene.drafts) else []
    return features, mentions


def _here(
    scene: Scene, trigger: Trigger, mention: Mention, slots: Sequence[str], wanted: Sequence[str], rival: Sequence[str]
) -> list[str]:
    first = scene.first_word[mention]
    role = "wanted" if any(s in wanted for s in slots) else "rival" if any(s in rival for s in slots) else "other" if slots else "none"
    ranks = [wanted.index(s) for s in slots if s in wanted]
    told = [f"here:{role}", f"here:{role}:{trigger.pos}", *(f"slot:{s}:{trigger.side}" for s in slots[:2])]
    told += [f"wanted:{min(min(ranks), 3)}"] if ranks else []
    told += [f"here:{'after' if first > trigger.index else 'before'}:{_distance(abs(first - trigger.index))}:{trigger.side}"]
    return told


def _beside_item(scene: Scene, mention: Mention, item: Mention | None, sentence: int) -> list[str]:
    """Where a party stands as seen from the item in the same sentence, and whether another party stands between."""
    if item is None or item not in scene.first_word:
        return []
    place = scene.first_word[item]
    if scene.parsed.words[place].sentence != sentence:
        return []
    first = scene.first_word[mention]
    between = sum(1 for m in scene.by_sentence[sentence] if is_party(m) and m.party != mention.party and _between(scene, m, first, place))
    side = "after" if first > place else "before"
    return [f"item:{side}:{_distance(abs(first - place))}", f"item:{side}:nearest:{between == 0}"]


def _known_parties(scene: Scene, features: Described, mentions: dict[str, Mention], item: Mention | None) -> None:
    """Parties that the sentence does not name: of earlier drafts, of the title, the report's commonest, the item's makers."""
    for draft in scene.drafts[-3:]:
        for party in (*draft.supplier, *draft.recipient):
            features.setdefault(party, ["memory"])
    for party in scene.title_parties:
        features.setdefault(party, ["title-only"])
    for party, _ in scene.frequency.most_common(3):
        features.setdefault(party, ["report"])
    if item and isinstance(item.value, Equipment):
        for party in item.value.makers[:2]:
            features.setdefault(party, ["maker-only"])
    for mention in scene.parsed.mentions:
        if is_party(mention) and mention.party in features and mention.party not in mentions:
            mentions[mention.party] = mention


def _memory(drafts: Sequence[Draft], equipment: str | None, party: str, role: str) -> list[str]:
    """What the drafts so far say of a party in a role."""
    told = []
    same = [d for d in drafts if d.equipment == equipment]
    mine = [d for d in same if party in getattr(d, role)]
    other = "supplier" if role == "recipient" else "recipient"
    if same:
        told.append("memory-item:" + ("last" if mine and mine[-1] is same[-1] else "some" if mine else "never"))
        told += ["memory-item-other"] if any(party in getattr(d, other) for d in same) else []
    else:
        told.append("memory-item:new")
    if drafts:
        told.append("memory-last:" + str(party in getattr(drafts[-1], role)))
        told += ["memory-role"] if any(party in getattr(d, role) for d in drafts) else []
        told += ["memory-other-role"] if any(party in getattr(d, other) for d in drafts) else []
    return told


def _roles(draft: Draft, role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (draft.recipient, draft.supplier) if role == "recipient" else (draft.supplier, draft.recipient)


def slots_of_mentions(scene: Scene, slots: Slots) -> dict[Mention, list[str]]:
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


def _modifiers(scene: Scene, item: Mention) -> Iterable[Mention]:
    """Mentions in the noun phrase that the item stands in: "Russian S-400 systems", "Israel's Kfirs"."""
    index = scene.first_word[item]
    word = scene.parsed.words[index]
    while word.dep in {"compound", "amod", "nmod", "poss"} and word.head != word.index:
        word = scene.parsed.words[word.head]
    return phrase_mentions(scene, word.index)


def _has_stand_in(scene: Scene, trigger: Trigger) -> str:
    """Whether the trigger's own item slot holds a pronoun or a bare noun of the trade in place of a name."""
    for slot in trigger.equipment:
        for head in trigger.slots.get(slot, []):
            word = scene.parsed.words[head]
            if word.pos == "PRON":
                return "pronoun"
            if word.pos in {"NOUN", "NUM", "ADJ"} and scene.by_word.get(head) is None:
                return "noun"
            return "named"
    return "empty"


def _between(scene: Scene, mention: Mention, first: int, index: int) -> bool:
    place = scene.first_word[mention]
    return min(first, index) < place < max(first, index)


def _distance(words: int) -> str:
    return "1" if words <= 2 else "2" if words <= 5 else "3" if words <= 10 else "4" if words <= 18 else "5"


def _keep(features: Described, mentions: dict[str, Mention], mention: Mention, told: list[str]) -> None:
    if mention.name not in features:
        features[mention.name] = told
        mentions[mention.name] = mention


def _merge(features: Described, mentions: dict[str, Mention], party: str, mention: Mention, told: list[str]) -> None:
    held = features.get(party)
    if held is None:
        features[party] = list(dict.fromkeys(told))
        mentions[party] = mention
        return
    better = any(t.startswith("here:wanted") for t in told) and not any(t.startswith("here:wanted") for t in held)
    if better:
        mentions[party] = mention
    held.extend(t for t in told if t not in held)
