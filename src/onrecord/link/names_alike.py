"""This file says how alike two names are: words are paired, what does not fit is named, and learnt weights make a score of it.

The weights are in vocab/name_weights.json, one for each named feature; training/train_names.py learns them. A score says that two
spellings can be one name. Whether they are one person is decided in link/same_people.py, by role, organisation, state and time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from onrecord import vocab
from onrecord.link.name_sounds import are_nicknames, is_exchanged, sound, sound_likeness, word_likeness
from onrecord.link.name_words import CONSONANTS_ONLY, IDEOGRAPHS, Name, read_name

# Words less alike than this are no spellings of one word. Set on names of our own: Pompeo and Putin .33, Hollande and Rohani .44.
PAIRED = 0.5
# A matching initial proves little more than no clash.
INITIAL = 0.85
# Words that scribes split: at most this many together make one of the other name.
MOST_JOINED = 3
STEPS = (1.0, 0.93, 0.86, 0.8, 0.74, 0.67, 0.6, 0.5)


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of two names that were taken for each other: where they begin and how many they are on each side, how alike, and by what."""

    left: int
    right: int
    left_words: int
    right_words: int
    likeness: float
    how: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two names side by side: the pairs of words, and the places of the words that have no partner."""

    left: Name
    right: Name
    pairs: tuple[Pair, ...]
    left_over: tuple[int, ...]
    right_over: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two names are spellings of one name, 0 to 1, and the reason in words."""

    score: float
    reason: str


def names_alike(one: str, other: str, *, organization: bool = False) -> Likeness:
    """How likely two names are spellings of one, with the reason; names without any letter or figure are like nothing."""
    comparison = side_by_side(one, other, organization=organization)
    if not comparison.left.raw or not comparison.right.raw:
        return Likeness(0.0, "no letters to compare")
    return Likeness(round(score(features(comparison, organization), weights()), 3), reason(comparison))


def side_by_side(one: str, other: str, *, organization: bool = False) -> Comparison:
    """Two names as written with their words paired, in an order of their own, so that it does not matter which is named first."""
    first, second = sorted((one, other))
    return compare(read_name(first, organization), read_name(second, organization))


def compare(left: Name, right: Name) -> Comparison:
    """Two names with their words paired, the most alike first; words that a scribe split or joined are tried where some are left over."""
    skeleton = (left.script in CONSONANTS_ONLY) != (right.script in CONSONANTS_ONLY)
    candidates = list(_single_words(left, right, skeleton))
    comparison = _paired(left, right, candidates)
    if comparison.left_over or comparison.right_over:
        settled = {pair for pair in comparison.pairs if pair.likeness == 1}
        candidates += _joined_words(left, right, settled, skeleton)
        comparison = _paired(left, right, candidates)
    return comparison


def score(found: list[str], learnt: Mapping[str, float]) -> float:
    """The probability that weights give to features, 0 to 1."""
    return 1 / (1 + math.exp(-sum(learnt.get(name, 0.0) for name in found)))


def features(comparison: Comparison, organization: bool) -> list[str]:
    """The names of what tells for or against two names being one; those of organisations stand there a second time for themselves."""
    found = ["bias", *_word_features(comparison), *_letter_features(comparison), *_other_features(comparison, organization)]
    return [*found, *(f"organization:{name}" for name in found)] if organization else found


def reason(comparison: Comparison) -> str:
    """The comparison in words: "tchemisov sounds like chemezov .94; no partner for viktorovich"."""
    left, right = comparison.left.words, comparison.right.words
    said = []
    for pair in comparison.pairs:
        one, other = _joined(left, pair.left, pair.left_words), _joined(right, pair.right, pair.right_words)
        said.append(one if one == other else f"{one} {pair.how} {other} {pair.likeness:.2f}")
    if comparison.left_over and comparison.right_over:
        said.append(f"{' '.join(left[n] for n in comparison.left_over)} against {' '.join(right[n] for n in comparison.right_over)}")
    elif comparison.left_over or comparison.right_over:
        names = [left[n] for n in comparison.left_over] or [right[n] for n in comparison.right_over]
        said.append(f"no partner for {' '.join(names)}")
    return "; ".join(said) or "no words in common"


