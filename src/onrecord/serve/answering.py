"""This file answers a request with a page or with its JSON twin, and keeps what every page needs: templates, the record, the visitor."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from onrecord.api import Record
from onrecord.errors import BadInput
from onrecord.serve.counting import Counting
from onrecord.serve.kept import Kept
from onrecord.serve.listing import Listing, read_listing
from onrecord.serve.wording import FILTERS, FUNCTIONS, harmless
from onrecord.store.accounts import Accounts, Session
from onrecord.vocab import meanings

HTML, JSON = "html", "json"
# A visit ends when nothing was asked for so long.
VISIT_ENDS = 30 * 60
VISIT_COOKIE = "onrecord_visit"
A_YEAR = 365 * 24 * 3600


class Missing(BadInput):
    """What an address names is not in the record."""


@dataclass(slots=True)
class Desk:
    """What the pages are made from: an open record, what is counted from it, who may sign in, and the name that the pages show.

    Where there is a `counting`, the register is counted in a process of its own.
    """

    record: Record
    kept: Kept
    accounts: Accounts
    name: str
    reading_open: bool = True
    counting: Counting | None = None

    def listing(self, day: str | None = None) -> Listing:
        """The register as known on a day, or today."""
        name = "register" if day is None else ("register", day)
        read = self.counting.read if self.counting else read_listing
        listing: Listing = self.kept.get(name, lambda: read(self.record.engine, day))
        return listing

    def close(self) -> None:
        """Gives back what is held open."""
        self.kept.close()
        self.accounts.close()


@dataclass(frozen=True, slots=True)
class Visit:
    """The newest report that a visitor had seen when the visit began, and the one that there is now."""

    since: int
    newest: int
    at: int

    def cookie(self) -> str:
        """The visit as a cookie keeps it: numbers only, so that nothing in it can do harm."""
        return f"{self.since}.{self.newest}.{self.at}"


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def form_of(request: Request) -> str:
    """The form that is asked for: that of the address's ending, or else JSON where it is preferred to a page."""
    form = request.scope.get("form")
    if form:
        return str(form)
    accept = request.headers.get("accept", "")
    return JSON if "application/json" in accept and "text/html" not in accept else HTML


def answer(request: Request, page: str, data: Mapping[str, Any], *, status: int = 200, **shown: Any) -> Response:
    """The page made of some data, or the data as JSON; `shown` is for the page alone."""
    if form_of(request) == JSON:
        return json_answer(data, status=status)
    session: Session | None = getattr(request.state, "session", None)
    known = {
        "request": request,
        "desk": desk_of(request),
        "path": request.url.path,
        "session": session,
        "may_review": session is not None and session.account.may_review(),
    }
    return HTMLResponse(page_text(templates(), page, {**known, **data, **shown}), status_code=status, headers={"Vary": "Accept, Cookie"})


def json_answer(data: Any, *, status: int = 200) -> Response:
    """Data of records and plain values as JSON."""
    body = json.dumps(data, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
    return Response(body, status_code=status, media_type="application/json", headers={"Vary": "Accept, Cookie"})


@cache
def templates() -> Environment:
    """The templates of the pages."""
    return make_templates()


def page_text(environment: Environment, page: str, shown: Mapping[str, Any]) -> str:
    """The text of a page; no control character of what it shows is left in it."""
    return harmless(environment.get_template(f"{page}.html").render(**shown))


def make_templates() -> Environment:
    """Templates: everything that they show is escaped, and what is undefined is an error."""
    environment = Environment(
        loader=PackageLoader("onrecord.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(FUNCTIONS, meanings=meanings)
    return environment


def visit_of(request: Request, newest: int) -> Visit:
    """The visit that a request is part of: after half an hour without one, what was there then is what the visitor has seen."""
    now = int(time.time())
    told = re.fullmatch(r"(\d{1,12})\.(\d{1,12})\.(\d{1,12})", request.cookies.get(VISIT_COOKIE, ""))
    if told is None:
        return Visit(newest, newest, now)
    since, seen, at = map(int, told.groups())
    return Visit(seen if now - at > VISIT_ENDS else since, newest, now)


def remember_visit(request: Request, response: Response, visit: Visit) -> None:
    """Notes the visit with the visitor, for telling next time what is new; it names nobody."""
    response.set_cookie(
        VISIT_COOKIE, visit.cookie(), max_age=A_YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )


def static_folder() -> Path:
    """Where the stylesheet and the script of the pages lie."""
    return Path(__file__).parent / "static"


class Forms:
    """Takes the ending of an address (.json, .csv, .atom) off and notes it as the form asked for, so that each page has one route."""

    ENDING = re.compile(r"(?P<path>/.+)\.(?P<form>json|csv|atom)")

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Passes the request on."""
        if scope["type"] == "http" and scope["path"] != "/openapi.json" and not scope["path"].startswith("/static/"):
            if match := self.ENDING.fullmatch(scope["path"]):
                scope = {**scope, "path": match["path"], "form": match["form"]}
                scope.pop("raw_path", None)
            if scope["method"] == "HEAD":
                # Who asks for the head alone gets what the page would have; the server leaves the body out.
                scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
