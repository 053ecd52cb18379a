"""This file turns what a reviewer gives for a cell into the value that is kept; what the vocabulary has no place for is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from onrecord.errors import BadInput
from onrecord.parties import party_code
from onrecord.records import Json
from onrecord.vocab import meanings

SCALES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "tn": 1e12, "trillion": 1e12}
NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?(?:[eE]\d+)?)"
COUNT = re.compile(rf"{NUMBER}\s+(?P<unit>\S.*)")
SUM = re.compile(rf"(?P<before>[A-Z]{{3}})?\s*{NUMBER}\s*(?P<scale>[a-zA-Z]*?)\s*(?P<after>[A-Z]{{3}})?")
# One day, month or year in EDTF, with its mark of doubt, or two of them as a span that may be open.
DATE = r"\d{4}(?:-(?:\d{2}|XX))?(?:-(?:\d{2}|XX))?[?~%]?"
WHEN = re.compile(rf"(?:{DATE})(?:/(?:{DATE}|\.\.)?)?|\.\./{DATE}")
DELIVERY_KINDS = ("direct", "indirect", "mixed")


def parse_value(kind: str, field: str, said: Json) -> Json:
    """The value of a field of a kind of finding (vocab/kinds.toml) from a text or from JSON; anything else is a `BadInput`.

    "Turkey" or "TR" is a state, "4 batteries" a quantity, "2.5bn USD" a sum, "2019-07" a date.
    """
    fields = meanings("kinds")[kind]["fields"]
    if field not in fields:
        raise BadInput(f"a {kind} has no field {field!r}; it has: {', '.join(fields)}")
    form = fields[field]["type"]
    if isinstance(said, str):
        said = said.strip()
    if said in ("", None):
        raise BadInput(f"no value for {field}; to take a cell away, reject it")
    if form == "state":
        return party_code(str(said))
    if form == "name":
        return _name(field, str(said))
    if form == "when":
        if not isinstance(said, str) or not WHEN.fullmatch(said):
            raise BadInput(f"{said!r} is no date; write it in EDTF: 2019-07-12, 2019-07, 2019, 2019?, 2019-05/2019-08")
        return said
    if form == "quantity":
        return _quantity(said)
    if form == "money":
        return _money(said)
    return str(said)


def _name(field: str, said: str) -> str:
    known: Mapping[str, Any] = {
        "stage": meanings("stages")["stage"],
        "modality": meanings("stages")["modality"],
        "plover": meanings("plover")["roots"],
        "kind": dict.fromkeys(DELIVERY_KINDS),
    }[field]
    if said not in known:
        raise BadInput(f"{said!r} is no {field}; there are: {', '.join(known)}")
    return said


def _quantity(said: Json) -> Json:
    said = _object(said)
    if isinstance(said, dict):
        number, unit = said.get("number"), said.get("unit")
        if isinstance(number, int | float) and number > 0 and isinstance(unit, str) and unit.strip():
            return said
    elif found := COUNT.fullmatch(str(said)):
        return {"number": _plain(found["number"]), "unit": _singular(found["unit"].strip())}
    raise BadInput(f"{said!r} is no quantity; write a number and what is counted: 4 batteries")


def _money(said: Json) -> Json:
    said = _object(said)
    if isinstance(said, dict):
        amount, currency = said.get("amount"), said.get("currency")
        if isinstance(amount, int | float) and amount > 0 and isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency):
            return said
    elif found := SUM.fullmatch(str(said)):
        currency, scale = found["before"] or found["after"], found["scale"].lower()
        if currency and scale in SCALES:
            return {"amount": float(found["number"].replace(",", "")) * SCALES[scale], "currency": currency}
    raise BadInput(f"{said!r} is no sum; write it with its currency: 2.5bn USD, 140000000 EUR")


def _object(said: Json) -> Json:
    """A text that is JSON, read."""
    if isinstance(said, str) and said.startswith("{"):
        try:
            read: Json = json.loads(said)
        except json.JSONDecodeError as error:
            raise BadInput(f"{said!r} is broken JSON: {error.msg}") from error
        return read
    return said


def _plain(number: str) -> int | float:
    value = float(number.replace(",", ""))
    return int(value) if value.is_integer() else value


def _singular(unit: str) -> str:
    """A unit as the record has it: one piece of it."""
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("ships", "ship"), ("s", "")):
        if unit.endswith(ending) and not unit.endswith(("ss", "series")) and len(unit) > len(ending) + 1:
            return unit.removesuffix(ending) + instead
    return unit
