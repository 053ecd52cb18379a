"""This file holds the schema that an answer has to have, made of the vocabulary's own stages, modalities and roots."""

from __future__ import annotations

from functools import cache
from typing import Any

from onrecord.vocab import meanings

Schema = dict[str, Any]
# No report tells of more; a model that goes on for ever is cut off by it.
MOST_FINDINGS, MOST_CELLS = 40, 8
TEXT: Schema = {"type": "string", "maxLength": 2000}


@cache
def answer_schema() -> Schema:
    """The JSON schema of an answer: transfers with stages, statements, events; each cell a value with the words that it stands on."""
    stages = meanings("stages")
    stage = _object(
        stage={"type": "string", "enum": list(stages["stage"])}, modality={"type": "string", "enum": list(stages["modality"])},
        quote=TEXT, when=_cell(TEXT, nullable=True), according_to=_cell(TEXT, nullable=True),
    )  # fmt: skip
    quantity, money = _object(number={"type": "number"}, unit=TEXT), _object(amount={"type": "number"}, currency=TEXT)
    transfer = _object(
        supplier=_list(_cell(TEXT), MOST_CELLS), recipient=_list(_cell(TEXT), MOST_CELLS), equipment=_cell(TEXT),
        quantity=_cell(quantity, nullable=True), value=_cell(money, nullable=True), stages=_list(stage, MOST_CELLS),
    )  # fmt: skip
    statement = _object(
        speaker=_cell(TEXT), role=_cell(TEXT, nullable=True), organization=_cell(TEXT, nullable=True), content=TEXT,
        about=_list({"type": "integer", "minimum": 1}, MOST_CELLS),
    )  # fmt: skip
    event = _object(
        actor=_list(_cell(TEXT), MOST_CELLS), recipient=_list(_cell(TEXT), MOST_CELLS),
        plover={"type": "string", "enum": list(meanings("plover")["roots"])}, modality={"type": "string", "enum": list(stages["modality"])},
        quote=TEXT, when=_cell(TEXT, nullable=True), about=_list({"type": "integer", "minimum": 1}, MOST_CELLS),
    )  # fmt: skip
    return _object(transfers=_list(transfer), statements=_list(statement), events=_list(event))


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema, most: int = MOST_FINDINGS) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


def _cell(value: Schema, *, nullable: bool = False) -> Schema:
    """A value and the words of the report that say it."""
    cell = _object(value=value, quote=TEXT)
    return {"anyOf": [cell, {"type": "null"}]} if nullable else cell
