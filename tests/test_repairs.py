"""What is coordinated with a refused infinitive goes with the finite verb above it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.parse.repairs import mend
from onrecord.records import Word

# text, POS, tag, label, head
Row = tuple[str, str, str, str, int]
REFUSED: list[Row] = [
    ("Lima", "PROPN", "NNP", "nsubj", 1),
    ("refused", "VERB", "VBD", "ROOT", 1),
    ("to", "PART", "TO", "aux", 3),
    ("yield", "VERB", "VB", "xcomp", 1),
    ("and", "CCONJ", "CC", "cc", 3),
]


def words(*rows: Row) -> list[Word]:
    return [
        Word(i, 10 * i, 10 * i + len(text), text, text.lower(), pos, tag, dep, head, 0)
        for i, (text, pos, tag, dep, head) in enumerate(rows)
    ]


def test_a_finite_verb_hung_on_an_infinitive_goes_to_the_finite_verb_above() -> None:
    given = words(*REFUSED, ("continued", "VERB", "VBD", "conj", 3))
    mended = mend(given)
    assert (mended[5].head, mended[5].dep) == (1, "conj")
    assert mended[:5] == given[:5]


def test_a_past_form_read_as_an_adjective_is_a_verb_with_its_noun_as_object() -> None:
    mended = mend(words(*REFUSED, ("continued", "VERB", "VBN", "amod", 6), ("talks", "NOUN", "NNS", "conj", 3)))
    assert (mended[5].head, mended[5].dep, mended[5].tag, mended[5].pos) == (1, "conj", "VBD", "VERB")
    assert (mended[6].head, mended[6].dep) == (5, "dobj")


def test_a_second_infinitive_stays_refused() -> None:
    given = words(*REFUSED, ("pay", "VERB", "VB", "conj", 3))
    assert mend(given) == given


def test_a_noun_with_a_true_adjective_stays() -> None:
    given = words(*REFUSED, ("long", "ADJ", "JJ", "amod", 6), ("talks", "NOUN", "NNS", "conj", 3))
    assert mend(given) == given


def test_a_verb_coordinated_with_a_finite_verb_stays() -> None:
    given = words(*REFUSED[:2], ("and", "CCONJ", "CC", "cc", 1), ("left", "VERB", "VBD", "conj", 1))
    assert mend(given) == given


def test_an_infinitive_below_no_finite_verb_changes_nothing() -> None:
    given = words(("To", "PART", "TO", "aux", 1), ("yield", "VERB", "VB", "ROOT", 1), ("paid", "VERB", "VBD", "conj", 1))
    assert mend(given) == given


SOLD: list[Row] = [
    ("Paris", "PROPN", "NNP", "nsubj", 1),
    ("sold", "VERB", "VBD", "ROOT", 1),
    ("jets", "NOUN", "NNS", "dobj", 1),
    ("to", "ADP", "IN", "prep", 1),
    ("Lima", "PROPN", "NNP", "pobj", 3),
    ("and", "CCONJ", "CC", "cc", 4),
    ("Oslo", "PROPN", "NNP", "conj", 4),
]


def test_a_name_that_the_next_verb_needs_is_its_subject() -> None:
    mended = mend(words(*SOLD, ("sold", "VERB", "VBD", "conj", 1), ("tanks", "NOUN", "NNS", "dobj", 7)))
    assert (mended[6].head, mended[6].dep) == (7, "nsubj")


def test_two_buyers_of_one_seller_stay_joined() -> None:
    given = words(*SOLD, ("and", "CCONJ", "CC", "cc", 1), ("sent", "VERB", "VBD", "conj", 1))
    assert mend(given) == given


ASKED: list[Row] = [
    ("Lima", "PROPN", "NNP", "nsubj", 1),
    ("asked", "VERB", "VBD", "ROOT", 1),
    ("to", "PART", "TO", "aux", 3),
    ("leave", "VERB", "VB", "xcomp", 1),
]
SWAP: list[Row] = [
    ("in", "ADP", "IN", "conj", 3),
    ("return", "NOUN", "NN", "pobj", 5),
    ("to", "PART", "TO", "aux", 8),
    ("buy", "VERB", "VB", "acl", 6),
]


def test_what_is_asked_for_in_return_stands_beside_what_was_asked_for_first() -> None:
    mended = mend(words(*ASKED, ("and", "CCONJ", "CC", "cc", 3), *SWAP))
    assert (mended[8].head, mended[8].dep) == (3, "conj")


@pytest.mark.parametrize(("place", "word"), [(4, ("but", "ADP", "IN", "prep", 3)), (6, ("talks", "NOUN", "NNS", "pobj", 5))])
def test_an_infinitive_after_another_noun_or_without_and_stays(place: int, word: Row) -> None:
    given = words(*[word if i == place else row for i, row in enumerate([*ASKED, ("and", "CCONJ", "CC", "cc", 3), *SWAP])])
    assert mend(given)[8] == given[8]


CITED: list[Row] = [
    ("Wires", "NOUN", "NNS", "nsubj", 1),
    ("reported", "VERB", "VBD", "ROOT", 1),
    (",", "PUNCT", ",", "punct", 1),
    ("citing", "VERB", "VBG", "advcl", 1),
    ("ministers", "NOUN", "NNS", "dobj", 3),
]


def cited(*rows: Row) -> list[Word]:
    given = words(*CITED, *rows)
    return [replace(word, lemma="cite") if word.text == "citing" else word for word in given]


def test_what_follows_a_cited_source_is_what_was_reported() -> None:
    rows: list[Row] = [(",", "PUNCT", ",", "punct", 3), ("that", "SCONJ", "IN", "mark", 8), ("Oslo", "PROPN", "NNP", "nsubj", 8)]
    assert mend(cited(*rows, ("paid", "VERB", "VBD", "ccomp", 3)))[8].head == 1


def test_what_is_cited_word_for_word_stays_cited() -> None:
    assert mend(cited(("that", "SCONJ", "IN", "mark", 6), ("paid", "VERB", "VBD", "ccomp", 3)))[6].head == 3


def test_offsets_and_order_stay() -> None:
    given = words(*REFUSED, ("continued", "VERB", "VBD", "conj", 3))
    assert [(w.index, w.start, w.end, w.text) for w in mend(given)] == [(w.index, w.start, w.end, w.text) for w in given]
