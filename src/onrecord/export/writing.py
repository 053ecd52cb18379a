"""This file writes one form of export to its place, or hands it over as bytes for a page to send."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from onrecord.export import EXPORTS, FOLDERS
from onrecord.export.told import Told, write_whole

# The day that files in an archive bear, so that the same record gives the same bytes.
MADE = (2000, 1, 1, 0, 0, 0)
SUFFIXES = {
    "sipri-csv": "sipri.csv", "xlsx": "xlsx", "ftm": "ftm.jsonl", "plover": "plover.jsonl", "jsonld": "jsonld", "graphml": "graphml",
}  # fmt: skip


def write_export(form: str, told: Told, out: Path) -> None:
    """Writes what is told to a file, or to a folder where the form is one; it is there whole or not at all."""
    write_whole(out, lambda path: EXPORTS[form](told, path), tables=FOLDERS.get(form, frozenset()))


def export_bytes(form: str, told: Told) -> tuple[bytes, str]:
    """What `write_export` would write, and the name for the file; a folder comes as a zip archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register"
        EXPORTS[form](told, path)
        if form not in FOLDERS:
            return path.read_bytes(), f"register.{SUFFIXES[form]}"
        packed = Path(folder) / "packed.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for file in sorted(path.iterdir()):
                archive.writestr(zipfile.ZipInfo(f"register.{form}/{file.name}", MADE), file.read_bytes())
        return packed.read_bytes(), f"register.{form}.zip"
