"""This file serves the sources: who publishes, what each tells first and what it carries from others, and the groups of copies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.serve.answering import Desk, Missing, answer, desk_of
from onrecord.store.database import reading
from onrecord.store.page_lists import copy_groups, newest_reports, outlet_sources, outlets

router = APIRouter()
PER_PAGE = 50
MOST_SHOWN = 300


@router.get("/sources", summary="Outlets, and the originals that many of them carry")
def sources(request: Request) -> Response:
    """Who publishes what is on record, how much of it each told first, and the groups of copies."""
    kept = _kept(desk_of(request))
    return answer(
        request,
        "sources",
        {"outlets": kept["outlets"][:MOST_SHOWN], "groups": kept["groups"]},
        total=len(kept["outlets"]),
        span=desk_of(request).listing().span,
    )


@router.get("/sources/{outlet:path}", summary="One outlet")
def source(request: Request, outlet: str, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """An outlet's reports, and from whom it carries what it did not tell first."""
    desk = desk_of(request)
    found = next((one for one in _kept(desk)["outlets"] if one.name == outlet), None)
    if found is None:
        raise Missing(f"no report of {outlet[:80]!r} in this record; /sources lists the outlets")
    with reading(desk.record.engine) as db:
        reports = newest_reports(db, outlet=outlet, start=(page - 1) * PER_PAGE, limit=PER_PAGE)
        carried = outlet_sources(db, outlet)
    data = {"outlet": found, "page": page, "pages": max(1, -(-found.reports // PER_PAGE)), "carried_from": carried, "reports": reports}
    deals = sum(outlet in line.outlets for line in desk.listing().lines)
    return answer(request, "source", data, deals=deals)


def _kept(desk: Desk) -> dict[str, Any]:
    def count() -> dict[str, Any]:
        with reading(desk.record.engine) as db:
            return {"outlets": outlets(db), "groups": copy_groups(db)}

    held: dict[str, Any] = desk.kept.get("sources", count)
    return held
