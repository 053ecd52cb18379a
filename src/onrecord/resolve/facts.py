"""This file reduces a report's transfer to what deals are told apart by: parties, goods, counts, sums, days, stages and batch words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any

from onrecord.records import Claim, Document, Finding, Json
from onrecord.resolve.dates import stretch
from onrecord.resolve.goods import Goods, goods_of
from onrecord.vocab import meanings, words

# The day that a broken clock gives: a report that bears it has no date.
EPOCH = "1970-01-01"
# How far before the goods a batch word may stand, in characters.
BEFORE = 70
# No more parties, counts or stages of one transfer than this are compared.
MOST = 8
# A day that stands after all others: reports without a date are placed last.
UNDATED = 9_999_999

Order = tuple[int, int, int]


@dataclass(frozen=True)
class Facts:
    """One report's transfer as it is compared; what comparing asks of it again and again is worked out once.

    `order` puts transfers in the order of their reports' days, whatever the order of arrival; `day` is that day, or "". `stages` holds
    (stage, modality, when) of each stage; `copied` the facts that were taken over from the transfer that it was linked to.
    """

    order: Order
    day: str
    suppliers: tuple[str, ...]
    recipients: tuple[str, ...]
    equipment: str
    quantities: tuple[tuple[float, str], ...] = ()
    sums: tuple[tuple[float, str], ...] = ()
    stages: tuple[tuple[str, str, str], ...] = ()
    batch: str = ""

    @cached_property
    def goods(self) -> Goods:
        """What the equipment is."""
        return goods_of(self.equipment)

    @cached_property
    def contract_days(self) -> tuple[str, ...]:
        """When its contract was signed, as far as said."""
        return tuple(when for stage, modality, when in self.stages if stage == "contract" and modality == "actual" and when)

    @cached_property
    def steps(self) -> tuple[tuple[str, str, str], ...]:
        """Its stages that bear a date, but for contracts."""
        return tuple(stage for stage in self.stages if stage[0] != "contract" and stage[2])

    @cached_property
    def outcome(self) -> str:
        """What became of the deal as far as the report tells: it was "made", was "lost", has only "begun", or "" for neither."""
        rules = meanings("deals")
        happened = {stage for stage, modality, _ in self.stages if modality == "actual"}
        if happened & {*rules["late"], "approval"}:
            return "made" if happened & {*rules["late"]} else ""
        if happened & {"cancellation", "refusal"}:
            # Of a deal that is still to be made something else was given up: a tender, a rival.
            goes_on = self.still_ahead() & {*rules["late"], "negotiation"}
            return "lost" if happened & set(rules["early"]) and not goes_on else ""
        return "begun" if self.stages and {stage for stage, _, _ in self.stages} <= set(rules["early"]) else ""

    @cached_property
    def years(self) -> tuple[int, int]:
        """The first and the last year of which the report tells, its own included; it has to bear a day."""
        ends = [ends for _, _, when in self.stages if when and (ends := stretch(when))]
        years = [int(self.day[:4]), *(int(day[:4]) for pair in ends for day in pair if day[:4] not in ("0000", "9999"))]
        return min(years), max(years)

    def still_ahead(self) -> frozenset[str]:
        """The stages that the report tells as still to come."""
        return frozenset(stage for stage, modality, _ in self.stages if modality in meanings("deals")["ahead"])

    def is_concluded(self) -> bool:
        """Whether the report tells of a contract, or of what comes after one, as having happened.

        What it tells without a day, and also as still to come, it does not tell for sure.
        """
        ahead = self.still_ahead()
        done = ((stage, when) for stage, modality, when in self.stages if modality == "actual")
        return any(stage in meanings("deals")["concluded"] and (when or stage not in ahead) for stage, when in done)

    def completed(self, other: Facts) -> Facts:
        """These facts, with what they leave unsaid taken from another transfer of the same deal."""
        named = self.equipment if not self.goods.generic or other.goods.generic else other.equipment
        dated = () if self.contract_days else tuple(s for s in other.stages if s[0] == "contract" and s[1] == "actual" and s[2])
        return replace(
            self,
            suppliers=self.suppliers or other.suppliers,
            recipients=self.recipients or other.recipients,
            equipment=named,
            quantities=self.quantities or other.quantities,
            sums=self.sums or other.sums,
            stages=tuple(dict.fromkeys([*self.stages, *dated]))[:MOST],
            batch=self.batch or other.batch,
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """One report's transfer: whose it is, its facts, and its cells for finding disagreement."""

    id: str
    document_id: str
    key: str
    facts: Facts
    cells: tuple[tuple[str, Json], ...] = ()


