"""This file writes the register in the columns of SIPRI's trade register, with the words behind each column after them.

An order is what has a contract, production, delivery or service that happened; only a delivery that happened fills the columns of
deliveries. All else that reports say (a possible delivery, a planned contract, a halt, a contradiction) stands in the comments.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.deal_cells import Cell, Evidence, disputes
from onrecord.export.register_csv import EVIDENCE, harmless
from onrecord.export.tables import names
from onrecord.export.told import Told, ToldDeal
from onrecord.resolve import kind_of

HEAD = (
    "Recipient", "Supplier", "Year of order", "", "Number ordered", "", "Weapon designation", "Weapon description", "Number delivered", "",
    "Year(s) of delivery", "status", "Comments", "SIPRI TIV per unit", "SIPRI TIV for total order", "SIPRI TIV of delivered weapons",
)  # fmt: skip
OURS = ("Deal", "Stage", "Modality", "Reports", "Origins", "Disputed", "Inferred")
EVIDENCE_OF = ("recipient", "supplier", "order", "number", "designation", "delivery", "stage")
PREAMBLE = 11
ORDERED = ("contract", "production", "delivery", "service")
UNKNOWN, UNSURE = ". .", "?"
# Bytes of lines that wait in memory until the deals are counted; what is more waits on disk.
KEPT_IN_MEMORY = 2**24


def sipri_csv(told: Told, out: Path) -> None:
    """The deals in SIPRI's columns as UTF-8 with a byte order mark, after 11 lines that say what the file is."""
    with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY, "w+", encoding="utf-8", newline="") as body:
        writer = csv.writer(body, lineterminator="\n")
        writer.writerow([*HEAD, *OURS, *(f"{name}_{part}" for name in EVIDENCE_OF for part in EVIDENCE)])
        for deal in told.deals():
            writer.writerow([harmless(cell) for cell in _line(deal)])
        body.seek(0)
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            preamble = csv.writer(file, lineterminator="\n")
            # The count is known only now.
            for line in _preamble(told.written, told.as_of):
                preamble.writerow([line] if line else [])
            shutil.copyfileobj(body, file)


def sipri_cells(deal: ToldDeal) -> list[Any]:
    """One deal in the columns of HEAD."""
    return _line(deal)[: len(HEAD)]


def _preamble(count: int, as_of: str | None) -> list[str]:
    lines = [
        "Register of deals as told by reports, in the columns of a trade register",
        f"As known on {as_of}" if as_of else "As known by all reports on record",
        f"Deals: {count}",
        "'?' after a year or number: uncertain. '. .': not known. Nothing here is an estimate of volume; the TIV columns stay empty.",
        "Year and number of an order are given only where a contract, production, delivery or service is said to have happened.",
        "Deliveries are given only where one is said to have happened. What is planned, possible, conditional or denied is in Comments.",
        "The columns after the TIV give the deal's id, its latest stage and the words behind each cell.",
    ]
    return [*lines, *[""] * (PREAMBLE - len(lines))]


def _line(deal: ToldDeal) -> list[Any]:
    row, number = deal.row, deal.row.quantity or {}
    # A dated stage before an undated one that more reports tell: the year is what the column holds.
    orders, deliveries = (
        sorted(deal.stages(stage, modality="actual"), key=lambda cell: not cell.value["when"]) for stage in ("contract", "delivery")
    )
    ordered = bool(deal.stages(*ORDERED, modality="actual"))
    against = {field for field, _, _ in disputes(deal.cells)}
    year, unsure_year = _years(orders[:1])
    handed, unsure_delivery = _years(deliveries)
    denied = {cell.value["stage"] for cell in deal.of("stage") if cell.value["modality"] == "denied"}
    cells: list[Any] = [
        names(row.recipient) or "unknown",
        names(row.supplier) or "unknown",
        (year or UNKNOWN) if ordered else "",
        UNSURE if ordered and (unsure_year or any(f.startswith("contract") for f in against) or "contract" in denied) else "",
        number.get("number") or UNKNOWN if ordered else "",
        UNSURE if ordered and number and {"quantity"} & (against | set(row.inferred)) else "",
        row.equipment,
        number.get("unit") or "",
        UNKNOWN if deliveries else "",
        UNSURE if deliveries and (unsure_delivery or "delivery" in denied or any(f.startswith("delivery") for f in against)) else "",
        (handed or UNKNOWN) if deliveries else "",
        "",
        _comments(deal, ordered),
        *[""] * 3,
    ]
    stage = row.stage or {}
    cells += [row.deal, stage.get("stage"), stage.get("modality"), row.reports, row.origins, " ".join(row.disputed), " ".join(row.inferred)]
    return cells + _words(deal, orders, deliveries)


def _words(deal: ToldDeal, orders: Sequence[Cell], deliveries: Sequence[Cell]) -> list[Any]:
    """The words behind each column, in the order of EVIDENCE_OF; those of a number that the comments alone hold too."""
    held = deal.row.evidence
    behind: list[Evidence | None] = [
        held.get("recipient"),
        held.get("supplier"),
        orders[0].evidence if orders else None,
        held.get("quantity"),
        held.get("equipment"),
        deliveries[0].evidence if deliveries else None,
        held.get("stage"),
    ]
    return [getattr(evidence, part) if evidence else "" for evidence in behind for part in EVIDENCE]


def _years(stages: Sequence[Cell]) -> tuple[str, bool]:
    """The years of dates in EDTF ("2017-12/2019-07" is 2017-2019), divided by semicolons, and whether one is said with doubt."""
    whens = [str(cell.value["when"]) for cell in stages if cell.value["when"]]
    spans = {"-".join(dict.fromkeys(re.findall(r"(?<![\d-])\d{4}", when))) for when in whens}
    return "; ".join(sorted(spans - {""})), any(re.search(r"[?~%X]|\.\.", when) for when in whens)


def _comments(deal: ToldDeal, ordered: bool) -> str:
    """What the columns cannot hold: every stage that did not happen or halts the deal, the price, other values, contradictions."""
    notes, row = [], deal.row
    if not ordered:
        number = row.quantity or {}
        notes.append("No order is said to have been made" + (f" (number spoken of: {number['number']})" if number.get("number") else ""))
    for cell in deal.of("value"):
        notes.append(f"value {cell.value['amount']:.15g} {cell.value['currency']}{_borne(cell)}")
    for cell in deal.of("stage"):
        if cell.value["modality"] != "actual" or cell.value["stage"] not in ORDERED:
            notes.append(f"{_stage(cell)}{_borne(cell)}")
    for field, left, right in disputes(deal.cells):
        notes.append(f"reports disagree on {field} (a {kind_of(field)}): {_said(left)}{_borne(left)} against {_said(right)}{_borne(right)}")
    return "; ".join(notes)


def _stage(cell: Cell) -> str:
    said = cell.value
    when = f", {said['when']}" if said["when"] else ""
    source = f", according to {said['according_to']}" if said.get("according_to") else ""
    return f"{said['stage']} {said['modality']}{when}{source}"


def _said(cell: Cell) -> str:
    if cell.field == "stage":
        return _stage(cell)
    return " ".join(str(part) for part in cell.value.values()) if isinstance(cell.value, dict) else str(cell.value)


def _borne(cell: Cell) -> str:
    return f" ({cell.reports} report{'s' if cell.reports != 1 else ''})"
