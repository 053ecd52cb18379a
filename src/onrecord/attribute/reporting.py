"""This file finds the cues of attribution in the parse: reporting verbs, "according to", "in the words of", nouns that carry a clause.

A cue knows its speaker's word and, where syntax tells, what is said. Which verb gives its content in which way is read from attribution.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from onrecord import vocab
from onrecord.records import Parsed, Word
from onrecord.syntax import kids, subtree

CLAUSES = frozenset({"ccomp", "parataxis"})
# Children of a reporting verb that belong to what is said, or to another clause, not to the attribution.
OUTSIDE = frozenset({"ccomp", "parataxis", "conj", "cc", "punct", "dep"})
SUBJECTS = ("nsubj", "nsubjpass")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a reporting verb gives its content: "clause", "act" or "both", and what must stand below it for the frame to hold."""

    content: str
    prepositions: frozenset[str] = frozenset()
    particle: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that attributes: `word` is its index, `speaker` the index of the speaker's head word, `[first, last)` the attribution's words.

    `content` is "clause" where what is said stands beside the cue, "act" where the cue itself says it.
    """

    word: int
    speaker: int | None
    content: str
    first: int
    last: int
    paper: bool = False


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """The reporting verbs' frames by lemma, as attribution.toml gives them."""
    found: dict[str, list[Frame]] = {}
    for entry in vocab.words("attribution")["verbs"]:
        frame = Frame(entry["content"], frozenset(entry.get("with", ())), entry.get("particle", ""), entry.get("second", False))
        for lemma in entry["lemmas"]:
            found.setdefault(lemma, []).append(frame)
    return {lemma: tuple(entries) for lemma, entries in found.items()}


def find_cues(parsed: Parsed) -> Iterator[Cue]:
    """Every attribution cue, in text order."""
    table, words = frames(), vocab.words("attribution")
    light, sources = words["light"], words["sources"]
    for word in parsed.words:
        lemma = word.lemma.lower()
        if word.pos in {"VERB", "AUX"} and lemma in table:
            cue = _verb_cue(parsed, word, table[lemma])
            if cue:
                yield cue
        elif lemma in sources["according"] or word.text.lower() in sources["according"]:
            yield from _according_cue(parsed, word)
        elif word.pos == "NOUN" and lemma in sources["nouns"] and word.dep == "pobj":
            yield from _words_of_cue(parsed, word, sources["prepositions"])
        if lemma in light["words"] and word.dep in {"ccomp", "xcomp", "acomp", "oprd"}:
            yield from _light_cue(parsed, word, light["verbs"])


def core(parsed: Parsed, cue: Cue) -> tuple[int, int]:
    """First and last offset of the words of the attribution itself."""
    return parsed.words[cue.first].start, parsed.words[cue.last - 1].end


def _verb_cue(parsed: Parsed, word: Word, options: tuple[Frame, ...]) -> Cue | None:
    content = next((kind for kind in (_content(parsed, word, frame) for frame in options) if kind), None)
    if content is None or _is_silenced(parsed, word, content):
        return None
    speaker = _subject(parsed, word)
    first, last = _extent(parsed, word, speaker)
    return Cue(word.index, speaker, content, first, last)


def _content(parsed: Parsed, word: Word, frame: Frame) -> str | None:
    """Whether the frame holds for this verb here, and which content it then gives."""
    below = kids(parsed, word.index)
    if frame.prepositions and not any(child.dep in {"prep", "agent"} and child.text.lower() in frame.prepositions for child in below):
        return None
    if frame.particle and not any(child.dep in {"prt", "advmod", "prep"} and child.text.lower() == frame.particle for child in below):
        return None
    if frame.second and not any(
        child.dep in {"oprd", "attr"} or (child.dep == "ccomp" and not _is_finite(parsed, child)) for child in below
    ):
        return None
    if frame.content != "both":
        return frame.content
    if any(child.dep == "ccomp" and _is_finite(parsed, child) for child in below):
        return "clause"
    return "act" if any(child.dep in {"dobj", "prep", "xcomp", "ccomp"} for child in below) else "clause"


def _is_finite(parsed: Parsed, word: Word) -> bool:
    verbs = [word, *kids(parsed, word.index, "aux", "auxpass", "cop")]
    return any(verb.tag in {"VBD", "VBP", "VBZ", "MD"} for verb in verbs)


