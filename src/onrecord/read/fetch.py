"""Fetches one address: each hop's number checked, all in bounds of bytes and seconds, whatever the server does."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from onrecord.errors import BadInput
from onrecord.read.addresses import Refused, find_numbers
from onrecord.read.pages import MOST_BYTES

if TYPE_CHECKING:
    import httpx

# Browsers follow 20; five are a shortener, a change of scheme, of host, of path, and one more.
MOST_HOPS = 5
# Seconds: to connect, between two pieces of an answer, and for one answer as a whole.
CONNECT, SILENCE, WHOLE = 10.0, 20.0, 60.0
# Numbers of one host that are tried in turn.
MOST_NUMBERS = 3
MOVED, MOVED_FOR_GOOD = (301, 302, 303, 307, 308), (301, 308)


class Unreachable(BadInput):
    """An address that gave no whole answer this time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the address after all hops, whether each hop was for good, the status, headers (lower case) and body."""

    address: str
    moved_for_good: bool
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Holds the client that asks servers; one can be shared by threads."""

    def __init__(self, *, allow_private: bool = False, contact: str = "", whole: float = WHOLE, silence: float = SILENCE) -> None:
        import httpx

        agent = f"onrecord/{version('onrecord')} (reads news of arms transfers{'; ' + contact if contact else ''})"
        self.agent = "onrecord"
        self.allow_private = allow_private
        self._whole = whole
        # A proxy finds hosts by itself: there the name is given to it, and no number is chosen here.
        self._proxied = bool(getproxies())
        self._client = httpx.Client(
            headers={"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(silence, connect=CONNECT),
            # Each request has a connection of its own, so that one which is cut short takes no other with it.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def close(self) -> None:
        """Closes all connections."""
        self._client.close()

    def get(self, address: str, headers: Mapping[str, str] | None = None, *, most_bytes: int = MOST_BYTES) -> Answer:
        """The answer of an address after at most five hops; `Refused` or `Unreachable` says why there is none."""
        for_good = True
        end = time.monotonic() + self._whole
        for _ in range(MOST_HOPS + 1):
            answer = self._ask(address, headers or {}, most_bytes, end)
            place = answer.headers.get("location")
            if answer.status not in MOVED or not place:
                return Answer(address, for_good and answer.moved_for_good, answer.status, answer.headers, answer.body)
            for_good = for_good and answer.status in MOVED_FOR_GOOD
            address = self._next_address(address, place)
        raise Refused(f"redirects more than {MOST_HOPS} times")

    def _next_address(self, address: str, place: str) -> str:
        import httpx

        try:
            return str(httpx.URL(address).join(place).copy_with(fragment=None))
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            raise Refused("redirects to what is no address") from error

    def _ask(self, address: str, headers: Mapping[str, str], most_bytes: int, end: float) -> Answer:
        import httpx

        try:
            url = httpx.URL(address)
            host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            raise Refused("is no address") from error
        if url.scheme not in ("http", "https") or not host:
            raise Refused(f"leads to an address that is neither http nor https ({url.scheme or 'no scheme'})")
        if url.userinfo:
            raise Refused("carries a name and password")
        numbers = self._numbers(host, port)
        for place, number in enumerate(numbers):
            try:
                return self._ask_number(url, number, headers, most_bytes, end)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if place + 1 == len(numbers):
                    raise Unreachable(f"cannot be reached: {_said(error)}") from error
        raise Unreachable("cannot be reached: its host has no number")

    def _numbers(self, host: str, port: int) -> list[str]:
        """What to connect to for a host: its checked numbers, or its name where a proxy does the connecting."""
        try:
            numbers = find_numbers(host, port, allow_private=self.allow_private)[:MOST_NUMBERS]
        except Refused:
            raise
        except BadInput as error:
            if self._proxied:
                return [host]
            raise Unreachable(str(error)) from error
        return [host] if self._proxied else numbers

    def _ask_number(self, url: httpx.URL, number: str, headers: Mapping[str, str], most_bytes: int, end: float) -> Answer:
        """One request to a host under one of its numbers, cut off at the end of its time."""
        import httpx

        watch = _Cutter()
        host = url.netloc.decode("ascii")
        request = self._client.build_request(
            "GET",
            url if self._proxied else url.copy_with(host=number),
            headers={**headers, "Host": host},
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": watch},
        )
        timer = threading.Timer(max(0.0, end - time.monotonic()), watch.cut)
        timer.daemon = True
        timer.start()
        try:
            response = self._client.send(request, stream=True)
            try:
                body = b"" if response.status_code in MOVED else _body(response, most_bytes)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except httpx.TimeoutException as error:
            raise Unreachable("the server is too slow") from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise Unreachable(f"the server is too slow (over {self._whole:.0f} s)" if watch.is_cut else _said(error)) from error
        finally:
            timer.cancel()
        if watch.is_cut:
            raise Unreachable(f"the server is too slow (over {self._whole:.0f} s)")
        return Answer(str(url), True, response.status_code, {name.lower(): said for name, said in response.headers.items()}, body)


class _Cutter:
    """Learns of a request's connection as it is made, and ends it from another thread: a bound on silence is none on the whole."""

    def __init__(self) -> None:
        self.is_cut = False
        self._stream: Any = None

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._stream = info["return_value"]
            if self.is_cut:
                self.cut()

    def cut(self) -> None:
        self.is_cut = True
        connection = self._stream.get_extra_info("socket") if self._stream is not None else None
        if connection is not None:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already


def _body(response: httpx.Response, most_bytes: int) -> bytes:
    """The body, unpacked piece by piece, never more than may be held."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise Refused(f"answers in a packing that was not asked for ({coding[:20]})")
    pieces: list[bytes] = []
    size = 0
    for piece in _unpacked(response.iter_raw(), most_bytes) if "gzip" in coding else response.iter_raw():
        size += len(piece)
        if size > most_bytes:
            raise Refused(f"larger than one report can be (limit {most_bytes / 1e6:.0f} MB)")
        pieces.append(piece)
    return b"".join(pieces)


def _unpacked(pieces: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=47)
    try:
        for piece in pieces:
            yield unpacker.decompress(piece, most_bytes + 1)
            if unpacker.unconsumed_tail:
                raise Refused(f"larger than one report can be (limit {most_bytes / 1e6:.0f} MB)")
            if unpacker.eof:
                return
    except zlib.error as error:
        raise Unreachable("a packed answer that is broken") from error
    raise Unreachable("a packed answer that is cut off")


def _said(error: Exception) -> str:
    """What an error of the network says, in one short line."""
    return " ".join(str(error).split())[:160] or type(error).__name__
