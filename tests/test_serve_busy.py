"""A deal that hundreds of reports tell of: a part of it is shown, what there is in all is said, and all of it is one step away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from onrecord.api import Record
from onrecord.serve import atom, busy_deals
from page_records import client_of, make_record
from reports import make_report

REPORTS = 12


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    for name, number in {"MANY": 5, "VALUES": 2, "STAGES": 3, "WORDS": 2, "STATEMENTS": 4, "ACTS": 3, "CONTRADICTIONS": 1}.items():
        monkeypatch.setattr(busy_deals, name, number)
    monkeypatch.setattr("onrecord.serve.deal_pages.REPORTS", 6)
    monkeypatch.setattr("onrecord.serve.deal_pages.MANY", 5)
    told = [
        make_report(
            f"r{n}", published=f"2019-08-{n + 1:02}", outlet=f"Outlet {n}", number=4 if n % 4 else 5 + n,
            stages=[("delivery", "actual", f"2019-07-{n + 1:02}"), ("contract", "denied" if n == 7 else "actual", None)],
        )
        for n in range(REPORTS)
    ]  # fmt: skip
    with make_record(tmp_path / "r.db", told) as made:
        yield made


def test_a_part_is_shown_and_what_there_is_in_all_is_said(record: Record) -> None:
    deal = record.register()[0]
    told = client_of(record).get(f"/deals/{deal.deal}.json").json()
    whole = client_of(record).get(f"/deals/{deal.deal}.json?whole=true").json()
    assert whole["part"] is None and len(whole["sources"]) == len(record.show(deal.deal).sources)
    assert told["part"] == {"values": len(whole["cells"]), "claims": 6 * REPORTS + REPORTS, "statements": 12, "events": 12, "reports": 12}
    assert told["deal"] == whole["deal"], "the counts are of all reports"
    assert len(told["reports"]) == 6 and told["reports"][-1]["key"] == "r11", "the newest"
    assert len(told["events"]) == 3 and sum(map(len, told["statements"].values())) == 4
    assert {item["document_key"] for said in told["statements"].values() for item in said} == {"r8", "r9", "r10", "r11"}


def test_the_values_best_borne_out_come_with_their_first_words(record: Record) -> None:
    deal = record.register()[0]
    told = client_of(record).get(f"/deals/{deal.deal}.json").json()
    values = [cell["value"]["number"] for cell in told["cells"] if cell["field"] == "quantity"]
    assert values[0] == 4 and len(values) < 4, "of four numbers the best and the sides of one contradiction"
    words = [source for source in told["sources"] if source["field"] == "quantity" and source["value"]["number"] == 4]
    assert [source["document_key"] for source in words] == ["r1", "r2"]
    stages = [cell["value"] for cell in told["cells"] if cell["field"] == "stage"]
    assert told["deal"]["stage"] in stages, "where it stands is always among them"


def test_both_sides_of_a_contradiction_are_there(record: Record) -> None:
    deal = record.register()[0].deal
    told = client_of(record).get(f"/deals/{deal}.json").json()
    assert {dispute["field"] for dispute in told["disputes"]} == {"quantity", "contract.modality"}
    page = client_of(record).get(f"/deals/{deal}").text
    assert "12 reports tell of this deal" in page and f'href="/deals/{deal}?whole=true"' in page and "Where reports disagree" in page
    assert "the newest of 12 reports" in page


def test_as_known_on_a_day_and_whole_as_one_page(record: Record) -> None:
    deal = record.register()[0].deal
    told = client_of(record).get(f"/deals/{deal}.json?as_of=2019-08-08").json()
    assert told["part"]["reports"] == 8 and all(report["known"] <= "2019-08-08" for report in told["reports"])
    assert told["deal"]["reports"] == 8 and {item["document_key"] for item in told["sources"]} <= {f"r{n}" for n in range(8)}
    assert client_of(record).get(f"/deals/{deal}.json?as_of=2019-07-01").status_code == 404
    alone = client_of(record).get(f"/deals/{deal}/alone").text
    assert all(f"Outlet {n}" in alone for n in range(REPORTS)), "the page to send holds all of it"


def test_a_feed_holds_the_newest_values_of_all(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "MOST_ENTRIES", 3)
    monkeypatch.setattr("onrecord.serve.deal_pages.view_deal", None)
    deal = record.register()[0]
    days = sorted((cell.first_said for cell in record.show(deal.deal).cells), reverse=True)[:3]
    for address in (f"/deals/{deal.deal}.atom", "/states/TR.atom"):
        feed = ElementTree.fromstring(client_of(record).get(address).content)
        assert [entry.findtext("{*}updated", "")[:10] for entry in feed.iterfind("{*}entry")] == days


def test_a_feed_of_a_day_before_any_report_is_missing(record: Record) -> None:
    deal = record.register()[0].deal
    assert client_of(record).get(f"/deals/{deal}.atom?as_of=2019-01-01").status_code == 404
    assert client_of(record).get(f"/deals/{deal}.atom?as_of=2019-08-02").content.count(b"<entry>") > 1
