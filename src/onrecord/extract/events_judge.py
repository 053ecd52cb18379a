"""This file weighs who did an event's act to whom: every reading of a frame gets features, and learnt weights give its probability.

A reading is a pair of an actor option and a recipient option; "no event" is the reading whose score is zero. The weights stand in
`vocab/event_weights.json`, learnt by `training/train_events.py`, which states there the data's hash, the seed and the score.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.errors import BadVocab
from onrecord.extract.arguments import Slots, arguments
from onrecord.extract.events_frames import Match
from onrecord.extract.events_parties import Filler, Parties
from onrecord.extract.modality import modality_of
from onrecord.records import Finding, Mention, Parsed
from onrecord.syntax import kids, sentence_of, subtree, word_at
from onrecord.vocab import FOLDER

# Options kept for each role before pairs are weighed: more cost time and won nothing on the training reports.
WIDTH = 6
# Parties looked at besides those in the frame's own slots, the nearest first.
NEIGHBOURS = 6
# Context reaches this many sentences back; a party last named earlier counts as far.
REACH = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill a role, and the features that speak for and against it."""

    fillers: tuple[Filler, ...]
    features: tuple[str, ...]

    @property
    def parties(self) -> frozenset[str]:
        """The states and organisations that it names."""
        return frozenset(f.party for f in self.fillers)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who did it to whom, as far as one pair of options says, with the features of the pair itself."""

    actor: Option
    recipient: Option
    features: tuple[str, ...]


class Scene:
    """What the judge looks up about one report: its parties, deals, gifts, statements; built once a report."""

    __slots__ = ("aided", "arms", "deals", "gifts", "goods", "items", "parsed", "parties", "rank", "sales", "said", "title")

    def __init__(self, parsed: Parsed, statements: Sequence[Finding], transfers: Sequence[Finding]) -> None:
        self.parsed, self.parties = parsed, Parties(parsed, tuple(statements))
        counted = Counter(m.party for _, m in self.parties.mentions)
        self.rank = {party: place for place, (party, _) in enumerate(counted.most_common())}
        self.deals = [(frozenset(t.all("supplier")), frozenset(t.all("recipient"))) for t in transfers]
        self.title = frozenset(m.party for m in parsed.title.mentions if m.party) if parsed.title else frozenset()
        self.said = self.parties.speakers
        self.arms = frozenset(sentence for sentence in self._sentences(m for m in parsed.mentions if m.kind == "equipment"))
        self.items = self._item_words()
        self.goods = frozenset(vocab.words("events")["classes"]["arms"])
        gift = vocab.words("events")["gift"]
        self.gifts, self.sales = Counter[int](), Counter[int]()
        for word in parsed.words:
            lemma = word.lemma.lower()
            if lemma in gift["words"]:
                self.gifts[word.sentence] += 1
            elif lemma in gift["sale"]:
                self.sales[word.sentence] += 1
        published = parsed.document.published or ""
        self.aided = frozenset(state for state, since in gift["aided"].items() if published >= since)

    def _item_words(self) -> frozenset[int]:
        """The words that stand in a mention of equipment."""
        found: set[int] = set()
        for mention in self.parsed.mentions:
            word = word_at(self.parsed, mention.start) if mention.kind == "equipment" else None
            while word is not None and word.start < mention.end:
                found.add(word.index)
                word = self.parsed.words[word.index + 1] if word.index + 1 < len(self.parsed.words) else None
        return frozenset(found)

    def _sentences(self, mentions: Iterable[Mention]) -> Iterable[int]:
        at = 0
        for mention in mentions:
            while at + 1 < len(self.parsed.sentences) and self.parsed.sentences[at].end <= mention.start:
                at += 1
            yield at


def match_features(scene: Scene, match: Match) -> list[str]:
    """What speaks for or against an event at this word, whoever its parties are."""
    parsed, frame = scene.parsed, match.frame
    word, root = parsed.words[match.index], frame.root
    modality = modality_of(parsed, match.index)[0]
    found = [
        root, f"frame:{frame.number}.{'n' if frame.noun else 'v'}", f"predicate:{root}:{frame.predicate}",
        f"dep:{word.dep}", f"{root}:tag:{word.tag}",
        f"{root}:{modality}", f"deals:{bool(scene.deals)}", f"arms:{word.sentence in scene.arms}",
        f"{root}:gift:{scene.gifts[word.sentence] > 0}:{scene.sales[word.sentence] > 0}", f"{root}:giving:{min(2, len(scene.gifts))}",
    ]  # fmt: skip
    found += [f"used:{root}:{parsed.words[i].lemma.lower()}" for i in match.used]
    objects = [k for k in kids(parsed, match.index, "dobj", "nsubjpass", "attr") if k.pos == "NOUN"]
    found += [f"clause:{root}:{k.lemma.lower()}" for k in kids(parsed, match.index, "xcomp", "acl")]
    found += _goods_features(scene, match)
    found += [f"object:{root}:{k.lemma.lower()}" for k in objects]
    found += [f"{root}:preposition:{k.lemma.lower()}" for k in kids(parsed, match.index, "prep")]
    found += [f"{root}:has:{k.dep}" for k in kids(parsed, match.index, "ccomp", "xcomp", "dobj", "neg", "dative", "nsubjpass", "prt")]
    governor = parsed.words[word.head]
    if governor.index != word.index:
        found += [f"above:{governor.lemma.lower()}", f"{root}:above:{governor.pos}"]
    auxiliaries = [k.lemma.lower() for k in kids(parsed, match.index, "aux", "neg")]
    found += [f"{root}:aux:{a}" for a in auxiliaries]
    if any(start <= word.start < end for start, end, _ in scene.said):
        found.append(f"{root}:said")
    return found


def _goods_features(scene: Scene, match: Match) -> list[str]:
    """Whether it is arms that the predicate acts on or is "for": a request for arms is a stage, a gift of arms is an event."""
    parsed, root, found = scene.parsed, match.frame.root, []
    for index in (match.index, *match.used):
        for child in kids(parsed, index, "dobj", "nsubjpass", "prep"):
            heads = kids(parsed, child.index, "pobj") if child.dep == "prep" else [child]
            if any(h.index in scene.items or h.lemma.lower() in scene.goods for h in heads):
                found.append(f"{root}:goods:{child.lemma.lower() if child.dep == 'prep' else child.dep}")
    return found or [f"{root}:goods:none"]


def options(scene: Scene, match: Match) -> tuple[list[Option], list[Option]]:
    """Every way to fill the actor's and the recipient's place: by the frame's slots, by the speaker, by what was named nearby."""
    slots = _slots(scene.parsed, match)
    near = _nearby(scene, match)
    speaker = next((f for start, end, f in scene.said if start <= scene.parsed.words[match.index].start < end), None)
    return (
        _role_options(scene, match, slots, match.frame.actor, "actor", near, speaker),
        _role_options(scene, match, slots, match.frame.recipient, "recipient", near, speaker),
    )


