"""Cleaning: text, title, days, furniture and credits of a report, and that no odd page breaks it."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord import vocab
from onrecord.clean.article import MOST_CHARACTERS, clean_raw
from onrecord.clean.credits import find_credits
from onrecord.clean.dates import doubt_day, parse_day
from onrecord.clean.document import make_document
from onrecord.clean.head import find_furniture, find_head, wall
from onrecord.clean.language import find_language
from onrecord.dateline import find_dateline
from onrecord.records import Document, Issue, Raw

BODY = "Norland will buy twelve Falke fighters from Sudland, the defence ministry said on Monday. Deliveries begin next year."
SETTINGS = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def clean(body: str | bytes, media_type: str = "text/plain", **hints: str) -> list[Document | Issue]:
    body = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return list(clean_raw(Raw("u", media_type, body, {"key": "k", "where": "f.txt", **hints}), read_day="2026-11-28"))


def document(body: str | bytes, media_type: str = "text/plain", **hints: str) -> Document:
    first = clean(body, media_type, **hints)[0]
    assert isinstance(first, Document), first
    return first


def test_text_handed_in_as_data_is_kept_to_the_letter() -> None:
    text = f"  It\u2019s\u00a0a \u200bdeal: {BODY} Ã©\ttab \n\n "
    assert document(text, "application/json").text == text


def test_only_what_no_database_holds_leaves_data() -> None:
    assert document(f"a\x00b\ud83dc\r\nd\re {BODY}", "application/json").text == f"abc\nd\ne {BODY}"


def test_text_file_loses_invisible_marks_and_odd_spaces() -> None:
    assert document(f"\ufeffA\u00a0new\u200b deal\u00ad.\r\n{BODY}\n").text == f"A new deal.\n{BODY}"


def test_page_gives_text_without_menu_and_a_head() -> None:
    page = f"""<html><head><meta property="og:site_name" content="Harbour Wire">
    <meta property="article:published_time" content="2020-07-23T10:00">
    <meta property="article:modified_time" content="2020-07-25"><title>Norland buys | Harbour Wire</title></head><body><nav>
    <a href="/">Home</a> <a href="/s">Sport</a></nav><article><h1>Norland buys</h1><p>{BODY}</p><p>{BODY[::-1]}</p></article>
    <script>var x = 1</script></body></html>"""
    found = document(page, "text/html")
    assert found.text.endswith(f"{BODY}\n\n{BODY[::-1]}") and "Sport" not in found.text and "var x" not in found.text
    assert (found.outlet, found.published, found.updated, found.read) == ("Harbour Wire", "2020-07-23", "2020-07-25", "2026-11-28")


def test_page_data_block_comes_before_the_markup() -> None:
    data = """{"@graph": [{"@type": "NewsArticle", "headline": "Norland buys", "datePublished": "2020-07-23T01:00:00+09:00",
    "dateModified": "2020-07-24", "publisher": {"name": "Harbour Wire"}}]}"""
    page = f'<html><head><script type="application/ld+json">{data}</script><title>x</title></head><body><p>{BODY}</p></body></html>'
    found = document(page, "text/html")
    assert (found.title, found.outlet, found.published, found.updated) == ("Norland buys", "Harbour Wire", "2020-07-23", "2020-07-24")


def test_page_named_text_is_read_as_page() -> None:
    assert document(f"<!DOCTYPE html><html><body><p>{BODY}</p></body></html>").text == BODY


@pytest.mark.parametrize(
    ("hints", "published", "notice"),
    [
        ({"published": "2020-07-23"}, "2020-07-23", ""),
        ({}, None, "no date"),
        ({"published": "soon"}, None, "no date can be read"),
        ({"published": "1970-01-01"}, None, "a machine's"),
        ({"published": "2031-01-01"}, "2031-01-01", "after the day of reading"),
    ],
)
def test_doubts_about_the_date_are_notices(hints: Mapping[str, str], published: str | None, notice: str) -> None:
    found, *issues = clean(BODY, "application/json", **hints)
    assert isinstance(found, Document) and found.published == published
    assert [(issue.step, issue.notice) for issue in issues if isinstance(issue, Issue)] == ([("date", True)] if notice else [])
    assert all(notice in issue.what for issue in issues if isinstance(issue, Issue))


@pytest.mark.parametrize(
    ("said", "day"),
    [("23 July 2020", "2020-07-23"), ("July 23, 2020 10:00 GMT", "2020-07-23"), ("2020-07-23T23:59:00-08:00", "2020-07-23"),
     ("20200723", "2020-07-23"), ("1595462400", "2020-07-23"), ("23/07/2020", "2020-07-23"), ("03/04/2020", None), ("July 2020", None),
     ("2020", None), ("2020-13-45", None), ("yesterday", None), ("", None), (None, None)],
)  # fmt: skip
def test_parse_day(said: str | None, day: str | None) -> None:
    assert parse_day(said) == day


def test_doubt_needs_a_day_of_reading_for_the_future() -> None:
    assert doubt_day("2031-01-01", today=None) == "" and doubt_day("0800-01-01", today=None)


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        (f"Norland buys fighters\n\n23 July 2020\n\n{BODY}", "Norland buys fighters", "2020-07-23"),
        (f"Norland buys fighters\nHarbour Wire, July 23, 2020\n{BODY}", "Norland buys fighters", "2020-07-23"),
        (f"HARBOUR, 23 July 2020 (HW) - {BODY}", "", "2020-07-23"),
        (f"HARBOUR, July 23 (HW) - {BODY}", "", None),
        (BODY, "", None),
        (f"Norland signed on 3 May 2019.\n{BODY}", "", None),
    ],
)
def test_head(text: str, title: str, day: str | None) -> None:
    head = find_head(text)
    assert (head.title, head.published) == (title, day)


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("Photo: Ivo Lind / Harbour Pictures", True), ("Read also: Ten boats for Norland", True), ("Subscribe to our channel", True),
        ("Based on materials from Harbour Wire", True), ("23 July 2020", True), ("(Reporting by Ivo Lind; editing by Ana Berg)", True),
        ("© Harbour Wire 2020", True), ("Advertisement", True), ("Share this article", True),
        ("Photos of the tanks were shown to the ministers.", False), ("Sources in the ministry denied the sale of twelve tanks", False),
        ("Related work on the engine goes on.", False), (BODY, False), ("Watch officers saw two boats", False),
    ],
)  # fmt: skip
def test_furniture(line: str, furniture: bool) -> None:
    text = f"{BODY}\n\n {line}\n{BODY}"
    assert [text[start:end] for start, end in find_furniture(text)] == ([line] if furniture else [])
    assert [text[start:end] for start, end in make_document(text).furniture] == ([line] if furniture else [])


def test_report_about_cookies_or_access_is_no_wall() -> None:
    assert wall(BODY * 10 + " Inspectors were denied entry: access denied, the guard said. The firm's privacy policy forbids it.") == ""


EXAMPLES = vocab.words("head")["credits"]["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["text"][:40] for example in EXAMPLES])
def test_examples_of_credits(example: Mapping[str, object]) -> None:
    assert [name for name, _, _ in find_credits(str(example["text"]), "Fjord Courier")] == example["expect"]


@pytest.mark.parametrize(
    ("text", "outlet", "names"),
    [
        ("OSLO, May 3 (Reuters) - The sale is off.", "Reuters", []),
        ("OSLO, May 3 (IHN) - The sale is off.", "Inter-Harbour News Agency", []),
        ("OSLO, May 3 (Harbour) - The sale is off.", "Harbour Wire", []),
        ("The sale is off, AFP and Reuters reported.", "", ["Reuters"]),
        ("Ivo Lind told the Oslo daily Havnebladet that it is off. The Havnebladet newspaper adds more.", "", ["Havnebladet"]),
        ("The Ministry of Foreign Affairs said nothing. The National Guard flew.", "", []),
        ("A Norlandish newspaper reported it. The German newspaper added that it is off.", "", []),
        ("The Defence Export Agency reported a loss, and the Press Service of the army noted it.", "", []),
        ("An officer told HPN that it is off, according to Havn.com.", "", ["HPN", "Havn.com"]),
        ("The minister told NATO that it is off, according to SIPRI. An aide informed MPs.", "", []),
        ("Source: Interfax, Harbour Press Agency", "", ["Interfax", "Harbour Press Agency"]),
    ],
)
def test_credits(text: str, outlet: str, names: list[str]) -> None:
    found = find_credits(text, outlet)
    assert [name for name, _, _ in found if name != "AFP"] == names
    assert all(text[start:end] for _, start, end in found)


@pytest.mark.parametrize(
    ("text", "language"),
    [(BODY, "en"), ("La ministre a dit que le contrat est signé et que les avions sont dans le pays.", "fr"),
     ("防卫省决定购买新的战斗机", "zh"), ("防衛省は新しい戦闘機を購入する", "ja"), ("Falke Falke F-16 Norland", "unknown"),
     ("", "unknown")],
)  # fmt: skip
def test_language(text: str, language: str) -> None:
    assert find_language(text) == language


def test_language_lists_name_each_language() -> None:
    languages = vocab.meanings("languages")
    assert {*languages["words"], *languages["scripts"]} == set(languages["names"])


PARAGRAPHS = f"<p>{BODY}</p>" * 3
HOSTILE = {
    "deep": "<div>" * 50_000 + PARAGRAPHS,
    "elements": "<b></b>" * 60_000 + PARAGRAPHS,
    "attributes": "<div " + " ".join(f'a{n}="1"' for n in range(60_000)) + ">" + PARAGRAPHS,
    "long attribute": f'<div data-x="{"A" * 2_000_000}">' + PARAGRAPHS,
    "script": "<script>" + 'x("<p>");' * 200_000 + "</script>" + PARAGRAPHS,
    "entity bomb": '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + PARAGRAPHS + "&b;" * 1000,
    "nested tables": "<table><tr><td>" * 3000 + PARAGRAPHS,
    "open brackets": "<" * 400_000,
    "open tags": "<a href=x>" * 100_000 + PARAGRAPHS,
    "attributes without values": "<p " + " ".join(f"a{n}" for n in range(60_000)) + ">" + PARAGRAPHS,
    "attributes behind a quote": '<p a=1 x"' + " ".join(f"a{n}" for n in range(60_000)) + '">' + PARAGRAPHS,
    "attributes in many tags": ("<p " + "/".join(f"a{n}" for n in range(1_500)) + ">") * 100 + PARAGRAPHS,
    "long attributes": ("<p class='" + "a " * 100_000 + "'>") * 10 + PARAGRAPHS,
    "long address": "<a href='" + "2020/" * 400_000 + "'>x</a>" + PARAGRAPHS,
    "long title": "<h1>" + "Norland 2020 " * 200_000 + "</h1>" + PARAGRAPHS,
    "deep and wide": "<div>" * 240 + PARAGRAPHS * 1_000,
    "long script": "<script>" + "var date = '2020-01-01';" * 100_000 + "</script>" + PARAGRAPHS,
    "letters without a blank": "<p>" + "a" * 5_000_000 + "</p>" + PARAGRAPHS,
    "data block": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PARAGRAPHS,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_end_soon(page: str) -> None:
    start = time.process_time()
    (first, *_) = clean(f"<html><body>{page}</body></html>", "text/html", published="2020-01-01")
    assert isinstance(first, Document) or (first.what and first.todo)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("piece", ['newspaper "', "Aa-", "TASS ", "told the Aa ", "\nAAA, (Aa", "source: a and ", "Post ", "("])
def test_search_for_credits_does_not_go_back_and_forth(piece: str) -> None:
    start = time.process_time()
    find_credits(piece * (30_000 // len(piece)), "Xx")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "line", ["A" + " " * 3900, "A" + "\u00a0" * 3900 + "-", "A, 1" + " " * 3900, "A-" * 1900, "A." * 1900, "OSLO/" * 700]
)
def test_search_for_a_dateline_does_not_go_back_and_forth(line: str) -> None:
    start = time.process_time()
    find_head(line)
    find_dateline(line)
    assert time.process_time() - start < 1


def test_text_too_long_for_a_report_is_left_out() -> None:
    (issue,) = clean("The tank is new. " * (MOST_CHARACTERS // 10))
    assert isinstance(issue, Issue) and "too long" in issue.what


ODD = st.text(st.sampled_from("ab \u00a0\u200b\u202e\u2067\n\r\tאب🚀👩‍👧é&<>\"'’.:()-Ã©TASS told 2020"), max_size=200)


@SETTINGS
@given(ODD, st.sampled_from(["text/plain", "text/html", "application/json"]))
def test_spans_cut_the_text_that_is_stored(odd: str, media_type: str) -> None:
    for item in clean(f"{odd}\n\n{BODY}\n\nPhoto: {odd[:10]}\n\nBased on materials from Interfax", media_type):
        if isinstance(item, Document):
            assert all(0 <= start < end <= len(item.text) for start, end in (*item.furniture, *item.credit_spans))
            assert len(item.credits) == len(item.credit_spans)
            assert not {"\x00", "\r"} & set(item.text)
            item.text.encode("utf-8")


@SETTINGS
@given(st.binary(max_size=400), st.sampled_from(["text/plain", "text/html"]))
def test_no_bytes_raise(body: bytes, media_type: str) -> None:
    assert clean(body, media_type)


@SETTINGS
@given(st.text(max_size=200))
def test_data_text_stays_the_same_but_for_what_is_named(text: str) -> None:
    for item in clean(text + BODY, "application/json"):
        if isinstance(item, Document):
            assert item.text == (text + BODY).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
