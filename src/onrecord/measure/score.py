"""Scores what was extracted against gold: how much of what a careful reader put on record was found, and how much was made up.

Things are paired one to one, best first, and a span counts as found when the two share at least half of their combined characters.
Fields of a transfer (quantity, value, stages) are judged only in transfers that were paired.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

# A gold report as its JSON file holds it; the loader has checked what the scorer relies on.
Report = Mapping[str, Any]
Pairs = list[tuple[Report, Report]]
Thing = TypeVar("Thing")

MIN_SHARED_SPAN = 0.499
MAX_VALUE_ERROR = 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the score: precision, recall, F1, and how many things stand in the gold and in what was said."""

    precision: float
    recall: float
    f1: float
    gold: int
    said: int


@dataclass(slots=True)
class Tally:
    """Counts of gold things, said things and hits, by row name, in the order in which rows first came up."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, name: str, *, gold: int, said: int, hit: int) -> None:
        """Adds to a row's counts."""
        row = self.counts.setdefault(name, [0, 0, 0])
        for place, number in enumerate((gold, said, hit)):
            row[place] += number

    def rows(self) -> dict[str, Row]:
        """Every row with its precision, recall and F1, rounded to three places."""
        return {name: _row(*counts) for name, counts in self.counts.items()}


def score(gold: Mapping[str, Report], said: Mapping[str, Report], links: Report | None = None, said_links: Report | None = None) -> Tally:
    """The tally over all gold reports, by id; a report that was not said counts as empty. Links are scored when gold holds them."""
    tally = Tally()
    for name in sorted(gold):
        score_report(gold[name], said.get(name, {}), tally)
    if links is not None:
        names = {key: own for name in gold for key, own in _gold_names(gold[name], said.get(name, {})).items()}
        score_links(links, said_links or {}, tally)
        _score_paired_links(links, said_links or {}, names, tally)
    return tally


def score_report(gold: Report, said: Report, tally: Tally) -> None:
    """Adds one report's transfers, stages, statements, events and credits to the tally, and names what was missed or made up."""
    names = _score_transfers(gold, said, tally)
    _score_statements(gold, said, names, tally)
    _score_events(gold, said, tally)
    wanted, found = gold.get("credits") or [], said.get("credits") or []
    hits = pair_up(wanted, found, lambda a, b: float(same_name(a, b)))
    tally.add("credits", gold=len(wanted), said=len(found), hit=len(hits))


def score_links(gold: Report, said: Report, tally: Tally) -> None:
    """Adds the links between reports to the tally, pair by pair: same report, same transfer, conflicts, spellings of one person."""
    for name in ("same_report", "same_transfer", "conflicts", "same_person"):
        left, right = _links(gold, name), _links(said, name)
        tally.add(f"links: {name}", gold=len(left), said=len(right), hit=len(left & right))


def _score_paired_links(gold: Report, said: Report, names: Mapping[str, str], tally: Tally) -> None:
    """Adds the links of transfers once more, each transfer said under its gold name, so that they do not hang on who is called t1."""
    for name in ("same_transfer", "conflicts"):
        left, right = _links(gold, name), {tuple(sorted(names.get(key, key) for key in pair)) for pair in _links(said, name)}
        tally.add(f"links: {name}, paired", gold=len(left), said=len(right), hit=len(left & right))


def _links(links: Report, name: str) -> set[tuple[str, ...]]:
    """The pairs that links of this name hold."""
    found = links.get(name) or []
    return {tuple(sorted(conflict["pair"])) for conflict in found} if name == "conflicts" else _linked_pairs(found)


def _gold_names(gold: Report, said: Report) -> dict[str, str]:
    """For each transfer said ("id#key") the gold one that it is most like, by its stages with their days too; else a name of its own."""
    found = said.get("transfers") or []
    paired = {right["key"]: left["key"] for left, right in pair_up(gold["transfers"], found, _link_fit)}
    return {f"{gold['id']}#{t['key']}": f"{gold['id']}#{paired.get(t['key'], '?' + t['key'])}" for t in found}


def _link_fit(gold: Report, said: Report) -> float:
    """As `transfer_fit`, and more for stages that agree in modality and date, which tells one lot from the next."""
    fit = transfer_fit(gold, said)
    stages = pair_up(gold["stages"], said.get("stages") or [], stage_fit) if fit else []
    return fit + sum(stage_fit(*pair) - 1 for pair in stages) / 10


