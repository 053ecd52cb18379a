"""Who says what: the cases that attribution must keep telling apart. People in the quotes are invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord import vocab
from onrecord.attribute.quotes import find_quotes
from onrecord.attribute.speakers import Speakers
from onrecord.attribute.statements import find_statements
from onrecord.attribute.tellings import tellings
from onrecord.records import Finding, Parsed
from onrecord.scope import speaker_at

Parse = Callable[..., Parsed]


def said(parsed: Parsed) -> list[tuple[object, str]]:
    """Speaker and content of every statement."""
    return [(s["speaker"], content_of(s)) for s in find_statements(parsed)]


def content_of(statement: Finding) -> str:
    claim = statement.claim("content")
    assert claim is not None
    return claim.quote


@pytest.mark.parametrize(
    ("text", "speaker", "content", "kind"),
    [
        (
            "The boats will arrive in May, Defence Minister Olav Brenna told reporters on Friday.",
            "Olav Brenna",
            "The boats will arrive in May",
            "indirect",
        ),
        ('"We signed nothing in Oslo," said Olav Brenna, the defence minister.', "Olav Brenna", "We signed nothing in Oslo", "direct"),
        (
            "Moscow claimed that the missiles had been delivered.",
            "Russian government",
            "the missiles had been delivered",
            "indirect",
        ),
        (
            "According to a senior official, the contract covers twelve helicopters.",
            "senior official",
            "the contract covers twelve helicopters",
            "indirect",
        ),
        ("The talks, an official added, have only begun.", "official", "The talks, an official added, have only begun", "indirect"),
        (
            'A diplomat in Rome called the price "a bad joke".',
            "diplomat in Rome",
            'called the price "a bad joke',
            "mixed",
        ),
        ("The ministry denied that it had paid anyone.", None, "denied that it had paid anyone", "indirect"),
        ("The Danish embassy voiced concern about the sale.", None, "voiced concern about the sale", "indirect"),
        (
            "The tanks are late, the Polish minister of defence Jan Wolarski admitted.",
            "Jan Wolarski",
            "The tanks are late",
            "indirect",
        ),
        (
            "The delivery is finished, stressed on Friday a representative of the company.",
            None,
            "The delivery is finished",
            "indirect",
        ),
    ],
    ids=[
        "verb last",
        "quote first",
        "capital",
        "according to",
        "in the middle",
        "called",
        "denied",
        "voiced",
        "office before the name",
        "inverted",
    ],
)
def test_statement(parse: Parse, text: str, speaker: str | None, content: str, kind: str) -> None:
    statement, *others = find_statements(parse(text))
    assert not others
    assert content_of(statement) == content
    assert statement["kind"] == kind
    assert speaker is None or statement["speaker"] == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The minister declined to say how much was paid.",
        "Reuters reported that the contract had been signed.",
        "The army would neither confirm nor deny the purchase.",
        'The "Iron Wall" system was shown at the fair.',
        "The company continues to build the boats in Gdynia.",
        "The figures suggest that the price has risen.",
    ],
    ids=["declined", "outlet", "neither nor", "name in quotes", "continues to", "figures"],
)
def test_no_statement(parse: Parse, text: str) -> None:
    assert find_statements(parse(text)) == []


def test_pronoun_and_surname_stand_for_the_person_met(parse: Parse) -> None:
    parsed = parse(
        "Polish Defence Minister Jan Wolarski said that the tanks were late. He added that nobody was to blame.\n\n"
        '"They will come," Wolarski said.'
    )
    statements = find_statements(parsed)
    assert [s["speaker"] for s in statements] == ["Jan Wolarski"] * 3
    assert [s["as_written"] for s in statements] == ["Jan Wolarski", "Jan Wolarski", "Wolarski"]
    assert {s["organization"] for s in statements} == {"Polish Defence Ministry"}


def test_free_quotation_takes_the_speaker_before_it(parse: Parse) -> None:
    parsed = parse('"The yard is full," said Olav Brenna, the manager. "We cannot take another hull."')
    assert said(parsed) == [("Olav Brenna", "The yard is full"), ("Olav Brenna", "We cannot take another hull")]


def test_quotation_of_several_sentences_is_one(parse: Parse) -> None:
    parsed = parse('"We asked twice. Nobody answered," a colonel said.')
    assert [content for _, content in said(parsed)] == ["We asked twice. Nobody answered"]


@pytest.mark.parametrize(
    "quoted",
    [
        "With a heavy heart, yes, we have given it up. We cannot keep talking about it",
        "Given the state of the yard, I would say that dates are meaningless. However, the talks are far advanced",
    ],
)
def test_a_quotation_is_one_statement_whatever_it_begins_with(parse: Parse, quoted: str) -> None:
    assert [content for _, content in said(parse(f'"{quoted}," the colonel told reporters on Monday.'))] == [quoted]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("President Emmanuel Macron's government said that the jets were needed.", "French government"),
        ("President Donald Trump's administration said that the jets were needed.", "US government"),
        ("President Emmanuel Macron said that the jets were needed.", "Emmanuel Macron"),
        ("Prime Minister Narendra Modi's office said that the jets were needed.", "Prime Minister Narendra Modi's office"),
    ],
)
def test_a_body_named_after_a_person_speaks_for_itself(parse: Parse, text: str, speaker: str) -> None:
    assert [who for who, _ in said(parse(text))] == [speaker]


@pytest.mark.parametrize(
    "line",
    ["Cairo: ", "Metro Manila (Courier, November 8) ", "MOSCOW (Courier News / Wire - 2nd June, 2020) ", "Lima [PE]: ", "(Warsaw) "],
)
def test_a_dateline_is_part_of_no_statement(parse: Parse, line: str) -> None:
    assert said(parse(f"{line}The frigates will be late, a colonel said.")) == [("colonel", "The frigates will be late")]


def test_nested_speakers_each_have_a_statement_and_the_outermost_is_the_source(parse: Parse) -> None:
    parsed = parse("Ankara said that Moscow had promised that the radar would arrive in June.")
    statements = find_statements(parsed)
    assert [s["speaker"] for s in statements] == ["Turkish government", "Russian government"]
    at = parsed.document.text.index("the radar")
    outermost = speaker_at(statements, at, at + 9)
    assert outermost is not None and outermost["speaker"] == "Turkish government"


def test_two_governments_speak_together(parse: Parse) -> None:
    assert [speaker for speaker, _ in said(parse("Denmark and Norway said that the jets would stay."))] == [
        "Danish government",
        "Norwegian government",
    ]


def test_a_source_cited_between_the_agency_and_its_news_says_it(parse: Parse) -> None:
    parsed = parse("Interfax reported, citing Rosoboronexport, that India had paid for the S-400.")
    assert said(parsed) == [("Rosoboronexport", "India had paid for the S-400")]


def test_one_of_many_speaks(parse: Parse) -> None:
    assert said(parse("One of the negotiators said that the deal was done.")) == [("One of the negotiators", "the deal was done")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Poland chose Hanwha Aerospace over Rheinmetall. The company said that the guns would be built in Poland.", "Hanwha Aerospace"),
        ("Navantia will build the frigates. The yard said that the first would be ready in May.", "Navantia"),
        ("The frigates were built abroad. The company said that the first would be ready in May.", "company"),
        ("The European Defence Agency buys shells. The Agency said that the first would be ready in May.", "European Defence Agency"),
        ("The European Defence Agency buys shells. A local agency said that the first would be ready in May.", "local agency"),
    ],
)
def test_a_bare_company_or_agency_is_the_one_named_before(parse: Parse, text: str, speaker: str) -> None:
    assert [name for name, _ in said(parse(text))] == [speaker]


def test_source_that_an_outlet_cites_speaks(parse: Parse) -> None:
    parsed = parse("The first six aircraft will land in March, Reuters reported, citing military officials.")
    assert [speaker for speaker, _ in said(parsed)] == ["military officials"]


def test_scope_ends_with_the_sentence_that_attributes(parse: Parse) -> None:
    parsed = parse("The tanks were sold, the minister said. The crews remained at home.")
    statements = find_statements(parsed)
    text = parsed.document.text
    assert speaker_at(statements, text.index("sold"), text.index("sold") + 4) is statements[0]
    assert speaker_at(statements, text.index("crews"), text.index("crews") + 5) is None


def test_quotation_marks_of_a_broken_paragraph_run_to_its_end(parse: Parse) -> None:
    quotes = find_quotes(parse("“We will not pay for this again.\n\n“Never,” said the clerk."))
    assert [quote.closed for quote in quotes] == [False, True]


EXAMPLES = [
    pytest.param(example["text"], example["content"], id=example["text"][:40])
    for entry in vocab.words("attribution")["verbs"]
    for example in entry.get("examples", ())
]


@pytest.mark.parametrize(("text", "content"), EXAMPLES)
def test_the_lexicon_reads_the_examples_of_the_vocabulary(parse: Parse, text: str, content: str) -> None:
    parsed = parse(text)
    found = [telling.by_rule for telling in tellings(parsed, find_quotes(parsed), Speakers(parsed))]
    assert content in [text[each.start : each.end] for each in found if each is not None]


def test_every_verb_is_listed_once_in_its_own_frame() -> None:
    for entry in vocab.words("attribution")["verbs"]:
        assert len(entry["lemmas"]) == len(set(entry["lemmas"])), entry["lemmas"]
        assert entry["content"] in {"clause", "act", "both"}
