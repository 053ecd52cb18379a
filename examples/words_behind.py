"""Prints the words behind every cell of the deal that most reports speak of: words_behind.py [FOLDER]."""

import sys
import tempfile
from pathlib import Path

import onrecord

folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "gold" / "dev"

with onrecord.open(Path(tempfile.mkdtemp()) / "record.db") as record:
    record.add(folder)
    top = max(record.register(), key=lambda row: row.reports)
    print(top.supplier, "→", top.recipient, top.equipment)
    for cell in record.show(top.deal).cells:
        print(f"{cell.field}: {cell.value} ({cell.reports} reports)\n    “{cell.evidence.quote}” {cell.evidence.outlet}")
