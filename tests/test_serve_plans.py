"""No page, and no command that reads, reads a whole table: every query that they ask is laid before the database, which tells its plan.

What is counted from the whole record once and kept (the register, outlets, people, bodies, acts, states) reads it from end to end by its
nature; those counts are made before the queries are noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from onrecord.api import Record
from onrecord.changes import read_changes
from onrecord.doubtful import queue
from onrecord.history import note_history
from onrecord.register import Wanted, read_register
from onrecord.serve import busy_deals
from onrecord.store.database import reading, writing
from onrecord.store.page_lists import search_statements
from page_records import client_of, make_record, some_reports
from query_plans import read_whole
from reports import make_report

# What may be read from end to end: the words of a search, rows made within a query, and the few acts and judgements of people.
SMALL = (
    "statement_words",
    "document_words",
    "counted",
    "ranked",
    "near",
    "(subquery",
    "CONSTANT",
    "act_state",
    "act ",
    "act_target",
    "judgement",
    "unnoted",
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    more = [
        make_report(f"m{n}", supplier="SE", recipient="BR", equipment="Gripen", published=f"2022-01-{n + 1:02}", outlet=f"Outlet {n % 3}")
        for n in range(20)
    ]
    with make_record(tmp_path_factory.mktemp("record") / "r.db", [*some_reports(), *more]) as made:
        yield made


@contextmanager
def asked(record: Record) -> Iterator[list[tuple[str, Any]]]:
    """The queries that are asked of a record meanwhile."""
    queries: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, ___: Any, ____: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            queries.append((statement, given))

    event.listen(record.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(record.engine, "before_cursor_execute", note)


def whole_reads(record: Record, queries: list[tuple[str, Any]]) -> list[str]:
    """What the database would read from end to end for these queries, beside what is small."""
    with record.engine.connect() as db:
        found = [(step, statement) for statement, given in queries for step in read_whole(db, statement, given)]
    return [
        f"{step}: {' '.join(query.split())[:300]}" for step, query in found if not any(name in step for name in SMALL) and not ordered(step)
    ]


def ordered(step: str) -> bool:
    """Whether an index is walked in its order, which ends with the page that is asked for."""
    return step in (
        "SCAN document USING COVERING INDEX document_newest", "SCAN statement USING INDEX statement_known",
        "SCAN conflict USING INDEX conflict_newest",
    )  # fmt: skip


PAGES = (
    "/register?state=TR&sort=-value", "/deals/{deal}", "/deals/{busy}", "/deals/{busy}?as_of=2022-01-09", "/deals/{deal}?as_of=2019-08-01",
    "/deals/{busy}?whole=true", "/deals/{deal}.atom", "/reports/two", "/reports/one/beside/two", "/reports", "/reports?page=2",
    "/states/TR", "/states/TR.atom", "/people/Ada Ek", "/bodies/Norland", "/search?q=glad", "/search.atom?q=glad", "/sources/The Courier",
    "/changes?since=2021-12-31",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_no_page_reads_a_whole_table(record: Record, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("onrecord.serve.deal_pages.MANY", 5)
    monkeypatch.setattr(busy_deals, "WORDS", 2)
    deals = {row.equipment: row.deal for row in record.register()}
    # Left open, each client would hold a connection of the record that all share.
    with client_of(record) as client:
        for kept in ("/register", "/states", "/people", "/sources"):
            assert client.get(kept).status_code == 200
        with asked(record) as queries:
            answer = client.get(address.format(deal=deals["S-400"], busy=deals["Gripen"]))
    assert answer.status_code == 200
    assert queries or address.startswith("/register"), "the register is kept whole"
    assert whole_reads(record, queries) == []


def read(record: Record, ask: Callable[[Any], Any]) -> None:
    with reading(record.engine) as db:
        list(ask(db))


COMMANDS: dict[str, Callable[[Record], Any]] = {
    "search": lambda record: record.search("glad minister"),
    "search of statements": lambda record: read(record, lambda db: search_statements(db, "glad")),
    "statements about equipment": lambda record: list(record.statements(about="S-400")),
    "statements about a state": lambda record: list(record.statements(about="TR")),
    "statements since": lambda record: list(record.statements(since="2021-12-31")),
    "changes": lambda record: read(record, lambda db: read_changes(db, "2021-12-31")),
    "queue of doubts": queue,
    "latest changes": lambda record: read(record, lambda db: read_changes(db, "2021-12-31", most=3)),
    "register of a supplier": lambda record: read(record, lambda db: read_register(db, Wanted(supplier="RU"))),
    "register of two sides": lambda record: read(record, lambda db: read_register(db, Wanted(supplier="RU", recipient="TR"))),
    "register of equipment": lambda record: read(record, lambda db: read_register(db, Wanted(equipment="S-400"))),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_that_reads_a_part_reads_a_whole_table(record: Record, name: str) -> None:
    with asked(record) as queries:
        COMMANDS[name](record)
    assert queries and whole_reads(record, queries) == []


def test_the_queue_of_doubts_is_read_in_the_order_of_its_indexes(record: Record) -> None:
    with writing(record.engine) as db:
        note_history(db)
    with asked(record) as queries:
        assert {item.kind for item in queue(record, kinds=["conflict", "unsure", "score"], limit=5)} == {"conflict"}
    read = {name for statement, _ in queries for name in re.findall(r'(?:FROM|JOIN) "?(\w+)', statement)}
    assert {"conflict", "deal_doubt", "finding"} <= read and "cell" not in read, "no cell is counted"
    with record.engine.connect() as db:
        plans = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all() for statement, given in queries]
    assert not [row.detail for plan in plans for row in plan if "TEMP B-TREE" in row.detail], "nothing is put in order first"


def test_contradictions_are_in_the_queue_while_a_run_is_under_way(tmp_path: Path) -> None:
    with make_record(tmp_path / "r.db", some_reports()) as made:
        before = queue(made, kinds=["conflict"])
        with writing(made.engine) as db:
            assert note_history(db)
        assert before and queue(made, kinds=["conflict"]) == before, "written or read anew, they are the same"


def test_a_query_that_reads_a_whole_table_is_told(record: Record) -> None:
    with asked(record) as queries, record.engine.connect() as db:
        db.exec_driver_sql("SELECT * FROM claim WHERE quote = ?", ("x",))
    assert whole_reads(record, queries) == ["SCAN claim: SELECT * FROM claim WHERE quote = ?"]
