"""Reads each form of export by a program that is not ours, and gives back the deals that it holds, for comparing with the register."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from onrecord.export.sipri_csv import PREAMBLE
from onrecord.parties import party_code
from onrecord.register import RegisterRow

Deals = dict[str, dict[str, Any]]


def register_values(row: RegisterRow) -> dict[str, Any]:
    """What the register says of a deal, as the readers below give it."""
    quantity, value, stage = row.quantity or {}, row.value or {}, row.stage or {}
    return {
        "supplier": sorted(row.supplier), "recipient": sorted(row.recipient), "equipment": row.equipment, "number": quantity.get("number"),
        "unit": quantity.get("unit"), "amount": value.get("amount"), "currency": value.get("currency"), "stage": stage.get("stage"),
        "modality": stage.get("modality"), "when": stage.get("when"), "according_to": stage.get("according_to"), "reports": row.reports,
        "origins": row.origins, "first_said": row.first_said, "last_said": row.last_said, "disputed": sorted(row.disputed),
        "inferred": sorted(row.inferred),
    }  # fmt: skip


def by_csv(path: Path) -> Deals:
    """sipri-csv by the standard library; sides by name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return {line["Deal"]: _sipri_line(line) for line in (dict(zip(rows[PREAMBLE], row, strict=True)) for row in rows[PREAMBLE + 1 :])}


def _sipri_line(line: dict[str, Any]) -> dict[str, Any]:
    sides = {
        role: sorted(map(party_code, names.split(" and "))) for role in ("supplier", "recipient") if (names := line[role.capitalize()])
    }
    return {
        **sides, "equipment": line["Weapon designation"], "stage": line["Stage"] or None, "modality": line["Modality"] or None,
        "reports": int(line["Reports"]), "origins": int(line["Origins"]), "disputed": line["Disputed"].split(),
        "inferred": line["Inferred"].split(),
    }  # fmt: skip


