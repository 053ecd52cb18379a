"""This file describes the tables of a record, with a comment for every column; the numbered migrations create them.

What reports say is kept in `document`, `finding`, `claim` and `about`, what people decide in `act` and `act_target`. `judgement`,
`act_state`, `deal`, `deal_party`, `deal_member`, `transfer_key`, `deal_doubt`, `cell`, `conflict`, `statement` and the tables of copies
(`report_signature`, `report_key`, `copy_pair`, `report_origin`) are derived: they can be deleted and are rebuilt from the rest.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from onrecord.store.act_tables import ACT as ACT
from onrecord.store.act_tables import ACT_STATE as ACT_STATE
from onrecord.store.act_tables import ACT_TARGET as ACT_TARGET
from onrecord.store.act_tables import AS_ANALYSED as AS_ANALYSED
from onrecord.store.act_tables import GONE as GONE
from onrecord.store.act_tables import HISTORY as HISTORY
from onrecord.store.act_tables import UNNOTED as UNNOTED
from onrecord.store.columns import NUMBER, number_column, text_column
from onrecord.store.columns import RECORD as RECORD
from onrecord.store.conflict_tables import CONFLICT as CONFLICT
from onrecord.store.copy_tables import COPY_PAIR as COPY_PAIR
from onrecord.store.copy_tables import REPORT_KEY as REPORT_KEY
from onrecord.store.copy_tables import REPORT_ORIGIN as REPORT_ORIGIN
from onrecord.store.copy_tables import REPORT_SIGNATURE as REPORT_SIGNATURE
from onrecord.store.refusals import REFUSAL as REFUSAL
from onrecord.store.visit_tables import VISIT as VISIT

DOCUMENT = Table(
    "document",
    RECORD,
    number_column("order of arrival; the writer counts"),
    text_column("id", "content id: hash of address, text and cleaner version"),
    text_column("key", "the input's own id or file stem"),
    text_column("uri", "where the report was read from"),
    text_column("outlet", "who published it"),
    text_column("title", "its headline"),
    Column("published", Text, comment="ISO day of publication, if known"),
    Column("updated", Text, comment="ISO day of the last change by the outlet, if known"),
    Column("read", Text, comment="ISO day on which it was read"),
    text_column("known", "ISO day from which its content counts as known: published, else updated, else read; empty if none is known"),
    text_column("language", "ISO 639-1 code"),
    text_column("text", "the cleaned text, which never changes; every offset counts its code points"),
    text_column("text_sha256", "hash of the text: exact copies share it"),
    text_column("cleaner", "name and version of the cleaner"),
    text_column("credits", "JSON list of agencies and outlets that the report says it is based on"),
    text_column("credit_spans", "JSON list of [start, end] where it says so"),
    text_column("analysed_by", "name and version of the analysis that made its findings"),
    Column("until", Text, nullable=False, server_default="", comment="ISO day from which a newer version of it counts; empty if none does"),
    UniqueConstraint("id"),
    Index("document_uri", "uri"),
    Index("document_key", "key"),
    Index("document_text", "text_sha256"),
    Index("document_known", "known"),
    Index("document_newest", "known", "number", "until"),
    Index("document_outlet", "outlet", "known", "number", "until"),
    Index("document_replaced", "until", sqlite_where=text("until != ''"), postgresql_where=text("until != ''")),
    comment="one row per report",
)

FINDING = Table(
    "finding",
    RECORD,
    number_column("order of arrival; the writer counts"),
    text_column("id", "content id: hash of document, kind and claims"),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False, comment="the report that says it"),
    text_column("kind", "transfer, stage, statement or event (vocab/kinds.toml)"),
    text_column("key", "its name inside the report: t1, t1.s2, q3, e1"),
    Column("part_of", NUMBER, ForeignKey("finding.number"), comment="the transfer that a stage belongs to"),
    text_column("made_by", "step and version that found it"),
    Column("score", Float, nullable=False, comment="how sure the step was, 0 to 1"),
    UniqueConstraint("id"),
    Index("finding_document", "document"),
    Index("finding_part_of", "part_of"),
    Index("finding_kind", "kind", "score"),
    comment="one row per transfer, stage, statement or event that one report puts on record",
)

CLAIM = Table(
    "claim",
    RECORD,
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="the finding that it is part of"),
    Column("number", NUMBER, primary_key=True, comment="its place in the finding, from 0"),
    text_column("field", "supplier, equipment, stage, speaker, … (vocab/kinds.toml)"),
    text_column("value", "the value as JSON"),
    Column("start_at", Integer, nullable=False, comment="first code point of the words in document.text"),
    Column("end_at", Integer, nullable=False, comment="code point after the last one"),
    text_column("quote", "the words themselves: substr(text, start_at + 1, end_at - start_at)"),
    Column("inferred", NUMBER, nullable=False, comment="1 if the words allow the value but do not say it"),
    Column("score", Float, nullable=False, comment="how sure the step was, 0 to 1"),
    text_column("reason", "why, where it was inferred or chosen"),
    Column("act", NUMBER, nullable=False, server_default="0", comment="the act of a person that made it or accepted it; 0 if none did"),
    comment="one row per cell of a finding, with the exact words that it stands on",
)

ABOUT = Table(
    "about",
    RECORD,
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="a statement or event"),
    Column("transfer", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="a transfer of the same report that it speaks of"),
    Index("about_transfer", "transfer"),
    comment="which transfers a statement or an event speaks of",
)

JUDGEMENT = Table(
    "judgement",
    RECORD,
    number_column("order of judging"),
    text_column("left_id", "content id of a transfer finding"),
    text_column("right_id", "content id of another one"),
    text_column("verdict", "same, different or unsure"),
    Column("score", Float, nullable=False, comment="how sure, 0 to 1; a person's verdict is 1"),
    text_column("reason", "why"),
    text_column("judged_by", "the person, or the rule with its version"),
    text_column("judged_at", "UTC time"),
    Column("last_document", NUMBER, nullable=False, comment="the last report on record at that time: what came later is new evidence"),
    Index("judgement_left", "left_id"),
    Index("judgement_right", "right_id"),
    comment="derived from acts: people's verdicts on whether two transfers are the same deal; the latest for a pair holds",
)

DEAL = Table(
    "deal",
    RECORD,
    number_column("its own, which it keeps when an earlier transfer turns out to have founded it"),
    text_column("id", "content id of the founding transfer finding: the first by the day of its report"),
    text_column("equipment", "its equipment as the founding transfer names it"),
    Column("joined_to", NUMBER, nullable=False, comment="the deal that a person joined it to; its own number if none did"),
    Column("founder", NUMBER, ForeignKey("finding.number"), nullable=False, comment="the founding transfer finding"),
    UniqueConstraint("id"),
    Index("deal_founder", "founder"),
    # Only the few that a person joined, so that they are found without reading all.
    Index("deal_joined", "number", sqlite_where=text("joined_to != number"), postgresql_where=text("joined_to != number")),
    comment="derived: one row per deal that the rule tells apart",
)

DEAL_PARTY = Table(
    "deal_party",
    RECORD,
    Column("role", Text, primary_key=True, comment="supplier, recipient or equipment"),
    Column("party", Text, primary_key=True, comment="ISO 3166-1 alpha-2 code, or org:NATO; of equipment the name in comparable form"),
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="the transfer finding that says it"),
    Column("deal", NUMBER, nullable=False, comment="the deal"),
    text_column("known", "ISO day from which it counts as known"),
    Index("deal_party_deal", "deal"),
    Index("deal_party_finding", "finding"),
    comment="derived: who supplies what and who receives it, for finding deals",
)

DEAL_MEMBER = Table(
    "deal_member",
    RECORD,
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="a transfer finding"),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False, comment="its report"),
    Column("deal", NUMBER, nullable=False, comment="the deal that it is of, by the rule and by what people said"),
    Column("root", NUMBER, nullable=False, comment="the deal that the rule alone puts it into"),
    Column("parent", NUMBER, comment="the earlier transfer that it was linked to; empty if it founded the deal"),
    text_column("verdict", "same, or unsure where it was linked with some doubt"),
    Column("score", Float, nullable=False, comment="how sure the link is, 0 to 1"),
    text_column("reason", "why"),
    text_column("judged_by", "the rule with its version"),
    text_column("own", "what it says, as it is compared (JSON)"),
    text_column("facts", "the same, completed by what it was linked to (JSON)"),
    Column("judged_at", Text, nullable=False, server_default="", comment="UTC time of the verdict; empty if an older version reached it"),
    # With the report, so that the reports of a deal are counted without reading what they tell.
    Index("deal_member_deal", "deal", "document"),
    Index("deal_member_document", "document"),
    Index("deal_member_parent", "parent"),
    Index("deal_member_root", "root"),
    comment="derived: which transfer belongs to which deal, and why",
)

TRANSFER_KEY = Table(
    "transfer_key",
    RECORD,
    Column("key", BigInteger, primary_key=True, comment="a key that transfers of one deal share: recipient and family, class, count"),
    Column("day", NUMBER, primary_key=True, comment="day of the report as a number; reports without a date come last"),
    Column("place", BigInteger, primary_key=True, comment="a number made of the report's id: order within a day"),
    Column("part", NUMBER, primary_key=True, comment="place in the report"),
    Column("finding", NUMBER, ForeignKey("finding.number"), nullable=False, comment="the transfer that stands under the key"),
    Index("transfer_key_finding", "finding"),
    comment="derived: the keys under which transfers of the same deal are looked up; rows lie in the order of the primary key",
)

DEAL_DOUBT = Table(
    "deal_doubt",
    RECORD,
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="a transfer"),
    Column("other", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="an earlier transfer of another deal that comes near"),
    text_column("verdict", "unsure or different: the rule's verdict, which any new evidence can change"),
    Column("score", Float, nullable=False, comment="how sure it is that the two are one deal, 0 to 1"),
    text_column("reason", "what speaks for it and against it"),
    text_column("judged_by", "the rule with its version"),
    Column("judged_at", Text, nullable=False, server_default="", comment="UTC time of the verdict; empty if an older version reached it"),
    Index("deal_doubt_other", "other"),
    Index("deal_doubt_score", "verdict", "score", "finding", "other"),
    comment="derived: pairs of transfers that may be one deal after all; a person can judge them",
)

CELL = Table(
    "cell",
    RECORD,
    Column("finding", NUMBER, primary_key=True, comment="the transfer or stage finding"),
    Column("claim", NUMBER, primary_key=True, comment="the claim in it that bears the words"),
    Column("deal", NUMBER, nullable=False, comment="the deal whose cell it is"),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False, comment="the report that says it"),
    text_column("known", "ISO day from which it counts as known"),
    text_column("field", "supplier, recipient, equipment, quantity, value or stage"),
    text_column("value", "the value as JSON; of a stage: stage, modality, when and according_to together"),
    Column("inferred", NUMBER, nullable=False, comment="1 if the words allow the value but do not say it"),
    Column("concluded", NUMBER, nullable=False, comment="1 if the report tells of a concluded contract: figures are guesses before it"),
    Column("act", NUMBER, nullable=False, server_default="0", comment="the act of a person that made it or accepted it; 0 if none did"),
    # All that the register counts, in SQLite; in PostgreSQL, which bounds how long a row of an index may be, deal and field alone.
    Index("cell_deal", "deal", "field", "value", "document", "known", "inferred", "concluded", "act", "finding", "claim"),
    Index("cell_document", "document"),
    Index("cell_known", "known"),
    comment="derived: what each report says about each deal, one cell a row; the register counts these",
)

STATEMENT = Table(
    "statement",
    RECORD,
    Column("finding", NUMBER, ForeignKey("finding.number"), primary_key=True, comment="the statement finding"),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False, comment="the report that carries it"),
    text_column("known", "ISO day from which it counts as known"),
    text_column("speaker", "usual spelling of the speaker's name"),
    text_column("as_written", "the report's spelling"),
    text_column("role", "the speaker's role, or empty"),
    text_column("organization", "the speaker's organisation, or empty"),
    text_column("kind", "direct, indirect or mixed"),
    text_column("content", "the words said"),
    Column("start_at", Integer, nullable=False, comment="first code point of the words in document.text"),
    Column("end_at", Integer, nullable=False, comment="code point after the last one"),
    Column(
        "act",
        NUMBER,
        nullable=False,
        server_default="0",
        comment="the act of a person that made or accepted something of it; 0 if none did",
    ),
    Index("statement_known", "known"),
    Index("statement_document", "document"),
    Index("statement_organization", "organization", "known"),
    Index("statement_speaker", "speaker", "known"),
    comment="derived: one row per statement, for reading and for search",
)

UNSETTLED = Table(
    "unsettled",
    RECORD,
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True, comment="a report whose transfers have to be placed anew"),
    Column("day", NUMBER, nullable=False, comment="day of the report as a number"),
    Column("place", BigInteger, nullable=False, comment="a number made of the report's id: order within a day"),
    Index("unsettled_order", "day", "place"),
    comment="reports that came after later ones, or about which a person judged; empty after every finished run",
)

ISSUE = Table(
    "issue",
    RECORD,
    Column("id", Text, primary_key=True, comment="hash of step, what and place"),
    text_column("step", "the step that met it"),
    text_column("what", "what could not be read"),
    text_column("place", "file, line, document"),
    text_column("todo", "what a person can do"),
    Column("document", NUMBER, ForeignKey("document.number"), comment="the document, where there is one"),
    text_column("seen_at", "UTC time at which it was first met"),
    Index("issue_document", "document"),
    comment="what could not be read or was left out: nothing vanishes silently",
)

RUN = Table(
    "run",
    RECORD,
    number_column("order of starting"),
    text_column("started_at", "UTC time"),
    Column("ended_at", Text, comment="UTC time; empty if it was cut off"),
    text_column("sources", "JSON list of what was to be read"),
    text_column("analysed_by", "name and version of the analysis"),
    Column("added", NUMBER, nullable=False, comment="reports added or analysed anew"),
    Column("already_known", NUMBER, nullable=False, comment="reports skipped because the record held them"),
    Column("skipped", NUMBER, nullable=False, comment="inputs that could not be read"),
    comment="one row per call of `onrecord add`",
)