@cache
def weights() -> Mapping[str, float]:
    """The learnt weights by feature."""
    return dict(vocab.learnt("name_weights", "weights", script="train_names.py")["weights"])


def _paired(left: Name, right: Name, candidates: list[Pair]) -> Comparison:
    pairs: list[Pair] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for pair in sorted(candidates, key=lambda pair: (-pair.likeness, abs(pair.left - pair.right), pair.left)):
        here = set(range(pair.left, pair.left + pair.left_words))
        there = set(range(pair.right, pair.right + pair.right_words))
        if not (here & used_left or there & used_right):
            pairs.append(pair)
            used_left |= here
            used_right |= there
    left_over = tuple(place for place in range(len(left.words)) if place not in used_left)
    right_over = tuple(place for place in range(len(right.words)) if place not in used_right)
    return Comparison(left, right, tuple(sorted(pairs, key=lambda pair: pair.left)), left_over, right_over)


def _single_words(left: Name, right: Name, skeleton: bool) -> Iterator[Pair]:
    """Every pairing of one word with one that could hold."""
    for i, one in enumerate(left.words):
        for j, other in enumerate(right.words):
            if (i in left.initials) != (j in right.initials):
                if one[0] == other[0]:
                    yield Pair(i, j, 1, 1, INITIAL, "is short for" if i in left.initials else "in full is")
            elif (alike := words_alike(one, other, skeleton)) >= PAIRED:
                yield Pair(i, j, 1, 1, alike, _how(one, other) if alike < 1 else "is")


def _joined_words(left: Name, right: Name, settled: set[Pair], skeleton: bool) -> Iterator[Pair]:
    """Pairings of several words that follow each other with one word of the other name, where those words are not settled yet."""
    for size in range(2, MOST_JOINED + 1):
        for here, there in ((size, 1), (1, size)):
            for i in range(len(left.words) - here + 1):
                for j in range(len(right.words) - there + 1):
                    if any(i <= pair.left < i + here or j <= pair.right < j + there for pair in settled):
                        continue
                    one, other = _joined(left.words, i, here), _joined(right.words, j, there)
                    alike = words_alike(one, other, skeleton)
                    apart = max(words_alike(left.words[i + n], right.words[j + m], skeleton) for n in range(here) for m in range(there))
                    if alike >= STEPS[3] and alike > apart:
                        yield Pair(i, j, here, there, alike, "together is")


def _joined(words: tuple[str, ...], start: int, size: int) -> str:
    return "".join(words[start : start + size])


@lru_cache(maxsize=100_000)
def words_alike(one: str, other: str, skeleton: bool) -> float:
    """How alike two words are; as consonants alone where one side's script writes no vowels."""
    if not skeleton:
        return word_likeness(one, other)
    bare = [re.sub(r"[aeiouwy]", "", sound(word)) for word in (one, other)]
    return sound_likeness(*bare) if all(bare) else 0.0


def _how(one: str, other: str) -> str:
    if are_nicknames(one, other):
        return "is another form of"
    return (
        "sounds like"
        if sound_likeness(sound(one), sound(other)) > 1 - OSA.distance(one, other) / max(len(one), len(other))
        else "is spelt like"
    )


def _step(value: float) -> str:
    return next((f"{step:g}" for step in STEPS if value >= step), "less")


