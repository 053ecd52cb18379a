"""This file lists what a cue may say: the lexicon's own reading of its content, and the others that the sentence allows.

A word that no rule takes for a cue, but that has a subject which can speak, is a cue as well here; whether it says anything, and in which
words, is then for the judge of statements (choosing.py) to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.attribute.content import EDGE, MARKS, Span, act_span, cut, governed_clause, segment, stretch, trim, whole_quotes
from onrecord.attribute.quotes import Quote
from onrecord.attribute.reporting import Cue, core, extent, is_silenced
from onrecord.attribute.subjects import nearer, subject_of
from onrecord.records import Parsed

# How a cue that only its subject speaks for gives its content.
OPEN = "open"
# Verbs that say nothing by themselves.
EMPTY = frozenset({"be", "have", "do"})
# What ends the words before an attribution that stands between commas or closes its sentence.
CLOSES = frozenset(",-—–" + MARKS)
# Where a participle only tells how something is said: "..., he said, commenting on the sale".
ASIDES = frozenset({"advcl", "acl", "pcomp"})
# So few characters (a stop, a mark) may stand between a content and the end of its sentence.
STOP = 4


@dataclass(frozen=True, slots=True)
class Content:
    """Words that a cue may say: how they stand to it (`kind`), first and last offset, whether the lexicon reads it so.

    Kinds: "clause" that it governs, "act" that it is, "own act" without those joined to it, "before", "around" and "behind" it, "segment"
    of its sentence around it, and "on" into the next sentence.
    """

    kind: str
    start: int
    end: int
    by_rule: bool = False

    @property
    def span(self) -> Span:
        """First and past the last code point."""
        return self.start, self.end


def open_cues(parsed: Parsed, known: set[int]) -> Iterator[Cue]:
    """A cue for every verb that no rule knows for one (`known`: those it does) and whose subject, or whose agent, may be a speaker."""
    for word in parsed.words:
        if word.index in known or word.pos not in {"VERB", "AUX"} or word.dep in {"amod", "aux", "auxpass"} or word.lemma.lower() in EMPTY:
            continue
        speaker = nearer(parsed, word, subject_of(parsed, word))
        if speaker is not None and speaker != word.index and not is_silenced(parsed, word, "clause"):
            yield Cue(word.index, speaker, OPEN, *extent(parsed, word, speaker))


def contents(parsed: Parsed, cue: Cue, quotes: list[Quote]) -> list[Content]:
    """What a cue may say, the lexicon's reading first; no two of the same words."""
    found: dict[Span, Content] = {}

    def add(kind: str, span: Span | None, *, by_rule: bool = False) -> None:
        if span is not None:
            found.setdefault(span, Content(kind, *span, by_rule=by_rule))

    rule = cut(parsed, cue, quotes) if cue.content != OPEN else None
    add(cue.content, rule, by_rule=True)
    word = parsed.words[cue.word]
    if word.pos in {"VERB", "AUX"} and not (word.tag == "VBG" and word.dep in ASIDES):
        add("act", trim(parsed, act_span(parsed, cue)))
        add("own act", trim(parsed, act_span(parsed, cue, joined=False)))
        add("clause", governed_clause(parsed, cue, quotes))
    if cue.content == OPEN:
        # What stands beside a verb that no list holds is as a rule nobody's speech.
        return list(found.values())
    low, high = stretch(parsed, cue.word)
    start, end = core(parsed, cue)
    text = parsed.document.text
    closed = bool(text[low:start].strip(EDGE + MARKS)) and text[low:start].rstrip()[-1:] in CLOSES
    goes_on = bool(text[end:high].strip(EDGE + MARKS + "."))
    if closed:
        add("before", trim(parsed, whole_quotes((low, start), quotes)))
    if closed and goes_on:
        add("around", trim(parsed, (low, high)))
        add("segment", trim(parsed, segment(text, low, high, start)))
    if goes_on and (closed or text[end : end + 1] in {",", ":"}):
        add("behind", trim(parsed, (end, high)))
    if rule and high - rule[1] < STOP:
        add("on", _carried_on(parsed, rule, high))
    return list(found.values())


def _carried_on(parsed: Parsed, span: Span, high: int) -> Span | None:
    """The span with the next sentence of its paragraph, as free indirect speech goes on."""
    after = next((sentence for sentence in parsed.sentences if sentence.start >= high), None)
    if after is None or "\n" in parsed.document.text[high : after.start]:
        return None
    return trim(parsed, (span[0], after.end))
