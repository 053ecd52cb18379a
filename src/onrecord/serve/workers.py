"""This file makes the application that a process serves. Several of them share nothing but the record, and the counts of its register.

The processes are uvicorn's own workers: it hands each new connection to one of them, replaces one that ends or hangs, and ends all of
them together. Each makes its application by `worker`, from what the command was asked for.
"""

from __future__ import annotations

import atexit
import gc
from pathlib import Path

from fastapi import FastAPI

from onrecord.api import open_record
from onrecord.serve.app import make_app
from onrecord.serve.counting import Counting
from onrecord.serve.served import Served, announced


def worker() -> FastAPI:
    """The application of one worker."""
    return application(announced())


def application(served: Served) -> FastAPI:
    """The application of what is served, with the record open until this process ends."""
    # A listing of thousands of deals lives for hours. Looking through all of it for garbage at every turn was the slowest part of a page:
    # at 5,629 deals the register's p95 was 107 ms of a core with Python's own settings and is 35 with these.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    record = open_record(served.record, create=False)
    atexit.register(record.close)
    hosts = None if served.hosts is None else frozenset(served.hosts)
    return make_app(record, reading_open=served.reading_open, hosts=hosts, counting=Counting(served.record, Path(served.counts)))
