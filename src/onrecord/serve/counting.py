"""This file counts the register of a large record in a process of its own, once for all that serve it, and hands it round in a file.

Counting a million claims takes seconds of processor time and hundreds of megabytes for as long. Beside the readers, in one interpreter
with them, it would hold all of them up, and in each of several workers anew. The process that counts ends when it has written the count;
each worker takes it in by pieces, so that its readers wait for none of it long.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.errors import StoreError
from onrecord.serve.listing import Listing, read_listing
from onrecord.store.database import Database, spare_memory
from onrecord.store.freshness import common_name
from onrecord.store.lookup import newest_number

# A record of fewer reports is counted in less time than a process takes to start.
LARGE = 5000
# Lines that are taken in at a time: some hundredths of a second, for which nobody else is answered.
PIECE = 400
# Registers of past days that are held ready, beside today's.
MOST_KEPT = 12
# The longest that a count may take (seconds), many times what ten million claims need.
LONGEST = 1800


class Counting:
    """Reads the register of one record, named as the command names it; `folder` is where those that serve it find each other's counts."""

    def __init__(self, record: str, folder: Path) -> None:
        self.record = record
        self.folder = folder

    def read(self, engine: Database, day: str | None) -> Listing:
        """The register as known on a day, or today: from the record itself where it is small, else as one process counted it for all."""
        with engine.connect() as db:
            if newest_number(db) < LARGE:
                return read_listing(engine, day)
        state = common_name(engine)
        place = self.folder / f"{day or 'today'}.register"
        with _alone(place.with_suffix(".lock")):
            if not (state and _state_of(place) == state):
                self._count(day, state, place)
                self._forget_old()
            return _load(place)

    def _count(self, day: str | None, state: str, place: Path) -> None:
        asked = json.dumps({"record": self.record, "day": day, "state": state, "place": str(place)})
        try:
            # What is asked for goes by a pipe: others on this machine see what a process is begun with, and an address may hold a password.
            done = subprocess.run([sys.executable, "-m", __name__], input=asked, capture_output=True, text=True, timeout=LONGEST)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StoreError(f"the register could not be counted ({error}); try again") from error
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["it was ended"])[-1]
            raise StoreError(f"the register could not be counted ({why[:300]}); try again")

    def _forget_old(self) -> None:
        """Takes away the registers of the past days that were counted longest ago."""
        past = sorted((path for path in self.folder.glob("*-*.register")), key=lambda path: path.stat().st_mtime)
        for path in past[: max(0, len(past) - MOST_KEPT)]:
            path.unlink(missing_ok=True)


def main() -> None:
    """Counts what is asked for on standard input, and writes it where it is asked for."""
    from onrecord.api import open_record

    asked = json.load(sys.stdin)
    with open_record(asked["record"], create=False) as record:
        spare_memory(record.engine)
        listing = read_listing(record.engine, asked["day"])
    _store(listing, asked["state"], Path(asked["place"]))


def _store(listing: Listing, state: str, place: Path) -> None:
    """Writes a register in pieces; the file stands under its name when it is whole."""
    half = place.with_suffix(f".{os.getpid()}")
    with half.open("wb") as file:
        # One writer for all pieces: what is told in several of them, such as names of outlets, is held once.
        pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
        pickler.dump(state)
        pickler.dump((listing.span, listing.as_of, len(listing.lines)))
        for first in range(0, len(listing.lines), PIECE):
            pickler.dump(listing.lines[first : first + PIECE])
    half.replace(place)


def _load(place: Path) -> Listing:
    """Takes a register in; between two pieces other threads have their turn."""
    lines: list[Any] = []
    collects = gc.isenabled()
    # A million new objects would be looked through for garbage again and again; there is none among them.
    gc.disable()
    try:
        with place.open("rb") as file:
            unpickler = pickle.Unpickler(file)
            unpickler.load()
            span, as_of, many = unpickler.load()
            while len(lines) < many:
                lines += unpickler.load()
                time.sleep(0)
        gc.freeze()
    finally:
        if collects:
            gc.enable()
    return Listing(tuple(lines), span, as_of)


def _state_of(place: Path) -> str:
    """The state of the record from which the register in a file was counted, or ""."""
    try:
        with place.open("rb") as file:
            return str(pickle.load(file))
    except OSError:
        return ""


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Holds a lock that all who serve the record queue for; it ends with whoever holds it."""
    try:
        import fcntl
    except ModuleNotFoundError:
        # Where there are no such locks, each counts for itself, and the last count written stands.
        yield
        return
    with place.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
