"""This file serves states and bodies: what each supplies and receives, whom it presses, who presses it; a map and a network."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.parties import party_code, party_name
from onrecord.serve.answering import Desk, Missing, answer, desk_of, form_of
from onrecord.serve.atom import feed_answer, news_of
from onrecord.serve.flows import Flow, Part, draw_map, draw_network, flows, parts
from onrecord.serve.listing import Line
from onrecord.serve.positions import objecting_roots
from onrecord.store.database import reading
from onrecord.store.page_lists import Act, act_words, all_acts

router = APIRouter()
Year = Annotated[str | None, Query(pattern=r"^(\d{4})?$", description="A year, as 2019")]
MOST_ACTS = 100
MOST_ROWS = 200


@router.get("/states", summary="States and bodies, with a map and a network of who supplies whom")
def states(request: Request, since: Year = None, until: Year = None) -> Response:
    """Each state's part, over all time or the deals of some years."""
    desk = desk_of(request)
    told, pairs = _kept_parts(desk, since or None, until or None)
    data = {"since": since or None, "until": until or None, "states": told, "flows": pairs}
    return answer(request, "states", data, map=draw_map(pairs), network=draw_network(pairs), years=desk.listing().facets["year"])


@router.get("/states/{state}", summary="One state or body")
def state(request: Request, state: str) -> Response:
    """What a state or body supplies and receives, and what it and others did to each other over deals."""
    desk, code = (
        desk_of(request),
        party_code(state) if len(state) > 2 and not state.startswith("org:") else state.upper() if len(state) == 2 else state,
    )
    listing = desk.listing()
    own = list(listing.of_party(code))
    acts = [act for act in kept_acts(desk) if code in act.actors or code in act.recipients]
    if not own and not acts:
        raise Missing(f"nothing on record about {party_name(code)[:80]}")
    if form_of(request) == "atom":
        return feed_answer(request, f"{party_name(code)}: deals", f"/states/{code}", news_of(desk, own))
    shown = acts[:MOST_ACTS]
    with reading(desk.record.engine) as db:
        words = act_words(db, [act.finding for act in shown])
    roots = set(objecting_roots())
    sides = {
        "presses": [act for act in shown if code in act.actors and act.root in roots],
        "is_pressed": [act for act in shown if code in act.recipients and act.root in roots],
        "other": [act for act in shown if act.root not in roots],
    }
    supplies, receives = ([line for line in own if code in getattr(line.row, side)] for side in ("supplier", "recipient"))
    data: dict[str, Any] = {
        "state": code,
        "name": party_name(code),
        "supplies": [line.row.deal for line in supplies],
        "receives": [line.row.deal for line in receives],
        "acts": {side: [_told(act, words) for act in some] for side, some in sides.items()},
    }
    pairs = flows(own)
    return answer(
        request,
        "state",
        data,
        lines={"supplies": _newest(supplies), "receives": _newest(receives)},
        sides=sides,
        words=words,
        all_acts=len(acts),
        map=draw_map(pairs),
        listing=listing,
        counts={"supplies": len(supplies), "receives": len(receives)},
    )


def kept_acts(desk: Desk) -> list[Act]:
    """Every act on record, kept until the record changes."""

    def count() -> list[Act]:
        with reading(desk.record.engine) as db:
            return all_acts(db)

    acts: list[Act] = desk.kept.get("acts", count)
    return acts


def _kept_parts(desk: Desk, since: str | None, until: str | None) -> tuple[list[Part], list[Flow]]:
    """Each state's part and who supplies whom, of the deals and acts of some years, kept until the record changes."""

    def count() -> tuple[list[Part], list[Flow]]:
        lines = [line for line in desk.listing().lines if _in_years(line, since, until)]
        return parts(lines, (act for act in kept_acts(desk) if _is_between(act.known[:4], since, until))), flows(lines)

    held: tuple[list[Part], list[Flow]] = desk.kept.get(("states", since, until), count)
    return held


def _newest(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.row.last_said, line.newest, line.row.deal), reverse=True)[:MOST_ROWS]


def _told(act: Act, words: dict[int, Any]) -> dict[str, Any]:
    return {"actors": act.actors, "root": act.root, "recipients": act.recipients, "modality": act.modality, "words": words.get(act.finding)}


def _in_years(line: Line, since: str | None, until: str | None) -> bool:
    return any(_is_between(year, since, until) for year in line.years)


def _is_between(year: str, since: str | None, until: str | None) -> bool:
    return (not since or year >= since) and (not until or year <= until)