def readings(scene: Scene, match: Match, actors: Sequence[Option], recipients: Sequence[Option]) -> list[Reading]:
    """The pairs of options that name different parties."""
    found = []
    for actor in actors:
        for recipient in recipients:
            if actor.parties & recipient.parties:
                continue
            found.append(Reading(actor, recipient, tuple(_pair_features(scene, match, actor, recipient))))
    return found


@cache
def weights() -> Mapping[str, float]:
    """Feature -> weight, as learnt."""
    try:
        return dict(json.loads(FOLDER.joinpath("event_weights.json").read_text(encoding="utf-8"))["weights"])
    except (FileNotFoundError, KeyError, json.JSONDecodeError) as error:
        raise BadVocab(f"event_weights.json: {error!r}; run training/train_events.py") from error


def judge(scene: Scene, match: Match, known: Mapping[str, float]) -> tuple[Reading, float] | None:
    """The likeliest reading of a match with its probability, or None where it has no reading at all."""
    base = sum(known.get(f, 0.0) for f in match_features(scene, match))
    sides = []
    for side in options(scene, match):
        scored = sorted(((sum(known.get(f, 0.0) for f in o.features), n, o) for n, o in enumerate(side)), key=lambda s: (-s[0], s[1]))
        sides.append({id(o): (s, o) for s, _, o in scored[:WIDTH]})
    pairs = readings(scene, match, [o for _, o in sides[0].values()], [o for _, o in sides[1].values()])
    if not pairs:
        return None
    scores = [base + sides[0][id(r.actor)][0] + sides[1][id(r.recipient)][0] + sum(known.get(f, 0.0) for f in r.features) for r in pairs]
    top = max(scores)
    total = math.exp(-top) + sum(math.exp(s - top) for s in scores)
    return pairs[scores.index(top)], 1.0 / total


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
        if word.dep not in {"pcomp", "advcl", "acl", "prep", "pobj", "dobj", "xcomp", "conj"}:
            return []
        word = parsed.words[word.head]
        subjects = kids(parsed, word.index, "nsubj")
        if subjects and subjects[0].index != index:
            return [k.index for k in subjects]
    return []


