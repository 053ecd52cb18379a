"""This file holds the values that reports give for a deal, and reads them together: where it stands, what contradicts, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from onrecord.resolve import FIGURES, Said, disagreement, update
from onrecord.store.decided import Reviewed
from onrecord.vocab import meanings

ENDINGS = ("suspension", "cancellation", "refusal")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a cell stands on, and where they are."""

    quote: str
    document: str
    document_key: str
    start: int
    end: int
    outlet: str
    published: str | None
    title: str


# What a cell stands on of which the words were not read.
UNREAD = Evidence("", "", "", 0, 0, "", None, "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that reports give for a field of a deal: how many do, of how many independent origins, since when, and on what words.

    `reports` and `origins` count who reports it; who asserts it is `according_to` in the value of a stage. `concluded` is the first day on
    which it was said beside a concluded contract, or "". `reviewed` is set where a person decided on the value. `sure` is how likely the
    analysis read its words rightly, 0 to 1 (onrecord.confidence); 1 where a person decided. `document` is the number of the earliest of
    its reports to arrive, `claim` tells in the record where its words are (onrecord.register.read_words).
    """

    field: str
    value: Any
    reports: int
    origins: int
    outlets: int
    first_said: str
    last_said: str
    inferred: bool
    evidence: Evidence
    concluded: str = ""
    reviewed: Reviewed | None = None
    sure: float = 1.0
    document: int = 0
    claim: int = 0


def latest_stage(stages: Sequence[Cell]) -> Cell | None:
    """Where a deal stands: the furthest stage that is said to have happened, unless the deal was halted no earlier than that.

    A stage without a date is no later than the end of the deal that the same report tells: "tore up its contract last year".
    Where nothing has happened yet, the furthest stage that is planned, possible or conditional.
    """
    for modality in ("actual", "planned", "conditional", "possible", "denied"):
        said = [cell for cell in stages if cell.value["modality"] == modality]
        going = max((cell for cell in said if cell.value["stage"] not in ENDINGS), key=_progress, default=None)
        endings = [cell for cell in said if cell.value["stage"] in ENDINGS]
        halted = max(endings, key=_day, default=None)
        if halted and (going is None or _day(halted) >= _day(going) or _is_told_ended(going, endings)):
            return halted
        if going:
            return going
    return None


def disputes(cells: Sequence[Cell]) -> list[tuple[str, Cell, Cell]]:
    """The pairs of cells of one deal that contradict each other, each with the field in which they do."""
    return _differing(cells, disagreement)


def updates(cells: Sequence[Cell]) -> list[tuple[str, Cell, Cell]]:
    """The pairs of cells of one deal, the earlier first, of which the later tells what has changed since; each with its field."""
    return [
        (name, left, right) if (left.first_said, left.last_said) <= (right.first_said, right.last_said) else (name, right, left)
        for name, left, right in _differing(cells, update)
    ]


def _differing(cells: Sequence[Cell], differ: Callable[[Said, Said], str | None]) -> list[tuple[str, Cell, Cell]]:
    days = tuple(str(c.value["when"])[:10] for c in cells if c.field == "stage" and c.value["stage"] == "contract" and c.value["when"])
    said = [Said(cell.field, cell.value, cell.first_said, cell.last_said, cell.concluded, days) for cell in cells]
    found = []
    for place, other in _comparable(cells):
        left, right = cells[place], cells[other]
        # A report that corrects itself is no disagreement between reports.
        alone = left.reports == right.reports == 1 and left.document == right.document
        if not alone and (field := differ(said[place], said[other])):
            found.append((field, left, right))
    return found


def _comparable(cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """The places of two cells that can contradict each other, in order: of one field, and of one stage both done and denied, or signed.

    Deals that are in the news for years have hundreds of stages told, nearly all of which have no bearing on each other.
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for place, cell in enumerate(cells):
        alike.setdefault((cell.field, str(cell.value["stage"]) if cell.field == "stage" else ""), []).append(place)
    pairs: list[tuple[int, int]] = []
    for (name, stage), places in alike.items():
        if name != "stage":
            pairs += combinations(places, 2) if name in FIGURES else ()
            continue
        done, denied = ([n for n in places if cells[n].value["modality"] == modality] for modality in ("actual", "denied"))
        pairs += ((min(pair), max(pair)) for pair in product(done, denied))
        if stage == "contract":
            pairs += combinations(done, 2)
    yield from sorted(pairs)


def _progress(cell: Cell) -> tuple[int, str, int]:
    return list(meanings("stages")["stage"]).index(cell.value["stage"]), _day(cell), cell.reports


def _is_told_ended(going: Cell, endings: Iterable[Cell]) -> bool:
    """Whether a stage has no date of its own and stands in a report that tells of the deal's end."""
    return not going.value["when"] and going.reports == 1 and any(cell.document == going.document for cell in endings)


def _day(cell: Cell) -> str:
    """When a stage was, as far as its date or else the last report of it tells; only for putting stages in order."""
    when = str(cell.value["when"] or "").split("/")[0].strip("~?%")
    return when or cell.last_said
