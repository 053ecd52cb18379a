"""This file writes the register as one flat CSV table, each cell beside the words that it stands on; nothing in it can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

HEAD = (
    "deal supplier recipient equipment quantity unit value currency stage modality when according_to"
    " reports origins outlets first_said last_said disputed inferred"
).split()
EVIDENCE_OF = ("supplier", "recipient", "equipment", "quantity", "value", "stage")
EVIDENCE = ("quote", "document", "document_key", "start", "end", "outlet", "published")
# What a spreadsheet takes for the beginning of a formula, the wide forms of East Asian keyboards too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def register_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows (register rows as mappings) as CSV with a heading; several states in one cell are divided by a blank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*HEAD, *(f"{field}_{part}" for field in EVIDENCE_OF for part in EVIDENCE)])
    for row in rows:
        evidence = [(row["evidence"].get(field) or {}).get(part, "") for field in EVIDENCE_OF for part in EVIDENCE]
        writer.writerow([harmless(cell) for cell in [*_cells(row), *evidence]])
    return out.getvalue()


def _cells(row: Mapping[str, Any]) -> list[Any]:
    quantity, value, stage = row["quantity"] or {}, row["value"] or {}, row["stage"] or {}
    flat = {
        **row,
        **{name: " ".join(row[name]) for name in ("supplier", "recipient", "disputed", "inferred")},
        **{name: stage.get(name) for name in ("stage", "modality", "when", "according_to")},
        "quantity": quantity.get("number"),
        "unit": quantity.get("unit"),
        "value": value.get("amount"),
        "currency": value.get("currency"),
    }
    return [flat[name] for name in HEAD]


def harmless(cell: Any) -> Any:
    """The cell, with an apostrophe before any text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
