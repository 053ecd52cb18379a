"""This file turns what a person types for a state or organisation into its code, and a code into the name that tables show."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from onrecord.errors import BadInput
from onrecord.vocab import cells, table

# Names too long for a table's heading, in the short form that news reports use.
SHORT = {"United Arab Emirates": "UAE", "Democratic Republic of the Congo": "DR Congo"}
ORGANISATION = "org:"


def party_code(said: str) -> str:
    """The code for a code or name ("ru", "Russia", "NATO"); an unknown one is a `BadInput` with a suggestion."""
    known = _codes()
    code = known.get(said.strip().casefold())
    if code:
        return code
    near = get_close_matches(said.strip().casefold(), known, n=1, cutoff=0.75)
    hint = f"did you mean {party_name(known[near[0]])} ({known[near[0]]})?" if near else "give a two-letter code such as RU, or org:NATO"
    raise BadInput(f"{said!r} is no state or organisation that onrecord knows; {hint}")


def party_name(code: str) -> str:
    """The short English name of a state or organisation; a code that no table holds stands for itself."""
    if code.startswith(ORGANISATION):
        return code.removeprefix(ORGANISATION)
    name = _names().get(code, code)
    return SHORT.get(name, name)


@cache
def _names() -> Mapping[str, str]:
    return {row["iso2"]: row["name"] for row in table("states")}


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for row in table("states"):
        for name in (row["iso2"], row["iso3"], row["name"], *cells(row["aliases"])):
            codes.setdefault(name.casefold(), row["iso2"])
    for row in table("bodies"):
        code = row["iso2_or_org"]
        if code.startswith(ORGANISATION):
            codes.setdefault(code.casefold(), code)
            codes.setdefault(code.removeprefix(ORGANISATION).casefold(), code)
    return codes
