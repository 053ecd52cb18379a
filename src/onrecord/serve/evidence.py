"""This file puts the words behind each cell of a deal together, and the values that contradict each other beside one another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.answers import Dispute
from onrecord.deal_cells import Cell
from onrecord.resolve import kind_of
from onrecord.store.deal_reading import Source

Key = tuple[str, str]
# Of a value that more reports give than this, a reviewer acts on the first ones from here, and on others from their own page.
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Backed:
    """A cell with every claim that gives its value, those said in so many words first."""

    cell: Cell
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field in which reports of a deal contradict each other: the values, and for each those that it cannot stand beside."""

    field: str
    sides: tuple[tuple[Backed, tuple[Cell, ...]], ...]

    @property
    def kind(self) -> str:
        """A "denial" of what others say was done, or a "contradiction" of figures or dates."""
        return kind_of(self.field)


def back(cells: Sequence[Cell], sources: Iterable[Source]) -> list[Backed]:
    """Every cell with the claims behind it."""
    claims: dict[Key, list[Source]] = {}
    stages: dict[str, dict[str, Source]] = {}
    for source in sources:
        if source.kind == "stage":
            stages.setdefault(source.finding, {}).setdefault(source.field, source)
        else:
            claims.setdefault(value_key(source.field, source.value), []).append(source)
    for told in stages.values():
        if "stage" in told:
            value = {name: told[name].value if name in told else None for name in ("stage", "modality", "when", "according_to")}
            claims.setdefault(value_key("stage", value), []).append(told["stage"])
    return [
        Backed(cell, tuple(sorted(claims.get(value_key(cell.field, cell.value), ()), key=lambda source: source.inferred))) for cell in cells
    ]


def conflicts(disputes: Iterable[Dispute], backed: Sequence[Backed]) -> list[Conflict]:
    """The disagreements of a deal by field, each value once."""
    by_cell = {value_key(item.cell.field, item.cell.value): item for item in backed}
    fields: dict[str, dict[Key, list[Cell]]] = {}
    for dispute in disputes:
        sides = fields.setdefault(dispute.field, {})
        for one, other in ((dispute.left, dispute.right), (dispute.right, dispute.left)):
            sides.setdefault(value_key(one.field, one.value), []).append(other)
    return [
        Conflict(
            field,
            tuple((by_cell[key], tuple(against)) for key, against in sorted(sides.items(), key=lambda side: _weight(by_cell[side[0]]))),
        )
        for field, sides in sorted(fields.items())
    ]


def review_targets(backed: Backed) -> list[tuple[str, str]]:
    """What a reviewer can act on behind a cell: the claim of each report, as a name for an act and in words."""
    found = {}
    for source in backed.sources[:MOST_NAMED]:
        where = f"{source.outlet[:60]}, {source.published or 'no date'}: “{source.quote[:60]}”"
        found[f"finding:{source.finding}" if source.kind == "stage" else f"finding:{source.finding}:{source.field}"] = where
    return list(found.items())


def _weight(backed: Backed) -> tuple[int, int, str]:
    return -backed.cell.origins, -backed.cell.reports, backed.cell.first_said


def value_key(field: str, value: Any) -> Key:
    """A value of a field, for looking it up."""
    return field, json.dumps(value, sort_keys=True, ensure_ascii=False)
