"""Pages that are kept: the same for everybody who did not sign in, made anew when the record changes, compressed, told by a tag."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from onrecord.serve import kept, rendered
from onrecord.serve.passwords import hash_password
from onrecord.store.accounts import Accounts
from page_records import add_to, client_of, make_record, some_reports
from reports import make_report


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were made, and not taken from those that are kept."""
    addresses: list[str] = []
    make = rendered.Rendered._make

    async def noted(self: Any, request: Any, *more: Any) -> Any:
        addresses.append(request.url.path)
        return await make(self, request, *more)

    monkeypatch.setattr(rendered.Rendered, "_make", noted)
    return addresses


def test_a_page_is_made_once_until_the_record_changes(tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = client_of(record)
        assert client.get("/states").text == client.get("/states").text and made == ["/states"]
        assert client.get("/states?since=2019").text != client.get("/states").text, "another query is another page"
        assert client.get("/states.json").json()["states"], "and another form"
        add_to(record, [make_report("more", supplier="SE", recipient="BR", equipment="Gripen", published="2022-01-01")])
        monkeypatch.setattr(kept, "REST", 1e6)
        assert "Brazil" not in client.get("/states").text, "what was counted before is sent while it may not be counted anew"
        client.app.state.desk.kept.renew("register", ("states", None, None), longest=30)  # type: ignore[attr-defined]
        assert "Brazil" in client.get("/states").text, "but it is not kept"


def test_who_has_the_page_is_told_so(tmp_path: Path, made: list[str]) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = client_of(record)
        first = client.get("/reports/one")
        again = client.get("/reports/one", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"") and again.headers["etag"] == first.headers["etag"]
        assert "content-security-policy" in again.headers
        assert client.get("/reports/two", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
        add_to(record, [make_report("more", text=some_reports()[0].document.text + " More.")])
        assert client.get("/reports/one", headers={"If-None-Match": first.headers["etag"]}).status_code in (200, 304)
        assert made.count("/reports/one") == 2, "the record changed, so it was made anew whatever came of it"


def test_a_page_is_compressed_for_whom_it_helps(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = client_of(record)
        with client.stream("GET", "/register", headers={"Accept-Encoding": "gzip"}) as packed:
            raw = b"".join(packed.iter_raw())
        plain = client.get("/register", headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
        assert gzip.decompress(raw) == plain.content and "Accept-Encoding" in plain.headers["vary"]


def test_what_is_one_persons_own_is_never_kept(tmp_path: Path, made: list[str]) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        Accounts(tmp_path / "r.db").add("Ada Ek", "reviewer", hash_password("four words in a row"))
        client = client_of(record)
        assert "Ada Ek" not in client.get("/sources").text
        token = client.get("/sign-in").text.split('name="token" value="')[1].split('"')[0]
        client.post("/sign-in", data={"name": "Ada Ek", "password": "four words in a row", "token": token})
        own = client.get("/sources")
        assert "Sign out" in own.text and "etag" not in own.headers
        assert "Sign out" not in client_of(record).get("/sources").text
        assert "etag" not in client.get("/review").headers
        assert made == ["/sources", "/sources"]


def test_each_visitor_is_told_what_is_new_to_him(tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    with make_record(tmp_path / "r.db", some_reports()) as record:
        early, late = client_of(record), None
        app = early.app
        early.get("/register")
        add_to(record, [make_report("more", supplier="SE", recipient="BR", equipment="Gripen", published="2022-01-01")])
        app.state.desk.kept.renew("register", longest=30)  # type: ignore[attr-defined]
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + 3600)
        late = type(early)(app, follow_redirects=False)
        assert "1 deal with news since your last visit" in early.get("/register").text
        assert "since your last visit" not in late.get("/register").text
        assert "1 deal with news since your last visit" in early.get("/register").text, "kept for him, and for nobody else"
        assert late.cookies["onrecord_visit"].split(".")[1] == early.cookies["onrecord_visit"].split(".")[1]


def test_what_is_kept_is_bounded(tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "ROOM", 12_000)
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = client_of(record)
        for year in range(2000, 2020):
            client.get(f"/register?year={year}")
        client.get("/register?year=2019")
        assert made.count("/register") == 20, "the last one is still held"
        client.get("/register?year=2000")
        assert made.count("/register") == 21, "the first one has made room"


def test_errors_and_downloads_are_not_kept(tmp_path: Path, made: list[str]) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = client_of(record)
        for address in ("/deals/ffffff", "/register?year=x"):
            assert client.get(address).status_code in (400, 404) and "etag" not in client.get(address).headers
        assert len(made) == 4
        deal = record.register()[0].deal
        assert "etag" not in client.get(f"/deals/{deal}/alone").headers and "etag" not in client.get("/register.csv").headers
