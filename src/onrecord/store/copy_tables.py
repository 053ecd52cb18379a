"""This file describes the tables of copies, all derived: which reports carry one original, and by what they are compared."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, LargeBinary, Table

from onrecord.store.columns import NUMBER, RECORD, text_column

REPORT_SIGNATURE = Table(
    "report_signature",
    RECORD,
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="the report"),
    Column("signature", LargeBinary, nullable=False, comment="hashes of its words, names and numbers (group/signatures.py)"),
    comment="derived: what a report is compared by to find its copies",
)

REPORT_KEY = Table(
    "report_key",
    RECORD,
    Column("key", BigInteger, primary_key=True, comment="a key that copies share: a run of words, or names and numbers within a period"),
    Column("day", NUMBER, primary_key=True, comment="day of publication as a number; 0 if unknown"),
    Column("place", BigInteger, primary_key=True, comment="a number made of the report's id: order within a day"),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False, comment="the report that stands under the key"),
    comment="derived: the keys under which copies of a report are looked up; rows lie in the order of the primary key",
)

COPY_PAIR = Table(
    "copy_pair",
    RECORD,
    Column("left_document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="the report that arrived first"),
    Column("right_document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="the other one"),
    text_column("how", "exact, copy, abridgement or rewrite"),
    Column("score", Float, nullable=False, comment="how sure, 0.5 to 1"),
    text_column("reason", "what they share"),
    Index("copy_pair_right", "right_document"),
    comment="derived: two reports that were judged to carry one original, and why",
)

REPORT_ORIGIN = Table(
    "report_origin",
    RECORD,
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="a report"),
    Column(
        "origin", NUMBER, nullable=False, comment="first report of those that carry the same original: reports of one origin count once"
    ),
    Column("words", NUMBER, nullable=False, comment="how many of its words are compared"),
    Column("round_up", NUMBER, nullable=False, comment="1 if it is a page about many things: no copy of the shorter reports in it"),
    text_column("made_by", "the rule and its version"),
    Index("report_origin_origin", "origin"),
    comment="derived: which reports carry one original",
)
