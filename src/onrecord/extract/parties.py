"""The readings of a trigger's recipient and supplier that the judge chooses among, each described by feature names.

A feature says where the party stands (slot, sentence, title), how it stands to the item (maker, adjective beside it), and which
roles the report has given it before; no feature names a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.extract.items import Described
from onrecord.extract.scene import (
    Draft,
    Scene,
    distance,
    is_generic,
    is_party,
    makers_of,
    phrase_mentions,
    slots_of_mentions,
    stands_between,
)
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention
from onrecord.syntax import climb

# How many sentences back in the same paragraph, and at most, a party is looked for.
REACH = 4
# How the names step marks a capital that is only a place.
PLACES = frozenset({"place", "dateline"})
# Where a party stands decides how much the rest says: these are paired with the features that begin as named.
STANDINGS = ("here:wanted", "here:rival", "here:other", "here:none", "back:1:True", "back:1:False", "back:2:True", "item-sentence")
PLACED = ("here:", "slot:", "how:", "under:", "place:", "sure:", "wanted:")
PAIRED = ("maker:", "makes:", "item-modifier", "frequent:", "opens")
PAIRED_LATER = ("memory-item:", "memory-last:")


def party_readings(
    scene: Scene, trigger: Trigger, role: str, item: Mention | None, other: str | None = None
) -> tuple[Described, dict[str, Mention]]:
    """Party -> features for `role` ("recipient" or "supplier"), given the item and the party already chosen for the other role."""
    features: Described = {}
    mentions: dict[str, Mention] = {}
    _near_parties(scene, trigger, role, item, features, mentions)
    _known_parties(scene, features, mentions, item)
    makers = makers_of(item)
    features.pop(other or "", None)
    for party, told in features.items():
        stand = next((stand for stand in STANDINGS if stand in told), told[0].split(":")[0] if told else "none")
        told += [f"maker:{party in makers}"] if makers else ["maker:unknown"]
        told.append(f"makes:{min(2, scene.makes.get(party, 0))}")
        told += ["title"] if party in scene.title_parties else []
        told += [f"frequent:{scene.commonest.index(party)}"] if party in scene.commonest else []
        told += ["organisation"] if party.startswith("org:") else []
        told += [f"{stand}|{t}" for t in told if t.startswith(PAIRED)]
        told += _memory(scene.drafts, item.name if item else None, party, role)
        if other and any(_roles(d, role) == (party, other) for d in scene.drafts):
            told.append("pair")
        told += [f"{stand}|{t}" for t in told if t.startswith(PAIRED_LATER)]
    return features, mentions


def _near_parties(
    scene: Scene, trigger: Trigger, role: str, item: Mention | None, features: Described, mentions: dict[str, Mention]
) -> None:
    """The parties of the trigger's sentence and of those before it, as far as its paragraph goes."""
    parsed = scene.parsed
    sentence = parsed.words[trigger.index].sentence
    paragraph = parsed.sentences[sentence].paragraph
    slot_of = slots_of_mentions(scene, trigger.slots)
    wanted, rival = (trigger.recipient, trigger.supplier) if role == "recipient" else (trigger.supplier, trigger.recipient)
    pronoun = _slot_pronoun(scene, trigger, wanted)
    placed = item in scene.first_word if item else False
    item_sentence = parsed.words[scene.first_word[item]].sentence if item and placed else -1
    beside = {*phrase_mentions(scene, scene.first_word[item]), *_modifiers(scene, item)} if item and placed else set()
    for back in range(REACH + 1):
        if sentence < back or (back > 1 and parsed.sentences[sentence - back].paragraph != paragraph):
            break
        same = parsed.sentences[sentence - back].paragraph == paragraph
        others = _of_other_goods(scene, sentence - back, item) if role == "supplier" and item else ()
        for mention in scene.by_sentence[sentence - back]:
            if not is_party(mention) or not mention.party or mention in others:
                continue
            if back == 0:
                told = _here(scene, trigger, mention, slot_of.get(mention, []), wanted, rival)
                told += [
                    f"how:{mention.how}",
                    f"place:{mention.reason in PLACES}",
                    f"sure:{mention.score >= 0.6}",
                    f"under:{_preposition(scene, mention)}",
                ]
            else:
                subject = _is_subject(scene, mention)
                told = [f"back:{min(back, 2)}:{same}", f"back-subject:{subject}", f"pronoun:{pronoun}:back:{min(back, 2)}"]
                told += [f"pronoun:{pronoun}:subject"] if subject else []
            if same and _opens(scene, mention, paragraph):
                told.append("opens")
            if item and sentence - back == item_sentence:
                told += ["item-modifier"] if mention in beside else []
                told += _beside_item(scene, mention, item)
            _merge(features, mentions, mention.party, mention, told)
    if item and placed and not sentence - REACH <= item_sentence <= sentence:
        for mention in scene.by_sentence[item_sentence]:
            if is_party(mention) and mention.party:
                told = ["item-sentence", *_beside_item(scene, mention, item), *(["item-modifier"] if mention in beside else [])]
                _merge(features, mentions, mention.party, mention, told)


def _of_other_goods(scene: Scene, sentence: int, item: Mention) -> list[Mention]:
    """The states in a sentence that are named as makers of other goods alone: "chose the K9 over Germany's PzH 2000"."""
    makers = makers_of(item)
    if not makers:
        return []
    pairs = scene.made_in.get(sentence)
    if pairs is None:
        pairs = scene.made_in[sentence] = [
            (mention, other.name)
            for other in scene.by_sentence[sentence]
            if other.kind == "equipment" and not is_generic(other)
            for mention in phrase_mentions(scene, scene.first_word[other])
            if is_party(mention) and mention.party in makers_of(other)
        ]
    return [mention for mention, name in pairs if name != item.name and mention.party not in makers]


