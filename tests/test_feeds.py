"""Feeds and lists: what an entry carries or links to becomes a report, from whoever published it, once; hostile XML costs a line."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_web import Site, allow_loopback, serving
from onrecord.collect import read_documents
from onrecord.read import feeds, lists
from onrecord.read.feeds import read_feed
from onrecord.read.lists import find_feeds, read_feed_at, read_opml
from onrecord.read.web import ShortMemory, Web
from onrecord.records import Document, Issue, Raw

BODY = "Norland will buy twelve Falke fighters from Sudland, the defence ministry said on Monday. Deliveries begin next year."
LONG = " ".join([BODY] * 6)
HEAD = "<head><title>A page</title><meta property='og:site_name' content='Harbour Wire'></head>"
HARBOUR = f"<html>{HEAD}<body><article><p>{BODY}</p></article></body></html>"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_loopback(monkeypatch)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


def quick(memory: ShortMemory | None = None) -> Web:
    return Web(memory, allow_private=True, pause=0.0, back_off=0.01)


def rss(*items: str, head: str = "<title>Harbour Feed</title><language>en</language>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{head}{"".join(items)}</channel></rss>'


def item(link: str = "https://a.example/1", *, title: str = "Norland buys fighters", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>Thu, 23 Jul 2020 08:00:00 GMT</pubDate>{more}</item>"


def full(text: str = f"<p>{LONG}</p>") -> str:
    return f"<content:encoded><![CDATA[{text}]]></content:encoded>"


def read(content: str | bytes, web: Web | None = None, name: str = "feed.xml") -> list[Raw | Issue]:
    return list(read_feed(name, io.BytesIO(content.encode() if isinstance(content, str) else content), web))


ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Feed</title>
<entry><title>Norland buys fighters</title><link href="https://a.example/1"/><id>urn:1</id><published>2020-07-23T08:00:00Z</published>
<updated>2020-07-24T08:00:00Z</updated><content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>"""
RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour Feed</title></channel><item><title>Norland buys fighters</title><link>https://a.example/1</link><dc:date>2020-07-23</dc:date>{full()}</item></rdf:RDF>"""


