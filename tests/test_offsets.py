"""Whatever the text, every claim cuts its own words: emoji, right-to-left marks, odd spaces, broken quotation marks, nothing at all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord import flow
from onrecord.clean.document import make_document
from onrecord.errors import BadOffset
from onrecord.records import make_claim

# Words that make the steps work, between characters that move offsets where bytes or UTF-16 are counted.
WORDS = (
    "Russia delivered four S-400 batteries to Turkey in July 2019",
    "“We will pay $2.5 billion,” said Ada Example, spokeswoman of the Indian Defence Ministry",
    "Washington threatened to impose sanctions on Ankara under CAATSA",
    "according to the ministry",
    "The deal was signed a week later",
    "he said",
    "F-35",
    "\N{RIGHT-TO-LEFT MARK}تركيا",
    "\N{WRAPPED PRESENT}\N{ZERO WIDTH JOINER}\N{ROCKET}",
    "e\N{COMBINING ACUTE ACCENT}lite",
)
GAPS = (
    " ",
    "\N{NO-BREAK SPACE}",
    "\N{THIN SPACE}",
    "\N{ZERO WIDTH SPACE}",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    ". ",
    ", ",
    " “",
    "” ",
    "'",
    "\x00",
    "…",
    " — ",
)
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(GAPS), st.text(max_size=6))
TEXTS = st.lists(PIECES, max_size=16).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, title=st.sampled_from(["", *WORDS]))
def test_every_claim_cuts_its_words(text: str, title: str) -> None:
    (analysis,) = flow.analyse([make_document(text, title=title, published="2020-01-01")])
    document = analysis.parsed.document
    for finding in analysis.findings:
        assert finding.document_id == document.id
        for claim in finding.claims:
            assert claim.quote == document.text[claim.start : claim.end] != "", (finding.kind, claim.field)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_every_word_and_mention_stands_where_it_says(text: str) -> None:
    (analysis,) = flow.analyse([make_document(text, published="2020-01-01")])
    parsed = analysis.parsed
    assert all(parsed.document.text[w.start : w.end].strip() for w in parsed.words if w.text.strip())
    assert all(m.text == parsed.document.text[m.start : m.end] for m in parsed.mentions)
    assert all(left.start <= right.start for left, right in zip(parsed.mentions, parsed.mentions[1:], strict=False))


def test_a_text_full_of_claims_has_some() -> None:
    (analysis,) = flow.analyse([make_document(f"\N{ROCKET} {WORDS[0]}. {WORDS[1]}.", published="2020-01-01")])
    assert analysis.findings


@pytest.mark.parametrize(("start", "end"), [(3, 3), (2, 1), (-1, 2), (0, 99)])
def test_a_claim_without_words_is_refused(start: int, end: int) -> None:
    with pytest.raises(BadOffset, match="text"):
        make_claim(make_document("Few words.", key="text"), "supplier", "RU", start=start, end=end)
