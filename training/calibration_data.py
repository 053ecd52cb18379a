"""Gathers what judges and encoders find in annotated reports that they have not seen, with whether each finding and cell is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from train_events import FOLDS, PENALTY, Choice, fit

from onrecord.attribute.statements import find_statements
from onrecord.choosing import Models
from onrecord.confidence import WEIGHED, WHOLE, Features, Held, features, place
from onrecord.extract.about import add_subjects
from onrecord.extract.events import find_events
from onrecord.extract.transfers import find_transfers
from onrecord.link.people import link_people
from onrecord.measure.rightness import verdicts
from onrecord.records import Document, Finding, Parsed


@dataclass(frozen=True)
class Row:
    """One finding or cell: its report's number, what speaks for it, the score that its step gave it, and whether it is right."""

    report: int
    told: Features
    score: float
    right: bool


def event_weights(choices: Sequence[Choice], keys: Iterable[str]) -> dict[str, Mapping[str, float]]:
    """For each report, by its key, the weights of events that were learnt on other reports."""
    found: dict[str, Mapping[str, float]] = {}
    groups = sorted({key[:4] for key in keys})
    for number in range(FOLDS):
        held = set(groups[number::FOLDS])
        weights = fit([choice for choice in choices if choice.report[:4] not in held], PENALTY)
        found |= {key: weights for key in keys if key[:4] in held}
    return found


def unseen_findings(parsed: Parsed, acts: Parsed, models: Models, events: Mapping[str, float]) -> list[Finding]:
    """What the analysis finds in a report with these judges; `acts` is the same parse with the heads by which events are weighed."""
    statements = find_statements(parsed, models)
    transfers = find_transfers(parsed, statements, models)
    found = [*statements, *find_events(acts, statements, transfers, events)]
    return link_people(parsed, [*transfers, *add_subjects(parsed, found, transfers)])


def rows(number: int, gold: dict, document: Document, findings: Sequence[Finding]) -> Iterator[tuple[str, Row]]:
    """Each finding and each weighed cell of one report under the name of its weights."""
    held, right = Held(findings), verdicts(gold, document, findings)
    for finding in findings:
        for field in WEIGHED[finding.kind]:
            claim = finding.claim(field)
            if field == WHOLE or claim is not None:
                score = finding.score if claim is None or field in ("stage", "content", "modality") else claim.score
                yield place(finding.kind, field), Row(number, features(finding, field, held), score, right[finding.key, field])


def folds_of(count: int, folds: int, seed: int) -> np.ndarray:
    """A fold for each of so many reports."""
    return np.random.default_rng(seed).permutation(count) % folds
