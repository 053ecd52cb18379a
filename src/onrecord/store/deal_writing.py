"""This file writes the rows of deals: the links of transfers, the keys under which they stand, and the cells and parties made of them.

What the next report is compared with (links and keys) is written at once; all else waits until some reports are placed, so that placing
one costs few statements.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, Table, bindparam, delete, func, insert, literal, select, text, update

from onrecord.records import Json
from onrecord.resolve import RULE, Facts, Placed, Verdict, fold, stage_cell
from onrecord.resolve.facts import Order, keys_to_stand_under, pack
from onrecord.resolve.goods import goods_of
from onrecord.store.acts import now
from onrecord.store.deal_numbers import SOME
from onrecord.store.deal_rows import Doubts, Held, Loaded, dump
from onrecord.store.deal_standing import Standing
from onrecord.store.tables import CELL, DEAL, DEAL_DOUBT, DEAL_MEMBER, DEAL_PARTY, FINDING, JUDGEMENT, TRANSFER_KEY, UNSETTLED

Fields = dict[str, Any]
# Both databases know the clause; what is on the list stays as it is.
NOTE_CHANGED = text("INSERT INTO unnoted (deal) VALUES (:deal) ON CONFLICT DO NOTHING")
NOTE_GONE = text("INSERT INTO gone_deal (deal) VALUES (:deal) ON CONFLICT DO NOTHING")
NOTE_UNSETTLED = text("INSERT INTO unsettled (document, day, place) VALUES (:document, :day, :place) ON CONFLICT DO NOTHING")

# Run for every report that is placed, so they are built once.
WHICH: BindParameter[int] = bindparam("which")
TO: BindParameter[int] = bindparam("to")
LAST_JUDGEMENT = select(func.max(JUDGEMENT.c.number))
ANY_JOINED = select(DEAL.c.number).where(DEAL.c.joined_to != DEAL.c.number).limit(1)
JOINED = select(DEAL.c.number, DEAL.c.joined_to).where(DEAL.c.number.in_(SOME))
TAKE_DOUBTS = delete(DEAL_DOUBT).where(DEAL_DOUBT.c.finding == WHICH)
OWN = select(FINDING.c.number).where((FINDING.c.number == WHICH) | (FINDING.c.part_of == WHICH))
MOVE = (
    update(CELL).where(CELL.c.finding.in_(OWN)).values(deal=TO),
    update(DEAL_PARTY).where(DEAL_PARTY.c.finding == WHICH).values(deal=TO),
)
OF_VERDICT = ("verdict", "score", "reason", "judged_by", "judged_at")
JUDGE = update(DEAL_MEMBER).where(DEAL_MEMBER.c.finding == WHICH).values({name: bindparam(name) for name in OF_VERDICT})
RELINK = JUDGE.values({name: bindparam(name) for name in ("deal", "root", "parent", "facts")})


@dataclass(slots=True)
class Waiting:
    """What placing holds until some reports are placed: rows that nothing reads meanwhile, by table, the deals that the cells of transfers
    go to, doubts, by transfer, deals that changed, and ids of deals that are gone. `judged_at` is the UTC time of judging, `standing` what
    was read of others; `judged` tells whether people ever said of two deals that they are the same or not, `joined` whether any two are
    joined by that.
    """

    judged_at: str
    judged: bool
    joined: bool
    standing: Standing = field(default_factory=Standing)
    rows: dict[Table, list[Fields]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    doubts: dict[int, Doubts] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, db: Connection) -> Waiting:
        """Nothing that waits yet; what people judged is asked once for all, since nobody else writes meanwhile."""
        judged = db.execute(LAST_JUDGEMENT).scalar() is not None
        return cls(now(), judged, db.execute(ANY_JOINED).first() is not None)

    def in_doubt_about(self, ids: Container[str], held: Iterable[Placed]) -> tuple[set[int], list[Placed]]:
        """Who is in doubt about some transfers: by what waits to be written (numbers), and of those that the record holds who still is."""
        now = {doubting for doubting, doubts in self.doubts.items() if any(other in ids for other, _ in doubts)}
        return now, [item for item in held if int(item.id) not in self.doubts]

    def take(self, table: Table, rows: Iterable[Fields]) -> None:
        """Keeps rows for a table."""
        self.rows.setdefault(table, []).extend(rows)

    def write(self, db: Connection) -> None:
        """Writes all that waits."""
        for table, rows in self.rows.items():
            if rows:
                db.execute(insert(table), rows)
        self.rows.clear()
        self.write_moved(db)
        note_changed(db, self.changed)
        self.changed.clear()
        note_gone(db, self.gone)
        self.gone.clear()
        self.write_doubts(db)

    def write_moved(self, db: Connection) -> None:
        """Puts the cells and parties that wait for it into their deals."""
        move_cells(db, self.moved)
        self.moved.clear()

    def write_doubts(self, db: Connection) -> None:
        """Writes the doubts that wait, in place of those that the transfers had."""
        if not self.doubts:
            return
        db.execute(TAKE_DOUBTS, [{"which": number} for number in self.doubts])
        rows = [
            {"finding": number, "other": int(other), "verdict": verdict.verdict, "score": verdict.score,
             "reason": "; ".join(verdict.reasons), "judged_by": RULE, "judged_at": self.judged_at}
            for number, doubts in self.doubts.items()
            for other, verdict in doubts
        ]  # fmt: skip
        if rows:
            db.execute(insert(DEAL_DOUBT), rows)
        self.doubts.clear()


def write_placed(db: Connection, loaded: Sequence[Loaded], placed: Sequence[Placed], waiting: Waiting) -> None:
    """Writes the links of one report's transfers and their keys; all else that is derived from them waits."""
    joined = joined_deals(db, {int(item.root) for item in placed if item.parent is not None}, waiting)
    members: list[Fields] = []
    keys: list[Fields] = []
    for item, link in zip(loaded, placed, strict=True):
        deal = joined.get(int(link.root), int(link.root))
        if link.parent is None:
            waiting.take(DEAL, [_founded(item.number, item.findings[0][1].id, link)])
        members.append({"finding": item.number, "document": item.document, "own": pack(link.own), **_link(link, deal, waiting.judged_at)})
        day, place, part = link.own.order
        keys += [{"key": k, "day": day, "place": place, "part": part, "finding": item.number} for k in keys_to_stand_under(link.own)]
        waiting.take(DEAL_PARTY, _parties(item, deal))
        waiting.take(CELL, _cells(item, link.own, deal))
        waiting.doubts |= {item.number: link.doubts} if link.doubts else {}
        waiting.changed.add(deal)
    for table, rows in ((DEAL_MEMBER, members), (TRANSFER_KEY, keys)):
        if rows:
            db.execute(insert(table), rows)
    waiting.standing.put(link._replace(document_id=str(item.document)) for item, link in zip(loaded, placed, strict=True))


