"""Tests of endpoint/ against a local server that answers, lies, stalls, drips, breaks off and returns rubbish; no model is needed."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from onrecord.api import open_record
from onrecord.asking import add_by_endpoint
from onrecord.clean.document import make_document
from onrecord.cli import main
from onrecord.endpoint.answers import answer_schema
from onrecord.endpoint.asking import KEY, Cost, Endpoint, NoAnswer, ask
from onrecord.endpoint.grounding import ground, numbers_in, parties_in, place_of
from onrecord.endpoint.reading import MOST_CHARACTERS, Tally, read_documents
from onrecord.errors import BadInput
from onrecord.records import Document
from onrecord.vocab import meanings

CONNECT = socket.socket.connect
TEXT = (
    "Norland's ministry said on Monday that Russia delivered four S-400 systems to Turkey under a contract worth $2.5 billion"
    " signed in 2017.\n"
    "“We are content,” said Ada Ek, a minister of Norland. The United States condemned the delivery."
)


def cell(value: Any, quote: str) -> dict[str, Any]:
    return {"value": value, "quote": quote}


def true_answer() -> dict[str, Any]:
    stage = {
        "stage": "delivery",
        "modality": "actual",
        "quote": "delivered",
        "when": None,
        "according_to": cell("Norland's ministry", "Norland's ministry"),
    }
    signed = {
        "stage": "contract",
        "modality": "actual",
        "quote": "a contract",
        "when": cell("2017", "signed in 2017"),
        "according_to": None,
    }
    transfer = {
        "supplier": [cell("RU", "Russia")],
        "recipient": [cell("TR", "Turkey")],
        "equipment": cell("S-400", "S-400"),
        "quantity": cell({"number": 4, "unit": "system"}, "four S-400 systems"),
        "value": cell({"amount": 2.5e9, "currency": "USD"}, "$2.5 billion"),
        "stages": [stage, signed],
    }
    statement = {
        "speaker": cell("Ada Ek", "Ada Ek"),
        "role": cell("minister", "a minister"),
        "organization": None,
        "content": "We are content,",
        "about": [1],
    }
    event = {
        "actor": [cell("US", "The United States")],
        "recipient": [cell("RU", "Russia")],
        "plover": "ACCUSE",
        "modality": "actual",
        "quote": "condemned",
        "when": None,
        "about": [1],
    }
    return {"transfers": [transfer], "statements": [statement], "events": [event]}


def document(text: str = TEXT, key: str = "one") -> Document:
    return make_document(text, key=key, title="A delivery", outlet="The Courier", published="2019-07-15", uri=f"{key}.txt")


class Server:
    """A server that answers by a function of the question; it keeps what it was asked."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append(body)
                server.headers.append({"path": self.path, **dict(self.headers.items())})
                answer(self, body)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def completion(content: Any) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content)
    usage = {"prompt_tokens": 900, "completion_tokens": 100}
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage}).encode()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """serve(answer) starts a server; nothing but this machine can be reached."""

    def connect(self: socket.socket, address: Any) -> None:
        if address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError("a test tried to reach the network")
        CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr("onrecord.endpoint.asking.LONGEST_WAIT", 0.01)
    servers: list[Server] = []

    def start(answer: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.http.shutdown()
        server.http.server_close()


def answering(content: Any) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    return lambda handler, body: reply(handler, completion(content))


# What the words bear out


def test_a_true_answer_becomes_the_findings_of_any_extractor() -> None:
    found = ground(document(), true_answer(), made_by="llm/1+m")
    assert found.dropped == {} and [finding.key for finding in found.findings] == ["t1", "t1.s1", "t1.s2", "q1", "e1"]
    transfer, delivery, contract, statement, event = found.findings
    assert (transfer.all("supplier"), transfer.all("recipient"), transfer["equipment"]) == (["RU"], ["TR"], "S-400")
    assert (transfer["quantity"], transfer["value"]) == ({"number": 4, "unit": "system"}, {"amount": 2_500_000_000, "currency": "USD"})
    assert (delivery["stage"], delivery["according_to"], delivery.part_of, contract["when"]) == (
        "delivery",
        "Norland's ministry",
        "t1",
        "2017",
    )
    assert (statement["speaker"], statement["kind"], statement["content"], statement.about) == (
        "Ada Ek",
        "direct",
        "We are content,",
        ("t1",),
    )
    assert (event["plover"], event.all("actor"), event.about) == ("ACCUSE", ["US"], ("t1",))
    assert {finding.made_by for finding in found.findings} == {"llm/1+m"}
    for finding in found.findings:
        for claim in finding.claims:
            assert TEXT[claim.start : claim.end] == claim.quote and not claim.inferred
    assert found.kept == sum(len(finding.claims) for finding in found.findings)


def change(path: str, value: Any) -> dict[str, Any]:
    """The true answer with one place changed: "transfers.0.value.quote"."""
    answer = true_answer()
    *steps, last = path.split(".")
    held: Any = answer
    for step in steps:
        held = held[int(step)] if step.isdigit() else held[step]
    held[int(last) if last.isdigit() else last] = value
    return answer


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("transfers.0.supplier.0.quote", "Moscow", "not in the report"),
        ("transfers.0.supplier.0.value", "CN", "name another party"),
        ("transfers.0.supplier.0.value", "Atlantis", "no state or organisation"),
        ("transfers.0.equipment.value", "S-300", "other equipment"),
        ("transfers.0.quantity.value.number", 40, "number is not in its words"),
        ("transfers.0.quantity.value.number", "four", "no number"),
        ("transfers.0.quantity.value.number", -1, "no number"),
        ("transfers.0.value.value.amount", 2.5e6, "sum is not in its words"),
        ("transfers.0.value.value.currency", "ZZZ", "no currency"),
        ("transfers.0.stages.0.stage", "rumour", "no stage or modality"),
        ("transfers.0.stages.0.modality", "certain", "no stage or modality"),
        ("transfers.0.stages.0.quote", "handed over", "not in the report"),
        ("transfers.0.stages.1.when.value", "last year", "no date"),
        ("transfers.0.stages.0.according_to.value", "the Kremlin", "say something else"),
        ("statements.0.content", "We are delighted", "not in the report"),
        ("statements.0.speaker.quote", "Bo Ek", "say something else"),
        ("events.0.plover", "LAUGH", "no root"),
        ("events.0.actor", [], "without an actor"),
        ("transfers.0.equipment", None, "without equipment"),
    ],
)
def test_a_lie_is_dropped_and_counted(path: str, value: Any, why: str) -> None:
    honest, lying = ground(document(), true_answer(), made_by="m"), ground(document(), change(path, value), made_by="m")
    assert any(why in reason for reason in lying.dropped), lying.dropped
    assert lying.kept < honest.kept
    kept = {(claim.field, json.dumps(claim.value), claim.start) for finding in honest.findings for claim in finding.claims}
    assert {(claim.field, json.dumps(claim.value), claim.start) for finding in lying.findings for claim in finding.claims} <= kept


