"""Reads a folder of annotated reports, and what the extractor says of their texts: only the texts reach the extractor.

`links.json` beside the reports, where there is one, holds the links between them. The form is described in docs/gold.md.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.api import extract_sources
from onrecord.errors import BadInput
from onrecord.measure.score import Report, Tally, score

LINKS = "links.json"
# What the extractor is shown of a gold report.
SHOWN = ("id", "title", "outlet", "published", "lang", "text")
NEEDED = {
    "report": ("id", "text", "transfers", "statements", "events"),
    "transfers": ("key", "supplier", "recipient", "equipment", "stages"),
    "stages": ("stage", "modality", "when"),
    "statements": ("speaker", "as_written", "content", "about"),
    "events": ("actor", "recipient", "plover", "modality", "instrument", "evidence"),
}


@dataclass(frozen=True, slots=True)
class Gold:
    """A folder of annotated reports by id, the links between them if any, and one hash of texts and annotations."""

    name: str
    reports: Mapping[str, Report]
    links: Report | None
    sha256: str


def read_gold(folder: Path) -> Gold:
    """The gold in a folder; a file that lacks what the scorer needs is a `BadInput` that names it."""
    paths = sorted(folder.glob("*.json"))
    reports = {path.stem: _checked(path) for path in paths if path.name != LINKS}
    if not reports:
        raise BadInput(f"{folder}: no annotated report (*.json) lies here; name a folder such as gold/dev")
    links = _read(folder / LINKS) if (folder / LINKS).exists() else None
    content = json.dumps([reports, links], ensure_ascii=False, sort_keys=True).encode()
    return Gold(folder.resolve().name, reports, links, hashlib.sha256(content).hexdigest())


def measure_gold(gold: Gold) -> Tally:
    """Scores what `onrecord extract` writes for the texts of the gold reports."""
    with tempfile.TemporaryDirectory() as folder:
        bare, out = Path(folder) / "bare", Path(folder) / "out"
        bare.mkdir()
        for name, report in gold.reports.items():
            # With an address of its own a report has the same id, and so the same place among its day's, in every run.
            shown = {field: report.get(field) for field in SHOWN} | {"url": f"https://gold.invalid/{gold.name}/{name}"}
            (bare / f"{name}.json").write_text(json.dumps(shown), encoding="utf-8")
        for _ in extract_sources([bare], out=out):
            pass
        said = {path.stem: _read(path) for path in sorted(out.glob("*.json"))}
    return score(gold.reports, said, gold.links, said.pop(Path(LINKS).stem))


def _checked(path: Path) -> Mapping[str, Any]:
    report = _read(path)
    _check(report, "report", path)
    for part in ("transfers", "statements", "events"):
        for thing in report[part]:
            _check(thing, part, path)
    for transfer in report["transfers"]:
        for stage in transfer["stages"]:
            _check(stage, "stages", path)
    return report


def _check(thing: Mapping[str, Any], part: str, path: Path) -> None:
    missing = [name for name in NEEDED[part] if name not in thing]
    if missing:
        raise BadInput(f"{path}: {part} without {', '.join(missing)}; docs/gold.md tells what an annotated report holds")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path}: {error}; docs/gold.md tells what an annotated report holds") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path}: holds no JSON object; docs/gold.md tells what an annotated report holds")
    return content
