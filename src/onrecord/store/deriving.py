"""This file works out all that is derived anew: copies, the acts of people, deals, from what the analysis made of each report.

Numbers of documents and findings are kept, so the register comes out as it was, byte for byte, as long as the rules are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, select

from onrecord.store.acted import act_on_reports, derive_verdicts
from onrecord.store.acts import standing_acts, take_off, waiting_acts
from onrecord.store.deal_writing import note_gone
from onrecord.store.deals import place_transfers, settle
from onrecord.store.finding_rows import Numbered, Rows, delete_findings, read_findings, unpack_findings
from onrecord.store.fulltext import index_anew
from onrecord.store.groups import place_missing
from onrecord.store.lookup import document_of
from onrecord.store.tables import (
    ACT_STATE,
    AS_ANALYSED,
    CELL,
    CONFLICT,
    COPY_PAIR,
    DEAL,
    DEAL_DOUBT,
    DEAL_MEMBER,
    DEAL_PARTY,
    DOCUMENT,
    FINDING,
    JUDGEMENT,
    REPORT_KEY,
    REPORT_ORIGIN,
    REPORT_SIGNATURE,
    TRANSFER_KEY,
    UNNOTED,
    UNSETTLED,
)

# Tables that can be emptied at once; findings, claims and statements are put back to what the analysis made, report by report.
EMPTIED = (
    DEAL_DOUBT, TRANSFER_KEY, DEAL_PARTY, CELL, DEAL_MEMBER, DEAL, COPY_PAIR, REPORT_KEY, REPORT_SIGNATURE, REPORT_ORIGIN, JUDGEMENT,
    ACT_STATE, UNSETTLED, UNNOTED, CONFLICT,
)  # fmt: skip
# Reports that are read at a time, so that memory stays flat.
AT_A_TIME = 200


def derive_all(db: Connection) -> int:
    """Empties what is derived and works it out anew inside the caller's transaction; how many reports there are."""
    note_gone(db, db.execute(select(DEAL.c.id)).scalars())
    for table in EMPTIED:
        db.execute(delete(table))
    count = 0
    for number, findings in machine_findings(db):
        row = db.execute(select(DOCUMENT).where(DOCUMENT.c.number == number)).one()
        delete_findings(db, number)
        rows = Rows()
        rows.take_findings(number, document_of(row), row.known, findings)
        rows.write(db)
        count += 1
    db.execute(delete(AS_ANALYSED))
    index_anew(db)
    derive_rest(db)
    return count


def derive_rest(db: Connection) -> None:
    """Works out copies, acts and deals of a record that holds documents, the analysis' findings and acts, and nothing derived of them."""
    while place_missing(db):
        pass
    documents = list(db.execute(select(DOCUMENT.c.number).order_by(DOCUMENT.c.number)).scalars())
    act_on_reports(db, documents, fresh=True)
    derive_verdicts(db, (act.number for act in standing_acts(db)))
    if waiting := waiting_acts(db):
        take_off(db, waiting)
    transfers = select(FINDING.c.number).where(FINDING.c.kind == "transfer").order_by(FINDING.c.document, FINDING.c.number)
    place_transfers(db, db.execute(transfers).scalars().all())
    settle(db)


def machine_findings(db: Connection) -> Iterator[tuple[int, list[Numbered]]]:
    """Each document's number with its findings as the analysis alone made them, in order."""
    last = 0
    while chunk := db.execute(select(DOCUMENT).where(DOCUMENT.c.number > last).order_by(DOCUMENT.c.number).limit(AT_A_TIME)).all():
        for row in chunk:
            document, last = document_of(row), row.number
            packed = db.execute(select(AS_ANALYSED.c.findings).where(AS_ANALYSED.c.document == last)).scalar()
            own = [(n, finding, {}) for n, finding in unpack_findings(packed, document)] if packed else read_findings(db, last, document)
            yield last, [(n, finding, {}) for n, finding, _ in own]
