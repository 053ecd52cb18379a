"""The readings of a trigger's equipment that the judge chooses among, each described by feature names.

A feature says where the name stands (slot, clause, sentence, title) and what the report has said before; none names a word of it.
"""

from __future__ import annotations

from onrecord import vocab
from onrecord.extract.scene import Scene, distance, head_of_phrase, is_generic, phrase_words, slots_of_mentions, stands_between
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention
from onrecord.syntax import ancestors

# How many sentences back an unnamed item is looked for, and how many candidates are weighed at most.
REACH = 6
MOST = 8
# Words that take up two or more things told before.
GROUPS = ("both", "neither", "either", "all", "none", "each", "they", "two", "three")

Described = dict[str, list[str]]


def equipment_readings(scene: Scene, trigger: Trigger) -> tuple[Described, dict[str, Mention]]:
    """Designation -> features, and the mention that each designation stands on where the report names it."""
    features: Described = {}
    mentions: dict[str, Mention] = {}
    words = scene.parsed.words
    own = words[trigger.index]
    slot_of = slots_of_mentions(scene, trigger.slots)
    below = set(phrase_words(scene, trigger.index))
    here = [m for m in scene.by_sentence[own.sentence] if m.kind == "equipment" and not _is_compared(scene, m, trigger)]
    for mention in here:
        first = scene.first_word[mention]
        slots = slot_of.get(mention, [])
        role = "frame" if any(s in trigger.equipment for s in slots) else "other" if slots else "below" if first in below else "none"
        side = "after" if first > trigger.index else "before"
        near = distance(abs(first - trigger.index))
        told = [f"here:{role}", f"here:{role}:{trigger.pos}", f"here:{side}:{near}", *(f"slot:{s}" for s in slots[:2])]
        told += ["here:anaphor"] if mention.how == "noun" and not is_generic(mention) else []
        told += [f"between:{min(2, sum(1 for m in here if stands_between(scene, m, first, trigger.index)))}"]
        _keep(features, mentions, mention, told)
    _earlier_equipment(scene, own.sentence, features, mentions)
    order = list(features)
    drafted = [d.equipment for d in scene.drafts]
    last = scene.drafts[-1].equipment if scene.drafts else None
    pronoun = _has_stand_in(scene, trigger)
    for name in order:
        told = features[name]
        where = told[0].split(":")[0]
        told.append("generic" if is_generic(mentions[name]) else "designation")
        told.append(f"generic:{where}" if is_generic(mentions[name]) else f"designation:{where}")
        told += ["title"] if name in scene.title_equipment else []
        told += ["first"] if scene.designations[:1] == [name] else []
        told += ["only"] if len(scene.designations) == 1 else []
        told += [f"drafted:{where}"] if name in drafted else [f"fresh:{where}"]
        told += [f"last-draft:{where}", f"last-draft:{pronoun}"] if name == last else []
        told += [f"stand-in:{pronoun}:{where}"]
    return features, mentions


def companion_readings(scene: Scene, trigger: Trigger, item: Mention) -> dict[Mention, list[str]]:
    """Other equipment of the sentence, or told of together with the item -> features of "the trigger says of it what it says of `item`"."""
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
    cues = _group_cues(scene, trigger, sentence)
    mates = [name for name in _told_with(scene, item.name) if name in scene.item_mention]
    for told in found.values():
        told += [f"{told[1]}:{cue}" for cue in cues]
    for name in mates:
        held = next((told for mention, told in found.items() if mention.name == name), None)
        if held is None:
            held = found[scene.item_mention[name]] = ["companion", "join:mate", *(f"join:mate:{cue}" for cue in cues), f"pos:{trigger.pos}"]
        held += ["mate", f"mate:{held[1]}", *(f"mate:{cue}" for cue in cues)]
    return found


def _is_compared(scene: Scene, mention: Mention, trigger: Trigger) -> bool:
    """Whether a designation is only what other goods are set beside ("to replace its ageing F-5s", "similar to the S-300").

    Of what a trigger below it says it may be the item: "to replace the T-72s given to Ukraine".
    """
    if is_generic(mention):
        return False
    top = head_of_phrase(scene, mention)
    words, above = vocab.words("stages")["compared"], scene.parsed.words[top.head]
    if top.dep == "pobj":
        compared = f"{scene.parsed.words[above.head].lemma.lower()} {above.lemma.lower()}" in words["with"]
    else:
        compared = top.dep in {"dobj", "nsubjpass"} and above.lemma.lower() in words["objects"]
    return compared and all(word.index != top.index for word in ancestors(scene.parsed, trigger.index))


def _told_with(scene: Scene, name: str) -> list[str]:
    """The items of which the trigger that spoke last of an item told as well."""
    mine = next((draft for draft in reversed(scene.drafts) if draft.equipment == name), None)
    return [d.equipment for d in scene.drafts if mine and d.equipment != name and mine.triggers[-1] in d.triggers]


def _group_cues(scene: Scene, trigger: Trigger, sentence: int) -> list[str]:
    """How a trigger takes up several things at once: the item's sentence is its own or not, a word such as "both", what fills its slot."""
    words = scene.parsed.words
    own = words[trigger.index].sentence
    said = {w.lemma.lower() for w in words[scene.parsed.sentences[own].first : scene.parsed.sentences[own].last] if w.pos != "NOUN"}
    cue = next((group for group in GROUPS if group in said), "none")
    heads = [head for slot in trigger.equipment for head in trigger.slots.get(slot, [])]
    many = any(words[head].tag in {"NNS", "NNPS"} or words[head].lemma.lower() in GROUPS for head in heads)
    here = "here" if sentence == own else "away"
    return [here, f"{here}:cue:{cue}", f"{here}:many:{many}:{_has_stand_in(scene, trigger)}"]


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
    return "list" if _joined_to(scene, left, right) else "phrase"


def _joined_to(scene: Scene, left: Mention, right: Mention) -> bool:
    """Whether the phrase of one name is joined to that of another one: "Rafale jets from France and F-35 jets from America"."""
    top, other = head_of_phrase(scene, left), head_of_phrase(scene, right)
    return other.dep == "conj" and other.head == top.index


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
    for name in (*scene.designations[:2], *scene.title_equipment):
        if name not in features and name in scene.item_mention:
            mention = scene.item_mention[name]
            ahead = scene.parsed.words[scene.first_word[mention]].sentence > sentence
            _keep(features, mentions, mention, ["ahead:" + str(ahead)])


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


def _keep(features: Described, mentions: dict[str, Mention], mention: Mention, told: list[str]) -> None:
    if mention.name not in features:
        features[mention.name] = told
        mentions[mention.name] = mention