def fold(text: str | None) -> str:
    """Lower-case letters and digits alone: "S-400 Triumf" becomes "s400triumf"."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def same_equipment(gold: str | None, said: str | None) -> bool:
    """Whether one folded designation is the other or holds it."""
    left, right = fold(gold), fold(said)
    if not left or not right:
        return False
    return left == right or (min(len(left), len(right)) >= 2 and (left in right or right in left))


def same_name(gold: str | None, said: str | None) -> bool:
    """Whether two names are equal, end in the same word (a surname), or one holds the other (a body's short name)."""
    left, right = fold(gold), fold(said)
    if not left or not right:
        return left == right
    return left == right or _last_word(gold) == _last_word(said) or (min(len(left), len(right)) > 3 and (left in right or right in left))


def pair_up(gold: Sequence[Thing], said: Sequence[Thing], fit: Callable[[Thing, Thing], float]) -> list[tuple[Thing, Thing]]:
    """Pairs of gold and said things, each used once, best fit first; a fit of 0 is no pair."""
    fits = ((fit(left, right), i, j) for i, left in enumerate(gold) for j, right in enumerate(said))
    used_gold: set[int] = set()
    used_said: set[int] = set()
    pairs = []
    for value, i, j in sorted(fits, key=lambda scored: -scored[0]):
        if value > 0 and i not in used_gold and j not in used_said:
            used_gold.add(i)
            used_said.add(j)
            pairs.append((gold[i], said[j]))
    return pairs


def overlap(text: str, gold: str | None, said: str | None) -> float:
    """The characters that two stretches of a text share, as a part of those that they cover together; 0 when one is not in the text."""
    left, right = _place(text, gold), _place(text, said)
    return 0.0 if left is None or right is None else shared_part(left, right)


def shared_part(left: tuple[int, int], right: tuple[int, int]) -> float:
    """The characters that two stretches (first and past the last) share, as a part of those that they cover together."""
    shared = max(0, min(left[1], right[1]) - max(left[0], right[0]))
    return shared / (max(left[1], right[1]) - min(left[0], right[0]))


def _score_transfers(gold: Report, said: Report, tally: Tally) -> dict[str | None, str]:
    """Scores transfers with their fields and stages; returns the gold key of each said transfer that was paired."""
    wanted, found = gold["transfers"], said.get("transfers") or []
    pairs = pair_up(wanted, found, transfer_fit)
    tally.add("transfers", gold=len(wanted), said=len(found), hit=len(pairs))
    if not wanted:
        tally.add("no-transfer reports kept clean", gold=1, said=1, hit=int(not found))
    _note(gold, "transfer missed", wanted, [pair[0] for pair in pairs], _transfer_words, tally)
    _note(gold, "transfer made up", found, [pair[1] for pair in pairs], _transfer_words, tally)
    for name, same in (("quantity", same_quantity), ("value", same_value)):
        for left, right in pairs:
            a, b = left.get(name), right.get(name)
            tally.add(name, gold=int(bool(a)), said=int(bool(b)), hit=int(bool(a and b) and same(a, b)))
    _score_stages(wanted, found, pairs, tally)
    return {right.get("key"): left["key"] for left, right in pairs}


def _score_stages(wanted: Iterable[Report], found: Iterable[Report], pairs: Pairs, tally: Tally) -> None:
    counts = {"gold": _count_stages(wanted), "said": _count_stages(found)}
    stages = [hit for left, right in pairs for hit in pair_up(left["stages"], right.get("stages") or [], stage_fit)]
    dated = [(a["when"], b.get("when") or "") for a, b in stages if a["when"]]
    tally.add("stages", **counts, hit=len(stages))
    tally.add("stages + modality", **counts, hit=sum(a["modality"] == b.get("modality") for a, b in stages))
    tally.add("stage year", gold=len(dated), said=len(dated), hit=sum(a[:4] == b[:4] for a, b in dated))
    tally.add("stage date exact", gold=len(dated), said=len(dated), hit=sum(a.rstrip("~?") == b.rstrip("~?") for a, b in dated))


def _score_statements(gold: Report, said: Report, names: Mapping[str | None, str], tally: Tally) -> None:
    text, wanted, found = gold["text"], gold["statements"], said.get("statements") or []
    pairs = pair_up(wanted, found, lambda a, b: max(0.0, overlap(text, a["content"], b.get("content")) - MIN_SHARED_SPAN))
    spoken = sum(same_name(a["speaker"], b.get("speaker")) or same_name(a["as_written"], b.get("as_written")) for a, b in pairs)
    tally.add("statements", gold=len(wanted), said=len(found), hit=len(pairs))
    tally.add("statements + speaker", gold=len(wanted), said=len(found), hit=spoken)
    resolved = sum(fold(a["speaker"]) == fold(b.get("speaker")) for a, b in pairs)
    tally.add("speaker resolved", gold=len(pairs), said=len(pairs), hit=resolved)
    tally.add(
        "statement about",
        gold=sum(bool(a["about"]) for a, _ in pairs),
        said=sum(bool(b.get("about")) for _, b in pairs),
        hit=sum(bool(set(a["about"]) & {names.get(key) for key in b.get("about") or []}) for a, b in pairs),
    )
    _note(gold, "statement missed", wanted, [pair[0] for pair in pairs], lambda s: f"{s['speaker']}: {s['content'][:70]}", tally)


def _score_events(gold: Report, said: Report, tally: Tally) -> None:
    text, wanted, found = gold["text"], gold["events"], said.get("events") or []
    pairs = pair_up(wanted, found, lambda a, b: same_event(a, b) * (1 + overlap(text, a["evidence"], b.get("evidence"))))
    tally.add("events", gold=len(wanted), said=len(found), hit=len(pairs))
    tally.add("events + modality", gold=len(wanted), said=len(found), hit=sum(a["modality"] == b.get("modality") for a, b in pairs))
    tally.add(
        "event instrument",
        gold=sum(bool(a["instrument"]) for a, _ in pairs),
        said=sum(bool(b.get("instrument")) for _, b in pairs),
        hit=sum(bool(a["instrument"]) and same_name(a["instrument"], b.get("instrument")) for a, b in pairs),
    )
    _note(gold, "event missed", wanted, [pair[0] for pair in pairs], _event_words, tally)


def _note(
    report: Report, what: str, things: Iterable[Report], paired: Sequence[Report], describe: Callable[[Report], str], tally: Tally
) -> None:
    tally.errors.extend(f"{report['id']} {what}: {describe(t)}" for t in things if not any(t is p for p in paired))


def _transfer_words(transfer: Report) -> str:
    return f"{transfer.get('supplier')}>{transfer.get('recipient')} {transfer.get('equipment')}"


def _event_words(event: Report) -> str:
    return f"{event['actor']} {event['plover']} {event['recipient']}: {event['evidence'][:60]}"


def transfer_fit(gold: Report, said: Report) -> float:
    """How well a transfer said is the gold's: 0 unless equipment and parties agree, more for the same spelling and stages."""
    if not same_equipment(gold.get("equipment"), said.get("equipment")):
        return 0.0
    if any(set(gold[side]) != set(said.get(side) or []) for side in ("supplier", "recipient")):
        return 0.0
    exact = fold(gold["equipment"]) == fold(said["equipment"])
    shared = {s["stage"] for s in gold["stages"]} & {s.get("stage") for s in said.get("stages") or []}
    return 1.0 + exact + 0.1 * len(shared)


def stage_fit(gold: Report, said: Report) -> float:
    """How well a stage said is the gold's: 0 unless the stage is the same, more for the same modality and date."""
    if gold["stage"] != said.get("stage"):
        return 0.0
    return 1.0 + bool(gold["modality"] == said.get("modality")) + bool(gold["when"] == said.get("when"))


def same_event(gold: Report, said: Report) -> float:
    """1 where root, actors and recipients are the same, else 0."""
    same_sides = all(set(gold[side]) == set(said.get(side) or []) for side in ("actor", "recipient"))
    return float(gold["plover"] == said.get("plover") and same_sides)


def same_quantity(gold: Report, said: Report) -> bool:
    """Whether two counts are the same number."""
    return bool(gold["number"] == said.get("number"))


def same_value(gold: Report, said: Report) -> bool:
    """Whether two sums are of one currency and differ by one in a hundred at most."""
    near = abs(gold["amount"] - (said.get("amount") or 0)) <= MAX_VALUE_ERROR * gold["amount"]
    return bool(gold["currency"] == said.get("currency") and near)


def _count_stages(transfers: Iterable[Report]) -> int:
    return sum(len(transfer.get("stages") or []) for transfer in transfers)


def _place(text: str, part: str | None) -> tuple[int, int] | None:
    start = text.find(part) if part else -1
    return (start, start + len(part or "")) if start >= 0 else None


def _last_word(name: str | None) -> str:
    words = (name or "").split()
    return fold(words[-1]) if words else ""


def _linked_pairs(groups: Iterable[Sequence[str]]) -> set[tuple[str, ...]]:
    return {tuple(sorted((left, right))) for group in groups for place, left in enumerate(group) for right in group[place + 1 :]}


def _row(gold: int, said: int, hit: int) -> Row:
    precision, recall = (hit / said if said else 0.0), (hit / gold if gold else 0.0)
    both = precision + recall
    return Row(round(precision, 3), round(recall, 3), round(2 * precision * recall / both if both else 0.0, 3), gold, said)
