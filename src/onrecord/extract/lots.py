"""Which tellings of one supplier, recipient and item speak of one lot, weighed once the whole report is read.

Taken in text order, each goes on with a lot told before or opens another; what the report says elsewhere of the same parties and item
("a second regiment", two counts, two years of signing) is known from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.choosing import choose
from onrecord.extract.batches import NAMED, keeps_apart, kind_of, mark_of
from onrecord.extract.opinions import STAGES
from onrecord.extract.scene import Scene
from onrecord.extract.told import ENDS, Deal, Told
from onrecord.records import Money, Quantity
from onrecord.syntax import kids

# A telling opens another lot from this belief on. On held-out reports F1 of transfers and stages is the same from .4 to .6.
FRESH = 0.5
# The stages that a deal goes through, in order.
STEPS = {stage: step for step, stage in enumerate(STAGES[1:10])}
# What a determiner says of the thing: new, known, or none of it.
ARTICLES = {"a": "a", "an": "a", "another": "more", "no": "no", "any": "no"} | dict.fromkeys(("the", "this", "that", "these"), "the")


@dataclass(frozen=True, slots=True)
class Whole:
    """What a report says over all of one supplier, recipient and item: how often "more", how many counts, years of signing and sums."""

    more: int
    counts: int
    years: int
    sums: int
    tellings: int


def part_lots(scene: Scene, told: Sequence[Told]) -> list[Deal]:
    """The deals that tellings make up, in the order of their first."""
    same: dict[tuple[str, str, str], list[Told]] = {}
    for each in told:
        same.setdefault((each.supplier[0], each.recipient[0], each.item.name), []).append(each)
    deals = [deal for tellings in same.values() for deal in _lots(scene, tellings)]
    return sorted(deals, key=lambda deal: deal.told[0].trigger.index)


def _lots(scene: Scene, tellings: Sequence[Told]) -> list[Deal]:
    marks = [told.mark or mark_of(scene, told.trigger, told.item) for told in tellings]
    whole = sum_up(tellings, marks)
    lots: list[Deal] = []
    last: Deal | None = None
    for told, mark in zip(tellings, marks, strict=True):
        fits = [lot for lot in lots if not keeps_apart(lot, told.stage, told.modality, mark)]
        lot = _likeliest(scene, told, mark, fits, whole, last) if fits else None
        if lot is None:
            lot = Deal(told.supplier[0], told.recipient[0], told.item.name, parted=bool(lots) and not fits)
            lots.append(lot)
        lot.told.append(told)
        lot.marks.append(mark)
        last = lot
    return lots


def _likeliest(scene: Scene, told: Told, mark: str, lots: Sequence[Deal], whole: Whole, last: Deal | None) -> Deal | None:
    """The lot that a telling goes on with; None where it rather opens another."""
    beliefs = choose(scene.models["lot"], lot_readings(scene, told, mark, lots, whole, last))
    best = beliefs.index(max(beliefs)) if beliefs[0] < FRESH else 0
    return lots[best - 1] if best else None


def sum_up(tellings: Sequence[Told], marks: Sequence[str]) -> Whole:
    """What the tellings of one supplier, recipient and item say together."""
    counts = {told.count.number for told in tellings if told.count is not None}
    years = {told.year for told in tellings if (told.stage, told.modality) == ("contract", "actual") and told.year}
    sums = {money.amount for told in tellings if (money := _money(told)) is not None}
    return Whole(
        min(2, [kind_of(mark) for mark in marks].count("more")),
        min(3, len(counts)),
        min(2, len(years)),
        min(2, len(sums)),
        min(6, len(tellings)),
    )


def lot_readings(scene: Scene, told: Told, mark: str, lots: Sequence[Deal], whole: Whole, last: Deal | None) -> list[list[str]]:
    """Features of "another lot", then of each lot told before."""
    article = _article(scene, told)
    return [_fresh(told, mark, article, lots, whole), *(_old(scene, told, mark, article, lot, lots, whole, last) for lot in lots)]


def _fresh(told: Told, mark: str, article: str, lots: Sequence[Deal], whole: Whole) -> list[str]:
    mood, many, named, mark = _mood(told), min(3, len(lots)), mark, kind_of(mark)
    met = [name for name in NAMED if any(name in lot.marks for lot in lots)]
    numbers = sorted({_compare_counts(lot.counts, told.count) for lot in lots})
    years = sorted({_compare_years({t.year for t in lot.told if t.stage == told.stage and t.year}, told.year) for lot in lots})
    return [
        "new", f"new:{mark}", f"new:{many}", f"new:{told.stage}:{mood}", f"new:{mark}:{mood}", f"new:{mark}:{article}",
        f"new:counted:{told.count is not None}", f"new:article:{article}:{told.trigger.pos}", f"new:more:{whole.more}:{mark}:{many > 1}",
        f"new:counts:{whole.counts}:{told.count is not None}:{many}", f"new:years:{whole.years}:{min(2, many)}",
        f"new:tellings:{whole.tellings}", f"new:sums:{whole.sums}", f"new:heard:{told.is_heard}", f"new:sure:{int(told.score * 4)}",
        f"new:numbers:{'same' in numbers}:{mark}:{min(2, many)}",
        f"new:again:{any(t.stage == told.stage and t.modality == told.modality for lot in lots for t in lot.told)}",
        *(f"new:number:{number}" for number in numbers),
        *(f"new:number:{number}:{article}" for number in numbers),
        f"new:marks:{mark}:{any('more' in _kinds(lot) for lot in lots)}:{any('first' in _kinds(lot) for lot in lots)}",
        f"new:named:{named}:{'+'.join(met)}",
        *(f"new:year:{year}" for year in years),
    ]  # fmt: skip


def _old(scene: Scene, told: Told, mark: str, article: str, lot: Deal, lots: Sequence[Deal], whole: Whole, last: Deal | None) -> list[str]:
    words, mood, named, mark = scene.parsed.words, _mood(told), mark, kind_of(mark)
    away = min(3, words[told.trigger.index].sentence - words[lot.told[-1].trigger.index].sentence)
    same = [t for t in lot.told if t.stage == told.stage]
    again = "no" if not same else "act" if any(t.modality == told.modality for t in same) else "mood"
    number = _compare_counts(lot.counts, told.count)
    year = _compare_years({t.year for t in same if t.year}, told.year)
    any_year = _compare_years({t.year for t in lot.told if t.year}, told.year)
    reached = max((STEPS[t.stage] for t in lot.told if t.modality == "actual" and t.stage in STEPS), default=-1)
    step = _step(told, reached)
    held = next((kind for kind in ("more", "first") if kind in _kinds(lot)), "plain")
    called = "+".join(name for name in NAMED if name in lot.marks)
    place = "only" if len(lots) == 1 else "last" if lot is lots[-1] else "earlier"
    over = any(lot.has(end) for end in ENDS)
    return [
        "old", f"old:place:{place}", f"old:away:{away}", f"old:latest:{lot is last}:{away}", f"old:number:{number}",
        f"old:number:{number}:{again}", f"old:number:{number}:{mark}:{held}", f"old:count:{number}:{whole.counts}",
        f"old:again:{again}:{told.stage}", f"old:again:{again}:{mood}:{mark}", f"old:mark:{held}:{mark}", f"old:mark:{held}:{mark}:{again}",
        f"old:year:{year}", f"old:year:{year}:{again}", f"old:any-year:{any_year}", f"old:step:{step}:{mood}",
        f"old:step:{step}:{mood}:{mark}", f"old:step:{step}:{reached}:{told.stage}:{mood}", f"old:worth:{_compare_sums(lot, told)}",
        f"old:over:{over}:{told.stage}:{mood}", f"old:article:{article}:{held}", f"old:number:{number}:{article}",
        f"old:size:{min(4, len(lot.told))}",
        f"old:apart:{keeps_apart(lot, told.stage, told.modality, mark)}", f"old:year:{year}:{again}:{told.stage}",
        f"old:again:{again}:{told.stage}:{mark}:{held}", f"old:named:{called}:{named}", f"old:named:{called}:{named}:{again}",
        f"old:again:{again}:{told.stage}:{mood}:{article}",
    ]  # fmt: skip


def _kinds(lot: Deal) -> set[str]:
    """The marks of a lot's tellings, as the words alone give them."""
    return set(map(kind_of, lot.marks))


