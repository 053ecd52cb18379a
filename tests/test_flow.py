"""From a document to its findings: furniture stays out, and every cell cuts its own words."""

from __future__ import annotations

from onrecord.clean.document import make_document
from onrecord.flow import Analysis, analyse
from onrecord.records import Document

STORY = "Norway signed a contract for ten Leopard 2 tanks with Germany in May 2019.\n“We will pay,” said the Norwegian minister Ada Ek."


def analysed(text: str, title: str = "Norway orders tanks") -> Analysis:
    return next(analyse([make_document(text, title=title, published="2020-01-01")]))


def test_every_claim_cuts_its_own_words() -> None:
    analysis = analysed("OSLO, June 10 (Courier) - " + STORY + "\nThe tanks – painted “white” – were delivered to Norway in July 2019.")
    text = analysis.parsed.document.text
    claims = [claim for finding in analysis.findings for claim in finding.claims]
    assert claims
    assert all(text[claim.start : claim.end] == claim.quote for claim in claims)


def test_every_mention_and_word_cuts_its_own_text() -> None:
    parsed = analysed(STORY + "\nA naïve 🛡 “quote”: the F-16s cost €2 billion.").parsed
    text = parsed.document.text
    assert parsed.mentions
    assert all(text[m.start : m.end] == m.text for m in parsed.mentions)
    assert all(0 <= w.start < w.end <= len(text) for w in parsed.words)
    assert [(m.start, -m.end) for m in parsed.mentions] == sorted((m.start, -m.end) for m in parsed.mentions)


def with_furniture(text: str, line: str) -> Document:
    document = make_document(text, title="Norway orders tanks", published="2020-01-01")
    start = text.index(line)
    assert any(low <= start and start + len(line) <= high for low, high in document.furniture)
    return document


def test_furniture_gives_no_mentions_and_no_findings() -> None:
    line = "Photo: Ministry of Defence of Sweden"
    analysis = next(analyse([with_furniture(STORY + "\n" + line, line)]))
    start = analysis.parsed.document.text.index(line)
    assert any(m.party == "NO" for m in analysis.parsed.mentions)
    assert all(m.end <= start for m in analysis.parsed.mentions)
    assert all(claim.end <= start for finding in analysis.findings for claim in finding.claims)


def test_a_title_is_read_beside_the_text() -> None:
    title = analysed(STORY).parsed.title
    assert title is not None
    assert [m.party for m in title.mentions if m.kind == "state"] == ["NO"]


def test_documents_come_back_in_order_whatever_their_length() -> None:
    documents = [make_document(text, key=str(n), published="2020-01-01") for n, text in enumerate([STORY * 3, "Oslo.", "", STORY])]
    assert [a.parsed.document.key for a in analyse(documents)] == ["0", "1", "2", "3"]


def test_an_empty_text_gives_nothing() -> None:
    analysis = analysed("", title="")
    assert (analysis.findings, analysis.parsed.words, analysis.parsed.mentions) == ((), (), ())
