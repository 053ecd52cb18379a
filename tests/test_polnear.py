"""Tests of the measure of who says what: reading marked articles, the scores, the command. Sentences and people are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.measure.polnear_gold import Article, read_articles
from onrecord.measure.polnear_score import Scores
from onrecord.nets.attribution import Attribution

TEXT = "Sale off.\n\n“We will not buy the old tanks,” Minister Ada Quill said on Monday. Her deputy denied that talks had begun."
MARKS = """T1\tContent 11 43\t“We will not buy the old tanks,”
T2\tSource 44 62\tMinister Ada Quill
T3\tCue 63 67\tsaid
T4\tAttribution 63 67\tsaid
E1\tAttribution:T4 Content:T1 Source:T2 Cue:T3
T5\tSource 79 89\tHer deputy
T6\tCue 90 96\tdenied
T7\tContent 97 117\tthat talks had begun
T8\tAttribution 90 96\tdenied
E2\tAttribution:T8 Content:T7 Cue:T6 Source:T5
#1\tAnnotatorNotes T7\tunsure
"""


def _folder(path: Path, marks: str = MARKS, text: str = TEXT, name: str = "a_1f2e") -> Path:
    for part in ("text", "attributions"):
        (path / part).mkdir(parents=True, exist_ok=True)
    (path / "text" / "a.txt").write_bytes(text.encode())
    (path / "attributions" / f"{name}.ann").write_text(marks, encoding="utf-8")
    return path


def _words(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize("name", ["a", "a_1f2e"])
def test_articles_are_read_with_their_attributions(tmp_path: Path, name: str) -> None:
    (article,) = read_articles(_folder(tmp_path, name=name))
    one, other = article.attributions
    assert [_words(TEXT, spans) for spans in (one.source, one.cue, one.content)] == [
        ["Minister Ada Quill"],
        ["said"],
        ["“We will not buy the old tanks,”"],
    ]
    assert _words(TEXT, other.content) == ["that talks had begun"]


def test_the_first_of_several_annotators_counts(tmp_path: Path) -> None:
    _folder(tmp_path, marks="T1\tCue 63 67\tsaid\nE1\tAttribution:T9 Cue:T1\n", name="a_0000")
    (article,) = read_articles(_folder(tmp_path))
    assert [a.cue for a in article.attributions] == [((63, 67),)]


def test_parts_of_a_content_and_line_ends_keep_their_offsets(tmp_path: Path) -> None:
    marks = "T1\tContent 0 4;19 25\tgo on it is\nT2\tCue 7 11\tsaid\nE1\tAttribution:T7 Content:T1 Cue:T2\n"
    (article,) = read_articles(_folder(tmp_path, marks, "Go on, said he.\r\n\r\nIt is.\0"))
    assert article.attributions[0].content == ((0, 4), (19, 25))
    assert article.text == "Go on, said he. \n \nIt is. "


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ("T1\tContent 0 900\tx\n", "900 in a text of"),
        ("T1\tContent a b\tx\n", "no mark of the form"),
        ("T1\tContent\tx\n", "no mark of the form"),
        ("T1\n", "no mark of the form"),
    ],
)
def test_a_broken_mark_is_told_with_its_place(tmp_path: Path, marks: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        read_articles(_folder(tmp_path, "\n" + marks))
    assert "a_1f2e.ann:2" in str(caught.value)


def test_a_folder_of_another_shape_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no attributions"):
        read_articles(tmp_path)
    folder = _folder(tmp_path)
    (folder / "attributions" / "b_1f2e.ann").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match=r"neither b_1f2e.txt nor b.txt"):
        read_articles(folder)


def _scored(gold: list[Attribution], said: list[Attribution], text: str = TEXT) -> Scores:
    scores = Scores()
    scores.add(Article("a", text, tuple(gold)), said)
    return scores


WHOLE = Attribution(((44, 62),), ((63, 67),), ((11, 43),))
INDIRECT = Attribution(((79, 89),), ((90, 96),), ((97, 117),))


def test_what_is_right_scores_one_everywhere() -> None:
    scores = _scored([WHOLE, INDIRECT], [INDIRECT, WHOLE])
    counts = [*scores.tokens.values(), *scores.exact.values(), scores.links, scores.quotes]
    assert [count.figures()["f1"] for count in counts] == [1.0] * 8
    assert (scores.tokens["cue"].gold, scores.links.gold, scores.quotes.gold) == (2, 2, 1)


def test_tokens_count_words_and_marks_but_whole_spans_only_words() -> None:
    bare = Attribution(((53, 62),), ((63, 67),), ((12, 41),))
    scores = _scored([WHOLE], [bare])
    assert (scores.tokens["content"].right, scores.tokens["content"].gold) == (7, 10)
    assert (scores.tokens["source"].right, scores.tokens["source"].gold) == (2, 3)
    assert (scores.exact["content"].right, scores.exact["source"].right) == (1, 0)
    assert (scores.links.right, scores.quotes.right) == (1, 1)


def test_a_source_on_the_wrong_content_is_no_link_and_no_speaker() -> None:
    crossed = [Attribution(INDIRECT.source, WHOLE.cue, WHOLE.content), Attribution(WHOLE.source, INDIRECT.cue, INDIRECT.content)]
    scores = _scored([WHOLE, INDIRECT], crossed)
    assert {role: count.figures()["f1"] for role, count in scores.tokens.items()} == {"source": 1.0, "cue": 1.0, "content": 1.0}
    assert (scores.links.right, scores.quotes.right, scores.quotes.said) == (0, 0, 1)


def test_saying_the_same_twice_finds_one_link() -> None:
    scores = _scored([WHOLE], [WHOLE, WHOLE])
    assert (scores.links.right, scores.links.said) == (1, 2)


def test_a_content_in_parts_is_one_and_each_part_a_quotation() -> None:
    text = "“We will buy none,” said Ada Quill, “of those old old tanks.”"
    whole = Attribution(((25, 34),), ((20, 24),), ((0, 19), (36, 61)))
    half = Attribution(((25, 34),), ((20, 24),), ((0, 19),))
    scores = _scored([whole], [half], text)
    assert (scores.exact["content"].right, scores.quotes.right, scores.quotes.gold) == (0, 1, 2)


def test_no_attribution_anywhere_is_no_error() -> None:
    scores = _scored([], [])
    assert scores.links.figures() == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "of": 0}


def test_the_command_ends_with_the_three_roles(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["measure", "polnear", str(_folder(tmp_path))], catch_exceptions=False)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines[-3:]] == ["source", "cue", "content"]
    assert all(float(line.split()[-1]) > 0.5 for line in lines[-3:])
    figures = json.loads(CliRunner().invoke(main, ["measure", "polnear", "--json", str(tmp_path)]).output)
    assert figures["direct quotes with speaker"]["f1"] == 1.0


def test_the_command_names_a_file_that_is_no_article(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "text" / "a.txt").write_bytes(b"\xff\xfe\x00")
    result = CliRunner().invoke(main, ["measure", "polnear", str(folder)])
    assert result.exit_code != 0
    assert "a.txt is no UTF-8 text" in (result.output or str(result.exception))
