"""This file keeps what is counted from a whole record, such as its register or its people, until somebody writes to the record."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from onrecord.errors import OnrecordError
from onrecord.store.freshness import Freshness

# How many counts are kept: today's of every kind, and some of past days.
COUNTS_KEPT = 16
PAUSE = 0.02
# While somebody writes all the time, what took a second is not counted again for so many: readers need the machine too.
REST = 4

log = logging.getLogger(__name__)


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
        """What is kept under a name; made by `count` when there is none, and made anew beside the reader when the record has changed."""
        version = self.freshness.version()
        with self._lock:
            held = self._held.get(name)
            if held is not None:
                self._held.move_to_end(name)
                if time.monotonic() - held.at >= REST * held.took:
                    self._renew(name, version)
                return held.value
            first = self._firsts.setdefault(name, Lock())
        # Many readers that come at once wait for one count.
        with first:
            with self._lock:
                held = self._held.get(name)
            return held.value if held is not None else self._keep(name, version, count)

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
            self._keep(name, version, count)
        except OnrecordError as error:
            # The count before stays; whoever asks next starts another.
            log.warning("%s could not be counted anew: %s", name, error)
        finally:
            with self._lock:
                self._counting.discard(name)

    def _keep(self, name: Hashable, version: str, count: Callable[[], Any]) -> Any:
        start = time.monotonic()
        value = count()
        now = time.monotonic()
        with self._lock:
            self._held[name] = _Made(version, value, count, now, now - start)
            self._firsts.pop(name, None)
            while len(self._held) > COUNTS_KEPT:
                self._held.popitem(last=False)
        return value
