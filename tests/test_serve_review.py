"""Review on the pages: who may, the queue, each act by its form and by keyboard, what the pages show of it, and that it can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from onrecord import review
from onrecord.api import Record
from onrecord.serve import passwords
from onrecord.serve.app import make_app
from onrecord.store.accounts import Accounts
from page_records import hostile_report, make_record, some_reports
from reports import TEXT, make_report
from test_serve_trust import HOSTILE, Page

SECRET = "four words in a row"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost next to nothing."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    unsure = make_report(
        "five", number=None, published="2019-09-01", stages=[("contract", "possible", None)], inferred=("supplier", "equipment")
    )
    # A text of its own: what is decided on words holds in every report of that very text.
    apart = make_report(
        "four",
        supplier="FR",
        recipient="IN",
        equipment="Rafale",
        published="2021-03-01",
        stages=[("negotiation", "possible", "2022")],
        text=f"{TEXT} The yard lies in the north.",
    )
    with make_record(tmp_path / "r.db", [*some_reports()[:3], apart, unsure]) as made:
        yield made


def signed_in(record: Record, role: str = "reviewer") -> TestClient:
    Accounts(str(record.engine.url.database)).add("Ada Ek", role, passwords.hash_password(SECRET))
    client = TestClient(make_app(record), follow_redirects=False)
    token = re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)
    assert token and client.post("/sign-in", data={"name": "Ada Ek", "password": SECRET, "token": token[1]}).status_code == 303
    return client


def token_of(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/register").text)
    assert found
    return found[1]


def deal_of(record: Record, equipment: str) -> str:
    return next(row.deal for row in record.register() if row.equipment == equipment)


def post(client: TestClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"token": token_of(client), **form})


@pytest.mark.parametrize("address", ["/review", "/acts"])
def test_review_is_for_reviewers(record: Record, address: str) -> None:
    assert TestClient(make_app(record), follow_redirects=False).get(address).status_code == 303
    reader = signed_in(record, "reader")
    assert reader.get(address).status_code == 403
    assert "review" not in reader.get(f"/deals/{deal_of(record, 'S-400')}").text.lower().replace("nile defence review", "")


@pytest.mark.parametrize("path", ["/review/act", "/review/judge", "/review/undo", "/review/add"])
def test_no_form_of_a_stranger_acts(record: Record, path: str) -> None:
    form = {
        "verb": "accept",
        "target": "one#t1",
        "left": "one#t1",
        "right": "two#t1",
        "verdict": "same",
        "act": "1",
        "report": "one",
        "kind": "transfer",
        "field": "equipment",
        "value": "x",
        "words": "S-400",
    }
    stranger = TestClient(make_app(record), follow_redirects=False)
    assert stranger.post(path, data={**form, "token": "x"}).status_code == 401
    assert signed_in(record).post(path, data={**form, "token": "x"}).status_code == 403
    assert review.acts(record) == []


def test_a_cell_is_accepted_corrected_and_given_back(record: Record) -> None:
    client = signed_in(record)
    deal = deal_of(record, "Rafale")
    assert post(client, "/review/act", verb="accept", target=f"{deal}:supplier=FR", why="the order says so").status_code == 303
    done = post(
        client, "/review/act", verb="correct", target="four#t1:quantity", value="36 aircraft", why="read wrongly", back=f"/deals/{deal}"
    )
    assert done.headers["location"].startswith(f"/deals/{deal}?done=")
    page = client.get(done.headers["location"]).text
    assert "36 aircraft" in page and "accepted by Ada Ek" in page and "corrected by Ada Ek" in page and "Undo it" in page
    assert client.get("/register").text.count("decided by Ada Ek") == 2
    assert [act.act.by for act in review.acts(record)] == ["Ada Ek", "Ada Ek"]
    acts = client.get("/acts.json").json()["acts"]
    assert [(act["verb"], act["why"]) for act in acts] == [("correct", "read wrongly"), ("accept", "the order says so")]
    assert post(client, "/review/undo", act=acts[0]["id"]).status_code == 303
    assert "36 aircraft" not in client.get(f"/deals/{deal}").text.replace("should say", "")
    assert "undone" in client.get("/acts").text


def test_a_finding_is_rejected_and_leaves_the_register(record: Record) -> None:
    client = signed_in(record)
    assert post(client, "/review/act", verb="reject", target="four#t1", why="no deal").status_code == 303
    assert [row.equipment for row in record.register() if row.equipment == "Rafale"] == []


def test_a_remark_is_kept(record: Record) -> None:
    client = signed_in(record)
    assert post(client, "/review/act", verb="remark", target="one#t1", why="ask the desk in Oslo").status_code == 303
    assert "ask the desk in Oslo" in client.get("/acts").text


def test_two_deals_are_judged_to_be_one(record: Record) -> None:
    client = signed_in(record)
    left, right = deal_of(record, "S-400"), deal_of(record, "Patriot")
    assert post(client, "/review/judge", left=left, right=right, verdict="same", why="one tender").status_code == 303
    assert len(record.register()) == len(some_reports()) - 2


def test_two_statements_are_said_to_be_of_two_speakers(record: Record) -> None:
    client = signed_in(record)
    page = client.get("/people/Ada Ek").text
    first, *_, last = re.findall(r'<option value="(finding:[0-9a-f]{24})"', page)
    done = post(client, "/review/judge", left=first, right=last, verdict="different", why="a namesake", back="/people/Ada%20Ek")
    assert done.headers["location"] == "/people/Ada%20Ek?done=1" and "Act 1 is on record" in client.get(done.headers["location"]).text
    (only,) = review.acts(record)
    assert [target.seen.kind for target in only.act.targets] == ["statement", "statement"]


def test_what_was_missed_is_added_from_its_words(record: Record) -> None:
    client = signed_in(record)
    form = {
        "report": "four",
        "kind": "stage",
        "part_of": "t1",
        "why": "missed",
        "field": ["stage", "modality", "when"],
        "value": ["delivery", "actual", "2019-07"],
        "words": ["Delivery began", "Delivery began", "July 2019"],
    }
    assert post(client, "/review/add", **form).status_code == 303
    row = next(row for row in record.register() if row.equipment == "Rafale")
    assert row.stage == {"stage": "delivery", "modality": "actual", "when": "2019-07", "according_to": None}


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/review/act", {"verb": "correct", "target": "one#t1:quantity", "value": "many"}, "no quantity"),
        ("/review/act", {"verb": "accept", "target": "nowhere#t1"}, "no report"),
        ("/review/act", {"verb": "burn", "target": "one#t1"}, "nothing that a reviewer does"),
        ("/review/judge", {"left": "one#t1", "right": "one#t1", "verdict": "same"}, "same"),
        ("/review/undo", {"act": "99"}, "99"),
        ("/review/add", {"report": "one", "kind": "stage", "field": ["stage"], "value": ["delivery"], "words": ["S-400"]}, "needs"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_done(record: Record, path: str, form: dict[str, Any], said: str) -> None:
    client = signed_in(record)
    answer = post(client, path, **form)
    assert answer.status_code == 400 and said in answer.text
    assert review.acts(record) == []


@pytest.mark.parametrize("back", ["//evil.example/x", "https://evil.example", "javascript:alert(1)", "/a\nb"])
def test_an_act_leads_back_to_our_pages_alone(record: Record, back: str) -> None:
    done = post(signed_in(record), "/review/act", verb="accept", target="one#t1", back=back)
    assert done.headers["location"].startswith("/review?done=")


def test_the_queue_shows_words_and_takes_kinds(record: Record) -> None:
    client = signed_in(record)
    told = client.get("/review.json").json()["items"]
    assert {item["kind"] for item in told} <= {"conflict", "unsure", "score", "look", "orphan"} and told
    for kind in ("conflict", "unsure", "score", "look", "orphan"):
        assert client.get(f"/review.json?kind={kind}").json()["items"] == [item for item in told if item["kind"] == kind]
    assert client.get("/review?kind=nonsense").status_code == 400
    page = client.get("/review").text
    assert 'data-key="a"' in page and '<script src="/static/review.js" defer></script>' in page


def test_a_page_of_one_deal_shows_no_forms(record: Record) -> None:
    from onrecord.serve.handout import deal_page

    review.accept(record, "one#t1", by="Ada Ek")
    page = deal_page(record, deal_of(record, "S-400")).decode()
    assert "accepted by Ada Ek" in page and "<form" not in page


def test_no_hostile_word_of_a_report_or_of_a_reviewer_becomes_a_part_of_a_page(tmp_path: Path) -> None:
    reports = [hostile_report(words, key=f"hostile-{name}") for name, words in HOSTILE.items()]
    with make_record(tmp_path / "r.db", [*some_reports(), *reports]) as record:
        client = signed_in(record, "admin")
        for words in HOSTILE.values():
            assert post(client, "/review/act", verb="remark", target="hostile-script#t1", why=words).status_code == 303
        deals = [f"/deals/{row.deal}" for row in record.register()]
        for address in ("/review", "/acts", "/accounts", *deals, *(f"/reports/hostile-{name}" for name in HOSTILE)):
            page = client.get(address)
            assert page.status_code == 200, address
            for tag, attrs in Page(page.text).tags:
                assert tag not in ("img", "iframe", "base", "style") and not [name for name in attrs if name.startswith("on")], address
                assert tag != "script" or attrs == {"src": "/static/review.js", "defer": None}, address
