"""Gold folders, floors and the command that holds scores to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from onrecord.errors import BadInput, BadVocab
from onrecord.measure.command import measure
from onrecord.measure.floors import SetFloors, broken_floors, pin_floors, read_floors, read_limits, write_floors
from onrecord.measure.gold import Gold, measure_gold, read_gold
from onrecord.measure.score import Row
from onrecord.measure.table import gap_lines, score_lines

ROOT = Path(__file__).parent.parent
REPORT: dict[str, Any] = {"id": "r1", "title": "", "outlet": "Example", "published": "2020-01-01", "lang": "en", "credits": []}
REPORT |= {"text": "Nothing was sold.", "transfers": [], "statements": [], "events": []}


def row(f1: float) -> Row:
    return Row(f1, f1, f1, 10, 10)


def folder_of(tmp_path: Path, *reports: dict[str, Any]) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    for report in reports:
        (folder / f"{report['id']}.json").write_text(json.dumps(report), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["dev", "train"])
def test_shipped_gold_is_read(name: str) -> None:
    gold = read_gold(ROOT / "gold" / name)
    assert (gold.name, len(gold.reports)) == (name, {"dev": 24, "train": 246}[name])
    assert (gold.links is not None) is (name == "dev")


def test_every_string_of_the_gold_stands_in_its_text() -> None:
    for name in ("dev", "train"):
        for report in read_gold(ROOT / "gold" / name).reports.values():
            said = [s["content"] for s in report["statements"]] + [e["evidence"] for e in report["events"]]
            said += [stage["evidence"] for transfer in report["transfers"] for stage in transfer["stages"]]
            assert [words for words in said if words not in report["text"]] == [], report["id"]


def test_hash_tells_a_changed_annotation(tmp_path: Path) -> None:
    before = read_gold(folder_of(tmp_path, REPORT)).sha256
    after = read_gold(folder_of(tmp_path, {**REPORT, "credits": ["Example Agency"]})).sha256
    assert before != after


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "Expecting property name"),
        ("[]", "no JSON object"),
        ('{"id": "x", "text": "y"}', "report without transfers, statements, events"),
    ],
    ids=["cut", "list", "unannotated"],
)
def test_bad_gold_names_its_file(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        read_gold(tmp_path)
    assert "bad.json" in str(caught.value)


def test_empty_folder_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gold/dev"):
        read_gold(tmp_path)


def test_the_extractor_sees_no_annotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []

    def look(sources: list[Path], *, out: Path) -> list[None]:
        seen.extend(json.loads(path.read_text(encoding="utf-8")) for path in sources[0].iterdir())
        out.mkdir()
        (out / "links.json").write_text("{}", encoding="utf-8")
        return []

    monkeypatch.setattr("onrecord.measure.gold.extract_sources", look)
    measure_gold(read_gold(folder_of(tmp_path, {**REPORT, "credits": ["Example Agency"]})))
    assert [set(report) for report in seen] == [{"id", "title", "outlet", "published", "lang", "text", "url"}]


def test_a_score_below_its_floor_breaks_it() -> None:
    gold, floors = Gold("mine", {}, None, "abc"), {"mine": SetFloors("abc", {"events": 0.5, "stages": 0.5})}
    assert broken_floors(gold, {"events": row(0.5), "stages": row(0.49)}, floors) == ["mine: stages fell to 0.490, its floor is 0.500"]
    assert broken_floors(gold, {"events": row(0.5)}, floors) == ["mine: stages fell to 0.000, its floor is 0.500"]


def test_changed_gold_breaks_the_gate() -> None:
    (sentence,) = broken_floors(Gold("mine", {}, None, "new"), {}, {"mine": SetFloors("old")})
    assert "gold has changed" in sentence


def test_unpinned_gold_breaks_the_gate() -> None:
    (sentence,) = broken_floors(Gold("mine", {}, None, "new"), {}, {})
    assert "no floors are pinned" in sentence


def test_pinning_raises_a_floor_and_keeps_the_others() -> None:
    gold, before = Gold("mine", {}, None, "abc"), {"mine": SetFloors("abc", {"events": 0.5, "stages": 0.5}, {"events": 0.9})}
    after = pin_floors(gold, {"events": row(0.7), "stages": row(0.505)}, before)["mine"]
    assert after == SetFloors("abc", {"events": 0.69, "stages": 0.5}, {"events": 0.9}, (), {"events": 0.7, "stages": 0.505})


@pytest.mark.parametrize(
    ("sha256", "f1", "says"), [("abc", 0.4, "events 0.500 to 0.390"), ("new", 0.6, "the gold changed")], ids=["fallen", "changed"]
)
def test_lowering_needs_a_reason_and_keeps_it(sha256: str, f1: float, says: str) -> None:
    gold, before = Gold("mine", {}, None, sha256), {"mine": SetFloors("abc", {"events": 0.5})}
    with pytest.raises(BadInput, match=says):
        pin_floors(gold, {"events": row(f1)}, before)
    after = pin_floors(gold, {"events": row(f1)}, before, why="the rule was unsafe")["mine"]
    assert after.lowered == (f"{says}: the rule was unsafe",)
    assert after.floors == {"events": pytest.approx(f1 - 0.01)}
    assert after.sha256 == sha256


def test_floors_survive_writing(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text('[bench]\n"analysis against spaCy" = 1.6\n', encoding="utf-8")
    floors = {
        "mine": SetFloors("abc", {"stages + modality": 0.582}, {"stages + modality": 0.58}, ('events 0.5 to 0.4: "why"',), {"events": 0.5})
    }
    write_floors(floors, path)
    assert read_floors(path) == floors
    assert read_limits(path) == {"analysis against spaCy": 1.6}


def test_shipped_floors_are_pinned_to_the_shipped_gold() -> None:
    floors = read_floors()
    assert {name: known.sha256 for name, known in floors.items()} == {
        n: read_gold(ROOT / "gold" / n).sha256 for n in ("dev", "train", "unseen")
    }


def test_scores_on_the_measuring_gold_hold_their_floors() -> None:
    gold = read_gold(ROOT / "gold" / "dev")
    assert broken_floors(gold, measure_gold(gold).rows(), read_floors()) == []


def test_broken_floors_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(BadVocab, match=r"floors\.toml"):
        read_floors(tmp_path / "floors.toml")


def test_table_shows_floor_target_and_distance() -> None:
    head, line, other = score_lines("mine", {"events": row(0.45), "stages": row(0.9)}, SetFloors("abc", {"events": 0.4}, {"events": 0.5}))
    assert line.split() == ["events", "0.450", "0.450", "0.450", "0.400", "0.500", "10", "10", "-0.050"]
    assert other.split() == ["stages", "0.900", "0.900", "0.900", "10", "10"]
    assert max(map(len, (head, line, other))) <= 100


def test_gap_is_how_much_better_the_other_set_is_read() -> None:
    lines = list(gap_lines({"dev": {"events": row(0.5), "links": row(0.1)}, "train": {"events": row(0.6)}}))
    assert [line.split() for line in lines] == [["F1", "dev", "train", "gap"], ["events", "0.500", "0.600", "+0.100"]]


def test_command_gates_pins_and_prints_json(tmp_path: Path) -> None:
    folder, path = folder_of(tmp_path, REPORT), tmp_path / "floors.toml"
    path.write_text("", encoding="utf-8")
    options = [str(folder), "--floors", str(path)]
    unpinned = CliRunner().invoke(measure, [*options, "--gate"])
    assert (unpinned.exit_code, "no floors are pinned" in unpinned.output) == (1, True)
    assert CliRunner().invoke(measure, [*options, "--pin", "--errors"]).exit_code == 0
    pinned = CliRunner().invoke(measure, [*options, "--gate", "--json"])
    assert pinned.exit_code == 0
    assert json.loads(pinned.output)["mine"]["no-transfer reports kept clean"]["f1"] == 1.0
