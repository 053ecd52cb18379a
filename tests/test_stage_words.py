"""The stage frames: the file holds together, a broken one is refused by name, and a word evokes the frames that it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onrecord.errors import BadVocab
from onrecord.extract.lexicon import Example, frame_words, frames_at, frames_for, read_frames, stage_frames
from onrecord.extract.modality import modality_of
from onrecord.records import Parsed
from onrecord.vocab import meanings

GOOD: dict[str, Any] = {
    "predicates": ["deliver"],
    "pos": "verb",
    "stage": "delivery",
    "supplier": ["subject"],
    "recipient": ["dative", "to"],
    "equipment": ["object"],
    "needs": ["equipment"],
}
EXAMPLES = list(dict.fromkeys((frame.pos, example) for frame in stage_frames() for example in frame.examples))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"predicates": []}, "predicates"),
        ({"predicates": [" "]}, "predicates"),
        ({"equipment": []}, "equipment"),
        ({"needs": ["price"]}, "price"),
        ({"stage": "rumour"}, "rumour"),
        ({"pos": "adverb"}, "adverb"),
        ({"modality": "likely"}, "likely"),
        ({"recipient": ["beneath"]}, "beneath"),
        ({"synonyms": ["ship"]}, "synonyms"),
        ({"predicates": ["deliver", "deliver"]}, "twice"),
        ({"examples": [{"stage": "delivery"}]}, "text"),
        ({"examples": [{"text": "Oslo delivered it.", "modality": "sure"}]}, "sure"),
    ],
)
def test_an_entry_that_does_not_hold_together_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadVocab, match=message):
        read_frames({"frame": [GOOD | change]}, meanings("stages"))


def test_a_file_without_frames_is_refused() -> None:
    with pytest.raises(BadVocab, match="no .*frame"):
        read_frames({}, meanings("stages"))


def test_entries_share_a_frame_among_their_predicates() -> None:
    frames = read_frames({"frame": [GOOD | {"predicates": ["deliver", "hand over"]}]}, meanings("stages"))
    assert [(f.head, f.rest, f.supplier) for f in frames] == [("deliver", (), ("subject",)), ("hand", ("over",), ("subject",))]


@pytest.mark.parametrize(
    ("predicate", "head", "rest"),
    [("letter of request", "letter", ("of", "request")), ("export licence", "licence", ("export",)), ("sale", "sale", ())],
)
def test_the_head_of_a_noun_stands_before_its_preposition_or_last(predicate: str, head: str, rest: tuple[str, ...]) -> None:
    frame = read_frames({"frame": [GOOD | {"pos": "noun", "predicates": [predicate]}]}, meanings("stages"))[0]
    assert (frame.head, frame.rest) == (head, rest)


@pytest.mark.parametrize("stage", sorted(meanings("stages")["stage"]))
def test_every_stage_has_verbs_and_nouns_and_examples(stage: str) -> None:
    frames = [frame for frame in stage_frames() if frame.stage == stage]
    assert {"verb", "noun"} <= {frame.pos for frame in frames}
    assert any(frame.examples for frame in frames)


def test_a_weak_word_is_not_weak_inside_a_longer_predicate() -> None:
    frames = {frame.predicate: frame for frame in frames_for("take", "verb")}
    assert frames["take"].weak and not frames["take delivery"].weak


@pytest.mark.parametrize(
    ("text", "predicate", "words"),
    [
        ("Oslo handed the boats over in May.", "hand over", "handed over"),
        ("The contract was signed in May.", "sign contract", "contract signed"),
        ("The contract signed in May covers six boats.", "sign contract", "contract signed"),
        ("Oslo put its order for the boats on hold.", "put on hold", "put on hold"),
        ("Lima took delivery of six boats.", "take delivery", "took delivery"),
        ("Lima sent a letter of request.", "letter of request", "letter of request"),
    ],
)
def test_a_predicate_of_several_words_is_found_wherever_they_stand(
    parse: Callable[..., Parsed], text: str, predicate: str, words: str
) -> None:
    parsed = parse(text)
    found = [
        " ".join(parsed.words[i].text for i in frame_words(frame, parsed, word.index)).lower()
        for word in parsed.words
        for frame in frames_at(parsed, word.index)
        if frame.predicate == predicate
    ]
    assert found == [words]


@pytest.mark.parametrize("text", ["Oslo has a harbour.", "It rained in Lima.", "He had left by noon."])
def test_words_that_tell_of_no_stage_evoke_no_strong_frame(parse: Callable[..., Parsed], text: str) -> None:
    parsed = parse(text)
    strong = [f.predicate for word in parsed.words for f in frames_at(parsed, word.index) if not f.weak]
    assert [predicate for predicate in strong if predicate != "leave"] == []


@pytest.mark.parametrize(("pos", "example"), EXAMPLES, ids=lambda value: value.text if isinstance(value, Example) else value)
def test_every_example_evokes_its_stage_in_its_modality(parse: Callable[..., Parsed], pos: str, example: Example) -> None:
    parsed = parse(example.text)
    read = {
        (frame.stage, modality_of(parsed, word.index, default=frame.modality)[0])
        for word in parsed.words
        for frame in frames_at(parsed, word.index)
        if frame.pos == pos
    }
    assert (example.stage, example.modality) in read
