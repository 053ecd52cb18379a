"""This file finds the cues of attribution in the parse: reporting verbs, "according to", "in the words of", nouns that carry a clause.

A cue knows its speaker's word and which words are the attribution's own; the verbs and how they give content are attribution.toml's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord import vocab
from onrecord.attribute.frames import Frame, frames, lemma_of
from onrecord.attribute.subjects import SUBJECTS, nearer, nouns_after, subject_of
from onrecord.records import Parsed, Word
from onrecord.syntax import kids, subtree

# Children of a reporting verb that belong to what is said, or to another clause, not to the attribution.
OUTSIDE = frozenset({"ccomp", "parataxis", "conj", "cc", "punct", "dep"})


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
    soft: bool = False
    alternatives: tuple[int, ...] = ()


def find_cues(parsed: Parsed) -> Iterator[Cue]:
    """Every attribution cue, in text order."""
    table, words = frames(), vocab.words("attribution")
    light, sources = words["light"], words["sources"]
    for word in parsed.words:
        lemma = lemma_of(word)
        if word.pos in {"VERB", "AUX"} and lemma in table and word.dep != "amod":
            cue = _verb_cue(parsed, word, table[lemma])
            if cue:
                yield cue
        elif lemma in sources["according"] or word.text.lower() in sources["according"]:
            yield from _according_cue(parsed, word)
        elif word.pos == "NOUN" and lemma in sources["nouns"] and word.dep == "pobj":
            yield from _words_of_cue(parsed, word, sources["prepositions"])
        elif word.pos == "NOUN" and lemma in words["nouns"]["lemmas"] and _clause_of(parsed, word):
            yield from _noun_cue(parsed, word)
        elif word.tag in {"NNS", "NNPS", "NN"} and lemma in table:
            yield from _mistagged_cue(parsed, word)
        if lemma in light["words"]:
            yield from _light_cue(parsed, word, light["verbs"])


def core(parsed: Parsed, cue: Cue) -> tuple[int, int]:
    """First and last offset of the words of the attribution itself."""
    return parsed.words[cue.first].start, parsed.words[cue.last - 1].end


def _verb_cue(parsed: Parsed, word: Word, options: tuple[Frame, ...]) -> Cue | None:
    content, frame = next(((kind, f) for f in options if (kind := _content(parsed, word, f))), (None, None))
    if content is None or frame is None or is_silenced(parsed, word, content):
        return None
    if content == "act" and any(
        _clause_of(parsed, child) and child.lemma in vocab.words("attribution")["nouns"]["lemmas"]
        for child in kids(parsed, word.index, "dobj")
    ):
        return None
    speaker = nearer(parsed, word, subject_of(parsed, word))
    first, last = extent(parsed, word, speaker)
    return Cue(word.index, speaker, content, first, last, soft=frame.content == "both", alternatives=nouns_after(parsed, word))


def turned(parsed: Parsed, cue: Cue, speaker: int) -> Cue:
    """The cue read as "declared the minister": the speaker stands behind the verb, up to the next comma or the end."""
    sentence = parsed.sentences[parsed.words[cue.word].sentence]
    last = speaker
    while last + 1 < sentence.last and parsed.words[last + 1].text not in {",", ".", ";", ":", '"', "("}:
        last += 1
    after = parsed.words[last + 2] if last + 2 < sentence.last and parsed.words[last + 1].text == "," else None
    if after is not None and (after.tag == "VBG" or after.text.lower() in {"who", "which", "whose", "whom"}):
        last = sentence.last - 2
    return Cue(cue.word, speaker, "clause", cue.word, last + 1)


def _content(parsed: Parsed, word: Word, frame: Frame) -> str | None:
    """Whether the frame holds for this verb here, and which content it then gives."""
    below = kids(parsed, word.index)
    if frame.prepositions and not any(_is_preposition(parsed, child, frame) for child in below):
        return None
    if frame.particle and not any(child.dep in {"prt", "advmod", "prep"} and child.text.lower() == frame.particle for child in below):
        return None
    if not frame.particle and any(child.dep == "prt" for child in below):
        return None
    if frame.second and not any(
        child.dep in {"oprd", "attr"} or (child.dep == "ccomp" and not _is_finite(parsed, child)) for child in below
    ):
        return None
    if (
        frame.content == "clause"
        and any(child.dep == "xcomp" and child.index > word.index for child in below)
        and not kids(parsed, word.index, "ccomp")
    ):
        return None
    if frame.clause and not any(child.dep == "ccomp" for child in below):
        return None
    if frame.content != "both":
        return frame.content
    if any(child.dep == "ccomp" and _is_finite(parsed, child) for child in below):
        return "clause"
    return "act" if any(child.dep in {"dobj", "prep", "xcomp", "ccomp"} for child in below) else "clause"


def _is_preposition(parsed: Parsed, child: Word, frame: Frame) -> bool:
    """Whether a child is one of the frame's prepositions; "at" asks for a number below it."""
    low = child.text.lower()
    if child.dep not in {"prep", "agent", "mark"} or low not in frame.prepositions:
        return False
    return low != "at" or any(parsed.words[deep].pos == "NUM" for deep in subtree(parsed, child.index))


