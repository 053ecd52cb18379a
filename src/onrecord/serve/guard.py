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
    "x-robots-tag": "noindex",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# What a page may be asked with: no address is longer, and no form holds more bytes.
LONGEST_QUERY, LARGEST_FORM = 4000, 64 * 1024


class Guard:
    """Puts the headers on every answer; refuses names that are not ours, and addresses and forms that are too long to be meant."""

    def __init__(self, app: Any, *, hosts: frozenset[str] | None = None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in held]
                if scope["scheme"] == "https":
                    more.append((b"strict-transport-security", b"max-age=31536000"))
                if b"cache-control" not in held:
                    more.append((b"cache-control", b"no-cache"))
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        if refusal := self._refusal(scope):
            status, why = refusal
            await guarded({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await guarded({"type": "http.response.body", "body": why.encode()})
        else:
            await self.app(scope, _bounded(receive), guarded)

    def _refusal(self, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        """The status and the reason of what is refused before anything is read."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        host = _name(headers.get(b"host", b"").decode("latin-1"))
        if len(scope["query_string"]) + len(scope["path"]) > LONGEST_QUERY:
            return 414, "The address is too long."
        if self.hosts is not None and host not in self.hosts:
            # A page elsewhere whose name was made to point at this machine could read the record otherwise.
            return 421, "These pages are not served under this name. Start them with --name NAME to allow it."
        if not headers.get(b"content-length", b"0").isdigit() or int(headers.get(b"content-length", b"0")) > LARGEST_FORM:
            return 413, "The form is too large."
        return None


def _bounded(receive: Any) -> Any:
    """Receives a form as far as a bound, whatever length it said it had; what goes beyond looks like a visitor who left."""
    taken = 0

    async def bounded() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST_FORM else {"type": "http.disconnect"}

    return bounded


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    return host.split("]")[0] + "]" if host.startswith("[") else host.split(":")[0].lower()
