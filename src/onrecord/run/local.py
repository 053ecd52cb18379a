"""This file runs one function over many batches on this machine, in order: in this process, or in a few workers with a bounded queue."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

# Batches handed out per worker ahead of the one being written: enough to keep workers busy, few enough to keep memory flat.
AHEAD = 2


def map_batches(function: Callable[[In], Out], batches: Iterable[In], *, jobs: int = 1) -> Generator[Out]:
    """What the function makes of each batch, in the order given; no more than a few batches are held at a time."""
    if jobs <= 1:
        yield from map(function, batches)
        return
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)
    try:
        running: deque[Future[Out]] = deque()
        for batch in batches:
            running.append(pool.submit(function, batch))
            if len(running) > jobs * AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BaseException:
        # Ctrl-C, an error, or a caller that has enough: nobody waits for what the workers still have in hand.
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    # Ctrl-C is for the writer to handle; a worker that dies of it would only add noise.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Ends this worker when its parent is gone: a killed parent cannot tell it to."""
    wait([sentinel])
    os._exit(1)