def _role_options(
    scene: Scene,
    match: Match,
    slots: Slots,
    names: Sequence[str],
    role: str,
    near: Mapping[str, tuple[Filler, str]],
    speaker: Filler | None,
) -> list[Option]:
    found: list[Option] = []
    seen: set[frozenset[str]] = set()
    below = frozenset(subtree(scene.parsed, match.index))
    state = _slot_state(scene, slots, names)

    def add(fillers: Sequence[Filler], source: str) -> None:
        features = [
            *_role_features(scene, match.frame.root, role, fillers, source),
            *_place_features(scene, match, role, fillers[0], source, below),
        ]
        if not source.startswith("slot"):
            features += [f"{role[0]}:{source.split('.')[0]}:{state}", f"{role[0]}:{match.frame.root}:else:{state}"]
        option = Option(tuple(fillers), tuple(features))
        if option.parties not in seen:
            seen.add(option.parties)
            found.append(option)

    for place, name in enumerate([*names, "above"] if role == "actor" else names):
        fillers: list[Filler] = []
        for head in slots.get(name, ()):
            for filler in scene.parties.fillers(head):
                if filler.party not in {f.party for f in fillers}:
                    fillers.append(filler)
        if fillers:
            add(fillers, f"slot:{min(place, 3)}:{name}.{fillers[0].how}")
            if len(fillers) > 1:
                add(fillers[:1], f"first:{name}")
                add(fillers[1:], f"others:{name}")
    if speaker is not None:
        add([speaker], "speaker")
    for filler, source in near.values():
        add([filler], f"near:{source}")
    return found


def _slot_state(scene: Scene, slots: Slots, names: Sequence[str]) -> str:
    """Whether the first slots are empty, hold something that is no party, or hold a party."""
    heads = [head for name in names[:2] for head in slots.get(name, ())]
    if not heads:
        return "open"
    if any(scene.parties.fillers(head) for head in heads):
        return "party"
    return f"taken {scene.parsed.words[heads[0]].pos}"


def _place_features(scene: Scene, match: Match, role: str, filler: Filler, source: str, below: frozenset[int]) -> list[str]:
    """Where a filler's mention stands in the tree: below the predicate or not, after which preposition, on which noun."""
    words, start, root = scene.parsed.words, role[0], match.frame.root
    word = words[filler.index]
    kind = "near" if source.startswith("near") else "slot"
    noun = words[word.head] if word.dep in {"compound", "amod", "nmod", "poss"} else word
    above = words[noun.head]
    marker = above.lemma.lower() if noun.dep == "pobj" else noun.dep
    found = [f"{start}:{kind}:marker:{marker}", f"{start}:{root}:marker:{marker}", f"{start}:{kind}:below:{filler.index in below}"]
    if noun is not word:
        found.append(f"{start}:{kind}:on:{'equipment' if noun.index in scene.items else noun.lemma.lower()}")
    mention = scene.parties.by_word.get(filler.index)
    if mention is not None:
        found += [f"{start}:kind:{mention.kind}", f"{start}:{root}:kind:{mention.kind}", f"{start}:how:{mention.how}"]
    return found


