"""This file says what is served, and hands it on to the processes that serve it.

It loads nothing of the pages: the process that watches over these holds little memory.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

# Where the workers find what they serve, and under which name uvicorn finds what makes their application.
ASKED, FACTORY = "ONRECORD_SERVED", "onrecord.serve.workers:worker"
# Each thread of a worker would keep freed memory of its own otherwise (glibc).
SPARING = ("MALLOC_ARENA_MAX", "2")


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
    os.environ.setdefault(*SPARING)


def announced() -> Served:
    """What a worker was told to serve."""
    asked = json.loads(os.environ[ASKED])
    return Served(**{**asked, "hosts": None if asked["hosts"] is None else tuple(asked["hosts"])})
