"""This file lists the readings of a frame found in a text, who did it to whom, and describes each by the names of its features."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord import vocab
from onrecord.extract.arguments import Slots, arguments
from onrecord.extract.events_frames import Match
from onrecord.extract.events_parties import Filler
from onrecord.extract.events_scene import Scene
from onrecord.extract.modality import modality_of
from onrecord.extract.scene import makers_of
from onrecord.records import Parsed
from onrecord.syntax import kids, mentions_in, subtree, subtree_span, word_at

# What hangs a clause or noun on what stands above it, so that the subject above may be its own.
SHARING = frozenset({"pcomp", "advcl", "acl", "prep", "pobj", "dobj", "xcomp", "conj"})
# Acts whose parties may stand in one list, "Oslo and Lima agreed"; of any other act all whom a list names suffer it together.
BETWEEN = frozenset({"AGREE", "CONSULT", "COOPERATE"})


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill a role: the fillers and their parties, where they were found, and the features that speak for and against it."""

    fillers: tuple[Filler, ...]
    parties: frozenset[str]
    place: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Who did it to whom, as far as one pair of options says, with the features of the pair itself."""

    actor: Option
    recipient: Option
    features: tuple[str, ...]


def match_features(scene: Scene, match: Match) -> list[str]:
    """What speaks for or against an event at this word, whoever its parties are."""
    parsed, frame = scene.parsed, match.frame
    word, root = parsed.words[match.index], frame.root
    found = [
        root, f"frame:{frame.number}.{'n' if frame.noun else 'v'}", f"predicate:{root}:{frame.predicate}", f"dep:{word.dep}",
        f"{root}:tag:{word.tag}", f"{root}:{modality_of(parsed, match.index)[0]}", f"deals:{bool(scene.sold)}",
        f"{root}:gift:{word.sentence in scene.gifts}:{word.sentence in scene.sales}",
        f"frame:{frame.number}:gift:{word.sentence in scene.gifts}", f"{root}:giving:{min(2, len(scene.gifts))}",
    ]  # fmt: skip
    found += [f"used:{root}:{parsed.words[i].lemma.lower()}" for i in match.used]
    for child in kids(parsed, match.index):
        lemma = child.lemma.lower()
        if child.dep in {"ccomp", "xcomp", "dobj", "neg", "dative", "nsubjpass", "prt"}:
            found.append(f"{root}:has:{child.dep}")
        if child.dep in {"dobj", "nsubjpass", "attr"} and child.pos == "NOUN":
            found.append(f"object:{root}:{lemma}")
        elif child.dep in {"xcomp", "acl"}:
            found.append(f"clause:{root}:{lemma}")
        elif child.dep == "prep":
            found.append(f"{root}:preposition:{lemma}")
        elif child.dep in {"aux", "neg"}:
            found.append(f"{root}:aux:{lemma}")
    if scene.speaker(word.start) is not None:
        found.append(f"{root}:said")
    return found + _goods_features(scene, match)


def options(scene: Scene, match: Match) -> tuple[list[Option], list[Option]]:
    """Every way to fill the actor's and the recipient's place: by the frame's slots, by the speaker, by what was named nearby."""
    parsed, root = scene.parsed, match.frame.root
    slots = _slots(parsed, match)
    others = [*scene.nearby(match.index)]
    speaker = scene.speaker(parsed.words[match.index].start)
    below = frozenset(subtree(parsed, match.index))
    owners = _owners(parsed, match, slots)
    acting = owners or _slotted(scene, slots, [*match.frame.actor, "above"])
    suffering = _slotted(scene, slots, match.frame.recipient)
    sides = []
    for role, own, other in (("a", acting, suffering), ("r", suffering, acting)):
        side = _Side(scene, root, role, below, _state(parsed, slots, match, role, own), frozenset(f.party for fs, _ in other for f in fs))
        listed = [fs for fs, _ in own if role == "r" and root not in BETWEEN and _is_list(parsed, fs)]
        together = {frozenset([f.party]) for fs in listed for f in fs}
        for fillers, source in own:
            if frozenset(f.party for f in fillers) in together:
                continue
            side.add(fillers, source)
            if len(fillers) > 1 and fillers not in listed:
                side.add(fillers[:1], "first:" + source)
                side.add(fillers[1:], "others:" + source)
        if role == "r" or not owners:
            if speaker is not None:
                side.add([speaker], "speaker")
            for filler, where in others:
                side.add([filler], f"near:{where}")
        sides.append(list(side.found.values()))
    return sides[0], sides[1]