def _role_features(scene: Scene, root: str, role: str, fillers: Sequence[Filler], source: str) -> list[str]:
    place, party = source.split(".")[0], fillers[0].party
    start = role[0]
    supplies = any(party in supplier for supplier, _ in scene.deals)
    receives = any(party in recipient for _, recipient in scene.deals)
    found = [
        f"{start}:{source}", f"{start}:{root}:{place}", f"{start}:{place.split(':')[0]}", f"{start}:{root}:{place.split(':')[0]}",
        f"{start}:rank:{min(scene.rank.get(party, 9), 4)}", f"{start}:many:{min(len(fillers), 3)}",
        f"{start}:{root}:deal:{supplies}:{receives}",
        f"{start}:{root}:org:{party.startswith('org:')}", f"{start}:title:{party in scene.title}",
    ]  # fmt: skip
    if role == "recipient" and root == "AID":
        found.append(f"aided:{party in scene.aided}")
    return found


def _pair_features(scene: Scene, match: Match, actor: Option, recipient: Option) -> list[str]:
    root = match.frame.root
    one, other = actor.fillers[0], recipient.fillers[0]
    sold = any(one.party in s and other.party in r for s, r in scene.deals)
    bought = any(one.party in r and other.party in s for s, r in scene.deals)
    sources = actor.features[2][2:], recipient.features[2][2:]
    gap = abs(one.index - other.index)
    words = scene.parsed.words
    same = words[one.index].sentence == words[other.index].sentence
    return [
        f"p:{root}:{'sold' if sold else ''}{'bought' if bought else ''}",
        f"p:{sources[0]}:{sources[1]}",
        f"p:{root}:{sources[0]}:{sources[1]}",
        f"p:gap:{min(gap // 5, 5) if same else 'apart'}",
        f"p:order:{sources[0]}:{sources[1]}:{one.index < other.index}",
    ]


def _nearby(scene: Scene, match: Match) -> dict[str, tuple[Filler, str]]:
    """Each party of the report at its nearest mention, with where that is seen from the predicate."""
    parsed, here = scene.parsed, scene.parsed.words[match.index]
    found: dict[str, tuple[Filler, str]] = {}
    distance: dict[str, float] = {}
    for first, mention in scene.parties.mentions:
        word = parsed.words[first]
        gap = here.sentence - word.sentence
        steps = abs(gap) * 30 + abs(here.index - first) * 0.2 + (60 if gap < 0 else 0)
        party = mention.party or ""
        if steps < distance.get(party, 1e9):
            distance[party] = steps
            if gap == 0:
                where = "after" if first > here.index else "before"
            else:
                where = "later" if gap < 0 else str(gap) if gap <= REACH else "far"
            how = scene.parties.standing(first)
            found[party] = (Filler(party, mention.start, mention.end, "context", first), f"{where}.{how}")
    kept = sorted(found, key=lambda party: distance[party])[:NEIGHBOURS]
    return {party: found[party] for party in kept}


def evidence(parsed: Parsed, match: Match, reading: Reading) -> tuple[int, int]:
    """The clause of the predicate, stretched over the parties of the act that stand in its sentence."""
    sentence = sentence_of(parsed, match.index)
    start, end = _clause(parsed, match.index)
    for filler in (*reading.actor.fillers, *reading.recipient.fillers):
        if sentence.start <= filler.start and filler.end <= sentence.end:
            start, end = min(start, filler.start), max(end, filler.end)
    return start, end


def _clause(parsed: Parsed, index: int) -> tuple[int, int]:
    """The words below a predicate without what is merely attached to it: other clauses beside it, closing marks."""
    reach, stack = [], [index]
    while stack:
        top = stack.pop()
        reach.append(top)
        stack.extend(
            c for c in parsed.children[top] if not (top == index and parsed.words[c].dep in {"conj", "cc", "punct", "parataxis", "advcl"})
        )
    return parsed.words[min(reach)].start, parsed.words[max(reach)].end
