"""This file chooses what is shown of a deal that is in the news all the time: the values best borne out, newest statements and acts.

A deal of which a thousand reports tell has seven thousand claims. All stand on the page of the whole deal and in its JSON; the
page that is opened first holds as much as somebody reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.answers import DealView, Dispute
from onrecord.deal_cells import Cell, latest_stage
from onrecord.register import Wanted, read_disputed
from onrecord.store import doubts
from onrecord.store.database import Connection
from onrecord.store.deal_reading import deal_events
from onrecord.store.deal_rows import dump
from onrecord.store.page_busy import best_sources, how_much
from onrecord.store.query import deal_statements

# Deals told of in more transfers than this are shown in part.
MANY = 80
# How much of one is shown: values of a field, stages, contradictions of a field, words of a value, statements, acts, reports.
VALUES, STAGES, CONTRADICTIONS, WORDS, STATEMENTS, ACTS, REPORTS = 12, 16, 4, 2, 20, 16, 20


@dataclass(frozen=True, slots=True)
class Part:
    """That a page shows a part of a deal only: how many values, claims, statements, acts and reports there are in all."""

    values: int
    claims: int
    statements: int
    events: int
    reports: int


def busy_view(db: Connection, number: int, day: str | None) -> tuple[DealView, Part] | None:
    """A part of a deal as it is shown first, and how much there is in all; None where no report of it was known on the day."""
    found = next(read_disputed(db, Wanted(as_of=day, deal=number)), None)
    if found is None:
        return None
    row, cells, against = found
    shown, contradictions = _chosen(cells, against)
    values: dict[str, list[str]] = {}
    for cell in shown:
        values.setdefault(cell.field, []).append(dump(cell.value))
    much = how_much(db, number, as_of=day)
    view = DealView(
        row,
        tuple(shown),
        tuple(best_sources(db, number, values, each=WORDS, as_of=day)),
        contradictions,
        tuple(deal_statements(db, number, as_of=day, newest=STATEMENTS)),
        tuple(deal_events(db, number, as_of=day, newest=ACTS)),
        tuple(doubts.deal_doubts(db, number, as_of=day))[:ACTS],
        tuple(doubts.deal_judgements(db, number)),
    )
    return view, Part(len(cells), much.claims, much.statements, much.events, row.reports)


def _chosen(cells: Sequence[Cell], against: Sequence[tuple[str, Cell, Cell]]) -> tuple[list[Cell], tuple[Dispute, ...]]:
    """The values best borne out of each field, where the deal stands, and both sides of some contradictions of each field."""
    kept: set[int] = set()
    fields: dict[str, int] = {}
    for place, cell in enumerate(cells):
        fields[cell.field] = fields.get(cell.field, 0) + 1
        # What a person decided on is always shown.
        if cell.reviewed or fields[cell.field] <= (STAGES if cell.field == "stage" else VALUES):
            kept.add(place)
    places = {id(cell): place for place, cell in enumerate(cells)}
    if latest := latest_stage([cell for cell in cells if cell.field == "stage"]):
        kept.add(places[id(latest)])
    told: dict[str, int] = {}
    for field, left, right in sorted(against, key=lambda pair: -pair[1].origins - pair[2].origins):
        told[field] = told.get(field, 0) + 1
        if told[field] <= CONTRADICTIONS:
            kept |= {places[id(left)], places[id(right)]}
    shown = [cells[place] for place in sorted(kept)]
    held = {id(cell) for cell in shown}
    return shown, tuple(Dispute(*pair) for pair in against if id(pair[1]) in held and id(pair[2]) in held)
