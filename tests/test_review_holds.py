"""A property test: many random acts among re-runs, other models, changed texts and crashes; none is lost, none is applied twice.

ONRECORD_ACTS sets about how many acts are done (100 unless told otherwise). What a record must say is worked out beside it, by the rules of
docs/review.md alone.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import onrecord.store.write as store
from onrecord import review, waiting
from onrecord.api import Record, open_record
from onrecord.clean.document import make_document
from onrecord.errors import BadInput
from onrecord.records import Document, Finding, make_claim, make_finding
from onrecord.store.acts import content_of, read_acts
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.query import find_faults
from onrecord.store.tables import CLAIM, DOCUMENT, FINDING

pytestmark = pytest.mark.usefixtures("database")

ACTS = int(os.environ.get("ONRECORD_ACTS", "100"))
STEPS = 25
GOODS = {"S-400": "S-400 batteries", "Patriot": "Patriot launchers"}
TEXT = "Norland sold 4 S-400 batteries to Sudland. In May Westland ordered 6 Patriot launchers from Eastland for $3 billion. It rained."
# How a newsroom changes a page that was read: nothing, a line before, a line after, a line between, other marks.
EDITS = (
    lambda text: text,
    lambda text: "Breaking news. " + text,
    lambda text: text + " More was not known.",
    lambda text: text.replace(". In May", ". Nobody was surprised. In May"),
    lambda text: text.replace("Sudland. ", "Sudland, it was said. "),
)
# What a model reads of one transfer: whether it finds it, how many, from whom.
READINGS = st.tuples(st.sampled_from([True, True, True, False]), st.sampled_from([None, 4, 6, 40]), st.sampled_from(["RU", "US", None]))
STEP = st.tuples(
    st.sampled_from(
        ["correct", "correct", "accept", "reject", "accept all", "reject all", "undo", "undo", "run", "run", "edit", "crash", "open"]
    ),
    st.integers(0, 1),
    st.sampled_from(sorted(GOODS)),
    st.integers(1, 9),
    READINGS,
)
Reading = tuple[bool, int | None, str | None]


@dataclass
class Expected:
    """One act as the rules see it: what it is about, what the person saw, what the analysis said then (None: it had not found it)."""

    number: int
    id: str
    what: str
    place: tuple[int, str]
    count: int | None = None
    seen: int | None = None
    machine: list[int] | None = None
    undoes: str = ""


@dataclass
class World:
    """The record under test, beside it what was done to it and what each model reads."""

    record: Record
    path: Path
    texts: list[str] = field(default_factory=lambda: [TEXT, TEXT.replace("rained", "snowed")])
    readings: dict[tuple[int, str], Reading] = field(default_factory=lambda: {(n, g): (True, 4, "RU") for n in (0, 1) for g in GOODS})
    version: int = 1
    acts: list[Expected] = field(default_factory=list)

    def report(self, number: int) -> store.Report:
        document = make_document(self.texts[number], key=f"r{number}", uri=f"https://example.org/{number}", published="2019-07-20",
                                 read=f"2020-01-{self.version:02}" if self.version < 29 else "2020-02-01")  # fmt: skip
        found = [self.transfer(document, number, goods, f"t{n}") for n, goods in enumerate(GOODS, 1) if self.readings[number, goods][0]]
        return store.Report(document, tuple(found))

    def transfer(self, document: Document, number: int, goods: str, key: str) -> Finding:
        _, count, supplier = self.readings[number, goods]
        start = document.text.index(GOODS[goods])
        claims = [make_claim(document, "equipment", goods, start=start, end=start + len(goods))]
        if supplier:
            claims.append(make_claim(document, "supplier", supplier, start=start, end=start + len(goods)))
        if count is not None:
            claims.append(
                make_claim(document, "quantity", {"number": count, "unit": "piece"}, start=start - 2, end=start + len(GOODS[goods]))
            )
        return make_finding("transfer", key, document, claims, made_by="test/1")

    def run(self) -> None:
        with writing(self.record.engine) as db:
            store.add_reports(db, [self.report(0), self.report(1)], analysed_by=f"v{self.version}")
            settle(db)

    def shown(self, number: int, goods: str) -> tuple[str, list[int]] | None:
        """The transfer of a report as the record holds it today: its id and its counts; None where it is not there, twice is a failure."""
        query = (
            select(FINDING)
            .join(DOCUMENT, DOCUMENT.c.number == FINDING.c.document)
            .where(DOCUMENT.c.key == f"r{number}", DOCUMENT.c.until == "")
        )
        found = []
        with reading(self.record.engine) as db:
            for row in db.execute(query).all():
                claims = [(c.field, json.loads(c.value)) for c in db.execute(select(CLAIM).where(CLAIM.c.finding == row.number))]
                if ("equipment", goods) in claims:
                    found.append((row.id, [value["number"] for name, value in claims if name == "quantity"]))
        assert len(found) <= 1, f"{goods} stands twice in report {number}"
        return found[0] if found else None

    def standing(self, place: tuple[int, str]) -> list[Expected]:
        undone: set[str] = set()
        held = []
        for act in reversed(self.acts):
            if act.id not in undone:
                if act.what == "undo":
                    undone.add(act.undoes)
                elif act.place == place:
                    held.append(act)
        return held[::-1]

    def expected(self, place: tuple[int, str]) -> list[int] | None:
        """The counts that the record must show of a transfer, None where it must not show it."""
        there, count, _ = self.readings[place]
        held: list[int] | None = None
        rejected = kept = False
        for act in self.standing(place):
            base = act.machine if act.machine is not None else [act.seen] if act.seen is not None else []
            if act.what == "reject all":
                rejected = True
                continue
            if act.what != "reject":
                rejected, kept = False, True
            held = base if held is None else held
            if act.what == "correct":
                held = [act.count] if act.count is not None else []
            elif act.what == "accept":
                held = [act.seen] if act.seen is not None else []
            elif act.what == "reject":
                held = [one for one in held if one != act.seen]
            else:
                held = [act.seen] if act.seen is not None else []
        if rejected or not (there or kept):
            return None
        return held if held is not None else [count] if count is not None else []

    def check(self) -> None:
        for place in self.readings:
            shown, wanted = self.shown(*place), self.expected(place)
            assert (None if shown is None else shown[1]) == wanted, (place, self.standing(place))
        with reading(self.record.engine) as db:
            kept = read_acts(db)
            assert list(find_faults(db)) == []
        assert [(act.number, act.id) for act in kept] == [(act.number, act.id) for act in self.acts]
        assert all(content_of(act)["number"] == act.number for act in kept)


def step(world: World, move: tuple[str, int, str, int, Reading]) -> None:
    """Does one random thing to the record and notes what it means."""
    what, number, goods, count, read = move
    place = (number, goods)
    if what in ("run", "edit", "crash"):
        world.version += 1
        world.readings[place] = read
        if what == "edit":
            world.texts[number] = EDITS[count % len(EDITS)](world.texts[number])
        world.run()
    elif what == "undo":
        if world.acts:
            act = world.acts[count % len(world.acts)]
            try:
                done = review.undo(world.record, act.number, by="Bo")
            except BadInput as refused:
                assert "undone already" in str(refused)
                return
            world.acts.append(Expected(done.number, done.id, "undo", act.place, undoes=act.id))
    elif what == "open":
        world.record.close()
        world.record = open_record(world.path)
    else:
        act_on(world, what, place, count)


def act_on(world: World, what: str, place: tuple[int, str], count: int) -> None:
    shown = world.shown(*place)
    if shown is None:
        return
    id, counts = shown
    seen = counts[0] if counts else None
    there, now, _ = world.readings[place]
    machine = None if not there else [now] if now is not None else []
    words = GOODS[place[1]]
    if what in ("accept", "reject") and seen is None:
        return
    if what == "correct":
        done = review.correct(world.record, f"finding:{id}:quantity", {"number": count, "unit": "piece"}, by="Ada", why="read", words=words)
    elif what in ("accept", "reject"):
        done = getattr(review, what)(world.record, f"finding:{id}:quantity", by="Ada", why="read")
    else:
        done = getattr(review, what.split()[0])(world.record, f"finding:{id}", by="Ada", why="read")
    world.acts.append(Expected(done.number, done.id, what, place, count, seen, machine))


class Crash(Exception):
    """What a killed process or a full disk does to a transaction."""


def crash_once(world: World, monkeypatch: pytest.MonkeyPatch, move: tuple[str, int, str, int, Reading]) -> None:
    """A run and an act that break off in the middle of their transaction: the record is as before, and both can be done again."""

    def fail(*_: Any, **__: Any) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(store, "place_transfers", fail)
        broken.setattr(waiting, "apply_to", fail)
        world.version += 1
        with pytest.raises(Crash):
            world.run()
        shown = world.shown(move[1], move[2])
        if shown is not None:
            with pytest.raises(Crash):
                review.accept(world.record, f"finding:{shown[0]}", by="Ada")


@settings(max_examples=max(1, ACTS // 12), deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])  # fmt: skip
@given(moves=st.lists(STEP, min_size=STEPS, max_size=STEPS))
def test_no_act_is_lost_and_none_is_applied_twice(monkeypatch: pytest.MonkeyPatch, moves: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        world = World(open_record(path), path)
        world.run()
        for move in moves:
            if move[0] == "crash":
                crash_once(world, monkeypatch, move)
            step(world, move)
            world.check()
        before = world.record.register()
        world.version += 1
        world.run()
        world.run()
        world.check()
        assert [row.quantity for row in world.record.register()] == [row.quantity for row in before]
        world.record.close()
