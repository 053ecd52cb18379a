"""This file turns what a visitor asks the register for into the lines to show: filters, order, and one page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from onrecord.asked import check_day, check_equipment
from onrecord.errors import BadInput
from onrecord.parties import party_code, party_name
from onrecord.resolve import fold
from onrecord.resolve.goods import goods_of
from onrecord.resolve.money import in_dollars
from onrecord.serve.listing import Line, Listing
from onrecord.vocab import meanings

PER_PAGE, MOST_PER_PAGE = 50, 500
# Names in the address that are no Python names.
IN_ADDRESS = {"category": "class"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the register is asked for; empty fields ask for everything. `since` numbers the newest report of the visit before."""

    as_of: str | None = None
    state: str | None = None
    supplier: str | None = None
    recipient: str | None = None
    equipment: str | None = None
    category: str | None = None
    stage: str | None = None
    modality: str | None = None
    year: str | None = None
    outlet: str | None = None
    only: str | None = None
    sort: str = "-news"
    page: int = 1
    per: int = PER_PAGE

    def address(self, **changed: Any) -> str:
        """The query of an address that asks for the same, but for what is changed; "" where nothing is asked for."""
        default = Asked()
        asked = {**asdict(self), **({} if "page" in changed else {"page": 1}), **changed}
        told = {IN_ADDRESS.get(name, name): value for name, value in asked.items() if value and value != getattr(default, name)}
        return f"?{urlencode(told)}" if told else ""

    def is_filtered(self) -> bool:
        """Whether anything but order and page is asked for."""
        return any(getattr(self, field.name) for field in fields(self) if field.name not in ("sort", "page", "per"))


ONLY: dict[str, Callable[[Line], bool]] = {
    "disputed": lambda line: bool(line.row.disputed),
    "doubtful": lambda line: bool(line.row.inferred),
    "objected": lambda line: bool(line.objectors),
}


def check_asked(asked: Asked) -> Asked:
    """The same with states as codes and the rest checked; what makes no sense is a `BadInput` that says what would."""
    stages, modalities = meanings("stages")["stage"], meanings("stages")["modality"]
    for name, value, known in (
        ("stage", asked.stage, stages), ("modality", asked.modality, modalities), ("sort", asked.sort.lstrip("-"), ORDERS),
        ("only", asked.only, (*ONLY, "new")),
    ):  # fmt: skip
        if value and value not in known:
            raise BadInput(f"{name}={value[:40]!r}: there is {', '.join(known)}")
    if asked.year and not (asked.year.isascii() and asked.year.isdigit() and len(asked.year) == 4):
        raise BadInput(f"year={asked.year[:40]!r} is no year; write it as 2019")
    parties = {name: party_code(value[:100]) for name in ("state", "supplier", "recipient") if (value := getattr(asked, name))}
    checked = {
        **asdict(asked),
        **parties,
        "as_of": check_day(asked.as_of or None),
        "equipment": check_equipment(asked.equipment or None),
        "page": max(1, asked.page),
        "per": min(max(1, asked.per), MOST_PER_PAGE),
    }
    return Asked(**checked)


def chosen(listing: Listing, asked: Asked, *, since: int = 0) -> list[Line]:
    """The lines asked for, in the order asked for; `since` is the number of the newest report that the visitor had seen."""
    lines: Iterable[Line] = ordered(listing, asked.sort)
    for fits in _wanted(asked, since):
        # One condition after the other: each looks at what the one before left.
        lines = filter(fits, lines)
    return list(lines)


def ordered(listing: Listing, sort: str) -> tuple[Line, ...]:
    """All lines in an order, made once for each state of the record; within equal ones the latest news come first."""
    if sort not in listing.orders:
        order = ORDERS[sort.lstrip("-")]
        lines = sorted(listing.lines, key=lambda line: (line.row.last_said, line.newest, line.row.deal), reverse=True)
        told, untold = [line for line in lines if order(line) is not None], [line for line in lines if order(line) is None]
        told.sort(key=lambda line: order(line), reverse=sort.startswith("-"))
        listing.orders[sort] = (*told, *untold)
    return listing.orders[sort]


def one_page(lines: Sequence[Line], asked: Asked) -> Sequence[Line]:
    """The lines of the page asked for."""
    return lines[(asked.page - 1) * asked.per : asked.page * asked.per]


def _wanted(asked: Asked, since: int) -> Iterator[Callable[[Line], bool]]:
    """What a line must fulfil, one condition for each thing that is asked for."""
    state, supplier, recipient, outlet, year = asked.state, asked.supplier, asked.recipient, asked.outlet, asked.year
    if state:
        yield lambda line: state in line.row.supplier or state in line.row.recipient
    if supplier:
        yield lambda line: supplier in line.row.supplier
    if recipient:
        yield lambda line: recipient in line.row.recipient
    if asked.equipment:
        meant = cache(partial(_is_called, fold(asked.equipment)))
        yield lambda line: meant(line.row.equipment)
    if asked.category:
        yield lambda line: line.category == asked.category
    for name, value in (("stage", asked.stage), ("modality", asked.modality)):
        if value:
            yield partial(_stands, name, value)
    if year:
        yield lambda line: year in line.years
    if outlet:
        yield lambda line: outlet in line.outlets
    if asked.only:
        yield (lambda line: line.newest > since) if asked.only == "new" else ONLY[asked.only]


def _is_called(words: str, equipment: str) -> bool:
    """Whether equipment or its family is called so; thousands of deals are of a few hundred kinds, so each is looked at once."""
    return words in fold(equipment) or words in goods_of(equipment).family


def _stands(name: str, value: str, line: Line) -> bool:
    return line.row.stage is not None and line.row.stage[name] == value


def _names(codes: Iterable[str]) -> str | None:
    return " ".join(party_name(code) for code in codes).casefold() or None


def _dollars(line: Line) -> float | None:
    value = line.row.value
    if not value:
        return None
    return in_dollars(float(value["amount"]), str(value.get("currency") or ""), line.row.last_said)  # type: ignore[arg-type]


def _progress(line: Line) -> tuple[int, int] | None:
    stage = line.row.stage
    if not stage:
        return None
    stages, modalities = list(meanings("stages")["stage"]), list(meanings("stages")["modality"])
    return stages.index(str(stage["stage"])), -modalities.index(str(stage["modality"]))


def _number(line: Line) -> float | None:
    return float(line.row.quantity["number"]) if line.row.quantity else None  # type: ignore[arg-type]


def _when(line: Line) -> str | None:
    return str(line.row.stage["when"]) if line.row.stage and line.row.stage["when"] else None


# By what the register can be put in order; lines of which it is not known come last either way.
ORDERS: dict[str, Callable[[Line], Any]] = {
    "news": lambda line: (line.row.last_said, line.newest),
    "supplier": lambda line: _names(line.row.supplier),
    "recipient": lambda line: _names(line.row.recipient),
    "equipment": lambda line: line.row.equipment.casefold() or None,
    "number": _number,
    "value": _dollars,
    "stage": _progress,
    "when": _when,
    "sources": lambda line: (line.row.origins, line.row.reports),
}
