"""This file holds what the descriptions of all tables share: the record that they belong to, and the two kinds of column that most have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Text

RECORD = MetaData()
# A whole number: findings that people keep are numbered past 2^49, which an INTEGER of PostgreSQL does not hold.
NUMBER = Integer().with_variant(BigInteger(), "postgresql")


def number_column(comment: str) -> Column[int]:
    """The key of a table whose rows are numbered by the writer."""
    return Column("number", NUMBER, primary_key=True, autoincrement=False, comment=comment)


def text_column(name: str, comment: str) -> Column[str]:
    """A text that is always there, if only as the empty one."""
    return Column(name, Text, nullable=False, comment=comment)
