"""The examples run as they stand and print something worth reading."""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
GOLD = EXAMPLES.parent / "gold" / "dev"
# What a few reports must make each example say; a folder of three keeps the test fast.
SAYS = {
    "as_of.py": "S-400",
    "build_register.py": "3 reports read, 0 skipped",
    "one_text.py": "F-35 {'number': 32",
    "own_reports.py": "('FR',) ('EG',) Rafale",
    "words_behind.py": "reports)\n    “",
}


def test_every_example_is_tested() -> None:
    assert sorted(SAYS) == sorted(path.name for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", sorted(SAYS))
def test_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in sorted(GOLD.glob("dev-*.json"))[4:7]:
        (folder / path.name).write_bytes(path.read_bytes())
    arguments = {"as_of.py": ["TR", str(folder)], "build_register.py": [str(folder)], "words_behind.py": [str(folder)]}
    monkeypatch.setattr(sys, "argv", [name, *arguments.get(name, [])])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert SAYS[name] in capsys.readouterr().out
