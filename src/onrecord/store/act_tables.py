"""This file describes the tables of what people decided and of what the register said when, with a comment for every column."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from onrecord.store.columns import NUMBER, RECORD, number_column, text_column

ACT = Table(
    "act",
    RECORD,
    number_column("order of acting"),
    text_column("id", "hash of all that it holds and of the act before it, so that none can be changed or taken out unnoticed"),
    text_column("verb", "accept, correct, reject, add, same, different, unsure, remark or undo"),
    text_column("person", "who acted"),
    text_column("why", "the reason"),
    text_column("acted_at", "UTC time"),
    text_column("value", "the corrected value, or the remark, as JSON"),
    text_column("words", "JSON list of the selectors of the words that a correction was marked on; empty if none were"),
    text_column("undoes", "id of the act that it takes back; empty unless it is an undo"),
    Column("last_document", NUMBER, nullable=False, comment="the last report on record at that time: what came later is new evidence"),
    UniqueConstraint("id"),
    Index("act_verb", "verb"),
    comment="what people decided; rows are added, never changed and never deleted",
)

ACT_TARGET = Table(
    "act_target",
    RECORD,
    Column("act", NUMBER, ForeignKey("act.number"), primary_key=True, comment="the act"),
    Column("place", NUMBER, primary_key=True, comment="its place among the act's targets, from 0"),
    text_column("document_id", "content id of the report that the person read"),
    text_column("uri", "where that report was read from"),
    text_column("document_key", "its own id or file stem"),
    text_column("text_sha256", "hash of its text"),
    text_column("root", "id under which people know the finding that it is about"),
    text_column("field", "the cell of the finding; empty if it is about the whole finding"),
    text_column("target", "the finding as the person saw it (JSON): every cell with its value and the selectors of its words"),
    Index("act_target_document", "document_id"),
    Index("act_target_uri", "uri"),
    Index("act_target_text", "text_sha256"),
    Index("act_target_root", "root"),
    comment="what an act is about, kept by its words (W3C Web Annotation selectors)",
)

ACT_STATE = Table(
    "act_state",
    RECORD,
    Column("act", NUMBER, ForeignKey("act.number"), primary_key=True, comment="the act"),
    Column("place", NUMBER, primary_key=True, comment="the target"),
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="the report in which it was applied"),
    text_column(
        "state", "applied, look (the analysis now says otherwise), orphaned (its words are gone) or idle (nothing is left to act on)"
    ),
    text_column("finding_id", "content id of the finding there"),
    text_column("field", "the cell of it; empty if it is about the whole finding"),
    text_column("reason", "why"),
    Index("act_state_state", "state"),
    Index("act_state_document", "document"),
    Index("act_state_finding", "finding_id"),
    comment="derived: what became of each standing act in each report of today",
)

AS_ANALYSED = Table(
    "as_analysed",
    RECORD,
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="a report that people acted on"),
    text_column("findings", "its findings as the analysis alone made them (JSON), with their numbers"),
    comment="what is put back when acts are undone; a report without acts has no row, since its findings are the analysis' own",
)

HISTORY = Table(
    "history",
    RECORD,
    number_column("order of writing"),
    text_column("noted_at", "UTC time"),
    Column("run", NUMBER, comment="the run that changed it; empty if a person did"),
    Column("act", NUMBER, comment="the act that changed it; empty if a run did"),
    text_column("deal", "content id of the deal"),
    text_column("said", "what the register said of it from then on (JSON); empty if the deal was no longer told apart"),
    Index("history_deal", "deal", "number"),
    comment="what the register said of each deal, from when on and through whom; rows are added, never changed and never deleted",
)

UNNOTED = Table(
    "unnoted",
    RECORD,
    Column("deal", NUMBER, primary_key=True, autoincrement=False, comment="a deal that changed since the history was last written"),
    comment="empty after every finished run and act",
)

GONE = Table(
    "gone_deal",
    RECORD,
    Column("deal", Text, primary_key=True, comment="content id of a deal that may be told apart no longer, or under another id"),
    comment="empty after every finished run and act",
)
