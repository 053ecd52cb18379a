"""The wheel holds what the package needs at run time, and works where nothing of the repository lies."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources, so that no stale build folder is packed."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for path in (ROOT / "src" / "onrecord").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = source / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out)]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("onrecord/")}
    package = ROOT / "src" / "onrecord"
    there = {f"onrecord/{p.relative_to(package).as_posix()}" for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert packed == there


def test_wheel_is_small_and_carries_its_licence(wheel: Path) -> None:
    assert wheel.stat().st_size < 2_000_000
    names = [Path(name).name for name in zipfile.ZipFile(wheel).namelist()]
    assert {"LICENSE", "NOTICE"} <= set(names)


def test_installed_wheel_reads_a_report(wheel: Path, tmp_path: Path) -> None:
    """Unpacked in place of the editable install: the package's own files alone must do."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "report.txt").write_text("Russia delivered four S-400 batteries to Turkey in July 2019.\n", encoding="utf-8")
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", "extract", "report.txt", "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": "site", "PATH": ""})
    assert done.returncode == 0, done.stderr
    assert '"S-400"' in (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
