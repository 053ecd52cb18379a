"""This file tells a word's part of speech and its dictionary form by spaCy's own rules, each worked out once.

spaCy matches 179 patterns against every word of a text. All but a few of them look at one word alone: at its tag, its label in the
sentence's tree, whether it is white space, and at its form only where a pattern names that form. So what they give is kept, for most
words by tag and label. Where one of the few patterns that look at two words may match, those words are given to spaCy together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

# What is kept; when there is more, all is worked out anew.
MOST_WORDS = 50_000
# What the patterns may look at, for what they give to be kept as it is here.
LOOKED_AT = frozenset({"TAG", "DEP", "IS_SPACE", "LOWER"})


class Attributes(NamedTuple):
    """What the rules make of a word: its dictionary form, part of speech, tag and label in the tree; the last two may be mended."""

    lemma: str
    pos: str
    tag: str
    dep: str


class Ruled(NamedTuple):
    """What the patterns make of a word; no dictionary form ("") where it follows from the word's form by the lemmatizer."""

    lemma: str
    pos: str
    morph: str
    tag: str
    dep: str


# A word as written, its tag and its label in the tree.
Known = tuple[str, str, str]


class WordAttributes:
    """The rules of a pipeline and what they gave so far."""

    def __init__(self, pipeline: Language) -> None:
        from spacy.matcher import Matcher

        self._vocab = pipeline.vocab
        self._ruler: Any
        self._lemmatizer: Any
        self._ruler, self._lemmatizer = (pipeline.get_pipe(name) for name in ("attribute_ruler", "lemmatizer"))
        # The lemmatizer asks of every new word whether some ten forms are known, in lists of thousands.
        known = self._lemmatizer.lookups.get_table("lemma_index")
        for pos in list(known):
            known[pos] = dict.fromkeys(known[pos])
        patterns = [pattern for rule in self._ruler.patterns for pattern in rule["patterns"]]
        if any(len(pattern) > 2 or not step.keys() <= LOOKED_AT for pattern in patterns for step in pattern):
            raise ValueError("a rule of the pipeline looks at more than onrecord knows to keep")
        self._named = re.compile("|".join(dict.fromkeys(form for pattern in patterns for step in pattern for form in _forms(step))))
        self._openers = Matcher(pipeline.vocab)
        self._openers.add("opener", [pattern[:1] for pattern in patterns if len(pattern) == 2])
        self._alone: dict[Known, Attributes | None] = {}
        self._together: dict[tuple[Known, ...], list[Attributes]] = {}
        self._ruled: dict[tuple[str, str, str, bool], Ruled | None] = {}

    def learn(self, words: Iterable[Known]) -> None:
        """Works out at once the attributes of all words not met before."""
        if len(self._alone) > MOST_WORDS:
            self._alone.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._alone]
        ruled = [self._by_itself(word) for word in new]
        lone = [(word, rule) for word, rule in zip(new, ruled, strict=True) if rule is not None]
        self._alone.update((word, None) for word in new)
        self._alone.update(zip((word for word, _ in lone), self._with_lemmas([(word[0], rule) for word, rule in lone]), strict=True))

    def of(self, words: Sequence[Known]) -> list[Attributes]:
        """The attributes of the words of a text, in order; all of them learnt before."""
        found: list[Attributes] = []
        together: list[Known] = []
        for word, held in zip(words, map(self._alone.__getitem__, words), strict=True):
            if held is None:
                together.append(word)
            elif together:
                found += self._chain((*together, word))
                together = []
            else:
                found.append(held)
        return found + self._chain(tuple(together)) if together else found

    def _by_itself(self, word: Known) -> Ruled | None:
        """What the patterns make of a word; None for one that may be the first of two that a pattern looks at."""
        form, tag, dep = word
        lower = form.lower()
        kind = (lower if self._named.fullmatch(lower) else "", tag, dep, form.isspace())
        if kind not in self._ruled:
            doc = self._doc([word])
            self._ruled[kind] = None if self._openers(doc, allow_missing=True) else _ruled(self._ruler(doc)[0])
        return self._ruled[kind]

    def _with_lemmas(self, words: Sequence[tuple[str, Ruled]]) -> list[Attributes]:
        """The attributes of words as written, by what the patterns make of them and by the lemmatizer."""
        from spacy.tokens import Doc

        doc = Doc(self._vocab, words=[w for w, _ in words], pos=[r.pos for _, r in words], morphs=[r.morph for _, r in words])
        lemmas = [token.lemma_ for token in self._lemmatizer(doc)]
        return [Attributes(rule.lemma or lemma, rule.pos, rule.tag, rule.dep) for (_, rule), lemma in zip(words, lemmas, strict=True)]

    def _chain(self, words: tuple[Known, ...]) -> list[Attributes]:
        """The attributes of words that stand one behind another, all but the last of which may be the first of two."""
        if words not in self._together:
            if len(self._together) >= MOST_WORDS:
                self._together.clear()
            self._together[words] = self._with_lemmas([(token.text, _ruled(token)) for token in self._ruler(self._doc(words))])
        return self._together[words]

    def _doc(self, words: Sequence[Known]) -> Doc:
        from spacy.tokens import Doc

        forms, tags, labels = zip(*words, strict=True)
        return Doc(self._vocab, words=list(forms), tags=list(tags), deps=list(labels), heads=list(range(len(forms))))


def _ruled(token: Token) -> Ruled:
    return Ruled(token.lemma_, token.pos_, str(token.morph), token.tag_, token.dep_)


def _forms(step: Mapping[str, Any]) -> Iterator[str]:
    """The forms that one step of a pattern names, as regular expressions."""
    lower = step.get("LOWER")
    if isinstance(lower, str):
        yield re.escape(lower)
    elif lower is not None:
        if not lower.keys() <= {"IN", "REGEX"}:
            raise ValueError("a rule of the pipeline looks at forms in a way that onrecord does not know")
        yield from map(re.escape, lower.get("IN", ()))
        if "REGEX" in lower:
            # A pattern of a rule may match within a form.
            yield f".*(?:{lower['REGEX']}).*"
