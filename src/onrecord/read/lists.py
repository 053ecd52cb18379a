"""Reads lists of addresses: OPML files of feeds and the sitemaps of a site, newest pages first."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from typing import Any, BinaryIO, cast
from urllib.parse import urljoin

from onrecord.read.addresses import tidy_address
from onrecord.read.feeds import read_feed, read_linked
from onrecord.read.kinds import find_kind
from onrecord.read.many import SideBySide
from onrecord.read.pages import MOST_BYTES
from onrecord.read.streams import BROKEN, Bomb, Meter, unpack
from onrecord.read.web import SAVE, Page, Visit, Web
from onrecord.records import Issue, Raw

MOST_FEEDS = 5_000
# At one page a second 1,000 pages of a host take a quarter of an hour; what is left out is said, and the next run goes on from there.
MOST_PAGES = 1_000
# A large site's index lists a sitemap a month; the newest are asked first, until there are pages enough.
MOST_SITEMAPS = 50
# How a page names its feed: <link rel="alternate" type="application/rss+xml" href="...">, in its first part.
HEAD_BYTES = 200_000
LINK = re.compile(r"<link\b([^<>]{0,1000})>", re.IGNORECASE)
FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'<>]{1,1000})", re.IGNORECASE)
LOOK_UP = "look up the feed's new address on its site"
TODO_FOLLOW = "name the list itself as a source, and its addresses are fetched"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page or sitemap that a sitemap names, with what it says of it."""

    address: str
    changed: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""


def find_feeds(body: bytes) -> list[str]:
    """The addresses of the feeds that an OPML file lists, each once, in its order."""
    feeds = (str(outline.get("xmlUrl") or outline.get("xmlurl") or "").strip() for outline in _elements(body, "outline"))
    return list(dict.fromkeys(tidy_address(feed) for feed in feeds if feed.startswith(("http://", "https://"))))[:MOST_FEEDS]


def read_opml(name: str, stream: BinaryIO, web: Web | None) -> Iterator[Raw | Issue]:
    """The reports of every feed that an OPML file lists, in its order; several hosts are asked at a time."""
    body = stream.read(MOST_BYTES + 1)
    feeds = find_feeds(body) if len(body) <= MOST_BYTES else []
    if not feeds:
        yield Issue("read", "an OPML file without feeds", name, "give one whose outlines have an xmlUrl")
    elif web is None:
        yield Issue("read", "a list of feeds within a folder is not followed", f"{name} ({len(feeds)} feeds)", TODO_FOLLOW)
    else:
        tasks: list[Callable[[], Iterator[Raw | Issue]]] = [partial(read_feed_at, feed, web) for feed in feeds]
        with closing(SideBySide(tasks)) as running:
            for items in running:
                yield from items


def read_feed_at(address: str, web: Web) -> Iterator[Raw | Issue]:
    """The reports of the feed at an address, or of the one that the page there names; a notice where nothing is new."""
    page = web.fetch(address)
    named = _named_feed(page) if isinstance(page, Page) and not page.unchanged else ""
    if named:
        yield Issue("fetch", f"a page whose feed is {named}", address, "write the feed's address in your list", notice=True)
        # The page itself is asked anew in each round: that it did not change says nothing of its feed.
        web.memory.note(Visit(address, outcome="names a feed"))
        page = web.fetch(named)
    if isinstance(page, Issue):
        yield replace(page, todo=LOOK_UP) if page.todo == SAVE else page
    elif page.unchanged:
        yield Issue("read", "nothing new", address, "", notice=True)
    elif find_kind(page.body[:8192], named=True)[0] != "feed":
        yield Issue("read", f"no feed ({page.media_type or 'of unknown kind'})", address, LOOK_UP)
    else:
        if page.moved_for_good:
            yield Issue("fetch", f"the feed moved for good to {page.address}", address, "write the new address in your list", notice=True)
        yield from read_feed(page.address, cast(BinaryIO, io.BytesIO(page.xml())), web)


def _named_feed(page: Page) -> str:
    """The address of the first feed that a web page names in its head, or nothing."""
    if find_kind(page.body[:8192], named=True)[0] != "page":
        return ""
    for link in LINK.findall(page.body[:HEAD_BYTES].decode("utf-8", "replace")):
        if FEED_TYPE.search(link) and (place := HREF.search(link)):
            try:
                return tidy_address(urljoin(page.address, unescape(place[1])))
            except ValueError:
                continue
    return ""


