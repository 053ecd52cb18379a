"""This file serves the pages from several processes on one address. They share nothing but the record, and the counts of its register.

The processes are uvicorn's own workers: it hands each new connection to one of them, replaces one that ends or hangs, and ends all of
them together. Each makes its application by `worker`, from what the command was asked for.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from fastapi import FastAPI

from onrecord.api import open_record
from onrecord.serve.app import make_app
from onrecord.serve.counting import Counting

# Where the workers find what they serve, and under which name uvicorn finds what makes their application.
ASKED, FACTORY = "ONRECORD_SERVED", "onrecord.serve.workers:worker"


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: a record, whether reading is open, the names answered to (None: any), and where counts are handed round."""

    record: str
    reading_open: bool
    hosts: tuple[str, ...] | None
    counts: str


def announce(served: Served) -> None:
    """Notes for the workers, which are begun after this, what they serve; only this user's processes can read it."""
    os.environ[ASKED] = json.dumps(asdict(served))


def worker() -> FastAPI:
    """The application of one worker."""
    asked = json.loads(os.environ[ASKED])
    return application(Served(**{**asked, "hosts": None if asked["hosts"] is None else tuple(asked["hosts"])}))


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
