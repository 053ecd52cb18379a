"""This file says how likely each finding and each of its cells is right: of all that stand at 0.8, eight in ten are.

The steps score what they find on scales of their own. Here learnt weights turn that score, and what else speaks for or against a reading,
into a probability, by kind and by field. They stand in `vocab/confidence.json`, learnt by `training/calibrate.py` from findings in reports
that their finder had not seen; what each kind came to is in docs/measuring.md. Findings of other makers keep the score that they have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from onrecord.records import Claim, Finding
from onrecord.vocab import learnt

Weights = Mapping[str, float]
Features = dict[str, float]
# The field under which the confidence in a finding as a whole stands.
WHOLE = ""
# What is weighed of each kind; of other fields a cell is as sure as its finding.
WEIGHED: Mapping[str, tuple[str, ...]] = {
    "transfer": (WHOLE, "supplier", "recipient", "equipment", "quantity", "value"),
    "stage": (WHOLE, "stage", "when"),
    "statement": (WHOLE, "content"),
    "event": (WHOLE, "modality"),
}
# The steps whose findings are weighed, by the beginning of `made_by`.
OURS = ("transfers/", "statements/", "extract.events/")
# A belief is taken to be no surer than this, so that its log odds stay small.
LEAST = 0.005
# Longer contents and reports with more deals are as those with so many.
LONG, MANY = 400, 5


def with_confidence(findings: Iterable[Finding], *, encoded: bool) -> list[Finding]:
    """The findings of one report with the confidence in each and in its cells as their scores, from 0 to 1.

    `encoded` tells whether the English model has read the report: beside it the same score means something else.
    """
    findings = list(findings)
    weights = _learnt()["model" if encoded else "rules"]
    held = Held(findings)
    return [_weighed(finding, held, weights) if finding.made_by.startswith(OURS) else finding for finding in findings]


class Held:
    """The findings of one report by key and by what they are part of, as the steps scored them; `told` keeps what speaks for each."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.by_key = {finding.key: finding for finding in findings}
        self.parts: dict[str, list[Finding]] = {}
        self.count: dict[str, int] = {}
        self.told: dict[str, Features] = {}
        for finding in findings:
            self.count[finding.kind] = self.count.get(finding.kind, 0) + 1
            if finding.part_of:
                self.parts.setdefault(finding.part_of, []).append(finding)

    def of_kind(self, finding: Finding) -> Features:
        """What speaks for a finding of its kind, whichever of its cells is weighed; worked out once."""
        if finding.key not in self.told:
            self.told[finding.key] = _OF_KIND[finding.kind](finding, self)
        return self.told[finding.key]


def features(finding: Finding, field: str, held: Held) -> Features:
    """What speaks for a finding or for one of its cells, each as a number; the names are those of the weights."""
    told = {"one": 1.0, "score": _odds(finding.score)} | held.of_kind(finding)
    claim = finding.claim(field) if field else None
    if claim is not None:
        told |= {"belief": _odds(claim.score), "inferred": float(claim.inferred), f"reason:{_kind_of_reason(claim)}": 1.0}
    return told


def confidence(told: Features, weights: Weights) -> float:
    """The probability that weights give to what is told."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in told.items())))


def _weighed(finding: Finding, held: Held, weights: Mapping[str, Weights]) -> Finding:
    sure = {
        field: confidence(features(finding, field, held), weights[place(finding.kind, field)])
        for field in WEIGHED[finding.kind]
        if field == WHOLE or finding.claim(field) is not None
    }
    whole = sure[WHOLE]
    claims = (replace(claim, score=round(sure.get(claim.field, whole), 3)) for claim in finding.claims)
    return replace(finding, claims=tuple(claims), score=round(whole, 3))


def place(kind: str, field: str) -> str:
    """The name under which the weights for a field of a kind are kept: "transfer", "transfer.quantity"."""
    return f"{kind}.{field}" if field else kind


def _transfer(finding: Finding, held: Held) -> Features:
    stages = held.parts.get(finding.key, [])
    best = max((stage.score for stage in stages), default=0.5)
    said = {role: finding.claim(role) for role in ("supplier", "recipient", "equipment")}
    told = {f"no {role}": float(claim is None) for role, claim in said.items()}
    told |= {f"inferred {role}": float(claim.inferred) for role, claim in said.items() if claim is not None}
    told |= {f"belief {role}": _odds(claim.score) for role, claim in said.items() if claim is not None}
    told |= {f"has {name}": float(finding.claim(name) is not None) for name in ("quantity", "value")}
    return told | {"best stage": _odds(best), f"stages:{min(len(stages), 4)}": 1.0, f"transfers:{min(held.count['transfer'], MANY)}": 1.0}


def _stage(finding: Finding, held: Held) -> Features:
    deal = held.by_key.get(finding.part_of or "")
    stage, modality = finding["stage"], finding["modality"]
    told = {
        f"stage:{stage}": 1.0,
        f"modality:{modality}": 1.0,
        f"{stage}:{modality}": 1.0,
        "dated": float(finding.claim("when") is not None),
    }
    if deal is not None:
        told |= {"deal": _odds(deal.score), f"stages:{min(len(held.parts[deal.key]), MANY)}": 1.0}
        told |= {name: value for name, value in held.of_kind(deal).items() if name.startswith(("inferred", "belief", "no "))}
    return told


def _statement(finding: Finding, held: Held) -> Features:
    content, speaker, cue = (finding.claim(field) for field in ("content", "speaker", "cue"))
    length = content.end - content.start if content else 0
    bare = cue is None or content is None or (cue.start, cue.end) == (content.start, content.end)
    return {
        f"kind:{finding['kind']}": 1.0,
        f"kind:{finding['kind']}:{'no cue' if bare else 'cue'}": 1.0,
        "length": min(length, LONG) / LONG,
        "short": float(length < 40),
        "inferred speaker": float(speaker is not None and speaker.inferred),
        "role": float(bool(finding["role"])),
        "organization": float(bool(finding["organization"])),
        "renamed": float(finding["speaker"] != finding["as_written"]),
        f"about:{min(2, len(finding.about))}": 1.0,
        f"transfers:{min(held.count.get('transfer', 0), 3)}": 1.0,
    }


def _event(finding: Finding, held: Held) -> Features:
    told = {f"root:{finding['plover']}": 1.0, f"modality:{finding['modality']}": 1.0, f"events:{min(held.count['event'], MANY)}": 1.0}
    for role in ("actor", "recipient"):
        told[f"inferred {role}"] = float(any(claim.inferred for claim in finding.claims if claim.field == role))
    return told | {f"about:{min(2, len(finding.about))}": 1.0, "instrument": float(finding.claim("instrument") is not None)}


_OF_KIND = {"transfer": _transfer, "stage": _stage, "statement": _statement, "event": _event}


def _kind_of_reason(claim: Claim) -> str:
    """The first word of a reason: enough to tell the kinds apart."""
    return claim.reason.split()[0].strip(",;:") if claim.reason else "none"


def _odds(belief: float) -> float:
    """Log odds of a belief, neither end endless."""
    held = min(max(belief, LEAST), 1 - LEAST)
    return math.log(held / (1 - held))


@cache
def _learnt() -> Mapping[str, Mapping[str, Weights]]:
    parts: Mapping[str, Mapping[str, Weights]] = learnt("confidence", "rules", "model", script="calibrate.py")
    return parts
