"""This file holds what was read while transfers are placed, each thing read once: transfers, kept as they are written, and copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from onrecord.resolve import Placed, Verdict
from onrecord.store.deal_rows import copies_of, load_placed

# No more are held, so that memory stays flat.
MOST_HELD = 10_000


@dataclass(slots=True)
class Standing:
    """Transfers by number, as the record holds them now, without their doubts; `told` has the numbers of those seen in each deal, and
    `copies` for a report (by number) its copies.
    """

    held: dict[int, Placed] = field(default_factory=dict)
    told: dict[str, set[int]] = field(default_factory=dict)
    copies: dict[int, frozenset[str]] = field(default_factory=dict)

    def read(self, db: Connection, numbers: Iterable[int], *, but: int = -1) -> dict[int, Placed]:
        """The placed ones among these transfers (by number), but for those of one report."""
        if len(self.held) > MOST_HELD:
            self.forget()
        numbers = list(numbers)
        missing = [number for number in numbers if number not in self.held]
        for item in load_placed(db, missing):
            self._keep(item)
        report = str(but)
        found = ((number, self.held.get(number)) for number in numbers)
        return {number: item for number, item in found if item and item.document_id != report}

    def look_up_copies(self, db: Connection, documents: Iterable[int]) -> None:
        """Asks for the copies of reports that are placed next, all at once."""
        if new := [document for document in documents if document not in self.copies]:
            self.copies |= copies_of(db, new)

    def copies_of(self, db: Connection, document: int) -> frozenset[str]:
        """The reports (numbers as text) that surely carry the same original as one, and are as long."""
        self.look_up_copies(db, [document])
        return self.copies[document]

    def put(self, placed: Iterable[Placed]) -> None:
        """Keeps transfers as they are written."""
        for item in placed:
            self._keep(item._replace(doubts=()) if item.doubts else item)

    def judge(self, verdicts: Mapping[int, Verdict]) -> None:
        """Keeps how sure the links of transfers (by number) are now, and why."""
        self.put([self.held[number]._replace(verdict=verdict) for number, verdict in verdicts.items() if number in self.held])

    def merge(self, old: int, new: int) -> None:
        """Counts the transfers of one deal (by its first one) for another."""
        was, root = str(old), str(new)
        moved = [self.held[number] for number in self.told.pop(was, ())]
        self.put([item._replace(root=root) for item in moved if item.root == was])

    def forget(self) -> None:
        """Holds no transfers any more."""
        self.held.clear()
        self.told.clear()

    def _keep(self, item: Placed) -> None:
        self.held[int(item.id)] = item
        self.told.setdefault(item.root, set()).add(int(item.id))
