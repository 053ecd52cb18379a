"""This file runs several tasks that wait for the network side by side, and gives what each yields in the order of the tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from queue import Full, Queue
from typing import Generic, TypeVar

Item = TypeVar("Item")

# Servers asked at the same time: feeds wait for the slowest, not for each other; more would only wait for the pages of one host.
AT_ONCE = 8
# Items that a task may be ahead of whoever takes them: pages of up to 20 MB, mostly 200 kB.
AHEAD = 4


class SideBySide(Generic[Item]):
    """Tasks under way; iterate for one iterator a task, in order. To be closed, so that no thread goes on asking."""

    def __init__(self, tasks: Sequence[Callable[[], Iterator[Item]]], *, at_once: int = AT_ONCE) -> None:
        self._tasks = tasks
        self._next = count()
        self._stopped = threading.Event()
        self._queues: list[Queue[tuple[bool, Item | BaseException | None]]] = [Queue(AHEAD) for _ in tasks]
        for _ in range(min(at_once, len(tasks))):
            # Daemons: a server that is slow must not keep a stopped program alive.
            threading.Thread(target=self._work, daemon=True).start()

    def close(self) -> None:
        """Stops all tasks before their next item."""
        self._stopped.set()

    def __iter__(self) -> Iterator[Iterator[Item]]:
        """What each task yields; each iterator is to be used up before the next is asked for."""
        for queue in self._queues:
            yield self._items(queue)

    def _items(self, queue: Queue[tuple[bool, Item | BaseException | None]]) -> Iterator[Item]:
        while True:
            going, item = queue.get()
            if isinstance(item, BaseException):
                raise item
            if not going:
                return
            yield item  # type: ignore[misc]

    def _work(self) -> None:
        while not self._stopped.is_set() and (number := next(self._next)) < len(self._tasks):
            queue = self._queues[number]
            try:
                for item in self._tasks[number]():
                    if not self._put(queue, (True, item)):
                        return
                self._put(queue, (False, None))
            except BaseException as error:
                # Whoever takes the items hears of it; a thread that dies in silence would leave that one waiting.
                self._put(queue, (False, error))

    def _put(self, queue: Queue[tuple[bool, Item | BaseException | None]], entry: tuple[bool, Item | BaseException | None]) -> bool:
        while not self._stopped.is_set():
            try:
                queue.put(entry, timeout=0.2)
                return True
            except Full:
                continue
        return False
