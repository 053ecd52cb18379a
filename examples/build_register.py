"""Builds a record from a folder of reports and prints its register: build_register.py [FOLDER [RECORD]]."""

import sys
import tempfile
from pathlib import Path

import onrecord

folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "gold" / "dev"
path = sys.argv[2] if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "record.db"

with onrecord.open(path) as record:
    added = record.add(folder)
    print(f"{added.added} reports read, {added.skipped} skipped; the record is {path}")
    for row in record.register():
        stage = f"{row.stage['modality']} {row.stage['stage']}" if row.stage else "-"
        print("/".join(row.supplier) or "?", "→", "/".join(row.recipient) or "?", row.equipment, stage, f"({row.reports} reports)")