def _slot_pronoun(scene: Scene, trigger: Trigger, wanted: Sequence[str]) -> str:
    """What fills the role's own slots where no party does: a pronoun, a noun, or nothing."""
    for slot in wanted:
        for head in trigger.slots.get(slot, []):
            word = scene.parsed.words[head]
            mention = scene.by_word.get(head)
            if mention is not None and is_party(mention):
                return "party"
            if word.pos == "PRON":
                return "they" if word.lemma in {"they", "their", "we", "our"} else "it"
            if mention is None and word.pos in {"NOUN", "PROPN"}:
                return "noun"
    return "empty"


def _is_subject(scene: Scene, mention: Mention) -> bool:
    return climb(scene.parsed, scene.first_word[mention], "compound", "amod", "poss", "det").dep in {"nsubj", "nsubjpass"}


def _preposition(scene: Scene, mention: Mention) -> str:
    """The preposition right above a party's name, or its label where none is."""
    word = scene.parsed.words[scene.first_word[mention]]
    above = scene.parsed.words[word.head]
    return above.lemma.lower() if word.dep == "pobj" else word.dep


def _opens(scene: Scene, mention: Mention, paragraph: int) -> bool:
    """Whether a mention is the first party of its paragraph and stands within its first words."""
    first = scene.parsed.sentences[scene.parsed.words[scene.first_word[mention]].sentence]
    before = first.index and scene.parsed.sentences[first.index - 1].paragraph == paragraph
    return not before and scene.first_word[mention] - first.first <= 2


def _here(scene: Scene, trigger: Trigger, mention: Mention, slots: Sequence[str], wanted: Sequence[str], rival: Sequence[str]) -> list[str]:
    first = scene.first_word[mention]
    role = "wanted" if any(s in wanted for s in slots) else "rival" if any(s in rival for s in slots) else "other" if slots else "none"
    ranks = [wanted.index(s) for s in slots if s in wanted]
    told = [f"here:{role}", f"here:{role}:{trigger.pos}", *(f"slot:{s}:{trigger.side}" for s in slots[:2])]
    told += [f"wanted:{min(min(ranks), 3)}"] if ranks else []
    told += [f"here:{'after' if first > trigger.index else 'before'}:{distance(abs(first - trigger.index))}:{trigger.side}"]
    return told


def _beside_item(scene: Scene, mention: Mention, item: Mention) -> list[str]:
    """Where a party stands as seen from the item in the same sentence, and whether another party stands between."""
    place = scene.first_word[item]
    first = scene.first_word[mention]
    here = scene.by_sentence[scene.parsed.words[place].sentence]
    between = sum(1 for m in here if is_party(m) and m.party != mention.party and stands_between(scene, m, first, place))
    side = "after" if first > place else "before"
    return [f"item:{side}:{distance(abs(first - place))}", f"item:{side}:nearest:{between == 0}"]


def _known_parties(scene: Scene, features: Described, mentions: dict[str, Mention], item: Mention | None) -> None:
    """Parties that the sentence does not name: of earlier drafts, of the title, the report's commonest, the item's makers."""
    for draft in scene.drafts[-3:]:
        for party in filter(None, (draft.supplier, draft.recipient)):
            features.setdefault(party, ["memory"])
    for party in scene.title_parties:
        features.setdefault(party, ["title-only"])
    for party in scene.commonest:
        features.setdefault(party, ["report"])
    for party in makers_of(item)[:2]:
        features.setdefault(party, ["maker-only"])
    for party in features:
        if party not in mentions and party in scene.party_mention:
            mentions[party] = scene.party_mention[party]


def _memory(drafts: Sequence[Draft], equipment: str | None, party: str, role: str) -> list[str]:
    """What the drafts so far say of a party in a role."""
    told = []
    same = [d for d in drafts if d.equipment == equipment]
    mine = [d for d in same if party == getattr(d, role)]
    other = "supplier" if role == "recipient" else "recipient"
    if same:
        told.append("memory-item:" + ("last" if mine and mine[-1] is same[-1] else "some" if mine else "never"))
        told += ["memory-item-other"] if any(party == getattr(d, other) for d in same) else []
    else:
        told.append("memory-item:new")
    if drafts:
        told.append("memory-last:" + str(party == getattr(drafts[-1], role)))
        told += ["memory-role"] if any(party == getattr(d, role) for d in drafts) else []
        told += ["memory-other-role"] if any(party == getattr(d, other) for d in drafts) else []
    return told


def _roles(draft: Draft, role: str) -> tuple[str, str]:
    return (draft.recipient, draft.supplier) if role == "recipient" else (draft.supplier, draft.recipient)


def _modifiers(scene: Scene, item: Mention) -> Iterable[Mention]:
    """Mentions in the noun phrase that the item stands in: "Russian S-400 systems", "Israel's Kfirs"."""
    return phrase_mentions(scene, climb(scene.parsed, scene.first_word[item], "compound", "amod", "nmod", "poss").index)


def _merge(features: Described, mentions: dict[str, Mention], party: str, mention: Mention, told: list[str]) -> None:
    """Adds what a mention tells of its party; of two mentions in one sentence the one that stands better tells where it stands."""
    held = features.get(party)
    if held is None:
        features[party] = list(dict.fromkeys(told))
        mentions[party] = mention
        return
    if _standing(told) < _standing(held):
        mentions[party] = mention
        told, held = held, list(dict.fromkeys(told))
        features[party] = held
    placed = any(t.startswith("here:") for t in held)
    held.extend(t for t in told if t not in held and not (placed and t.startswith(PLACED)))


def _standing(told: Sequence[str]) -> int:
    return next((rank for rank, stand in enumerate(STANDINGS) if stand in told), len(STANDINGS))
