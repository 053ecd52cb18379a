"""This file writes what is told as a folder of Parquet files, one for each table of `tables`, with typed columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from onrecord.errors import AssetMissing
from onrecord.export.tables import SHEETS, Sheet
from onrecord.export.told import Told

TYPES = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN", "list": "VARCHAR[]"}
# The tables' files; a folder that holds no others is an export and may be replaced by one.
FILES = frozenset(f"{sheet.name}.parquet" for sheet in SHEETS)
# Rows of a group: what a reader that skips reads at once.
GROUP = 100_000
# Memory and room that the writer may take, and one thread, so that the same rows give the same bytes.
SETTINGS: dict[str, str | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def parquet(told: Told, out: Path) -> None:
    """The folder with deals, cells, evidence, stages, statements, events, conflicts and reports."""
    try:
        import duckdb
    except ImportError as error:
        raise AssetMissing("Parquet files need the package duckdb: pip install 'onrecord[exports]'") from error
    out.mkdir()
    with duckdb.connect(":memory:", config={**SETTINGS, "temp_directory": str(out.parent / "spilt")}) as db:
        for sheet in SHEETS:
            rows = out.parent / f"{sheet.name}.jsonl"
            _write_lines(sheet, told, rows)
            columns = ", ".join(f"{_name(column.name)}: '{TYPES[column.kind]}'" for column in sheet.columns)
            chosen = ", ".join(_name(column.name) for column in sheet.columns)
            read = f"read_json({_text(rows)}, format='newline_delimited', columns={{{columns}}}, maximum_object_size=67108864)"
            where = _text(out / f"{sheet.name}.parquet")
            db.execute(f"COPY (SELECT {chosen} FROM {read}) TO {where} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})")
            rows.unlink()


def _write_lines(sheet: Sheet, told: Told, path: Path) -> None:
    """The rows as JSON lines, from which the columns are made without holding all in memory."""
    with path.open("w", encoding="utf-8") as file:
        for values in sheet.rows(told):
            file.write(json.dumps({column.name: values.get(column.name) for column in sheet.columns}, ensure_ascii=False) + "\n")


def _name(column: str) -> str:
    return f'"{column}"'


def _text(value: Any) -> str:
    """A value as a text of SQL."""
    return "'" + str(value).replace("'", "''") + "'"