def _word_features(comparison: Comparison) -> Iterator[str]:
    """How well the words fit: the weakest pair, what is left over on one side or on both."""
    left, right, pairs = comparison.left, comparison.right, comparison.pairs
    clashes = min(len(comparison.left_over), len(comparison.right_over))
    extra = max(len(comparison.left_over), len(comparison.right_over)) - clashes
    yield f"clash {min(clashes, 2)}"
    yield f"extra {min(extra, 3)}"
    yield f"same words {min(sum(pair.likeness == 1 for pair in pairs), 3)}"
    if pairs:
        weakest = min(pairs, key=lambda pair: pair.likeness)
        yield f"weakest {_step(weakest.likeness)}"
        yield f"weak pairs {min(sum(pair.likeness < STEPS[3] for pair in pairs), 2)}"
        one, other = _joined(left.words, weakest.left, weakest.left_words), _joined(right.words, weakest.right, weakest.right_words)
        if weakest.likeness < 1:
            yield "first letters " + ("same" if one[0] == other[0] else "exchanged" if is_exchanged(one[0], other[0]) else "differ")
            yield f"weakest of {'3' if min(len(one), len(other)) <= 3 else '5' if min(len(one), len(other)) <= 5 else 'more'} letters"
    if clashes and (best := _best_clash(comparison)):
        yield f"clash like {_step(best)}"
    if extra and not clashes:
        over, words = (comparison.left_over, left.words) if comparison.left_over else (comparison.right_over, right.words)
        yield "extra " + ("first" if over[0] == 0 else "last" if over[-1] == len(words) - 1 else "between")
        if min(len(left.words), len(right.words)) == 1:
            yield "extra to one word"
    yield from sorted({pair.how for pair in pairs if pair.likeness < 1})


def _best_clash(comparison: Comparison) -> float:
    return max(
        word_likeness(comparison.left.words[i], comparison.right.words[j]) for i in comparison.left_over for j in comparison.right_over
    )  # fmt: skip


def _letter_features(comparison: Comparison) -> Iterator[str]:
    """How many letters must change in all, once the words stand in the same order."""
    left, right = comparison.left, comparison.right
    one = "".join(_joined(left.words, pair.left, pair.left_words) for pair in comparison.pairs)
    other = "".join(_joined(right.words, pair.right, pair.right_words) for pair in comparison.pairs)
    one += "".join(left.words[place] for place in comparison.left_over)
    other += "".join(right.words[place] for place in comparison.right_over)
    edits = OSA.distance(one, other)
    yield f"edits {edits if edits < 5 else '5' if edits < 8 else '8'}"
    yield f"whole {_step(1 - edits / max(len(one), len(other), 1))}"
    yield f"{min(edits, 4)} edits in {min(len(one) // 5, 4) * 5}"
    yield f"{min(edits, 4)} edits with clash" if comparison.left_over and comparison.right_over else f"{min(edits, 4)} edits without clash"
    heard = OSA.distance(sound(one), sound(other))
    yield f"heard {min(heard, 4)}"
    yield f"letters {_step(1 - OSA.distance(left.raw, right.raw) / max(len(left.raw), len(right.raw)))}"


def _other_features(comparison: Comparison, organization: bool) -> Iterator[str]:
    """Order, numbers, legal forms, script."""
    left, right, pairs = comparison.left, comparison.right, comparison.pairs
    if any(before.right > after.right for before, after in zip(pairs, pairs[1:], strict=False)):
        yield "other order"
    if any((child, parent) in right.children for parent, child in left.children):
        yield "child and parent changed"
    if left.numbers != right.numbers:
        yield "numbers differ" if left.numbers and right.numbers else "number on one side"
    if organization and (left.forms or right.forms):
        yield "forms " + ("same" if left.forms & right.forms else "differ" if left.forms and right.forms else "on one side")
    if left.script != right.script:
        yield "scripts differ"
    elif left.script.startswith(IDEOGRAPHS) and left.raw != right.raw:
        yield "other characters"
    if _is_short_for(left, right) or _is_short_for(right, left):
        yield "initials of all words"
    over = [left.words[n] for n in comparison.left_over] + [right.words[n] for n in comparison.right_over]
    if any(word in _places() for word in over):
        yield "place left over"


def _is_short_for(short: Name, full: Name) -> bool:
    """Whether a name is made of the first letters of another's words: PLA, People's Liberation Army."""
    return len(short.words) == 1 and len(full.words) > 2 and short.words[0] == "".join(word[0] for word in full.words)


@cache
def _places() -> frozenset[str]:
    """Words of the names of states, in small letters."""
    names = (name for row in vocab.table("states") for column in ("name", "adjectives", "aliases") for name in vocab.cells(row[column]))
    return frozenset(word for name in names for word in re.findall(r"[a-z]{4,}", name.lower()))