def _is_finite(parsed: Parsed, word: Word) -> bool:
    verbs = [word, *kids(parsed, word.index, "aux", "auxpass", "cop")]
    return any(verb.tag in {"VBD", "VBP", "VBZ", "MD"} for verb in verbs)


def is_silenced(parsed: Parsed, word: Word, content: str) -> bool:
    """Whether nothing is said: "did not say", "declined to say", "to say", "if he says"."""
    if kids(parsed, word.index, "neg") or any(
        child.text.lower() in {"neither", "nor"} for child in kids(parsed, word.index, "preconj", "cc", "advmod")
    ):
        return True
    if word.index and parsed.words[word.index - 1].text.lower() == "nor":
        return True
    if content == "act" and (
        kids(parsed, word.index, "dative") or any(child.text.lower().endswith(("self", "selves")) for child in kids(parsed, word.index))
    ):
        return True
    marks = {child.text.lower() for child in kids(parsed, word.index, "mark", "aux")}
    if marks & {"if", "whether", "unless"}:
        return True
    if word.tag != "VB" or "to" not in marks or kids(parsed, word.index, *SUBJECTS):
        return False
    return parsed.words[word.head].lemma not in vocab.words("attribution")["habit"]["verbs"]


def extent(parsed: Parsed, word: Word, speaker: int | None) -> tuple[int, int]:
    """The words of the attribution: verb, auxiliaries, speaker, and what follows the verb without being said."""
    own = {word.index}
    for child in kids(parsed, word.index):
        left = child.index < word.index
        if (
            child.dep in OUTSIDE
            or _is_condition(parsed, child)
            or (left and child.dep in {"advcl", "prep", "npadvmod"})
            or (left and child.dep == "advmod" and child.index < word.index - 1)
        ):
            continue
        own.update(subtree(parsed, child.index))
    if speaker is not None and parsed.words[speaker].dep != "pobj" and word.dep not in {"relcl", "acl"}:
        below = set(subtree(parsed, speaker))
        own.update(below if word.index not in below else {speaker})
    first = last = word.index
    while first - 1 in own or (first - 2 in own and parsed.words[first - 1].pos in {"PUNCT", "ADV"}):
        first -= 1
    while last + 1 in own or (last + 2 in own and parsed.words[last + 1].text == ","):
        last += 1
    return first, last + 1


def _is_condition(parsed: Parsed, child: Word) -> bool:
    """Whether a child of the verb is part of what is said: "..., he said, provided that", "..., she said, if need be"."""
    if child.dep == "advmod":
        return len(list(subtree(parsed, child.index))) > 3
    if child.dep == "xcomp":
        return parsed.words[min(subtree(parsed, child.index)) - 1].text == ","
    return child.text.lower() in {"provided", "providing"} or (child.dep == "advcl" and child.tag != "VBG")


def _mistagged_cue(parsed: Parsed, word: Word) -> Iterator[Cue]:
    """A reporting verb that closes its sentence and was read as a plural noun: "..., the ministry stresses."."""
    sentence = parsed.sentences[word.sentence]
    after = parsed.words[word.index + 1] if word.index + 1 < sentence.last else None
    comma = next((i for i in range(word.index - 1, max(sentence.first, word.index - 14), -1) if parsed.words[i].text in {",", '"'}), None)
    if (after is not None and after.pos != "PUNCT") or comma is None or word.index - comma < 2 or not word.text.endswith(("s", "ed")):
        return
    nouns = [i for i in range(comma + 1, word.index) if parsed.words[i].pos in {"NOUN", "PROPN"}]
    if nouns:
        yield Cue(word.index, nouns[-1], "clause", comma + 1, word.index + 1, alternatives=tuple(nouns))


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


def _clause_of(parsed: Parsed, word: Word) -> Word | None:
    """The that-clause that a noun carries: "the remark that", "his conviction that"."""
    clauses = [
        child
        for child in kids(parsed, word.index, "acl", "ccomp")
        if any(m.text.lower() == "that" for m in kids(parsed, child.index, "mark"))
    ]
    return clauses[0] if clauses else None


def _noun_cue(parsed: Parsed, word: Word) -> Iterator[Cue]:
    """A noun that carries a that-clause: its owner speaks, or the subject of the verb that it hangs on."""
    owners = [owner.index for owner in kids(parsed, word.index, "poss") if owner.text.lower() not in {"its", "their"}]
    for prep in kids(parsed, word.index, "prep"):
        if prep.text.lower() in {"of", "by", "from"}:
            owners += [deep.index for deep in kids(parsed, prep.index, "pobj")]
    verb = parsed.words[word.head]
    if verb.pos == "ADP":
        verb = parsed.words[verb.head]
    if not owners and verb.pos == "VERB":
        subject = subject_of(parsed, verb)
        owners = [] if subject is None else [subject]
    if owners:
        yield Cue(word.index, owners[0], "clause", word.index, word.index + 1)


def _light_cue(parsed: Parsed, word: Word, verbs: list[str]) -> Iterator[Cue]:
    verb = word
    for _ in range(3):
        verb = parsed.words[verb.head]
        if verb.lemma in verbs:
            break
    if verb.lemma not in verbs or verb.sentence != word.sentence:
        return
    speaker = subject_of(parsed, verb)
    if speaker is not None:
        yield Cue(word.index, speaker, "clause", min(min(subtree(parsed, speaker)), verb.index), word.index + 1)
