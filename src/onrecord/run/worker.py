"""This file is what a worker process does: it takes batches from a pipe, answers each, and ends with its parent or when it has grown large.

Two bounds hold its memory. What it holds after a batch is looked at, and a worker above MOST_MEMORY ends, to be replaced by a fresh one;
within a batch the system refuses it more than HARD times that, which fails the report at hand and no more.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

# MiB that a worker may hold when it has done a batch: the analysis with its model takes 350 on the reports of gold/train (docs/scale.md).
MOST_MEMORY = 1536
HARD = 2
PAGES = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a batch gave, or the error that it raised; `last` where the worker ends with it."""

    result: Any
    error: BaseException | None
    last: bool


def work(pipe: Connection, most_memory: int) -> None:
    """Answers what comes through a pipe, each time a function and what it is to be called with, in order, until the pipe is closed."""
    # Ctrl-C is for the writer to handle; a worker that dies of it would only add noise.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _bound_memory(most_memory * HARD)
    last = False
    while not last:
        try:
            # A thread that took batches in while another one works would wait for it, and the parent for both: 64 kB at each switch.
            function, batch = pipe.recv()
        except (EOFError, OSError):
            break
        answer = _answer(function, batch, most_memory)
        pipe.send(answer)
        last = answer.last
    # Threads of numerical libraries may hold an ordinary end up.
    os._exit(0)


def _end_with(sentinel: int) -> None:
    """Ends this worker when its parent is gone: a killed parent cannot tell it to."""
    wait([sentinel])
    os._exit(1)


def _answer(function: Callable[[Any], Any], batch: Any, most_memory: int) -> Answer:
    try:
        result = function(batch)
    except Exception as error:
        return Answer(None, _sendable(error), held_memory() > most_memory)
    return Answer(result, None, held_memory() > most_memory)


def _sendable(error: Exception) -> Exception:
    """The error, or its words where it cannot be sent to another process as it is."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def held_memory() -> float:
    """The memory that this process holds, in MiB; 0 where the system does not tell."""
    try:
        return int(PAGES.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


def _bound_memory(most: int) -> None:
    """Lets the system refuse this process more than so many MiB of its own memory, where it can."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = most * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    except (ImportError, ValueError, OSError):
        return
