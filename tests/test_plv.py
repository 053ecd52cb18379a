"""Tests of the measure of what one party does to another: reading the table, the figures, the command. Sentences are invented."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.measure.plv import answer, by_rules, root_figures
from onrecord.measure.plv_gold import Pair, read_pairs

HEAD = "\tsentence_id\tmarked_sentence\tgold_root\n"
ROWS = (
    "1\t7\t<s>Ruritania</s> has condemned <t>the government of Sylvania</t> over the shelling.\tACCUSE\n"
    '2\t8\tThe <t>"Grey" rebels</t> were bombed by <s>the Ruritanian air force</s>.\tASSAULT\n'
    "3\t9\t<s>Sylvania</s> agreed to withdraw its troops.\tYIELD\n"
)


def _table(path: Path, content: str = HEAD + ROWS) -> Path:
    file = path / "pairs.tsv"
    file.write_text(content, encoding="utf-8")
    return file


def test_a_table_is_read_with_its_marks(tmp_path: Path) -> None:
    first, second, third = read_pairs(_table(tmp_path))
    assert first == Pair("Ruritania has condemned the government of Sylvania over the shelling.", (0, 9), (24, 50), "ACCUSE")
    assert second.sentence[slice(*(second.recipient or (0, 0)))] == '"Grey" rebels'
    assert (third.actor, third.recipient) == ((0, 8), None)


def test_a_packed_table_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "pairs.tsv.gz"
    packed.write_bytes(gzip.compress(("\ufeffmarked_sentence\tgold_root\n<s>A</s> met <t>B</t>.\tconsult\n").encode()))
    assert read_pairs(packed) == [Pair("A met B.", (0, 1), (6, 7), "CONSULT")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("sentence\tgold_root\nx\tAID\n", "no column marked_sentence"),
        ("", "no column marked_sentence and no column gold_root"),
        (HEAD, "holds a head and no row"),
        (HEAD + "1\t2\t<s>A</s> met <t>B.\tAID\n", ":2: marked_sentence has <t> without </t>"),
        (HEAD + "1\t2\t</s>A<s> met <t>B</t>.\tAID\n", ":2: marked_sentence has <s> without </s>"),
        (HEAD + "1\t2\t<s>A</s> met <t>B</t>.\n", ":2: gold_root is empty"),
        (HEAD + "1\t2\t\tAID\n", ":2: marked_sentence is empty"),
    ],
)
def test_a_broken_table_is_told_with_its_place(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_pairs(_table(tmp_path, content))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    for name, content in (("a.tsv", b"\xff\xfe\x00"), ("a.tsv.gz", b"no gzip"), ("b.tsv.gz", gzip.compress(b"\xff\xfe\x00"))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput, match="cannot be read as UTF-8"):
            read_pairs(tmp_path / name)


def test_the_rules_see_the_marked_parties_whatever_their_names(tmp_path: Path) -> None:
    assert list(by_rules(read_pairs(_table(tmp_path))))[:2] == ["ACCUSE", "ASSAULT"]


def test_two_roots_that_the_file_joins_are_one() -> None:
    assert [answer(root, {"YIELD", "AID"}) for root in ("RETREAT", "CONCEDE", "AID")] == ["YIELD", "YIELD", "AID"]
    assert answer("RETREAT", {"YIELD", "RETREAT"}) == "RETREAT"
    assert answer("RETREAT", {"AID"}) == "RETREAT"


def test_the_figures_are_of_the_roots_that_the_gold_holds() -> None:
    rows = root_figures(["AID", "AID", "REJECT"], ["AID", "THREATEN", "AID"])
    assert list(rows) == ["AID", "REJECT"]
    assert rows["AID"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "of": 2}
    assert rows["REJECT"]["f1"] == 0.0


def test_the_command_ends_with_macro_f1(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["measure", "plv", str(_table(tmp_path)), "--errors"], catch_exceptions=False)
    assert result.exit_code == 0
    name, number = result.output.splitlines()[-1].split()
    assert name == "macro-F1"
    figures = json.loads(CliRunner().invoke(main, ["measure", "plv", "--json", str(_table(tmp_path))]).output)
    assert float(number) == pytest.approx(figures["macro_f1"], abs=0.001)
    assert figures["roots"]["ACCUSE"]["f1"] == 1.0
