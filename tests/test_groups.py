"""Tests of store/groups.py: each new report is placed among all others at a bounded cost, and the order of arrival changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, delete, select, text
from sqlalchemy.event import listen

from group_texts import ORIGINAL, OTHER, REPORTS, ROUND_UP, SAME_AFFAIR, TRANSLATED, document, groups_of
from onrecord.group.groups import group_reports
from onrecord.records import Document
from onrecord.store import groups
from onrecord.store.database import open_database, writing
from onrecord.store.groups import count_origins, place_missing
from onrecord.store.migrate import migrate
from onrecord.store.tables import COPY_PAIR, DOCUMENT, REPORT_KEY, REPORT_ORIGIN, REPORT_SIGNATURE
from onrecord.store.write import Report, add_reports

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(tmp_path / "record.db", create=True)


def write(engine: Engine, documents: Sequence[Document]) -> None:
    with writing(engine) as db:
        add_reports(db, [Report(document, ()) for document in documents], analysed_by="v1")


def origins(engine: Engine) -> set[frozenset[str]]:
    """The keys of the reports, origin by origin."""
    found: dict[int, set[str]] = {}
    with engine.connect() as db:
        for row in db.execute(
            select(DOCUMENT.c.key, REPORT_ORIGIN.c.origin).join(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number)
        ):
            found.setdefault(row.origin, set()).add(row.key)
    return {frozenset(keys) for keys in found.values()}


def origins_counted(engine: Engine) -> int:
    joined = select(count_origins()).select_from(DOCUMENT).outerjoin(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number)
    with engine.connect() as db:
        return db.execute(joined).scalar_one()


def test_copies_share_an_origin_and_the_pair_says_why(engine: Engine) -> None:
    write(engine, [document("original", ORIGINAL), document("copy", ORIGINAL + "\n\nMore in our next issue."), document("other", OTHER)])
    assert origins(engine) == {frozenset({"original", "copy"}), frozenset({"other"})}
    assert origins_counted(engine) == 2
    with engine.connect() as db:
        pair = db.execute(select(COPY_PAIR)).one()
    assert (pair.left_document, pair.right_document, pair.how) == (1, 2, "copy")
    assert pair.score > 0.9 and "of the quoted words shared" in pair.reason


@given(order=st.permutations(sorted(REPORTS)), cut=st.integers(0, len(REPORTS)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_arrival_does_not_change_the_groups(order: list[str], cut: int) -> None:
    """A round-up may come before, between or after the reports in it; a bridge may come after both sides that it ties."""
    engine = create_engine("sqlite://")
    with engine.begin() as db:
        migrate(db)
        for keys in (order[:cut], order[cut:]):
            add_reports(db, [Report(REPORTS[key], ()) for key in keys], analysed_by="v1")
        rows = db.execute(
            select(DOCUMENT.c.key, REPORT_ORIGIN.c.origin).join(REPORT_ORIGIN, REPORT_ORIGIN.c.document == DOCUMENT.c.number)
        ).all()
        first = {row.key: row.origin for row in rows}
        numbers = {row.key: row.number for row in db.execute(select(DOCUMENT.c.key, DOCUMENT.c.number))}
    found: dict[int, set[str]] = {}
    for key, origin in first.items():
        found.setdefault(origin, set()).add(key)
    assert {frozenset(keys) for keys in found.values()} == groups_of(group_reports(REPORTS.values()))
    assert all(origin == min(numbers[key] for key in keys) for origin, keys in found.items())


@pytest.mark.parametrize("turned", [False, True], ids=["original first", "translation first"])
@pytest.mark.parametrize(
    ("day", "other", "met"),
    [
        pytest.param("2019-04-01", "2019-04-03", True, id="on both sides of where a period ends"),
        pytest.param("2019-04-02", "2019-03-24", True, id="nine days before"),
        pytest.param("2019-03-04", "2019-05-20", False, id="months later, in other words"),
        pytest.param("2019-03-04", None, True, id="a day and none"),
        pytest.param(None, "2024-03-04", True, id="none and a day"),
        pytest.param(None, None, True, id="no days"),
    ],
)
def test_a_translation_is_met_among_near_days(engine: Engine, day: str | None, other: str | None, met: bool, turned: bool) -> None:
    """Old reports stand between, in more periods than are looked at without need."""
    between = [document(f"old {n}", OTHER.replace("the", f"the {n}"), published=f"20{n:02}-01-05") for n in range(16)]
    first, last = document("original", ORIGINAL, published=day), document("translated", TRANSLATED, published=other)
    write(engine, [*between, *((last, first) if turned else (first, last))])
    assert (frozenset({"original", "translated"}) in origins(engine)) is met


def test_a_round_up_that_comes_last_parts_what_it_would_tie(engine: Engine) -> None:
    write(engine, [document("original", ORIGINAL), document("other", OTHER), document("round-up", ROUND_UP)])
    assert len(origins(engine)) == 3


def test_reports_of_an_older_record_are_placed_when_reports_are_next_added(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "AT_A_TIME", 2)
    write(engine, [document("original", ORIGINAL), document("other", OTHER), document("copy", ORIGINAL, outlet="Bay Herald")])
    with writing(engine) as db:
        for table in (REPORT_ORIGIN, COPY_PAIR, REPORT_KEY, REPORT_SIGNATURE):
            db.execute(delete(table))
    assert origins_counted(engine) == 2, "until then, exact copies count once"
    write(engine, [document("late", ORIGINAL + " That was all.")])
    assert origins(engine) == set(), "a report waits behind those that wait"
    placed = []
    while not placed or placed[-1]:
        with writing(engine) as db:
            placed.append(place_missing(db))
    assert placed == [2, 2, 0]
    assert origins(engine) == {frozenset({"original", "copy", "late"}), frozenset({"other"})}


def test_another_rule_places_all_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(engine, [document("original", ORIGINAL), document("other", SAME_AFFAIR)])
    monkeypatch.setattr(groups, "RULE", "same-report/next")
    with writing(engine) as db:
        assert place_missing(db) == 2
        assert set(db.execute(select(REPORT_ORIGIN.c.made_by)).scalars()) == {"same-report/next"}


def test_the_cost_of_a_report_is_bounded_where_hundreds_share_its_keys(engine: Engine) -> None:
    """One story with hundreds of copies: a new one is compared with a few of them only, and joins them all."""
    write(engine, [document(f"copy-{n}", f"{ORIGINAL}\n\nPage {n} of our edition.", outlet=f"Paper {n}") for n in range(120)])
    loaded: list[int] = []
    ran: list[str] = []
    original = groups.judge
    listen(engine, "before_cursor_execute", lambda db, cursor, statement, given, context, many: ran.append(statement))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "judge", lambda left, right: loaded.append(1) or original(left, right))
        write(engine, [document("last", ORIGINAL + "\n\nThe last one.")])
    assert 1 <= len(loaded) <= 2 * groups.NEIGHBOURS
    assert len(ran) < 40
    assert len(origins(engine)) == 1


def test_an_empty_text_stands_alone(engine: Engine) -> None:
    write(engine, [document("empty", ""), document("blank", " \n"), document("dots", "...")])
    assert len(origins(engine)) == 3
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM report_key")).scalar() == 0
