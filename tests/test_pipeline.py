"""The pipeline beside spaCy's own: the same tokens, tags, trees, names and dictionary forms, whatever the text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from onrecord.parse import pipeline_rules, pipeline_vectors
from onrecord.parse.pipeline import MODEL, Pipeline

GOLD = Path(__file__).parent.parent / "gold" / "train"
TEXTS = [
    "",
    " ",
    "Oslo.",
    "There's nothing he's gonna do. Let's go: y'all ain't got ta c'm on, and there are   two\t tanks.",
    "Let's",
    "the Orlan Defence Co. of Norway and Mr Ola Nordmann of the Ministry of Defence signed on 5 May 2019 in New York City",
    "We saw Alice Example\nBob Example And Carol Example. Dora! Emil? U.S. Army Gen. Frank Sample said that Do it. NATO",
    "A. B. C. D. \u00a0 \u2003 E",
    "The jets that Norway bought were, he said, 'had' by those who'd do so; I've it, you see it, but it isn't theirs.",
    "x " * 900,
]


@cache
def whole() -> Language:
    """spaCy's pipeline as it comes."""
    return spacy.load(MODEL)


@cache
def ours() -> Pipeline:
    return Pipeline(names=True)


def by_spacy(text: str) -> list[tuple[object, ...]]:
    return [(t.idx, t.text, t.lemma_, t.pos_, t.tag_, t.dep_, t.head.i, t.ent_type_, bool(t.is_sent_start)) for t in whole()(text)]


def by_us(*texts: str) -> list[list[tuple[object, ...]]]:
    return [
        [
            (start, form, *attributes, head, kind, opens)
            for start, form, attributes, head, kind, opens in zip(t.starts, t.forms, t.attributes, t.heads, t.kinds, t.opens, strict=True)
        ]
        for t in ours().read(texts)
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_spacy_reads_it(text: str) -> None:
    assert by_us(text) == [by_spacy(text)]


def test_reports_read_together_are_read_as_each_by_itself() -> None:
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in sorted(GOLD.glob("*.json"))[:12]]
    together = [*TEXTS[:6], *texts, *TEXTS[6:9]] * 3
    assert by_us(*together) == [by_spacy(text) for text in together]


def test_words_are_worked_out_anew_when_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_vectors, "MOST_WORDS", 5)
    monkeypatch.setattr(pipeline_rules, "MOST_WORDS", 5)
    for text in [*TEXTS[2:9], *TEXTS[2:9]]:
        assert by_us(text) == [by_spacy(text)]
