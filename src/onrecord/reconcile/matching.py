"""This file finds for each line of a table the deal of the record that it is about, by sides, equipment, year and number.

Sides and equipment must fit; year and number choose among those that do. Each line gets at most one deal and each deal one line, the best
fitting pairs first, and every pair says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.deal_cells import Cell
from onrecord.reconcile.lines import Line
from onrecord.register import RegisterRow
from onrecord.resolve.goods import alike, goods_of

# What each sign adds to how well a pair fits; set by hand on the sample reports and on lines written for them, nothing is learnt.
SAME_GOODS, VARIANT, NOUN = 4.0, 3.0, 1.0
YEAR_EQUAL, YEAR_NEAR, YEAR_FAR = 3.0, 1.0, -2.0
NUMBER_EQUAL, NUMBER_OTHER = 2.0, -1.0
SIDE_UNKNOWN = -1.0
# Below this two are not lined up: the same noun for the goods alone is not enough.
LEAST = 1.5
# Years that a contract and its telling lie apart at most to be near.
NEAR = 1


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal of the record, with every value that reports give for it."""

    row: RegisterRow
    cells: tuple[Cell, ...]

    def of(self, field: str) -> list[Cell]:
        """The values of one field, the best borne out first."""
        return [cell for cell in self.cells if cell.field == field]

    def stages(self, name: str) -> list[Cell]:
        """The stages of this name that are said to have happened, dated ones first."""
        found = [cell for cell in self.of("stage") if cell.value["stage"] == name and cell.value["modality"] == "actual"]
        return sorted(found, key=lambda cell: not cell.value["when"])


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and a deal that are one, how well they fit, and why."""

    line: Line
    deal: Deal
    score: float
    why: tuple[str, ...]


def match(lines: Sequence[Line], deals: Sequence[Deal]) -> tuple[list[Pair], dict[int, Pair]]:
    """The pairs in the order of the lines; and for lines left over the best pair that they would have made with a deal that was taken."""
    by_side: dict[str, list[Deal]] = {}
    for deal in deals:
        for code in {*deal.row.recipient, *deal.row.supplier}:
            by_side.setdefault(code, []).append(deal)
    found: list[Pair] = []
    for line in lines:
        near = {deal.row.deal: deal for code in (line.recipient, line.supplier) if code for deal in by_side.get(code, ())}
        found += [pair for deal in near.values() if (pair := fit(line, deal)) is not None]
    found.sort(key=lambda pair: (-pair.score, pair.line.number, pair.deal.row.deal))
    lined: dict[int, Pair] = {}
    taken: set[str] = set()
    beside: dict[int, Pair] = {}
    for pair in found:
        if pair.line.number not in lined and pair.deal.row.deal not in taken:
            lined[pair.line.number] = pair
            taken.add(pair.deal.row.deal)
        else:
            beside.setdefault(pair.line.number, pair)
    return [lined[number] for number in sorted(lined)], {number: pair for number, pair in beside.items() if number not in lined}


def fit(line: Line, deal: Deal) -> Pair | None:
    """How well a line and a deal fit; None where they cannot be one."""
    score, why = 0.0, []
    for role, code, codes in (("recipient", line.recipient, deal.row.recipient), ("supplier", line.supplier, deal.row.supplier)):
        if code is None and getattr(line, f"{role}_name") in line.strange:
            # A name that no table holds is somebody: it has to be mapped before it fits anybody.
            return None
        if code and codes:
            if code not in codes:
                return None
            why.append(f"same {role}")
        else:
            score += SIDE_UNKNOWN
            why.append(f"{role} unknown {'there' if not code else 'here'}")
    goods = goods_alike(line.designation, deal.row.equipment)
    if not goods and not goods_of(line.designation).category:
        goods = goods_alike(line.description, deal.row.equipment, nouns=True)
    if not goods or (goods == "general" and score < 0):
        return None
    score += {"same": SAME_GOODS, "variant": VARIANT, "general": NOUN}[goods]
    why.append({"same": "same equipment", "variant": "a variant of the equipment", "general": "a noun covers the equipment"}[goods])
    more, told = _figures(line, deal)
    score += more
    return Pair(line, deal, round(score, 2), (*why, *told)) if score >= LEAST else None


def _figures(line: Line, deal: Deal) -> tuple[float, list[str]]:
    """What the year of the order and the number say for a pair and against it."""
    score, why = 0.0, []
    years = {year for cell in deal.stages("contract") for year in years_of(cell)}
    if line.order_year and years:
        apart = min(abs(ours - theirs) for ours in years for theirs in line.order_year.years)
        score += YEAR_EQUAL if apart == 0 else YEAR_NEAR if apart <= NEAR else YEAR_FAR
        why.append("same year of order" if apart == 0 else f"years of order {apart} apart")
    elif line.order_year or line.delivery_years:
        # With no year of ours a line from another decade than all reports is another order.
        first = int(deal.row.first_said[:4] or 0) if deal.row.first_said else 0
        theirs = (*(line.order_year.years if line.order_year else ()), *(line.delivery_years.years if line.delivery_years else ()))
        if first and max(theirs) < first - 10:
            score += YEAR_FAR
            why.append("long before the reports")
    numbers = {cell.value["number"] for cell in deal.of("quantity")}
    if line.ordered and numbers:
        equal = line.ordered.value in numbers
        score += NUMBER_EQUAL if equal else NUMBER_OTHER
        why.append("same number" if equal else "another number")
    return score, why


@cache
def goods_alike(theirs: str, ours: str, *, nouns: bool = False) -> str:
    """How two names of equipment can be one: same, variant, general (a noun covers it), or ""; `nouns` asks for nouns alone.

    SIPRI joins names ("S-400/SA-21") and adds marks ("F-16C Block-50"): each part is tried, and each with its last words left off.
    """
    best = ""
    for part in [theirs, *re.split(r"\s*[/,]\s*", theirs)]:
        words = re.split(r"[\s]+", part.strip())
        for length in range(len(words), 0, -1):
            name = " ".join(words[:length])
            if len(re.findall(r"\w", name)) < 2:
                continue
            found = _alike(name, ours) or _alike(name.replace("-", " "), ours)
            if nouns and found != "general":
                found = ""
            if length < len(words) and found == "same":
                found = "variant"
            best = max(best, found, key=("", "general", "variant", "same").index)
    return best


def _alike(theirs: str, ours: str) -> str:
    left, right = goods_of(theirs), goods_of(ours)
    if not left.family or not right.family:
        return ""
    return alike(left, right)


def years_of(cell: Cell) -> tuple[int, ...]:
    """The years of a stage's date in EDTF; of a span all between its ends."""
    ends = [int(year) for year in re.findall(r"(?<![\d-])\d{4}", str(cell.value["when"] or ""))]
    return tuple(range(ends[0], min(ends[-1], ends[0] + 60) + 1)) if ends else ()
