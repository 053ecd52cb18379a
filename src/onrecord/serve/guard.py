"""This file sets what a browser may do with a page: no script but ours, no style but ours, no frame, no guessing of types."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

# Nothing inline: a report's text that slipped through would still not run.
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'",
    "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# What a page may be asked with: no address and no header of a page is longer.
LONGEST_QUERY = 4000


class Guard:
    """Puts the headers on every answer, and refuses an address that is too long to be meant."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in held]
                if b"cache-control" not in held:
                    more.append((b"cache-control", b"no-cache"))
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        if len(scope["query_string"]) + len(scope["path"]) > LONGEST_QUERY:
            await guarded({"type": "http.response.start", "status": 414, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await guarded({"type": "http.response.body", "body": b"The address is too long."})
        else:
            await self.app(scope, receive, guarded)
