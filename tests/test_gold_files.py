"""Every annotated report in gold/ holds together: its words cut, its stages, modalities and roots are known ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onrecord import vocab

GOLD = Path(__file__).parent.parent / "gold"
FOLDERS = ("dev", "train", "more", "second")
REPORTS = sorted(path for name in FOLDERS for path in (GOLD / name).glob("*.json") if path.stem != "links")
STAGES, MODALITIES = set(vocab.meanings("stages")["stage"]), set(vocab.meanings("stages")["modality"])
ROOTS = set(vocab.meanings("plover")["roots"])


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
