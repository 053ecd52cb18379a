"""This file holds what an export is made from, each deal's row with every value that reports give, and writes the file whole."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import BadInput
from onrecord.register import Cell, RegisterRow


@dataclass(frozen=True, slots=True)
class ToldDeal:
    """One deal's register row, and every value that reports give for it, the best borne out first within each field."""

    row: RegisterRow
    cells: tuple[Cell, ...]

    def of(self, field: str) -> list[Cell]:
        """The values of one field."""
        return [cell for cell in self.cells if cell.field == field]

    def stages(self, *names: str, modality: str) -> list[Cell]:
        """The stages of these names and of this one modality, so that nothing possible is ever read as done."""
        return [cell for cell in self.of("stage") if cell.value["stage"] in names and cell.value["modality"] == modality]


def write_whole(out: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all; a folder in its place, or a place that is not there, is a `BadInput`."""
    if out.is_dir():
        raise BadInput(f"{out} is a folder; give the name of a file to write")
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent} is no folder; make it first, or write elsewhere")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name[:100]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            os.replace(name, out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}; is the disk full, or the folder not yours?") from error
