"""The words of a report that may say a stage of a transfer: every predicate that the lexicon of stage frames knows."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.extract.arguments import Slots, arguments
from onrecord.extract.events_frames import frames as act_frames
from onrecord.extract.lexicon import Frame, frame_words, frames_at, open_frame, other_things
from onrecord.extract.modality import is_imagined
from onrecord.extract.scene import Scene, is_party
from onrecord.records import Parsed, Word
from onrecord.syntax import kids

# A stage that no frame of a word knows is weighed where the English model gives it at least this probability.
HEARD = 0.12
POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adjective"}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A predicate word, the frames that it may be read by, its arguments, and the slots in which each role is to be sought."""

    index: int
    lemma: str
    pos: str
    frames: tuple[Frame, ...]
    slots: Slots
    supplier: tuple[str, ...]
    recipient: tuple[str, ...]
    equipment: tuple[str, ...]
    phrase: tuple[int, ...]

    @property
    def side(self) -> str:
        """Whose act it is by its frames: the buyer's ("buy"), the seller's ("sell"), or either's ("none")."""
        if "subject" in self.recipient and "subject" not in self.supplier:
            return "buy"
        return "sell" if "subject" in self.supplier and "subject" not in self.recipient else "none"

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that its frames may mean, in the lexicon's order."""
        return tuple(dict.fromkeys(frame.stage for frame in self.frames))


def find_triggers(scene: Scene) -> list[Trigger]:
    """Every trigger in text order; a word of a longer predicate ("take delivery") gives none of its own. The scene learns their places.

    A stage may also be heard by the English model alone, in a word whose frames do not know it or in a verb that has none.
    """
    parsed = scene.parsed
    used: set[int] = set()
    found: list[Trigger] = []
    for word in parsed.words:
        pos = POS.get(word.pos)
        frames = frames_at(parsed, word.index) if pos else ()
        heard = [open_frame(s) for s in scene.heard(word.index, HEARD)] if frames or may_tell(word) else []
        if pos and (frames or heard) and not _is_of_another_thing(scene, word):
            phrase = frame_words(frames[0], parsed, word.index) if frames else (word.index,)
            frames = tuple(f for f in frames if len(f.rest) == len(frames[0].rest))
            known = {frame.stage for frame in frames}
            frames += tuple(frame for frame in heard if frame.stage not in known)
            found.append(_trigger(parsed, word, pos, frames, tuple(i for i in phrase if i != word.index)))
            used.update(found[-1].phrase)
    kept = [trigger for trigger in found if trigger.index not in used and not is_imagined(parsed, trigger.index)]
    scene.stage_at.update((trigger.index, trigger.frames[0].stage) for trigger in kept)
    return kept


def may_tell(word: Word) -> bool:
    """Whether a word that no frame knows may still say a stage: any verb of its own."""
    return word.pos in {"VERB", "AUX"} and word.dep not in {"aux", "auxpass"}


def _is_of_another_thing(scene: Scene, word: Word) -> bool:
    """Whether a word says something of a noun that is neither arms nor a deal: "the proposed amendment", "property is frozen".

    A party that is blamed is none either: "denounced Washington over the sale" cancels nothing.
    """
    done_to = kids(scene.parsed, word.head, "nsubj") if word.dep == "acomp" else kids(scene.parsed, word.index, "dobj", "nsubjpass")
    if done_to:
        mention = scene.by_word.get(done_to[0].index)
        blamed = mention is not None and is_party(mention) and _blames(word)
        if blamed or (mention is None and done_to[0].lemma.lower() in other_things()):
            return True
    if word.dep != "amod" or word.tag not in {"VBN", "VBG"}:
        return False
    mention = scene.by_word.get(word.head)
    return (mention is None or mention.kind != "equipment") and not frames_at(scene.parsed, word.head)


def _blames(verb: Word) -> bool:
    """Whether a verb by itself blames whoever is its object."""
    return any(frame.root == "ACCUSE" and not frame.tokens for frame in act_frames().get((verb.lemma.lower(), False), ()))


def _trigger(parsed: Parsed, word: Word, pos: str, frames: tuple[Frame, ...], phrase: tuple[int, ...]) -> Trigger:
    slots = arguments(parsed, word.index)
    for part in phrase:
        for slot, heads in arguments(parsed, part).items():
            held = slots.setdefault(slot, [])
            held.extend(h for h in heads if h not in held and h != word.index)
    _lend(parsed, slots)
    slots = {slot: [h for h in heads if h not in phrase] for slot, heads in slots.items()}

    known = [frame for frame in frames if frame.predicate] or frames

    def union(role: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot for frame in known for slot in getattr(frame, role)))

    equipment = union("equipment")
    if "xcomp" in equipment and "object" not in equipment:
        equipment = (*equipment, "object")
    lemma = " ".join([word.lemma.lower(), *(parsed.words[i].lemma.lower() for i in phrase)])
    return Trigger(word.index, lemma, pos, frames, slots, union("supplier"), union("recipient"), equipment, phrase)


def _lend(parsed: Parsed, slots: Slots) -> None:
    """Gives a predicate the arguments of the infinitive or gerund below it: "the desire to buy frigates from Oslo"."""
    for index in [*slots.get("xcomp", []), *slots.get("clause", [])]:
        word = parsed.words[index]
        if word.tag not in {"VB", "VBG"}:
            continue
        for slot, heads in arguments(parsed, index).items():
            if slot not in {"subject", "head", "clause"}:
                held = slots.setdefault(slot, [])
                held.extend(h for h in heads if h not in held and h != index)