def test_words_that_name_nobody_make_a_value_inferred() -> None:
    found = ground(document(), change("transfers.0.supplier.0.quote", "delivered"), made_by="m")
    claim = found.findings[0].claim("supplier")
    assert claim is not None and claim.inferred and claim.reason == "the words name no party"


@pytest.mark.parametrize(
    "rubbish", [None, 3, "x", [], [1], {"transfers": 3}, {"transfers": [None, [], "x", {"stages": {}}]}, {"events": [{}]}]
)
def test_no_answer_can_break_it(rubbish: Any) -> None:
    assert ground(document(), rubbish, made_by="m").findings == []


def test_words_may_differ_in_white_space_alone() -> None:
    text = "four S-400\n  systems"
    assert place_of(text, "S-400 systems") == (5, len(text)) and place_of(text, "S-400systems") is None
    assert [place_of(text, quote) for quote in ("", " ", None, 3, "x " * 500)] == [None] * 5


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("four systems", 4),
        ("two hundred and six tanks", 206),
        ("3,000 rounds", 3000),
        ("$2.5 billion", 2.5e9),
        ("1.2bn euros", 1.2e9),
        ("some tanks", None),
    ],
)
def test_numbers_are_found_in_their_words(words: str, number: float | None) -> None:
    assert number in numbers_in(words) if number is not None else not numbers_in(words)


@pytest.mark.parametrize(
    ("words", "codes"),
    [("the Russian side", {"RU"}), ("Turkey and the US", {"TR", "US"}), ("NATO", {"org:NATO"}), ("the buyer told us", set())],
)
def test_parties_are_found_in_their_words(words: str, codes: set[str]) -> None:
    assert parties_in(words) == codes


def test_the_schema_is_that_of_the_vocabulary() -> None:
    stage = answer_schema()["properties"]["transfers"]["items"]["properties"]["stages"]["items"]["properties"]
    assert stage["stage"]["enum"] == list(meanings("stages")["stage"])
    assert answer_schema()["properties"]["events"]["items"]["properties"]["plover"]["enum"] == list(meanings("plover")["roots"])


# What the endpoint does


