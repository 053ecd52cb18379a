"""The register's page: what it lists, how it is filtered and put in order, its twins, and what is new since the last visit."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.api import Record
from onrecord.serve.answering import VISIT_COOKIE, VISIT_ENDS
from page_records import add_to, client_of, make_record, some_reports
from reports import make_report


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with make_record(tmp_path_factory.mktemp("record") / "r.db", some_reports()) as made:
        yield made


@pytest.fixture(scope="module")
def client(record: Record) -> TestClient:
    return client_of(record)


def listed(client: TestClient, query: str = "") -> list[str]:
    answer = client.get(f"/register.json{query}")
    assert answer.status_code == 200, answer.text
    return [deal["equipment"] for deal in answer.json()["deals"]]


def test_the_first_screen_says_what_where_who_and_how_we_know(client: TestClient) -> None:
    page = client.get("/register").text
    for words in ("Russia", "Turkey", "S-400", "4 batteries", "$2bn", "delivery", "2 reports", "conditional", "possible"):
        assert words in page, words
    assert re.search(r"/reports/[0-9a-f]{24}\?words=\d+-\d+#words", page), "every value opens its words"


def test_the_register_of_the_page_is_that_of_the_command(client: TestClient, record: Record) -> None:
    by_page = {deal["deal"]: deal for deal in client.get("/register.json").json()["deals"]}
    rows = record.register()
    assert set(by_page) == {row.deal for row in rows}
    for row in rows:
        assert by_page[row.deal]["stage"] == row.stage and by_page[row.deal]["origins"] == row.origins
        assert by_page[row.deal]["disputed"] == list(row.disputed)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Rafale", "Patriot", "S-400"]),
        ("?sort=news", ["S-400", "Patriot", "Rafale"]),
        ("?supplier=Russia", ["S-400"]),
        ("?state=tr", ["Patriot", "S-400"]),
        ("?recipient=IN&supplier=", ["Rafale"]),
        ("?equipment=s400", ["S-400"]),
        ("?class=fighter", ["Rafale"]),
        ("?stage=offer", ["Patriot"]),
        ("?modality=possible", ["Rafale"]),
        ("?year=2017", ["S-400"]),
        ("?year=1999", []),
        ("?outlet=The+Lantern", ["S-400"]),
        ("?only=disputed", ["S-400"]),
        ("?as_of=2020-12-31", ["Patriot", "S-400"]),
        ("?sort=equipment", ["Patriot", "Rafale", "S-400"]),
        ("?sort=-equipment", ["S-400", "Rafale", "Patriot"]),
        ("?sort=supplier", ["Rafale", "S-400", "Patriot"]),
        ("?sort=stage", ["Patriot", "Rafale", "S-400"]),
        ("?per=2", ["Rafale", "Patriot"]),
        ("?per=2&page=2", ["S-400"]),
        ("?page=9", []),
    ],
)
def test_filters_order_and_pages(client: TestClient, query: str, expected: list[str]) -> None:
    assert listed(client, query) == expected
    assert client.get(f"/register{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?state=Ruritania", "no state or organisation"),
        ("?as_of=yesterday", "YYYY-MM-DD"),
        ("?stage=shipped", "delivery"),
        ("?sort=colour", "supplier"),
        ("?year=19", "write it as 2019"),
        ("?only=mine", "disputed"),
        ("?page=0", "page"),
        ("?page=many", "page"),
        ("?equipment=%2F%2F", "no equipment"),
    ],
)
def test_what_makes_no_sense_is_said_so(client: TestClient, query: str, said: str) -> None:
    for address in ("/register", "/register.json"):
        answer = client.get(address + query)
        assert answer.status_code == 400 and said in answer.text


def test_an_address_without_end_is_refused(client: TestClient) -> None:
    assert client.get("/register?equipment=" + "x" * 5000).status_code == 414


def test_json_comes_by_ending_and_by_accept(client: TestClient) -> None:
    by_ending, by_accept = client.get("/register.json"), client.get("/register", headers={"accept": "application/json"})
    assert by_ending.json() == by_accept.json()
    assert client.get("/register", headers={"accept": "text/html,application/json"}).headers["content-type"].startswith("text/html")


def test_csv_holds_what_is_shown(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/register.csv?state=TR&sort=equipment").text)))
    assert [row["equipment"] for row in rows] == ["Patriot", "S-400"]
    assert rows[1]["supplier_quote"] == "Norland"


def test_exports_are_those_of_the_command(client: TestClient, record: Record, tmp_path: Path) -> None:
    record.export("sipri-csv", tmp_path / "out.csv", recipient="IN")
    assert client.get("/export/sipri-csv?recipient=IN").content == (tmp_path / "out.csv").read_bytes()
    assert client.get("/export/sipri-csv").headers["content-disposition"] == 'attachment; filename="register.sipri.csv"'
    assert client.get("/export/papyrus").status_code == 404


def test_news_since_the_last_visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_record(tmp_path / "r.db", [make_report("one")]) as record:
        client = client_of(record)
        assert "since your last visit" not in client.get("/register").text, "to a new visitor all is new, so nothing is"
        add_to(record, [make_report("two", supplier="FR", recipient="IN", equipment="Rafale", published="2021-01-01")])
        client.get("/register")
        client.app.state.desk.kept.renew("register", longest=30)  # type: ignore[attr-defined]
        later = time.time() + VISIT_ENDS + 60
        with monkeypatch.context() as clock:
            clock.setattr(time, "time", lambda: later)
            seen = client.get("/register").text
        assert "1 deal with news since your last visit" in seen
        assert listed(client, "?only=new") == ["Rafale"]


@pytest.mark.parametrize("cookie", ["", "x", "1.2", "1.2.3.4", "-1.0.0", "9" * 40 + ".1.1", "<b>.1.1"])
def test_a_foreign_cookie_does_no_harm(client: TestClient, cookie: str) -> None:
    assert client.get("/register", headers={"cookie": f"{VISIT_COOKIE}={cookie}"}).status_code == 200


def test_a_writer_is_seen_without_a_restart(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", [make_report("one")]) as record:
        client = client_of(record)
        assert listed(client) == ["S-400"]
        with make_record(
            tmp_path / "r.db", [make_report("two", supplier="FR", recipient="IN", equipment="Rafale", published="2021-01-01")]
        ):
            pass
        listed(client)
        client.app.state.desk.kept.renew("register", longest=30)  # type: ignore[attr-defined]
        assert listed(client) == ["Rafale", "S-400"]


def test_an_empty_record_says_what_to_do(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", []) as record:
        assert "onrecord add r.db FOLDER" in client_of(record).get("/register").text


ASKED = (
    "as_of",
    "state",
    "supplier",
    "recipient",
    "equipment",
    "class",
    "stage",
    "modality",
    "year",
    "outlet",
    "only",
    "sort",
    "page",
    "per",
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(ASKED), st.text(max_size=30) | st.sampled_from(["TR", "S-400", "-value", "new", "2019", "1"]), max_size=4
    )
)
def test_whatever_is_asked_for_is_answered_or_refused(client: TestClient, asked: dict[str, str]) -> None:
    """No query makes a page fail, and a page and its twin agree on what can be asked."""
    page, twin = client.get("/register", params=asked), client.get("/register.json", params=asked)
    assert page.status_code in (200, 400) and page.status_code == twin.status_code


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["deals", "reports", "states", "people", "bodies", "sources", "export"]), name=st.text(min_size=1, max_size=30))
def test_whatever_is_named_is_found_or_not(client: TestClient, kind: str, name: str) -> None:
    assert client.get(f"/{kind}/{quote(name, safe='')}").status_code in (200, 307, 400, 404)
