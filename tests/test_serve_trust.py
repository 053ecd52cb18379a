"""What protects a record and its readers: hostile texts, headers, names, forms, passwords, sessions, and where it listens."""

from __future__ import annotations

import re
import socket
import stat
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from fastapi.testclient import TestClient

from onrecord.api import Record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.serve import passwords
from onrecord.serve.app import make_app
from onrecord.serve.passwords import hash_password, is_password
from onrecord.store import accounts as store
from onrecord.store.accounts import Accounts
from page_records import client_of, hostile_report, make_record, some_reports

SECRET = "four words in a row"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "svg": "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "link": "javascript:alert(1)//https://x",
    "bidi": "\u202eevil\u2066x\u2069\u200f",
    "controls": "a\x07\x1b[31mb\x7f",
    "closing": "</title></style></textarea></select><base href=//x>",
    "slashes": "../../../etc/passwd%2e%2e",
    "spaces": "a" + "\u00a0" * 50 + "b",
}
PATHS = ("/register", "/changes?since=2000-01-01", "/states", "/people", "/search?q=sold", "/sources", "/reports", "/api")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost next to nothing: how much they should cost is a test of its own."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Page(HTMLParser):
    """The elements, attributes and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    reports = [hostile_report(words, key=f"hostile-{name}") for name, words in HOSTILE.items()]
    with make_record(tmp_path_factory.mktemp("record") / "r.db", [*some_reports(), *reports]) as record:
        yield client_of(record)


def pages_of(client: TestClient) -> Iterator[tuple[str, str]]:
    """Every page that the pages lead to, each kind of address a few times."""
    waiting, seen, kinds = list(PATHS), set[str](), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = address.split("?")[0].split("/")[1]
        if address in seen or kinds.get(kind, 0) > 7:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(address)
        if answer.headers["content-type"].startswith("text/html"):
            yield address, answer.text
            waiting += [
                attrs["href"] or "" for tag, attrs in Page(answer.text).tags if tag == "a" and (attrs.get("href") or "").startswith("/")
            ]


def test_no_page_holds_anything_that_a_report_could_have_put_there(hostile: TestClient) -> None:
    seen = 0
    for address, text in pages_of(hostile):
        seen += 1
        for tag, attrs in Page(text).tags:
            assert tag not in ("script", "style", "img", "iframe", "base", "object", "embed"), f"{tag} in {address}"
            assert not [name for name in attrs if name.startswith("on") or name == "style"], f"{attrs} in {address}"
            for name in ("href", "src", "action", "xlink:href"):
                assert re.match(r"[/#?]|$", attrs.get(name) or ""), f"{attrs} in {address}"
        assert "49" not in re.findall(r"\{\{|49\$", text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f\x07\x1b\x7f]", text), f"a mark that does something in {address}"
    assert seen > 30


def test_hostile_words_are_shown_as_they_are(hostile: TestClient) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile.get("/reports/hostile-script").text
    assert "\ufffdevil" in hostile.get("/reports/hostile-bidi").text
    assert hostile.get("/reports/hostile-bidi.json").json()["view"]["text"].startswith("Norland sold \u202eevil")


def test_feeds_of_hostile_words_are_well_formed(hostile: TestClient) -> None:
    from xml.etree import ElementTree

    for address in ("/changes.atom?since=2000-01-01", "/search.atom?q=sold", "/states/TR.atom"):
        assert ElementTree.fromstring(hostile.get(address).content).tag == "{http://www.w3.org/2005/Atom}feed"


def test_a_title_of_ten_megabytes_costs_no_page_much(tmp_path: Path) -> None:
    report = hostile_report("Rafale", title="<b>" + "A" * 10_000_000)
    with make_record(tmp_path / "r.db", [report]) as record:
        client = client_of(record)
        for address in (
            "/register",
            "/reports/hostile",
            "/reports",
            "/changes?since=2000-01-01",
            f"/deals/{record.register()[0].deal}",
            "/search?q=sold",
        ):
            start = time.process_time()
            answer = client.get(address)
            assert answer.status_code == 200 and len(answer.content) < 200_000, address
            assert time.process_time() - start < 5, address


def test_every_answer_forbids_what_is_not_ours(hostile: TestClient) -> None:
    for address in (*PATHS, "/nowhere", "/register.json", "/static/desk.css", "/openapi.json", "/changes.atom"):
        headers = hostile.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_over_tls_a_browser_is_told_to_stay_with_it(hostile: TestClient) -> None:
    assert "strict-transport-security" not in hostile.get("/register").headers
    assert hostile.get("https://testserver/register").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("address", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_nothing_but_our_own_files_is_handed_out(hostile: TestClient, address: str) -> None:
    assert hostile.get(address).status_code == 404


def test_a_name_that_points_here_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        client = TestClient(make_app(record, hosts=frozenset(("localhost", "[::1]"))), base_url="http://localhost")
        assert client.get("/register").status_code == 200
        assert client.get("/register", headers={"host": "localhost:8000"}).status_code == 200
        assert client.get("/register", headers={"host": "[::1]:8000"}).status_code == 200
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""):
            assert client.get("/register", headers={"host": host}).status_code == 421


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with make_record(tmp_path / "r.db", some_reports()) as made:
        yield made


def with_account(record: Record, role: str = "reviewer", **more: object) -> TestClient:
    path = str(record.engine.url.database)
    Accounts(path).add("Ada Ek", role, hash_password(SECRET))
    return TestClient(make_app(record, **more), follow_redirects=False)  # type: ignore[arg-type]


def sign_in(client: TestClient, name: str = "Ada Ek", password: str = SECRET, **more: str) -> int:
    page = client.get("/sign-in").text
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return client.post("/sign-in", data={"name": name, "password": password, "token": found[1], **more}).status_code


def form_token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/register").text)
    assert found
    return found[1]


def test_signing_in_and_out(record: Record) -> None:
    client = with_account(record)
    assert "Sign out" not in client.get("/register").text
    assert sign_in(client) == 303
    cookie = next(iter(cookie for cookie in client.cookies.jar if cookie.name == "onrecord_session"))
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "lax"
    assert "Ada Ek" in client.get("/register").text
    token = form_token(client)
    assert client.post("/sign-out", data={"token": "x"}).status_code == 403
    assert client.post("/sign-out", data={"token": token}).status_code == 303
    client.cookies.set("onrecord_session", str(cookie.value))
    assert "Ada Ek" not in client.get("/register").text, "the old token is dead, not only forgotten"


@pytest.mark.parametrize(
    ("name", "password"), [("Ada Ek", "wrong"), ("Nobody", SECRET), ("", ""), ("Ada Ek", ""), ("ada ek' OR 1=1", SECRET)]
)
def test_no_name_with_another_password(record: Record, name: str, password: str) -> None:
    client = with_account(record)
    assert sign_in(client, name, password) == 403
    assert "onrecord_session" not in client.cookies


def test_guessing_ends_soon_and_the_right_password_waits_too(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    client = with_account(record)
    told = [sign_in(client, password=f"guess {number}") for number in range(store.FAILS_OF_NAME + 1)]
    assert told == [403] * store.FAILS_OF_NAME + [429]
    assert sign_in(client) == 429
    later = time.time() + store.WINDOW + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert sign_in(client) == 303


def test_a_form_of_another_site_does_nothing(record: Record) -> None:
    client = with_account(record)
    assert client.post("/sign-in", data={"name": "Ada Ek", "password": SECRET, "token": "x"}).status_code == 403
    assert sign_in(client) == 303
    token = form_token(client)
    assert client.post("/sign-out", data={"token": token}, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/sign-out", data={"token": token}, headers={"origin": "http://testserver"}).status_code == 303


@pytest.mark.parametrize("seconds", [store.IDLE + 61, store.LONGEST + 1])
def test_a_session_ends(record: Record, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    client = with_account(record)
    assert sign_in(client) == 303
    later = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: later)
    assert "Ada Ek" not in client.get("/register").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"])
def test_signing_in_leads_nowhere_else(record: Record, back: str) -> None:
    client = with_account(record)
    page = client.get("/sign-in").text
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    answer = client.post("/sign-in", data={"name": "Ada Ek", "password": SECRET, "token": found[1], "back": back})
    assert answer.headers["location"] == "/register"


def test_a_private_record_is_read_by_those_who_signed_in(record: Record) -> None:
    client = with_account(record, "reader", reading_open=False)
    for address in ("/register", "/deals/x", "/api", "/export/sipri-csv"):
        assert client.get(address).status_code == 303
    assert client.get("/register.json").status_code == 401
    assert client.get("/register?state=TR").headers["location"] == "/sign-in?back=%2Fregister%3Fstate%3DTR"
    assert sign_in(client) == 303
    assert client.get("/register").status_code == 200


def test_only_an_admin_makes_accounts(record: Record) -> None:
    client = with_account(record, "reviewer")
    assert client.get("/accounts").status_code == 303
    assert sign_in(client) == 303
    assert client.get("/accounts").status_code == 403
    made = {"token": form_token(client), "name": "Bo", "password": SECRET, "role": "admin"}
    assert client.post("/accounts", data=made).status_code == 403
    assert [account.name for account in Accounts(str(record.engine.url.database)).all()] == ["Ada Ek"]


def names_shown(client: TestClient) -> list[str]:
    """The accounts that their page lists; the page's token, which is drawn, may hold any two letters."""
    return re.findall(r'<th scope="row">(.*?)</th>', client.get("/accounts").text)