def read_sitemap(name: str, stream: BinaryIO, web: Web | None) -> Iterator[Raw | Issue]:
    """The reports on the pages of a sitemap, or of the sitemaps that an index lists, newest first and not read before."""
    body = stream.read(MOST_BYTES + 1)
    pages, maps = _read_map(body)
    if web is None:
        yield Issue("read", "a sitemap within a folder is not followed", f"{name} ({len(pages) + len(maps)} addresses)", TODO_FOLLOW)
        return
    for number, listed in enumerate(_newest_first(maps)):
        if len(pages) >= MOST_PAGES or number >= MOST_SITEMAPS:
            what = f"{len(maps) - number} older sitemaps are left out (limit {MOST_PAGES:,} pages)"
            yield Issue("read", what, name, "name one of them as a source", notice=True)
            break
        inner = _fetch_map(listed.address, web)
        if isinstance(inner, Issue):
            yield inner
        else:
            pages += inner
    if not pages:
        yield Issue("read", "a sitemap without pages", name, "give one that lists pages of news")
        return
    known = web.memory.settled([listed.address for listed in pages])
    new = [listed for listed in _newest_first(pages) if listed.address not in known]
    for listed in new[:MOST_PAGES]:
        hints = {"title": listed.title, "outlet": listed.outlet, "published": listed.published, "stream": "sitemap"}
        yield from read_linked(listed.address, web, {hint: said for hint, said in hints.items() if said})
    if len(pages) > len(new):
        yield Issue("read", f"{len(pages) - len(new)} of {len(pages)} pages read before", name, "", notice=True)
    if len(new) > MOST_PAGES:
        yield Issue(
            "read", f"{len(new) - MOST_PAGES:,} older pages are left for the next run", name, "give the same command again", notice=True
        )


def _fetch_map(address: str, web: Web) -> list[Listed] | Issue:
    page = web.fetch(address, again=False)
    if isinstance(page, Issue):
        return page
    body = page.body
    if find_kind(body[:8192])[0] == "gzip":
        try:
            body = unpack("gzip", cast(BinaryIO, io.BytesIO(body)), Meter(lambda: len(page.body))).read(MOST_BYTES + 1)
        except (Bomb, *BROKEN) as error:
            return Issue("read", f"a packed sitemap that is broken or a bomb ({error})", address, "leave it out")
    pages, maps = _read_map(body)
    if not pages:
        what = "a list of lists of sitemaps" if maps else "no sitemap"
        return Issue("read", what, address, "name one of the sitemaps as a source")
    return pages


def _read_map(body: bytes) -> tuple[list[Listed], list[Listed]]:
    """The pages and the further sitemaps of a sitemap."""
    pages: list[Listed] = []
    maps: list[Listed] = []
    for element in _elements(body, "url", "sitemap"):
        said: dict[str, str] = {}
        for inner in element.iter():
            space, _, name = str(inner.tag).rpartition("}")
            if name in ("loc", "lastmod") or "news" in space:  # pictures and films on the page have titles too
                said.setdefault(name, (inner.text or "").strip()[:2000])
        address = said.get("loc", "")
        if address.startswith(("http://", "https://")):
            listed = Listed(tidy_address(address), said.get("lastmod", ""), said.get("title", ""), said.get("name", ""),
                            said.get("publication_date", ""))  # fmt: skip
            (maps if str(element.tag).endswith("sitemap") else pages).append(listed)
    return pages, maps


def _newest_first(listed: list[Listed]) -> list[Listed]:
    """By day of publication or change, the newest first; those without a day last, in the order of the list."""
    return sorted(listed, key=lambda one: one.published or one.changed, reverse=True)


def _elements(body: bytes, *names: str) -> Iterator[Any]:
    """The elements of those names, each forgotten once the next is asked for; entities are not resolved, nothing is fetched."""
    from lxml import etree

    if len(body) > MOST_BYTES:
        return
    bounds: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": True}
    try:
        for _, element in etree.iterparse(io.BytesIO(body), events=("end",), tag=[f"{{*}}{name}" for name in names], **bounds):
            yield element
            element.clear(keep_tail=False)
    except (etree.XMLSyntaxError, ValueError):
        return  # what was whole before the fault has been given
