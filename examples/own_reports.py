"""Puts reports on record that come from your own program instead of files."""

import tempfile
from pathlib import Path

import onrecord
from onrecord.clean.document import make_document

REPORTS = [
    ("wire-1", "2021-03-01", "Egypt ordered 30 Rafale fighters from France, the ministry said."),
    ("wire-2", "2024-06-01", "France delivered the first of 30 Rafale fighters to Egypt last week."),
]

documents = [make_document(text, key=key, outlet="Example Wire", published=day) for key, day, text in REPORTS]
with onrecord.open(Path(tempfile.mkdtemp()) / "record.db") as record:
    record.add_documents(documents)
    for row in record.register():
        print(row.supplier, row.recipient, row.equipment, row.quantity, row.stage)
