"""From what readers find to documents: what is screened and what is not, every refusal counted, and workers that die on the way."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord import cli, passes
from onrecord.answers import Added
from onrecord.api import open_record
from onrecord.errors import BadInput
from onrecord.intake import ALL, MOST_BYTES, MOST_ITEMS, NONE, STREAMS, Shard, join_taken, lose_shard, shards, split_shard, take_in
from onrecord.progress import summary_lines
from onrecord.records import Document, Issue, Raw
from onrecord.store.query import dump_tables
from onrecord.store.refusals import refusals
from samples_made import answer, warc_record

DEAL = "Portugal signed a contract for five KC-390 transport aircraft from Brazil on Monday. Brazil delivers the first KC-390 in May."
ROADS = " ".join(f"The council of the small town met again and spoke about item {number} of the budget for roads." for number in range(9))
MENU = f"<div><h2>{DEAL}</h2><p>More news from around the world, every day of the week.</p></div>"


def raw(body: str, number: int = 1, *, stream: bool = False, html: bool = False) -> Raw:
    media_type = "text/html" if html else "text/plain"
    hints = {"key": f"r{number}", "published": "2026-11-20"} | ({"stream": "archive"} if stream else {})
    return Raw(f"https://example.org/{number}", media_type, body.encode(), hints)


@pytest.mark.parametrize(
    ("screen", "stream", "kept"),
    [(STREAMS, False, True), (STREAMS, True, False), (ALL, False, False), (ALL, True, False), (NONE, False, True), (NONE, True, True)],
)
def test_a_file_that_was_named_is_read_and_a_stream_is_screened(screen: str, stream: bool, kept: bool) -> None:
    taken = take_in(Shard((raw(ROADS, stream=stream),), screen))
    assert [isinstance(item, Document) for item in taken.items] == [True] * kept
    assert taken.refused == ({} if kept else {"page names no military equipment": 1})
    assert taken.pages == 1


def test_what_is_about_a_deal_passes_and_issues_keep_their_place() -> None:
    notice = Issue("read", "broken", "x")
    taken = take_in(
        Shard((raw(f"{DEAL} {ROADS}", 1, stream=True), notice, raw(ROADS, 2, stream=True), raw(f"{ROADS} {DEAL}", 3, stream=True)))
    )
    assert [item.key if isinstance(item, Document) else item.what for item in taken.items] == ["r1", "broken", "r3"]
    assert (sum(taken.refused.values()), taken.pages) == (1, 3)


def test_a_page_that_only_its_surroundings_speak_for_is_refused_when_its_article_is_known() -> None:
    body = (
        f"<html><body>{MENU}<article><h1>The roads of Swinford</h1>"
        + "".join(f"<p>{ROADS}</p>" for _ in range(6))
        + "</article></body></html>"
    )
    taken = take_in(Shard((raw(body, stream=True, html=True),)))
    assert taken.items == ()
    assert list(taken.refused) in (["article names no military equipment"], ["article names equipment only in passing"])


def test_shards_are_bounded_by_number_and_by_bytes() -> None:
    assert [len(shard.items) for shard in shards([raw("x", n) for n in range(70)])] == [MOST_ITEMS, MOST_ITEMS, 70 - 2 * MOST_ITEMS]
    assert [len(shard.items) for shard in shards([raw("x" * (MOST_BYTES // 2), n) for n in range(5)])] == [2, 2, 1]
    assert list(shards([])) == []


def test_a_lost_page_is_said_and_the_others_are_kept() -> None:
    shard = Shard((raw(f"{DEAL} {ROADS}", 1), raw(ROADS, 2), Issue("read", "broken", "x")))
    parts = split_shard(shard)
    joined = join_taken([take_in(parts[0]), lose_shard(parts[1], "the process died"), take_in(parts[2])])
    said = [item.what if isinstance(item, Issue) else item.key for item in joined.items]
    assert said == ["r1", "the process died", "broken"]
    assert joined.pages == 2


def test_refusals_are_counted_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "analyse_work", lambda work: passes.Done(work, tuple(passes.Report(d, ()) for d in work.documents)))
    added = Added()
    with open_record(tmp_path / "r.db") as record:
        found: Iterator[Raw | Issue] = iter([raw(ROADS, n, stream=True) for n in range(1500)] + [raw(DEAL, 9999, stream=True)])
        steps = list(passes.add_raws(record.engine, found))
        for step in steps:
            added.take(step)
        list(passes.add_raws(record.engine, [raw(ROADS, 1, stream=True)]))
        with record.engine.connect() as db:
            assert refusals(db) == {"page names no military equipment": 1501}
    assert (added.added, added.refused, added.pages, added.skipped) == (1, {"page names no military equipment": 1500}, 1501, 0)
    assert len(steps) >= 3
    told = list(summary_lines(added, "r.db"))
    assert "1,500 pages of 1,501 left out as not about arms deals (--screen none reads them all):" in told
    assert "  1,500 × page names no military equipment" in told


def test_the_command_screens_what_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "roads.txt").write_text(ROADS)
    told = CliRunner().invoke(cli.main, ["add", str(tmp_path / "r.db"), str(tmp_path / "roads.txt"), "--screen", "all"])
    assert told.exit_code == 0
    assert "0 reports read" in told.output and "1 page of 1 left out" in told.output
    with open_record(tmp_path / "r.db") as record, pytest.raises(BadInput, match="streams, all, none"):
        record.add(tmp_path / "roads.txt", screen="some")


def test_a_run_whose_workers_are_killed_makes_the_record_of_one_process(tmp_path: Path) -> None:
    states = ["Portugal", "Norway", "Chile", "Peru", "Oman", "Kenya", "Latvia", "Greece"]
    bodies = [f"{state} signed a contract for {5 + n} KC-390 aircraft from Brazil on Monday." for n, state in enumerate(states * 2)]
    found = [raw(body, number) for number, body in enumerate(bodies)]
    killer = threading.Thread(target=_kill_workers, daemon=True)
    dumps = []
    for jobs in (1, 2):
        with open_record(tmp_path / f"{jobs}.db") as record:
            if jobs == 2:
                killer.start()
            assert sum(step.added for step in passes.add_raws(record.engine, iter(found), jobs=jobs, read_day="2026-11-28")) == len(bodies)
            with record.engine.connect() as db:
                tables = dump_tables(db)
            # When something was noted or judged is not what was.
            for verdict in (*tables["deal_member"], *tables["deal_doubt"]):
                del verdict["judged_at"]
            dumps.append({name: rows for name, rows in tables.items() if name not in ("run", "history")})
    killer.join(60)
    assert not killer.is_alive()
    assert dumps[0] == dumps[1]


def _kill_workers() -> None:
    """Kills every worker a second after the first one came to be: in the midst of loading its models."""
    while not multiprocessing.active_children():
        time.sleep(0.05)
    time.sleep(1)
    for child in multiprocessing.active_children():
        child.kill()


def test_pages_of_a_web_archive_are_screened_and_a_saved_page_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "analyse_work", lambda work: passes.Done(work, tuple(passes.Report(d, ()) for d in work.documents)))
    roads, deal = (f"<html><body><p>{text}</p><p>{ROADS}</p></body></html>".encode() for text in (ROADS, f"{DEAL} {DEAL}"))
    records = [warc_record("response", f"https://example.org/{n}", answer(body)) for n, body in enumerate([roads, deal, roads])]
    (tmp_path / "crawl.warc").write_bytes(b"".join(records))
    (tmp_path / "saved.html").write_bytes(roads)
    with open_record(tmp_path / "r.db") as record:
        added = record.add(tmp_path / "crawl.warc", tmp_path / "saved.html")
        assert (added.added, sum(added.refused.values())) == (2, 2)
        with record.engine.connect() as db:
            places = [row["uri"] for row in dump_tables(db)["document"]]
    assert sorted(map(str, places)) == [str(tmp_path / "saved.html"), "https://example.org/1"]
