"""This file says which columns of a user's table hold what: SIPRI's own by default, any other table's by a small TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.errors import BadInput
from onrecord.parties import party_code

# What a line can tell. `ordered` and `delivered` are numbers of pieces, `order_year` a year, `delivery_years` years.
FIELDS = ("recipient", "supplier", "order_year", "ordered", "equipment", "description", "delivered", "delivery_years", "status", "comments")
NEEDED = ("recipient", "supplier", "equipment")
# SIPRI's headings, of this and of earlier editions, in lower case; the trade register and the lists of importers call some otherwise.
SIPRI: Mapping[str, tuple[str, ...]] = {
    "recipient": ("recipient", "buyer", "recipient/supplier (s)"),
    "supplier": ("supplier", "seller"),
    "order_year": ("year of order", "year of order/licence", "year(s) of order", "order date"),
    "ordered": ("number ordered", "no. ordered", "ordered"),
    "equipment": ("weapon designation", "designation"),
    "description": ("weapon description", "description", "armament category"),
    "delivered": ("number delivered", "number delivered/produced", "no. delivered"),
    "delivery_years": ("year(s) of delivery", "year(s) of deliveries", "delivery year", "years of deliveries"),
    "status": ("status",),
    "comments": ("comments", "comment"),
}
MOST_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where a table holds what: field -> headings in lower case; its own names of states (-> code) and of equipment (-> designation).

    `encoding`, `delimiter` and `header` (the line of the headings, from 1) are found out where they are None.
    """

    columns: Mapping[str, Sequence[str]] = field(default_factory=lambda: SIPRI)
    states: Mapping[str, str] = field(default_factory=dict)
    equipment: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None


def read_mapping(path: Path) -> Mapped:
    """The mapping in a TOML file; whatever in it means nothing is a `BadInput` that says what may stand there."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: is no mapping of columns: it has more than {MOST_BYTES} bytes")
        held = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: is no TOML ({error}); docs/reconcile.md shows one") from error
    if strange := sorted(set(held) - {"columns", "states", "equipment", "encoding", "delimiter", "header"}):
        raise BadInput(f"{path}: {strange[0]!r} means nothing here; there are: columns, states, equipment, encoding, delimiter, header")
    columns = _columns(path, held.get("columns"))
    states = {name.casefold(): party_code(str(code)) for name, code in _table(path, held, "states").items()}
    equipment = {name.casefold(): str(designation) for name, designation in _table(path, held, "equipment").items()}
    delimiter, header = held.get("delimiter"), held.get("header")
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
        raise BadInput(f"{path}: the delimiter is one character, such as ';'")
    if header is not None and (not isinstance(header, int) or isinstance(header, bool) or header < 1):
        raise BadInput(f"{path}: header is the number of the line with the headings, from 1")
    return Mapped(columns, states, equipment, _encoding(path, held.get("encoding")), delimiter, header)


def _columns(path: Path, held: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(held, dict):
        raise BadInput(f'{path}: [columns] says which heading holds what, e.g. recipient = "Buyer"; docs/reconcile.md shows one')
    if strange := sorted(set(held) - set(FIELDS)):
        raise BadInput(f"{path}: [columns] has {strange[0]!r}; there are: {', '.join(FIELDS)}")
    if missing := [name for name in NEEDED if name not in held]:
        raise BadInput(f"{path}: [columns] lacks {missing[0]}; recipient, supplier and equipment are needed to line anything up")
    columns = {}
    for name, heading in held.items():
        headings = heading if isinstance(heading, list) else [heading]
        if not headings or not all(isinstance(one, str) and one.strip() for one in headings):
            raise BadInput(f"{path}: {name} is a heading, or a list of headings of which the first that is there counts")
        columns[name] = tuple(" ".join(one.split()).casefold() for one in headings)
    return columns


def _table(path: Path, held: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = held.get(name, {})
    if not isinstance(table, dict):
        raise BadInput(f"{path}: [{name}] maps your names to ours")
    return table


def _encoding(path: Path, name: Any) -> str | None:
    try:
        return None if name is None else str(name) if "".encode(str(name)) is not None else None
    except LookupError:
        raise BadInput(f"{path}: {name!r} is no encoding; try utf-8 or latin-1") from None
