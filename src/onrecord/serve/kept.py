"""This file keeps what is counted from a whole record, such as its register or its people, until somebody writes to the record."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from onrecord.errors import OnrecordError
from onrecord.store.freshness import Freshness

# How many counts that readers choose are kept, such as the registers of past days, beside today's of every kind.
COUNTS_KEPT = 12
PAUSE = 0.02
# While somebody writes all the time, what took a second is not counted again for so many: readers need the machine too.
REST = 4

log = logging.getLogger(__name__)
# The counts of an older state of the record that were used for the page that is being made.
_STALE: ContextVar[list[Hashable] | None] = ContextVar("stale", default=None)
# Whether this thread makes something anew beside the readers.
_ANEW: ContextVar[bool] = ContextVar("anew", default=False)


@contextmanager
def watched() -> Iterator[list[Hashable]]:
    """While it is open, the names of counts that were out of date when they were used, also by threads that were started inside."""
    stale: list[Hashable] = []
    before = _STALE.set(stale)
    try:
        yield stale
    finally:
        _STALE.reset(before)


@dataclass(frozen=True, slots=True)
class _Made:
    """What was counted, from which state of the record, how, when it was ready (monotonic seconds), and how long it took."""

    version: str
    value: Any
    count: Callable[[], Any]
    at: float
    took: float


class Kept:
    """Holds counts by name. The first who asks waits; while one is made anew, whoever asks gets the one before at once."""

    def __init__(self, freshness: Freshness) -> None:
        self.freshness = freshness
        self._held: OrderedDict[Hashable, _Made] = OrderedDict()
        self._lock = Lock()
        self._counting: set[Hashable] = set()
        self._firsts: dict[Hashable, Lock] = {}

    def get(self, name: Hashable, count: Callable[[], Any]) -> Any:
        """What is kept under a name; made by `count` when there is none, and made anew beside the reader when the record has changed.

        A name that is no tuple is of the record as it is today, and always kept; of the others, which readers choose, the latest are.
        """
        version = self.freshness.version()
        with self._lock:
            held = self._held.get(name)
            if held is not None:
                self._held.move_to_end(name)
                if time.monotonic() - held.at >= REST * held.took:
                    self._renew(name, version)
            else:
                first = self._firsts.setdefault(name, Lock())
        if held is not None:
            return _used(name, self._awaited(name, held), version)
        # Many readers that come at once wait for one count.
        with first:
            with self._lock:
                held = self._held.get(name)
            return _used(name, held or self._keep(name, version, count), version)

    def _awaited(self, name: Hashable, held: _Made) -> _Made:
        """What is kept under a name; a count that is itself being made anew from it waits until it is new, a reader does not."""
        if not _ANEW.get():
            return held
        while name in self._counting:
            time.sleep(PAUSE)
        with self._lock:
            return self._held.get(name, held)

    def renew(self, *names: Hashable, longest: float) -> None:
        """Has what is kept under some names made anew if the record has changed, and waits for it so many seconds at most."""
        version = self.freshness.version()
        with self._lock:
            for name in names:
                if name in self._held:
                    self._renew(name, version)
        self.wait(longest=longest)

    def wait(self, *, longest: float = 30.0) -> None:
        """Returns when nothing is being counted, or after so many seconds."""
        end = time.monotonic() + longest
        while self._counting and time.monotonic() < end:
            time.sleep(PAUSE)

    def close(self) -> None:
        """Waits for what is being counted, and gives the connection back."""
        self.wait()
        self.freshness.close()

    def _renew(self, name: Hashable, version: str) -> None:
        """Starts to make anew what is out of date and not being made; the lock is held."""
        held = self._held[name]
        if held.version != version and name not in self._counting:
            self._counting.add(name)
            Thread(target=self._anew, args=(name, version, held.count), daemon=True).start()

    def _anew(self, name: Hashable, version: str, count: Callable[[], Any]) -> None:
        try:
            _ANEW.set(True)
            self._keep(name, version, count)
        except OnrecordError as error:
            # The count before stays; whoever asks next starts another.
            log.warning("%s could not be counted anew: %s", name, error)
        finally:
            with self._lock:
                self._counting.discard(name)

    def _keep(self, name: Hashable, version: str, count: Callable[[], Any]) -> _Made:
        start = time.monotonic()
        with watched() as stale:
            value = count()
        now = time.monotonic()
        # What was counted from another count that was out of date is out of date itself.
        made = _Made(version if not stale else "", value, count, now, now - start)
        with self._lock:
            self._held[name] = made
            self._firsts.pop(name, None)
            chosen = [held for held in self._held if isinstance(held, tuple)]
            for oldest in chosen[: max(0, len(chosen) - COUNTS_KEPT)]:
                del self._held[oldest]
        return made


def _used(name: Hashable, made: _Made, version: str) -> Any:
    """What was counted; whoever watches is told where it is out of date."""
    if made.version != version and (stale := _STALE.get()) is not None:
        stale.append(name)
    return made.value
