"""This file tells at whom an act that names nobody is directed: a refusal answers the last demand, one sentence's acts share a target.

"Paris demanded that Lima give up the deal. Lima refused to make concessions": it is Paris that was refused. "Oslo demanded a halt,
threatening to cancel the delivery to Peru": the demand went to Peru.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.extract.events_frames import Match
from onrecord.extract.events_parties import Filler
from onrecord.extract.events_readings import Reading
from onrecord.records import Parsed

# What a refusal answers, and what one sentence may tell of together.
ASKING = frozenset({"REQUEST", "THREATEN"})
TOGETHER = frozenset({"REQUEST", "THREATEN", "SANCTION"})
SLOTTED = frozenset({"slot", "first", "others"})
# A refusal answers a demand of its own sentence or of this many before it.
REACH = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """A match with its likeliest reading and how likely that is."""

    match: Match
    reading: Reading
    score: float


def target_of(parsed: Parsed, verdict: Verdict, others: Sequence[Verdict]) -> Filler | None:
    """Whom an act is directed at by the acts told around it; None where its own words say it, or nothing does.

    `others` are the report's verdicts in text order, those before this one already with their own targets.
    """
    actor, recipient = verdict.reading.actor, verdict.reading.recipient
    if recipient.place in SLOTTED or actor.place not in SLOTTED:
        return None
    if verdict.match.frame.root == "REJECT":
        return _asker(parsed, verdict, others)
    return _shared(parsed, verdict, others) if verdict.match.frame.root in TOGETHER else None


def _asker(parsed: Parsed, verdict: Verdict, others: Sequence[Verdict]) -> Filler | None:
    """Who last demanded something of the party that refuses, or threatened it."""
    here = parsed.words[verdict.match.index].sentence
    for other in reversed(others):
        at = parsed.words[other.match.index]
        if at.index >= verdict.match.index or here - at.sentence > REACH or other.match.frame.root not in ASKING:
            continue
        if other.reading.recipient.parties == verdict.reading.actor.parties and len(other.reading.actor.parties) == 1:
            return other.reading.actor.fillers[0]
    return None


def _shared(parsed: Parsed, verdict: Verdict, others: Sequence[Verdict]) -> Filler | None:
    """At whom the same party does something else in the same sentence, as that act's own words say."""
    here = parsed.words[verdict.match.index].sentence
    for other in others:
        if other is verdict or parsed.words[other.match.index].sentence != here or other.match.frame.root not in TOGETHER:
            continue
        reading = other.reading
        same = reading.actor.place in SLOTTED and reading.actor.parties == verdict.reading.actor.parties
        if same and reading.recipient.place in SLOTTED and len(reading.recipient.parties) == 1:
            return reading.recipient.fillers[0]
    return None
