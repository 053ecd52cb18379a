"""This file says in words who decided on a value, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DONE = {"accept": "accepted", "correct": "corrected", "add": "added", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Who accepted, corrected or added a value, when (UTC) and why; `act` is the number of the act."""

    act: int
    verb: str
    by: str
    at: str
    why: str

    def told(self) -> str:
        """The decision in words: "corrected by Ada Ek, 2026-11-28: the buyer was garbled"."""
        return f"{DONE[self.verb]} by {self.by}, {self.at[:10]}" + (f": {self.why}" if self.why else "")


def told_by(row: Any) -> str:
    """The same of a row that holds an act's verb, person, time and reason; empty if nobody decided."""
    return Reviewed(0, row.verb, row.person, row.acted_at, row.why).told() if row.verb else ""
