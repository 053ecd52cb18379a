"""Findings of one report in the gold form: one JSON object with transfers, statements and events (see docs/gold.md)."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.records import Document, Finding, Json


def gold_report(document: Document, findings: Iterable[Finding]) -> dict[str, Json]:
    """The report and its findings as the gold files hold them; every evidence and content string is cut from the text."""
    findings = list(findings)
    stages: dict[str, list[Json]] = {}
    for finding in findings:
        if finding.kind == "stage" and finding.part_of:
            stages.setdefault(finding.part_of, []).append(_stage(finding))
    return {
        "id": document.key,
        "title": document.title,
        "outlet": document.outlet,
        "published": document.published,
        "lang": document.language,
        "credits": list(document.credits),
        "text": document.text,
        "transfers": [_transfer(f, stages.get(f.key, [])) for f in findings if f.kind == "transfer"],
        "statements": [_statement(f) for f in findings if f.kind == "statement"],
        "events": [_event(f) for f in findings if f.kind == "event"],
    }


def _transfer(finding: Finding, stages: list[Json]) -> Json:
    return {
        "key": finding.key,
        "supplier": finding.all("supplier"),
        "recipient": finding.all("recipient"),
        "equipment": finding["equipment"],
        "quantity": finding["quantity"],
        "value": finding["value"],
        "stages": stages,
    }


def _stage(finding: Finding) -> Json:
    return {name: finding[name] for name in ("stage", "modality", "when", "according_to")} | {"evidence": _quote(finding, "stage")}


def _statement(finding: Finding) -> Json:
    cells: dict[str, Json] = {name: finding[name] for name in ("speaker", "as_written", "role", "organization", "kind")}
    return cells | {"content": _quote(finding, "content"), "about": list(finding.about)}


def _event(finding: Finding) -> Json:
    return {
        "actor": finding.all("actor"),
        "recipient": finding.all("recipient"),
        "plover": finding["plover"],
        "modality": finding["modality"],
        "when": finding["when"],
        "about": list(finding.about),
        "instrument": finding["instrument"],
        "evidence": _quote(finding, "plover"),
    }


def _quote(finding: Finding, name: str) -> str | None:
    claim = finding.claim(name)
    return claim.quote if claim else None
