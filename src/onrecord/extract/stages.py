"""The stage that a trigger says, or none: the frames' stages weighed by what of the frame the sentence fills."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.extract.lexicon import Frame
from onrecord.extract.scene import PARTY_KINDS, Scene, is_generic, is_party, slots_of_mentions
from onrecord.extract.triggers import Trigger
from onrecord.records import Equipment
from onrecord.syntax import kids

ROLE_KINDS = {"equipment": frozenset({"equipment"}), "supplier": PARTY_KINDS, "recipient": PARTY_KINDS}
PREPOSITIONS = frozenset({"to", "from", "for", "with", "by", "of", "in", "on", "over"})


def stage_readings(scene: Scene, trigger: Trigger) -> dict[str, list[str]]:
    """Stage (or "none") -> features; "none" is always a reading."""
    shared = _surroundings(scene, trigger)
    some = ["some", f"some:{trigger.lemma}", *(f"some:{told}" for told in shared)]
    readings: dict[str, list[str]] = {"none": ["none", f"none:{trigger.lemma}", *(f"none:{told}" for told in shared)]}
    held = [(m.kind, names) for m, names in slots_of_mentions(scene, trigger.slots).items()]
    for frame in trigger.frames:
        if frame.stage in readings:
            continue
        told = [frame.stage, f"{frame.stage}:{trigger.lemma}", *some, *(f"{frame.stage}:{t}" for t in shared)]
        told += ["weak"] if frame.weak else []
        told += [] if frame.predicate else ["open", f"open:{frame.stage}", f"open:{trigger.pos}"]
        told.append(f"kin:{frame.stage}:{frame.pos}:{'.'.join(frame.recipient)}:{frame.weak}")
        told += _filled(held, frame)
        readings[frame.stage] = told
    return readings


def is_spelled_out(scene: Scene, trigger: Trigger) -> bool:
    """Whether the sentence itself fills a trigger's frame: a designation as its item, and a party in each role, or the buyer alone."""
    held = slots_of_mentions(scene, trigger.slots)
    item = any(m.kind == "equipment" and not is_generic(m) and set(names) & set(trigger.equipment) for m, names in held.items())
    buyers = {m.party for m, names in held.items() if is_party(m) and set(names) & set(trigger.recipient)}
    sellers = {m.party for m, names in held.items() if is_party(m) and set(names) & set(trigger.supplier)}
    makers = {p for m in held if m.kind == "equipment" and isinstance(m.value, Equipment) for p in m.value.makers}
    return item and bool(buyers) and len(buyers | sellers | makers) > 1


def _filled(held: Sequence[tuple[str, Sequence[str]]], frame: Frame) -> list[str]:
    """Which roles of a frame the sentence fills in the frame's own slots; `held`: the kind and the slots of each mention."""
    told = []
    for role, kinds in ROLE_KINDS.items():
        slots = getattr(frame, role)
        filled = any(kind in kinds and any(name in slots for name in names) for kind, names in held)
        told += [f"fill:{role}:{filled}", f"fill:{role}:{filled}:weak:{frame.weak}"]
    return told


def _surroundings(scene: Scene, trigger: Trigger) -> list[str]:
    parsed = scene.parsed
    word = parsed.words[trigger.index]
    here = scene.by_sentence[word.sentence]
    kinds = {m.kind for m in here}
    items = [m for m in here if m.kind == "equipment"]
    named = [m for m in items if not is_generic(m)]
    direct = [m for m, names in slots_of_mentions(scene, trigger.slots).items() if m.kind == "equipment"]
    modality, _ = scene.modality(trigger.index, trigger.frames[0].modality)
    told = [
        f"modality:{modality}",
        f"modality:{modality}:{'direct' if direct else 'here' if items else 'away'}",
        f"above:{_trigger_above(scene, trigger)}",
        f"below:{_trigger_below(scene, trigger)}",
        f"pos:{trigger.pos}",
        "items:" + ("named" if named else "generic" if items else "none"),
        "direct:" + ("named" if any(not is_generic(m) for m in direct) else "generic" if direct else "none"),
        f"parties:{min(2, len({m.party for m in here if is_party(m)}))}",
        f"drafts:{min(2, len(scene.drafts))}",
        f"dep:{word.dep}",
        f"tag:{word.tag}",
        *(kind if kind in kinds else f"no-{kind}" for kind in ("money", "quantity", "date")),
        f"longer:{len(trigger.phrase) > 0}",
    ]
    if word.pos == "NOUN":
        head = parsed.words[word.head]
        told.append(f"head:{head.pos}:{word.dep}")
        told.append("determined:" + next((k.lemma for k in kids(parsed, word.index, "det")), "no"))
    else:
        told.append("object:" + _filler(scene, trigger, "object"))
        told.append("subject:" + _filler(scene, trigger, "subject"))
        told.append("object-word:" + _filler_word(scene, trigger, "object"))
        told.append("prepositions:" + ".".join(sorted(s for s in trigger.slots if s in PREPOSITIONS)))
        told.append(f"governor:{parsed.words[word.head].pos}:{word.dep}")
    return told


def _filler(scene: Scene, trigger: Trigger, slot: str) -> str:
    """What fills a slot: the kind of mention, or the part of speech of a word that is none."""
    heads = trigger.slots.get(slot) or []
    if not heads:
        return "no"
    mention = scene.by_word.get(heads[0])
    return mention.kind if mention is not None else scene.parsed.words[heads[0]].pos


def _filler_word(scene: Scene, trigger: Trigger, slot: str) -> str:
    """The lemma of a common noun in a slot; "" for names and where nothing stands."""
    heads = trigger.slots.get(slot) or []
    word = scene.parsed.words[heads[0]] if heads else None
    return word.lemma.lower() if word is not None and word.pos == "NOUN" and heads[0] not in scene.by_word else ""


def _trigger_above(scene: Scene, trigger: Trigger) -> str:
    """The stage of the nearest trigger that governs this one within its clause: "approved the sale", "cancelled the delivery"."""
    words = scene.parsed.words
    word = words[trigger.index]
    for _ in range(4):
        if word.head == word.index or word.dep in {"conj", "advcl", "relcl", "ccomp"}:
            break
        word = words[word.head]
        if word.index in scene.stage_at:
            return scene.stage_at[word.index]
    return "none"


def _trigger_below(scene: Scene, trigger: Trigger) -> str:
    """The stage of a trigger among this one's objects and prepositional objects."""
    for slot in ("object", "of", "to", "for", "in", "on"):
        for head in trigger.slots.get(slot, []):
            if head in scene.stage_at and head != trigger.index:
                return scene.stage_at[head]
    return "none"
