"""This file puts transfers into deals: each is linked to the one earlier transfer that it fits best, or founds a deal.

Earlier means by the day of the report. A link looks back only, so the deals as known on a past day are what this gave on that day, and
the order in which reports arrive does not matter. Transfers that one report tells of are never one deal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.resolve.compare import Verdict, compare
from onrecord.resolve.facts import Facts, Transfer, keys_to_look_under, keys_to_stand_under

FOUNDER = Verdict("same", 1.0, ("founded the deal",))
# Under each key so many transfers before a transfer, and so many after it, are looked at: a bound on the cost.
NEIGHBOURS = 16
# Other deals that a transfer comes near to are kept for a person to judge: so many, from this score on.
DOUBTS_KEPT, DOUBTED = 2, 0.2


@dataclass(frozen=True, slots=True)
class Placed:
    """A transfer in its deal: what it says itself, the same completed by what it was linked to, and the first transfer of its deal."""

    id: str
    document_id: str
    own: Facts
    facts: Facts
    root: str
    parent: str | None
    verdict: Verdict
    doubts: tuple[tuple[str, Verdict], ...] = ()


def place_report(
    transfers: Sequence[Transfer],
    candidates: Mapping[str, Sequence[Placed]],
    *,
    apart: Callable[[str, str], bool] = lambda _, __: False,
) -> list[Placed]:
    """The transfers of one report, each linked to the best of its candidates; the surest link is made first, one for each deal.

    `candidates` holds, by the transfer's id, what was told earlier; `apart` tells of a transfer and the first one of a deal whether a
    person said that they are different.
    """
    verdicts = [
        (compare(transfer.facts, other.facts), transfer, other)
        for transfer in transfers
        for other in candidates.get(transfer.id, ())
        if other.document_id != transfer.document_id and other.own.order < transfer.facts.order
    ]
    verdicts.sort(key=lambda found: (-found[0].score, found[2].own.order, found[1].facts.order))
    linked: dict[str, tuple[Verdict, Placed]] = {}
    taken: set[str] = set()
    for verdict, transfer, other in verdicts:
        if verdict.joins and transfer.id not in linked and other.root not in taken and not apart(transfer.id, other.root):
            linked[transfer.id] = verdict, other
            taken.add(other.root)
    return [_placed(transfer, linked.get(transfer.id), verdicts) for transfer in transfers]


def group(transfers: Iterable[Transfer]) -> list[list[Transfer]]:
    """The transfers grouped into deals, without a record; the order in which they are given does not matter."""
    reports: dict[tuple[int, int], list[Transfer]] = {}
    for transfer in sorted(transfers, key=lambda transfer: transfer.facts.order):
        reports.setdefault(transfer.facts.order[:2], []).append(transfer)
    standing: dict[int, list[Placed]] = {}
    members: dict[str, list[Transfer]] = {}
    for report in reports.values():
        candidates = {transfer.id: _look_back(standing, transfer) for transfer in report}
        for transfer, placed in zip(report, place_report(report, candidates), strict=True):
            members.setdefault(placed.root, []).append(transfer)
            for key in keys_to_stand_under(placed.own):
                standing.setdefault(key, []).append(placed)
    return list(members.values())


def changes(placed: Placed, earlier: Placed) -> bool:
    """Whether a transfer that was told earlier but came later could be what a placed one should be linked to."""
    if placed.parent == earlier.id:
        return True
    least = placed.verdict.score if placed.parent else 0.0
    verdict = compare(placed.own, earlier.facts)
    return verdict.joins and verdict.score >= least


def _look_back(standing: Mapping[int, list[Placed]], transfer: Transfer) -> list[Placed]:
    found = (placed for key in keys_to_look_under(transfer.facts) for placed in standing.get(key, ())[-NEIGHBOURS:])
    return list({placed.id: placed for placed in found}.values())


def _placed(transfer: Transfer, link: tuple[Verdict, Placed] | None, verdicts: Sequence[tuple[Verdict, Transfer, Placed]]) -> Placed:
    own = transfer.facts
    root = link[1].root if link else transfer.id
    near: dict[str, tuple[str, Verdict]] = {}
    for verdict, compared, other in verdicts:
        if compared.id == transfer.id and other.root != root and verdict.score >= DOUBTED:
            near.setdefault(other.root, (other.id, verdict))
    doubts = tuple(near.values())[:DOUBTS_KEPT]
    if link is None:
        return Placed(transfer.id, transfer.document_id, own, own, root, None, FOUNDER, doubts)
    verdict, other = link
    return Placed(transfer.id, transfer.document_id, own, own.completed(other.facts), root, other.id, verdict, doubts)
