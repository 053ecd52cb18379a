"""This file serves review: the queue of what a person should look at, the forms by which a reviewer acts, and the acts that were done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from onrecord import review
from onrecord.doubtful import KINDS, queue
from onrecord.errors import BadInput
from onrecord.records import Json
from onrecord.serve.answering import answer, desk_of
from onrecord.serve.signing_in import check_form, need_reviewer
from onrecord.store.database import reading
from onrecord.store.page_review import findings_asked

router = APIRouter()
Text = Annotated[str, Form(max_length=4000)]
SHOWN, MOST_ACTS = 40, 300
BY_FINDING = "finding:"
# Seconds that a reviewer waits for the register to be counted anew, so that he sees what he did.
SOON = 2.0
# Cells of a finding that is added by hand: as many rows as the form has.
ROWS = 6


@router.get("/review", summary="What a person should look at, the most doubtful first")
def review_queue(request: Request, kind: Annotated[str, Query(max_length=20)] = "", done: Annotated[int, Query(ge=0)] = 0) -> Response:
    """The queue: readings of low score, deals that may be one, reports that contradict each other, acts that ask for a new look."""
    need_reviewer(request)
    record = desk_of(request).record
    items = queue(record, kinds=(kind,) if kind else (), limit=SHOWN)
    names = [
        name.removeprefix(BY_FINDING).split(":")[0] for item in items for name in (item.target, item.other) if name.startswith(BY_FINDING)
    ]
    with reading(record.engine) as db:
        asked = findings_asked(db, names)
    told = [(item, _asked(asked, item.target), _asked(asked, item.other)) for item in items]
    data = {"kind": kind, "items": [{**asdict(item), "finding": left, "other_finding": right} for item, left, right in told]}
    return answer(request, "review", data, told=told, kinds=KINDS, listing=desk_of(request).listing(), done=done)


@router.get("/acts", summary="What reviewers did, and what became of it")
def acts(request: Request, by: Annotated[str, Query(max_length=60)] = "", done: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Every act, the latest first, with what became of it in the reports of today."""
    need_reviewer(request)
    found = review.acts(desk_of(request).record, by=by or None)[::-1]
    data = {"by": by, "acts": [_told(one) for one in found[:MOST_ACTS]]}
    return answer(request, "acts", data, total=len(found), done=done)


@router.post("/review/act", include_in_schema=False)
def act(
    request: Request, verb: Text, target: Text, token: Text = "", value: Text = "", words: Text = "", why: Text = "", back: Text = "/review"
) -> Response:
    """Accepts, corrects, rejects or remarks on a finding or a cell."""
    by = _reviewer(request, token)
    record = desk_of(request).record
    if verb == "accept":
        done = review.accept(record, target, by=by, why=why)
    elif verb == "reject":
        done = review.reject(record, target, by=by, why=why)
    elif verb == "correct":
        done = review.correct(record, target, value, by=by, why=why, words=words.strip() or None)
    elif verb == "remark":
        done = review.remark(record, target, why, by=by)
    else:
        raise BadInput(f"{verb[:20]!r} is nothing that a reviewer does here")
    return _back(request, back, done.number)


@router.post("/review/judge", include_in_schema=False)
def judge(request: Request, left: Text, right: Text, verdict: Text, token: Text = "", why: Text = "", back: Text = "/review") -> Response:
    """Says that two deals are the same, different, or that it cannot be told."""
    done = review.judge(desk_of(request).record, left, right, verdict, by=_reviewer(request, token), why=why)
    return _back(request, back, done.number)


@router.post("/review/undo", include_in_schema=False)
def undo(request: Request, act: Text, token: Text = "", why: Text = "", back: Text = "/acts") -> Response:
    """Takes an act back."""
    return _back(request, back, review.undo(desk_of(request).record, act, by=_reviewer(request, token), why=why).number)


@router.post("/review/add", include_in_schema=False)
def add(
    request: Request,
    report: Text,
    kind: Text,
    field: Annotated[list[str], Form(max_length=ROWS)],
    value: Annotated[list[str], Form(max_length=ROWS)],
    words: Annotated[list[str], Form(max_length=ROWS)],
    token: Text = "",
    part_of: Text = "",
    about: Text = "",
    why: Text = "",
    back: Text = "/review",
) -> Response:
    """Puts a finding on record that was missed, from words of a report."""
    by = _reviewer(request, token)
    marks = [review.Mark(*row) for row in zip(field, value, words, strict=False) if row[0] and row[1].strip()]
    told: dict[str, Any] = {"part_of": part_of.strip() or None, "about": about.split()}
    return _back(request, back, review.add(desk_of(request).record, report, kind, marks, by=by, why=why, **told).number)


def _reviewer(request: Request, token: str) -> str:
    """The name of the reviewer whose form this is."""
    session = need_reviewer(request)
    check_form(request, token)
    return session.account.name


def _back(request: Request, address: str, act: int) -> Response:
    """Back to the page that the form stood on, which tells of the act; what it changed is counted anew first, if that is soon done."""
    desk_of(request).kept.renew("register", "people", longest=SOON)
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or not address.isprintable():
        parts = urlsplit("/review")
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith("done=")]
    query = "&".join([*kept, f"done={act}"])
    fragment = f"#{quote(parts.fragment)}" if parts.fragment else ""
    return RedirectResponse(f"{parts.path}?{query}{fragment}", status_code=303)


def _asked(asked: dict[str, Any], target: str) -> Any:
    return asked.get(target.removeprefix(BY_FINDING).split(":")[0]) if target.startswith(BY_FINDING) else None


def _told(done: review.Done) -> dict[str, Json]:
    act = done.act
    first = act.targets[0] if act.targets else None
    return {
        "number": act.number,
        "id": act.id,
        "verb": act.verb,
        "by": act.by,
        "at": act.at,
        "why": act.why,
        "value": act.value,
        "undone": done.undone,
        "undoes": act.undoes,
        "report": first.document_id if first else "",
        "finding": first.seen.key if first else "",
        "field": first.field if first else "",
        "saw": first.value if first else None,
        "targets": len(act.targets),
        "outcomes": [asdict(outcome) for outcome in done.outcomes],
    }
