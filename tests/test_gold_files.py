"""Every annotated report and sentence in gold/ holds together: its words cut, its stages, modalities and roots are known ones."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from onrecord import vocab

GOLD = Path(__file__).parent.parent / "gold"
FOLDERS = ("dev", "train", "unseen", "more", "second")
REPORTS = sorted(path for name in FOLDERS for path in (GOLD / name).glob("*.json") if path.stem != "links")
STAGES, MODALITIES = set(vocab.meanings("stages")["stage"]), set(vocab.meanings("stages")["modality"])
ROOTS = set(vocab.meanings("plover")["roots"])
SENTENCES = sorted((GOLD / "sentences").glob("*.jsonl"))


def pairs(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", FOLDERS)
def test_folder_is_there(name: str) -> None:
    assert len(list((GOLD / name).glob("*.json"))) > 20


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_report_holds_together(path: Path) -> None:
    report = json.loads(path.read_text(encoding="utf-8"))
    text, keys = report["text"], {transfer["key"] for transfer in report["transfers"]}
    stages = [stage for transfer in report["transfers"] for stage in transfer["stages"]]
    cut = [stage["evidence"] for stage in stages] + [said["content"] for said in report["statements"]]
    cut += [said["as_written"] for said in report["statements"]] + [event["evidence"] for event in report["events"]]
    assert report["id"] == path.stem
    assert [words for words in cut if words not in text] == []
    assert {stage["stage"] for stage in stages} <= STAGES
    assert {item["modality"] for item in [*stages, *report["events"]]} <= MODALITIES
    assert {event["plover"] for event in report["events"]} <= ROOTS
    assert {key for item in [*report["statements"], *report["events"]] for key in item["about"]} <= keys


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
def test_pairs_of_sentences_hold_together(path: Path) -> None:
    rows = pairs(path)
    seen = Counter((row["sentence"], *row["actor"], *row["recipient"]) for row in rows)
    assert [key for key, count in seen.items() if count > 1] == []
    for row in rows:
        text, sides = row["sentence"], sorted((row["actor"], row["recipient"]))
        assert set(row) == {"sentence", "actor", "recipient", "root", "modality"}, text
        assert text == text.strip() and "  " not in text and not set(text) & set("{}|\n\t"), text
        assert (row["root"] in ROOTS and row["modality"] in MODALITIES) or (row["root"] == "NONE" and row["modality"] is None), text
        assert 0 <= sides[0][0] < sides[0][1] <= sides[1][0] < sides[1][1] <= len(text), text
        for start, end in sides:
            # A mention is cut at the edges of words.
            assert text[start:end] == text[start:end].strip(), text
            assert not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum(), text


def test_sentences_stand_in_one_file_only_and_are_as_many_as_the_card_says() -> None:
    told = [{row["sentence"] for row in pairs(path)} for path in SENTENCES]
    assert len(told) == 2 and not set.intersection(*told)
    card = (GOLD.parent / "docs/gold.md").read_text(encoding="utf-8")
    counts = Counter(row["root"] for path in SENTENCES for row in pairs(path))
    assert f"{sum(map(len, told)):,} invented sentences with {sum(counts.values()):,} ordered pairs" in card
    for root, count in counts.items():
        assert f"| `{root}` | {count:,} |" in card