def sheet_by_openpyxl(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by openpyxl, under their headings."""
    import openpyxl

    with path.open("rb") as file:
        rows = list(openpyxl.load_workbook(file)[name].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def sheet_by_calamine(path: Path, name: str) -> list[dict[str, Any]]:
    """The same by calamine, which is written in another language."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [{head: None if cell == "" else cell for head, cell in zip(map(str, rows[0]), row, strict=True)} for row in rows[1:]]


def by_openpyxl(path: Path) -> Deals:
    """xlsx by openpyxl."""
    return {str(line["deal"]): _plain(line) for line in sheet_by_openpyxl(path, "register")}


def by_calamine(path: Path) -> Deals:
    """xlsx by calamine."""
    return {str(line["deal"]): _plain(line) for line in sheet_by_calamine(path, "register")}


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    lists = {name: (line.get(name) or "").split() for name in ("supplier", "recipient", "disputed", "inferred")}
    same = {name: line.get(name) for name in SAME}
    return {**same, **lists, "number": line.get("quantity"), "amount": line.get("value"), "equipment": line.get("equipment") or ""}


SAME = ("unit", "currency", "stage", "modality", "when", "according_to", "reports", "origins", "first_said", "last_said")


def table_by_duckdb(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a Parquet table by DuckDB."""
    import duckdb

    with duckdb.connect() as db:
        found = db.execute("SELECT * FROM read_parquet(?)", [str(path / f"{name}.parquet")])
        head = [column[0] for column in found.description or ()]
        return [dict(zip(head, row, strict=True)) for row in found.fetchall()]


def table_by_polars(path: Path, name: str) -> list[dict[str, Any]]:
    """The same by polars."""
    import polars

    return list(polars.read_parquet(path / f"{name}.parquet").iter_rows(named=True))


def by_duckdb(path: Path) -> Deals:
    """parquet by DuckDB."""
    return {line["deal"]: _typed(line) for line in table_by_duckdb(path, "deals")}


def by_polars(path: Path) -> Deals:
    """parquet by polars."""
    return {line["deal"]: _typed(line) for line in table_by_polars(path, "deals")}


def _typed(line: dict[str, Any]) -> dict[str, Any]:
    lists = {name: sorted(line[name]) for name in ("supplier", "recipient", "disputed", "inferred")}
    return {
        **{name: line[name] for name in SAME},
        **lists,
        "number": line["quantity"],
        "amount": line["value"],
        "equipment": line["equipment"],
    }


def by_networkx(path: Path) -> Deals:
    """graphml by networkx: the sides are the ends of a deal's edges."""
    import networkx

    deals: Deals = {}
    for supplier, recipient, line in networkx.read_graphml(path, force_multigraph=True).edges(data=True):
        deal = deals.setdefault(line["deal"], {"supplier": set(), "recipient": set()})
        for role, code in (("supplier", supplier), ("recipient", recipient)):
            deal[role] |= {code} - {"unknown"}
        deal |= {name: line.get(name) for name in SAME} | {"number": line.get("quantity"), "amount": line.get("value")}
        deal |= {name: (line.get(name) or "").split() for name in ("disputed", "inferred")} | {"equipment": line.get("equipment", "")}
    return {id: {**deal, "supplier": sorted(deal["supplier"]), "recipient": sorted(deal["recipient"])} for id, deal in deals.items()}


def by_rdflib(path: Path) -> Deals:
    """jsonld by rdflib, as triples."""
    import rdflib

    with warnings.catch_warnings():
        # Of rdflib's own making.
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Graph().parse(path, format="json-ld")
    terms, kind = rdflib.Namespace("urn:onrecord:vocab#"), rdflib.RDF.type
    return {str(deal).rsplit(":", 1)[-1]: _triples(graph, terms, deal) for deal in graph.subjects(kind, terms.Deal)}


def _triples(graph: Any, terms: Any, deal: Any) -> dict[str, Any]:
    def one(node: Any, name: str) -> Any:
        found = graph.value(node, terms[name]) if node is not None else None
        return None if found is None else found.toPython()

    def many(name: str) -> list[str]:
        return sorted(str(value).removeprefix("urn:onrecord:party:") for value in graph.objects(deal, terms[name]))

    quantity, value, latest = (graph.value(deal, terms[name]) for name in ("quantity", "value", "latest"))
    parts = ((quantity, "number"), (quantity, "unit"), (value, "amount"), (value, "currency"))
    stage = ((latest, name) for name in ("stage", "modality", "when", "according_to"))
    days = {name: str(one(deal, name)) for name in ("first_said", "last_said")}
    own = {name: one(deal, name) for name in ("equipment", "reports", "origins")}
    lists = {name: many(name) for name in ("supplier", "recipient", "disputed", "inferred")}
    return {**{name: one(node, name) for node, name in (*parts, *stage)}, **own, **lists, **days}


def by_json(path: Path) -> Deals:
    """ftm as lines of JSON: what test_export_ftm.py compares after the foreign package has read the same lines."""
    entities = {entity["id"]: entity for entity in json_lines(path)}
    deals: Deals = {}
    for entity in entities.values():
        if "deal" in entity.get("record", {}):
            own, held = entity["properties"], entity["record"]
            stage = held["stage"] or {}
            deals[held["deal"]] = {
                "recipient": sorted(_codes(own.get("authority", []))), "supplier": [], "equipment": "".join(own.get("keywords", [])),
                "amount": float(own["amount"][0]) if own.get("amount") else None, "currency": "".join(own.get("currency", [])) or None,
                **{name: stage.get(name) for name in ("stage", "modality", "when", "according_to")},
                **{name: held[name] for name in ("reports", "origins", "disputed")},
            }  # fmt: skip
    for entity in entities.values():
        own = entity["properties"]
        role = "supplier" if entity["schema"] == "ContractAward" else "".join(own.get("role", []))
        if role in ("supplier", "recipient"):
            deal = deals[entities[(own.get("contract") or own["project"])[0]]["record"]["deal"]]
            deal[role] = sorted({*deal[role], *_codes(own.get("supplier") or own["participant"])})
    return deals


def _codes(ids: list[str]) -> Iterator[str]:
    return (id.removeprefix("onrecord-party-").replace("org-", "org:") for id in ids)


def json_lines(path: Path) -> list[dict[str, Any]]:
    """A file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Each form with its readers; plover holds events and no deals.
READERS: dict[str, tuple[Callable[[Path], Deals], ...]] = {
    "sipri-csv": (by_csv,),
    "xlsx": (by_openpyxl, by_calamine),
    "ftm": (by_json,),
    "jsonld": (by_rdflib,),
    "parquet": (by_duckdb, by_polars),
    "graphml": (by_networkx,),
    "plover": (),
}
