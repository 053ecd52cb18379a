"""This file puts transfers into deals: each is linked to the one earlier transfer that it fits best, or founds a deal.

Earlier means by the day of the report. A link looks back only, so the deals as known on a past day are what this gave on that day, and
the order in which reports arrive does not matter. Transfers that one report tells of are never one deal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from onrecord.resolve.compare import Verdict, compare
from onrecord.resolve.facts import Facts, Transfer, keys_to_look_under, keys_to_stand_under

FOUNDER = Verdict("same", 1.0, ("founded the deal",))
# Under each key so many transfers before a transfer, and so many after it, are looked at: a bound on the cost.
NEIGHBOURS = 16
# Other deals that a transfer comes near to are kept for a person to judge: so many, from this score on.
DOUBTS_KEPT, DOUBTED = 2, 0.2


class Placed(NamedTuple):
    """A transfer in its deal: what it says itself, the same completed by what the one says that it was linked to, the deal's key."""

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
    copies: Set[str] = frozenset(),
    keys: Mapping[str, str] = MappingProxyType({}),
) -> list[Placed]:
    """The transfers of one report, each linked to the best of its candidates; the surest link is made first, one for each deal.

    `candidates` holds, by the transfer's id, what was told earlier; `apart` tells of a transfer and the key of a deal whether a person said
    that they are different; `copies` are the reports (as `Placed` names them) that carry the same original; `keys` gives, by the
    transfer's id, the key of the deal that it would found, where that is not its own id.
    """
    # What comes too far off to be doubted can be linked to even less.
    verdicts = [
        (verdict, transfer, other)
        for transfer in transfers
        for other in candidates.get(transfer.id, ())
        if other.document_id != transfer.document_id
        and other.own.order < transfer.facts.order
        and (verdict := compare(transfer.facts, other.facts, copies=other.document_id in copies)).score >= DOUBTED
    ]
    verdicts.sort(key=lambda found: (-found[0].score, _backwards(found[2]), found[1].facts.order))
    linked: dict[str, tuple[Verdict, Placed]] = {}
    taken: set[str] = set()
    for verdict, transfer, other in verdicts:
        if verdict.joins and transfer.id not in linked and other.root not in taken and not apart(transfer.id, other.root):
            linked[transfer.id] = verdict, other
            taken.add(other.root)
    return [_placed(transfer, linked.get(transfer.id), verdicts, keys.get(transfer.id, transfer.id)) for transfer in transfers]


def group(transfers: Iterable[Transfer], copies: Mapping[str, Set[str]] = MappingProxyType({})) -> list[list[Transfer]]:
    """The transfers grouped into deals, without a record; the order in which they are given does not matter.

    `copies` gives for a report's id those of the reports that carry the same original.
    """
    reports: dict[tuple[int, int], list[Transfer]] = {}
    for transfer in sorted(transfers, key=lambda transfer: transfer.facts.order):
        reports.setdefault(transfer.facts.order[:2], []).append(transfer)
    standing: dict[int, list[Placed]] = {}
    members: dict[str, list[Transfer]] = {}
    for report in reports.values():
        own = copies.get(report[0].document_id, frozenset())
        candidates = {transfer.id: _look_back(standing, transfer) for transfer in report}
        for transfer, placed in zip(report, place_report(report, candidates, copies=own), strict=True):
            members.setdefault(placed.root, []).append(transfer)
            for key in keys_to_stand_under(placed.own):
                standing.setdefault(key, []).append(placed)
    return list(members.values())


def changes_link(later: Placed, earlier: Placed, verdict: Verdict, parent: Placed | None) -> bool:
    """Whether a transfer that was told earlier but came later is what a placed one should rather be linked to; `verdict` is on the two."""
    return verdict.joins and (later.parent is None or _is_before(verdict, earlier, later.verdict, parent))


def doubts_with(later: Placed, earlier: Placed, verdict: Verdict, held: Mapping[str, Placed]) -> tuple[tuple[str, Verdict], ...]:
    """The doubts of a placed transfer once another one is known that was told before it; `held` has, by id, those that it doubts now."""
    if verdict.score < DOUBTED or earlier.root == later.root:
        return later.doubts
    found = [(doubt, held[other]) for other, doubt in later.doubts if other in held and other != earlier.id]
    return _nearest([*found, (verdict, earlier)])


def _nearest(doubted: Iterable[tuple[Verdict, Placed]]) -> tuple[tuple[str, Verdict], ...]:
    """Of transfers that come near, the nearest of each deal, and of those the nearest few."""
    near: dict[str, tuple[str, Verdict]] = {}
    for verdict, other in sorted(doubted, key=lambda doubt: (-doubt[0].score, _backwards(doubt[1]))):
        near.setdefault(other.root, (other.id, verdict))
    return tuple(near.values())[:DOUBTS_KEPT]


def _is_before(verdict: Verdict, transfer: Placed, other_verdict: Verdict, other: Placed | None) -> bool:
    """Whether a transfer comes before another one (or none) among what a third may be linked to."""
    return other is None or (-verdict.score, _backwards(transfer)) < (-other_verdict.score, _backwards(other))


def _backwards(placed: Placed) -> tuple[int, ...]:
    """Puts transfers in order from the latest to the earliest: of those that fit as well, the nearest is what a report goes on from.

    So a newcomer changes what stands right after it, and leaves alone what stands further off.
    """
    return tuple(-part for part in placed.own.order)


def _look_back(standing: Mapping[int, list[Placed]], transfer: Transfer) -> list[Placed]:
    found = (placed for key in keys_to_look_under(transfer.facts) for placed in standing.get(key, ())[-NEIGHBOURS:])
    return list({placed.id: placed for placed in found}.values())


def _placed(
    transfer: Transfer, link: tuple[Verdict, Placed] | None, verdicts: Sequence[tuple[Verdict, Transfer, Placed]], key: str
) -> Placed:  # fmt: skip
    own = transfer.facts
    root = link[1].root if link else key
    doubts = _nearest((verdict, other) for verdict, compared, other in verdicts if compared.id == transfer.id and other.root != root)
    if link is None:
        return Placed(transfer.id, transfer.document_id, own, own, root, None, FOUNDER, doubts)
    verdict, other = link
    return Placed(transfer.id, transfer.document_id, own, own.completed(other.own), root, other.id, verdict, doubts)
