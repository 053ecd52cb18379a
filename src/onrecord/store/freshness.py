"""This file tells whether a record has changed since it was last looked at, without reading it."""

from __future__ import annotations

from threading import Lock

from sqlalchemy import Connection

from onrecord.store.database import Database


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
