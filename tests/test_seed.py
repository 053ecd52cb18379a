"""The report that the project began with, a translation with garbled names: everything that it must give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord import flow
from onrecord.collect import read_documents
from onrecord.export.gold import gold_report

REPORT = Path(__file__).parent.parent / "gold" / "seed.json"
PILIPSON = ("Yuri Pilipson", "Fourth European Department", "Russian Foreign Ministry")
THUNE = ("John Thune", "Senator", "US Senate")


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """The report as the gold form holds it, read from its file as any report is."""
    (analysis,) = flow.analyse(read_documents([REPORT]))
    return json.loads(json.dumps(gold_report(analysis.parsed.document, analysis.findings)))


def transfers(record: dict[str, Any], supplier: str, recipient: str, equipment: str) -> list[dict[str, Any]]:
    return [t for t in record["transfers"] if (t["supplier"], t["recipient"], t["equipment"]) == ([supplier], [recipient], equipment)]


def stages(*found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(stage["stage"], stage["modality"]) for transfer in found for stage in transfer["stages"]}


def events(record: dict[str, Any], actor: str, plover: str, recipient: str) -> list[dict[str, Any]]:
    return [e for e in record["events"] if (e["actor"], e["plover"], e["recipient"]) == ([actor], plover, [recipient])]


def statement(record: dict[str, Any], words: str) -> dict[str, Any]:
    found = [said for said in record["statements"] if words in said["content"]]
    assert found, words
    return found[0]


def is_person(said: dict[str, Any], person: tuple[str, str, str]) -> bool:
    name, role, organization = person
    return said["speaker"] == name and role in (said["role"] or "") and said["organization"] == organization


def additional_batch(record: dict[str, Any]) -> dict[str, Any]:
    found = [t for t in transfers(record, "RU", "TR", "S-400") if any(s["stage"] == "negotiation" for s in t["stages"])]
    assert found
    return found[0]


def first_batch(record: dict[str, Any]) -> dict[str, Any]:
    found = [t for t in transfers(record, "RU", "TR", "S-400") if any(s["stage"] == "delivery" for s in t["stages"])]
    assert found
    return found[0]


def test_the_two_batches_are_apart(record: dict[str, Any]) -> None:
    assert len(transfers(record, "RU", "TR", "S-400")) == 2
    assert additional_batch(record)["key"] != first_batch(record)["key"]


def test_nothing_else_is_made_up(record: dict[str, Any]) -> None:
    deals = sorted(" ".join((*t["supplier"], *t["recipient"], t["equipment"])) for t in record["transfers"])
    assert deals == ["RU TR S-400", "RU TR S-400", "TR US S-400", "US TR F-35", "US TR Patriot"]


def test_additional_batch_is_negotiated(record: dict[str, Any]) -> None:
    assert ("negotiation", "actual") in stages(additional_batch(record))


def test_no_obstacles_according_to_pilipson(record: dict[str, Any]) -> None:
    found = [s for s in additional_batch(record)["stages"] if (s["stage"], s["modality"]) == ("contract", "possible")]
    assert [(s["according_to"], "no obstacles" in s["evidence"]) for s in found] == [("Yuri Pilipson", True)]


def test_first_batch_was_delivered_from_july_2019(record: dict[str, Any]) -> None:
    found = [s for s in first_batch(record)["stages"] if s["stage"] == "delivery"]
    assert [(s["modality"], s["when"], s["according_to"]) for s in found] == [("actual", "2019-07", None)]


def test_resale_is_wanted_and_hangs_on_assurances(record: dict[str, Any]) -> None:
    (resale,) = transfers(record, "TR", "US", "S-400")
    assert stages(resale) == {("interest", "actual"), ("contract", "conditional")}
    evidence = {stage["stage"]: stage["evidence"] for stage in resale["stages"]}
    assert "assurances" in evidence["contract"]


def test_resale_was_proposed_by_senator_thune(record: dict[str, Any]) -> None:
    said = statement(record, "resolve controversies")
    (resale,) = transfers(record, "TR", "US", "S-400")
    assert is_person(said, THUNE), said
    assert (said["as_written"], said["kind"], resale["key"] in said["about"]) == ("John Tune", "indirect", True)


def test_patriot_was_offered_instead(record: dict[str, Any]) -> None:
    assert ("offer", "actual") in stages(*transfers(record, "US", "TR", "Patriot"))


def test_f35_is_under_threat_of_delay_or_cancellation(record: dict[str, Any]) -> None:
    assert stages(*transfers(record, "US", "TR", "F-35")) == {("suspension", "possible"), ("cancellation", "possible")}
    assert any("delay or cancel" in event["evidence"] for event in events(record, "US", "THREATEN", "TR"))


def test_sanctions_are_threatened_under_caatsa(record: dict[str, Any]) -> None:
    assert "CAATSA" in [event["instrument"] for event in events(record, "US", "THREATEN", "TR")]


def test_sanctions_are_not_yet_imposed(record: dict[str, Any]) -> None:
    assert [event["modality"] for event in events(record, "US", "SANCTION", "TR")] == ["denied"]


def test_washington_demanded_withdrawal(record: dict[str, Any]) -> None:
    assert len(events(record, "US", "REQUEST", "TR")) == 1


def test_ankara_refused(record: dict[str, Any]) -> None:
    (refusal,) = events(record, "TR", "REJECT", "US")
    assert (refusal["modality"], "refused to make concessions" in refusal["evidence"]) == ("actual", True)


def test_moscow_accuses_washington(record: dict[str, Any]) -> None:
    assert any("pressure" in event["evidence"] for event in events(record, "RU", "ACCUSE", "US"))


def test_ria_novosti_is_the_credit_and_no_speaker(record: dict[str, Any]) -> None:
    assert record["credits"] == ["RIA Novosti"]
    assert "RIA Novosti" not in {said["speaker"] for said in record["statements"]}


@pytest.mark.parametrize(
    ("words", "kind", "as_written"),
    [
        ("Moscow sees no obstacles", "indirect", "Yuri Pilpson"),
        ("As for the possibility for Turkey", "direct", "Pilpson"),
        ("Moscow regards Washington's desire", "indirect", "Pilpson"),
        ("We regard this as another manifestation", "direct", "Pilpson"),
    ],
)
def test_pilipson_is_the_speaker(record: dict[str, Any], words: str, kind: str, as_written: str) -> None:
    said = statement(record, words)
    assert is_person(said, PILIPSON), said
    assert (said["kind"], said["as_written"]) == (kind, as_written)


def test_five_statements_are_on_record(record: dict[str, Any]) -> None:
    assert len(record["statements"]) == 5


def test_long_quotation_is_one_statement(record: dict[str, Any]) -> None:
    content = statement(record, "We regard this")["content"]
    assert content.endswith("closest NATO allies")
    assert not content.startswith('"')
