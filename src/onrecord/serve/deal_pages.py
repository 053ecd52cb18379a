"""This file serves one deal: where it stands, its timeline, every cell with its words, where reports disagree, what bears on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.answers import DealView
from onrecord.api import Record
from onrecord.asked import check_day
from onrecord.errors import BadInput
from onrecord.register import Wanted, read_deals
from onrecord.serve.answering import Missing, answer, desk_of, form_of
from onrecord.serve.atom import feed_answer, news_of_deals
from onrecord.serve.busy_deals import MANY, REPORTS, busy_view
from onrecord.serve.evidence import Backed, back, conflicts, review_targets
from onrecord.serve.linked import RELATIONS, linked_deals
from onrecord.serve.listing import Listing, read_listing
from onrecord.serve.positions import by_position
from onrecord.serve.timeline import NARROW, WIDE, draw_timeline
from onrecord.serve.wording import field_order, parties, short
from onrecord.store import page_deals
from onrecord.store.database import Connection, reading
from onrecord.store.deal_numbers import deal_numbers
from onrecord.store.deal_reading import find_deal
from onrecord.store.page_busy import told_of_deal

router = APIRouter()


class UnknownDeal(BadInput):
    """No deal of this id, or none as early as the day asked for."""


@router.get("/deals/{deal}", summary="One deal with the words behind every cell")
def deal(
    request: Request,
    deal: str,
    as_of: Annotated[str | None, Query(description="What could be known on this day")] = None,
    whole: Annotated[bool, Query(description="Every claim of a deal that is in the news all the time too")] = False,
    done: Annotated[int, Query(ge=0, include_in_schema=False)] = 0,
) -> Response:
    """One deal, by its id or the start of it."""
    desk = desk_of(request)
    try:
        if form_of(request) == "atom":
            return _feed(request, deal, as_of or None)
        _, data, shown = view_deal(desk.record, desk.listing(), deal, as_of or None, whole=whole)
    except UnknownDeal as error:
        raise Missing(str(error).replace("`onrecord register` shows", "the register shows")) from error
    return answer(request, "deal", {**data}, **shown, done=done)


@router.get("/deals/{deal}/alone", summary="One deal as one page that needs nothing else, to send to somebody")
def alone(
    request: Request, deal: str, as_of: Annotated[str | None, Query(description="What could be known on this day")] = None
) -> Response:
    """The file that `onrecord report` writes."""
    from onrecord.serve.handout import deal_page

    try:
        page = deal_page(desk_of(request).record, deal, as_of=as_of or None)
    except UnknownDeal as error:
        raise Missing(str(error)) from error
    name = re.sub(r"[^0-9a-f]", "", deal)[:12]
    return Response(page, media_type="text/html", headers={"Content-Disposition": f'attachment; filename="deal-{name}.html"'})


def view_deal(
    record: Record, listing: Listing, deal: str, as_of: str | None, *, whole: bool = True
) -> tuple[DealView, dict[str, Any], dict[str, Any]]:
    """A deal's view, the data of its page, and what only the page shows; one that is not on record is an `UnknownDeal`.

    `listing` is today's register; unless `whole`, of a deal with hundreds of reports only a part is read.
    """
    day = check_day(as_of)
    with reading(record.engine) as db:
        number = _number(db, deal)
        part, view = None, None
        if not whole and page_deals.transfers_of(db, number) > MANY and (found := busy_view(db, number, day)):
            view, part = found
        said = None if view is None else {statement.document for statement in view.statements}
        told = told_of_deal(db, number, as_of=day, documents=said)
        reports = page_deals.deal_reports(db, number, as_of=day, newest=REPORTS if part else None)
    if view is None:
        try:
            view = record.show(deal, as_of=day)
        except BadInput as error:
            raise UnknownDeal(str(error)) from error
    if day:
        listing = _listing_then(record, listing, view, day)
    positions = by_position(view.statements, told)
    linked = linked_deals(listing, view.row.deal)
    data = {
        "as_of": day,
        "deal": view.row,
        "part": part,
        "cells": view.cells,
        "disputes": view.disputes,
        "sources": view.sources,
        "statements": {position: said for position, said in positions.items()},
        "events": view.events,
        "doubts": view.doubts,
        "judgements": view.judgements,
        "updates": view.updates,
        "stories": view.stories,
        "reports": reports,
        "linked": [{"how": item.how, "deal": item.line.row.deal} for item in linked],
    }
    backed = back(view.cells, view.sources)
    shown = {
        "line": listing.by_id.get(view.row.deal),
        "timelines": [drawn for sheet in (WIDE, NARROW) if (drawn := draw_timeline(view.cells, sheet))],
        "linked": linked,
        "relations": RELATIONS,
        "listing": listing,
        "review_targets": review_targets,
        "conflicts": conflicts(view.disputes, backed),
        "updates": view.updates,
        "stories": view.stories,
        "cells": _in_order(backed, "cell"),
        "stages": _in_order(backed, "stage"),
    }
    return view, data, shown


def _feed(request: Request, deal: str, as_of: str | None) -> Response:
    """The newest values of a deal as a feed, read without what only its page shows."""
    day = check_day(as_of)
    with reading(desk_of(request).record.engine) as db:
        found = next(read_deals(db, Wanted(as_of=day, deal=_number(db, deal))), None)
    if found is None:
        raise UnknownDeal(f"deal {deal}: no report of it was known on {day}; give a later day")
    row, _ = found
    title = f"{parties(row.supplier)} → {parties(row.recipient)}: {short(row.equipment)}"
    return feed_answer(request, title, f"/deals/{row.deal}", news_of_deals([found]))


def _number(db: Connection, deal: str) -> int:
    try:
        return int(find_deal(db, deal).joined_to)
    except BadInput as error:
        raise UnknownDeal(str(error)) from error


def _listing_then(record: Record, today: Listing, view: DealView, day: str) -> Listing:
    """The lines of the register of a past day that the page of a deal needs: its own and those of deals that may bear on it."""
    near = [view.row.deal, *(item.line.row.deal for item in linked_deals(today, view.row.deal)), *(doubt.deal for doubt in view.doubts)]
    with reading(record.engine) as db:
        numbers = deal_numbers(db, list(dict.fromkeys(near)))
    # How much is on record is told of today's record, as on every page.
    return replace(read_listing(record.engine, day, deals=tuple(sorted(set(numbers.values())))), span=today.span)


def _in_order(backed: list[Backed], what: str) -> list[Backed]:
    """The cells in the order of their fields, or the stages in the order of their days."""
    if what == "stage":
        stages = [item for item in backed if item.cell.field == "stage"]
        return sorted(stages, key=lambda item: (str(item.cell.value["when"] or item.cell.first_said), item.cell.first_said))
    cells = [item for item in backed if item.cell.field != "stage"]
    return sorted(cells, key=lambda item: field_order(item.cell.field))
