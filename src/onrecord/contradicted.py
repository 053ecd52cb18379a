"""This file tells where reports of a deal contradict each other and no person has decided on either side."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.deal_cells import Cell
from onrecord.register import RegisterRow
from onrecord.store.conflicts import Conflict, Side


def open_conflicts(number: int, row: RegisterRow, against: Iterable[tuple[str, Cell, Cell]]) -> list[Conflict]:
    """The contradictions of one deal, by its number, that are left for a person: one for each field in which there are any.

    `against` gives the pairs of its values that contradict each other, each with the field.
    """
    pairs: dict[str, list[tuple[Cell, Cell]]] = {}
    for field, left, right in against:
        if left.reviewed is None and right.reviewed is None:
            pairs.setdefault(field, []).append((left, right))
    return [
        Conflict(number, row.deal, field, row.last_said, left.field, row.equipment, _side(left), _side(right), len(more))
        for field, ((left, right), *more) in pairs.items()
    ]


def in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Contradictions, those of the deals with the latest news first."""
    return sorted(conflicts, key=lambda one: (one.known, one.deal, one.field), reverse=True)


def _side(cell: Cell) -> Side:
    return Side(cell.value, cell.evidence.document_key, cell.evidence.quote)