def rewrite_placed(db: Connection, changed: Sequence[tuple[Held, Placed]], waiting: Waiting) -> None:
    """Writes how transfers that were placed anew are linked now, each with what was held of it."""
    joined = joined_deals(db, {int(link.root) for _, link in changed}, waiting)
    rows: list[Fields] = []
    for held, link in changed:
        deal = joined.get(int(link.root), int(link.root))
        rows.append({"which": held.number, **_link(link, deal, waiting.judged_at)})
        if held.deal != deal:
            waiting.changed |= {held.deal, deal}
        if held.placed.parent is not None and link.parent is None:
            db.execute(insert(DEAL), _founded(held.number, held.id, link))
    db.execute(RELINK, rows)
    waiting.standing.put(link for _, link in changed)
    # The cells of a whole deal that goes on from another one are moved by `merge_deals`.
    alone = [(held, link) for held, link in changed if held.placed.parent is not None or link.parent is None]
    deals = {held.number: joined.get(int(link.root), int(link.root)) for held, link in alone}
    waiting.moved |= {held.number: deals[held.number] for held, _ in alone if held.deal != deals[held.number]}


def rewrite_verdicts(db: Connection, verdicts: Mapping[int, Verdict], waiting: Waiting) -> None:
    """Writes how sure the links of transfers (by number) are now, and why."""
    rows = [
        {"which": number, "verdict": v.verdict, "score": v.score, "reason": "; ".join(v.reasons), "judged_by": RULE,
         "judged_at": waiting.judged_at}
        for number, v in verdicts.items()
    ]  # fmt: skip
    if rows:
        db.execute(JUDGE, rows)
    waiting.standing.judge(verdicts)


def move_cells(db: Connection, deals: Mapping[int, int]) -> None:
    """Puts the cells and parties of transfers (by number) into other deals."""
    if rows := [{"which": number, "to": deal} for number, deal in deals.items()]:
        for statement in MOVE:
            db.execute(statement, rows)


def joined_deals(db: Connection, roots: set[int], waiting: Waiting) -> dict[int, int]:
    """The deal for which each deal of the rule counts where a person joined some to others; it counts for itself if it is not named."""
    if not waiting.joined:
        return {}
    return {number: deal for number, deal in db.execute(JOINED, {"numbers": sorted(roots)})} if roots else {}


