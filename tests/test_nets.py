"""Tests of the reading networks: how a text is laid out for them, how answers become spans, and what the installed ones say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from onrecord import assets
from onrecord.errors import BadVocab
from onrecord.nets import attribution as net
from onrecord.nets import roots
from onrecord.nets.pieces import END, START, open_words

needs_networks = pytest.mark.skipif(assets.english_networks() is None, reason="the networks of models/en are not installed: run make")


def _pieces(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Pieces as a tokenizer would give them, words and marks apart."""
    spans, at = [], 0
    for word in text.replace("\n", " \n ").split(" "):
        if word.strip():
            start = text.index(word, at)
            at = start + len(word)
            spans.append((start, at))
    starts, ends = np.array(spans).T
    return starts, ends


def test_windows_hold_whole_paragraphs_and_read_each_piece_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "WINDOW", 8)
    monkeypatch.setattr(net, "CONTEXT", 3)
    text = "a b c\nd e\nf g h i\nj"
    starts, ends = _pieces(text)
    assert net.paragraph_starts(text, starts, ends) == [0, 3, 5, 9]
    assert list(net.windows(text, starts, ends)) == [(0, 5, 0), (3, 10, 5)]


def test_a_paragraph_longer_than_a_window_is_cut_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "WINDOW", 8)
    text = " ".join("abcdefghijklmnopqrstu")
    found = list(net.windows(text, *_pieces(text)))
    assert [fresh for _, _, fresh in found] == [0, *(last for _, last, _ in found[:-1])]
    assert found[-1][1] == 21
    assert all(last - first <= 8 + net.CONTEXT for first, last, _ in found)


def test_an_empty_text_has_no_window() -> None:
    assert list(net.windows("", np.zeros(0, int), np.zeros(0, int))) == []


def test_the_layout_knows_paragraphs_sentences_and_quotations() -> None:
    straight, stop, word = 1000, 1012, 2000
    ids = [word, straight, word, stop, straight, word, straight, word, word]
    rows = net.layout(ids, [True, False, False, False, False, False, False, True, False])
    assert rows[0].tolist() == [1, 1, 1, 1, 1, 1, 1, 2, 2]
    assert rows[1].tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3]
    assert rows[2].tolist() == [0, 1, 1, 1, 1, 0, 2, 0, 0]


def test_relations_tell_distance_sentence_paragraph_and_quotation() -> None:
    rows = np.array([[1, 1, 1, 2, 2], [1, 1, 2, 3, 3], [1, 1, 0, 0, 2]])
    related = net.relations(rows, 2, 3)
    middle = net.SENTENCES
    assert related[:, 0].tolist() == [2, 1, 0, 1 + len(net.EDGES), 2 + len(net.EDGES)]
    assert related[:, 1].tolist() == [middle - 1, middle - 1, middle, middle + 1, middle + 1]
    assert related[:, 2].tolist() == [middle, middle, middle, middle + 1, middle + 1]
    assert related[:, 3].tolist() == [1, 1, 0, 0, 1]
    assert (related < np.array(net.RELATIONS)).all()
    assert net.relations(np.ones((3, 900), int), 0, 1).max(axis=0).tolist()[0] == net.RELATIONS[0] - 1


def test_the_likeliest_answers_begin_before_they_go_on() -> None:
    believed = np.full((1, 4, 5), 0.01)
    believed[0, 0, net.CONTENT_LATER] = 0.9
    believed[0, 0, net.CONTENT_FIRST] = 0.06
    believed[0, 1, net.CONTENT_LATER] = 0.9
    believed[0, 2, net.OUTSIDE] = 0.9
    believed[0, 3, net.SOURCE_FIRST] = 0.9
    answers = net.likeliest(np.log(believed))
    assert answers.tolist() == [[net.CONTENT_FIRST, net.CONTENT_LATER, net.OUTSIDE, net.SOURCE_FIRST]]


def test_content_of_no_cue_goes_to_the_one_beside_it_or_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "SHORTEST_ALONE", 2)
    first, later = net.CONTENT_FIRST, net.CONTENT_LATER
    answers = np.array([[0, 0, first, later, 0, 0, 0, 0, 0, 0, 0]])
    tags = np.zeros((11, 3, 3))
    tags[:, net.CONTENT, 0] = 1 - np.array([0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9])
    beliefs = net.Beliefs(tags, [(6, 7, 0.9)], np.zeros((1, 11, 5)))
    assert net.take_in(answers, beliefs) == [(7, 9)]
    assert answers.tolist() == [[0, first, later, later, later, later, 0, 0, 0, 0, 0]]


