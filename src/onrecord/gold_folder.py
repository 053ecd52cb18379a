"""This file writes reports with their findings to a folder in the gold form: one file each, and links.json over all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from onrecord.export.gold import gold_report
from onrecord.export.links import Links
from onrecord.records import Document, Finding, Json


class GoldFolder:
    """A folder that reports are written to; it is made if there is none."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out = out
        self.links = Links()
        self.names: set[str] = set()

    def add(self, document: Document, findings: Iterable[Finding]) -> None:
        """Writes one report."""
        findings = tuple(findings)
        self.links.add(document, findings)
        name = _file_name(document, self.names)
        self.names.add(name.casefold())
        _write_json(self.out / f"{name}.json", gold_report(document, findings))

    def close(self) -> None:
        """Writes what holds across the reports."""
        _write_json(self.out / "links.json", self.links.gold())


def _file_name(document: Document, taken: set[str]) -> str:
    """The input's own stem where it is a file of one report, else its id; never a path, never one that is taken."""
    stem = (
        Path(document.uri).stem if document.uri.endswith((".json", ".txt", ".html", ".htm")) and "://" not in document.uri else document.key
    )
    name = re.sub(r"[^\w.\-]+", "_", stem).strip("._")[:120] or "report"
    name = f"{name}_" if name.casefold() == "links" else name
    numbers = (f"{name}-{number}" for number in count(2))
    return name if name.casefold() not in taken else next(other for other in numbers if other.casefold() not in taken)


def _write_json(path: Path, value: Json) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