def delete_placed(db: Connection, document: int) -> None:
    """Takes away all that is derived from the transfers of a report."""
    note_changed(db, db.execute(select(DEAL_MEMBER.c.deal).where(DEAL_MEMBER.c.document == document)).scalars())
    own = select(FINDING.c.number).where(FINDING.c.document == document, FINDING.c.kind == "transfer")
    for side in (DEAL_DOUBT.c.finding, DEAL_DOUBT.c.other):
        db.execute(delete(DEAL_DOUBT).where(side.in_(own)))
    for table in (DEAL_PARTY, TRANSFER_KEY):
        db.execute(delete(table).where(table.c.finding.in_(own)))
    db.execute(delete(CELL).where(CELL.c.document == document))
    db.execute(delete(DEAL_MEMBER).where(DEAL_MEMBER.c.document == document))
    note_gone(db, db.execute(select(DEAL.c.id).where(DEAL.c.founder.in_(own))).scalars())
    db.execute(delete(DEAL).where(DEAL.c.founder.in_(own)))


def note_changed(db: Connection, deals: Iterable[int]) -> None:
    """Notes deals (by number) of which the register may say something else now, for the history."""
    if rows := [{"deal": deal} for deal in sorted(set(deals))]:
        db.execute(NOTE_CHANGED, rows)


def note_gone(db: Connection, ids: Iterable[str]) -> None:
    """Notes ids under which deals were known, and may be no longer, for the history."""
    if rows := [{"deal": id} for id in sorted(set(ids))]:
        db.execute(NOTE_GONE, rows)


def note_unsettled(db: Connection, reports: Mapping[int, Order]) -> None:
    """Notes that the transfers of these reports, each with where it stands among all, have to be placed anew."""
    if rows := [{"document": report, "day": order[0], "place": order[1]} for report, order in reports.items()]:
        db.execute(NOTE_UNSETTLED, rows)


def note_deals_of(db: Connection, documents: Sequence[int] | None = None) -> None:
    """Notes that the transfers of these reports, or of all, have to be placed anew; `settle` finds out where each stands among all."""
    told = select(DEAL_MEMBER.c.document, literal(0), literal(0)).distinct()
    told = told.where(DEAL_MEMBER.c.document.not_in(select(UNSETTLED.c.document)))
    if documents is not None:
        told = told.where(DEAL_MEMBER.c.document.in_(documents))
    db.execute(insert(UNSETTLED).from_select(["document", "day", "place"], told))


def _founded(founder: int, id: str, link: Placed) -> Fields:
    number = int(link.root)
    return {"number": number, "id": id, "equipment": link.own.equipment, "joined_to": number, "founder": founder}


def _link(link: Placed, deal: int, judged_at: str) -> Fields:
    return {
        "deal": deal, "root": int(link.root), "parent": None if link.parent is None else int(link.parent),
        "verdict": link.verdict.verdict, "score": link.verdict.score, "reason": "; ".join(link.verdict.reasons), "judged_by": RULE,
        "judged_at": judged_at, "facts": "" if link.facts == link.own else pack(link.facts),
    }  # fmt: skip


def _parties(item: Loaded, deal: int) -> list[Fields]:
    finding = item.findings[0][1]
    names = {(role, str(value)) for role in ("supplier", "recipient") for value in finding.all(role)}
    names |= {("equipment", name) for value in finding.all("equipment") for name in _searched(str(value))}
    return [{"role": role, "party": name, "finding": item.number, "deal": deal, "known": item.known} for role, name in sorted(names)]


def _searched(equipment: str) -> set[str]:
    """The names under which equipment is looked for: as the report has it, and its family."""
    return {fold(equipment), goods_of(equipment).family} - {""}


def _cells(item: Loaded, own: Facts, deal: int) -> list[Fields]:
    rows: list[Fields] = []
    for number, finding in item.findings:
        for place, claim in enumerate(finding.claims):
            if finding.kind == "stage" and claim.field != "stage":
                continue
            value: Json = stage_cell(finding) if finding.kind == "stage" else claim.value
            # A stage is one cell: whoever acted last on its modality, date or source has acted on it.
            places = range(len(finding.claims)) if finding.kind == "stage" else (place,)
            rows.append(
                {"finding": number, "claim": place, "deal": deal, "document": item.document, "known": item.known, "field": claim.field,
                 "value": dump(value), "inferred": int(claim.inferred), "concluded": int(own.is_concluded()),
                 "act": max(item.acts.get((number, n), 0) for n in places)}
            )  # fmt: skip
    return rows
