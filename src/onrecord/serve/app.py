"""This file makes the web application of one record: its pages, its guard, and what it says when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from onrecord.api import Record
from onrecord.errors import BadInput, OnrecordError
from onrecord.serve import (
    api_pages,
    deal_pages,
    news_pages,
    people_pages,
    register_pages,
    report_pages,
    review_pages,
    signing_in,
    source_pages,
    state_pages,
)
from onrecord.serve.answering import Desk, Forms, Missing, answer, desk_of, form_of, static_folder
from onrecord.serve.counting import Counting
from onrecord.serve.guard import Guard
from onrecord.serve.kept import Kept
from onrecord.serve.rendered import Rendered
from onrecord.serve.signing_in import Refused, SignInFirst, TooMany, session_of
from onrecord.store.accounts import Accounts
from onrecord.store.database import spare_memory
from onrecord.store.freshness import Freshness

log = logging.getLogger(__name__)
# Pages that one process makes at a time.
AT_ONCE = 6
PAGES = (register_pages, deal_pages, news_pages, report_pages, people_pages, state_pages, source_pages, signing_in, api_pages, review_pages)
STATUS: dict[type[Exception], int] = {SignInFirst: 401, Refused: 403, TooMany: 429}
SAID = {404: "There is no page at this address.", 405: "This address cannot be asked in that way."}


def make_app(
    record: Record, *, reading_open: bool = True, hosts: frozenset[str] | None = None, counting: Counting | None = None
) -> FastAPI:
    """The application for an open record, which its maker closes. `hosts` are the names that it answers to (None: to any).

    Where reading is not open, only those who signed in see a page. A large record is counted by `counting`, in a process of its own.
    """
    spare_memory(record.engine)
    desk = Desk(
        record,
        Kept(Freshness(record.engine)),
        Accounts(record.engine),
        Path(str(record.engine.url.database)).name,
        reading_open,
        counting,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # More pages at once would take longer each, and hold a connection and its memory each.
        to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
        yield
        desk.close()

    app = FastAPI(
        title="onrecord",
        summary="A record of arms transfers in which every cell stands on exact words.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.desk = desk
    app.add_middleware(Rendered, desk=desk)
    app.add_middleware(Forms)
    app.add_middleware(Guard, hosts=hosts)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    for pages in PAGES:
        app.include_router(pages.router, dependencies=[Depends(_may_read)])
    app.add_api_route("/", lambda: RedirectResponse("/register"), include_in_schema=False)
    app.add_exception_handler(OnrecordError, _said_on_purpose)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _failed)
    return app


def _may_read(request: Request) -> None:
    """Looks up who asks; where reading is not open, whoever did not sign in is sent to do so."""
    session = session_of(request)
    if session is None and not desk_of(request).reading_open and request.url.path not in ("/sign-in", "/sign-out"):
        raise SignInFirst("Sign in to read this record.")


def error_page(request: Request, status: int, what: str) -> Response:
    """The page, or the JSON, that says what went wrong and what to do."""
    return answer(request, "error", {"status": status, "error": what}, status=status)


def _said_on_purpose(request: Request, error: Exception) -> Response:
    if isinstance(error, SignInFirst) and form_of(request) == "html" and request.method == "GET":
        back = quote(f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path, safe="")
        return RedirectResponse(f"/sign-in?back={back}", status_code=303)
    if status := next((status for kind, status in STATUS.items() if isinstance(error, kind)), 0):
        return error_page(request, status, str(error))
    status = 404 if isinstance(error, Missing) else 400 if isinstance(error, BadInput) else 503
    return error_page(request, status, str(error))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_page(request, error.status_code, SAID.get(error.status_code, str(error.detail)))


def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(f"{item['loc'][-1]}: {item['msg']}" for item in error.errors()[:5])
    return error_page(request, 400, f"The address is not understood ({told}).")


def _failed(request: Request, error: Exception) -> Response:
    log.error("%s failed", request.url.path, exc_info=error)
    return error_page(request, 500, "This page could not be made. That is a bug in onrecord; the log of the server says more.")
