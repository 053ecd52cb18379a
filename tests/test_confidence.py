"""Tests of confidence.py and of the one threshold over it: what is left out, what a person decided, what goes to the queue."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.api import Record
from onrecord.asked import check_sure
from onrecord.cli import main as onrecord
from onrecord.confidence import WEIGHED, with_confidence
from onrecord.errors import BadInput
from onrecord.records import Finding
from onrecord.review import accept, queue
from onrecord.store.write import Report
from reports import make_report, record_of

pytestmark = pytest.mark.usefixtures("database")
MAKERS = {"transfer": "transfers/1", "stage": "transfers/1", "statement": "statements/1", "event": "extract.events/2"}


def scored(report: Report, **scores: float) -> Report:
    """The report with a score for each finding whose key is named, and for cells named KEY_FIELD; all else is sure."""
    found = []
    for finding in report.findings:
        key = finding.key.replace(".", "")
        claims = tuple(replace(claim, score=scores.get(f"{key}_{claim.field}", 1.0)) for claim in finding.claims)
        found.append(replace(finding, claims=claims, score=scores.get(key, 1.0)))
    return replace(report, findings=tuple(found))


def ours(report: Report, **scores: float) -> list[Finding]:
    return [replace(finding, made_by=MAKERS[finding.kind]) for finding in scored(report, **scores).findings]


@pytest.mark.parametrize("encoded", [False, True], ids=["rules", "model"])
@pytest.mark.parametrize("key", ["t1", "t1s1", "e1"])
def test_what_its_step_believes_more_is_surer(key: str, encoded: bool) -> None:
    low, high = (
        next(f.score for f in with_confidence(ours(make_report(), **{key: score}), encoded=encoded) if f.key.replace(".", "") == key)
        for score in (0.3, 0.9)
    )
    assert 0 < low < high < 1


def test_a_confidence_changes_neither_words_nor_ids() -> None:
    before = ours(make_report(), t1=0.7)
    after = with_confidence(before, encoded=False)
    assert [f.id for f in after] == [f.id for f in before]
    assert [[(c.field, c.value, c.quote) for c in f.claims] for f in after] == [
        [(c.field, c.value, c.quote) for c in f.claims] for f in before
    ]
    assert all(0 < f.score < 1 and all(0 < c.score < 1 for c in f.claims) for f in after)


def test_what_others_made_keeps_its_score() -> None:
    report = scored(make_report(), t1=0.42, q1=0.17)
    assert with_confidence(report.findings, encoded=False) == list(report.findings)


def test_every_kind_has_weights_for_all_that_is_weighed() -> None:
    held = json.loads((Path(__file__).parent.parent / "src/onrecord/vocab/confidence.json").read_text(encoding="utf-8"))
    names = {kind + (f".{field}" if field else "") for kind, fields in WEIGHED.items() for field in fields}
    assert set(held["rules"]) == set(held["model"]) == names == set(held["reliability"]["rules"]) == set(held["reliability"]["model"])


def doubtful_record(folder: Path) -> Record:
    """One deal sure but for its count and its stage, one that is doubtful as a whole."""
    first = scored(make_report("one"), t1=0.9, t1_quantity=0.4, t1s1=0.6, t1s1_stage=0.7, q1=0.9, e1=0.5)
    second = scored(make_report("two", supplier="FR", recipient="IN", equipment="Rafale", text="Norland sold 4 S-400 batteries to Sudland. "
                    "$2 billion. Delivery began in July 2019. “We are glad,” said Ada Ek."), t1=0.55, q1=0.3)  # fmt: skip
    return record_of(folder, first, second)


@pytest.mark.parametrize(
    ("sure", "deals", "quantity", "stage"),
    [
        (0.0, ["S-400", "Rafale"], True, True),
        (0.5, ["S-400", "Rafale"], False, True),
        (0.65, ["S-400"], False, False),
        (0.95, [], None, None),
    ],
)
def test_the_register_leaves_out_what_is_less_sure(
    tmp_path: Path, sure: float, deals: list[str], quantity: bool | None, stage: bool | None
) -> None:
    rows = doubtful_record(tmp_path).register(sure=sure)
    assert [row.equipment for row in rows] == deals
    if rows:
        assert ((rows[0].quantity is not None), (rows[0].stage is not None)) == (quantity, stage)


def test_a_row_says_how_sure_each_cell_is(tmp_path: Path) -> None:
    row, _ = doubtful_record(tmp_path).register()
    assert row.sure == {"supplier": 0.9, "recipient": 0.9, "equipment": 0.9, "quantity": 0.4, "value": 0.9, "stage": 0.6}


def test_a_sure_stage_of_a_doubtful_transfer_is_left_out_with_it(tmp_path: Path) -> None:
    record = record_of(tmp_path, scored(make_report(), t1=0.2))
    (row,) = record.register()
    assert row.stage is not None
    assert record.register(sure=0.5) == []


def test_what_a_person_accepted_is_sure(tmp_path: Path) -> None:
    record = doubtful_record(tmp_path)
    accept(record, "two#t1", by="Eva")
    rows = record.register(sure=0.95)
    assert [row.equipment for row in rows] == ["Rafale"]
    assert rows[0].sure["supplier"] == 1.0
    # Its stage was said surely, and its transfer now stands.
    assert rows[0].stage is not None


def test_statements_and_exports_leave_out_what_is_less_sure(tmp_path: Path) -> None:
    record = doubtful_record(tmp_path)
    assert [len(list(record.statements(sure=sure))) for sure in (0.0, 0.5, 0.95)] == [2, 1, 0]
    counts = {sure: record.export("plover", tmp_path / f"events-{sure}.jsonl", sure=sure) for sure in (0.0, 0.6)}
    assert counts == {0.0: 2, 0.6: 1}
    record.export("jsonld", tmp_path / "deals.jsonld", sure=0.65)
    told = (tmp_path / "deals.jsonld").read_text(encoding="utf-8")
    assert "S-400" in told
    assert "Rafale" not in told
    assert '"quantity"' not in told


def test_the_queue_holds_what_is_less_sure(tmp_path: Path) -> None:
    record = doubtful_record(tmp_path)
    assert [[item.what.split(",")[0] for item in queue(record, kinds=["score"], sure=sure)] for sure in (0.5, 0.6, 0.65)] == [
        [],
        ["transfer Rafale"],
        ["transfer Rafale", "stage delivery"],
    ]


@pytest.mark.parametrize("sure", [-0.1, 1.1, float("nan")])
def test_no_confidence_beyond_its_ends(sure: float) -> None:
    with pytest.raises(BadInput, match="is no confidence"):
        check_sure(sure)


def test_the_command_asks_for_it(tmp_path: Path) -> None:
    record = doubtful_record(tmp_path)
    path = str(record.engine.url) if record.engine.dialect.name == "postgresql" else str(tmp_path / "record.db")
    if record.engine.dialect.name == "postgresql":
        pytest.skip("the command line is tried on a file")
    told = CliRunner().invoke(onrecord, ["register", path, "--sure", "0.8", "--format", "json"])
    assert [row["equipment"] for row in json.loads(told.output)] == ["S-400"]
    refused = CliRunner().invoke(onrecord, ["register", path, "--sure", "8"])
    assert refused.exit_code == 2
    assert "0<=x<=1" in refused.output
