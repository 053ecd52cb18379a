"""Walks over a parsed text: the words below a word, the arguments of a predicate, the mention that a word heads.

Arguments are named as frames name them, so that passive and active, verb and noun read alike:
`subject` (who does it: nsubj of an active verb, by-agent of a passive one, possessor or by-phrase of a noun),
`object` (what it is done to: dobj, nsubjpass, of-phrase of a noun), `dative`, and prepositions by their own word ("to", "from", "for").
"""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.records import Mention, Parsed, Sentence, Word


def subtree(parsed: Parsed, index: int) -> Iterator[int]:
    """Every word index below and including `index`, in no fixed order."""
    stack = [index]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(parsed.children[top])


def subtree_span(parsed: Parsed, index: int) -> tuple[int, int]:
    """First and last character offset of a word's subtree (half-open)."""
    reach = list(subtree(parsed, index))
    return parsed.words[min(reach)].start, parsed.words[max(reach)].end


def ancestors(parsed: Parsed, index: int) -> Iterator[Word]:
    """The words above `index`, nearest first, up to the root of its sentence."""
    word = parsed.words[index]
    while word.head != word.index:
        word = parsed.words[word.head]
        yield word


def kids(parsed: Parsed, index: int, *deps: str) -> list[Word]:
    """The children of a word that bear one of the dependency labels (all children when none is named)."""
    words, below = parsed.words, parsed.children[index]
    return [words[child] for child in below if words[child].dep in deps] if deps else [words[child] for child in below]


def climb(parsed: Parsed, index: int, *deps: str) -> Word:
    """The word itself or, while that hangs on another one by one of these labels, the word above."""
    word = parsed.words[index]
    while word.dep in deps and word.head != word.index:
        word = parsed.words[word.head]
    return word


def is_passive(parsed: Parsed, index: int) -> bool:
    """Whether a verb is passive: by an auxpass or nsubjpass child, as a participle that modifies a noun, or joined to a passive verb."""
    word = parsed.words[index]
    if kids(parsed, index, "auxpass", "nsubjpass"):
        return True
    if word.tag != "VBN" or kids(parsed, index, "aux", "nsubj"):
        return False
    # "were built and sold by", but not "had ordered and received": the participle is what the one before it is.
    return word.dep in {"acl", "amod", "advcl"} or (word.dep == "conj" and word.head < index and is_passive(parsed, word.head))


def sentence_of(parsed: Parsed, index: int) -> Sentence:
    """The sentence that a word stands in."""
    return parsed.sentences[parsed.words[index].sentence]


def word_at(parsed: Parsed, offset: int) -> Word | None:
    """The word that covers a character offset, or the next one after it; None past the last."""
    low, high = 0, len(parsed.words)
    while low < high:
        middle = (low + high) // 2
        if parsed.words[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return parsed.words[low] if low < len(parsed.words) else None


def words_in(parsed: Parsed, start: int, end: int) -> Iterator[Word]:
    """The words that a stretch of text touches, in order."""
    word = word_at(parsed, start)
    while word is not None and word.start < end:
        yield word
        word = parsed.words[word.index + 1] if word.index + 1 < len(parsed.words) else None


def head_word(parsed: Parsed, start: int, end: int) -> Word | None:
    """The syntactic head of a stretch of text: its word whose own head lies outside it."""
    first = word_at(parsed, start)
    if first is None:
        return None
    index = first.index
    while index < len(parsed.words) and parsed.words[index].start < end:
        word = parsed.words[index]
        if word.head == word.index or not start <= parsed.words[word.head].start < end:
            return word
        index += 1
    return first


def mentions_in(parsed: Parsed, start: int, end: int, *kinds: str) -> list[Mention]:
    """The mentions that lie wholly inside `[start, end)`, of the kinds named (all when none is named), in text order."""
    return [m for m in parsed.mentions if start <= m.start and m.end <= end and (not kinds or m.kind in kinds)]


# Below a clause's verb these open another clause or stand outside it.
_OTHER_CLAUSES = frozenset({"conj", "cc", "punct", "parataxis", "advcl"})
_NOMINAL = frozenset(
    {"dobj", "nsubj", "nsubjpass", "pobj", "attr", "compound", "conj", "prep", "poss", "appos", "amod", "acl", "xcomp", "oprd"}
)


def clause_span(parsed: Parsed, index: int) -> tuple[int, int]:
    """The smallest clause around a word, as offsets: its verb with all that hangs on it, without clauses beside it."""
    word = parsed.words[index]
    while word.head != word.index and (word.pos not in {"VERB", "AUX"} or word.dep == "xcomp") and word.dep in _NOMINAL:
        word = parsed.words[word.head]
    reach, stack = [], [word.index]
    while stack:
        top = stack.pop()
        reach.append(top)
        stack.extend(c for c in parsed.children[top] if top != word.index or parsed.words[c].dep not in _OTHER_CLAUSES)
    low, high = min(min(reach), index), max(max(reach), index)
    return parsed.words[low].start, parsed.words[high].end
