"""This file says who may do what with a record on PostgreSQL: the server's own users, each with the rights of a role, kept by the server.

Who may review may append acts, and nothing else: what an act changes is worked out by whoever may write, as soon as he opens the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from onrecord.errors import BadInput, StoreError

READ, REVIEW, ADMIN, NONE = "read", "review", "admin", "none"
ROLES = (READ, REVIEW, ADMIN, NONE)
# What a reviewer writes: the act, what it is about, that it waits to be applied, and the count by which readers tell that there is news.
APPENDED = ("act", "act_target", "waiting_act")
COUNTED = ("written", "times")


@dataclass(frozen=True, slots=True)
class Granted:
    """A user of the server, and the role that he has in a record."""

    user: str
    role: str


def grant(db: Connection, user: str, role: str) -> None:
    """Gives a user of the server a role in the record, in place of the one he had; a `BadInput` where there is no such user or role."""
    if role not in ROLES:
        raise BadInput(f"{role!r} is no role; there are {', '.join(ROLES)}")
    _need_server(db)
    if not db.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :user"), {"user": user}).first():
        raise BadInput(f"the server has no user {user[:60]!r}; make one first: createuser --pwprompt NAME")
    _need_owner(db)
    schema, name = _named(db.exec_driver_sql("SELECT current_schema()").scalar_one()), _named(user)
    database = _named(db.exec_driver_sql("SELECT current_database()").scalar_one())
    accounts = _accounts(db)
    for statement in _taken(schema, accounts, name):
        db.exec_driver_sql(statement)
    if role == NONE:
        return
    db.exec_driver_sql(f"GRANT CONNECT ON DATABASE {database} TO {name}")
    db.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    right = "ALL" if role == ADMIN else "SELECT"
    db.exec_driver_sql(f"GRANT {right} ON ALL TABLES IN SCHEMA {schema} TO {name}")
    # Tables that a later version adds are made by the owner, who grants here.
    db.exec_driver_sql(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {right} ON TABLES TO {name}")
    if role == REVIEW:
        db.exec_driver_sql(f"GRANT INSERT ON {', '.join(f'{schema}.{table}' for table in APPENDED)} TO {name}")
        db.exec_driver_sql(f"GRANT UPDATE ({COUNTED[1]}) ON {schema}.{COUNTED[0]} TO {name}")
    if role == ADMIN and accounts:
        db.exec_driver_sql(f"GRANT USAGE ON SCHEMA {accounts} TO {name}")
        db.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA {accounts} TO {name}")
        db.exec_driver_sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {accounts} TO {name}")


def granted(db: Connection) -> list[Granted]:
    """Who may do what, by name: every user with a right of his own, and the owner, who is an admin."""
    _need_server(db)
    query = text(
        "SELECT role.rolname AS name, max(CASE"
        " WHEN class.relowner = role.oid OR (class.relname = 'claim' AND held.privilege_type = 'INSERT') THEN 3"
        " WHEN class.relname = 'act' AND held.privilege_type = 'INSERT' THEN 2 ELSE 1 END) AS rank"
        " FROM pg_class class CROSS JOIN LATERAL aclexplode(coalesce(class.relacl, acldefault('r', class.relowner))) held"
        " JOIN pg_roles role ON role.oid = held.grantee"
        " WHERE class.relnamespace = current_schema()::regnamespace AND class.relname IN ('document', 'claim', 'act')"
        ' GROUP BY role.rolname ORDER BY role.rolname COLLATE "C"'
    )
    return [Granted(row.name, (READ, REVIEW, ADMIN)[row.rank - 1]) for row in db.execute(query)]


def _need_server(db: Connection) -> None:
    if db.dialect.name != "postgresql":
        raise BadInput(
            "a record in a file has no users of its own: who may read or write it, the rights of the file say; who may sign in to its"
            " pages, and as what: onrecord account RECORD add NAME --role reader|reviewer|admin"
        )


def _need_owner(db: Connection) -> None:
    owner = "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'document'::regclass"
    if not db.exec_driver_sql(owner).scalar():
        raise StoreError("only the owner of the record gives rights: the user who made it, or a superuser of the server")


def _accounts(db: Connection) -> str:
    """The schema of the accounts of the pages, quoted; empty if there are none yet."""
    query = "SELECT nspname FROM pg_namespace WHERE nspname = current_schema() || '_accounts'"
    name = db.exec_driver_sql(query).scalar()
    return _named(name) if name else ""


def _taken(schema: str, accounts: str, name: str) -> list[str]:
    taken = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"REVOKE ALL (times) ON {schema}.{COUNTED[0]} FROM {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {name}",
        f"REVOKE ALL ON SCHEMA {schema} FROM {name}",
    ]
    if accounts:
        taken += [f"REVOKE ALL ON ALL TABLES IN SCHEMA {accounts} FROM {name}", f"REVOKE ALL ON SCHEMA {accounts} FROM {name}"]
        taken.append(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {accounts} FROM {name}")
    return taken


def _named(name: str) -> str:
    """A name as SQL takes it, whatever is in it; a per cent sign would be read as a parameter."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