def _is_silenced(parsed: Parsed, word: Word, content: str) -> bool:
    """Whether nothing is said: "did not say", "declined to say", "to say", "if he says"."""
    if content == "clause" and kids(parsed, word.index, "neg"):
        return True
    marks = {child.text.lower() for child in kids(parsed, word.index, "mark", "aux")}
    if marks & {"if", "whether", "unless"}:
        return True
    return word.tag == "VB" and "to" in marks and not kids(parsed, word.index, *SUBJECTS)


def _subject(parsed: Parsed, word: Word) -> int | None:
    """The word that heads the speaker: the verb's own subject, the one it shares, its by-agent, or the noun that it hangs on."""
    seen = 0
    at = word
    while seen < 6:
        own = kids(parsed, at.index, *SUBJECTS)
        if own:
            return _subject_or_agent(parsed, at, own[-1] if at.index != word.index else min(own, key=lambda w: abs(w.index - at.index)))
        agents = [grandchild for child in kids(parsed, at.index, "agent") for grandchild in kids(parsed, child.index, "pobj")]
        if agents:
            return agents[0].index
        if at.dep in {"acl", "relcl"}:
            return at.head
        if at.dep not in {"conj", "advcl", "xcomp", "pcomp", "prep"} or at.head == at.index:
            return None
        if at.dep == "advcl" and at.tag != "VBG":
            return None
        at, seen = parsed.words[at.head], seen + 1
    return None


def _subject_or_agent(parsed: Parsed, verb: Word, subject: Word) -> int | None:
    if subject.dep == "nsubjpass":
        agents = [grandchild for child in kids(parsed, verb.index, "agent") for grandchild in kids(parsed, child.index, "pobj")]
        if agents:
            return agents[0].index
        return subject.index if verb.lemma in {"quote", "cite"} else None
    if subject.tag in {"WP", "WDT"} and verb.dep == "relcl":
        return verb.head
    return subject.index


def _extent(parsed: Parsed, word: Word, speaker: int | None) -> tuple[int, int]:
    """The words of the attribution: verb, auxiliaries, speaker, and what follows the verb without being said."""
    own = {word.index}
    for child in kids(parsed, word.index):
        if (
            child.dep in OUTSIDE
            or (child.dep == "advcl" and child.index < word.index)
            or (child.index < word.index and child.dep in {"prep", "npadvmod"})
        ):
            continue
        if child.index < word.index - 1 and child.dep == "advmod":
            continue
        own.update(subtree(parsed, child.index))
    if (
        speaker is not None
        and parsed.words[speaker].sentence == word.sentence
        and not any(parsed.words[speaker].dep == dep for dep in ("pobj",))
        and word.dep not in {"relcl", "acl"}
    ):
        own.update(subtree(parsed, speaker) if word.index not in set(subtree(parsed, speaker)) else {speaker})
    first = last = word.index
    while first - 1 in own:
        first -= 1
    while last + 1 in own:
        last += 1
    if speaker is not None and first > speaker >= min(own):
        first = min(own) if word.index - min(own) < 30 else first
    return first, last + 1


def _according_cue(parsed: Parsed, word: Word) -> Iterator[Cue]:
    to = next((child for child in kids(parsed, word.index, "prep") if child.text.lower() == "to"), None)
    heads = kids(parsed, (to or word).index, "pobj")
    if heads:
        reach = list(subtree(parsed, word.index))
        yield Cue(word.index, heads[0].index, "clause", min(reach), max(reach) + 1, paper=True)


def _words_of_cue(parsed: Parsed, word: Word, prepositions: list[str]) -> Iterator[Cue]:
    preposition = parsed.words[word.head]
    if preposition.text.lower() not in prepositions:
        return
    owners = kids(parsed, word.index, "poss")
    owners += [
        deep for child in kids(parsed, word.index, "prep") if child.text.lower() == "of" for deep in kids(parsed, child.index, "pobj")
    ]
    if owners:
        reach = list(subtree(parsed, preposition.index))
        yield Cue(word.index, owners[0].index, "clause", min(reach), max(reach) + 1, paper=True)


def _light_cue(parsed: Parsed, word: Word, verbs: list[str]) -> Iterator[Cue]:
    verb = parsed.words[word.head]
    for _ in range(2):
        if verb.lemma in verbs:
            break
        verb = parsed.words[verb.head]
    if verb.lemma not in verbs or not kids(parsed, word.index, "ccomp") + kids(parsed, verb.index, "ccomp"):
        return
    speaker = _subject(parsed, verb)
    if speaker is not None:
        yield Cue(word.index, speaker, "clause", min(speaker, verb.index), word.index + 1)
