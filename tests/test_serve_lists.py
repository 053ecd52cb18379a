"""The pages of lists: states with their flows, people and bodies, search, sources, changes and feeds."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from onrecord.api import Record
from onrecord.changes import read_changes
from onrecord.serve.flows import Flow, draw_map, draw_network, world
from onrecord.serve.people_pages import place
from onrecord.serve.positions import position_of
from onrecord.store.database import reading
from onrecord.store.page_lists import Said
from onrecord.store.query import Statement
from page_records import LONGER, client_of, make_record, some_reports
from reports import make_report

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    copies = [make_report("copy", published="2019-08-03", outlet="The Echo/Daily", text=LONGER)]
    with make_record(tmp_path_factory.mktemp("record") / "r.db", [*some_reports(), *copies]) as made:
        yield made


@pytest.fixture(scope="module")
def client(record: Record) -> TestClient:
    return client_of(record)


def test_a_speaker_of_many_statements_shows_the_newest_and_says_how_many_there_are(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    told = client_of(record).get("/bodies/Norland.json").json()
    assert told["total"] == sum(len(one["said"]) for one in told["statements"]) > 2
    monkeypatch.setattr("onrecord.store.page_lists.MOST_SAID", 2)
    fewer = client_of(record).get("/bodies/Norland.json").json()
    assert (fewer["total"], sum(len(one["said"]) for one in fewer["statements"])) == (told["total"], 2)
    said = [one["said"]["statement"] for deal in told["statements"] for one in deal["said"]]
    newest = sorted(said, key=lambda one: (one["published"] or "", one["document"]))[-2:]
    shown = [one["said"]["statement"] for deal in fewer["statements"] for one in deal["said"]]
    assert {one["published"] for one in shown} == {one["published"] for one in newest}
    assert "the newest 2 of them here" in client_of(record).get("/bodies/Norland").text


def test_states_count_what_each_supplies_and_receives(client: TestClient) -> None:
    told = {part["code"]: part for part in client.get("/states.json").json()["states"]}
    assert (told["RU"]["supplies"], told["RU"]["receives"], told["TR"]["receives"]) == (1, 0, 2)
    flows = {(flow["supplier"], flow["recipient"]): flow for flow in client.get("/states.json").json()["flows"]}
    assert flows["RU", "TR"]["concluded"] == 1 and flows["US", "TR"]["concluded"] == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?since=2021", {"FR", "IN"}),
        ("?until=2018", {"RU", "TR"}),
        ("?since=2030", set()),
        ("?since=&until=", {"RU", "TR", "US", "FR", "IN"}),
    ],
)
def test_the_map_is_of_the_time_chosen(client: TestClient, query: str, expected: set[str]) -> None:
    data = client.get(f"/states.json{query}").json()
    assert {code for flow in data["flows"] for code in (flow["supplier"], flow["recipient"])} == expected
    assert client.get(f"/states{query}").status_code == 200


@pytest.mark.parametrize(
    "address", ["/states?since=19", "/states?until=x", "/reports?page=0", "/changes?since=never", "/search?q=" + "x" * 600]
)
def test_what_makes_no_sense_is_said_so(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/states/TR", "/states/tr", "/states/Turkey"])
def test_a_state_by_code_or_name(client: TestClient, address: str) -> None:
    assert "Russia → Turkey: S-400" in client.get(address).text


@pytest.mark.parametrize(
    "address", ["/states/BR", "/people/Nobody", "/people/Ada Ek?number=2", "/bodies/none", "/sources/none", "/states/QQ"]
)
def test_what_is_not_on_record_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_map_is_cut_to_what_it_shows_and_no_further_than_the_world() -> None:
    near = [float(part) for part in draw_map([Flow("FR", "DE", 1, 0)])["view"].split()]
    far = [float(part) for part in draw_map([Flow("NZ", "CL", 1, 0), Flow("US", "RU", 2, 1)])["view"].split()]
    assert near[2] < far[2] <= world()["width"] and min(near + far) >= 0
    assert far[0] + far[2] <= world()["width"] and near[1] + near[3] <= world()["height"] + 1


def test_a_flow_to_where_the_map_has_no_place_is_left_to_the_table() -> None:
    assert draw_map([Flow("org:NATO", "TR", 1, 1), Flow("TR", "TR", 1, 1)])["arcs"] == []


def test_a_network_keeps_its_bands_within_their_nodes() -> None:
    drawn = draw_network([Flow("US", "TR", 3, 1), Flow("US", "GR", 1, 1), Flow("RU", "TR", 2, 0)])
    us = next(node for node in drawn["nodes"] if node["code"] == "US")
    assert sum(band["width"] for band in drawn["bands"] if band["flow"].supplier == "US") == pytest.approx(us["height"], abs=0.2)
    assert draw_network([])["bands"] == []


def test_people_and_what_one_said_about_which_deal(client: TestClient, record: Record) -> None:
    data = client.get("/people.json").json()
    assert [(person["name"], person["statements"]) for person in data["people"]] == [("Ada Ek", 5)]
    assert [body["name"] for body in data["bodies"]] == ["Norland"]
    said = client.get("/people/Ada Ek.json").json()["statements"]
    assert {deal["deal"] for deal in said} == {row.deal for row in record.register()}
    assert "Ada Ek" in client.get("/people?name=ek").text and "Nobody fits" in client.get("/people?name=Zed").text
    assert client.get("/bodies/Norland").status_code == 200


def statement(day: str, *carries: tuple[str, str, str]) -> Said:
    return Said(Statement("f", "Ada Ek", "Ada Ek", "", "", "direct", "words", "d", "k", "o", day, "t", 0, 5), ("deal",), carries)


def test_a_change_of_position_is_told_once_and_only_where_sides_are_changed() -> None:
    for_it, against, asks = ("event", "SUPPORT", "actual"), ("event", "REJECT", "actual"), ("event", "REQUEST", "actual")
    ((_, told),) = place(
        [
            statement("2019", for_it),
            statement("2020", asks),
            statement("2021", against),
            statement("2022", against),
            statement("2023", for_it),
        ]
    )
    assert [(placed.position, placed.turned) for placed in told] == [
        ("for", False),
        ("demand", False),
        ("against", True),
        ("against", False),
        ("for", True),
    ]


@pytest.mark.parametrize(
    ("carries", "expected"),
    [
        ([], "other"),
        ([("event", "SUPPORT", "actual"), ("event", "THREATEN", "actual")], "threat"),
        ([("stage", "delivery", "conditional")], "condition"),
        ([("stage", "delivery", "planned")], "for"),
        ([("stage", "cancellation", "planned")], "against"),
        ([("stage", "cancellation", "denied")], "for"),
        ([("stage", "contract", "denied")], "against"),
        ([("stage", "contract", "possible")], "other"),
        ([("event", "CONSULT", "actual")], "other"),
    ],
)
def test_a_position_is_the_weightiest_of_what_words_carry(carries: list[tuple[str, str, str]], expected: str) -> None:
    assert position_of(carries) == expected


@pytest.mark.parametrize(
    ("words", "deals", "statements", "reports"),
    [
        ("glad", 0, 5, 5),
        ("harbour closed", 0, 0, 2),
        ('"harbour closed"', 0, 0, 0),
        ("rafale", 1, 0, 0),
        ("turkey s-400", 1, 0, 0),
        ("zebra", 0, 0, 0),
        ("", 0, 0, 0),
    ],
)
def test_search_finds_words_statements_and_deals(client: TestClient, words: str, deals: int, statements: int, reports: int) -> None:
    found = client.get("/search.json", params={"q": words}).json()
    assert (len(found["deals"]), len(found["statements"]), len(found["reports"])) == (deals, statements, reports)
    assert client.get("/search", params={"q": words}).status_code == 200


def test_search_marks_the_words_found(client: TestClient) -> None:
    assert '<mark class="hit">harbour</mark>' in client.get("/search?q=HARBOUR").text


@pytest.mark.parametrize("words", ['"', "AND", "NEAR(", "a* -b", "title:x", "')--", "\u202e"])
def test_no_search_breaks_the_index(client: TestClient, words: str) -> None:
    assert client.get("/search", params={"q": words}).status_code in (200, 400)


def test_sources_tell_what_is_independent(client: TestClient) -> None:
    told = {one["name"]: one for one in client.get("/sources.json").json()["outlets"]}
    assert (told["The Courier"]["reports"], told["The Lantern"]["carried"] + told["The Echo/Daily"]["carried"]) == (3, 2)
    assert client.get("/sources.json").json()["groups"][0]["reports"] == 5
    page = client.get("/sources/The%20Echo%2FDaily")
    assert page.status_code == 200 and "The Courier" in page.text


def test_changes_are_those_of_the_command(client: TestClient, record: Record) -> None:
    with reading(record.engine) as db:
        expected = sorted((change.known, change.deal, change.field) for change in read_changes(db, "2019-12-31"))
    told = client.get("/changes.json?since=2019-12-31").json()["changes"]
    assert sorted((change["known"], change["deal"], change["field"]) for change in told) == expected
    assert "2020-01-05" in client.get("/changes?since=2019-12-31").text


@pytest.mark.parametrize("address", ["/changes", "/states/TR", "/search?q=glad", "DEAL"])
def test_feeds_are_atom_and_keep_their_ids(client: TestClient, record: Record, address: str) -> None:
    path, _, query = address.replace("DEAL", f"/deals/{record.register()[0].deal}").partition("?")
    feeds = [ElementTree.fromstring(client.get(f"{path}.atom?{query}").content) for _ in range(2)]
    ids = [[entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")] for feed in feeds]
    assert feeds[0].tag == f"{ATOM}feed" and ids[0] and len(set(ids[0])) == len(ids[0]) and ids[0] == ids[1]
    for entry in feeds[0].iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None and client.get(link.attrib["href"].removeprefix("http://testserver")).status_code == 200


def test_a_feed_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/changes.atom")
    assert client.get("/changes.atom", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert client.get("/changes.atom", headers={"if-none-match": '"other"'}).status_code == 200


def test_reports_are_listed_the_newest_first(client: TestClient) -> None:
    days = [report["published"] for report in client.get("/reports.json").json()["reports"]]
    assert len(days) == 5 and days == sorted(days, reverse=True)
