"""The large record of the benches, in small: it holds together as a real one does, and is the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.api import open_record

BENCH = Path(__file__).parent.parent / "bench"
REPORTS = 240


def test_a_large_record_holds_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from large import write_large

    large = write_large(tmp_path / "one.db", REPORTS)
    write_large(tmp_path / "other.db", REPORTS)
    with open_record(tmp_path / "one.db") as record, open_record(tmp_path / "other.db") as other:
        counts = record.counts()
        assert (counts["document"], counts["claim"], counts["deal"]) == (REPORTS, large.claims, large.deals) and large.claims > 9 * REPORTS
        assert record.check() == [], "every claim cuts its own words"
        rows = record.register()
        assert rows == other.register() and len(rows) == large.deals
        assert max(row.reports for row in rows) > 5 * REPORTS / large.deals / 2, "few deals make most of the news"
        assert any(row.origins < row.reports for row in rows) and any(row.disputed for row in rows), "with copies and contradictions"
        assert list(record.statements()) and record.search(rows[0].equipment)