@pytest.mark.parametrize("feed", [rss(item(more=full())), ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_full_text_in_a_feed_is_read_from_the_feed(tmp_path: Path, feed: str) -> None:
    (tmp_path / "any.name").write_text(feed)
    (document,) = read_documents([tmp_path])
    assert isinstance(document, Document)
    assert (document.text, document.title, document.outlet) == (LONG, "Norland buys fighters", "Harbour Feed")
    assert (document.published, document.uri, document.key) == ("2020-07-23", "https://a.example/1", "a.example/1")
    assert document.updated == ("2020-07-24" if feed is ATOM else None)


@pytest.mark.parametrize(
    ("more", "whole"),
    [(full(), True), (full(f"<p>{LONG} […]</p>"), False), (full(f"<p>{LONG}</p><p><a href='x'>Continue reading</a></p>"), False),
     (full("<p>Short.</p>"), False), (f"<description>{LONG * 3}</description>", True), (f"<description>{LONG}</description>", False),
     (full(f"<p>{LONG}</p><p>The post <a href='x'>Norland</a> appeared first on <a>Harbour</a>.</p>"), True)],
)  # fmt: skip
def test_a_teaser_is_no_report(more: str, whole: bool) -> None:
    (found,) = read(rss(item(more=more)))
    assert isinstance(found, Raw) is whole
    if isinstance(found, Raw):
        assert b"appeared first on" not in found.body
    else:
        assert "no full text" in found.what and "name the feed itself" in found.todo


@pytest.mark.parametrize(
    "feed",
    [
        rss(item(title="Norland&nbsp;buys &amp; sells&rsquo;", more=full())),
        rss(item(title="Norland\u00a0buys &amp; sells’", more=full())) + "</rss><b",
        rss(item(title="Norland buys &amp; sells’", more=full() + "<x:y z:a='b'>c</x:y><link></link>")).replace("xmlns:content=", "x="),
    ],
    ids=["entities of HTML", "broken at the end", "prefixes that are not declared"],
)
def test_sloppy_feeds_are_read(feed: str) -> None:
    (raw,) = read(feed)
    assert isinstance(raw, Raw) and raw.hints["title"] == "Norland buys & sells’"


def test_the_page_is_fetched_where_the_feed_has_a_teaser(site: Site) -> None:
    site.put("/news/1", HARBOUR)
    (raw,) = read(rss(item(f"{site.address}/news/1?utm_source=rss")), quick())
    assert isinstance(raw, Raw) and site.paths() == ["/news/1"]
    assert raw.hints["title"] == "Norland buys fighters" and raw.hints["carrier"] == "Harbour Feed" and "outlet" not in raw.hints


def test_the_true_publisher_is_the_source_that_an_aggregator_names(site: Site, tmp_path: Path) -> None:
    site.put("/1", HARBOUR.replace("Harbour Wire", "Aggregator"))
    more = "<source url='https://coast.example'>Coast Herald</source>"
    site.put("/feed", rss(item(f"{site.address}/1", title="Norland buys fighters - Coast Herald", more=more)), media="application/rss+xml")
    (document,) = read_documents([f"{site.address}/feed"], web=quick())
    assert isinstance(document, Document)
    assert (document.outlet, document.title) == ("Coast Herald", "Norland buys fighters")


def test_a_page_names_its_outlet_before_the_feed_does(site: Site) -> None:
    site.put("/1", HARBOUR)
    site.put("/feed", rss(item(f"{site.address}/1")), media="text/xml")
    (document,) = read_documents([f"{site.address}/feed"], web=quick())
    assert isinstance(document, Document) and document.outlet == "Harbour Wire"


def test_a_page_is_read_once(site: Site) -> None:
    site.put("/1", HARBOUR)
    site.put("/gone", "", status=404)
    feed = rss(item(f"{site.address}/1"), item(f"{site.address}/gone"), item(f"{site.address}/2", more=full()))
    asker = quick()
    kinds = [type(found).__name__ for found in read(feed, asker)]
    assert kinds == ["Raw", "Issue", "Raw"]
    again = read(feed, asker)
    assert [found.what for found in again if isinstance(found, Issue)] == ["the server answers 404", "2 of 3 entries read before"]
    assert site.paths() == ["/1", "/gone", "/gone"]


def test_a_feed_that_did_not_change_is_not_read_again(site: Site) -> None:
    site.put_marked("/feed", rss(item(more=full())), etag='"1"')
    asker = quick()
    assert [type(found) for found in read_documents([f"{site.address}/feed"], web=asker)] == [Document]
    (issue,) = read_documents([f"{site.address}/feed"], web=asker)
    assert isinstance(issue, Issue) and issue.notice and "nothing new" in issue.what


def test_a_page_that_is_named_is_read(site: Site) -> None:
    site.put("/news/one.html", HARBOUR)
    (document, *_) = read_documents([f"{site.address}/news/one.html"], web=quick())
    assert isinstance(document, Document) and document.text == BODY and document.key.endswith("/news/one.html")


def test_pages_of_other_kinds_are_named(site: Site) -> None:
    site.put("/picture", b"\x89PNG\r\n\x1a\n" + bytes(50), media="image/png")
    (issue,) = read(rss(item(f"{site.address}/picture")), quick())
    assert isinstance(issue, Issue) and "no page (image/png)" in issue.what


def test_a_page_that_names_its_feed_leads_to_it(site: Site) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/feed?a=1&amp;b=2'>"
    site.put("/", HARBOUR.replace("</head>", f"<link rel='stylesheet' href='/x.css'>{link}</head>"), ETag='"1"')
    site.put("/feed?a=1&b=2", rss(item(more=full())), media="text/xml")
    asker = quick()
    notice, raw = read_feed_at(f"{site.address}/", asker)
    assert isinstance(notice, Issue) and notice.notice and "/feed?a=1&b=2" in notice.what
    assert isinstance(raw, Raw) and raw.uri == "https://a.example/1"
    site.put("/feed?a=1&b=2", rss(item("https://a.example/2", more=full())), media="text/xml")
    assert [found.uri for found in read_feed_at(f"{site.address}/", asker) if isinstance(found, Raw)] == ["https://a.example/2"]


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Feeds</title></head><body><outline text="A">
<outline type="rss" text="One" xmlUrl="{0}/one"/><outline text="Two" xmlUrl="{0}/two"/></outline>
<outline text="Again" xmlUrl="{0}/one"/><outline text="No feed"/><outline xmlUrl="javascript:alert(1)"/></body></opml>"""


def test_opml_lists_each_feed_once() -> None:
    assert find_feeds(OPML.format("https://a.example").encode()) == ["https://a.example/one", "https://a.example/two"]


def test_opml_is_followed_in_its_order_past_feeds_that_fail(site: Site, tmp_path: Path) -> None:
    site.put("/one", "<html><body>Not a feed.</body></html>")
    site.put("/two", rss(*(item(f"https://a.example/{n}", more=full()) for n in range(9))))
    (tmp_path / "list").write_text(OPML.format(site.address))
    issue, *documents = read_documents([tmp_path / "list"], web=quick())
    assert isinstance(issue, Issue) and "no feed" in issue.what
    assert [document.key for document in documents if isinstance(document, Document)] == [f"a.example/{n}" for n in range(9)]


def test_lists_within_a_folder_are_not_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML.format(site.address))
    (tmp_path / "map.xml").write_text(f"<urlset><url><loc>{site.address}/1</loc></url></urlset>")
    (tmp_path / "feed.xml").write_text(rss(item(f"{site.address}/1")))
    issues = list(read_documents([tmp_path], web=quick()))
    assert all(isinstance(issue, Issue) and "itself as a source" in issue.todo for issue in issues) and len(issues) == 3
    assert site.asked == []


NEWS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://i"'
)


def test_sitemap_newest_first_with_what_it_says(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "".join(f"<url><loc>{site.address}/{n}</loc><lastmod>2020-07-0{n}</lastmod></url>" for n in (1, 3, 2))
    news = (f"<url><loc>{site.address}/4</loc><image:image><image:loc>x</image:loc><image:title>Ship</image:title></image:image><news:news>"
            "<news:publication><news:name>Coast Herald</news:name></news:publication><news:title>Norland buys</news:title>"
            "<news:publication_date>2020-07-09</news:publication_date></news:news></url>")  # fmt: skip
    site.put("/map.xml", f"<?xml version='1.0'?><urlset {NEWS}>{entries}{news}</urlset>", media="text/xml")
    for n in range(1, 5):
        site.put(f"/{n}", HARBOUR.replace("twelve", f"{n + 20}"))
    monkeypatch.setattr(lists, "MOST_PAGES", 3)
    asker = quick()
    found = list(read_documents([f"{site.address}/map.xml"], web=asker))
    documents = [item for item in found if isinstance(item, Document)]
    assert [document.uri.rpartition("/")[2] for document in documents] == ["4", "3", "2"]
    assert (documents[0].title, documents[0].outlet, documents[0].published) == ("Norland buys", "Coast Herald", "2020-07-09")
    assert [issue.what for issue in found if isinstance(issue, Issue) and issue.step == "read"] == [
        "1 older pages are left for the next run"
    ]


def test_sitemap_index_with_packed_sitemaps(site: Site) -> None:
    inner = f"<urlset><url><loc>{site.address}/1</loc></url></urlset>".encode()
    site.put("/inner.xml.gz", gzip.compress(inner), media="application/gzip")
    site.put("/bomb.xml.gz", gzip.compress(bytes(60_000_000), 9), media="application/gzip")
    index = "".join(f"<sitemap><loc>{site.address}/{name}</loc></sitemap>" for name in ("inner.xml.gz", "bomb.xml.gz", "missing"))
    site.put("/index.xml", f"<sitemapindex>{index}</sitemapindex>", media="text/xml")
    site.put("/1", HARBOUR)
    found = [item for item in read_documents([f"{site.address}/index.xml"], web=quick()) if isinstance(item, Document) or not item.notice]
    assert sorted(type(item).__name__ for item in found) == ["Document", "Issue", "Issue"]


LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "' + "ha" * 50 + '">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
SECRET = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY % net SYSTEM "http://127.0.0.1:9/x"> %net;]>'


@pytest.mark.parametrize("declared", [LAUGHS, SECRET], ids=["a billion laughs", "a file of ours"])
@pytest.mark.parametrize("entity", ["&a11;", "&file;"])
def test_entities_that_a_file_declares_are_not_resolved(tmp_path: Path, site: Site, declared: str, entity: str) -> None:
    began = time.monotonic()
    texts = {
        "feed": rss(item(more=full()).replace("Norland buys", f"{entity} Norland buys")),
        "list": OPML.format(site.address).replace('text="One"', f'text="{entity}"'),
        "map": f"<urlset><url><loc>{site.address}/1{entity}</loc></url></urlset>",
    }
    for name, text in texts.items():
        text = text if text.startswith("<?xml") else f"<?xml version='1.0'?>{text}"
        (tmp_path / name).write_text(text.replace("?>", f"?>{declared}", 1))
        for found in read_documents([tmp_path / name], web=quick()):
            said = f"{found.title}{found.uri}" if isinstance(found, Document) else found.where + found.what
            assert "root:" not in said and "haha" not in said
    assert time.monotonic() - began < 5


def test_what_feedparser_stumbles_over_costs_a_line() -> None:
    found = read("<rss version='2.0'><channel></link></link><item></enclosure><link/></item></channel></link></rss>")
    assert found and all(isinstance(one, Issue) for one in found)


def test_the_lenient_parser_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import feedparser.api

    asked: list[object] = []
    monkeypatch.setattr(feedparser.api, "LooseFeedParser", lambda *arguments: asked.append(arguments))
    for content in (
        rss(item(more=full())),
        rss("<x:y>\x01&bad;<a:b c:d='e'/></x:y>" + item(more=full())),
        "<rss",
        rss("<:/><a:b:c/><a:00/><a:é/><é:b/>"),
    ):
        read(content)
    assert asked == []


PATHOLOGICAL = {
    "open tags after": rss() + "<a>" * 100_000,
    "open tags within": "<rss>" + "<a>" * 299_000,
    "data marks": rss(item(more=f"<description>{'<![CDATA[' * 5000}</description>")),
    "attributes": "<rss " + "a='b' " * 100_000,
    "one long tag": "<rss " + "a" * 5_000_000,
    "items in items": rss("<item>" * 50_000),
    "signs": rss(item(more="&" * 500_000)),
    "tags in data": rss(item(more=full("<" * 1_000_000))),
    "endings in data": rss(item(more=full("<p>appeared first on " * 100_000))),
    "many items": "<rss><channel>" + "<item><title>x</title></item>" * 50_000,
}


@pytest.mark.parametrize("content", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_feeds_end_soon(content: str) -> None:
    began = time.monotonic()
    assert read(content)
    assert time.monotonic() - began < 5


def test_feeds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    (issue,) = read(rss("<a></a>" * 1_500_000))
    assert isinstance(issue, Issue) and "larger than feeds are" in issue.what
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 2)
    issue, *rest = read(rss(*(item(f"https://a.example/{n}", more=full()) for n in range(3))))
    assert isinstance(issue, Issue) and "more than 2 entries" in issue.what and len(rest) == 2


@pytest.mark.parametrize("content", ["<rss version='2.0'><channel></channel></rss>", "<rss", "<opml><body></body></opml>"])
def test_feeds_and_lists_without_anything(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").write_text(content)
    (issue,) = read_documents([tmp_path / "a"], web=quick())
    assert isinstance(issue, Issue) and "without" in issue.what


def test_an_error_in_a_feed_of_a_list_is_not_lost() -> None:
    class Broken(Web):
        def fetch(self, address: str, *, again: bool = True) -> Issue:
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        list(read_opml("x", io.BytesIO(OPML.format("https://a.example").encode()), Broken()))