def readings(scene: Scene, match: Match, actors: Iterable[Option], recipients: Sequence[Option]) -> list[Reading]:
    """The pairs of options that name different parties."""
    return [
        Reading(actor, recipient, _pair_features(scene, match, actor, recipient))
        for actor in actors
        for recipient in recipients
        if not actor.parties & recipient.parties
    ]


class _Side:
    """The options of one role, each set of parties once, with their features."""

    __slots__ = ("_below", "_opposite", "_role", "_root", "_scene", "_state", "found")

    def __init__(self, scene: Scene, root: str, role: str, below: frozenset[int], state: str, opposite: frozenset[str]) -> None:
        self._scene, self._root, self._role = scene, root, role
        self._below, self._state, self._opposite = below, state, opposite
        self.found: dict[frozenset[str], Option] = {}

    def add(self, fillers: Sequence[Filler], source: str) -> None:
        """Takes an option in, unless the same parties were found at a better place before."""
        parties = frozenset(f.party for f in fillers)
        if parties not in self.found:
            place = source.split(":", 1)[0]
            self.found[parties] = Option(tuple(fillers), parties, place, tuple(self._features(fillers, source, place)))

    def _features(self, fillers: Sequence[Filler], source: str, place: str) -> list[str]:
        scene, role = self._scene, self._role
        both, party = f"{role}:{self._root}", fillers[0].party
        supplies = any(party == supplier for supplier, _ in scene.sold)
        receives = any(party == recipient for _, recipient in scene.sold)
        found = [
            f"{role}:{source}", f"{both}:{source.split('.')[0]}", f"{role}:{place}", f"{both}:{place}",
            f"{role}:rank:{min(scene.rank.get(party, 9), 4)}", f"{role}:many:{min(len(fillers), 3)}",
            f"{both}:deal:{supplies}:{receives}", f"{both}:org:{party.startswith('org:')}", f"{role}:title:{party in scene.title}",
            f"{role}:{place}:below:{fillers[0].index in self._below}",
        ]  # fmt: skip
        mention = scene.parties.by_word.get(fillers[0].index)
        if mention is not None:
            found += [f"{role}:kind:{mention.kind}", f"{both}:kind:{mention.kind}", f"{role}:how:{mention.how}"]
        if place != "slot":
            found += [f"{role}:{place}:{self._state}", f"{both}:else:{self._state}"]
            if party in self._opposite:
                found.append(f"{role}:{place}:opposite")
        if role == "r" and self._root == "AID":
            found += [f"aided:{party in scene.aided}", f"aided:{party in scene.aided}:{len(scene.gifts) > 1}"]
        return found


def _slots(parsed: Parsed, match: Match) -> Slots:
    """The arguments of the predicate, joined by those of the words that belong to it ("impose sanctions on")."""
    slots = {slot: list(heads) for slot, heads in arguments(parsed, match.index).items()}
    for index in match.used:
        for slot, heads in arguments(parsed, index).items():
            if not slot.startswith("governor"):
                slots.setdefault(slot, []).extend(heads)
    if "subject" not in slots:
        slots["above"] = _subject_above(parsed, match.index)
    for clause in [*slots.get("xcomp", ()), *slots.get("clause", ())]:
        inner = arguments(parsed, clause)
        slots.setdefault("clause_subject", []).extend(inner.get("subject", ()))
        slots.setdefault("clause_object", []).extend(inner.get("object", ()))
    return slots


def _subject_above(parsed: Parsed, index: int) -> list[int]:
    """The subject of the nearest clause above a predicate that has none of its own ("answered by excluding it")."""
    word = parsed.words[index]
    for _ in range(6):
        if word.dep not in SHARING:
            return []
        word = parsed.words[word.head]
        subjects = kids(parsed, word.index, "nsubj")
        if subjects and subjects[0].index != index:
            return [k.index for k in subjects]
    return []


