"""The benches measure what they say, on a handful of reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.measure.floors import read_limits

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture(autouse=True)
def bench_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def test_varied_reports_are_different_texts() -> None:
    from corpus import reports

    documents = reports(540)
    assert len({document.text_sha256 for document in documents}) > 520
    assert documents[0].text.split()[:3] != documents[270].text.split()[:3]


def test_invented_reports_hold_together_and_crowd() -> None:
    from corpus import invented

    made = list(invented(300))
    assert len({report.document.id for report in made}) == 300
    blocks = [(report.findings[0]["supplier"], report.findings[0]["recipient"], report.findings[0]["equipment"]) for report in made]
    assert len(set(blocks)) < 300


def test_speed_and_cost_are_measured(tmp_path: Path) -> None:
    from corpus import reports
    from record import measure_adding
    from run import table
    from speed import measure_speed

    speed = measure_speed(reports(4))
    cost = measure_adding(reports(3), reports=40, folder=tmp_path)
    assert speed.ratio > 0.2 and speed.memory[-1] > 50
    assert 0.5 < cost.ratio < 2
    lines, held = table(speed, cost, reports_read=4)
    assert [line.split("  ")[0] for line in lines[1:4]] == list(read_limits())
    assert held is not any("BROKEN" in line for line in lines)


def test_broken_limit_is_told() -> None:
    from record import Cost
    from run import table
    from speed import Speed

    lines, held = table(Speed((9.0,), (1.0,), (100.0, 100.0)), Cost(1.0, 0.1, 0.1, 10), reports_read=1)
    assert not held
    assert "BROKEN" in lines[1] and "BROKEN" not in lines[2]


def test_memory_is_that_of_this_process() -> None:
    from speed import resident_memory

    assert 10 < resident_memory() < 10_000
    assert "speed" in sys.modules


def test_the_large_record_may_be_left_out() -> None:
    from run import table
    from speed import Speed

    lines, held = table(Speed((1.0,), (2.0,), (100.0, 100.0)), None, reports_read=7)
    assert held and not any("adding" in line for line in lines)
    assert lines[-2].endswith("2.00 times as many") and lines[-1] == "7 reports analysed by plain Python"


def test_every_bench_is_run_with_what_it_takes(tmp_path: Path) -> None:
    from all import STEPS, command

    for full in (False, True):
        commands = {step.name: command(step, tmp_path / "pages", tmp_path, full=full) for step in STEPS}
        assert commands["stream"][2] == str(tmp_path / "pages") and str(tmp_path / "pages") not in commands["analysis"]
        assert commands["large"][2] == commands["readers"][2] == str(tmp_path / "large.db")
        for what in commands.values():
            told = subprocess.run([*what[:2], "--help"], capture_output=True, text=True, check=True).stdout
            assert all(part in told for part in what if part.startswith("--")), "each option is one of the script's"


def test_a_bench_that_breaks_a_limit_is_told_at_the_end() -> None:
    from all import Ran, summary

    lines = summary([Ran("stream", 0, 61.2, 1.5), Ran("rules", 1, 2.0, 0.3)])
    assert [line.split() for line in lines[1:]] == [["stream", "held", "61", "1.5"], ["rules", "BROKEN", "2", "0.3"]]
