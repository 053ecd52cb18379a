"""This file describes the table of contradictions that nobody has decided on yet, with a comment for every column."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from onrecord.store.columns import NUMBER, RECORD, text_column

CONFLICT = Table(
    "conflict",
    RECORD,
    Column("deal", NUMBER, primary_key=True, autoincrement=False, comment="the deal of which reports contradict each other"),
    Column("field", Text, primary_key=True, comment="in what: quantity, value, or a stage with what of it (contract.when)"),
    text_column("known", "ISO day of the newest report of the deal"),
    text_column("cell", "the field of the two cells"),
    text_column("equipment", "the deal's equipment as the register has it"),
    text_column("left_value", "one value as JSON"),
    text_column("left_report", "the own id of the report that gives it"),
    text_column("left_quote", "its words"),
    text_column("right_value", "the other value as JSON"),
    text_column("right_report", "the own id of the report that gives it"),
    text_column("right_quote", "its words"),
    Column("more", NUMBER, nullable=False, comment="how many more pairs of values of the deal contradict each other in this"),
    Index("conflict_newest", "known", "deal", "field"),
    comment="derived: contradictions between reports of a deal of which a person has decided on neither side",
)
