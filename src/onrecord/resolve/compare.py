"""This file compares two transfers of different reports: what speaks for one deal, what against it, and how much in all.

Each reason has a weight, in log-odds; their sum, squeezed to 0..1, is how sure it is that the two are one deal. The weights were set on
the taught stories (gold/stories), by hand, and are few enough to be read; five of them were moved so that pairs are found as well where a
report was misread: in the same stories as the analysis reads them, and with annotations left out, cut and mixed up by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from typing import NamedTuple

from onrecord.resolve.dates import compatible, years_between
from onrecord.resolve.facts import Facts
from onrecord.resolve.goods import alike
from onrecord.resolve.money import sum_ratios, sums_agree
from onrecord.vocab import meanings

RULE = "same-deal/5"
# From this score on two transfers are taken for one deal; beyond these on either side of it the rule is sure.
SAME_FROM, SURE = 0.5, 0.85
# Two counts of one unit further apart than this are two batches, nearer ones (18 or 24) a disagreement.
ANOTHER_BATCH, MANY_TIMES = 1.5, 3.0
# Contracts signed this many years apart are two deals.
YEARS_APART = 2
# Sums further apart than this are hardly of one deal.
ANOTHER_SUM = 2.5

START = 1.2
COPIES = "their reports carry one original"
WEIGHTS = {
    COPIES: 2.5,
    # Only copies come so far: a maker is taken for the seller in one of them.
    "another supplier": -3.0,
    "one side leaves the supplier unsaid": -0.7,
    "one side leaves the recipient unsaid": -1.7,
    "suppliers overlap": -0.4,
    "the names are variants": -0.3,
    "a noun covers the name": -0.8,
    "both name goods by a noun": -0.6,
    "same count": 2.2,
    "near counts": -0.4,
    "a smaller count where part of the order has arrived": -0.5,
    "another count of the same unit": -3.0,
    "a count many times another": -5.5,
    "same sum": 2.2,
    "another sum": -0.6,
    "far other sum": -1.5,
    "one is called an additional batch, the other is not": -3.0,
    "both are called an additional batch": 0.8,
    "contract of the same day or month": 1.8,
    "contract of the same year": 0.8,
    "contracts signed years apart": -2.8,
    "contracts announced years apart": -1.0,
    "an offer that was turned down beside a deal that was made": -1.5,
    "both were turned down": -0.6,
    "the same step of the same date": 0.8,
    "the later report tells of a beginning, the earlier of a deal concluded": -1.4,
    "reports of the same week": 0.6,
    "many years between them": -1.2,
}
# What became of the deal by the earlier report and by the later one, where that says something.
OUTCOMES = {
    ("lost", "made"): "an offer that was turned down beside a deal that was made",
    ("made", "lost"): "an offer that was turned down beside a deal that was made",
    ("lost", "lost"): "both were turned down",
    ("made", "begun"): "the later report tells of a beginning, the earlier of a deal concluded",
}


class Verdict(NamedTuple):
    """Whether two transfers are one deal ("same", "different", "unsure"), how sure it is that they are (0 to 1), and why."""

    verdict: str
    score: float
    reasons: tuple[str, ...]

    @property
    def joins(self) -> bool:
        """Whether the two are put together."""
        return self.score >= SAME_FROM


def compare(left: Facts, right: Facts, *, copies: bool = False) -> Verdict:
    """The verdict on two transfers of different reports; the order in which they are given does not matter.

    `copies` says that the two reports carry one original.
    """
    early, late = (left, right) if left.order <= right.order else (right, left)
    if barrier := _barrier(early, late, copies=copies):
        return Verdict("different", 0.0, (barrier,))
    reasons = _reasons(early, late)
    if copies:
        reasons.append(COPIES)
    score = round(1 / (1 + exp(-START - sum(WEIGHTS[reason] for reason in reasons))), 3)
    verdict = "same" if score >= SURE else "different" if score <= 1 - SURE else "unsure"
    return Verdict(verdict, score, tuple(reasons) or ("supplier, recipient and equipment agree",))


def _barrier(early: Facts, late: Facts, *, copies: bool) -> str:
    """What makes any further comparison idle; it is said of today's facts only, and falls with them."""
    if are_others(early.recipients, late.recipients):
        return "another recipient"
    if not copies and are_others(early.suppliers, late.suppliers):
        return "another supplier"
    if not alike(early.goods, late.goods):
        return "other equipment"
    if not (early.recipients or late.recipients) and not (early.suppliers and late.suppliers):
        return "too little is said to compare"
    return ""


