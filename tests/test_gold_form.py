"""Findings in the form of the gold files."""

from __future__ import annotations

import json

from onrecord.export.gold import gold_report
from reports import TEXT, make_report


def test_a_report_is_written_in_the_gold_form() -> None:
    report = make_report()
    written = gold_report(report.document, report.findings)
    assert (written["id"], written["title"], written["outlet"], written["published"], written["text"]) == (
        "one",
        "Report one",
        "The Courier",
        "2019-07-20",
        TEXT,
    )
    assert written["transfers"] == [
        {
            "key": "t1",
            "supplier": ["RU"],
            "recipient": ["TR"],
            "equipment": "S-400",
            "quantity": {"number": 4, "unit": "battery"},
            "value": {"amount": 2e9, "currency": "USD"},
            "stages": [
                {
                    "stage": "delivery",
                    "modality": "actual",
                    "when": "2019-07",
                    "according_to": None,
                    "evidence": "Delivery began in July 2019",
                }
            ],
        }
    ]


def test_statements_and_events_name_the_transfers_that_they_are_about() -> None:
    report = make_report()
    written = gold_report(report.document, report.findings)
    assert written["statements"] == [
        {
            "speaker": "Ada Ek",
            "as_written": "Ada Ek",
            "role": "minister",
            "organization": "Norland",
            "kind": "direct",
            "content": "We are glad,",
            "about": ["t1"],
        }
    ]
    assert written["events"] == [
        {
            "actor": ["RU"],
            "recipient": ["TR"],
            "plover": "AGREE",
            "modality": "actual",
            "when": None,
            "about": ["t1"],
            "instrument": None,
            "evidence": "sold",
        }
    ]


def test_what_was_not_said_is_null() -> None:
    report = make_report(number=None, stages=[("contract", "planned", None)])
    transfer = json.loads(json.dumps(gold_report(report.document, report.findings)))["transfers"][0]
    assert transfer["quantity"] is None
    assert [stage["when"] for stage in transfer["stages"]] == [None]


def test_a_report_without_findings_has_empty_lists() -> None:
    written = gold_report(make_report().document, ())
    assert (written["transfers"], written["statements"], written["events"]) == ([], [], [])
