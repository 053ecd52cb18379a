"""This file describes the table of the addresses that were asked, with a comment for every column."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from onrecord.store.columns import NUMBER, RECORD, text_column

VISIT = Table(
    "visit",
    RECORD,
    Column("address", Text, primary_key=True, comment="the address as it was asked, without fragment and parameters of campaigns"),
    text_column("etag", "the mark of what it held last, for conditional requests"),
    text_column("last_modified", "when that was changed, as the server said it"),
    text_column("answered_at", "UTC time of the last good answer; empty if there was none"),
    text_column("outcome", "what came of the last visit: read, or why not"),
    Column("failures", NUMBER, nullable=False, comment="attempts without a good answer since the last; a page is given up at 5"),
    text_column("retry_at", "UTC time before which it is not asked again; empty after a good answer"),
    text_column("moved_to", "where it moved for good; empty if it did not"),
    comment="one row per address of the web that was asked for, or whose text a feed carried",
)
