"""This file loads the frames of stages: which words tell that a deal reached a stage, and where the words' arguments stand.

`stage_frames()` reads `vocab/lang/en/stages.toml` once and refuses a file that does not hold together. `frames_at` gives the
frames that a word of a parse evokes: its lemma and part of speech fit, and so do the other words of the predicate, wherever
the syntax put them ("handed them over", "the contract was signed", "put its order on hold").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from onrecord import vocab
from onrecord.errors import BadVocab
from onrecord.records import Parsed, Word

ROLES = ("supplier", "recipient", "equipment")
SLOTS = frozenset(
    "subject object dative possessor compound xcomp head about after against as around at between by concerning covering"
    " for from in into of on out over regarding through to with".split()
)
PARTS = {"verb": "VERB", "noun": "NOUN", "adjective": "ADJ"}
OPEN = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ"}
# How many words on a preposition phrase of the predicate may stand ("put its order for the boats on hold").
FAR = 14
KEYS = frozenset({"predicates", "pos", "stage", "modality", *ROLES, "needs", "consent", "weak", "examples"})
# The modality of a predicate that tells of its stage only when it is negated: "would not budge".
NEGATED = "negated"
# Under these labels a participle stands below the noun that it says something of: "the contract signed in May".
MODIFIERS = frozenset({"acl", "relcl", "amod"})


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of our own and what its frame should put on record from it."""

    text: str
    stage: str
    modality: str = "actual"
    supplier: str | None = None
    recipient: str | None = None
    equipment: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One sense of a predicate: the stage that it tells of and the slots in which each role may stand, best first.

    `head` is the lemma that evokes the frame, `rest` the further lemmas that must stand below it. `needs` names the roles
    without which the frame says nothing; `consent`: the subject may be a third state; `weak`: ambiguous alone.
    """

    predicate: str
    head: str
    rest: tuple[str, ...]
    pos: str
    stage: str
    modality: str
    supplier: tuple[str, ...]
    recipient: tuple[str, ...]
    equipment: tuple[str, ...]
    needs: tuple[str, ...]
    consent: bool
    weak: bool
    examples: tuple[Example, ...] = ()

    def slots(self, role: str) -> tuple[str, ...]:
        """The slots in which a role may stand, best first."""
        return {"supplier": self.supplier, "recipient": self.recipient, "equipment": self.equipment}[role]


@cache
def stage_frames() -> tuple[Frame, ...]:
    """Every frame of the English file, in its order."""
    return read_frames(vocab.words("stages"), vocab.meanings("stages"))


@cache
def open_frame(stage: str) -> Frame:
    """The frame of a stage for a word that the file does not know to say it; it has no predicate, and the usual slots of its roles."""
    slots = {role: tuple(names) for role, names in vocab.words("stages")["open"].items()}
    return Frame(
        predicate="", head="", rest=(), pos="verb", stage=stage, modality="actual", needs=("equipment",), consent=False, weak=True, **slots
    )


@cache
def other_things() -> frozenset[str]:
    """Nouns (lemmas) for what is neither arms nor a deal."""
    return frozenset(vocab.words("stages")["other"]["things"])


def frames_for(lemma: str, pos: str) -> tuple[Frame, ...]:
    """The frames whose head is this lemma, for a part of speech ("verb", "noun", "adjective" or spaCy's "VERB", "NOUN", "ADJ")."""
    return _index().get((lemma.lower(), PARTS.get(pos, pos)), ())


def frames_at(parsed: Parsed, index: int) -> tuple[Frame, ...]:
    """The frames that the word at `index` evokes, those with most words first; empty for a word that tells of no stage."""
    word = parsed.words[index]
    candidates = _candidates(word)
    if not candidates or word.dep in ("aux", "auxpass"):
        return ()
    if not any(frame.rest for frame in candidates):
        return candidates
    near = parsed.words[index + 1 : index + FAR] if word.pos == "VERB" else ()
    below = {lemma for w in (*near, *(parsed.words[i] for i in _beside(parsed, word))) for lemma in (w.lemma.lower(), w.text.lower())}
    found = [frame for frame in candidates if not frame.rest or not below.isdisjoint(frame.rest) and frame_words(frame, parsed, index)]
    found.sort(key=lambda frame: -len(frame.rest))
    return tuple(found)


def frame_words(frame: Frame, parsed: Parsed, index: int) -> tuple[int, ...]:
    """The words of the text that make up the frame's predicate at `index`, in text order; empty where one is missing."""
    if not frame.rest:
        return (index,)
    matched, missing = [index], list(frame.rest)
    pool = _beside(parsed, parsed.words[index])
    while missing:
        fit = next(((i, lemma) for lemma in missing for i in pool if i not in matched and _is_lemma(parsed.words[i], lemma)), None)
        if fit is None:
            return _far_phrase(parsed, matched, missing)
        matched.append(fit[0])
        missing.remove(fit[1])
        pool.extend(parsed.children[fit[0]])
    return tuple(sorted(matched))


def _far_phrase(parsed: Parsed, matched: list[int], missing: list[str]) -> tuple[int, ...]:
    """A preposition and its noun that the parser hung on a noun in between: "put its order for the boats on hold"."""
    if len(missing) == 2 and len(matched) == 1 and parsed.words[matched[0]].pos == "VERB":
        for index in range(matched[0] + 2, min(parsed.sentences[parsed.words[matched[0]].sentence].last, matched[0] + FAR)):
            word, before = parsed.words[index], parsed.words[index - 1]
            if _is_lemma(word, missing[1]) and before.pos == "ADP" and _is_lemma(before, missing[0]):
                return (matched[0], index - 1, index)
    return ()


def read_frames(content: Mapping[str, Any], meanings: Mapping[str, Any]) -> tuple[Frame, ...]:
    """The frames of a parsed file, one per predicate; an entry that does not hold together is a `BadVocab` that names it."""
    entries = content.get("frame")
    if not isinstance(entries, list) or not entries:
        raise BadVocab("stages.toml: no [[frame]] entries")
    frames = [frame for number, entry in enumerate(entries, 1) for frame in _read_entry(number, entry, meanings)]
    seen: set[tuple[str | tuple[str, ...], ...]] = set()
    for frame in frames:
        key = (frame.predicate, frame.pos, frame.stage, frame.recipient)
        if key in seen:
            raise BadVocab(f"stages.toml: {frame.pos} {frame.predicate!r} stands twice for stage {frame.stage}; keep one")
        seen.add(key)
    return tuple(frames)


def _read_entry(number: int, entry: Mapping[str, Any], meanings: Mapping[str, Any]) -> list[Frame]:
    predicates = entry.get("predicates", [])
    where = f"stages.toml, frame {number} ({', '.join(map(str, predicates[:2])) or 'no predicates'})"
    unknown = set(entry) - KEYS
    if unknown:
        raise BadVocab(f"{where}: unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(KEYS))}")
    for key in ("predicates", "equipment", "needs"):
        if not entry.get(key) or not all(isinstance(item, str) and item.strip() for item in entry[key]):
            raise BadVocab(f"{where}: {key} must be a list of words, and not empty")
    pos, stage, modality = entry.get("pos"), entry.get("stage"), entry.get("modality", "actual")
    _known(where, "pos", [pos], PARTS)
    _known(where, "stage", [stage], meanings["stage"])
    _known(where, "modality", [modality], [*meanings["modality"], NEGATED])
    _known(where, "needs", entry["needs"], ROLES)
    for role in ROLES:
        _known(where, role, entry.get(role, []), SLOTS)
    examples = tuple(_read_example(where, example, str(stage), str(modality), meanings) for example in entry.get("examples", []))
    return [_frame(predicate, entry, str(pos), str(stage), str(modality), examples) for predicate in predicates]


def _frame(predicate: str, entry: Mapping[str, Any], pos: str, stage: str, modality: str, examples: tuple[Example, ...]) -> Frame:
    head, rest = _split(predicate, pos)
    supplier, recipient, equipment = (tuple(entry.get(role, ())) for role in ROLES)
    weak = bool(entry.get("weak", False)) and not rest
    return Frame(
        predicate, head, rest, pos, stage, modality, supplier, recipient, equipment, tuple(entry["needs"]),
        bool(entry.get("consent", False)), weak, examples,
    )  # fmt: skip


def _read_example(where: str, example: Mapping[str, str], stage: str, modality: str, meanings: Mapping[str, Any]) -> Example:
    unknown = set(example) - {"text", "stage", "modality", *ROLES}
    if unknown or not example.get("text"):
        raise BadVocab(f"{where}: an example needs text, and may name stage, modality and roles; it has {sorted(example)}")
    made = Example(**{"stage": stage, "modality": modality} | dict(example))
    _known(where, "stage", [made.stage], meanings["stage"])
    _known(where, "modality", [made.modality], meanings["modality"])
    return made


def _known(where: str, key: str, values: Iterable[Any], allowed: Iterable[str]) -> None:
    allowed = set(allowed)
    for value in values:
        if value not in allowed:
            raise BadVocab(f"{where}: unknown {key} {value!r}; known are {', '.join(sorted(allowed))}")


def _split(predicate: str, pos: str) -> tuple[str, tuple[str, ...]]:
    """Head and rest: a verb's head comes first; a noun's is the word before its first preposition, else the last."""
    words = predicate.split()
    if pos == "noun":
        stop = next((i for i, word in enumerate(words) if word in SLOTS and i), len(words))
        return words[stop - 1], tuple(words[: stop - 1] + words[stop:])
    return words[0], tuple(words[1:])


@cache
def _index() -> dict[tuple[str, str], tuple[Frame, ...]]:
    index: dict[tuple[str, str], list[Frame]] = {}
    for frame in stage_frames():
        index.setdefault((frame.head, PARTS[frame.pos]), []).append(frame)
    return {key: tuple(frames) for key, frames in index.items()}


def _candidates(word: Word) -> tuple[Frame, ...]:
    pos = OPEN.get(word.pos)
    if pos is None:
        return ()
    found = _index().get((word.lemma.lower(), pos), ())
    if not found and pos == "ADJ" and word.tag in ("VBN", "VBG", "JJ"):
        lemma = participle_lemma(word.text.lower())
        return _index().get((lemma, "VERB"), ()) if lemma != word.text.lower() else ()
    return found


def participle_lemma(text: str) -> str:
    """The verb, if the lexicon knows it, of a participle that the tagger took for an adjective ("scrapped", "ordered"); else the text."""
    for ending in ("ed", "d"):
        stem = text.removesuffix(ending)
        for lemma in (stem, stem[:-1] if stem[-2:-1] == stem[-1:] else stem, stem[:-1] + "y" if stem.endswith("i") else stem):
            if stem != text and (lemma, "VERB") in _index():
                return lemma
    return text


def _beside(parsed: Parsed, word: Word) -> list[int]:
    """Where the words of a predicate may stand: below its head, in the infinitives that hang on it, or over it where it modifies a noun."""
    near = [*parsed.children[word.index], *_complements(parsed, word.index)]
    return [*near, word.head] if word.dep in MODIFIERS else near


def _complements(parsed: Parsed, index: int) -> list[int]:
    """The verbs of a verb's infinitives, and those joined to them: "buy" under "proposed to solve it by buying them"."""
    found: list[int] = []
    stack = [c for c in parsed.children[index] if parsed.words[c].dep == "xcomp"]
    while stack and len(found) < 6:
        top = stack.pop()
        found.append(top)
        for child in parsed.children[top]:
            word = parsed.words[child]
            if word.dep in {"conj", "xcomp"}:
                stack.append(child)
            elif word.dep == "prep":
                stack.extend(c for c in parsed.children[child] if parsed.words[c].dep == "pcomp")
    return found


def _is_lemma(word: Word, lemma: str) -> bool:
    return word.lemma.lower() == lemma or word.text.lower() == lemma
