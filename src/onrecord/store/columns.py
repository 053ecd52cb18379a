"""This file holds what the descriptions of all tables share: the record that they belong to, and the two kinds of column that most have."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Text

RECORD = MetaData()


def number_column(comment: str) -> Column[int]:
    """The key of a table whose rows are numbered by the writer."""
    return Column("number", Integer, primary_key=True, autoincrement=False, comment=comment)


def text_column(name: str, comment: str) -> Column[str]:
    """A text that is always there, if only as the empty one."""
    return Column(name, Text, nullable=False, comment=comment)
