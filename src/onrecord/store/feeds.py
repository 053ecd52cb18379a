"""This file keeps what is remembered of the web: which pages were read, what a feed held last, and which addresses fail.

What a run visits is noted in one go when the reports that came of it are safe: a run that is killed asks again and loses nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select

from onrecord.read.web import GIVEN_UP, Visit
from onrecord.store.database import reading, writing
from onrecord.store.tables import DEAL, DEAL_MEMBER, DOCUMENT
from onrecord.store.visit_tables import VISIT

# Values in one query; SQLite takes 32,766.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that is new on record, with the deals that it speaks of: id and equipment of each, and whether it is the first to do so."""

    title: str
    outlet: str
    published: str | None
    uri: str
    deals: tuple[tuple[str, str, bool], ...] = ()


class Visits:
    """A memory (read/web.py) that lasts: it reads the record, and writes when told that all is safe.

    `claimed` is shared by memories that are used side by side: a page that one of them is about to fetch is left alone by the others.
    """

    def __init__(self, engine: Engine, claimed: set[str] | None = None) -> None:
        self._engine = engine
        self._claimed = claimed if claimed is not None else set()
        self._own: set[str] = set()
        self._noted: dict[str, Visit] = {}
        self._lock = threading.Lock()

    def recall(self, address: str) -> Visit | None:
        """The last visit to an address, in this run or an earlier one."""
        if address in self._noted:
            return self._noted[address]
        with reading(self._engine) as db:
            return next(iter(_visits(db, [address])), None)

    def settled(self, addresses: Collection[str]) -> set[str]:
        """Those of the addresses that are on record, were read, cannot be read, rest after a failure, or are another's to fetch."""
        done = set[str]()
        with reading(self._engine) as db:
            for some in _portions(addresses):
                done.update(db.execute(select(DOCUMENT.c.uri).where(DOCUMENT.c.uri.in_(some))).scalars())
                resting = or_(VISIT.c.failures == 0, VISIT.c.failures >= GIVEN_UP, VISIT.c.retry_at > _now())
                done.update(db.execute(select(VISIT.c.address).where(VISIT.c.address.in_(some), resting)).scalars())
        done.update(address for address in addresses if address in self._noted)
        with self._lock:
            others = self._claimed - self._own
            done.update(address for address in addresses if address in others)
            self._own.update(set(addresses) - done)
            self._claimed.update(self._own)
        return done

    def note(self, visit: Visit) -> None:
        """Remembers a visit until `keep` writes it."""
        self._noted[visit.address] = visit

    def keep(self) -> None:
        """Writes what was noted: to be called when the reports that came of it are on record."""
        if not self._noted:
            return
        with writing(self._engine) as db:
            for some in _portions(self._noted):
                db.execute(delete(VISIT).where(VISIT.c.address.in_(some)))
                db.execute(insert(VISIT), [asdict(self._noted[address]) for address in some])
        self._noted = {}


def resting(db: Connection, addresses: Collection[str]) -> dict[str, Visit]:
    """Those of the addresses that failed and are not to be asked again yet, each with its last visit."""
    now = _now()
    return {visit.address: visit for visit in _visits(db, addresses) if visit.failures and visit.retry_at > now}


def last_document(db: Connection) -> int:
    """The number of the newest report on record, 0 if there is none."""
    return db.execute(select(func.max(DOCUMENT.c.number))).scalar() or 0


def arrivals(db: Connection, after: int) -> list[Arrival]:
    """The reports that came on record after the one of that number, in order of arrival."""
    first = select(func.min(DEAL_MEMBER.c.document)).where(DEAL_MEMBER.c.deal == DEAL.c.number).correlate(DEAL).scalar_subquery()
    query = (
        select(DEAL_MEMBER.c.document, DEAL.c.founder, DEAL.c.id, DEAL.c.equipment, first.label("first"))
        .join(DEAL, DEAL.c.number == DEAL_MEMBER.c.deal)
        .where(DEAL_MEMBER.c.document > after)
        .distinct()
        .order_by(DEAL_MEMBER.c.document, DEAL.c.founder)
    )
    deals: dict[int, list[tuple[str, str, bool]]] = {}
    for row in db.execute(query):
        deals.setdefault(row.document, []).append((row.id, row.equipment, row.first > after))
    reports = select(DOCUMENT).where(DOCUMENT.c.number > after).order_by(DOCUMENT.c.number)
    return [
        Arrival(row.title, row.outlet, row.published, row.uri or row.key, tuple(deals.get(row.number, ()))) for row in db.execute(reports)
    ]


def _visits(db: Connection, addresses: Collection[str]) -> Iterator[Visit]:
    for some in _portions(addresses):
        for row in db.execute(select(VISIT).where(VISIT.c.address.in_(some))):
            yield Visit(**row._asdict())


def _portions(addresses: Iterable[str]) -> Iterator[list[str]]:
    rest = list(addresses)
    for start in range(0, len(rest), AT_ONCE):
        yield rest[start : start + AT_ONCE]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