def test_what_is_asked_and_what_it_cost(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "secret")
    server, tally = serve(answering(true_answer())), Tally()
    endpoint = Endpoint(server.url + "/", "some-model", prices=(2.0, 10.0))
    (read,) = read_documents(endpoint, [document()], tally)
    assert read.answered and len(read.findings) == 5 and read.issues == ()
    (asked,), (headers,) = server.asked, server.headers
    assert (headers["path"], headers["Authorization"]) == ("/v1/chat/completions", "Bearer secret")
    assert asked["response_format"]["type"] == "json_schema" and asked["response_format"]["json_schema"]["schema"] == answer_schema()
    assert (asked["model"], asked["temperature"]) == ("some-model", 0) and TEXT in asked["messages"][1]["content"]
    assert (tally.cost.tokens_read, tally.cost.tokens_written, tally.cost.tries) == (900, 100, 1)
    assert tally.cost.price(endpoint) == pytest.approx(0.0028)
    assert "secret" not in " ".join(tally.lines(endpoint)) and "0.0028" in tally.lines(endpoint)[0]


@pytest.mark.parametrize(
    "content",
    ["", "I cannot help with that.", '{"transfers": [', "[" * 5000, "\x00", json.dumps(true_answer())[:-40]],
    ids=lambda c: c[:12],
)
def test_broken_json_is_tried_again_and_given_up(serve: Callable[..., Server], content: str) -> None:
    server, tally = serve(answering(content)), Tally()
    (read,) = read_documents(Endpoint(server.url, "m", tries=3), [document()], tally)
    assert not read.answered and read.findings == () and "no JSON" in read.issues[0].what
    assert (len(server.asked), tally.without_answer, tally.read) == (3, 1, 0)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"choices": []}', b'{"choices": [{"message": null}]}', b"\xff\xfe", b'{"choices": 3}']
)
def test_a_reply_of_another_shape_is_no_answer(serve: Callable[..., Server], body: bytes) -> None:
    server = serve(lambda handler, asked: reply(handler, body))
    with pytest.raises(NoAnswer, match="no JSON"):
        ask(Endpoint(server.url, "m", tries=2), "s", "u", Cost())


def test_json_between_fences_is_read(serve: Callable[..., Server]) -> None:
    server = serve(answering("Here it is:\n```json\n" + json.dumps(true_answer()) + "\n```\nDone."))
    assert ask(Endpoint(server.url, "m", tries=1), "s", "u", Cost()) == true_answer()


def test_a_server_that_stalls_is_left(serve: Callable[..., Server]) -> None:
    gone = threading.Event()
    server = serve(lambda handler, asked: gone.wait(20) and None)
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="within 0.3 seconds.*2 tries"):
        ask(Endpoint(server.url, "m", seconds=0.3, tries=2), "s", "u", Cost())
    gone.set()
    assert time.monotonic() - started < 5


