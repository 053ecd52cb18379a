"""Tests of review.py and store/acted.py: what a person decided is shown, marked, kept through every re-run, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.event import listen

from onrecord import backup, history, review
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.records import make_finding
from onrecord.register import RegisterRow
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_reports
from query_plans import read_whole
from reports import TEXT, claim, make_report

pytestmark = pytest.mark.usefixtures("database")

# Tables that grow with the reports; those of acts and runs are small beside them.
WHOLE = re.compile(
    r"(SCAN|Seq Scan on) (document(?! USING COVERING INDEX document_replaced)|finding|claim|cell|statement"
    r"|deal(?! USING INDEX deal_joined)|deal_member|deal_party|transfer_key|report_\w+)\b"
)
BY = {"by": "Ada Ek", "why": "read it again"}


def put(record: Record, version: str, *reports: Report) -> None:
    with writing(record.engine) as db:
        add_reports(db, reports, analysed_by=version)
        settle(db)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    opened = open_record(tmp_path / "record.db")
    put(opened, "v1", make_report("one"), make_report("two", recipient="IN", text=TEXT + " More."))
    return opened


def deal(record: Record, recipient: str = "TR") -> RegisterRow:
    (row,) = record.register(recipient=recipient)
    return row


def states(record: Record) -> list[str]:
    return [outcome.state for done in review.acts(record) for outcome in done.outcomes]


def without(report: Report, *kinds: str) -> Report:
    return replace(report, findings=tuple(f for f in report.findings if f.kind not in kinds))


FIVE: dict[str, Any] = {"number": 5, "unit": "battery"}
# What a later run may bring for the report whose quantity a person set to 5: nothing new, another reading, none at all.
RUNS: dict[str, Sequence[Report]] = {
    "the same": [make_report("one")],
    "another count": [make_report("one", number=40)],
    "no count": [make_report("one", number=None)],
    "another name": [make_report("one", equipment="S-400 Triumf", supplier="BY")],
    "no deal at all": [without(make_report("one"), "transfer", "stage", "event")],
    "a newer text": [make_report("one", text="Breaking news. " + TEXT + " So it is.", number=7)],
    "a newer text that counts otherwise": [make_report("one", text=TEXT.replace("4 S-400", "40 S-400"), number=None)],
}


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_a_correction_holds_whatever_a_later_run_brings(record: Record, run: str) -> None:
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    for version in ("v2", "v3"):
        for report in RUNS[run]:
            text = report.document.text
            if run == "a newer text that counts otherwise":
                report = replace(report, findings=(finding_with_count(report), *report.findings[1:]))
                assert text.startswith("Norland sold 40")
            put(record, version, report)
        row = deal(record)
        assert row.quantity == FIVE
        assert (row.reviewed["quantity"].verb, row.reviewed["quantity"].by, row.reviewed["quantity"].why) == ("correct", *BY.values())
        assert record.check() == []


def finding_with_count(report: Report) -> Any:
    own = report.findings[0]
    count = claim(report.document, "quantity", {"number": 40, "unit": "battery"}, "40 S-400 batteries")
    return make_finding("transfer", "t1", report.document, [*own.claims, count], made_by="test/1")


def test_a_correction_can_be_undone_and_the_undo_too(record: Record) -> None:
    before = deal(record)
    act = review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    assert deal(record).quantity == FIVE
    undo = review.undo(record, act.number, by="Bo")
    assert deal(record) == before
    with pytest.raises(BadInput, match="undone already"):
        review.undo(record, act.number, by="Bo")
    review.undo(record, undo.id, by="Cy")
    assert deal(record).quantity == FIVE
    assert [done.undone for done in review.acts(record)] == [False, True, False]


def test_what_a_person_accepted_is_asked_about_instead_of_changed(record: Record) -> None:
    review.accept(record, "one#t1", by="Ada Ek")
    accepted = deal(record)
    assert states(record) == ["applied"] and review.queue(record, kinds=["look"]) == []
    put(record, "v2", make_report("one", number=40, supplier="BY"))
    assert replace(deal(record), evidence={}) == replace(accepted, evidence={})
    (item,) = review.queue(record, kinds=["look"])
    assert "the analysis now reads" in item.what and "40" in item.what and "BY" in item.what
    review.accept(record, item.target, by="Bo")
    assert review.queue(record, kinds=["look"]) == []
    assert replace(deal(record), evidence={}, reviewed={}) == replace(accepted, evidence={}, reviewed={})


def test_a_new_look_can_take_over_what_the_analysis_now_reads(record: Record) -> None:
    review.accept(record, "one#t1:quantity", by="Ada Ek")
    put(record, "v2", make_report("one", number=40))
    assert (deal(record).quantity or {})["number"] == 4
    review.correct(record, "one#t1:quantity", "40 batteries", **BY)
    assert (deal(record).quantity or {})["number"] == 40
    assert review.queue(record, kinds=["look"]) == []


def test_what_was_rejected_stays_away_and_comes_back_undone(record: Record) -> None:
    act = review.reject(record, "one#t1", **BY)
    assert record.register(recipient="TR") == []
    put(record, "v2", make_report("one", supplier="BY"))
    assert record.register(recipient="TR") == []
    assert [item.kind for item in review.queue(record, kinds=["look"])] == ["look"]
    review.undo(record, act.number, by="Bo")
    assert deal(record).supplier == ("BY",)


def test_a_rejected_cell_leaves_the_others(record: Record) -> None:
    review.reject(record, "one#t1:value", **BY)
    row = deal(record)
    assert row.value is None and row.quantity is not None
    with pytest.raises(BadInput, match="reject the whole stage"):
        review.reject(record, "one#t1.s1:modality", **BY)


def test_a_cell_that_was_missed_is_filled_from_marked_words(record: Record) -> None:
    put(record, "v2", make_report("one", number=None))
    with pytest.raises(BadInput, match="mark the words"):
        review.correct(record, "one#t1:quantity", "4 batteries", **BY)
    review.correct(record, "one#t1:quantity", "4 batteries", words="4 S-400 batteries", **BY)
    row = deal(record)
    assert row.quantity == {"number": 4, "unit": "battery"} and row.evidence["quantity"].quote == "4 S-400 batteries"


def test_a_finding_that_was_missed_is_added_once_however_often_it_is_read(record: Record) -> None:
    marks = [review.Mark("stage", "contract", "sold"), review.Mark("modality", "actual", "sold")]
    review.add(record, "one", "stage", marks, part_of="t1", **BY)
    assert {cell.value["stage"] for cell in record.show(deal(record).deal).cells if cell.field == "stage"} == {"contract", "delivery"}
    own = make_report("one")
    said = [claim(own.document, field, value, "sold") for field, value in (("stage", "contract"), ("modality", "actual"))]
    found = make_finding("stage", "t1.s9", own.document, said, part_of="t1", made_by="test/2")
    put(record, "v2", replace(own, findings=(*own.findings, found)))
    stages = [cell for cell in record.show(deal(record).deal).cells if cell.field == "stage" and cell.value["stage"] == "contract"]
    assert len(stages) == 1 and stages[0].reviewed is not None
    put(record, "v3", own)
    assert len([s for s in record.show(deal(record).deal).sources if s.kind == "stage" and s.value == "contract"]) == 1
    with pytest.raises(BadInput, match="on record already"):
        review.add(record, "one", "stage", marks, part_of="t1", **BY)


def test_a_whole_deal_and_its_cells_are_named_by_the_deal(record: Record) -> None:
    put(record, "v1", make_report("three", text=TEXT + " Again."))
    name = deal(record).deal[:8]
    review.correct(record, f"{name}:quantity", "5 batteries", **BY)
    assert deal(record).quantity == FIVE and deal(record).disputed == ()
    review.correct(record, f"{name}:stage.when", "2019-08", **BY)
    assert (deal(record).stage or {})["when"] == "2019-08"
    review.reject(record, name, **BY)
    assert record.register(recipient="TR") == []


def test_a_text_that_lost_the_words_leaves_an_orphan_for_a_person(record: Record) -> None:
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    gone = TEXT.replace("4 S-400 batteries", "some S-400 systems")
    changed = make_report("one", text=gone, number=None)
    put(record, "v1", changed)
    (item,) = review.queue(record, kinds=["orphan"])
    assert "the words of quantity are gone" in item.what
    assert deal(record).quantity == FIVE
    assert record.check() == []


def test_a_page_read_again_replaces_its_older_version_and_the_past_keeps_it(record: Record) -> None:
    newer = make_report("one", text=TEXT + " The count was corrected.", number=7)
    newer = replace(newer, document=replace(newer.document, updated="2019-09-01"))
    put(record, "v1", newer)
    assert deal(record).quantity == {"number": 7, "unit": "battery"} and deal(record).reports == 1
    (past,) = record.register(recipient="TR", as_of="2019-08-31")
    assert past.quantity == {"number": 4, "unit": "battery"}
    (then,) = record.register(recipient="TR", as_of="2019-09-01")
    assert then.quantity == {"number": 7, "unit": "battery"}
    assert len(record.search("Norland")) == 2


OTHER = (
    "In Westport on Monday Norland's traders were glum. Sudland, an old buyer, wants more: 4 S-400 batteries at $2 billion. Nothing was"
    " sold, one heard. Delivery began in July 2019, a memo says. Ada Ek wrote back: We are glad, and tired, of this long talk."
)


def test_two_reports_under_one_file_name_are_no_versions(record: Record) -> None:
    put(record, "v1", make_report("one", text=OTHER))
    assert len(record.search("Norland")) == 3


def test_verdicts_on_deals_hold_by_their_words_through_a_new_analysis(record: Record) -> None:
    review.judge(record, "one#t1", "two#t1", "same", **BY)
    assert len(record.register()) == 1
    put(record, "v2", make_report("one", number=40), make_report("two", recipient="IN", number=9, text=TEXT + " More."))
    assert len(record.register()) == 1
    put(record, "v3", make_report("one", number=40, text=TEXT + " And so on."))
    assert len(record.register()) == 1


def test_a_decision_holds_for_the_very_same_text_elsewhere(record: Record) -> None:
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    put(record, "v1", make_report("copy", outlet="The Gazette"))
    assert deal(record).quantity == FIVE and deal(record).disputed == () and deal(record).reports == 2


@pytest.mark.parametrize(
    ("do", "fault"),
    [
        (lambda r: review.accept(r, "one#t9", by="Ada"), "no such finding"),
        (lambda r: review.accept(r, "nobody#t1", by="Ada"), "no report 'nobody'"),
        (lambda r: review.accept(r, "one#t1", by=" "), "name of the person"),
        (lambda r: review.correct(r, "one#t1", "x", **BY), "which cell"),
        (lambda r: review.correct(r, "one#t1:colour", "x", **BY), "no field colour; a transfer has supplier"),
        (lambda r: review.accept(r, "one#t1:supplier=TR", by="Ada"), r"has no supplier TR; it has: supplier Russia \(RU\)"),
        (lambda r: review.correct(r, "one#t1:quantity", "many", **BY), "no quantity"),
        (lambda r: review.correct(r, "one#t1:value", "2bn", **BY), "no sum"),
        (lambda r: review.correct(r, "one#t1:supplier", "Atlantis", **BY), "no state"),
        (lambda r: review.correct(r, "one#t1.s1:when", "soon", **BY), "EDTF"),
        (lambda r: review.correct(r, "one#t1.s1:stage", "sale", **BY), "no stage"),
        (lambda r: review.correct(r, "one#t1:quantity", "5 batteries", saw="9 batteries", **BY), "look again"),
        (lambda r: review.correct(r, "one#t1:quantity", "5 batteries", words="no such words", **BY), "do not stand"),
        (lambda r: review.add(r, "one", "stage", [review.Mark("stage", "offer", "sold")], part_of="t1", **BY), "needs modality"),
        (lambda r: review.add(r, "one", "transfer", [review.Mark("equipment", "S-400", "S")], **BY), "stand"),
        (lambda r: review.undo(r, 99, by="Ada"), "no act 99"),
        (lambda r: review.judge(r, "one#t1", "one#q1", "same", by="Ada"), "two of a kind"),
        (lambda r: review.remark(r, "one#t1", " ", by="Ada"), "empty"),
        (lambda r: review.queue(r, kinds=["odd"]), "no kind of doubt"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(record: Record, do: Any, fault: str) -> None:
    before = record.register()
    with pytest.raises(BadInput, match=fault):
        do(record)
    assert record.register() == before and review.acts(record) == []


def test_the_history_tells_what_the_register_said_and_through_whom(record: Record) -> None:
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    entries = [e for e in history.differences(history.history(record, deal=deal(record).deal)) if e[1] == "quantity"]
    assert [(old, new) for _, _, old, new in entries] == [
        (None, {"number": 4, "unit": "battery"}),
        ({"number": 4, "unit": "battery"}, FIVE),
    ]
    assert entries[1][0].through == "act 1: correct by Ada Ek: read it again"
    today = entries[1][0].at[:10]
    assert [row["quantity"] for row in history.register_on(record, today) if row["recipient"] == ["TR"]] == [FIVE]
    assert history.register_on(record, "2020-01-01") == []


def test_the_history_tells_no_longer_of_a_deal_under_an_id_that_it_lost(tmp_path: Path) -> None:
    record = open_record(tmp_path / "older.db")
    for day in ("2020-05-01", "2020-04-01"):
        with writing(record.engine) as db:
            add_reports(db, [make_report(day, published=day)], analysed_by="v1")
            settle(db)
            history.note_history(db)
    first, second = (noted.deal for noted in history.history(record) if noted.said)
    assert [(noted.deal, noted.said is None) for noted in history.history(record)] == [(first, False), (first, True), (second, False)]
    assert [row["deal"] for row in history.register_on(record, "2099-01-01")] == [row.deal for row in record.register()] == [second]
    record.close()


def test_the_command_does_every_act_and_the_keyboard_goes_through_the_queue(tmp_path: Path, record: Record) -> None:
    path = str(tmp_path / "record.db")

    def run(*words: str, keys: str = "") -> str:
        done = CliRunner().invoke(main, ["review", path, *words], input=keys)
        assert done.exit_code == 0, done.output
        return done.output

    who = ("--by", "Ada Ek", "--why", "read it again")
    assert "Nothing is in doubt" in run()
    assert "Act 1: correct" in run("--correct", "one#t1:quantity", "5 batteries", *who)
    assert "Act 2: accept" in run("--accept", "two#t1", "--by", "Bo")
    assert "Act 3: same" in run("--same", "one#t1", "two#t1", *who)
    assert "Act 4: undo" in run("--undo", "3", "--by", "Bo")
    assert "Act 5: remark" in run("--remark", "one#q1", "who else was there?", "--by", "Bo")
    assert "Act 6: add" in run("--add", "one", "stage", "--cell", "stage", "contract", "sold", "--cell", "modality", "actual", "8-12",
                               "--part-of", "t1", *who)  # fmt: skip
    assert "Act 7: reject" in run("--reject", "one#e1", *who)
    listed = run("--list")
    assert "same (undone)" in listed and "who else was there?" in listed and "7 acts." in listed
    assert "1 act." in run("--list", "--on", "two#t1", "--by", "Bo")
    put(record, "v2", make_report("one", number=40), make_report("two", recipient="IN", number=9, text=TEXT + " More."))
    assert "2 doubts" in run("--kind", "look")
    walked = run("--keys", "--kind", "look", "--by", "Cy", keys="xan")
    assert "Act 8: accept" in walked and "1 act done" in walked
    refused = CliRunner().invoke(main, ["review", path, "--reject", "one#t1", "--by", "Ada"])
    assert refused.exit_code == 2 and "say why" in refused.output
    assert CliRunner().invoke(main, ["review", path, "--accept", "one#t1"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--cell", "stage", "contract", "sold"), "--cell does nothing alone; it goes with --add"),
        (("--saw", "4 batteries"), "it goes with --accept or --correct or --reject"),
        (("--on", "one#t1"), "it goes with --list"),
        (("--accept", "", "--by", "Ada"), "'' is no deal id"),
    ],
)
def test_an_option_that_would_do_nothing_is_a_mistake(tmp_path: Path, record: Record, words: tuple[str, ...], fault: str) -> None:
    done = CliRunner().invoke(main, ["review", str(tmp_path / "record.db"), *words])
    assert (done.exit_code, fault in done.output) == (2, True), done.output


def test_the_register_and_a_deal_say_whose_decision_a_cell_is(tmp_path: Path, record: Record) -> None:
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    review.correct(record, "one#q1:role", "defence minister", **BY)
    path, name = str(tmp_path / "record.db"), deal(record).deal[:8]
    table = CliRunner().invoke(main, ["register", path]).output
    assert "5 batteries✓" in table and "decided by a person" in table
    told = CliRunner().invoke(main, ["show", path, name]).output
    assert "✓ corrected by Ada Ek, " in told and ": read it again" in told
    (statement,) = record.statements(about=name)
    assert statement.role == "defence minister" and statement.reviewed.startswith("corrected by Ada Ek")
    assert len(list(record.statements(speaker="defence minister"))) == 1


def people_of(record: Record) -> list[set[str]]:
    return [set(found.person.spellings) for found in record.people()]


def speaking(report: Report, name: str) -> Report:
    """The report with its statement by somebody else."""
    own = report.document
    said = {"speaker": name, "as_written": name, "role": "minister", "organization": "Norland", "kind": "direct"}
    claims = [claim(own, f, v, "Ada Ek") for f, v in said.items()] + [claim(own, "content", "We are glad,", "We are glad,")]
    return replace(report, findings=(*without(report, "statement").findings, make_finding("statement", "q1", own, claims)))


def speakers(one: str, other: str, **more: Any) -> list[Report]:
    second = make_report("two", recipient="IN", text=TEXT + " More.", **more)
    return [speaking(make_report("one", **more), one), speaking(second, other)]


def test_speakers_are_the_same_or_not_as_a_person_says_through_a_new_analysis(record: Record) -> None:
    put(
        record,
        "v2",
        speaking(make_report("one"), "Ada Ek"),
        speaking(make_report("two", recipient="IN", text=TEXT + " More."), "Berta Holm"),
    )
    assert people_of(record) == [{"Ada Ek"}, {"Berta Holm"}]
    act = review.judge(record, "one#q1", "two#q1", "same", **BY)
    assert people_of(record) == [{"Ada Ek", "Berta Holm"}]
    assert len(list(record.statements(speaker="Holm"))) == 2
    put(
        record,
        "v3",
        speaking(make_report("one", number=7), "Ada Ek"),
        speaking(make_report("two", number=7, text=TEXT + " More."), "Berta Holm"),
    )
    assert people_of(record) == [{"Ada Ek", "Berta Holm"}]
    review.undo(record, act.number, by="Bo")
    assert len(people_of(record)) == 2
    put(record, "v4", *speakers("Ada Ek", "Ada Ekk"))
    assert len(people_of(record)) == 1
    review.judge(record, "one#q1", "two#q1", "different", **BY)
    assert len(people_of(record)) == 2


def test_no_query_of_an_act_or_of_a_run_after_it_reads_a_whole_table_of_reports(record: Record) -> None:
    ran: dict[str, Any] = {}
    review.correct(record, "one#t1:quantity", "5 batteries", **BY)
    listen(record.engine, "before_cursor_execute", lambda db, cursor, statement, given, context, many: ran.setdefault(statement, given))
    put(record, "v2", make_report("one", number=7), make_report("new", text=TEXT + " New."))
    review.judge(record, "one#t1", "two#t1", "same", **BY)
    review.undo(record, review.accept(record, "one#t1", by="Bo").number, by="Bo")
    queries = [(statement, given) for statement, given in ran.items() if statement.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(queries) > 30
    with record.engine.connect() as db:
        for statement, given in queries:
            assert [step for step in read_whole(db, statement, given) if WHOLE.match(step)] == [], statement


def test_several_reviewers_at_once_lose_no_act(tmp_path: Path, record: Record) -> None:
    def work(name: str) -> None:
        with open_record(tmp_path / "record.db") as own:
            for n in range(1, 5):
                review.correct(own, "one#t1:quantity", f"{n} batteries", by=name, why="mine")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, ["Ada", "Bo", "Cy", "Di"]))
    done = review.acts(record)
    assert [one.act.number for one in done] == list(range(1, 17)) and backup.flaws(record) == []
    assert deal(record).quantity == done[-1].act.value == {"number": 4, "unit": "battery"}
