"""Writes the pages and sections that are made from the code: commands, tables, scores. `make docs`; `--check` tells a stale one.

A generated section stands between `<!-- name -->` and `<!-- /name -->` in its page.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from click.testing import CliRunner
from rich.console import Console

from onrecord.api import open_record
from onrecord.cli import main as commands
from onrecord.measure.floors import SetFloors, read_floors
from onrecord.store.tables import RECORD
from onrecord.terminal import WIDTH, register_table

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "bench" / "last.json"
EXAMPLE = "gold/seed.json"


def command_pages() -> Iterator[str]:
    """What each command says of itself under --help."""
    context = click.Context(commands, info_name="onrecord", terminal_width=WIDTH, **commands.context_settings)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield f"## onrecord {name}\n\n```\n{command.get_help(inner)}\n```\n"


def table_pages() -> Iterator[str]:
    """Each table of a record with its columns."""
    for table in RECORD.sorted_tables:
        yield f"## {table.name}\n\n{_sentence(table.comment)}\n\n| column | type | holds |\n|---|---|---|"
        for column in table.columns:
            key = next((f" → `{k.target_fullname}`" for k in column.foreign_keys), "")
            null = "" if column.nullable and not column.primary_key else ", always set"
            yield f"| `{column.name}` | {str(column.type).lower()}{null} | {column.comment or ''}{key} |"
        yield ""


def score_table() -> Iterator[str]:
    """The scores that were reached when the floors were pinned."""
    floors = read_floors()
    dev, train, unseen = floors["dev"], floors.get("train", SetFloors()), floors.get("unseen", SetFloors())
    yield "| F1 | `gold/dev`, 24 reports that only measure | by the rules alone | aim | `gold/train`, 246 that taught | `gold/unseen`, 42 |"
    yield "|---|---|---|---|---|---|"
    for name, value in dev.reached.items():
        aim = dev.targets.get(name)
        alone, aimed = _score(dev.rules.get(name)), "" if aim is None else f"{aim:.2f}"
        yield f"| {name} | {value:.3f} | {alone} | {aimed} | {_score(train.reached.get(name))} | {_score(unseen.reached.get(name))} |"


def bench_table() -> Iterator[str]:
    """The lines that `make bench` printed last."""
    lines = json.loads(BENCH.read_text(encoding="utf-8")) if BENCH.exists() else ["(not yet run)"]
    yield "```\n" + "\n".join(lines) + "\n```"


def example_register() -> Iterator[str]:
    """The register of the report that the README shows."""
    with tempfile.TemporaryDirectory() as folder, open_record(Path(folder) / "example.db") as record:
        # A deal's id hashes the address as given: read from the root, so that the page is the same wherever the project lies.
        with contextlib.chdir(ROOT):
            record.add(EXAMPLE)
        rows = record.register()
    console = Console(width=WIDTH, file=io.StringIO(), highlight=False, emoji=False, markup=False)
    console.print(register_table(rows))
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    yield "```\n" + "\n".join(lines).strip("\n") + "\n```"


def tutorial_report() -> Iterator[str]:
    """The text that the tutorial reads, without the blank lines that the translator left."""
    text = str(json.loads((ROOT / EXAMPLE).read_text(encoding="utf-8"))["text"])
    yield "\n>\n".join(f"> {line}" for line in text.splitlines() if line.strip())


def tutorial_register() -> Iterator[str]:
    """The register after the tutorial's third step."""
    yield from _tutorial("register", "my.db")


def tutorial_deal() -> Iterator[str]:
    """The batch that the report says is under negotiation, as the fourth step shows it."""
    yield from _tutorial("show", "my.db", "DEAL")


def tutorial_measured() -> Iterator[str]:
    """What the seventh step prints."""
    yield from _tutorial("measure", "my-gold/", "--errors")


def _tutorial(*command: str) -> Iterator[str]:
    """What a command of the tutorial prints, typed in a folder where the steps before it were taken."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("my-reports").mkdir()
        Path("my-gold").mkdir()
        text = json.loads((ROOT / EXAMPLE).read_text(encoding="utf-8"))["text"]
        Path("my-reports/ministry.txt").write_text(f"{text}\n", encoding="utf-8")
        shutil.copy(ROOT / EXAMPLE, "my-gold")
        with open_record("my.db") as record:
            record.add("my-reports/")
            rows = record.register(supplier="RU", recipient="TR")
        deal = next((row.deal for row in rows if row.stage and row.stage["stage"] == "negotiation"), rows[0].deal)
        typed = [deal[:8] if word == "DEAL" else word for word in command]
        shown = CliRunner().invoke(commands, typed, catch_exceptions=False).output
    yield "```\n" + "\n".join(line.rstrip() for line in shown.splitlines()).strip("\n") + "\n```"


# Page, section, and what fills it.
SECTIONS: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
    ("docs/cli.md", "commands", command_pages),
    ("docs/database.md", "tables", table_pages),
    ("docs/measuring.md", "scores", score_table),
    ("docs/measuring.md", "bench", bench_table),
    ("docs/decides.md", "scores", score_table),
    ("docs/tutorial.md", "report", tutorial_report),
    ("docs/tutorial.md", "register", tutorial_register),
    ("docs/tutorial.md", "deal", tutorial_deal),
    ("docs/tutorial.md", "measured", tutorial_measured),
    ("README.md", "scores", score_table),
    ("README.md", "example", example_register),
)


def filled(page: str, name: str, lines: Iterator[str]) -> str:
    """The page with one section written anew; a page without that section is an error."""
    section = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    if not section.search(page):
        raise SystemExit(f"the page has no section between <!-- {name} --> and <!-- /{name} -->")
    text = "\n".join(lines).strip() + "\n"
    return section.sub(lambda _: text, page)


def main(*, check: bool) -> int:
    """Writes every section, or tells which are stale; the number of stale pages."""
    stale = []
    for place, name, lines in SECTIONS:
        path = ROOT / place
        before = path.read_text(encoding="utf-8")
        after = filled(before, name, lines())
        if after != before:
            stale.append(f"{place}: {name}")
            if not check:
                path.write_text(after, encoding="utf-8")
    for line in stale:
        print(f"{line} {'is stale: make docs' if check else 'written'}")
    return len(stale) if check else 0


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