def test_a_server_that_drips_is_left(serve: Callable[..., Server]) -> None:
    def drip(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    started = time.monotonic()
    with pytest.raises(NoAnswer, match="no whole answer"):
        ask(Endpoint(serve(drip).url, "m", seconds=0.4, tries=1), "s", "u", Cost())
    assert time.monotonic() - started < 5


def test_an_endless_answer_is_cut(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.endpoint.asking.MOST_BYTES", 1000)
    with pytest.raises(NoAnswer, match="longer than 1000 bytes"):
        ask(Endpoint(serve(answering("x" * 5000)).url, "m"), "s", "u", Cost())


def test_a_connection_that_breaks_off_is_tried_again(serve: Callable[..., Server]) -> None:
    tries = iter(range(10))

    def half(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        if next(tries) < 1:
            handler.send_response(200)
            handler.send_header("Content-Length", "5000")
            handler.end_headers()
            handler.wfile.write(b"{")
        else:
            reply(handler, completion(true_answer()))

    cost = Cost()
    assert ask(Endpoint(serve(half).url, "m", tries=2), "s", "u", cost) == true_answer() and cost.tries == 2


@pytest.mark.parametrize(("status", "tries"), [(429, 3), (503, 3), (500, 3), (401, 1), (404, 1), (302, 1)])
def test_what_may_pass_is_tried_again_and_what_does_not_is_told(serve: Callable[..., Server], status: int, tries: int) -> None:
    server = serve(lambda handler, asked: reply(handler, b"no such key\x1b", status, Retry_After="0", Location="http://203.0.113.1/"))
    with pytest.raises(NoAnswer, match=str(status)):
        ask(Endpoint(server.url, "m", tries=3), "s", "u", Cost())
    assert len(server.asked) == tries


def test_a_server_that_knows_no_schema_is_asked_otherwise(serve: Callable[..., Server]) -> None:
    def old(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        reply(handler, b"unknown field", 400) if "response_format" in asked else reply(handler, completion(true_answer()))

    server, cost = serve(old), Cost()
    endpoint = Endpoint(server.url, "m", tries=1)
    assert ask(endpoint, "s", "u", cost) == true_answer() == ask(endpoint, "s", "u", cost)
    assert [asked.get("response_format", {}).get("type") for asked in server.asked] == ["json_schema", "json_object", None, None]
    assert '"transfers"' in server.asked[-1]["messages"][0]["content"]


def test_nobody_there_is_told(serve: Callable[..., Server]) -> None:
    with pytest.raises(NoAnswer, match="cannot be reached.*2 tries"):
        ask(Endpoint("http://127.0.0.1:9/v1", "m", tries=2, seconds=1), "s", "u", Cost())


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x/", "http://"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(BadInput, match="no address"):
        Endpoint(url, "m")


def test_a_long_report_is_cut_and_says_so(serve: Callable[..., Server]) -> None:
    server = serve(answering(true_answer()))
    (read,) = read_documents(Endpoint(server.url, "m"), [document(TEXT + " word" * MOST_CHARACTERS)], Tally())
    assert "only the first" in read.issues[0].what and read.issues[0].notice
    assert len(server.asked[0]["messages"][1]["content"]) < MOST_CHARACTERS + 200


# The commands


def folder_of(path: Path, *texts: str) -> Path:
    (path / "in").mkdir()
    for place, text in enumerate(texts):
        held = {"id": f"r{place}", "title": "A delivery", "text": text, "published": "2019-07-15", "outlet": "The Courier"}
        (path / "in" / f"r{place}.json").write_text(json.dumps(held))
    return path / "in"


def test_add_puts_it_on_record_once_and_leaves_what_failed_for_the_next_time(serve: Callable[..., Server], tmp_path: Path) -> None:
    broken = {"yes": True}

    def some(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        fails = broken["yes"] and "Second report." in asked["messages"][1]["content"]
        reply(handler, completion("no" if fails else true_answer()))

    server, source = serve(some), folder_of(tmp_path, TEXT, TEXT + " Second report.")
    endpoint = Endpoint(server.url, "m", tries=1)
    with open_record(tmp_path / "record.db") as record:
        first = add_by_endpoint(record, endpoint, [source], Tally())
        assert (first.added, first.skipped) == (1, 1) and record.counts()["document"] == 1
        assert record.check() == []
        (row,) = record.register()
        assert (row.supplier, row.recipient, row.equipment, row.evidence["supplier"].quote) == (("RU",), ("TR",), "S-400", "Russia")
        assert [said.content for said in record.statements()] == ["We are content,"]
        broken["yes"] = False
        asked = len(server.asked)
        second = add_by_endpoint(record, endpoint, [source], Tally())
        assert (second.added, second.already_known, len(server.asked) - asked) == (1, 1, 1)
        assert record.counts()["document"] == 2 and record.register()[0].reports == 2


def test_the_commands_say_what_was_kept_and_what_it_cost(serve: Callable[..., Server], tmp_path: Path) -> None:
    server, source = serve(answering(change("transfers.0.quantity.value.number", 40))), folder_of(tmp_path, TEXT)
    options = ["--extractor", "llm", "--endpoint", server.url, "--llm-model", "m", "--llm-prices", "1", "2"]
    done = CliRunner().invoke(main, ["extract", str(source), "--out", str(tmp_path / "out"), *options])
    assert done.exit_code == 0, done.output
    assert (
        "1 report written" in done.output
        and "1 were dropped: 1 the number is not in its words" in done.output
        and "900 tokens read" in done.output
    )
    held = json.loads((tmp_path / "out" / "r0.json").read_text("utf-8"))
    assert (
        held["transfers"][0]["supplier"] == ["RU"]
        and held["transfers"][0]["quantity"] is None
        and held["transfers"][0]["stages"][0]["evidence"] == "delivered"
    )
    assert json.loads((tmp_path / "out" / "links.json").read_text("utf-8"))["same_transfer"] == []
    added = CliRunner().invoke(main, ["add", str(tmp_path / "record.db"), str(source), *options])
    assert added.exit_code == 0 and "1 report read, 0 already known, 0 skipped." in added.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--extractor", "llm"], "needs --endpoint"),
        (["--endpoint", "http://x/v1"], "nothing is sent"),
        (["--extractor", "llm", "--endpoint", "x", "--llm-model", "m"], "no address"),
    ],
)
def test_nothing_is_sent_by_mistake(tmp_path: Path, options: list[str], words: str) -> None:
    done = CliRunner().invoke(main, ["add", str(tmp_path / "record.db"), str(tmp_path), *options])
    assert (done.exit_code, words in done.output) == (2, True)
