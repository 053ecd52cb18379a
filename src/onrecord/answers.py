"""This file holds what an open record answers with: what a run added, and one deal with all that bears on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from onrecord import passes
from onrecord.deal_cells import Cell
from onrecord.records import Issue
from onrecord.register import RegisterRow
from onrecord.resolve import kind_of
from onrecord.store.deal_reading import Event, Source
from onrecord.store.doubts import Doubt, Judged
from onrecord.store.origins import Story
from onrecord.store.query import Statement

# A run tells its first issues in full; of the rest the counts by kind, so that a folder of rubbish does not fill the memory.
ISSUES_KEPT = 1000


@dataclass(slots=True)
class Added:
    """What a run of `add` did: reports added, known already and undated, inputs skipped and why, pages that the gate refused and why."""

    added: int = 0
    already_known: int = 0
    undated: int = 0
    skipped: int = 0
    why: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    issues: list[Issue] = field(default_factory=list)

    def take(self, step: passes.Step) -> None:
        """Counts one batch in."""
        self.added += step.added
        self.already_known += step.known
        self.undated += step.undated
        left_out = [issue for issue in step.issues if not issue.notice]
        self.skipped += len(left_out)
        self.why.update(issue.what for issue in left_out)
        self.refused.update(step.refused)
        self.pages += step.pages
        self.issues += step.issues[: ISSUES_KEPT - len(self.issues)]

    def found_nothing(self) -> bool:
        """Whether all that was named had to be skipped: a path misspelt, say, or a server that is down."""
        return bool(self.skipped) and not (self.added or self.already_known)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two cells of one deal that contradict each other."""

    field: str
    left: Cell
    right: Cell

    @property
    def kind(self) -> str:
        """A "denial" of what others say was done, or a "contradiction" of figures or dates."""
        return kind_of(self.field)


@dataclass(frozen=True, slots=True)
class Update:
    """Two cells of one deal of which the later tells what has changed since the earlier."""

    field: str
    earlier: Cell
    later: Cell


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal with all that bears on it."""

    row: RegisterRow
    cells: tuple[Cell, ...]
    sources: tuple[Source, ...]
    disputes: tuple[Dispute, ...]
    statements: tuple[Statement, ...]
    events: tuple[Event, ...]
    doubts: tuple[Doubt, ...] = ()
    judgements: tuple[Judged, ...] = ()
    updates: tuple[Update, ...] = ()
    stories: tuple[Story, ...] = ()
