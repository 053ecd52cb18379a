"""This file writes a reconciled table as JSON and as CSV, one row a cell; no cell of the CSV can run as a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from onrecord.export.register_csv import harmless
from onrecord.reconcile.comparing import Both, OnlyThere, Reconciled
from onrecord.reconcile.lines import Line, side_name
from onrecord.reconcile.matching import Deal

HEAD = (
    "where deal line recipient supplier equipment cell verdict here there unsure_here unsure_there reports origins quote report outlet"
    " published start end note"
).split()


def as_json(found: Reconciled) -> dict[str, Any]:
    """All that was found, with our evidence."""
    return {
        "counts": found.counts(),
        "both": [_both(both) for both in found.both],
        "only_here": [_deal(deal) for deal in found.only_here],
        "only_there": [_line(there) for there in found.only_there],
        "not_read": [{"line": number, "why": why} for number, why in found.not_read],
        "names_not_known": dict(found.strange),
    }


def as_csv(found: Reconciled) -> str:
    """One row a cell of what is in both, one row a deal or line of the rest."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD, restval="", lineterminator="\n")
    writer.writeheader()
    for both in found.both:
        deal, line = both.pair.deal, both.pair.line
        for cell in both.cells:
            place = cell.evidence
            words = {} if place is None else {
                "quote": place.quote, "report": place.document_key, "outlet": place.outlet, "published": place.published or "",
                "start": place.start, "end": place.end,
            }  # fmt: skip
            told = {name: getattr(cell, name) for name in ("cell", "verdict", "here", "there", "reports", "origins")}
            doubt = {name: "?" if getattr(cell, name) else "" for name in ("unsure_here", "unsure_there")}
            _write(writer, {"where": "both", **_sides(deal, line), **told, **doubt, **words, "note": "; ".join(both.pair.why)})
    for deal in found.only_here:
        _write(
            writer,
            {
                "where": "only here",
                **_sides(deal, None),
                "reports": deal.row.reports,
                "origins": deal.row.origins,
                "note": where_it_stands(deal),
            },
        )
    for there in found.only_there:
        _write(writer, {"where": "only there", **_sides(None, there.line), "note": note_of(there)})
    for number, why in found.not_read:
        _write(writer, {"where": "not read", "line": number, "note": why})
    return out.getvalue()


def where_it_stands(deal: Deal) -> str:
    """The latest stage of a deal, as one text."""
    stage = deal.row.stage
    return f"{stage['stage']} ({stage['modality']}){' ' + str(stage['when']) if stage['when'] else ''}" if stage else "no stage told of"


def note_of(there: OnlyThere) -> str:
    """What a person should know of a line that has no deal."""
    notes = [f"no table of ours holds {name!r}" for name in there.line.strange]
    if there.near:
        notes.append(f"may be part of deal {there.near.deal.row.deal}, which another line fits better")
    return "; ".join(notes)


def _write(writer: csv.DictWriter[str], row: dict[str, Any]) -> None:
    writer.writerow({name: harmless(value) for name, value in row.items()})


def _sides(deal: Deal | None, line: Line | None) -> dict[str, Any]:
    """The sides and the equipment: ours where there are, else the line's."""
    if deal is not None:
        sides = {role: " and ".join(side_name(code, "") for code in getattr(deal.row, role)) for role in ("recipient", "supplier")}
        return {"deal": deal.row.deal, "line": line.number if line else "", **sides, "equipment": deal.row.equipment}
    assert line is not None
    return {"line": line.number, "recipient": line.recipient_name, "supplier": line.supplier_name, "equipment": line.equipment}


def _both(both: Both) -> dict[str, Any]:
    pair = both.pair
    return {
        "deal": pair.deal.row.deal, "line": pair.line.number, "score": pair.score, "why": list(pair.why), "differs": both.differs,
        "stage": pair.deal.row.stage, "cells": [asdict(cell) for cell in both.cells],
    }  # fmt: skip


def _deal(deal: Deal) -> dict[str, Any]:
    return asdict(deal.row)


def _line(there: OnlyThere) -> dict[str, Any]:
    near = {"deal": there.near.deal.row.deal, "why": list(there.near.why)} if there.near else None
    return {**asdict(there.line), "near": near}