def view_transfer(document: Document, transfer: Finding, stages: Sequence[Finding]) -> Transfer:
    """A transfer finding with its stages, reduced to what is compared."""
    day = known_day(document)
    facts = Facts(
        order=placing_order(day, document.id, transfer.key),
        day=day,
        suppliers=_parties(transfer, "supplier"),
        recipients=_parties(transfer, "recipient"),
        equipment=str(transfer["equipment"] or ""),
        quantities=tuple((float(q["number"]), str(q.get("unit") or "")) for q in _objects(transfer, "quantity") if q.get("number")),
        sums=tuple((float(v["amount"]), str(v.get("currency") or "")) for v in _objects(transfer, "value") if v.get("amount")),
        stages=tuple((str(s["stage"]), str(s["modality"]), str(s["when"] or "")) for s in stages)[: 2 * MOST],
        batch=_batch(document, transfer, stages),
    )
    said = (transfer.claim("quantity"), transfer.claim("value"))
    cells = [(claim.field, claim.value) for claim in said if claim and not claim.inferred]
    cells += [("stage", stage_cell(stage)) for stage in stages]
    return Transfer(transfer.id, document.id, transfer.key, facts, tuple(cells))


def stage_cell(stage: Finding) -> Json:
    """A stage as one cell: stage, modality, when and according_to together."""
    return {name: stage[name] for name in ("stage", "modality", "when", "according_to")}


def known_day(document: Document) -> str:
    """The ISO day from which a report's content counts as known; empty if nothing tells.

    A date that a broken clock gives is none, and what was read on a day was known by then, whatever later date it bears.
    """
    said = next((day[:10] for day in (document.published, document.updated, document.read) if day and day[:10] != EPOCH), "")
    return min(said, document.read[:10]) if said and document.read else said


def placing_order(day: str, document_id: str, key: str) -> Order:
    """Where a transfer stands among all: by day, then by its report's id, then by its place in the report."""
    number = date.fromisoformat(day).toordinal() if day else UNDATED
    place = int.from_bytes(hashlib.blake2b(document_id.encode(), digest_size=7).digest())
    digits = re.sub(r"\D", "", key.split(".")[0])
    return number, place, int(digits[:9] or 0)


def pack(facts: Facts) -> str:
    """Facts as text, for the record."""
    values = [facts.order, facts.day, facts.suppliers, facts.recipients, facts.equipment, facts.quantities, facts.sums, facts.stages]
    return json.dumps([*values, facts.batch], ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def unpack(text: str) -> Facts:
    """The facts that were packed; the same neighbours are read again and again, so the latest are kept."""
    order, day, suppliers, recipients, equipment, quantities, sums, stages, batch = json.loads(text)
    pairs = (tuple(map(tuple, quantities)), tuple(map(tuple, sums)), tuple(map(tuple, stages)))
    return Facts(tuple(order), day, tuple(suppliers), tuple(recipients), equipment, *pairs, batch)


def keys_to_stand_under(facts: Facts) -> list[int]:
    """The keys under which a transfer is found: its recipient, or else its supplier, with its family, its class, its count."""
    goods, family = facts.goods, facts.goods.family
    found: list[tuple[str, ...]] = []
    if facts.recipients:
        found += [("to", party, family) for party in facts.recipients[:2]]
        side = "noun" if goods.generic else "class"
        classes = goods.covers if goods.generic else (goods.category,)
        found += [("to", party, side, name) for party in facts.recipients[:2] for name in classes if name]
        found += [("from", party, family) for party in facts.suppliers[:2]]
    else:
        found += [("from", party, "nobody", family) for party in facts.suppliers[:2]]
    found += _counted(facts)
    return [_hashed(key) for key in dict.fromkeys(found)]


def keys_to_look_under(facts: Facts) -> list[int]:
    """The keys under which transfers of the same deal can stand."""
    goods, family = facts.goods, facts.goods.family
    found: list[tuple[str, ...]] = []
    if facts.recipients:
        found += [("to", party, family) for party in facts.recipients[:2]]
        found += [("from", party, "nobody", family) for party in facts.suppliers[:2]]
        classes = goods.covers if goods.generic else (goods.category,)
        sides = ("noun", "class") if goods.generic else ("noun",)
        found += [("to", party, side, name) for party in facts.recipients[:2] for side, name in product(sides, classes) if name]
    else:
        found += [("from", party, family) for party in facts.suppliers[:2]]
        found += [("from", party, "nobody", family) for party in facts.suppliers[:2]]
    found += _counted(facts)
    return [_hashed(key) for key in dict.fromkeys(found)]


def _counted(facts: Facts) -> list[tuple[str, ...]]:
    """Keys by count, so that a count of long ago is found in crowded company."""
    parties = [("to", party) for party in facts.recipients[:2]] or [("from", party) for party in facts.suppliers[:2]]
    return [(*party, facts.goods.family, f"{number:g}") for party in parties for number, _ in facts.quantities[:2]]


def _hashed(key: tuple[str, ...]) -> int:
    return int.from_bytes(hashlib.blake2b("|".join(key).encode(), digest_size=8).digest(), signed=True)


def _parties(transfer: Finding, role: str) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in transfer.all(role) if value}))[:MOST]


def _objects(transfer: Finding, name: str) -> list[Mapping[str, Any]]:
    return [value for value in transfer.all(name)[:MOST] if isinstance(value, dict)]


def _batch(document: Document, transfer: Finding, stages: Iterable[Finding]) -> str:
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
