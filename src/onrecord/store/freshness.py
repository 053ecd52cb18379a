"""This file tells whether a record has changed since it was last looked at, without reading it."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from onrecord.store.database import Database, file_of

# A file that was changed less long ago (seconds) may be changed again at what its system tells as the same time.
JUST_NOW, TRIES = 0.05, 3


def common_name(engine: Database) -> str:
    """A name for the record's present state that is the same in every process, or "" while it changes too quickly to have one.

    Of a file, when and how long the record and its log were last written; of a server, how many transactions wrote.
    """
    path = file_of(engine)
    if path is None:
        with engine.connect() as db:
            return str(db.exec_driver_sql("SELECT times FROM written").scalar())
    for _ in range(TRIES):
        told = [_written(path), _written(Path(f"{path}-wal"))]
        if time.time() - max(at for at, _ in told) / 1e9 > JUST_NOW:
            return " ".join(f"{at}.{size}" for at, size in told)
        time.sleep(JUST_NOW)
    return ""


def _written(path: Path) -> tuple[int, int]:
    """When a file was last written (nanoseconds) and how long it is; the file is not opened, which would end SQLite's locks on it."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return 0, 0
    return known.st_mtime_ns, known.st_size


class Freshness:
    """Holds a connection of its own, whose view of the file tells of every write by anybody."""

    def __init__(self, engine: Database) -> None:
        self._engine = engine
        self._held: Connection | None = None
        self._lock = Lock()

    def version(self) -> str:
        """A name for the record's present state: another one after every transaction that somebody wrote."""
        with self._lock:
            if self._held is None:
                self._held = self._engine.connect()
            db = self._held
            try:
                if db.dialect.name == "sqlite":
                    return str(db.exec_driver_sql("PRAGMA data_version").scalar())
                return str(db.exec_driver_sql("SELECT times FROM written").scalar())
            finally:
                # A transaction left open would go on seeing the state in which it began.
                db.rollback()

    def close(self) -> None:
        """Gives the connection back."""
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None
