"""The floors of the house: lower files may not import higher ones, and steps are blind to each other (the contract: pyproject.toml)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "onrecord").rglob("*.py"))
# Heavy packages, and the few places that may import each.
DOORS = {
    "spacy": ("parse/pipeline",),
    "trafilatura": ("clean/", "measure/articles.py"),
    "htmldate": ("clean/",),
    "sqlalchemy": ("store/", "register.py", "passes.py"),
}
LEAST_WORDS = ("utils", "helpers", "common", "base", "manager", "misc")


def test_import_floors_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"], cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode()


def test_importing_onrecord_stays_light() -> None:
    heavy = "spacy", "trafilatura", "sqlalchemy", "htmldate"
    done = subprocess.run(
        [sys.executable, "-c", f"import onrecord, sys; print([name for name in {heavy} if name in sys.modules])"],
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src" / "onrecord").as_posix())
def test_file_keeps_the_house_style(path: Path) -> None:
    text, place = path.read_text(encoding="utf-8"), path.relative_to(ROOT / "src" / "onrecord").as_posix()
    assert text.startswith('"""'), "a file starts with the sentence that says what it is"
    assert path.stem not in LEAST_WORDS, "a file is named for what it holds"
    assert len(text.splitlines()) <= 330, "a file is one idea; split it"
    assert not re.search(r"\b(TODO|FIXME)\b", text), "a plan is an issue, not a comment"
    for package, door in DOORS.items():
        if re.search(rf"^\s*(import|from) {package}\b", text, re.MULTILINE):
            assert place.startswith(door), f"{package} is imported in {' and '.join(door)} alone"
