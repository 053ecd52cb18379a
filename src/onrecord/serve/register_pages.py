"""This file serves the register: its page, its JSON and CSV, and what is shown written in any form of export."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from onrecord.export import EXPORTS
from onrecord.export.register_csv import register_csv
from onrecord.export.told import Told, ToldDeal
from onrecord.export.writing import export_bytes
from onrecord.register import Wanted, read_deals
from onrecord.serve.answering import HTML, Missing, answer, desk_of, form_of, remember_visit, visit_of
from onrecord.serve.asked import ONLY, ORDERS, PER_PAGE, Asked, check_asked, chosen, one_page
from onrecord.serve.listing import Line
from onrecord.store.database import reading
from onrecord.store.deal_numbers import deal_numbers

router = APIRouter()
Word = Annotated[str | None, Query(max_length=200)]


def asked_of(
    as_of: Annotated[str | None, Query(description="What could be known on this day, YYYY-MM-DD")] = None,
    state: Word = None,
    supplier: Word = None,
    recipient: Word = None,
    equipment: Word = None,
    category: Annotated[
        str | None, Query(alias="class", max_length=200, description="A class of equipment: fighter, air defence system")
    ] = None,
    stage: Word = None,
    modality: Word = None,
    year: Annotated[str | None, Query(description="A year in which a stage of the deal is dated")] = None,
    outlet: Annotated[str | None, Query(max_length=500)] = None,
    only: Annotated[str | None, Query(description=f"new, {', '.join(ONLY)}")] = None,
    sort: Annotated[str, Query(description=f"{', '.join(ORDERS)}; with - before it the other way")] = "-news",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per: Annotated[int, Query(ge=1, le=500)] = PER_PAGE,
) -> Asked:
    """What the register is asked for."""
    return check_asked(
        Asked(as_of, state, supplier, recipient, equipment, category, stage, modality, year, outlet, only, sort or "-news", page, per)
    )


@router.get("/register", summary="The register of deals")
def register(request: Request, asked: Annotated[Asked, Depends(asked_of)]) -> Response:
    """Deals with where they stand, who bears them out and who objects; filtered, in any order, page by page."""
    desk = desk_of(request)
    listing = desk.listing(asked.as_of)
    visit = visit_of(request, desk.listing().newest)
    lines = chosen(listing, asked, since=visit.since)
    if form_of(request) == "csv":
        return _file(register_csv(asdict(deal.row) for deal in _told(request, lines, asked)).encode(), "register.csv")
    shown = one_page(lines, asked)
    data: dict[str, Any] = {
        "asked": asked,
        "total": len(lines),
        "pages": max(1, -(-len(lines) // asked.per)),
        "record": listing.span,
        "deals": list(map(_told_line, shown)),
    }
    response = answer(
        request,
        "register",
        data,
        lines=shown,
        listing=listing,
        visit=visit,
        orders=ORDERS,
        exports=EXPORTS,
        fresh=len(listing.lines) - bisect_right(listing.arrivals, visit.since),
    )
    if form_of(request) == HTML:
        remember_visit(request, response, visit)
        # Whoever gets this page again, kept from now, has seen as much.
        request.state.newest = visit.newest
    return response


@router.get("/export/{form}", summary="The register in another form, filtered as its page is")
def export(request: Request, form: str, asked: Annotated[Asked, Depends(asked_of)]) -> Response:
    """The file that `onrecord export` writes, of the deals that the register page would list."""
    if form not in EXPORTS:
        raise Missing(f"{form[:40]!r} is no form of export; there are: {', '.join(EXPORTS)}")
    visit = visit_of(request, 0)
    lines = chosen(desk_of(request).listing(asked.as_of), asked, since=visit.since)
    with reading(desk_of(request).record.engine) as db:
        told = Told(db, Wanted(as_of=asked.as_of), only=frozenset(line.row.deal for line in lines))
        return _file(*export_bytes(form, told))


def _told(request: Request, lines: list[Line], asked: Asked) -> list[ToldDeal]:
    """The deals of some lines with every value, read anew from the record."""
    with reading(desk_of(request).record.engine) as db:
        numbers = deal_numbers(db, [line.row.deal for line in lines])
        found = (
            next(read_deals(db, Wanted(as_of=asked.as_of, deal=numbers[line.row.deal])), None) for line in lines if line.row.deal in numbers
        )
        return [ToldDeal(*deal) for deal in found if deal is not None]


def _told_line(line: Line) -> dict[str, Any]:
    row = {name: value for name, value in asdict(line.row).items() if name != "evidence"}
    words = {field: {"document": place[0], "start": place[1], "end": place[2]} for field, place in line.places.items()}
    more = {"class": line.category, "years": line.years, "outlets_named": line.outlets}
    return {**row, **more, "objectors": [{"who": who, "acts": acts} for who, acts in line.objectors], "words": words}


def _file(content: bytes, name: str) -> Response:
    kind = "text/csv; charset=utf-8" if name.endswith("csv") else "application/octet-stream"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
