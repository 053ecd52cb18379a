"""Prints what could be known of one side's deals at the end of each year: as_of.py [STATE [FOLDER]]."""

import sys
import tempfile
from pathlib import Path

import onrecord

state = sys.argv[1] if len(sys.argv) > 1 else "TR"
folder = sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parent.parent / "gold" / "dev"

with onrecord.open(Path(tempfile.mkdtemp()) / "record.db") as record:
    record.add(folder)
    years = sorted({row.last_said[:4] for row in record.register(recipient=state) if row.last_said})
    for year in years:
        rows = record.register(recipient=state, as_of=f"{year}-12-31")
        print(year, ", ".join(f"{row.equipment}: {row.stage['stage'] if row.stage else '-'}" for row in rows))
