"""This file tells whether an act that a report names has happened, is planned, possible, conditional or denied."""

from __future__ import annotations

from onrecord.records import Parsed


def modality_of(parsed: Parsed, index: int, *, default: str = "actual") -> tuple[str, str]:
    """(modality, reason) of the act that the predicate word at `index` names."""
    return default, "the frame's own"
