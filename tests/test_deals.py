"""Tests of deals in a record: any order of arrival, people's verdicts and warnings against them, what became known after a day."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.resolve import RULE, group, view_transfer
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_reports
from reports import OWN_TEXT, TEXT, make_report

pytestmark = pytest.mark.usefixtures("database")

MORE = TEXT.replace("sold 4 S-400", "sold an additional S-400 system, 4 S-400")


def story() -> list[Report]:
    """Two batches over some years, a noun for the designation, another buyer, a report of a broken clock and one without a date."""
    signed, delivered = [("contract", "actual", "2017-12-29")], [("delivery", "actual", "2019-07")]
    return [
        make_report("a", published="2017-12-30", stages=signed),
        make_report("b", published="2018-01-02", number=None, equipment="air defence system", stages=signed),
        make_report("c", published="2018-02-02", number=5, stages=signed),
        make_report("d", published="2018-02-02", recipient="IN"),
        make_report("e", published="2019-07-20", stages=delivered),
        make_report("f", published="2019-08-01", number=40, text=MORE, stages=[("negotiation", "actual", None)]),
        make_report("g", published="2020-08-01", number=40, text=MORE + " So it is.", stages=[("contract", "planned", "2021")]),
        make_report("h", published="1970-01-01", number=4),
        make_report("i", published=None, number=40, text=MORE + " It is so."),
    ]


def filled(path: Path, batches: list[list[Report]]) -> Record:
    record = open_record(path)
    for batch in batches:
        with writing(record.engine) as db:
            add_reports(db, batch, analysed_by="v1")
            settle(db)
    return record


def deals(record: Record) -> set[frozenset[str]]:
    """The keys of the reports in each deal."""
    query = """SELECT deal_member.deal, document.key FROM deal_member JOIN document ON document.number = deal_member.document"""
    groups: dict[int, set[str]] = {}
    with record.engine.connect() as db:
        for number, key in db.execute(text(query)):
            groups.setdefault(number, set()).add(key)
    return {frozenset(keys) for keys in groups.values()}


def issues(record: Record) -> list[str]:
    with record.engine.connect() as db:
        return list(db.execute(text("SELECT what FROM issue WHERE step = 'resolve'")).scalars())


def test_an_older_report_founds_a_deal_that_keeps_its_number(tmp_path: Path) -> None:
    signed = [("contract", "actual", "2017-12-29")]
    known = [make_report(f"r{day}", published=f"2019-07-0{day}", stages=signed, text=f"{TEXT} Day {day}.") for day in range(2, 6)]
    record = filled(tmp_path / "record.db", [known])
    told = (
        "SELECT DISTINCT deal FROM cell UNION SELECT deal FROM deal_party UNION SELECT root FROM deal_member UNION SELECT number FROM deal"
    )
    with record.engine.connect() as db:
        (number,) = db.execute(text(told)).scalars()
    older = make_report("r1", published="2019-07-01", stages=signed, text=f"{TEXT} Day 1.")
    with writing(record.engine) as db:
        add_reports(db, [older], analysed_by="v1")
        settle(db)
        assert db.execute(text(told)).scalars().all() == [number]
        assert db.execute(text("SELECT id FROM deal")).scalars().all() == [older.findings[0].id]
        add_reports(db, [Report(older.document, ())], analysed_by="v2")
        assert db.execute(text("SELECT id FROM deal")).scalars().all() == [known[0].findings[0].id]
    assert deals(record) == {frozenset({"r2", "r3", "r4", "r5"})}
    record.close()


def test_any_order_of_arrival_ends_in_the_same_deals(tmp_path: Path) -> None:
    reports, chance = story(), random.Random(20261128)
    views = [view_transfer(r.document, r.findings[0], [f for f in r.findings if f.kind == "stage"]) for r in reports]
    keys = {r.document.id: r.document.key for r in reports}
    wanted = {frozenset(keys[t.document_id] for t in members) for members in group(views)}
    assert len(wanted) == 3
    for turn in range(12):
        chance.shuffle(reports)
        cuts = sorted(chance.sample(range(1, len(reports)), 3))
        batches = [reports[start:end] for start, end in zip([0, *cuts], [*cuts, len(reports)], strict=True)]
        record = filled(tmp_path / f"{turn}.db", batches)
        assert deals(record) == wanted
        record.close()


def test_a_past_register_is_the_register_of_that_day(tmp_path: Path) -> None:
    dated = [report for report in story() if report.document.published not in (None, "1970-01-01")]
    whole = filled(tmp_path / "whole.db", [dated])
    for day in ("2017-12-30", "2018-01-02", "2018-02-02", "2019-07-20", "2020-01-01"):
        then = filled(tmp_path / f"{day}.db", [[r for r in dated if str(r.document.published) <= day]])
        assert sorted(map(str, whole.register(as_of=day))) == sorted(map(str, then.register()))


def test_a_person_joins_deals_and_takes_it_back(tmp_path: Path) -> None:
    record = filled(tmp_path / "record.db", [[make_report("one"), make_report("two", recipient="IN")]])
    ids = [row.deal for row in record.register()]
    record.judge(ids[0][:10], ids[1][:10], "same", by="Ada Ek", reason="the buyer was garbled")
    (row,) = record.register()
    assert row.recipient == ("IN", "TR")
    assert record.show(ids[1]).row == record.show(ids[0]).row == row
    assert [judged.judged_by for judged in record.show(row.deal).judgements] == ["Ada Ek"]
    record.judge(ids[0], ids[1], "unsure", by="Ada Ek")
    assert sorted(row.deal for row in record.register()) == sorted(ids)


@pytest.mark.parametrize(("day", "recipient"), [("2018-03-01", "TR"), ("2018-01-01", "IN")])
def test_joined_deals_hold_together_when_one_turns_out_to_go_on_from_an_earlier_report(tmp_path: Path, day: str, recipient: str) -> None:
    first = [make_report("one", published="2018-05-01"), make_report("two", published="2018-02-01", recipient="IN")]
    record = filled(tmp_path / "record.db", [first])
    record.judge("one#t1", "two#t1", "same", by="Ada Ek", reason="the buyer was garbled")
    with writing(record.engine) as db:
        add_reports(db, [make_report("three", published=day, recipient=recipient)], analysed_by="v1")
    # A run that was killed before it settled leaves a record that can be read.
    assert sum(row.reports for row in record.register()) == 3
    with writing(record.engine) as db:
        settle(db)
    (row,) = record.register()
    assert (row.reports, row.recipient) == (3, ("IN", "TR"))
    record.judge("one#t1", "two#t1", "unsure", by="Ada Ek", reason="not so clear")
    assert sorted((row.reports, row.recipient) for row in record.register()) == sorted(
        [(2, (recipient,)), (1, tuple({"IN", "TR"} - {recipient}))]
    )


@pytest.mark.parametrize("turn", [1, -1])
def test_a_seller_misread_in_a_copy_makes_no_second_deal(tmp_path: Path, turn: int) -> None:
    reports = [
        make_report("one"),
        make_report("two", published="2019-07-21", supplier="IL"),
        make_report("three", supplier="FR", text=OWN_TEXT),
    ]
    record = filled(tmp_path / "record.db", [[report] for report in reports[::turn]])
    assert deals(record) == {frozenset({"one", "two"}), frozenset({"three"})}
    record.close()


def test_a_page_that_holds_a_report_beside_others_joins_no_other_sellers_deal(tmp_path: Path) -> None:
    page = TEXT + " ".join(["", *(f"Word{n} of harbour{n} went{n} by boat{n}." for n in range(3))])
    record = filled(tmp_path / "record.db", [[make_report("one"), make_report("page", published="2019-07-21", supplier="IL", text=page)]])
    with record.engine.connect() as db:
        assert db.execute(text("SELECT score >= 0.98 FROM copy_pair")).scalars().all() == [True]
    assert deals(record) == {frozenset({"one"}), frozenset({"page"})}
    record.close()


def test_deals_of_an_older_rule_are_placed_anew(tmp_path: Path) -> None:
    record = filled(tmp_path / "record.db", [story()])
    wanted = deals(record)
    with writing(record.engine) as db:
        db.execute(text("UPDATE deal_member SET judged_by = 'same-deal/1', verdict = 'unsure', score = 0.5"))
        settle(db)
        held = db.execute(text("SELECT judged_by, count(*) FROM deal_member WHERE verdict = 'same' GROUP BY judged_by")).all()
    assert [rule for rule, _ in held] == [RULE]
    assert deals(record) == wanted


def test_a_person_takes_one_report_out_of_a_deal(tmp_path: Path) -> None:
    record = filled(tmp_path / "record.db", [[make_report("one", published="2019-07-20"), make_report("two", published="2019-07-21")]])
    assert len(record.register()) == 1
    record.judge("one#t1", "two#t1", "different", by="Ada Ek")
    assert len(record.register()) == 2


@pytest.mark.parametrize(
    ("left", "right", "by", "fault"),
    [
        ("nothing", "one#t1", "Ada", "is no deal id"),
        ("nobody#t1", "one#t1", "Ada", "no report 'nobody'"),
        ("one#t1", "one#t1", "Ada", "the same transfer"),
        ("one#t1", "two#t1", " ", "name of the person"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused(tmp_path: Path, left: str, right: str, by: str, fault: str) -> None:
    record = filled(tmp_path / "record.db", [[make_report("one"), make_report("two", recipient="IN")]])
    with pytest.raises(BadInput, match=fault):
        record.judge(left, right, "same", by=by)


def test_new_evidence_against_a_verdict_is_told_and_the_verdict_stands(tmp_path: Path) -> None:
    record = filled(tmp_path / "record.db", [[make_report("one", published="2019-07-20"), make_report("two", published="2019-07-21")]])
    record.judge("one#t1", "two#t1", "different", by="Ada Ek")
    assert issues(record) == []
    with writing(record.engine) as db:
        add_reports(db, [make_report("three", published="2019-07-22")], analysed_by="v1")
        settle(db)
    (warning,) = issues(record)
    assert "Ada Ek" in warning
    assert len(record.register()) == 2


def test_what_became_known_after_a_day(tmp_path: Path) -> None:
    first = make_report("one", published="2018-01-02", number=4, stages=[("contract", "actual", "2017-12-29")])
    second = make_report("two", published="2019-07-20", number=5, stages=[("delivery", "actual", "2019-07")])
    other = make_report("three", published="2019-08-01", recipient="IN")
    record = filled(tmp_path / "record.db", [[first, second, other]])
    told = {(change.what, change.field, change.known) for change in record.changes("2018-12-31") if change.recipient == ("TR",)}
    assert told == {("disputed", "quantity", "2019-07-20"), ("more", "stage", "2019-07-20")}
    new = [change for change in record.changes("2018-12-31") if change.recipient == ("IN",)]
    assert {change.what for change in new} == {"new deal"}
    assert record.changes("2019-08-01") == []


def test_the_commands_of_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    filled(path, [[make_report("one"), make_report("two", recipient="IN")]]).close()
    run = CliRunner().invoke
    listed = run(main, ["changes", str(path), "--since", "2019-01-01"])
    assert listed.exit_code == 0 and "new deal" in listed.output and "became known after 2019-01-01" in listed.output
    assert "Nothing new" in run(main, ["changes", str(path), "--since", "2026-01-01"]).output
    judged = run(main, ["judge", str(path), "one#t1", "two#t1", "same", "--by", "Ada Ek", "--why", "read both"])
    assert judged.exit_code == 0 and "1 deal" in judged.output
    assert run(main, ["judge", str(path), "one#t1", "two#t1", "perhaps", "--by", "A", "--why", "B"]).exit_code == 2