def test_a_source_that_no_cue_claims_goes_to_what_lacks_one_in_its_sentence() -> None:
    answers = np.zeros((1, 8), np.int64)
    answers[0, 3:5] = net.CONTENT_FIRST, net.CONTENT_LATER
    tags = np.zeros((8, 3, 3), np.float32)
    tags[:, :, 0] = 1.0
    for at in (0, 1, 5):
        tags[at, net.SOURCE] = (0.1, 0.1, 0.8) if at == 1 else (0.1, 0.8, 0.1)
    sentences = np.array([1, 1, 1, 1, 1, 2, 2, 2])
    beliefs = net.Beliefs(tags, [(2, 3, 0.9)], None)
    assert net.give_sources(answers, beliefs, [(6, 8)], sentences) == [(5, 6)]
    assert answers[0, :2].tolist() == [net.SOURCE_FIRST, net.SOURCE_LATER]
    # What has a source keeps it, and nothing is given across a sentence's end.
    assert net.give_sources(answers.copy(), beliefs, [(3, 4)], np.array([1, 1, 1, 2, 2, 3, 3, 3])) == [None]


def test_a_pair_is_marked_and_a_long_sentence_cut_around_it() -> None:
    ids, starts, ends = list(range(5000, 5300)), np.arange(0, 900, 3), np.arange(2, 902, 3)
    marked, (actor, recipient) = roots.mark_pair(ids, starts, ends, (600, 605), (630, 632))
    assert len(marked) <= roots.LONGEST
    assert (marked[0], marked[-1]) == (START, END)
    assert marked[actor : actor + 4] == [roots.ACTOR, 5200, 5201, roots.ACTOR]
    assert marked[recipient : recipient + 3] == [roots.RECIPIENT, 5210, roots.RECIPIENT]


def test_a_party_that_is_not_named_has_the_first_piece() -> None:
    marked, signs = roots.mark_pair([7, 8], np.array([0, 3]), np.array([2, 5]), (3, 5), None)
    assert marked == [START, 7, roots.ACTOR, 8, roots.ACTOR, END]
    assert signs == (2, 0)


def test_a_broken_package_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.npz").write_bytes(b"no table")
    with pytest.raises(BadVocab, match="install the model package anew"):
        open_words(tmp_path / "words.npz")


@needs_networks
def test_the_installed_networks_tie_speakers_to_what_they_say() -> None:
    networks = assets.english_networks()
    assert networks is not None
    text = "“We will not sell these tanks to anyone,” Minister Ada Quill said on Monday.\n\nHer deputy denied that talks had begun."
    one, other = net.attributions(text, networks)
    assert text[slice(*one.source[0])] == "Minister Ada Quill"
    assert text[slice(*one.cue[0])].startswith("said")
    assert "not sell these tanks to anyone" in text[slice(*one.content[0])]
    assert text[slice(*other.source[0])] == "Her deputy"
    assert "that talks had begun" in text[slice(*other.content[0])]
    assert net.attributions("", networks) == []


@needs_networks
def test_the_installed_networks_know_who_did_it_and_that_nothing_was_done() -> None:
    networks = assets.english_networks()
    assert networks is not None
    sentence = "Ruritania accused Sylvania of spying."
    beliefs = roots.root_beliefs(sentence, (0, 9), (18, 26), networks)
    assert max(beliefs, key=lambda root: beliefs[root]) == "ACCUSE"
    assert sum(beliefs.values()) == pytest.approx(1.0)
    none = roots.root_beliefs(sentence, (18, 26), (0, 9), networks)
    assert max(none, key=lambda root: none[root]) == roots.NONE


@needs_networks
def test_networks_that_do_not_fit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = assets.english_model()
    assert model is not None
    monkeypatch.setattr(assets, "english_model", lambda: replace(model, encoder=tmp_path / "encoder.onnx"))
    for name in assets.NETWORK_FILES:
        assert assets.english_networks.__wrapped__() is None
        (tmp_path / name).write_text(json.dumps({"name": "x"}), encoding="utf-8")
    with pytest.raises(BadVocab, match="install it anew"):
        assets.english_networks.__wrapped__()
