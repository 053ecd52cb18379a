"""Tests that settling only what new reports touch ends exactly as placing all anew: links, scores, reasons, doubts, cells, parties."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import text

from onrecord.api import Record, open_record
from onrecord.clean.document import make_document
from onrecord.records import Finding, Json, make_finding
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.deriving import derive_all
from onrecord.store.query import dump_tables
from onrecord.store.write import Report, add_reports
from reports import claim

TEXT = (
    "Norland sold {more}4 S-400 batteries to Sudland for $2 billion in the first case; Norland sold 9 jets to Sudland in the second. {own}"
)
# What a report leaves unsaid is None; with few values on all sides many reports come near each other.
SUPPLIERS, RECIPIENTS = ("RU", "RU", "CN", None), ("TR", "TR", "IN", None)
EQUIPMENT, COUNTS = ("S-400", "S-400 Triumf", "air defence system", "Su-35", "fighter"), (None, 4, 5, 9, 40)
SUMS, DAYS = (None, 2e9, 2.1e9, 9e9), ("2017-12-30", "2018-01-02", "2018-02-02", "2018-02-03", "2019-07-20", "2021-01-05", None)
STAGES = (
    ("contract", "actual", "2017-12-29"),
    ("contract", "actual", "2021"),
    ("delivery", "actual", "2019-07"),
    ("refusal", "actual", None),
)


def story(chance: random.Random, count: int) -> list[Report]:
    """Reports of one or two transfers each, put together by chance."""
    return [_report(chance, number) for number in range(count)]


def _report(chance: random.Random, number: int) -> Report:
    more = chance.choice(["", "", "another "])
    # Every other report says so much of its own that it is nobody's copy; the others carry one original.
    own = number if number % 2 else " ".join(f"Word{number}x{place} of its own." for place in range(60))
    document = make_document(TEXT.format(more=more, own=own), key=f"r{number}", published=chance.choice(DAYS), read="2026-11-28")
    findings: list[Finding] = []
    for place, words in ((1, "4 S-400"), (2, "9 jets"))[: chance.choice([1, 1, 2])]:
        goods, count, value = chance.choice(EQUIPMENT), chance.choice(COUNTS), chance.choice(SUMS)
        said: list[tuple[str, Json, str]] = [("equipment", goods, words)]
        said += [("supplier", side, "Norland")] if (side := chance.choice(SUPPLIERS)) else []
        said += [("recipient", side, "Sudland")] if (side := chance.choice(RECIPIENTS)) else []
        said += [("quantity", {"number": count, "unit": "piece"}, words)] if count else []
        said += [("value", {"amount": value, "currency": "USD"}, "$2 billion")] if value else []
        findings.append(make_finding("transfer", f"t{place}", document, [claim(document, *cell) for cell in said], made_by="test"))
        stage, modality, when = chance.choice(STAGES)
        cells = [("stage", stage), ("modality", modality), *([("when", when)] if when else [])]
        told = [claim(document, name, value, "sold") for name, value in cells]
        findings.append(make_finding("stage", f"t{place}.s1", document, told, part_of=f"t{place}", made_by="test"))
    return Report(document, tuple(findings))


def add(record: Record, reports: list[Report], *, settled: bool = True) -> None:
    with writing(record.engine) as db:
        add_reports(db, reports, analysed_by="v1")
        if settled:
            settle(db)


# What is derived, with content ids in place of numbers, which tell of the order of arrival.
DERIVED = {
    "deal_member": """SELECT own.id, m.verdict, m.score, m.reason, m.own, m.facts, root.id AS root, parent.id AS parent, deal.id AS deal
        FROM deal_member m JOIN finding own ON own.number = m.finding JOIN deal root ON root.number = m.root
        JOIN deal ON deal.number = m.deal LEFT JOIN finding parent ON parent.number = m.parent""",
    "deal_doubt": """SELECT own.id, other.id AS other, d.verdict, d.score, d.reason FROM deal_doubt d
        JOIN finding own ON own.number = d.finding JOIN finding other ON other.number = d.other""",
    "cell": """SELECT own.id, c.claim, deal.id AS deal, c.field, c.value FROM cell c
        JOIN finding own ON own.number = c.finding JOIN deal ON deal.number = c.deal""",
    "deal_party": """SELECT own.id, p.role, p.party, deal.id AS deal FROM deal_party p
        JOIN finding own ON own.number = p.finding JOIN deal ON deal.number = p.deal""",
    "deal": "SELECT deal.id, equipment, founder.id AS founder FROM deal JOIN finding founder ON founder.number = deal.founder",
    "transfer_key": 'SELECT own.id, k."key", k.day FROM transfer_key k JOIN finding own ON own.number = k.finding',
    "unsettled": "SELECT document FROM unsettled",
}


def derived(record: Record) -> dict[str, list[str]]:
    with record.engine.connect() as db:
        return {name: sorted(map(str, db.execute(text(query)).all())) for name, query in DERIVED.items()}


# The last is a crowd: more transfers stand under one key than are looked at.
@pytest.mark.parametrize(("seed", "count"), [(0, 14), (1, 14), (2, 14), (3, 14), (4, 14), (5, 14), (6, 40)])
def test_any_order_and_any_batches_end_as_all_placed_in_order(tmp_path: Path, seed: int, count: int) -> None:
    chance = random.Random(seed)
    reports = story(chance, count)
    whole = open_record(tmp_path / "whole.db")
    add(whole, sorted(reports, key=lambda report: report.document.published or "9999"))
    for turn in range(2):
        chance.shuffle(reports)
        parts = open_record(tmp_path / f"parts{turn}.db")
        for first in range(0, count, step := chance.choice([1, 3, 5])):
            add(parts, reports[first : first + step], settled=chance.random() < 0.6)
        add(parts, [])
        assert derived(parts) == derived(whole)
        parts.close()
    whole.close()


@pytest.mark.parametrize("seed", range(8, 14))
def test_settling_after_verdicts_and_new_readings_ends_as_deriving_all_anew(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    reports = story(chance, 14)
    record = open_record(tmp_path / "record.db")
    add(record, reports[:7])
    keys = [f"{report.document.key}#t1" for report in reports]
    for verdict in ("different", "different", "same", "unsure"):
        record.judge(*chance.sample(keys[:7], 2), verdict, by="Ada Ek")
    for first in range(7, 14, 2):
        add(record, reports[first : first + 2], settled=chance.random() < 0.6)
    record.judge(*chance.sample(keys, 2), "different", by="Ada Ek")
    with writing(record.engine) as db:
        # A report read anew, by another analysis that finds its first transfer alone.
        again = Report(reports[3].document, reports[3].findings[:2])
        add_reports(db, [again], analysed_by="v2")
    before = _tables(record)
    with writing(record.engine) as db:
        derive_all(db)
    assert _tables(record) == before
    record.close()


def _tables(record: Record) -> dict[str, list[str]]:
    with record.engine.connect() as db:
        tables = dump_tables(db)
    untimed = ({name: value for name, value in row.items() if name != "judged_at"} for row in tables["deal_member"])
    doubts = ({name: value for name, value in row.items() if name != "judged_at"} for row in tables["deal_doubt"])
    rest = {name: sorted(map(str, tables[name])) for name in ("cell", "deal", "deal_party", "transfer_key", "unsettled")}
    return rest | {"deal_member": sorted(map(str, untimed)), "deal_doubt": sorted(map(str, doubts))}
