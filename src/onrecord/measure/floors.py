"""Holds scores to their floors: a score may not fall below the one pinned in floors.toml, and gold may not change unnoticed.

A floor is lowered, and changed gold is accepted, only with a reason, which stays in the file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from onrecord.errors import BadInput, BadVocab
from onrecord.measure.gold import Gold
from onrecord.measure.score import Row

FLOORS = Path(str(files("onrecord").joinpath("measure", "floors.toml")))
# Another processor adds in another order and can tip a parse; on 24 reports one stage more or less is 0.006.
SLACK = 0.01
HEAD = """\
# Scores (F1) that may not fall, for each set of gold, and the limits of `make bench`. Written by `onrecord measure GOLD_DIR --pin`,
# which raises floors by itself and lowers one, or takes in changed gold, only with --lower "why". A floor stands 0.01 below the score that
# was reached when it was pinned, since another processor's arithmetic can tip a parse. Targets are what the set is meant to reach.
"""


@dataclass(frozen=True, slots=True)
class SetFloors:
    """The floors of one set of gold: its hash, floor and target by row, why floors were lowered, and the scores when they were pinned.

    `rules` are the scores of the rules alone at that time, where a model was read with.
    """

    sha256: str = ""
    floors: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    lowered: tuple[str, ...] = ()
    reached: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, float] = field(default_factory=dict)


def read_floors(path: Path = FLOORS) -> dict[str, SetFloors]:
    """The floors of each set by its name; the table `bench` is not a set."""
    tables = _read(path)
    return {
        name: SetFloors(
            table.get("sha256", ""),
            table.get("floors", {}),
            table.get("targets", {}),
            tuple(table.get("lowered", ())),
            table.get("reached", {}),
            table.get("rules", {}),
        )
        for name, table in tables.items()
        if name != "bench"
    }


def read_limits(path: Path = FLOORS) -> dict[str, float]:
    """The limits that `make bench` holds speed and memory to."""
    limits: dict[str, float] = _read(path).get("bench", {})
    return limits


def broken_floors(gold: Gold, rows: Mapping[str, Row], floors: Mapping[str, SetFloors]) -> list[str]:
    """One sentence for each floor that the scores break, and for gold that is not the gold that was pinned; empty when all hold."""
    known = floors.get(gold.name)
    if known is None or not known.sha256:
        return [f"{gold.name}: no floors are pinned for this gold; pin them: onrecord measure GOLD_DIR --pin"]
    broken = []
    if known.sha256 != gold.sha256:
        broken.append(f'{gold.name}: the gold has changed since its floors were pinned; pin it again: --pin --lower "why it changed"')
    for name, floor in known.floors.items():
        reached = rows[name].f1 if name in rows else 0.0
        if reached < floor:
            broken.append(f"{gold.name}: {name} fell to {reached:.3f}, its floor is {floor:.3f}")
    return broken


def pin_floors(
    gold: Gold, rows: Mapping[str, Row], floors: Mapping[str, SetFloors], *, why: str = "", rules: Mapping[str, float] | None = None
) -> dict[str, SetFloors]:
    """The floors with this gold's raised to what was reached; lowering one, or taking in changed gold, needs `why`.

    `rules` are the scores of the rules alone, kept beside.
    """
    known = floors.get(gold.name, SetFloors())
    wanted = {name: max(0.0, round(row.f1 - SLACK, 3)) for name, row in rows.items()}
    fallen = [
        f"{name} {known.floors[name]:.3f} to {wanted.get(name, 0.0):.3f}"
        for name in known.floors
        if rows.get(name, Row(0, 0, 0, 0, 0)).f1 < known.floors[name]
    ]
    if known.sha256 and known.sha256 != gold.sha256:
        fallen.insert(0, "the gold changed")
    if fallen and not why:
        raise BadInput(f'{gold.name}: {"; ".join(fallen)}: a floor is lowered only with a reason: --pin --lower "why"')
    kept = {name: value if fallen else max(value, known.floors.get(name, 0.0)) for name, value in wanted.items()}
    reached = {name: row.f1 for name, row in rows.items()}
    lowered = (*known.lowered, f"{'; '.join(fallen)}: {why}") if fallen else known.lowered
    return {**floors, gold.name: replace(known, sha256=gold.sha256, floors=kept, lowered=lowered, reached=reached, rules=rules or {})}


def write_floors(floors: Mapping[str, SetFloors], path: Path = FLOORS) -> None:
    """Writes the floors back, the limits of the bench unchanged."""
    parts = [HEAD]
    for name, known in floors.items():
        parts.append(f'\n[{name}]\nsha256 = "{known.sha256}"\n')
        if known.lowered:
            parts.append("lowered = [\n" + "".join(f"    {json.dumps(why, ensure_ascii=False)},\n" for why in known.lowered) + "]\n")
        parts.append(_toml_table(f"{name}.targets", known.targets))
        parts.append(_toml_table(f"{name}.floors", known.floors))
        parts.append(_toml_table(f"{name}.reached", known.reached))
        parts.append(_toml_table(f"{name}.rules", known.rules))
    parts.append(_toml_table("bench", read_limits(path)))
    path.write_text("".join(parts), encoding="utf-8")


def _toml_table(name: str, values: Mapping[str, float]) -> str:
    return f"\n[{name}]\n" + "".join(f"{json.dumps(key)} = {value:g}\n" for key, value in values.items()) if values else ""


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadVocab(f"{path}: {error}; mend it, or take it from the repository again") from error
