"""Each deal's count and sum, settled over all that was told of the report's deals: an amount belongs to one deal at most."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.extract.told import Amount, Deal
from onrecord.records import Mention

# An amount is a deal's when the judge believes it at least this much; chosen on held-out folds for the best F1.
FLOOR = 0.4
# Two deals claim a sum alike when their beliefs differ by no more than this: it then covers both, and goes to neither.
ALIKE = 0.0

Size = tuple[Mention | None, Mention | None]


def settle_sizes(deals: Sequence[Deal]) -> list[Size]:
    """(count, sum) of each deal, in order."""
    counts = _settled([[t.quantity for t in deal.told if t.quantity] for deal in deals], shared=True)
    sums = _settled([[t.value for t in deal.told if t.value] for deal in deals], shared=False)
    return list(zip(counts, sums, strict=True))


def _settled(claims: list[list[Amount]], *, shared: bool) -> list[Mention | None]:
    """The amount that each deal claims most firmly; `shared` amounts may serve several deals ("eighteen of each")."""
    best = [max(amounts, key=lambda a: a[1], default=None) for amounts in claims]
    settled: list[Mention | None] = []
    for number, amount in enumerate(best):
        rivals = [a for n, a in enumerate(best) if n != number and a is not None and amount is not None and a[0] == amount[0]]
        firm = amount is not None and amount[1] >= FLOOR
        alone = shared or all(amount is not None and amount[1] > a[1] + ALIKE for a in rivals)
        settled.append(amount[0] if amount is not None and firm and alone else None)
    return settled
