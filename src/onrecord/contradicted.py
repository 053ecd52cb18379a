"""This file tells where reports of a deal contradict each other and no person has decided on either side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from onrecord.deal_cells import Cell, Evidence
from onrecord.register import RegisterRow
from onrecord.store.conflicts import Conflict, Side

# The pairs of values of one deal that contradict each other and are left for a person, by the field in which they do.
Open = Mapping[str, Sequence[tuple[Cell, Cell]]]


def left_open(against: Iterable[tuple[str, Cell, Cell]]) -> Open:
    """Those of the contradictions of a deal, each with its field, of which nobody has decided on a side."""
    pairs: dict[str, list[tuple[Cell, Cell]]] = {}
    for field, left, right in against:
        if left.reviewed is None and right.reviewed is None:
            pairs.setdefault(field, []).append((left, right))
    return pairs


def open_conflicts(number: int, row: RegisterRow, pairs: Open, words: Mapping[int, Evidence] = MappingProxyType({})) -> list[Conflict]:
    """The contradictions of one deal, by its number, that are left for a person: one for each field in which there are any.

    `words` gives what cells stand on that were read without, by their `claim`.
    """
    return [
        Conflict(number, row.deal, field, row.last_said, left.field, row.equipment, _side(left, words), _side(right, words), len(more))
        for field, ((left, right), *more) in pairs.items()
    ]


def in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Contradictions, those of the deals with the latest news first."""
    return sorted(conflicts, key=lambda one: (one.known, one.deal, one.field), reverse=True)


def _side(cell: Cell, words: Mapping[int, Evidence]) -> Side:
    evidence = words.get(cell.claim, cell.evidence)
    return Side(cell.value, evidence.document_key, evidence.quote)
