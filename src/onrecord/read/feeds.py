"""Reads RSS and Atom feeds: the full text that an entry carries, or else the page that it links to."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from html.entities import name2codepoint
from typing import Any, BinaryIO, cast
from xml.parsers import expat

from onrecord import vocab
from onrecord.read.addresses import tidy_address
from onrecord.read.kinds import find_kind
from onrecord.read.pages import address_key
from onrecord.read.pdf import read_pdf
from onrecord.read.web import Page, Visit, Web
from onrecord.records import Issue, Raw

# Feeds hold 10 to 100 entries; the largest seen, with full texts of a year, are 3 MB.
MOST_BYTES, MOST_ENTRIES = 10_000_000, 1_000
# An entry's content is the report where it is as long as a short brief; a summary is one only where no page's teaser would be so long.
FULL_CONTENT, FULL_SUMMARY = 500, 1_500
# Prefixes that sloppy feeds use without declaring them.
PREFIXES = {"content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
            "atom": "http://www.w3.org/2005/Atom", "media": "http://search.yahoo.com/mrss/"}  # fmt: skip
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
ENTITY = re.compile(rb"&([A-Za-z]{2,8});")
TAG = re.compile(r"<[^<>]{0,2000}>")
# What a site appends stands within so many letters of an entry's end.
TAIL = 3_000
TODO_FOLLOW = "name the feed itself as a source, and its pages are fetched"


def read_feed(name: str, stream: BinaryIO, web: Web | None) -> Iterator[Raw | Issue]:
    """The reports of a feed's entries, in the feed's order; pages are fetched where there is a `web` to do so.

    An entry that was read before is passed over; one notice says how many were.
    """
    body = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        yield Issue("read", f"a feed larger than feeds are (limit {MOST_BYTES / 1e6:.0f} MB)", name, "leave it out")
        return
    feed = _parse(body, name)
    if isinstance(feed, Issue):
        yield feed
        return
    entries = [(entry, _link(entry)) for entry in feed["entries"][:MOST_ENTRIES]]
    if not entries:
        yield Issue("read", "a feed without entries", name, "check that it is a feed of news", notice=not feed.get("bozo"))
        return
    if len(feed["entries"]) > MOST_ENTRIES:
        yield Issue("read", f"a feed of more than {MOST_ENTRIES:,} entries; the rest is left out", name, "give the older ones as files")
    known = web.memory.settled([link for _, link in entries if link]) if web else set()
    passed_over = teasers = 0
    for entry, link in entries:
        hints = _hints(entry, feed["feed"], name)
        full = _full_text(entry)
        if link in known:
            passed_over += 1
        elif full:
            yield _carried(name, link, full, hints)
            if web and link:
                web.memory.note(Visit(link, outcome="read in the feed"))
        elif web is None or not link:
            teasers += 1
        else:
            yield from read_linked(link, web, hints)
    if passed_over:
        yield Issue("read", f"{passed_over} of {len(entries)} entries read before", name, "", notice=True)
    if teasers:
        what = "no full text in a feed's entries" if web else "no full text in a feed's entries, and lists within folders are not followed"
        yield Issue("read", what, f"{name} ({teasers} entries)", TODO_FOLLOW)


def read_linked(link: str, web: Web, hints: Mapping[str, str]) -> Iterator[Raw | Issue]:
    """The report on a page that a list links to: what the list says of it stands beside what the page says."""
    page = web.fetch(link)
    if isinstance(page, Issue):
        yield page
    elif not page.unchanged:
        yield from _read_page(page, hints)


def _read_page(page: Page, hints: Mapping[str, str]) -> Iterator[Raw | Issue]:
    kind, what = find_kind(page.body[:8192], named=True)
    if kind == "pdf":
        for raw in read_pdf(page.address, cast(BinaryIO, io.BytesIO(page.body))):
            yield raw if isinstance(raw, Issue) else replace(raw, hints={**hints, "key": address_key(page.address), "where": page.address})
    elif kind in ("page", "text") or kind == "" and page.media_type == "text/html" and not what:
        yield page.raw("text/plain" if kind == "text" and page.media_type == "text/plain" else "text/html", hints)
    else:
        yield Issue("read", f"no page ({page.media_type or what or kind})", page.address, "save what it holds and give the file")


def _parse(body: bytes, name: str) -> Any:
    """The feed as feedparser sees it, or the Issue that it cannot be read."""
    import feedparser

    logging.getLogger("feedparser").setLevel(logging.CRITICAL)
    whole = _well_formed(body)
    if whole is None:
        return Issue("read", "a feed without entries: its XML is broken from the start", name, "check the address in a feed reader")
    try:
        # A stream, never a text: a text that looks like an address or a path would be opened.
        return feedparser.parse(io.BytesIO(whole), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # Feedparser stumbles in many ways over elements where it expects none (a KeyError, an AttributeError), and none may stop a run.
        return Issue("read", f"a feed that cannot be read ({type(error).__name__})", name, "check the address in a feed reader")


def _well_formed(body: bytes) -> bytes | None:
    """A feed's XML mended and cut to the entries that are read; None where nothing can be made of it.

    Feedparser falls back on a lenient parser at the first fault, whose time grows with the square of what it reads: 50,000 entries took it
    half a minute. What is mended here takes the strict one, in a second at most. Entities that the file declares are not resolved, those of
    HTML are, because sloppy feeds use them.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True)
    try:
        tree = etree.fromstring(ENTITY.sub(_plain_entity, body), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if tree is None:
        return None
    entries = [element for element in tree.iter("{*}item", "{*}entry")]
    for element in entries[MOST_ENTRIES + 1 :]:
        element.getparent().remove(element)
    for element in tree.iter(etree.Element):
        _bind_prefixes(element)
    # Without its document type: nothing that the file declares is left.
    whole = cast(bytes, etree.tostring(tree, encoding="utf-8", xml_declaration=True))
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(whole, True)
    except expat.ExpatError:
        return None
    return whole


def _bind_prefixes(element: Any) -> None:
    """Gives an element whose prefix the feed forgot to declare the namespace that the prefix stands for everywhere, or its bare name."""
    prefix, colon, name = element.tag.rpartition(":") if not element.tag.startswith("{") else ("", "", "")
    if colon:
        space = PREFIXES.get(prefix)
        name = name if NAME.fullmatch(name) else "unknown"
        element.tag = f"{{{space}}}{name}" if space else name
    for attribute in [key for key in element.attrib if ":" in key and not key.startswith("{")]:
        del element.attrib[attribute]


def _plain_entity(match: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(match[1].decode("ascii"))
    return match[0] if code is None or code < 128 else f"&#{code};".encode()


def _link(entry: Mapping[str, Any]) -> str:
    """The address of an entry's page, or nothing."""
    for name in ("link", "feedburner_origlink", "id"):
        said = _own(entry, name)
        if isinstance(said, str) and re.match(r"https?://", said.strip()):
            try:
                return tidy_address(said)
            except ValueError:
                continue
    return ""


def _hints(entry: Mapping[str, Any], feed: Mapping[str, Any], name: str) -> dict[str, str]:
    """What an entry says of its report; the true publisher stands in its source, where an aggregator carries it."""
    source = _own(entry, "source") or {}
    outlet = _line(source.get("title"))
    title = _line(_own(entry, "title"))
    title = title.removesuffix(f" - {outlet}") if outlet else title
    published, updated = _own(entry, "published"), _own(entry, "updated")
    hints = {
        "title": title,
        "outlet": outlet,
        "carrier": _line(feed.get("title")),
        "published": _line(published or updated),
        "updated": _line(updated) if published else "",
        "language": _line(feed.get("language"))[:2].lower(),
        "stream": "feed",
    }
    return {hint: said for hint, said in hints.items() if said}


def _carried(name: str, link: str, text: str, hints: Mapping[str, str]) -> Raw:
    """The report whose text an entry carries."""
    mark = hints.get("title", "")[:80]
    return Raw(
        link or f"{name}#{mark}",
        "text/html; part",
        text.encode("utf-8", "replace"),
        {**hints, "key": address_key(link) if link else mark or name, "where": link or f"{name}, entry {mark!r}"},
    )


def _full_text(entry: Mapping[str, Any]) -> str:
    """The whole report in an entry, as it stands there, or nothing where it is only a teaser."""
    for texts, least in ((_own(entry, "content") or [], FULL_CONTENT), ([_own(entry, "summary_detail") or {}], FULL_SUMMARY)):
        for part in texts:
            text = part.get("value") or ""
            text = text if "html" in part.get("type", "html") else f"<p>{text}</p>"
            text = text[:-TAIL] + _appended().sub("", text[-TAIL:])
            words = " ".join(TAG.sub(" ", text).split())
            if len(words) >= least and not _cut().search(words[-120:]):
                return text
    return ""


def _own(entry: Mapping[str, Any], name: str) -> Any:
    """What an entry itself says; feedparser would give another field in its place."""
    return entry[name] if dict.__contains__(cast("dict[str, Any]", entry), name) else None


def _line(said: object) -> str:
    return " ".join(TAG.sub("", said).split())[:500] if isinstance(said, str) else ""


@cache
def _cut() -> re.Pattern[str]:
    phrases = vocab.words("head")["feeds"]["cut"]
    return re.compile(rf"(?:{'|'.join(map(re.escape, phrases))})\W*$", re.IGNORECASE)


@cache
def _appended() -> re.Pattern[str]:
    said = "|".join(map(re.escape, vocab.words("head")["feeds"]["appended"]))
    return re.compile(rf"<p[^<>]{{0,200}}>(?:(?!</p>).){{0,1000}}?(?:{said}).{{0,1000}}?</p>\s*$", re.IGNORECASE | re.DOTALL)
