"""The command `onrecord measure`: scores gold folders, prints the tables, and holds the scores to their floors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from onrecord.assets import SWITCH, english_model
from onrecord.measure.floors import FLOORS, SetFloors, broken_floors, pin_floors, read_floors, write_floors
from onrecord.measure.gold import Gold, measure_gold, read_gold
from onrecord.measure.score import Row, Tally
from onrecord.measure.table import gap_lines, score_lines


@click.command()
@click.argument("gold_dirs", metavar="GOLD_DIR...", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--gate", is_flag=True, help="Exit with 1 if a score is below its floor or the gold has changed.")
@click.option("--errors", is_flag=True, help="List what was missed and what was made up.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@click.option("--pin", is_flag=True, help="Pin the scores reached as the new floors; they only rise, unless --lower says why.")
@click.option("--lower", metavar="WHY", default="", help="With --pin: the reason for which floors may fall or gold may change.")
@click.option("--floors", "floors_path", default=FLOORS, type=click.Path(path_type=Path), help="The file of floors, if not onrecord's own.")
def measure(gold_dirs: tuple[Path, ...], gate: bool, errors: bool, as_json: bool, pin: bool, lower: str, floors_path: Path) -> None:
    """Score the extraction against gold, with the floors that it may not fall below.

    GOLD_DIR holds annotated reports, one JSON file each, and perhaps links.json. Their texts alone reach the extractor. With several
    folders the last table shows how much better each is read than the first.
    """
    floors = read_floors(floors_path)
    golds = [read_gold(folder) for folder in gold_dirs]
    tallies = {gold.name: measure_gold(gold) for gold in golds}
    rows = {name: tally.rows() for name, tally in tallies.items()}
    if as_json:
        click.echo(json.dumps({name: {title: asdict(row) for title, row in table.items()} for name, table in rows.items()}, indent=1))
    else:
        _print_tables(rows, floors, tallies if errors else {})
    if pin:
        rules = _rules_alone(gold_dirs) if english_model() else {}
        for gold in golds:
            floors = pin_floors(gold, rows[gold.name], floors, why=lower, rules=rules.get(gold.name))
        write_floors(floors, floors_path)
    if gate:
        _hold(golds, rows, floors)


def _rules_alone(gold_dirs: Sequence[Path]) -> dict[str, dict[str, float]]:
    """F1 by row for each set of gold without the English model, in a process of its own, since a process loads a model but once."""
    command = [sys.executable, "-m", "onrecord.measure.command", *map(str, gold_dirs), "--json"]
    done = subprocess.run(command, env={**os.environ, SWITCH: "none"}, capture_output=True, text=True, check=True)
    return {name: {title: row["f1"] for title, row in table.items()} for name, table in json.loads(done.stdout).items()}


def _print_tables(rows: Mapping[str, Mapping[str, Row]], floors: Mapping[str, SetFloors], tallies: Mapping[str, Tally]) -> None:
    for name, table in rows.items():
        for line in score_lines(name, table, floors.get(name, SetFloors())):
            click.echo(line)
        click.echo()
    if len(rows) > 1:
        for line in gap_lines(rows):
            click.echo(line)
    for tally in tallies.values():
        click.echo("\n".join(tally.errors))


def _hold(golds: list[Gold], rows: Mapping[str, Mapping[str, Row]], floors: Mapping[str, SetFloors]) -> None:
    broken = [sentence for gold in golds for sentence in broken_floors(gold, rows[gold.name], floors)]
    for sentence in broken:
        click.echo(sentence, err=True)
    if broken:
        raise SystemExit(1)


if __name__ == "__main__":
    measure()
