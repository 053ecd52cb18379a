"""Following feeds: what is new comes on record and is told, nothing is asked twice, and neither dead feeds nor a kill do harm."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

import onrecord
from local_web import Site, allow_loopback, serving
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput, StoreError
from onrecord.following import FeedNews, feeds_of, follow_once
from onrecord.read.web import GIVEN_UP, Visit, Web
from onrecord.store.database import reading
from onrecord.store.feeds import Visits, resting
from onrecord.watching import Span

COMMAND = "from onrecord.cli import main; main()"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_loopback(monkeypatch)
    monkeypatch.setenv("ONRECORD_MODEL", "none")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with open_record(tmp_path / "record.db") as opened:
        yield opened


def page(n: int) -> str:
    words = (
        f"Turkey signed a contract with Russia for {n} S-400 air defence systems worth $2.{n} billion, the defence minister said on Monday."
    )
    body = f"<article><p>{words}</p><p>Deliveries of the S-400 begin in 2021.</p></article>"
    return f"<html><head><title>Report {n}</title></head><body>{body}</body></html>"


def put_feed(site: Site, path: str, numbers: list[int], *, etag: str) -> None:
    items = "".join(
        f"<item><title>Report {n}</title><link>{site.address}/{n}</link><pubDate>Thu, 0{n} Jul 2020 08:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    for n in numbers:
        site.put(f"/{n}", page(n))
    site.put_marked(path, f"<rss version='2.0'><channel><title>Harbour</title>{items}</channel></rss>", etag=etag)


def quick() -> Web:
    return Web(allow_private=True, pause=0.0, back_off=0.01)


def follow(record: Record, *sources: str) -> list[FeedNews]:
    return list(follow_once(record, sources, quick()))


def titles(news: list[FeedNews]) -> list[str]:
    return [report.title for one in news for report in one.arrived]


def test_each_round_brings_what_is_new(site: Site, record: Record) -> None:
    put_feed(site, "/feed", [1, 2], etag='"a"')
    (first,) = follow(record, f"{site.address}/feed")
    assert titles([first]) == ["Report 1", "Report 2"] and first.arrived[0].published == "2020-07-01"
    assert first.arrived[0].deals and first.arrived[0].deals[0][1:] == ("S-400", True)
    (second,) = follow(record, f"{site.address}/feed")
    assert second.arrived == () and [issue.what for issue in second.issues] == ["nothing new"]
    put_feed(site, "/feed", [2, 3], etag='"b"')
    (third,) = follow(record, f"{site.address}/feed")
    assert titles([third]) == ["Report 3"]
    assert sorted(site.paths()) == ["/1", "/2", "/3", "/feed", "/feed", "/feed"], "no page is asked twice"


def test_a_round_without_news_leaves_no_run(site: Site, record: Record) -> None:
    put_feed(site, "/feed", [1], etag='"a"')
    for _ in range(3):
        follow(record, f"{site.address}/feed")
    with reading(record.engine) as db:
        assert db.execute(text("SELECT count(*) FROM run")).scalar() == 1


def test_a_page_in_two_feeds_is_fetched_once(site: Site, record: Record) -> None:
    put_feed(site, "/a", [1, 2], etag='"a"')
    put_feed(site, "/b", [2, 3], etag='"b"')
    news = follow(record, f"{site.address}/a", f"{site.address}/b")
    assert sorted(titles(news)) == ["Report 1", "Report 2", "Report 3"]
    assert sorted(site.paths()) == ["/1", "/2", "/3", "/a", "/b"]


def test_dead_feeds_rest_and_come_back(site: Site, record: Record, tmp_path: Path) -> None:
    put_feed(site, "/good", [1], etag='"a"')
    site.put("/dead", "", status=500)
    opml = tmp_path / "feeds.opml"
    opml.write_text(f"<opml><body><outline xmlUrl='{site.address}/dead'/><outline xmlUrl='{site.address}/good'/></body></opml>")
    dead, good = follow(record, str(opml))
    assert "answers 500" in dead.issues[0].what and titles([good]) == ["Report 1"]
    asked = site.paths().count("/dead")
    dead, _ = follow(record, str(opml))
    assert dead.rests is not None and dead.rests.failures == 1 and site.paths().count("/dead") == asked
    with reading(record.engine) as db:
        (visit,) = resting(db, [f"{site.address}/dead"]).values()
    memory = Visits(record.engine)
    memory.note(Visit(visit.address, failures=visit.failures, outcome=visit.outcome, retry_at="2020-01-01T00:00:00+00:00"))
    memory.keep()
    put_feed(site, "/dead", [2], etag='"c"')
    assert titles(follow(record, str(opml))) == ["Report 2"]


def test_pauses_of_a_dead_feed_grow_to_a_day(record: Record) -> None:
    memory = Visits(record.engine)
    web = quick().remembering(memory)
    pauses = []
    for _ in range(8):
        began = time.time()
        web._failed("https://a.example/feed", memory.recall("https://a.example/feed"), "down", for_good=False)
        visit = memory.recall("https://a.example/feed")
        assert visit is not None
        pauses.append(round((time.mktime(time.strptime(visit.retry_at[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - began) / 600))
    assert pauses == [1, 3, 9, 27, 81, 144, 144, 144] or max(pauses) <= 144


def test_a_page_that_fails_is_tried_again_and_then_given_up(site: Site, record: Record) -> None:
    put_feed(site, "/feed", [1], etag='"a"')
    site.put("/1", "", status=404)
    follow(record, f"{site.address}/feed")
    put_feed(site, "/feed", [1, 2], etag='"b"')
    follow(record, f"{site.address}/feed")
    assert site.paths().count("/1") == 1
    assert Visits(record.engine).recall(f"{site.address}/1") is not None


def test_what_was_visited_is_kept_only_when_it_is_on_record(site: Site, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    put_feed(site, "/feed", [1, 2], etag='"a"')

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("onrecord.following.passes.add_raws", fail)
        with pytest.raises(StoreError):
            follow(record, f"{site.address}/feed")
    assert titles(follow(record, f"{site.address}/feed")) == ["Report 1", "Report 2"]


def test_a_feed_on_which_the_reading_fails_costs_a_line(site: Site, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    put_feed(site, "/bad", [1], etag='"a"')
    put_feed(site, "/good", [2], etag='"b"')
    real = onrecord.read.lists.read_feed  # type: ignore[attr-defined]

    def stumble(name: str, *rest: object) -> object:
        if name.endswith("/bad"):
            raise RuntimeError("oops")
        return real(name, *rest)

    monkeypatch.setattr("onrecord.read.lists.read_feed", stumble)
    bad, good = follow(record, f"{site.address}/bad", f"{site.address}/good")
    assert "RuntimeError: oops" in bad.issues[0].what and titles([good]) == ["Report 2"]


def test_adding_a_feed_remembers_what_was_read(site: Site, record: Record) -> None:
    put_feed(site, "/feed", [1, 2], etag='"a"')
    assert record.add(f"{site.address}/feed", allow_private=True).added == 2
    again = record.add(f"{site.address}/feed", allow_private=True)
    assert (again.added, [issue.what for issue in again.issues]) == (0, ["nothing new since it was read last"])
    refused = record.add(f"{site.address}/1")
    assert refused.skipped == 1 and "private address" in refused.issues[0].what


@pytest.mark.parametrize(
    ("content", "feeds"),
    [("<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>", ["https://a.example/f"]),
     ("# mine\nhttps://a.example/f\n\nhttps://b.example/f#x\nhttps://a.example/f\n", ["https://a.example/f", "https://b.example/f"])],
)  # fmt: skip
def test_lists_of_feeds(tmp_path: Path, content: str, feeds: list[str]) -> None:
    (tmp_path / "list").write_text(content)
    assert feeds_of([tmp_path / "list", "https://a.example/f"], quick()) == feeds


@pytest.mark.parametrize(("name", "content", "said"), [("none", None, "cannot be read"), ("empty", "words", "no feeds in it")])
def test_lists_that_are_none(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(BadInput, match=said):
        feeds_of([tmp_path / name], quick())


@pytest.mark.parametrize(("said", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1H", 3600)])
def test_spans(said: str, seconds: int) -> None:
    assert Span().convert(said, None, None) == seconds


@pytest.mark.parametrize("said", ["15", "1s", "m", "-5m", "1.5h", "5 minutes"])
def test_spans_that_are_none(tmp_path: Path, said: str) -> None:
    result = CliRunner().invoke(main, ["watch", str(tmp_path / "r.db"), "https://a.example/f", f"--every={said}"])
    assert result.exit_code == 2 and ("no span of time" in result.output or "too often" in result.output)


def test_the_command_says_what_is_new_and_what_failed(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.read.web.PAUSE", 0.0)
    put_feed(site, "/feed", [1], etag='"a"')
    site.put("/gone", "", status=410)
    run = [
        sys.executable,
        "-c",
        COMMAND,
        "watch",
        str(tmp_path / "r.db"),
        f"{site.address}/feed",
        f"{site.address}/gone",
        "--once",
        "--allow-private",
    ]
    first = subprocess.run(run, capture_output=True, text=True, timeout=600)
    assert first.returncode == 0, first.stderr
    assert "new: 2020-07-01  Report 1 (Harbour): new deal " in first.stdout and "S-400" in first.stdout
    assert f"skipped: {site.address}/gone: the server answers 410 (gone)" in first.stdout
    assert "2 feeds asked, 1 not reached: 1 new report." in first.stdout
    second = subprocess.run(run, capture_output=True, text=True, timeout=600)
    assert "rests until" in second.stdout and "0 new reports" in second.stdout


def test_a_watch_that_is_killed_goes_on_where_it_was(site: Site, tmp_path: Path) -> None:
    put_feed(site, "/feed", [1, 2, 3], etag='"a"')
    slow, killed = threading.Event(), threading.Event()
    real = site.pages["/3"]

    def late(_: dict[str, str]) -> object:
        slow.set()
        killed.wait(600)
        return real

    site.pages["/3"] = late  # type: ignore[assignment]
    run = [sys.executable, "-c", COMMAND, "watch", str(tmp_path / "r.db"), f"{site.address}/feed", "--once", "--allow-private"]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "ONRECORD_MODEL": "none"})
    try:
        assert slow.wait(300)
    finally:
        process.kill()
        process.wait(60)
        killed.set()
    site.pages["/3"] = real
    with open_record(tmp_path / "r.db") as record:
        follow(record, f"{site.address}/feed")
        with reading(record.engine) as db:
            found = db.execute(text("SELECT title FROM document ORDER BY title")).scalars().all()
        assert list(found) == ["Report 1", "Report 2", "Report 3"]


def test_a_watch_ends_when_it_is_told_to(site: Site, tmp_path: Path) -> None:
    put_feed(site, "/feed", [1], etag='"a"')
    run = [sys.executable, "-u", "-c", COMMAND, "watch", str(tmp_path / "r.db"), f"{site.address}/feed", "--every=1h", "--allow-private"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("Next round at") for line in lines)
        process.terminate()
        assert process.wait(180) == 130
        assert "What was read is safe" in process.stderr.read()


def test_a_page_is_given_up_after_five_failures() -> None:
    assert GIVEN_UP == 5
