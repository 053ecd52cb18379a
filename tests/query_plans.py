"""Tells of a query which tables a database would read whole for it, or all of a kind in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

# Kinds are few, so what an index finds by kind alone grows with the record.
BY_KIND = "INDEX finding_kind (kind=?)"


def read_whole(db: Connection, statement: str, given: Any) -> list[str]:
    """The tables that are read from end to end, as the database's plan names them; PostgreSQL only where it has no index to go by."""
    if db.dialect.name == "sqlite":
        return [detail for detail in plan_of(db, statement, given) if detail.startswith("SCAN")]
    given = given[0] if isinstance(given, list) else given
    # In a small table it would read all even if there is an index.
    db.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = db.exec_driver_sql(f"EXPLAIN {statement}", given).scalars()
    return [step.strip(" ->") for step in plan if "Seq Scan" in step]


def read_by_kind(db: Connection, statement: str, given: Any) -> list[str]:
    """The steps in which SQLite would go through all findings of a kind."""
    if db.dialect.name != "sqlite":
        return []
    return [detail for detail in plan_of(db, statement, given) if BY_KIND in detail]


def plan_of(db: Connection, statement: str, given: Any) -> list[str]:
    """The steps that SQLite would take; of many sets of parameters the first is taken."""
    given = given[0] if isinstance(given, list) else given
    return [row.detail for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
