"""Turns annotated reports into what the judge of statements learns from: which words each cue says, if any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judge_data import Example

from onrecord.attribute.quotes import find_quotes
from onrecord.attribute.said import beliefs_of
from onrecord.attribute.speaker import Speaker
from onrecord.attribute.speakers import Speakers
from onrecord.attribute.tellings import Telling, meet, tellings
from onrecord.measure.score import same_name, shared_part
from onrecord.records import Parsed

# A content is the gold's when they share at least half of their characters together, as the scorer has it.
SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Taught:
    """A telling with whether each of its contents is what the gold has this speaker say, and the best of those; None where none is."""

    telling: Telling
    right: list[bool]
    best: int | None


def taught(parsed: Parsed, gold: dict) -> Iterator[Taught]:
    """Every telling of a report beside its gold; the speakers met are those of the lexicon's own readings."""
    text = gold["text"]
    speakers = Speakers(parsed)
    said = [(text.find(s["content"]), len(s["content"]), s) for s in gold["statements"]]
    spans = [(start, start + size, statement) for start, size, statement in said if start >= 0]
    for telling in tellings(parsed, find_quotes(parsed), speakers):
        mine = [(start, end) for start, end, statement in spans if _is_of(statement, telling.speaker, text)]
        shares = [max((shared_part(content.span, span) for span in mine), default=0.0) for content in telling.contents]
        best = max(range(len(shares)), key=shares.__getitem__)
        yield Taught(telling, [share >= SHARED for share in shares], best if shares[best] >= SHARED else None)
        if telling.by_rule is not None:
            meet(telling, speakers)


def statement_examples(number: int, parsed: Parsed, gold: dict) -> Iterator[Example]:
    """Every choice of what a cue says; of several contents that are right the best stands for them."""
    for each in taught(parsed, gold):
        telling = each.telling
        kept = [at for at, right in enumerate(each.right) if not right or at == each.best]
        heard = beliefs_of(parsed, telling.cue, telling.speaker, telling.contents)
        beliefs = None if heard is None else [heard[0], *(heard[at + 1] for at in kept)]
        candidates = [["nothing said"], *(telling.readings[at] for at in kept)]
        yield number, candidates, 0 if each.best is None else kept.index(each.best) + 1, beliefs


def _is_of(statement: dict, speaker: Speaker, text: str) -> bool:
    """Whether a gold statement is this speaker's, as the scorer compares names."""
    return same_name(statement["speaker"], speaker.name) or same_name(statement["as_written"], text[speaker.start : speaker.end])