def test_an_admin_makes_accounts_and_takes_them_away(record: Record) -> None:
    client = with_account(record, "admin")
    sign_in(client)
    token = form_token(client)
    assert client.post("/accounts", data={"token": token, "name": "Bo", "password": SECRET, "role": "reader"}).status_code == 303
    assert client.post("/accounts", data={"token": token, "name": "bo", "password": SECRET}).status_code == 400, "one name, one account"
    assert client.post("/accounts", data={"token": token, "name": "Cy", "password": "short"}).status_code == 400
    assert client.post("/accounts", data={"token": token, "remove": "Ada Ek"}).status_code == 400, "not the last way in"
    assert names_shown(client) == ["Ada Ek", "Bo"]
    assert client.post("/accounts", data={"token": token, "remove": "Bo"}).status_code == 303
    assert names_shown(client) == ["Ada Ek"]


def test_a_form_without_end_is_refused(record: Record) -> None:
    client = with_account(record)
    assert client.post("/sign-in", content=b"name=" + b"x" * 200_000).status_code == 413

    def pour() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * 10_000

    assert client.post("/sign-in", content=pour(), headers={"content-type": "application/x-www-form-urlencoded"}).status_code in (
        400,
        403,
        413,
    )


def test_passwords_are_kept_as_argon2_and_for_the_owner_alone(record: Record) -> None:
    with_account(record)
    path = Path(f"{record.engine.url.database}.accounts")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    held = Accounts(str(record.engine.url.database)).password_of("Ada Ek")
    assert held and held.startswith("$argon2id$") and SECRET.encode() not in path.read_bytes()
    assert is_password(held, SECRET) and not is_password(held, SECRET + " ") and not is_password(None, "no account has this password")


