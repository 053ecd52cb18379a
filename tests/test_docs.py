"""The documents say what the code does: generated sections are fresh, commands and stages are named, snippets run, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import click
import pytest

from onrecord.cli import main as commands
from onrecord.read.kinds import NAMES
from onrecord.vocab import meanings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TEXT = {".py", ".md", ".toml", ".csv", ".sql", ".json", ".lock", ".yml", ""}
# Places on the machine that a file was written on; none belongs in a file that is handed out.
PLACES = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp|opt)/")
SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("place", "name"), [(place, name) for place, name, _ in load(ROOT / "docs" / "generate.py").SECTIONS])
def test_generated_section_is_fresh(place: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    generate = load(ROOT / "docs" / "generate.py")
    lines = next(lines for where, what, lines in generate.SECTIONS if (where, what) == (place, name))
    page = read(ROOT / place)
    assert generate.filled(page, name, lines()) == page, "run: make docs"


def test_a_page_without_its_section_is_an_error() -> None:
    with pytest.raises(SystemExit, match="no section"):
        load(ROOT / "docs" / "generate.py").filled("A page.", "scores", iter(()))


@pytest.mark.parametrize("name", commands.list_commands(click.Context(commands)))
def test_command_is_documented_and_has_help(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None and command.help
    assert f"## onrecord {name}\n" in read(ROOT / "docs" / "cli.md")
    undocumented = [p.name for p in command.params if isinstance(p, click.Option) and not p.help and not isinstance(p.type, click.Choice)]
    assert undocumented == []


@pytest.mark.parametrize("suffix", sorted(NAMES))
def test_reader_is_named(suffix: str) -> None:
    assert f"`{suffix}`" in read(ROOT / "docs" / "reading.md")


def test_every_stage_modality_and_root_is_explained() -> None:
    page, stages = read(ROOT / "docs" / "gold.md"), meanings("stages")
    names = [*stages["stage"], *stages["modality"], *meanings("plover")["roots"]]
    assert len(names) > 30
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_table_names_its_origin_and_stands_in_the_sources() -> None:
    page = read(ROOT / "docs" / "sources.md")
    for path in sorted((ROOT / "src" / "onrecord" / "vocab" / "tables").glob("*.csv")):
        head = "\n".join(line for line in read(path).splitlines() if line.startswith("#"))
        assert "Origin:" in head and "Licence:" in head and "Date:" in head, path.name
        if re.search(r"\b(?:MIT|BSD|CC0|PDDL)\b", head):
            assert f"`{path.name}`" in page, path.name


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(read(page)) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if SNIPPET.search(read(page))], ids=names)
def test_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gold").symlink_to(ROOT / "gold")
    monkeypatch.chdir(tmp_path)
    for snippet in SNIPPET.findall(read(page)):
        exec(compile(snippet, names(page), "exec"), {})


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "tutorial.md"], ids=names)
def test_commands_that_are_shown_exist(page: Path) -> None:
    fenced = "\n".join(re.findall(r"```\n(.*?)```", read(page), re.DOTALL))
    shown = set(re.findall(r"^onrecord (\w+)", fenced, re.MULTILINE))
    assert shown and shown <= set(commands.list_commands(click.Context(commands)))
    targets = set(re.findall(r"^(\w+):", read(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", fenced, re.MULTILINE)) <= targets


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name and Path(name).suffix in TEXT]
    leaks = [
        names(path) for path in paths if path.exists() and path != Path(__file__) and PLACES.search(path.read_text("utf-8", "replace"))
    ]
    assert leaks == []
