"""This file finds the findings or the cells that a reviewer's words name: REPORT#t1, a deal, or one of these with :FIELD."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from onrecord.acts.values import parse_value
from onrecord.errors import BadInput
from onrecord.plain_words import value_text
from onrecord.records import Json
from onrecord.register import Wanted, read_deals
from onrecord.store.targets import Named, find_finding, findings_of_deal, values_of
from onrecord.vocab import meanings

# A cell at the end of a target's name: ":quantity", ":supplier=RU", ":stage.when".
CELL = re.compile(r"(?P<thing>.+?):(?P<field>[a-z_]+(?:\.[a-z_]+)?)(?:=(?P<value>.*))?", re.DOTALL)


def findings_named(db: Any, name: str) -> list[Named]:
    """The findings that a name without a cell stands for."""
    found = find_finding(db, name)
    return [found] if found is not None else findings_of_deal(db, name.lower())[1]


def cells_named(db: Any, target: str, *, missing: bool) -> list[tuple[Named, str, Json]]:
    """The findings or cells that a target stands for; `missing` allows an empty cell of one finding, which a correction fills."""
    fields = {name for kind in meanings("kinds").values() if isinstance(kind, dict) for name in kind["fields"]}
    parts = CELL.fullmatch(target)
    if parts is None or parts["thing"] == "finding":
        return [(named, "", None) for named in findings_named(db, target)]
    thing, field, said = parts["thing"], parts["field"], parts["value"]
    single = find_finding(db, thing)
    if field.split(".")[-1] not in fields:
        known = meanings("kinds")[single.kind if single else "transfer"]["fields"]
        raise BadInput(f"{target}: there is no field {field}; a {single.kind if single else 'deal'} has {', '.join(known)}")
    if single is None:
        return _cells_of_deal(db, thing.lower(), field, said)
    wanted = None if said is None else parse_value(single.kind, field, said)
    held = [value for name, value in values_of(db, single) if name == field and (wanted is None or value == wanted)]
    if len(held) > 1:
        raise BadInput(f"{thing} gives {field} {len(held)} times; add which one: {thing}:{field}=…")
    if not held and (said is not None or not missing or field not in meanings("kinds")[single.kind]["fields"]):
        raise BadInput(f"{thing} has no {field}{f' {said}' if said is not None else ''}; it has: {_told(values_of(db, single))}")
    return [(single, field, held[0] if held else None)]


def _cells_of_deal(db: Any, name: str, field: str, said: str | None) -> list[tuple[Named, str, Json]]:
    """The cells of a deal's reports that bear a value: the one given, or the one that the register shows."""
    number, members = findings_of_deal(db, name)
    row = next((row for row, _ in read_deals(db, Wanted(deal=number))), None)
    field, _, part = field.partition(".")
    if row is None or field not in ("stage", *meanings("kinds")["transfer"]["fields"]):
        raise BadInput(f"deal {name} has no {field}")
    cells = [(named, dict(values_of(db, named)), values_of(db, named)) for named in members]
    if field == "stage":
        shown = row.stage or {}
        stages = [(named, held) for named, held, _ in cells if named.kind == "stage"
                  and (held.get("stage") == said if said else all(held.get(key) == value for key, value in shown.items()))]  # fmt: skip
        found: list[tuple[Named, str, Json]] = [(named, part, held.get(part) if part else None) for named, held in stages]
    else:
        shown_value: Any = getattr(row, field, None)
        wanted = parse_value(
            "transfer", field, said if said is not None else shown_value[0] if isinstance(shown_value, tuple) else shown_value
        )
        if said is None and isinstance(shown_value, tuple) and len(shown_value) > 1:
            raise BadInput(f"deal {name} gives {field} {len(shown_value)} times; add which one: {name}:{field}={shown_value[0]}")
        found = [(named, field, value) for named, _, held in cells if named.kind == "transfer" for key, value in held
                 if key == field and value == wanted]  # fmt: skip
    if not found:
        raise BadInput(
            f"no report of deal {name} gives {field}{f' {said}' if said is not None else ''}; name a report's finding, REPORT#t1:{field}"
        )
    return found


def _told(values: Iterable[tuple[str, Json]]) -> str:
    return ", ".join(f"{name} {value_text(name, value)}" for name, value in values)
