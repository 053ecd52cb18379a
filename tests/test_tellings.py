"""What a cue may say, and how the judge of statements and the model choose among it. People in the quotes are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from onrecord.attribute.contents import OPEN
from onrecord.attribute.quotes import find_quotes
from onrecord.attribute.said import KINDS, beliefs_of, input_rows
from onrecord.attribute.speakers import Speakers
from onrecord.attribute.statements import find_statements
from onrecord.attribute.tellings import Telling, chosen, meet, tellings
from onrecord.encoding import Encoding
from onrecord.records import Parsed

Parse = Callable[..., Parsed]
SIZE = 2


def read(parsed: Parsed) -> list[Telling]:
    speakers, found = Speakers(parsed), []
    for telling in tellings(parsed, find_quotes(parsed), speakers):
        meet(telling, speakers)
        found.append(telling)
    return found


def words(parsed: Parsed, telling: Telling) -> dict[str, str]:
    return {content.kind: parsed.document.text[content.start : content.end] for content in telling.contents}


def encoded(parsed: Parsed, *, upto: int | None = None, **heads: np.ndarray) -> Parsed:
    """The parse as a model sees it that gives each word its number as a vector, as far as a word's number."""
    seen = [word for word in parsed.words if upto is None or word.index < upto]
    vectors = np.array([[word.index] * SIZE for word in seen], np.float32)
    return replace(parsed, encoding=Encoding(np.array([w.start for w in seen]), np.array([w.end for w in seen]), vectors, heads))


def test_the_lexicons_reading_stands_first_and_no_words_twice(parse: Parse) -> None:
    parsed = parse("The ministry insists that the boats are safe.")
    (telling,) = read(parsed)
    assert telling.by_rule is telling.contents[0]
    assert parsed.document.text[slice(*telling.contents[0].span)] == "the boats are safe"
    assert len({content.span for content in telling.contents}) == len(telling.contents)


def test_a_cue_between_commas_may_say_all_of_its_sentence(parse: Parse) -> None:
    parsed = parse("The offer, the minister said on Monday, stands until June.")
    (telling,) = read(parsed)
    assert words(parsed, telling)["before"] == "The offer"
    assert "The offer, the minister said on Monday, stands until June" in words(parsed, telling).values()


def test_free_indirect_speech_may_go_on_in_the_next_sentence_of_its_paragraph(parse: Parse) -> None:
    parsed = parse("The minister said that the tanks were late. The crews would not wait. Nobody came.")
    assert words(parsed, read(parsed)[0])["on"] == "the tanks were late. The crews would not wait"
    apart = parse("The minister said that the tanks were late.\n\nThe crews would not wait.")
    assert "on" not in words(apart, read(apart)[0])


def test_a_verb_that_no_rule_knows_may_say_what_hangs_on_it_if_its_subject_can_speak(parse: Parse) -> None:
    parsed = parse("Defence Minister Olav Brenna savaged the price of the frigates.")
    (telling,) = read(parsed)
    assert telling.cue.content == OPEN and telling.by_rule is None
    assert words(parsed, telling)["act"] == "savaged the price of the frigates"
    thing = parse("The engine savaged the price of the frigates.")
    assert [told for told in read(thing) if told.cue.content == OPEN] == []


def test_the_judge_drops_what_it_believes_less_than_nothing_and_takes_the_likeliest(parse: Parse) -> None:
    parsed = parse("The ministry insists that the boats are safe.")
    (telling,) = read(parsed)
    likely = chosen(parsed, telling, {"said": 1.0, "lemma:insist:act": 3.0})
    assert likely is not None and likely[0].kind == "act" and 0.5 < likely[1] < 1
    assert chosen(parsed, telling, {"said": -9.0}) is None


def test_statements_are_weighed_with_the_models_given(parse: Parse) -> None:
    parsed = parse("The ministry insists that the boats are safe.")
    assert find_statements(parsed, {"statement": {"said": -9.0}}) == []
    (statement,) = find_statements(parsed, {"statement": {"said": -9.0, "rule:clause": 20.0}})
    assert statement["content"] == "the boats are safe" and statement.score > 0.99


def test_the_head_reads_cue_speaker_and_content_side_by_side(parse: Parse) -> None:
    parsed = encoded(parse("The ministry insists that the boats are safe."))
    (telling,) = read(parsed)
    assert parsed.encoding is not None
    rows = input_rows(parsed, parsed.encoding, telling.cue, telling.speaker, telling.contents)
    assert rows.shape == (len(telling.contents), 3 * SIZE + len(KINDS) + 1)
    first = parsed.words[telling.cue.word].index, 0.5, 5.5
    assert rows[0, : 3 * SIZE].tolist() == [first[0]] * SIZE + [first[1]] * SIZE + [first[2]] * SIZE
    assert rows[0, 3 * SIZE :].tolist() == [float(kind == "clause") for kind in KINDS] + [1.0]


@pytest.mark.parametrize("bias", [-4.0, 4.0])
def test_beliefs_are_shares_of_nothing_and_of_each_content(parse: Parse, bias: float) -> None:
    width = 3 * SIZE + len(KINDS) + 1
    heads = {
        "said.in.weight": np.zeros((3, width)),
        "said.in.bias": np.zeros(3),
        "said.out.weight": np.zeros((1, 3)),
        "said.out.bias": np.array([bias]),
    }
    parsed = encoded(parse("The ministry insists that the boats are safe."), **heads)
    (telling,) = read(parsed)
    beliefs = beliefs_of(parsed, telling.cue, telling.speaker, telling.contents)
    assert beliefs is not None and np.isclose(np.exp(beliefs).sum(), 1.0)
    assert (beliefs[0] > beliefs[1]) is (bias < 0)


def test_what_no_model_has_read_so_far_has_no_beliefs(parse: Parse) -> None:
    parsed = parse("The ministry insists that the boats are safe.")
    (telling,) = read(parsed)
    assert beliefs_of(parsed, telling.cue, telling.speaker, telling.contents) is None
    cut = encoded(parsed, upto=telling.cue.word, **{"said.in.weight": np.zeros((3, 1))})
    assert beliefs_of(cut, telling.cue, telling.speaker, telling.contents) is None
