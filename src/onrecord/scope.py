"""This file tells in whose words a stretch of text stands: the outermost statement that holds it, with the sentence that attributes it."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.records import Finding


def speaker_at(statements: Iterable[Finding], start: int, end: int) -> Finding | None:
    """The outermost statement that a span lies in, or None where the report itself speaks.

    A trailing "X said" covers its whole sentence, so a span between content and cue belongs to the statement too.
    """
    holding = [(low, -high, finding) for finding in statements for low, high in [reach_of(finding)] if low <= start and end <= high]
    return min(holding, key=lambda item: item[:2])[2] if holding else None


def reach_of(statement: Finding) -> tuple[int, int]:
    """First and last offset of what a statement covers: its content, the words of its cue and of its speaker where they adjoin it."""
    content, cue = statement.claim("content"), statement.claim("cue")
    if content is None:
        return 0, 0
    if cue is None or cue.end <= content.start:
        return content.start, content.end
    return min(content.start, cue.start), max(content.end, cue.end)
