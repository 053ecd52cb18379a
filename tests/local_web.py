"""Web servers on this machine for tests of what fetches: pages from a table, and servers that misbehave on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Headers = dict[str, str]
Reply = tuple[int, Headers, bytes]


@dataclass
class Site:
    """A site of pages: path -> reply, or a function of the request's headers; `asked` holds what was asked, in order."""

    pages: dict[str, Reply | Callable[[Headers], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, Headers]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def put(self, path: str, body: str | bytes, *, media: str = "text/html", status: int = 200, **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": media, **said}, content)

    def put_marked(self, path: str, body: str, *, etag: str, media: str = "application/rss+xml") -> None:
        """A page that answers 304 to whoever has it already."""
        content = body.encode()

        def reply(headers: Headers) -> Reply:
            if headers.get("if-none-match") == etag:
                return 304, {"ETag": etag}, b""
            return 200, {"Content-Type": media, "ETag": etag}, content

        self.pages[path] = reply


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            page = site.pages.get(self.path, (404, {}, b"not here"))
            status, said, body = page(headers) if callable(page) else page
            self.send_response(status)
            for name, value in said.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # whoever asked had enough

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def misbehaving(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers every connection with `talk`; its address."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    done = threading.Event()

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                talk(connection)
            except OSError:
                return

    def accept() -> None:
        while not done.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        server.close()


def allow_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test connect to this machine, and to nothing else."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: tuple[str, int]) -> None:
        if address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
