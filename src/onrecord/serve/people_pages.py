"""This file serves people and bodies: who speaks, and what each has said about which deal over time, with changes of position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from onrecord.serve.answering import Desk, Missing, answer, desk_of
from onrecord.serve.positions import position_of
from onrecord.store.database import reading
from onrecord.store.page_lists import Body, Said, bodies, said_by_body, said_by_people
from onrecord.store.people import Named, all_people

router = APIRouter()
PER_PAGE = 100
# Of how many of a person's statements, the newest, a reviewer can say here that they are another's.
MOST_CHOICES = 60
# Positions that speak for and against a deal; going from one to the other is a change.
SIDES = {"for": 1, "threat": -1, "against": -1}


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement with the position that its words carry; `turned` where the last one told on the same deal was the other side."""

    said: Said
    position: str
    turned: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a list shows him: name, number among namesakes, roles, how often and when he speaks."""

    name: str
    number: int
    spellings: tuple[str, ...]
    role: str
    statements: int
    reports: int
    first: str
    last: str


@router.get("/people", summary="Who speaks: people and bodies")
def people(
    request: Request, name: Annotated[str, Query(max_length=200)] = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """Everybody on record with a statement, the most quoted first; with a name, those whom it may mean."""
    desk = desk_of(request)
    kept = kept_people(desk)
    if name.strip():
        wanted = {frozenset(found.called) for found in desk.record.people(name=name)}
        kept = [(listed, named) for listed, named in kept if frozenset(named.called) in wanted]
    told = sorted((listed for listed, _ in kept), key=lambda one: (-one.statements, one.name, one.number))
    groups = [body for body in _kept_bodies(desk) if name.strip().casefold() in body.name.casefold()]
    shown = told[(page - 1) * PER_PAGE : page * PER_PAGE]
    data = {"name": name.strip(), "page": page, "pages": max(1, -(-len(told) // PER_PAGE)), "people": shown, "bodies": groups[:PER_PAGE]}
    return answer(request, "people", data, total=len(told), total_bodies=len(groups))


@router.get("/people/{name:path}", summary="What one person has said")
def person(
    request: Request,
    name: str,
    number: Annotated[int, Query(ge=1, le=1000)] = 1,
    done: Annotated[int, Query(ge=0, include_in_schema=False)] = 0,
) -> Response:
    """What a person is on record with, deal by deal in order of the day; `number` tells namesakes apart."""
    desk = desk_of(request)
    found = next((pair for pair in kept_people(desk) if (pair[0].name, pair[0].number) == (name, number)), None)
    if found is None:
        raise Missing(f"nobody called {name[:80]!r} speaks in this record; /people lists who does")
    with reading(desk.record.engine) as db:
        said = said_by_people(db, [found[1]])
    roles = list(dict.fromkeys(" · ".join(p for p in (s.role, s.organization) if p) for s in found[1].person.sightings))
    reasons = [reason for reason in dict.fromkeys(found[1].person.reasons) if "alike" in reason]
    data = {"person": found[0], "roles": [role for role in roles if role], "reasons": reasons[:20]}
    return _speaker(request, desk, said, {**data, "title": name, "number": number}, total=found[0].statements, done=done)


@router.get("/bodies/{name:path}", summary="What was said on behalf of one body")
def body(request: Request, name: str) -> Response:
    """What an organisation is on record with, deal by deal in order of the day."""
    desk = desk_of(request)
    with reading(desk.record.engine) as db:
        said, total = said_by_body(db, name)
    if not said:
        raise Missing(f"nobody speaks for {name[:80]!r} in this record; /people lists who speaks")
    return _speaker(request, desk, said, {"person": None, "roles": [], "reasons": [], "title": name, "number": 1}, total=total)


def kept_people(desk: Desk) -> list[tuple[Listed, Named]]:
    """Everybody who speaks, kept until the record changes."""

    def count() -> list[tuple[Listed, Named]]:
        with reading(desk.record.engine) as db:
            found = all_people(db)
        numbers: dict[str, int] = {}
        listed = []
        for named in found:
            number = numbers[named.person.name] = numbers.get(named.person.name, 0) + 1
            listed.append((_listed(named, number), named))
        return listed

    held: list[tuple[Listed, Named]] = desk.kept.get("people", count)
    return held


def place(said: Sequence[Said]) -> list[tuple[str, list[Placed]]]:
    """Statements by deal ("" for those about none), the deal spoken of last first, each with its position and whether it turned."""
    by_deal: dict[str, list[Said]] = {}
    for one in said:
        for deal in one.deals or ("",):
            by_deal.setdefault(deal, []).append(one)
    told = [(deal, list(_placed(own))) for deal, own in by_deal.items()]
    return sorted(told, key=lambda item: (bool(item[0]), item[1][-1].said.statement.published or "", item[0]), reverse=True)


def _placed(said: Iterable[Said]) -> Iterable[Placed]:
    last = 0
    for one in said:
        position = position_of(one.carries)
        side = SIDES.get(position, 0)
        yield Placed(one, position, bool(side and last and side != last))
        last = side or last


def _speaker(request: Request, desk: Desk, said: Sequence[Said], data: dict[str, Any], *, total: int, done: int = 0) -> Response:
    told = place(said)
    turns = sum(placed.turned for _, own in told for placed in own)
    return answer(
        request,
        "speaker",
        {**data, "total": total, "statements": [{"deal": deal, "said": own} for deal, own in told]},
        told=told,
        listing=desk.listing(),
        turns=turns,
        shown=len(said),
        done=done,
        choices=[
            (one.statement.finding, f"{one.statement.published or 'no date'}: {one.statement.content}") for one in said[-MOST_CHOICES:]
        ],
    )


def _kept_bodies(desk: Desk) -> list[Body]:
    def count() -> list[Body]:
        with reading(desk.record.engine) as db:
            return bodies(db)

    held: list[Body] = desk.kept.get("bodies", count)
    return held


def _listed(named: Named, number: int) -> Listed:
    sightings = named.person.sightings
    often = max(sightings, key=lambda sighting: (bool(sighting.role or sighting.organization), sighting.statements))
    role = ", ".join(part for part in (often.role, often.organization) if part)
    days = sorted(day for sighting in sightings for day in (sighting.first, sighting.last) if day) or [""]
    reports = {report for sighting in sightings for report in sighting.reports}
    return Listed(
        named.person.name,
        number,
        named.person.spellings,
        role,
        sum(sighting.statements for sighting in sightings),
        len(reports),
        days[0],
        days[-1],
    )
