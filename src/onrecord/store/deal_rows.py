"""This file reads the rows of deals: transfers as they are compared, the neighbours under their keys, the links that they have.

Every look-up goes by a key and reads a bounded part of what stands under it, so that it costs the same in a small record and a large one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, literal, select, union_all

from onrecord.group.groups import SURE, are_as_long
from onrecord.records import Claim, Document, Finding, Json
from onrecord.resolve import RULE, Placed, Transfer, Verdict, view_transfer
from onrecord.resolve.facts import keys_to_look_under, unpack
from onrecord.resolve.placing import NEIGHBOURS
from onrecord.store.deal_numbers import SOME
from onrecord.store.lookup import document_of, nearest_under_keys
from onrecord.store.tables import CLAIM, COPY_PAIR, DEAL, DEAL_DOUBT, DEAL_MEMBER, DOCUMENT, FINDING, REPORT_ORIGIN

# Those that a transfer is in doubt about, by id, with the verdict on the two.
Doubts = tuple[tuple[str, Verdict], ...]
# Added to the number of a founder, while another deal bears that: more than any finding's number.
BEYOND = 2**50
# By what transfers stand in order under a key.
ORDER = ("day", "place", "part")
# Run for every report that is placed, so they are built once.
LINK = tuple(DEAL_MEMBER.c[name] for name in ("finding", "document", "root", "parent", "verdict", "score", "reason", "own", "facts"))
PLACED = select(*LINK).where(DEAL_MEMBER.c.finding.in_(SOME))
DOUBTS = select(DEAL_DOUBT).where(DEAL_DOUBT.c.finding.in_(SOME))
BOUND = union_all(
    select(*LINK, literal(0).label("doubts")).where(DEAL_MEMBER.c.parent.in_(SOME)),
    select(*LINK, literal(1)).where(DEAL_MEMBER.c.finding.in_(select(DEAL_DOUBT.c.finding).where(DEAL_DOUBT.c.other.in_(SOME)))),
)
HELD = (
    select(
        *LINK,
        DEAL_MEMBER.c.deal,
        DEAL_MEMBER.c.judged_by,
        FINDING.c.number.label("told"),
        FINDING.c.id.label("id"),
        DEAL.c.number.label("borne"),
    )
    .select_from(FINDING)
    .outerjoin(DEAL_MEMBER, DEAL_MEMBER.c.finding == FINDING.c.number)
    .outerjoin(DEAL, DEAL.c.number == FINDING.c.number)
    .where(FINDING.c.document == bindparam("report"), FINDING.c.kind == "transfer")
    .order_by(FINDING.c.number)
)
COPIES = union_all(
    *(
        select(own.label("own"), REPORT_ORIGIN.c.document, REPORT_ORIGIN.c.words)
        .join(COPY_PAIR, other == REPORT_ORIGIN.c.document)
        .where(own.in_(SOME), COPY_PAIR.c.score >= SURE)
        for own, other in (
            (COPY_PAIR.c.left_document, COPY_PAIR.c.right_document),
            (COPY_PAIR.c.right_document, COPY_PAIR.c.left_document),
        )
    )
)
WORDS = select(REPORT_ORIGIN.c.document, REPORT_ORIGIN.c.words).where(REPORT_ORIGIN.c.document.in_(SOME))


@dataclass(frozen=True, slots=True)
class Near:
    """What stands near the transfers of one report: what was told before each, what after; each side is read when it is asked for.

    `sides` holds under each key of a transfer (by its id) the numbers of those before it and after it, the nearest first; `read` gives
    those of transfers (by number) that are placed and of other reports, as they are linked by then.
    """

    sides: Mapping[str, Sequence[tuple[list[int], list[int]]]]
    read: Callable[[Iterable[int]], Mapping[int, Placed]]

    def before(self) -> dict[str, list[Placed]]:
        """For each transfer those that were told before it."""
        return self._found(0, self.sides)

    def after(self, ids: Iterable[str]) -> dict[str, list[Placed]]:
        """For each of these transfers those that were told after it."""
        return self._found(1, ids)

    def parted(self) -> list[tuple[Placed, str]]:
        """Each later transfer that one of these takes an earlier one out of the sight of, and that earlier one.

        Each looks at so many before it, so that one that comes between two of them parts them.
        """
        pairs = {
            (after[place], before[NEIGHBOURS - 1 - place - own])
            for keys in self.sides.values()
            for before, after in keys
            for place in range(len(after))
            for own in range(len(self.sides))
            if 0 <= NEIGHBOURS - 1 - place - own < len(before)
        }
        held = self.read({later for later, _ in pairs})
        return [(held[later], str(earlier)) for later, earlier in sorted(pairs) if later in held]

    def _found(self, side: int, ids: Iterable[str]) -> dict[str, list[Placed]]:
        numbers = {id: dict.fromkeys(number for sides in self.sides[id] for number in sides[side]) for id in ids}
        held = self.read({number for own in numbers.values() for number in own})
        return {id: [held[number] for number in own if number in held] for id, own in numbers.items()}


class Loaded(NamedTuple):
    """A transfer as the rule sees it (its id is its number as text), since when it is known, and the findings that it was made of.

    `acts` gives the act of a person that made or accepted a claim, by finding and place.
    """

    number: int
    document: int
    known: str
    transfer: Transfer
    findings: list[tuple[int, Finding]]
    acts: Mapping[tuple[int, int], int]


class Held(NamedTuple):
    """A placed transfer as the record holds it: number, content id, the deal that it counts for, its link, whether by today's rule.

    `key` is the number, as text, of the deal that it founds or would found.
    """

    number: int
    id: str
    deal: int
    placed: Placed
    is_current: bool
    key: str


def load_transfers(db: Connection, numbers: Sequence[int]) -> list[Loaded]:
    """Transfers by the numbers of their findings, in the order given."""
    own = {row.number: row for row in db.execute(select(FINDING).where(FINDING.c.number.in_(numbers)))}
    stages = db.execute(select(FINDING).where(FINDING.c.part_of.in_(numbers)).order_by(FINDING.c.number)).all()
    claims: dict[int, list[Claim]] = {}
    acts: dict[tuple[int, int], int] = {}
    wanted = select(CLAIM).where(CLAIM.c.finding.in_([*own, *(row.number for row in stages)])).order_by(CLAIM.c.finding, CLAIM.c.number)
    for finding, place, name, value, start, end, quote, inferred, score, reason, act in db.execute(wanted):
        if act:
            acts[finding, place] = act
        claims.setdefault(finding, []).append(Claim(name, json.loads(value), start, end, quote, bool(inferred), score, reason))
    documents = _documents(db, {row.document for row in own.values()})
    parts: dict[int, list[Row[Any]]] = {number: [own[number]] for number in numbers}
    for row in stages:
        parts[row.part_of].append(row)
    return [_loaded(number, own[number].document, documents, parts[number], claims, acts) for number in numbers]


def copies_of(db: Connection, documents: Collection[int]) -> dict[int, frozenset[str]]:
    """For each of some reports those (numbers as text) that surely carry the same original, and are as long."""
    rows = db.execute(COPIES, {"numbers": documents}).all()
    sizes = {number: words for number, words in db.execute(WORDS, {"numbers": {own for own, *_ in rows}})} if rows else {}
    found: dict[int, set[str]] = {document: set() for document in documents}
    for own, other, words in rows:
        if are_as_long(words, sizes.get(own, 0)):
            found[own].add(str(other))
    return {own: frozenset(others) for own, others in found.items()}


def neighbours(db: Connection, transfers: Sequence[Transfer], read: Callable[[Iterable[int]], Mapping[int, Placed]]) -> Near:
    """Those of other reports that stand nearest under the keys of one report's transfers; `read` as in `Near`."""
    return Near({transfer.id: _near(db, transfer) for transfer in transfers}, read)


