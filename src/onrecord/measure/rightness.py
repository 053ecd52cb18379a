"""This file tells of each finding of a report, and of each of its cells, whether a careful reader put the same on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onrecord.export.gold import gold_report
from onrecord.measure.score import (
    MIN_SHARED_SPAN,
    Report,
    overlap,
    pair_up,
    same_equipment,
    same_event,
    same_name,
    same_quantity,
    same_value,
    stage_fit,
    transfer_fit,
)
from onrecord.records import Document, Finding

# The field under which a verdict on a finding as a whole stands.
WHOLE = ""
# What is right of a finding, by its key and the field.
Verdicts = dict[tuple[str, str], bool]
SIDES = ("supplier", "recipient")


def verdicts(gold: Report, document: Document, findings: Iterable[Finding]) -> Verdicts:
    """For each finding, and each of its cells that the gold can judge, whether it is right.

    A transfer is right with its parties and equipment, a stage with its transfer and its modality, a statement with its content and its
    speaker, an event with its root and its parties. A count, a sum or a date is right only in a transfer or stage that is.
    """
    findings = list(findings)
    said: Report = gold_report(document, findings)
    found: Verdicts = {}
    _judge_transfers(gold, said, findings, found)
    kinds = {kind: [f.key for f in findings if f.kind == kind] for kind in ("statement", "event")}
    _judge_statements(gold, dict(zip(kinds["statement"], said["statements"], strict=True)), found)
    _judge_events(gold, dict(zip(kinds["event"], said["events"], strict=True)), found)
    return found


def _judge_transfers(gold: Report, said: Report, findings: Iterable[Finding], found: Verdicts) -> None:
    partner = {right["key"]: left for left, right in pair_up(gold["transfers"], said["transfers"], transfer_fit)}
    # A transfer that is not right as a whole may be right in one cell: it is held against the gold one that it comes nearest to.
    left = [g for g in gold["transfers"] if not any(g is taken for taken in partner.values())]
    rest = [t for t in said["transfers"] if t["key"] not in partner]
    nearest = partner | {right["key"]: near for near, right in pair_up(left, rest, _likeness)}
    stages: dict[str, list[str]] = {}
    for finding in findings:
        if finding.kind == "stage" and finding.part_of:
            stages.setdefault(finding.part_of, []).append(finding.key)
    for transfer in said["transfers"]:
        key, right, near = transfer["key"], partner.get(transfer["key"]), nearest.get(transfer["key"])
        found[key, WHOLE] = right is not None
        for side in SIDES:
            found[key, side] = near is not None and set(near[side]) == set(transfer[side])
        found[key, "equipment"] = near is not None and same_equipment(near["equipment"], transfer["equipment"])
        for name, same in (("quantity", same_quantity), ("value", same_value)):
            found[key, name] = bool(right and right.get(name) and transfer[name] and same(right[name], transfer[name]))
        own = dict(zip(stages.get(key, ()), transfer["stages"], strict=True))
        hits = {id(b): a for a, b in pair_up(right["stages"], list(own.values()), stage_fit)} if right else {}
        for name, stage in own.items():
            _judge_stage(name, stage, hits.get(id(stage)), found)


def _judge_stage(key: str, stage: Report, right: Report | None, found: Verdicts) -> None:
    found[key, "stage"] = right is not None
    found[key, WHOLE] = found[key, "modality"] = right is not None and right["modality"] == stage["modality"]
    found[key, "when"] = bool(right and (right["when"] or "").rstrip("~?") == (stage["when"] or "").rstrip("~?"))


def _judge_statements(gold: Report, said: Mapping[str, Any], found: Verdicts) -> None:
    def fit(a: Report, b: Report) -> float:
        return max(0.0, overlap(gold["text"], a["content"], b["content"]) - MIN_SHARED_SPAN)

    hits = {id(b): a for a, b in pair_up(gold["statements"], list(said.values()), fit)}
    for key, statement in said.items():
        right = hits.get(id(statement))
        found[key, "content"] = right is not None
        found[key, WHOLE] = found[key, "speaker"] = right is not None and any(
            same_name(right[name], statement[name]) for name in ("speaker", "as_written")
        )


def _judge_events(gold: Report, said: Mapping[str, Any], found: Verdicts) -> None:
    def fit(a: Report, b: Report) -> float:
        return same_event(a, b) * (1 + overlap(gold["text"], a["evidence"], b["evidence"]))

    hits = {id(b): a for a, b in pair_up(gold["events"], list(said.values()), fit)}
    for key, event in said.items():
        right = hits.get(id(event))
        found[key, WHOLE] = found[key, "plover"] = right is not None
        found[key, "modality"] = right is not None and right["modality"] == event["modality"]


def _likeness(gold: Report, said: Report) -> float:
    """In how many of parties and equipment two transfers agree, of three."""
    return float(sum(set(gold[side]) == set(said[side]) for side in SIDES) + 1.5 * same_equipment(gold["equipment"], said["equipment"]))
