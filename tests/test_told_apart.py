"""Tests that a record tells apart what denies, what contradicts and what changed since, and says whose an original is, wherever shown."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from onrecord.api import Record
from onrecord.cli import main
from onrecord.resolve import Said, disagreement, kind_of, update
from reports import TEXT, make_report, record_of


def stage(modality: str, day: str, *, when: str | None = None) -> Said:
    return Said("stage", {"stage": "contract", "modality": modality, "when": when, "according_to": None}, day, day, "")


def count(number: int, day: str, *, firm: str = "") -> Said:
    return Said("quantity", {"number": number, "unit": "battery"}, day, day, firm)


@pytest.mark.parametrize(
    ("left", "right", "against", "changed"),
    [
        pytest.param(stage("denied", "2017-09-01"), stage("actual", "2017-12-29"), None, "contract.modality", id="denied, then done"),
        pytest.param(stage("denied", "2017-09-01"), stage("actual", "2017-08-01"), "contract.modality", None, id="done, then denied"),
        pytest.param(
            stage("denied", "2017-09-01"),
            stage("actual", "2017-12-29", when="2017-07"),
            "contract.modality",
            None,
            id="said to be done before",
        ),
        pytest.param(count(4, "2017-01-01"), count(6, "2017-12-29"), None, "quantity", id="a guess given up"),
        pytest.param(count(4, "2017-12-28"), count(6, "2017-12-29"), "quantity", None, id="two counts of one week"),
        pytest.param(count(4, "2017-01-01", firm="2017-01-01"), count(6, "2017-12-29"), "quantity", None, id="a count of a contract"),
        pytest.param(count(4, "2017-01-01"), count(4, "2017-12-29"), None, None, id="the same"),
        pytest.param(count(4, "2017-01-01"), stage("actual", "2017-12-29"), None, None, id="two fields"),
    ],
)
def test_a_later_value_updates_or_contradicts(left: Said, right: Said, against: str | None, changed: str | None) -> None:
    for one, other in ((left, right), (right, left)):
        assert (disagreement(one, other), update(one, other)) == (against, changed)


def test_a_denial_is_told_from_a_contradiction() -> None:
    assert [kind_of(field) for field in ("contract.modality", "contract.when", "quantity")] == ["denial", "contradiction", "contradiction"]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A count given up, a contract denied and one signed, and a story of one outlet that two others carry."""
    plan, early = [("negotiation", "actual", None)], "Norland sold 4 S-400 batteries"
    other = " Officials of the ministry counted eleven trucks, two cranes and a ferry that waited at the harbour of Sudland for a month."
    return record_of(
        tmp_path,
        make_report("plan", published="2017-01-02", number=9, stages=plan, text=TEXT + " It is early." + other),
        make_report("signed", published="2017-12-30", stages=[("contract", "actual", "2017-12-29")], outlet="The Courier"),
        make_report("copied", published="2017-12-31", stages=[("contract", "actual", "2017-12-29")], outlet="The Herald"),
        make_report(
            "denied", published="2018-01-20", stages=[("contract", "denied", None)], text=f"No, {early}" + TEXT[len(early) :] + other
        ),
    )


def test_show_says_of_a_deal_what_denies_what_changed_and_whose_the_originals_are(tmp_path: Path, record: Record) -> None:
    (row,) = record.register()
    view = record.show(row.deal)
    assert {(dispute.field, dispute.kind) for dispute in view.disputes} == {("contract.modality", "denial")}
    assert [(u.field, u.earlier.value["number"], u.later.value["number"]) for u in view.updates] == [("quantity", 9, 4)]
    story = next(story for story in view.stories if "signed" in story.keys)
    assert (story.origin.how, story.origin.name) == ("earliest", "The Courier") and "copied" in story.keys
    assert record.show(row.deal, as_of="2017-01-02").stories == ()
    record.close()
    shown = CliRunner().invoke(main, ["show", str(tmp_path / "record.db"), row.deal]).output
    for words in ("contract.modality, a denial", "Changed since", "earliest: the first of"):
        assert words in " ".join(shown.split())


def test_exports_say_it_too(tmp_path: Path, record: Record) -> None:
    record.export("xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheets = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in ("conflicts", "origins")}
    kinds = [row[sheets["conflicts"][0].index("kind")] for row in sheets["conflicts"][1:]]
    assert sorted(kinds) == ["denial", "update"]
    named = [dict(zip(sheets["origins"][0], row, strict=True)) for row in sheets["origins"][1:]]
    assert [(one["how"], one["name"]) for one in named if "signed" in one["carried_by"]] == [("earliest", "The Courier")]
    record.export("jsonld", tmp_path / "out.jsonld")
    assert '"denial"' in (tmp_path / "out.jsonld").read_text(encoding="utf-8")
