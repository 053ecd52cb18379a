"""Fetching: which addresses may be asked, how politely, and what no server can do to us. Every server is one on this machine."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from local_web import Reply, Site, allow_loopback, misbehaving, serving
from onrecord.read import fetch, web
from onrecord.read.addresses import Refused, find_numbers, is_public, tidy_address
from onrecord.read.fetch import Fetcher, Unreachable
from onrecord.read.web import Page, ShortMemory, Web
from onrecord.records import Issue

PAGE = "<html><body><p>Norland will buy twelve Falke fighters.</p></body></html>"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_loopback(monkeypatch)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


def quick(memory: ShortMemory | None = None, *, allow_private: bool = True) -> Web:
    return Web(memory, allow_private=allow_private, pause=0.0, back_off=0.01)


PRIVATE = ["127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
           "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
           "64:ff9b::7f00:1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "2001:db8::1"]  # fmt: skip


@pytest.mark.parametrize("number", PRIVATE)
def test_private_numbers(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_numbers(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "::1"])
def test_a_host_is_refused_by_its_number_however_it_is_written(host: str) -> None:
    with pytest.raises(Refused, match="private address"):
        find_numbers(host, 80, allow_private=False)


def test_a_name_with_one_private_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(Refused):
        find_numbers("news.example", 80, allow_private=False)


def test_the_checked_number_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    # A name that stands for a public number when it is checked and for a private one when it is used cannot slip through: it is asked once.
    site.put("/", PAGE)
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *rest: object, **named: object) -> list[tuple[object, ...]]:
        if host == "news.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.port))]
        return list(real(host, *rest, **named))  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    answer = Fetcher(allow_private=True).get(f"http://news.example:{site.port}/")
    assert answer.status == 200 and asked == ["news.example"]
    assert site.asked[0][1]["host"] == f"news.example:{site.port}"


def test_a_private_address_is_refused_before_it_is_asked(site: Site) -> None:
    issue = quick(allow_private=False).fetch(f"{site.address}/")
    assert isinstance(issue, Issue) and "private address" in issue.what and "--allow-private" in issue.todo
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    site.put("/start", "", status=302, Location=f"http://localhost:{site.port}/secret")
    site.put("/secret", PAGE)
    check = find_numbers

    def pretend(host: str, port: int, *, allow_private: bool) -> list[str]:
        return ["127.0.0.1"] if host == "127.0.0.1" else check(host, port, allow_private=allow_private)

    monkeypatch.setattr(fetch, "find_numbers", pretend)
    issue = quick(allow_private=False).fetch(f"{site.address}/start")
    assert isinstance(issue, Issue) and "private address" in issue.what
    assert site.paths() == ["/start"]


@pytest.mark.parametrize(
    ("place", "what"),
    [("/loop", "redirects more than"), ("ftp://127.0.0.1/x", "neither http nor https"), ("file:///etc/passwd", "neither http"),
     ("http://user:pw@127.0.0.1/", "name and password"), ("http://[::1", "Invalid URL"), ("http://\x00/", "no address")],
)  # fmt: skip
def test_redirects_that_lead_nowhere(site: Site, place: str, what: str) -> None:
    site.put("/loop", "", status=302, Location=place.replace("\x00", "%00"))
    issue = quick().fetch(f"{site.address}/loop")
    assert isinstance(issue, Issue) and (what in issue.what or "cannot be" in issue.what)


def test_redirects_are_followed_and_those_for_good_are_told(site: Site) -> None:
    site.put("/old", "", status=301, Location="/new?utm_source=feed#top")
    site.put("/new?utm_source=feed", PAGE)
    page = quick().fetch(f"{site.address}/old")
    assert isinstance(page, Page) and page.moved_for_good and page.address == f"{site.address}/new"


@pytest.mark.parametrize(
    ("written", "tidy"),
    [("HTTP://a.example/x?utm_source=1&id=2&fbclid=3#top", "http://a.example/x?id=2"), (" https://a.example/x?q=a%20b ", "https://a.example/x?q=a%20b")],
)  # fmt: skip
def test_tidy_address(written: str, tidy: str) -> None:
    assert tidy_address(written) == tidy


def test_conditional_requests_carry_both_marks(site: Site) -> None:
    site.put("/feed", "<rss/>", ETag='"one"', Last_Modified="Thu, 23 Jul 2020 08:00:00 GMT")
    memory = ShortMemory()
    asker = quick(memory)
    assert isinstance(asker.fetch(f"{site.address}/feed"), Page)
    site.pages["/feed"] = (304, {}, b"")
    page = asker.fetch(f"{site.address}/feed")
    assert isinstance(page, Page) and page.unchanged
    sent = site.asked[-1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"one"', "Thu, 23 Jul 2020 08:00:00 GMT")
    assert memory.visits[f"{site.address}/feed"].etag == '"one"'


def test_who_asks_is_said(site: Site) -> None:
    site.put("/", PAGE)
    Web(allow_private=True, pause=0, contact="desk@example.org").fetch(site.address + "/")
    assert site.asked[-1][1]["user-agent"].startswith("onrecord/") and "desk@example.org" in site.asked[-1][1]["user-agent"]


def test_robots_txt_is_obeyed(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\nUser-agent: onrecord\nDisallow: /no\nAllow: /", media="text/plain")
    site.put("/yes", PAGE)
    asker = quick()
    assert isinstance(asker.fetch(f"{site.address}/yes"), Page)
    issue = asker.fetch(f"{site.address}/no/page")
    assert isinstance(issue, Issue) and "robots.txt" in issue.what
    assert site.paths() == ["/yes"] and len(site.asked) == 2, "robots.txt is asked once"


def test_robots_txt_is_asked_anew_after_a_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("/", PAGE)
    asker = quick()
    assert isinstance(asker.fetch(f"{site.address}/"), Page)
    site.put("/robots.txt", "User-agent: *\nDisallow: /", media="text/plain")
    assert isinstance(asker.fetch(f"{site.address}/"), Page)
    monkeypatch.setattr(web, "ROBOTS_KEPT", 0.0)
    assert isinstance(asker.fetch(f"{site.address}/"), Issue)


@pytest.mark.parametrize(("status", "read"), [(404, True), (403, True), (500, False), (503, False)])
def test_robots_txt_that_is_missing_allows_and_one_that_fails_forbids(site: Site, status: int, read: bool) -> None:
    site.put("/robots.txt", "", status=status)
    site.put("/", PAGE)
    assert isinstance(quick().fetch(f"{site.address}/"), Page) is read


def test_a_pause_is_kept_between_requests_to_a_host(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(web.time, "sleep", slept.append)
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7", media="text/plain")
    site.put("/", PAGE)
    asker = Web(allow_private=True)
    asker.fetch(f"{site.address}/")
    asker.fetch(f"{site.address}/")
    assert 6.5 < max(slept) <= 7


def failing(times: int, reply: Reply) -> Callable[[object], Reply]:
    left = [times]

    def answer(_: object) -> Reply:
        left[0] -= 1
        return reply if left[0] >= 0 else (200, {"Content-Type": "text/html"}, PAGE.encode())

    return answer


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_failures_are_tried_again(site: Site, status: int) -> None:
    site.pages["/"] = failing(2, (status, {}, b""))
    assert isinstance(quick().fetch(f"{site.address}/"), Page)
    assert site.paths() == ["/", "/", "/"]


def test_a_server_that_asks_to_wait_is_waited_for_or_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(web.time, "sleep", slept.append)
    site.pages["/short"] = failing(1, (503, {"Retry-After": "20"}, b""))
    site.pages["/long"] = failing(1, (429, {"Retry-After": "7200"}, b""))
    memory = ShortMemory()
    asker = Web(memory, allow_private=True, pause=0, back_off=0)
    assert isinstance(asker.fetch(f"{site.address}/short"), Page) and 20 in slept
    issue = asker.fetch(f"{site.address}/long")
    assert isinstance(issue, Issue) and "429" in issue.what and site.paths().count("/long") == 1
    visit = memory.visits[f"{site.address}/long"]
    assert visit.failures == 1 and visit.retry_at > time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 7000))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_lasting_failures_are_asked_once(site: Site, status: int) -> None:
    site.put("/", "", status=status)
    memory = ShortMemory()
    issue = quick(memory).fetch(f"{site.address}/")
    assert isinstance(issue, Issue) and str(status) in issue.what and site.paths() == ["/"]
    assert memory.visits[f"{site.address}/"].failures >= web.GIVEN_UP


def test_a_host_that_is_down_is_not_asked_for_each_of_its_pages() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    server.close()
    asker = quick()
    first, second = asker.fetch(f"{address}/1"), asker.fetch(f"{address}/2")
    assert isinstance(first, Issue) and "cannot be reached" in first.what
    assert isinstance(second, Issue) and "did not answer just now" in second.what


def test_unknown_host_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    issue = quick().fetch("https://nowhere.example/feed")
    assert isinstance(issue, Issue) and "nowhere.example cannot be found" in issue.what


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _silent(connection: socket.socket) -> None:
    # Till the other side has enough.
    connection.recv(1)


def _drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(4000):
        connection.sendall(b"a")
        time.sleep(0.03)


def _drip_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    for _ in range(4000):
        connection.sendall(b"a")
        time.sleep(0.03)


def _endless_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 1000))


def _endless_chunks(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(1_000_000):
        connection.sendall(b"8000\r\n" + b"a" * 0x8000 + b"\r\n")


def _endless_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    for _ in range(1_000_000):
        connection.sendall(b"a" * 0x8000)


BOMB = gzip.compress(bytes(20_000_000), 9)


def _bomb(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)


def _cut_packing(connection: socket.socket) -> None:
    body = gzip.compress(PAGE.encode() * 50)[:60]
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _other_packing(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc")


def _cut_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 5000\r\n\r\nabc")


def _no_http(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize(
    ("talk", "what"),
    [(_silent, "too slow"), (_drip_head, "too slow"), (_drip_body, "too slow"), (_endless_head, ""), (_endless_chunks, "larger than"),
     (_endless_body, "larger than"), (_bomb, "larger than"), (_cut_packing, "cut off"), (_other_packing, "not asked for"), (_cut_body, ""),
     (_no_http, "")],
)  # fmt: skip
def test_servers_that_misbehave_cost_little_time_and_a_line(talk: Callable[[socket.socket], None], what: str) -> None:
    # Only who is slow meets the bounds on time, however busy this machine is; without them the slow would take two minutes or for ever.
    fetcher = Fetcher(allow_private=True, **({"whole": 0.8, "silence": 0.5} if what == "too slow" else {"whole": 100.0, "silence": 50.0}))
    began = time.monotonic()
    with misbehaving(talk) as address, pytest.raises((Unreachable, Refused)) as caught:
        fetcher.get(address, most_bytes=3_000_000)
    assert what in str(caught.value) and str(caught.value)
    assert time.monotonic() - began < 60


def test_what_a_server_says_of_letters_is_heeded(site: Site) -> None:
    site.put("/", "<p>Танки</p>".encode("koi8-r"), media="text/html; charset=KOI8-R")
    page = quick().fetch(f"{site.address}/")
    assert isinstance(page, Page) and "Танки" in page.raw("text/html").body.decode()