def _mood(told: Told) -> str:
    return told.modality if told.modality in {"actual", "denied"} else "open"


def _step(told: Told, reached: int) -> str:
    """Where a stage stands as seen from the furthest that a lot has reached."""
    if told.stage in ENDS or reached < 0:
        return "end" if told.stage in ENDS else "none"
    step = STEPS[told.stage]
    return "ahead" if step > reached else "at" if step == reached else "back"


def _article(scene: Scene, told: Told) -> str:
    """What the determiner of the trigger's noun, or of a verb's goods, says of the thing."""
    trigger, words = told.trigger, scene.parsed.words
    noun = words[trigger.index].pos == "NOUN"
    heads = [trigger.index] if noun else [head for slot in trigger.equipment for head in trigger.slots.get(slot, [])]
    below = [child for head in heads for child in kids(scene.parsed, head)]
    said = [child for child in below if child.dep in {"det", "poss"}]
    if not said:
        return "count" if any(child.dep == "nummod" for child in below) else "none"
    return "its" if said[0].dep == "poss" else ARTICLES.get(said[0].text.lower(), "some")


def _compare_counts(held: Sequence[Quantity], told: Quantity | None) -> str:
    """How a count told stands to those of a lot."""
    if told is None or not held:
        return "unsaid" if told is None and not held else "held" if told is None else "told"
    if any(count.number == told.number for count in held):
        return "same"
    units = {count.unit for count in held if count.unit}
    if told.unit and units and told.unit not in units:
        return "other-unit"
    return _place(told.number, [count.number for count in held])


def _compare_years(held: set[str], told: str | None) -> str:
    """How a year told stands to those of a lot."""
    if told is None or not held:
        return "unsaid" if told is None and not held else "one"
    return "same" if told in held else _place(int(told), [int(year) for year in held])


def _place(told: float, held: Sequence[float]) -> str:
    return "smaller" if told < min(held) else "larger" if told > max(held) else "between"


def _compare_sums(lot: Deal, told: Told) -> str:
    """Whether a lot is told to be worth the same."""
    money, held = _money(told), {money.amount for t in lot.told if (money := _money(t)) is not None}
    return "unsaid" if money is None or not held else "same" if money.amount in held else "other"


def _money(told: Told) -> Money | None:
    return told.value[0].value if told.value and isinstance(told.value[0].value, Money) else None