def are_others(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both sides name parties, and none that is the other's."""
    return bool(one and other) and one != other and not set(one) & set(other)


def _reasons(early: Facts, late: Facts) -> list[str]:
    """All reasons but that of copies. Run tens of times for every transfer that is placed, so what says nothing costs next to nothing."""
    found: list[str] = []
    if not (early.suppliers and late.suppliers):
        found.append("one side leaves the supplier unsaid")
    elif early.suppliers != late.suppliers:
        found.append("another supplier" if are_others(early.suppliers, late.suppliers) else "suppliers overlap")
    if not (early.recipients and late.recipients):
        found.append("one side leaves the recipient unsaid")
    if early.equipment != late.equipment or early.goods.generic:
        found += _goods_reasons(early, late)
    counts = _counts(early, late) if early.quantities and late.quantities else ""
    sums = _sums(early, late) if early.sums and late.sums else ""
    found += [told for told in (counts, sums) if told]
    same = counts == "same count" or sums == "same sum"
    if early.batch and late.batch:
        found.append("both are called an additional batch")
    elif early.batch != late.batch and not same:
        found.append("one is called an additional batch, the other is not")
    if early.contract_days and late.contract_days:
        found += _dates(early, late)
    if told := OUTCOMES.get((early.outcome, late.outcome)):
        found.append(told)
    if early.steps and late.steps and _share_a_step(early, late):
        found.append("the same step of the same date")
    if early.day and late.day:
        if late.order[0] - early.order[0] <= 7:
            found.append("reports of the same week")
        elif not same and _years(early, late) >= 8:
            found.append("many years between them")
    return found


def _goods_reasons(early: Facts, late: Facts) -> Iterator[str]:
    how = alike(early.goods, late.goods)
    if how == "variant":
        yield "the names are variants"
    elif early.goods.generic and late.goods.generic:
        yield "both name goods by a noun"
    elif how == "general":
        yield "a noun covers the name"


def _counts(early: Facts, late: Facts) -> str:
    if early.quantities == late.quantities and early.quantities[0][0] > 0:
        return "same count"
    pairs = [(a, b, unit == other) for a, unit in early.quantities for b, other in late.quantities if a > 0 and b > 0]
    if any(a == b and (same_unit or a > 1) for a, b, same_unit in pairs):
        return "same count"
    ratios = [max(a, b) / min(a, b) for a, b, same_unit in pairs if same_unit]
    if not ratios:
        return ""
    if (ratio := min(ratios)) <= ANOTHER_BATCH:
        return "near counts"
    if is_instalment(early, late):
        return "a smaller count where part of the order has arrived"
    return "another count of the same unit" if ratio <= MANY_TIMES else "a count many times another"


def is_instalment(left: Facts, right: Facts) -> bool:
    """Whether the smaller of two counts, far apart, may be that of an instalment: its report tells of goods that came; no batch is told."""
    if not left.quantities or not right.quantities or left.batch or right.batch:
        return False
    small, large = sorted((left, right), key=lambda facts: min(facts.quantities)[0])
    part = any(stage in meanings("deals")["arrived"] and modality == "actual" for stage, modality, _ in small.stages)
    return part and min(large.quantities)[0] > ANOTHER_BATCH * min(small.quantities)[0]


def _sums(early: Facts, late: Facts) -> str:
    days = (*(when[:10] for facts in (early, late) for when in facts.contract_days), early.day, late.day)
    days = tuple(day for day in days if day)
    pairs = [(a, b) for a in early.sums for b in late.sums]
    agree = [sums_agree(a, b, days=days) for a, b in pairs]
    if True in agree:
        return "same sum"
    if False not in agree:
        return ""
    nearest = min(ratio for a, b in pairs for ratio in sum_ratios(a, b, days=days))
    return "far other sum" if nearest > ANOTHER_SUM else "another sum"


def _dates(early: Facts, late: Facts) -> Iterator[str]:
    pairs = [(a, b) for a in early.contract_days for b in late.contract_days]
    if any(compatible(a, b) and min(len(a), len(b)) >= len("2018-02") and "/" not in a + b for a, b in pairs):
        yield "contract of the same day or month"
    elif any(years_between(a, b) == 0 for a, b in pairs):
        yield "contract of the same year"
    elif min(years_between(a, b) for a, b in pairs) >= YEARS_APART:
        guessed = any(all(when.endswith("~") for when in side) for side in (early.contract_days, late.contract_days))
        yield "contracts announced years apart" if guessed else "contracts signed years apart"


def _share_a_step(early: Facts, late: Facts) -> bool:
    """Whether both tell of one step, by its stage and modality, of one date."""
    dated = [step for step in late.steps if len(step[2]) >= len("2018-02")]
    return any(one[:2] == other[:2] and compatible(one[2], other[2]) for other in dated for one in early.steps)


def _years(early: Facts, late: Facts) -> int:
    """The least number of years between what the two tell of."""
    one, other = early.years, late.years
    return max(0, other[0] - one[1], one[0] - other[1])