def load_placed(db: Connection, numbers: Iterable[int]) -> list[Placed]:
    """Transfers with the links that they have."""
    numbers = sorted(numbers)
    return [_placed(row) for row in db.execute(PLACED, {"numbers": numbers}).all()] if numbers else []


def load_held(db: Connection, document: int, waiting: Mapping[int, Doubts]) -> tuple[list[int], list[Held]]:
    """The numbers of a report's transfers, and those that are placed, in order, with their doubts: those that wait to be written first."""
    rows = db.execute(HELD, {"report": document}).all()
    placed = with_doubts(db, {str(row.finding): _placed(row) for row in rows if row.finding is not None}, waiting)
    held = [
        Held(row.finding, row.id, row.deal, item, row.judged_by == RULE, item.root if item.parent is None else _key(db, row))
        for row, item in ((row, placed[str(row.finding)]) for row in rows if row.finding is not None)
    ]
    return [row.told for row in rows], held


def keys_to_found(db: Connection, numbers: Sequence[int]) -> dict[str, str]:
    """The numbers, as text, of the deals that some transfers would found, where they are not their own since other deals bear these."""
    borne = db.execute(select(DEAL.c.number).where(DEAL.c.number.in_(numbers))).scalars()
    return {str(number): str(_free_number(db, number)) for number in borne}


