"""This file serves what became known since a day, as a page and as a feed, and the search of reports, statements and deals."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.asked import check_day
from onrecord.changes import Change, read_changes
from onrecord.serve.answering import Desk, answer, desk_of, form_of
from onrecord.serve.atom import feed_answer, news_of_change, news_of_hit
from onrecord.store.database import reading
from onrecord.store.page_lists import newest_reports, search_statements

router = APIRouter()
# Unless a day is given, what became known in the last days of which there is news; of no more deals than this, those with the latest news.
DAYS, MOST_DEALS, CHANGES_PER_PAGE = 30, 500, 200
FOUND_AT_MOST = 50
PER_PAGE = 50


@router.get("/changes", summary="What became known since a day")
def changes(
    request: Request,
    since: Annotated[str | None, Query(description="A day, YYYY-MM-DD")] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Every value that became known after a day, the newest day first, with what was known before; of the deals with the latest news."""
    desk = desk_of(request)
    day = check_day(since or None) or _days_back(max((line.row.last_said for line in desk.listing().lines), default=""))
    found, deals = kept_changes(desk, day)
    if form_of(request) == "atom":
        return feed_answer(request, f"Changes in {desk.name}", "/changes", map(news_of_change, found))
    shown = found[(page - 1) * CHANGES_PER_PAGE : page * CHANGES_PER_PAGE]
    by_day = [
        (known, [(deal, list(own)) for deal, own in groupby(sorted(some, key=lambda c: c.deal), key=lambda c: c.deal)])
        for known, some in groupby(shown, key=lambda change: change.known)
    ]
    pages = max(1, -(-len(found) // CHANGES_PER_PAGE))
    data = {"since": day, "page": page, "pages": pages, "total": len(found), "deals": deals, "changes": shown}
    return answer(request, "changes", data, by_day=by_day, cut=deals >= MOST_DEALS)


@router.get("/search", summary="Search the words of reports and statements, and deals")
def search(request: Request, q: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Reports and statements that hold all the words, and deals whose sides or equipment do; "words in quotes" stand together."""
    desk = desk_of(request)
    words = q.strip()
    hits = desk.record.search(words, limit=FOUND_AT_MOST) if words else []
    if form_of(request) == "atom":
        return feed_answer(request, f"Search for {words}", f"/search?q={words}", map(news_of_hit, hits))
    with reading(desk.record.engine) as db:
        statements = search_statements(db, words, limit=FOUND_AT_MOST) if words else []
    asked = words.replace('"', " ").casefold().split()
    listing = desk.listing()
    fitting = (line for line, held in zip(listing.lines, listing.words, strict=True) if all(word in held for word in asked))
    lines = list(islice(fitting, FOUND_AT_MOST)) if asked else []
    data = {"q": words, "deals": [line.row.deal for line in lines], "statements": statements, "reports": hits}
    return answer(request, "search", data, lines=lines)


@router.get("/reports", summary="The reports on record")
def reports(request: Request, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Reports by the day from which they count as known, the newest first."""
    desk = desk_of(request)
    with reading(desk.record.engine) as db:
        found = newest_reports(db, start=(page - 1) * PER_PAGE, limit=PER_PAGE)
    span = desk.listing().span
    return answer(request, "reports", {"page": page, "pages": max(1, -(-span.reports // PER_PAGE)), "reports": found})


def kept_changes(desk: Desk, day: str) -> tuple[list[Change], int]:
    """What became known after a day, the newest day first, and of how many deals; kept until the record changes."""

    def count() -> tuple[list[Change], int]:
        with reading(desk.record.engine) as db:
            found = list(read_changes(db, day, most=MOST_DEALS))
        return sorted(found, key=lambda change: change.known, reverse=True), len({change.deal for change in found})

    held: tuple[list[Change], int] = desk.kept.get(("changes", day), count)
    return held


def _days_back(last: str) -> str:
    try:
        return (date.fromisoformat(last) - timedelta(days=DAYS)).isoformat()
    except (ValueError, OverflowError):
        return "1900-01-01"
