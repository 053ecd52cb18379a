"""This file compares a line with its deal cell by cell, each of our values with its words, and gathers what is only here or only there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.deal_cells import Cell, Evidence
from onrecord.reconcile.lines import Line, Number, Table, Years, side_name
from onrecord.reconcile.matching import Deal, Pair, match, years_of

# What a comparison can come to. "also said" is a value that some reports give, though another is better borne out.
VERDICTS = ("same", "also said", "differs", "only here", "only there")
ORDERED = ("contract", "production", "delivery", "service")


@dataclass(frozen=True, slots=True)
class Compared:
    """One cell of a line and of its deal: the verdict, both values as text, doubt on either side, and our words with who bears them out."""

    cell: str
    verdict: str
    here: str
    there: str
    unsure_here: bool
    unsure_there: bool
    reports: int
    origins: int
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Both:
    """A deal that is in both, with its cells compared."""

    pair: Pair
    cells: tuple[Compared, ...]

    @property
    def differs(self) -> bool:
        """Whether any cell differs."""
        return any(cell.verdict == "differs" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class OnlyThere:
    """A line for which the record has no deal; `near` is a deal that it fits, but that another line fits better."""

    line: Line
    near: Pair | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A table lined up with the record: what is in both, only here, only there, and the lines that could not be read."""

    both: tuple[Both, ...]
    only_here: tuple[Deal, ...]
    only_there: tuple[OnlyThere, ...]
    not_read: tuple[tuple[int, str], ...]
    strange: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        """How many of each, and how many cells came to what."""
        cells = Counter(cell.verdict for both in self.both for cell in both.cells)
        return {
            "both": len(self.both), "both_with_a_difference": sum(both.differs for both in self.both), "only_here": len(self.only_here),
            "only_there": len(self.only_there), "not_read": len(self.not_read),
            **{f"cells_{name.replace(' ', '_')}": cells[name] for name in VERDICTS},
        }  # fmt: skip


def reconcile(table: Table, deals: Iterable[Deal]) -> Reconciled:
    """The table lined up with these deals."""
    deals = list(deals)
    pairs, beside = match(table.lines, deals)
    here = {pair.deal.row.deal for pair in pairs}
    there = {pair.line.number for pair in pairs}
    return Reconciled(
        tuple(Both(pair, tuple(compare(pair.line, pair.deal))) for pair in pairs),
        tuple(deal for deal in deals if deal.row.deal not in here),
        tuple(OnlyThere(line, beside.get(line.number)) for line in table.lines if line.number not in there),
        table.not_read,
        Counter(name for line in table.lines for name in line.strange),
    )


def compare(line: Line, deal: Deal) -> list[Compared]:
    """Every cell of which either side says something."""
    cells = [
        _sides("recipient", deal, side_name(line.recipient, line.recipient_name) if line.recipient else ""),
        _sides("supplier", deal, side_name(line.supplier, line.supplier_name) if line.supplier else ""),
        _equipment(line, deal),
        _order(line, deal),
        _years("year of order", line.order_year, deal.stages("contract")),
        _number(line.ordered, deal),
        _years("years of delivery", line.delivery_years, deal.stages("delivery")),
        _delivered(line.delivered),
    ]
    return [cell for cell in cells if cell is not None]


def _sides(name: str, deal: Deal, theirs: str) -> Compared | None:
    said = deal.of(name)
    ours = " and ".join(side_name(str(cell.value), "") for cell in said)
    return _compared(name, ours, theirs, said[:1], same=theirs in [side_name(str(cell.value), "") for cell in said])


def _equipment(line: Line, deal: Deal) -> Compared | None:
    # The pair stands on the equipment, so its names never differ but in how exact they are.
    return _compared("equipment", deal.row.equipment, line.equipment, deal.of("equipment")[:1], same=True)


def _order(line: Line, deal: Deal) -> Compared | None:
    """Whether an order was made at all: a line of a trade register says so, reports may tell of less."""
    placed = next((cell for stage in ORDERED for cell in deal.stages(stage)), None)
    if placed is not None or not (line.order_year or line.ordered or line.delivered or line.delivery_years):
        return None
    stage = deal.row.stage or {}
    ours = f"none told of; latest: {stage['stage']} ({stage['modality']})" if stage else "none told of"
    held = [cell for cell in deal.of("stage") if cell.value == stage]
    return _compared("order", ours, "made", held[:1], same=False)


def _years(name: str, theirs: Years | None, stages: Sequence[Cell]) -> Compared | None:
    """Our years are those of what happened; theirs may name more of them than one report does."""
    dated = [cell for cell in stages if cell.value["when"]]
    ours = list(dict.fromkeys(year for cell in dated for year in years_of(cell)))
    wanted = set(theirs.years) if theirs else set()
    best = set(years_of(dated[0])) if dated else set()
    doubt = any(mark in str(cell.value["when"]) for cell in dated[:1] for mark in "?~%X")
    agreeing = [cell for cell in dated if set(years_of(cell)) & wanted]
    return _compared(
        name, "; ".join(map(str, sorted(ours))), "; ".join(map(str, sorted(wanted))), agreeing[:1] or dated[:1],
        same=bool(best & wanted), also=bool(set(ours) & wanted), unsure_here=doubt, unsure_there=bool(theirs and theirs.unsure),
    )  # fmt: skip


def _number(theirs: Number | None, deal: Deal) -> Compared | None:
    said = deal.of("quantity")
    ours = "; ".join(dict.fromkeys(f"{cell.value['number']:.15g} {cell.value['unit'] or ''}".strip() for cell in said))
    wanted = theirs.value if theirs else None
    agreeing = [cell for cell in said if cell.value["number"] == wanted]
    return _compared(
        "number ordered", ours, f"{wanted:.15g}" if wanted is not None else "", agreeing[:1] or said[:1],
        same=bool(said) and said[0].value["number"] == wanted, also=bool(agreeing), unsure_here=bool(said and said[0].inferred),
        unsure_there=bool(theirs and theirs.unsure),
    )  # fmt: skip


def _delivered(theirs: Number | None) -> Compared | None:
    # Reports are not read for how many of an order came.
    return _compared("number delivered", "", f"{theirs.value:.15g}", [], same=False, unsure_there=theirs.unsure) if theirs else None


def _compared(cell: str, here: str, there: str, words: Sequence[Cell], *, same: bool, also: bool = False, **doubt: Any) -> Compared | None:
    if not here and not there:
        return None
    verdict = "only here" if not there else "only there" if not here else "same" if same else "also said" if also else "differs"
    held = words[0] if words else None
    return Compared(
        cell, verdict, here, there, doubt.get("unsure_here", False), doubt.get("unsure_there", False), held.reports if held else 0,
        held.origins if held else 0, held.evidence if held else None,
    )  # fmt: skip
