"""This file serves one report: its text with what was put on record marked in it, its origin and its days, and its copies side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.errors import BadInput
from onrecord.serve.answering import Missing, answer, desk_of
from onrecord.serve.marked import MOST_SHOWN, paragraphs, side_by_side
from onrecord.serve.wording import value_text
from onrecord.store.database import reading
from onrecord.store.pages import Marked, ReportView, report_text, report_view

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a report with its claims by field; a transfer comes with its stages."""

    finding: str
    kind: str
    key: str
    deal: str
    claims: tuple[Marked, ...]
    stages: tuple[Found, ...] = ()

    def __getitem__(self, field: str) -> Marked | None:
        """The first claim of a field."""
        return next((claim for claim in self.claims if claim.field == field), None)

    def all(self, field: str) -> list[Marked]:
        """Every claim of a field."""
        return [claim for claim in self.claims if claim.field == field]


@router.get("/reports/{report}", summary="One report with what was put on record from it")
def report(
    request: Request,
    report: str,
    words: Annotated[str | None, Query(description="Words to point at, as START-END in code points")] = None,
    done: Annotated[int, Query(ge=0, include_in_schema=False)] = 0,
) -> Response:
    """One report, by its id or its own key."""
    view = _view(request, report)
    wanted = _wanted(words, len(view.text))
    found = found_in(view.claims)
    shown = paragraphs(view.text, view.claims, view.credit_spans, wanted=wanted)
    return answer(
        request,
        "report",
        {"view": view},
        paragraphs=shown,
        wanted=wanted,
        found=found,
        finding_targets=finding_targets,
        done=done,
        statements=[item for item in found if item.kind == "statement"],
        events=[item for item in found if item.kind == "event"],
        cut=len(view.text) > MOST_SHOWN,
    )


@router.get("/reports/{report}/beside/{other}", summary="Two reports and how their texts differ")
def beside(request: Request, report: str, other: str) -> Response:
    """Two reports side by side, what they share and what each says in its own way."""
    try:
        with reading(desk_of(request).record.engine) as db:
            (left, left_text), (right, right_text) = report_text(db, report), report_text(db, other)
    except BadInput as error:
        raise Missing(str(error)) from error
    compared, whole = side_by_side(left_text, right_text)
    return answer(request, "beside", {"left": left, "right": right, "compared": compared, "whole": whole})


def found_in(claims: Iterable[Marked]) -> list[Found]:
    """The findings of a report in the order in which it tells of them, each transfer with its stages."""
    by_finding: dict[str, list[Marked]] = {}
    for claim in claims:
        by_finding.setdefault(claim.finding, []).append(claim)
    findings = [Found(own[0].finding, own[0].kind, own[0].key, own[0].deal, tuple(own)) for own in by_finding.values()]
    stages: dict[str, list[Found]] = {}
    for item in findings:
        if item.kind == "stage":
            stages.setdefault(item.claims[0].part_of, []).append(item)
    whole = [item for item in findings if item.kind != "stage"]
    return [Found(item.finding, item.kind, item.key, item.deal, item.claims, tuple(stages.get(item.key, ()))) for item in whole]


def finding_targets(item: Found) -> list[tuple[str, str]]:
    """What of a finding a reviewer can act on: the whole, and each cell; as a name for an act and in words."""
    whole = [(f"finding:{item.finding}", f"the whole {item.kind}")]
    several = Counter(claim.field for claim in item.claims)
    cells = [
        (
            f"finding:{item.finding}:{claim.field}" + (f"={claim.value}" if several[claim.field] > 1 else ""),
            f"{claim.field}: {value_text(claim.field, claim.value)}",
        )
        for claim in item.claims
    ]
    return whole + list(dict.fromkeys(cells))


def _view(request: Request, report: str) -> ReportView:
    try:
        with reading(desk_of(request).record.engine) as db:
            return report_view(db, report)
    except BadInput as error:
        raise Missing(str(error)) from error


def _wanted(words: str | None, length: int) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{1,9})-(\d{1,9})", words or "")
    if not match:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None