def _slotted(scene: Scene, slots: Slots, names: Iterable[str]) -> list[tuple[list[Filler], str]]:
    """The parties in each of the named slots, with the slot's place in the frame, its name, and how they stand in it."""
    found = []
    for place, name in enumerate(names):
        fillers: list[Filler] = []
        for head in slots.get(name, ()):
            for filler in scene.parties.fillers(head):
                if filler.party not in {f.party for f in fillers}:
                    fillers.append(filler)
        if fillers:
            found.append((fillers, f"slot:{min(place, 3)}:{name}.{fillers[0].how}"))
    return found


def _is_list(parsed: Parsed, fillers: Sequence[Filler]) -> bool:
    """Whether parties are named together in one list: "to Norway, Sweden and Peru"."""
    named = {f.index for f in fillers}
    heads = [parsed.words[f.index] for f in fillers]
    return len(heads) > 1 and all(w.dep == "conj" and w.head in named for w in heads[1:]) and len({f.how for f in fillers}) == 1


def programmes_left(parsed: Parsed, match: Match) -> list[int]:
    """The programmes that an act shuts somebody out of, by their words: "expelled from the F-35 programme"."""
    if match.frame.root != "SANCTION" or match.frame.noun:
        return []
    words = vocab.words("events")["reference"]["programmes"]
    return [head for head in arguments(parsed, match.index).get("from", ()) if parsed.words[head].lemma.lower() in words]


def _owners(parsed: Parsed, match: Match, slots: Slots) -> list[tuple[list[Filler], str]]:
    """Who shuts somebody out of a programme where only the programme is named: the state that builds what it is named after."""
    for head in () if slots.get("subject") else programmes_left(parsed, match):
        for named in mentions_in(parsed, *subtree_span(parsed, head), "equipment"):
            makers = makers_of(named)
            word = word_at(parsed, named.start)
            if len(makers) == 1 and word is not None:
                return [([Filler(makers[0], named.start, named.end, "context", word.index)], "slot:3:from.maker")]
    return []


def _state(parsed: Parsed, slots: Slots, match: Match, role: str, own: Sequence[tuple[list[Filler], str]]) -> str:
    """Whether the first slots of a role are empty, hold something that is no party, or hold a party."""
    names = (match.frame.actor if role == "a" else match.frame.recipient)[:2]
    heads = [head for name in names for head in slots.get(name, ())]
    if not heads:
        return "open"
    if any(source.startswith(("slot:0", "slot:1")) for _, source in own):
        return "party"
    return f"taken {parsed.words[heads[0]].pos}"


def _goods_features(scene: Scene, match: Match) -> list[str]:
    """Whether it is arms that the predicate acts on or is "for": a request for arms is a stage, a gift of arms is an event."""
    parsed, root, found = scene.parsed, match.frame.root, []
    for index in (match.index, *match.used):
        for child in kids(parsed, index, "dobj", "nsubjpass", "prep"):
            heads = kids(parsed, child.index, "pobj") if child.dep == "prep" else [child]
            if any(h.index in scene.items or h.lemma.lower() in scene.goods for h in heads):
                found.append(f"{root}:goods:{child.lemma.lower() if child.dep == 'prep' else child.dep}")
    return found or [f"{root}:goods:none"]


def _pair_features(scene: Scene, match: Match, actor: Option, recipient: Option) -> tuple[str, ...]:
    root, words = match.frame.root, scene.parsed.words
    one, other = actor.fillers[0], recipient.fillers[0]
    deal = (one.party, other.party)
    places = f"{actor.place}:{recipient.place}"
    same = words[one.index].sentence == words[other.index].sentence
    return (
        f"p:{root}:{'sold' if deal in scene.sold else ''}{'bought' if deal in scene.bought else ''}",
        f"p:{places}",
        f"p:{root}:{places}",
        f"p:gap:{min(abs(one.index - other.index) // 5, 5) if same else 'apart'}",
        f"p:order:{places}:{one.index < other.index}",
    )