def is_relinked(held: Held, placed: Placed) -> bool:
    """Whether a transfer that was placed anew is linked otherwise than the record holds."""
    links = [(one.root, one.parent, one.verdict, one.facts) for one in (held.placed, placed)]
    return links[0] != links[1] or not held.is_current


def bound_to(db: Connection, numbers: Collection[int]) -> tuple[list[Placed], list[Placed]]:
    """The transfers that are linked to one of these (by number), and those that the record holds in doubt about one."""
    sides: tuple[list[Placed], list[Placed]] = ([], [])
    for *row, doubts in db.execute(BOUND, {"numbers": numbers}).all() if numbers else ():
        sides[doubts].append(_placed(row))
    return sides


def with_doubts(db: Connection, placed: Mapping[str, Placed], waiting: Mapping[int, Doubts] = MappingProxyType({})) -> dict[str, Placed]:
    """Placed transfers, by id, each with its doubts: those that wait to be written, else those that the record holds."""
    held = _doubts(db, [number for id in placed if (number := int(id)) not in waiting])
    doubts = {id: waiting.get(int(id)) or held.get(int(id), ()) for id in placed}
    return {id: item if item.doubts == doubts[id] else item._replace(doubts=doubts[id]) for id, item in placed.items()}


def dump(value: Json) -> str:
    """A value as JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _key(db: Connection, row: Any) -> str:
    return str(row.told if row.borne is None else _free_number(db, row.told))


def _free_number(db: Connection, number: int) -> int:
    """The number of a deal to be founded where another deal bears its founder's: it was once founded by that one."""
    while db.execute(select(DEAL.c.number).where(DEAL.c.number == number)).first():
        number += BEYOND
    return number


def _loaded(
    number: int, document: int, documents: Mapping[int, tuple[Document, str]], parts: Sequence[Row[Any]],
    claims: Mapping[int, list[Claim]], acts: Mapping[tuple[int, int], int],
) -> Loaded:  # fmt: skip
    report, known = documents[document]
    findings = [(row.number, Finding(row.kind, row.key, report.id, tuple(claims.get(row.number, ())), id=row.id)) for row in parts]
    transfer = view_transfer(report, findings[0][1], [finding for _, finding in findings[1:]])
    return Loaded(number, document, known, replace(transfer, id=str(number)), findings, acts)


def _documents(db: Connection, numbers: set[int]) -> dict[int, tuple[Document, str]]:
    rows = db.execute(select(DOCUMENT).where(DOCUMENT.c.number.in_(numbers)))
    return {row.number: (document_of(row), row.known) for row in rows}


def _near(db: Connection, transfer: Transfer) -> list[tuple[list[int], list[int]]]:
    """Under each key that it looks under the transfers before it and after it, the nearest first."""
    keys = keys_to_look_under(transfer.facts)
    if not keys:
        return []
    values = {f"key{n}": key for n, key in enumerate(keys)}
    place = dict(zip(ORDER, transfer.facts.order, strict=True))
    query = nearest_under_keys("transfer_key", "finding", ORDER, keys=len(keys), limit=NEIGHBOURS)
    found: dict[int, tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]] = {key: ([], []) for key in keys}
    for key, finding, *order, later in db.execute(query, {**values, **place}).all():
        found[key][later].append((*order, finding))
    return [([row[-1] for row in sorted(before, reverse=True)], [row[-1] for row in sorted(after)]) for before, after in found.values()]


def _placed(row: Any) -> Placed:
    # Read by the thousand, so taken apart at once: a named column costs as much as the rest.
    finding, document, root, parent, verdict, score, reason, own, facts, *_ = row
    said = unpack(own)
    link = Verdict(verdict, score, tuple(reason.split("; ")))
    above = None if parent is None else str(parent)
    return Placed(str(finding), str(document), said, unpack(facts) if facts else said, str(root), above, link)


def _doubts(db: Connection, numbers: Sequence[int]) -> dict[int, Doubts]:
    found: dict[int, list[tuple[str, Verdict]]] = {}
    for row in db.execute(DOUBTS, {"numbers": numbers}) if numbers else ():
        verdict = Verdict(row.verdict, row.score, tuple(row.reason.split("; ")))
        found.setdefault(row.finding, []).append((str(row.other), verdict))
    return {number: tuple(doubts) for number, doubts in found.items()}
