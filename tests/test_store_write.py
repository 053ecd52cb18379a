"""Tests of store/write.py and store/deals.py: each report once, deals by key, a person's verdict above the rule, deals settled anew."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.event import listen

from onrecord.errors import BadOffset, BadVocab
from onrecord.records import Issue, make_finding
from onrecord.store.acted import add_judgement
from onrecord.store.database import open_database, writing
from onrecord.store.deals import settle
from onrecord.store.fulltext import find_statements
from onrecord.store.query import dump_tables
from onrecord.store.write import Report, add_issues, add_reports, already_known
from query_plans import read_by_kind, read_whole
from reports import OWN_TEXT, make_report

pytestmark = pytest.mark.usefixtures("database")

DERIVED = ("deal", "deal_party", "deal_member", "deal_doubt", "transfer_key", "cell")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(tmp_path / "record.db", create=True)


def write(engine: Engine, *reports: Report, version: str = "v1") -> int:
    with writing(engine) as db:
        added = add_reports(db, reports, analysed_by=version)
        settle(db)
    return added


def deals(engine: Engine) -> list[list[str]]:
    """The keys of the reports in each deal, in order of founding."""
    query = """SELECT deal.number, document.key FROM deal JOIN deal_member ON deal_member.deal = deal.number
        JOIN finding ON finding.number = deal_member.finding JOIN document ON document.number = finding.document
        ORDER BY deal.number, document.number"""
    groups: dict[int, list[str]] = {}
    with engine.connect() as db:
        for number, key in db.execute(text(query)):
            groups.setdefault(number, []).append(key)
    return list(groups.values())


def without(report: Report, field: str) -> Report:
    """The report with one cell of its transfer left out."""
    transfer = report.findings[0]
    made = make_finding("transfer", "t1", report.document, [claim for claim in transfer.claims if claim.field != field])
    return replace(report, findings=(made, *report.findings[1:]))


def test_a_report_is_written_once(engine: Engine) -> None:
    report = make_report()
    assert write(engine, report, report) == 1
    with engine.connect() as db:
        before = dump_tables(db)
    assert write(engine, report) == 0
    with engine.connect() as db:
        assert dump_tables(db) == before
        assert already_known(db, [report.document], "v1") == {report.document.id}
        assert already_known(db, [report.document], "v2") == set()


def test_all_of_a_finding_is_kept(engine: Engine) -> None:
    report = make_report(inferred=("supplier",))
    write(engine, report)
    with engine.connect() as db:
        rows = db.execute(text("SELECT field, value, quote, inferred FROM claim WHERE finding = 1 ORDER BY number")).all()
        assert rows[0] == ("supplier", '"RU"', "Norland", 1)
        assert rows[3] == ("quantity", '{"number": 4, "unit": "battery"}', "4 S-400 batteries", 0)
        assert db.execute(text("SELECT kind, part_of FROM finding ORDER BY number")).all()[:2] == [("transfer", None), ("stage", 1)]
        assert db.execute(text("SELECT count(*) FROM about WHERE transfer = 1")).scalar() == 2


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param({}, {}, True, id="all agrees"),
        pytest.param({}, {"supplier": "US"}, False, id="another supplier"),
        pytest.param({}, {"recipient": "IN"}, False, id="another recipient"),
        pytest.param({"equipment": "S-400"}, {"equipment": "S400"}, True, id="another spelling"),
        pytest.param({"number": 18}, {"number": 24}, True, id="a disagreement about one count"),
        pytest.param({"number": 180, "stages": [("contract", "actual", None)]}, {"number": 820}, False, id="another batch by its count"),
        pytest.param({"number": 24, "stages": [("contract", "actual", None)]}, {"number": 6}, True, id="an instalment"),
        pytest.param({"number": 4}, {"number": None}, True, id="a count left unsaid"),
        pytest.param(
            {"stages": [("contract", "actual", "2013")]},
            {"stages": [("contract", "actual", "2017-12")], "number": 7},
            False,
            id="years apart",
        ),
        pytest.param(
            {},
            {"text": make_report().document.text.replace("4 S-400", "an additional 4 S-400")},
            True,
            id="an equal count outweighs a batch word",
        ),
    ],
)
def test_two_reports_tell_of_one_deal_unless_something_speaks_against_it(
    engine: Engine, first: dict[str, object], second: dict[str, object], same: bool
) -> None:
    write(engine, make_report("one", **first), make_report("two", **{"text": OWN_TEXT, **second}))  # type: ignore[arg-type]
    assert deals(engine) == ([["one", "two"]] if same else [["one"], ["two"]])


def test_a_batch_word_keeps_batches_apart(engine: Engine) -> None:
    additional = OWN_TEXT.replace("sold 4 S-400", "sold an additional S-400 system, 4 S-400")
    one, two, three = make_report("one", number=None), make_report("two", number=None, text=additional), make_report("three", number=None)
    write(engine, *(without(report, "value") for report in (one, two, three)))
    assert deals(engine) == [["one", "three"], ["two"]]


def test_an_equal_sum_outweighs_a_batch_word(engine: Engine) -> None:
    additional = make_report().document.text.replace("sold 4 S-400", "sold an additional S-400 system, 4 S-400")
    write(engine, make_report("one", number=None), make_report("two", number=None, text=additional))
    assert deals(engine) == [["one", "two"]]


def test_a_person_outranks_the_rule_and_can_change_their_mind(engine: Engine) -> None:
    one, two = make_report("one"), make_report("two")
    write(engine, one, two)
    ids = one.findings[0].id, two.findings[0].id
    for verdict, groups in (("different", [["one"], ["two"]]), ("same", [["one", "two"]]), ("unsure", [["one", "two"]])):
        with writing(engine) as db:
            add_judgement(db, *ids, verdict, by="Ada", reason="read both")
            settle(db)
        assert deals(engine) == groups
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM judgement")).scalar() == 3


def test_a_person_can_join_what_the_rule_never_compares(engine: Engine) -> None:
    one, two, three = make_report("one"), make_report("two", recipient="IN"), make_report("three", recipient="IN")
    write(engine, one, two)
    with writing(engine) as db:
        add_judgement(db, one.findings[0].id, two.findings[0].id, "same", by="Ada", reason="the buyer was garbled")
        settle(db)
    assert deals(engine) == [["one", "two"]]
    write(engine, three)
    write(engine, replace(one, findings=one.findings[:1]), version="v2")
    # What the rule takes for the deal of "two" goes with it.
    assert deals(engine) == [["one", "two", "three"]]


def test_a_new_analysis_replaces_the_old_findings_and_settles_as_if_it_had_been_the_first(engine: Engine, tmp_path: Path) -> None:
    old = [make_report("one", number=4), make_report("two", number=4), make_report("three", recipient="IN")]
    new = [make_report("one", recipient="FR"), make_report("two", number=4), make_report("three", recipient="IN", number=None)]
    write(engine, *old)
    assert write(engine, *new, version="v2") == 3
    assert deals(engine) == [["one"], ["two"], ["three"]]
    fresh = open_database(tmp_path / "fresh.db", create=True)
    write(fresh, *new, version="v2")
    with engine.connect() as db, fresh.connect() as other:
        counts = [{name: len(rows) for name, rows in dump_tables(each).items()} for each in (db, other)]
        assert counts[0].pop("unnoted") >= counts[1].pop("unnoted") == 3
        assert (counts[0].pop("gone_deal"), counts[1].pop("gone_deal")) == (3, 0)
        assert counts[0] == counts[1]
        assert [len(find_statements(each, "glad", limit=9)) for each in (db, other)] == [3, 3]
        assert find_statements(db, "glad", limit=9)[0].snippet == "We are \x02glad\x03,"
        if db.dialect.name == "sqlite":
            db.execute(text("INSERT INTO statement_words (statement_words) VALUES ('integrity-check')"))


def test_the_derived_tables_are_rebuilt_from_the_rest(engine: Engine) -> None:
    write(engine, make_report("one"), make_report("two"), make_report("three", recipient="IN"))
    before = untimed(engine)
    with writing(engine) as db:
        for name in DERIVED:
            db.execute(text(f"DELETE FROM {name}"))
        db.execute(text("INSERT INTO unsettled SELECT number, 0, 0 FROM document"))
        assert settle(db) == 3
    assert untimed(engine) == before


def untimed(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """All tables, without the moment of each verdict, which a slow run spreads over seconds."""
    with engine.connect() as db:
        tables = dump_tables(db)
    return {name: [{k: v for k, v in row.items() if k != "judged_at"} for row in rows] for name, rows in tables.items()}


def test_words_that_are_not_in_the_text_stop_the_run_and_leave_nothing(engine: Engine) -> None:
    report = make_report()
    moved = replace(report.document, text=" " + report.document.text)
    with pytest.raises(BadOffset, match="one t1: supplier at 0:7 does not cut 'Norland'"):
        write(engine, make_report("two"), replace(report, document=moved))
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM document")).scalar() == 0


def test_a_field_that_the_vocabulary_does_not_know_is_refused(engine: Engine) -> None:
    report = make_report()
    claim = replace(report.findings[0].claims[0], field="colour")
    with pytest.raises(BadVocab, match=r"kinds.toml gives transfer no field 'colour'"):
        write(engine, replace(report, findings=(replace(report.findings[0], claims=(claim,)),)))


# What may be read whole: reports that wait, what people judged, constants, and what a query itself has already narrowed.
SMALL = re.compile(r"unsettled( USING .*)?$|judgement$|INDEX deal_joined$|CONSTANT ROW$|near\d+$|\(subquery-\d+\)$"
                   r"|Seq Scan on (unsettled|judgement|word_count|written)\b")  # fmt: skip


def test_no_query_of_a_run_reads_a_whole_table(engine: Engine) -> None:
    """The cost of one more report must not grow with the record: every look-up goes by an index."""
    ran: dict[str, object] = {}
    write(engine, make_report("one"))
    listen(engine, "before_cursor_execute", lambda db, cursor, statement, given, context, many: ran.setdefault(statement, given))
    with engine.connect() as db:
        already_known(db, [make_report("two").document], "v1")
    write(engine, make_report("two"), make_report("three", recipient="IN"))
    write(engine, make_report("two"), version="v2")
    queries = [(statement, given) for statement, given in ran.items() if statement.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(queries) > 15
    with engine.connect() as db:
        for statement, given in queries:
            assert [step for step in read_whole(db, statement, given) if not SMALL.search(step)] == [], statement
            assert read_by_kind(db, statement, given) == [], statement


def test_an_issue_is_kept_once(engine: Engine) -> None:
    issue = Issue("read", "the file is empty", "a.txt", "leave it out")
    for _ in range(2):
        with writing(engine) as db:
            add_issues(db, [issue, issue])
    with engine.connect() as db:
        assert db.execute(text("SELECT what, place, todo FROM issue")).all() == [("the file is empty", "a.txt", "leave it out")]


def test_findings_that_say_the_same_are_one(engine: Engine) -> None:
    report = make_report()
    twin = replace(report.findings[0], key="t2")
    stage = replace(report.findings[1], part_of="t2", key="t2.s1", id="another")
    write(engine, replace(report, findings=(*report.findings, twin, stage)))
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM finding WHERE kind = 'transfer'")).scalar() == 1
        assert db.execute(text("SELECT count(*) FROM finding WHERE part_of = 1")).scalar() == 2
