"""The gate: what is about arms deals passes, the rest of the news does not, and every refusal says why."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from onrecord import gate, vocab
from onrecord.clean.document import make_document
from onrecord.gate_words import find_words
from onrecord.records import Raw

GOLD = Path(__file__).parent.parent / "gold"
DEAL = "Portugal signed a contract for five KC-390 transport aircraft from Brazil on Monday, its defence ministry said."
FILLER = " ".join(f"The council of the small town met again and spoke about item {number} of the budget for roads." for number in range(20))


def page(inside: str, *, before: str = "", after: str = "") -> Raw:
    body = f"<html><head><title>News</title></head><body>{before}<article>{inside}</article>{after}</body></html>"
    return Raw("https://example.org/1", "text/html", body.encode(), {})


def text(body: str) -> Raw:
    return Raw("report.txt", "text/plain", body.encode(), {})


@pytest.mark.parametrize(
    "report",
    [
        DEAL + " " + FILLER,
        "Norway will not sell any more NASAMS batteries to Indonesia. The army there had asked for six of the systems. " + FILLER,
        "SEOUL, SOUTH KOREA - K9 HOWITZERS FOR ROMANIA\nThe delivery of 54 K9 howitzers to Romania begins in 2027. " + FILLER,
        "Oman cancels the frigates.",
    ],
)
def test_a_report_on_a_deal_passes(report: str) -> None:
    assert gate.look_at(text(report)).passes
    assert gate.look_closer(make_document(report)).passes


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (FILLER, gate.NO_EQUIPMENT),
        ("The Patriots beat the Jets and the Falcons on Sunday, and the Raptors lost at home. " + FILLER, gate.ALONE_EQUIPMENT),
        ("A man with a gun robbed a bank in Ohio. Police found the pistol and a rifle in his truck. " + FILLER, gate.ALONE_EQUIPMENT),
        ("An army helicopter fell into the sea off Malta and was sold for scrap; the helicopter was old. " + FILLER, gate.IN_PASSING),
        ("The museum ship, a frigate from 1944, was painted white for the summer. " + FILLER, gate.ALONE_EQUIPMENT),
        ("Rolls-Royce showed a vehicle with two engines and six cameras; it will be sold in Germany. " + FILLER, gate.IN_PASSING),
        ("The satellites of Airbus were delivered to Spain, and a vehicle with cameras followed. " + FILLER, gate.IN_PASSING),
    ],
)
def test_other_news_does_not_pass_and_the_reason_is_said(report: str, reason: str) -> None:
    opinion = gate.look_at(text(report))
    assert (opinion.passes, opinion.reason) == (False, reason)


def test_every_gold_report_with_a_transfer_passes_but_five_in_a_thousand() -> None:
    reports = [json.loads(path.read_text(encoding="utf-8")) for part in ("train", "more", "dev") for path in GOLD.glob(f"{part}/*-*.json")]
    reports += [json.loads(path.read_text(encoding="utf-8")) for path in GOLD.glob("more/w*.json")]
    told = [report for report in reports if report.get("transfers")]
    missed = [r["id"] for r in told if not gate.look_closer(make_document(r["text"], title=r["title"])).passes]
    assert len(told) > 550
    assert len(missed) / len(told) <= 0.005, missed


def test_menus_scripts_and_headlines_of_other_pages_do_not_count() -> None:
    deal = f'<div class="more"><a href="/1"><h3>{DEAL}</h3></a></div>' * 3
    for around in (f"<script>var x = '{DEAL}';</script>" * 3, f"<NAV><p>{DEAL}</p></NAV>" * 3, f"<footer>{DEAL}</footer>" * 3, deal):
        assert not gate.look_at(page(f"<p>{FILLER}</p>", after=around)).passes


def test_the_words_of_links_in_running_text_count() -> None:
    linked = DEAL.replace("KC-390", '<a href="/kc">KC-390</a>').replace("Portugal", '<a href="/pt">Portugal</a>')
    assert gate.look_at(page(f"<p>{linked}</p><p>{linked}</p><p>{FILLER}</p>")).passes


def test_an_article_that_only_a_script_holds_is_looked_at_there() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": f"{DEAL} {DEAL} {FILLER}"})
    assert gate.look_at(page("<p>Loading</p>", before=f'<script type="application/ld+json">{data}</script>')).passes


def test_the_title_that_a_feed_gives_counts() -> None:
    lead = "<p>The jets are to arrive in May, the ministry in Lisbon said.</p>"
    raw = Raw("https://example.org/1", "text/html", f"<div>{lead}<p>{FILLER}</p></div>".encode(), {})
    titled = Raw(raw.uri, raw.media_type, raw.body, {"title": "Portugal buys five KC-390 transport aircraft from Brazil"})
    assert (gate.look_at(raw).passes, gate.look_at(titled).passes) == (False, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_the_encoding_of_a_page_does_not_matter(encoding: str) -> None:
    body = f"<html><body><p>{DEAL}</p><p>Brazil delivers the first KC-390 to Portugal in May. {FILLER}</p></body></html>"
    assert gate.look_at(Raw("x", "text/html", body.encode(encoding), {})).passes


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("the S-400 system", "named"),
        ("the S\N{NON-BREAKING HYPHEN}400 system", "named"),
        ("two Mirage&nbsp;2000-5 jets", "named"),
        ("BLACK HAWKS", "named"),
        ("torpedoes", "goods"),
        ("Howitzers", "goods"),
        ("a jet", "common"),
    ],
)
def test_names_are_found_as_news_write_them(written: str, kind: str) -> None:
    assert kind in {found for _, found, _ in find_words(gate.plain_signs(written.encode()))}


@pytest.mark.parametrize("written", ["S&P 500 index", "tankard", "fsubmarine", "HS-4000", "reorders"])
def test_a_piece_of_another_word_is_no_name(written: str) -> None:
    assert [word for word in find_words(written.encode()) if word[1] != "state"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 3_000_000,
        b"<script" * 400_000,
        b"<a " * 700_000 + b"</a" * 700_000,
        b"S-400 Turkey buys " * 150_000,
        b"<nav>" + b"x" * 3_000_000,
        b"&amp;" * 600_000,
        b"<svg></svg>" * 200_000,
        b"\x00<\x00h" * 500_000,
    ],
)
def test_a_hostile_page_is_decided_in_time(body: bytes) -> None:
    start = time.process_time()
    gate.look_at(Raw("x", "text/html", body, {}))
    assert time.process_time() - start < 4


def test_the_words_of_the_gate_are_in_one_list_only() -> None:
    words = vocab.words("gate")
    listed = [*words["deal"], *words["force"]]
    assert len(listed) == len(set(listed))
    nouns = {noun for row in vocab.table("goods") for noun in (row["name"], *vocab.cells(row["aliases"]))}
    assert set(words["common"]) <= nouns
    assert set(words["arms"]) <= nouns