def test_a_hash_costs_what_rfc_9106_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.HASHER.type.name == "ID" and passwords.HASHER.memory_cost >= 64 * 1024 and passwords.HASHER.time_cost >= 3


@pytest.mark.parametrize("password", ["", "short", "x" * 500])
def test_a_password_has_some_length(password: str) -> None:
    with pytest.raises(BadInput, match="12 to 200"):
        hash_password(password)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_nobody_else_is_served_before_a_password_is_set(record: Record, host: str) -> None:
    done = CliRunner().invoke(main, ["serve", str(record.engine.url.database), "--host", host])
    assert done.exit_code == 2 and "no password is set" in done.output and "onrecord account" in done.output


def test_a_port_that_is_taken_is_said_before_any_address_is(record: Record) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", str(record.engine.url.database), "--port", str(port)])
    assert done.exit_code == 2
    assert done.output.startswith(f"onrecord: nobody can listen at 127.0.0.1:{port} (") and "give another --port" in done.output


def test_port_0_asks_for_any_that_is_free(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: dict[str, object] = {}
    monkeypatch.setattr("uvicorn.run", lambda *_, **asked: ran.update(asked))
    done = CliRunner().invoke(main, ["serve", str(record.engine.url.database), "--port", "0"])
    assert done.exit_code == 0 and ran["port"] != 0 and f"http://127.0.0.1:{ran['port']}/" in done.output


def test_accounts_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_record(tmp_path / "r.db", []):
        pass
    path, run = str(tmp_path / "r.db"), CliRunner()
    assert "Nobody yet" in run.invoke(main, ["account", path, "list"]).output
    assert run.invoke(main, ["account", path, "add", "Ada Ek", "--role", "admin"], input=f"{SECRET}\n{SECRET}\n").exit_code == 0
    assert run.invoke(main, ["account", path, "list"]).output == "Ada Ek  admin\n"
    monkeypatch.setenv("ONRECORD_PASSWORD", "another four words")
    before = Accounts(path).password_of("Ada Ek")
    assert run.invoke(main, ["account", path, "password", "Ada Ek"]).exit_code == 0
    assert Accounts(path).password_of("Ada Ek") != before
    assert run.invoke(main, ["account", path, "add", "<b>"]).exit_code == 2
    assert run.invoke(main, ["account", path, "remove", "Ada Ek"]).exit_code == 0
    assert run.invoke(main, ["account", path, "remove", "Ada Ek"]).exit_code == 2


def test_a_deal_as_one_page_needs_nothing_else(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", [*some_reports(), hostile_report(HOSTILE["script"], key="h")]) as record:
        deals = [row.deal for row in record.register()]
    for number, deal in enumerate(deals):
        out = tmp_path / f"{number}.html"
        assert CliRunner().invoke(main, ["report", str(tmp_path / "r.db"), deal[:10], "-o", str(out)]).exit_code == 0
        text = out.read_text(encoding="utf-8")
        tags = Page(text).tags
        assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe", "form")]
        anchors = {attrs.get("id") for _, attrs in tags}
        inside = [attrs["href"] or "" for tag, attrs in tags if tag == "a" and "href" in attrs]
        assert inside and all(href.startswith("#") and href[1:] in anchors for href in inside)
        assert "default-src 'none'; style-src 'sha256-" in text and "How this was made" in text


@pytest.mark.parametrize(("out", "said"), [("deal.txt", "ends in .html or .pdf"), ("none/deal.html", "no folder")])
def test_a_page_that_cannot_be_written_is_said_so(tmp_path: Path, out: str, said: str) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as record:
        deal = record.register()[0].deal
    done = CliRunner().invoke(main, ["report", str(tmp_path / "r.db"), deal, "-o", str(tmp_path / out)])
    assert done.exit_code == 2 and said in done.output


@pytest.mark.parametrize("address", ["sqlite:///desk/my.db", "sqlite:///file:desk/my.db?immutable=1&uri=true"])
def test_a_record_that_may_only_be_read_has_the_same_accounts(address: str) -> None:
    from sqlalchemy import create_engine

    assert str(store.Accounts(create_engine(address)).path) == str(store.Accounts("desk/my.db").path) == "desk/my.db.accounts"


def test_accounts_of_no_record_are_not_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["account", str(tmp_path / "none.db"), "add", "Ada Ek"])
    assert done.exit_code == 2 and "no record here" in done.output and not list(tmp_path.iterdir())
