"""This file makes the web application of one record: its pages, its guard, and what it says when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from onrecord.api import Record
from onrecord.errors import BadInput, OnrecordError
from onrecord.serve import deal_pages, news_pages, people_pages, register_pages, report_pages, source_pages, state_pages
from onrecord.serve.answering import Desk, Forms, Missing, answer, static_folder
from onrecord.serve.guard import Guard
from onrecord.serve.kept import Kept
from onrecord.store.freshness import Freshness

log = logging.getLogger(__name__)
PAGES = (register_pages, deal_pages, news_pages, report_pages, people_pages, state_pages, source_pages)
SAID = {404: "There is no page at this address.", 405: "This address cannot be asked in that way."}


def make_app(record: Record) -> FastAPI:
    """The application for an open record; who makes it closes the record."""
    desk = Desk(record, Kept(Freshness(record.engine)), Path(str(record.engine.url.database)).name)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
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
    app.add_middleware(Forms)
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    for pages in PAGES:
        app.include_router(pages.router)
    app.add_api_route("/", lambda: RedirectResponse("/register"), include_in_schema=False)
    app.add_exception_handler(OnrecordError, _said_on_purpose)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _failed)
    return app


def error_page(request: Request, status: int, what: str) -> Response:
    """The page, or the JSON, that says what went wrong and what to do."""
    return answer(request, "error", {"status": status, "error": what}, status=status)


def _said_on_purpose(request: Request, error: Exception) -> Response:
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
