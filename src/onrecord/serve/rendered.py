"""This file keeps pages as they were made for readers who did not sign in, until somebody writes to the record, and sends them again.

A page is kept under all that it was made from: its address, its form, the state of the record, and what the visitor had seen. A page made
while a count of the state before was still in use is sent and not kept. What is kept is compressed; a browser that has it is told so.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from onrecord.serve.answering import Desk, form_of, remember_visit, visit_of
from onrecord.serve.kept import watched
from onrecord.serve.signing_in import SESSION_COOKIE

# Pages of people, of the record itself and of forms are never kept; downloads are made as they are sent.
KEPT_PATHS = ("/register", "/deals/", "/reports", "/changes", "/states", "/people", "/bodies/", "/search", "/sources")
KEPT_TYPES = (b"text/html", b"application/json", b"application/atom+xml")
# Bytes of compressed pages that one process keeps: some thousands of pages.
ROOM = 32 * 2**20
LARGEST = 2 * 2**20
QUICK = 4
# The page that marks what is new since the visit before, and who has not been there yet.
NEWS, NEWCOMER = "/register", -1


class _Key(NamedTuple):
    host: str
    path: str
    query: bytes
    form: str
    since: int


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was answered with: its compressed body, what it is, and the newest report that its reader has now seen."""

    version: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    tag: str
    newest: int | None


class Rendered:
    """Answers with a kept page where there is one that still holds, and keeps what the application answers with otherwise."""

    def __init__(self, app: Any, *, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self._pages: OrderedDict[_Key, _Page] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Passes the request on, unless its page is kept."""
        request = Request(scope) if scope["type"] == "http" else None
        if request is None or not self._may_be_kept(request):
            await self.app(scope, receive, send)
            return
        version = await asyncio.to_thread(self.desk.kept.freshness.version)
        path, query = request.url.path, request.scope["query_string"]
        since = visit_of(request, NEWCOMER).since if path == NEWS else 0
        key = _Key(request.headers.get("host", ""), path, query, form_of(request), since)
        held = self._pages.get(key)
        if held is None or held.version != version:
            held = await self._make(request, receive, send, key, version)
        else:
            self._pages.move_to_end(key)
        if held is not None:
            await _answer(request, held)(scope, receive, send)

    def _may_be_kept(self, request: Request) -> bool:
        """Whether the same page is right for everybody who asks for it, until the record changes."""
        return (
            request.method == "GET"
            and self.desk.reading_open
            and SESSION_COOKIE not in request.cookies
            and request.url.path.startswith(KEPT_PATHS)
            and request.scope.get("form") != "csv"
        )

    async def _make(self, request: Request, receive: Any, send: Any, key: _Key, version: str) -> _Page | None:
        """The page as the application makes it, kept where it may be; None where it is sent already, since it is none to keep."""
        told: list[MutableMapping[str, Any]] = []
        request.scope.setdefault("state", {})

        async def note(message: MutableMapping[str, Any]) -> None:
            told.append(message)

        with watched() as stale:
            await self.app(request.scope, receive, note)
        start, body = told[0], b"".join(message.get("body", b"") for message in told[1:])
        headers = {name.lower(): value for name, value in start["headers"]}
        kind = headers.get(b"content-type", b"").split(b";")[0]
        if start["status"] != 200 or kind not in KEPT_TYPES or b"content-disposition" in headers:
            for message in told:
                await send(message)
            return None
        packed = await asyncio.to_thread(gzip.compress, body, QUICK)
        own = tuple((name, headers[name]) for name in (b"content-type", b"vary") if name in headers)
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        page = _Page(version, packed, own, tag, getattr(request.state, "newest", None))
        if not stale and len(packed) <= LARGEST:
            self._keep(key, page)
        return page

    def _keep(self, key: _Key, page: _Page) -> None:
        before = self._pages.pop(key, None)
        self._size += len(page.body) - (len(before.body) if before else 0)
        self._pages[key] = page
        while self._size > ROOM:
            _, oldest = self._pages.popitem(last=False)
            self._size -= len(oldest.body)


def _answer(request: Request, page: _Page) -> Response:
    """A kept page as this browser takes it: as nothing where it has it, compressed where it can read that."""
    headers = {name.decode(): value.decode("latin-1") for name, value in page.headers}
    headers |= {"etag": page.tag, "vary": ", ".join(filter(None, (headers.get("vary"), "Accept-Encoding")))}
    if page.tag in request.headers.get("if-none-match", ""):
        response = Response(status_code=304, headers={name: headers[name] for name in ("etag", "vary")})
    elif "gzip" in request.headers.get("accept-encoding", ""):
        response = Response(page.body, headers={**headers, "content-encoding": "gzip"})
    else:
        response = Response(gzip.decompress(page.body), headers=headers)
    if page.newest is not None:
        remember_visit(request, response, visit_of(request, page.newest))
    return response
