"""This file says which transfers of different reports are one deal, by a simple rule, and where two that are one disagree.

The rule: supplier, recipient and designation agree (their block), and nothing speaks against it: another count that is clearly another
batch, a word that sets a batch apart, contracts that lie years apart, or two transfers that one report itself keeps apart.
Nothing here touches a database: the store hands in the few deals of one block, `group` keeps them in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from onrecord.records import Claim, Document, Finding, Json
from onrecord.vocab import words

RULE = "same-deal/1"
# Set by thought, not measured: two counts of one unit further apart than this are two batches, nearer ones (18 or 24) a disagreement.
ANOTHER_BATCH = 1.5
# Contracts signed this many years apart are two deals.
YEARS_APART = 2
# How many counts and sums a deal remembers for comparison; more do not change a verdict.
REMEMBERED = 8
# Stages that are done or not done: of these a denial contradicts a report. Interest and talks come and go.
ACTS = ("approval", "contract", "delivery", "suspension", "cancellation", "refusal")
# How far before the goods a batch word may stand, in characters and in words.
BEFORE = 70


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells one batch from another: its batch word, counts, sums, and the years of its contract."""

    batch: str = ""
    quantities: tuple[tuple[float, str], ...] = ()
    sums: tuple[tuple[float, str], ...] = ()
    years: tuple[int, ...] = ()
    generic: bool = False

    def grown(self, other: Traits) -> Traits:
        """These traits with those of another member added."""
        return replace(
            self,
            quantities=_together(self.quantities, other.quantities),
            sums=_together(self.sums, other.sums),
            years=tuple(sorted({*self.years, *other.years}))[:REMEMBERED],
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """One report's transfer as the rule sees it."""

    id: str
    document_id: str
    key: str
    block: str
    traits: Traits
    cells: tuple[tuple[str, Json], ...] = ()


@dataclass(slots=True)
class Deal:
    """A deal in the making: its founding transfer's id, its traits so far, and the reports that it already has a transfer of."""

    id: str
    block: str
    traits: Traits
    documents: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Same deal or not, how sure, and why."""

    same: bool
    score: float
    reason: str


def view_transfer(document: Document, transfer: Finding, stages: Sequence[Finding]) -> Transfer:
    """A transfer finding with its stages, reduced to what the rule compares."""
    parties = [",".join(sorted({str(value) for value in transfer.all(role)})) for role in ("supplier", "recipient")]
    equipment = str(transfer["equipment"] or "")
    block = "|".join([*parties, fold(equipment)])
    contract = [stage for stage in stages if stage["stage"] == "contract" and stage["modality"] == "actual" and stage["when"]]
    traits = Traits(
        batch=_batch(document, transfer, stages),
        quantities=tuple((q["number"], str(q.get("unit"))) for q in transfer.all("quantity") if isinstance(q, dict)),  # type: ignore[misc]
        sums=tuple((v["amount"], str(v.get("currency"))) for v in transfer.all("value") if isinstance(v, dict)),  # type: ignore[misc]
        years=tuple(sorted({int(year) for stage in contract if (year := str(stage["when"])[:4]).isdigit()})),
        generic=equipment.islower(),
    )
    said = (transfer.claim("quantity"), transfer.claim("value"))
    cells = [(claim.field, claim.value) for claim in said if claim and not claim.inferred]
    cells += [("stage", stage_cell(stage)) for stage in stages]
    return Transfer(transfer.id, document.id, transfer.key, block, traits, tuple(cells))


def stage_cell(stage: Finding) -> Json:
    """A stage as one cell: stage, modality, when and according_to together."""
    return {name: stage[name] for name in ("stage", "modality", "when", "according_to")}


def compare(transfer: Transfer, deal: Deal) -> Verdict:
    """Whether a transfer of the deal's block is that deal."""
    new, old = transfer.traits, deal.traits
    if transfer.document_id in deal.documents:
        return Verdict(False, 0.9, "the same report keeps the two apart")
    counts = _counts(new.quantities, old.quantities)
    if counts == "other":
        return Verdict(False, 0.8, "another count of the same unit")
    same_sum = bool(set(new.sums) & set(old.sums))
    if new.batch != old.batch and counts != "equal" and not same_sum:
        return Verdict(False, 0.7, "one is called an additional batch, the other is not")
    if new.years and old.years and min(abs(a - b) for a in new.years for b in old.years) >= YEARS_APART:
        return Verdict(False, 0.7, "contracts signed years apart")
    if new.generic and counts != "equal" and not same_sum:
        return Verdict(False, 0.6, "goods without a designation, and no count or sum in common")
    reasons = ["supplier, recipient and equipment agree", *["same count"] * (counts == "equal"), *["same sum"] * same_sum]
    return Verdict(True, round(0.7 + 0.15 * (counts == "equal") + 0.1 * same_sum, 2), "; ".join(reasons))


def place(transfer: Transfer, deals: Iterable[Deal]) -> tuple[Deal | None, Verdict]:
    """The deal of its block that a transfer belongs to (the surest, then the oldest), or None with the reason for a new one."""
    best: tuple[Deal | None, Verdict] = (None, Verdict(True, 1.0, "founded the deal"))
    for deal in deals:
        verdict = compare(transfer, deal)
        if verdict.same and (best[0] is None or verdict.score > best[1].score):
            best = (deal, verdict)
    return best


def join(transfer: Transfer, deal: Deal | None) -> Deal:
    """The deal with the transfer taken in; a new one, which it founds, if there is none."""
    if deal is None:
        return Deal(transfer.id, transfer.block, transfer.traits, {transfer.document_id})
    deal.traits = deal.traits.grown(transfer.traits)
    deal.documents.add(transfer.document_id)
    return deal


def group(transfers: Iterable[Transfer]) -> list[list[Transfer]]:
    """The transfers grouped into deals, in the order given; what the record does, without a record."""
    blocks: dict[str, list[Deal]] = {}
    members: dict[str, list[Transfer]] = {}
    for transfer in transfers:
        deals = blocks.setdefault(transfer.block, [])
        found, _ = place(transfer, deals)
        deal = join(transfer, found)
        if found is None:
            deals.append(deal)
        members.setdefault(deal.id, []).append(transfer)
    return list(members.values())


def disagreement(name: str, left: Json, right: Json) -> str | None:
    """The field in which two cells of one deal contradict each other ("quantity", "contract.when", "delivery.modality"), or None."""
    if not isinstance(left, Mapping) or not isinstance(right, Mapping):
        return None
    if name == "quantity":
        return name if left.get("unit") == right.get("unit") and left["number"] != right["number"] else None
    if name == "value":
        near = abs(_number(left["amount"]) - _number(right["amount"])) <= 0.01 * _number(left["amount"])
        return name if left.get("currency") == right.get("currency") and not near else None
    if name != "stage" or left["stage"] != right["stage"]:
        return None
    if left["stage"] in ACTS and {left["modality"], right["modality"]} == {"actual", "denied"}:
        return f"{left['stage']}.modality"
    # Only a contract is signed once; deliveries and talks have many days.
    dated = left["stage"] == "contract" and left["modality"] == right["modality"] == "actual" and left["when"] and right["when"]
    return "contract.when" if dated and not _compatible(str(left["when"]), str(right["when"])) else None


def disagreements(left: Transfer, right: Transfer) -> list[str]:
    """The fields in which two transfers of one deal contradict each other."""
    pairs = ((name, a, b) for name, a in left.cells for other, b in right.cells if name == other)
    return sorted({found for name, a, b in pairs if (found := disagreement(name, a, b))})


def fold(name: str) -> str:
    """Letters and digits alone, lower case, without accents: "S-400 Triumf" and "S400 TRIUMF" are one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower()) or name.casefold()


def _compatible(left: str, right: str) -> bool:
    a, b = (re.sub(r"[~?%]", "", side) for side in (left, right))
    if "/" in a + b:
        spans = [(side.split("/")[0], side.split("/")[-1]) for side in (a, b)]
        return spans[0][0] <= spans[1][1] + "~" and spans[1][0] <= spans[0][1] + "~"
    return a.startswith(b) or b.startswith(a) or "~" in left + right


def _counts(new: tuple[tuple[float, str], ...], old: tuple[tuple[float, str], ...]) -> str:
    """How the counts of two sides compare: equal, near, other, or unknown where no unit is shared."""
    if set(new) & set(old):
        return "equal"
    ratios = [max(a, b) / min(a, b) for a, unit in new for b, other in old if unit == other and min(a, b) > 0]
    if not ratios:
        return "unknown"
    return "other" if min(ratios) > ANOTHER_BATCH else "near"


def _batch(document: Document, transfer: Finding, stages: Sequence[Finding]) -> str:
    before, inside = _batch_patterns(document.language)
    if transfer["batch"] is not None:
        return "more" if inside.search(f"{transfer['batch']} batch") else ""
    goods = [claim for name in ("equipment", "quantity") if (claim := transfer.claim(name))]
    if any(before.search(_stretch_before(document.text, claim)) for claim in goods):
        return "more"
    quotes = (claim.quote for stage in stages if (claim := stage.claim("stage")))
    return "more" if any(inside.search(quote) for quote in quotes) else ""


def _stretch_before(text: str, claim: Claim) -> str:
    stretch = text[max(0, claim.start - BEFORE) : claim.start]
    return re.split(r"[.!?;:,\n]", stretch)[-1]


@cache
def _batch_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What sets a batch apart right before the goods, and inside a stage's words."""
    lists: Mapping[str, Any] = words("another_batch", language if language == "en" else "en")
    more, batch = ("|".join(map(re.escape, lists[name])) for name in ("more", "batch"))
    before = re.compile(rf"\b(?:{more})\s+(?:[\w-]+\s+){{0,1}}?(?:(?:{batch})\s+(?:of\s+)?(?:[\w-]+\s+){{0,3}})?$", re.IGNORECASE)
    inside = re.compile(rf"\b(?:{more})\s+(?:[\w-]+\s+){{0,2}}?(?:{batch})\b", re.IGNORECASE)
    return before, inside


def _together(left: tuple[tuple[float, str], ...], right: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    return tuple(sorted({*left, *right}))[:REMEMBERED]


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
