"""`onrecord measure agreement`: the figures of reports and sentence pairs, the differences, and what it says of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main

GOLD = Path(__file__).parent.parent / "gold"
TEXT = "Norland sold Sudria 12 tanks. Sudria may order four more."
SENTENCE = "Oslo warned Bern, and Bern thanked Oslo."
OSLO, BERN, BERN_AGAIN, OSLO_AGAIN = [0, 4], [12, 16], [22, 26], [35, 39]


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["measure", "agreement", *map(str, arguments)])
    return done.exit_code, done.output


def report(folder: Path, name: str, *, text: str = TEXT, equipment: tuple[str, ...] = ("tank",), modality: str = "actual") -> None:
    folder.mkdir(exist_ok=True)
    stage = {"stage": "contract", "modality": modality, "when": None, "according_to": None, "evidence": "sold"}
    transfers = [
        {"key": f"t{n}", "supplier": ["NO"], "recipient": ["SE"], "equipment": goods, "quantity": None, "value": None, "stages": [stage]}
        for n, goods in enumerate(equipment, start=1)
    ]
    content = {"id": name, "text": text, "credits": [], "transfers": transfers, "statements": [], "events": []}
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def pairs(path: Path, *rows: tuple[list[int], list[int], str, str | None], sentence: str = SENTENCE) -> Path:
    lines = [
        {"sentence": sentence, "actor": actor, "recipient": recipient, "root": root, "modality": modality}
        for actor, recipient, root, modality in rows
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path


def figures(*arguments: object) -> dict[str, dict[str, float]]:
    code, said = run(*arguments, "--json")
    assert code == 0, said
    found: dict[str, dict[str, float]] = json.loads(said)
    return found


def test_reports_are_scored_where_both_annotated_them(tmp_path: Path) -> None:
    for name in ("one", "two", "unread"):
        report(tmp_path / "first", name, equipment=("tank", "radar"))
    report(tmp_path / "second", "one", equipment=("tank",), modality="possible")
    report(tmp_path / "second", "two", equipment=("tank", "radar"))
    found = figures(tmp_path / "first", tmp_path / "second")
    assert (found["transfers"]["figure"], found["transfers"]["first"], found["transfers"]["second"]) == (0.857, 4, 3)
    assert (found["stages"]["figure"], found["stages + modality"]["figure"]) == (0.857, 0.571)
    assert found["transfers"]["low"] == 0.667 and found["transfers"]["high"] == 1.0
    code, said = run(tmp_path / "first", tmp_path / "second", "--errors")
    assert code == 0 and "F1 over 2 reports" in said and "one transfer missed: ['NO']>['SE'] radar" in said


def test_f1_is_the_same_whoever_comes_first(tmp_path: Path) -> None:
    report(tmp_path / "first", "one", equipment=("tank", "radar"))
    report(tmp_path / "second", "one", equipment=("tank", "drone", "ship"))
    one, other = (figures(tmp_path / a, tmp_path / b)["transfers"]["figure"] for a, b in (("first", "second"), ("second", "first")))
    assert one == other == 0.4


def test_sentence_pairs_are_scored_by_root(tmp_path: Path) -> None:
    first = pairs(
        tmp_path / "first.jsonl",
        (OSLO, BERN, "THREATEN", "actual"),
        (BERN, OSLO, "NONE", None),
        (BERN_AGAIN, OSLO_AGAIN, "SUPPORT", "actual"),
        (OSLO, OSLO_AGAIN, "NONE", None),
    )
    second = pairs(
        tmp_path / "second.jsonl",
        (OSLO, BERN, "THREATEN", "possible"),
        (BERN, OSLO, "NONE", None),
        (BERN_AGAIN, OSLO_AGAIN, "NONE", None),
    )
    found = figures(first, second)
    # Of three shared pairs two agree; chance alone gives (1 x 2 + 1 x 1) / 9.
    assert found["root accuracy"]["figure"] == 0.667
    assert found["root kappa"]["figure"] == pytest.approx((2 / 3 - 3 / 9) / (1 - 3 / 9), abs=0.001)
    assert (found["event F1"]["figure"], found["event F1"]["first"], found["event F1"]["second"]) == (0.667, 2, 1)
    assert found["modality accuracy"]["figure"] == 0.0
    code, said = run(first, second, "--errors")
    assert code == 0 and "3 pairs in 1 sentences" in said
    assert f"Oslo > Bern: THREATEN actual, second THREATEN possible: {SENTENCE}" in said
    assert f"Bern > Oslo: SUPPORT actual, second NONE None: {SENTENCE}" in said


def test_pairs_of_one_root_agree_wholly(tmp_path: Path) -> None:
    path = pairs(tmp_path / "one.jsonl", (OSLO, BERN, "NONE", None))
    assert figures(path, path)["root kappa"]["figure"] == 1.0


@pytest.mark.parametrize("line", ["{", "[]", '{"sentence": "x", "actor": 3}', "[" * 5000])
def test_a_bad_line_is_one_sentence(tmp_path: Path, line: str) -> None:
    bad = tmp_path / "events.jsonl"
    bad.write_text(line, encoding="utf-8")
    code, said = run(bad, bad)
    assert code == 2 and said.count("\n") == 1 and "events.jsonl:1" in said


def test_readings_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    report(tmp_path / "first", "one")
    report(tmp_path / "second", "one", text="Another text.")
    report(tmp_path / "third", "other")
    path = pairs(tmp_path / "pairs.jsonl", (OSLO, BERN, "NONE", None))
    refused = {"second": "its text is not that of", "third": "holds nothing that the first", path.name: "a folder and the other a file"}
    for other, words in refused.items():
        code, said = run(tmp_path / "first", tmp_path / other)
        assert code == 2 and words in said


def test_the_page_tells_what_the_command_prints() -> None:
    """The published second reading agrees with the gold of today exactly as far as docs/gold.md says."""
    found = figures(GOLD / "more", GOLD / "second")
    page = (GOLD.parent / "docs" / "gold.md").read_text(encoding="utf-8")
    told = {
        cells[0]: float(cells[3])
        for cells in map(table_cells, page.splitlines())
        if cells[0] in found and cells[3:4] and cells[3][0] == "."
    }
    assert len(told) == 7
    assert told == {name: found[name]["figure"] for name in told}
    roots = figures(GOLD / "sentences" / "events.jsonl", GOLD / "second" / "events.jsonl")
    kappa = next(cells for cells in map(table_cells, page.splitlines()) if cells[0] == "root, Cohen's kappa")
    assert float(kappa[1]) == roots["root kappa"]["figure"]


def table_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
