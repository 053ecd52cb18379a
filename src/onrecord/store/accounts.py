"""This file keeps who may sign in, in a file of its own beside the record (RECORD.accounts): a record that is handed on holds no password.

Those of a record on PostgreSQL stand in a schema of their own beside its own, which nobody may read but its owner and its admins.
It keeps hashes only: of passwords as the pages make them, of session tokens by SHA-256. Who reads the file can sign in as nobody.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateSchema

from onrecord.errors import BadInput, StoreError
from onrecord.naming import is_address, shown
from onrecord.store.server import explain, server_engine

ROLES = ("reader", "reviewer", "admin")
# A session ends after so long without a request, and after so long in any case (seconds).
IDLE, LONGEST = 12 * 3600, 7 * 24 * 3600
# Failed attempts within so many seconds, for one name and from one address, after which no password is looked at.
WINDOW, FAILS_OF_NAME, FAILS_FROM_ADDRESS = 15 * 60, 5, 30
NAME_LENGTH = 60
HELD = MetaData()
# The lock under which accounts are made on a server ("acco").
LOCK = 0x6163636F

ACCOUNT = Table(
    "account",
    HELD,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("made_at", Float, nullable=False),
)
SESSION = Table(
    "session",
    HELD,
    Column("token", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("began_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
)
ATTEMPT = Table(
    "attempt", HELD, Column("number", Integer, primary_key=True), Column("who", Text, nullable=False), Column("at", Float, nullable=False)
)
Index("attempt_who", ATTEMPT.c.who, ATTEMPT.c.at)


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in, and as what: reader, reviewer or admin."""

    name: str
    role: str

    def may_review(self) -> bool:
        """Whether he may put acts of review on record."""
        return self.role in ("reviewer", "admin")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in; `form` is the token that each form of his must bring along."""

    account: Account
    form: str


class Accounts:
    """Holds the accounts of one record, named by its path, its address, or by its open database; they are made with the first account."""

    def __init__(self, record: str | Path | Engine) -> None:
        self.path: Path | None = None
        self._own = not isinstance(record, Engine)
        self._engine: Engine
        if isinstance(record, Engine) and record.dialect.name == "sqlite":
            record = _file_of(record)
        self.record = shown(record.url.render_as_string() if isinstance(record, Engine) else record)
        self._made = False
        if isinstance(record, Engine) or is_address(record):
            engine = record if isinstance(record, Engine) else server_engine(str(record))
            self._engine = engine.execution_options(schema_translate_map={None: ""})
            return
        self.path = Path(f"{record}.accounts")
        self._engine = create_engine(f"sqlite:///{self.path}")
        event.listen(self._engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 10000"))

    def exist(self) -> bool:
        """Whether there is any account, and so a password."""
        return bool(self.all())

    def all(self) -> list[Account]:
        """Every account by name."""
        if not self._there():
            return []
        with self._open() as db:
            return [Account(row.name, row.role) for row in db.execute(select(ACCOUNT.c.name, ACCOUNT.c.role).order_by(ACCOUNT.c.name))]

    def add(self, name: str, role: str, password: str) -> Account:
        """A new account with the hash of its password; a name that is taken or no name is a `BadInput`."""
        name = check_name(name)
        if role not in ROLES:
            raise BadInput(f"{role!r} is no role; there are {', '.join(ROLES)}")
        self._make()
        with self._open() as db:
            self._queue(db)
            if db.execute(select(ACCOUNT.c.name).where(func.lower(ACCOUNT.c.name) == name.lower())).first():
                raise BadInput(f"there is an account {name} already; give another name, or `onrecord account RECORD password {name}`")
            db.execute(insert(ACCOUNT), {"name": name, "role": role, "password": password, "made_at": time.time()})
        return Account(name, role)

    def set_password(self, name: str, password: str) -> None:
        """Another password's hash for an account, whose sessions all end."""
        with self._open() as db:
            self._need(db, name)
            db.execute(update(ACCOUNT).where(ACCOUNT.c.name == name).values(password=password))
            db.execute(delete(SESSION).where(SESSION.c.name == name))

    def remove(self, name: str) -> None:
        """Takes an account away with its sessions; what it did stays on record."""
        with self._open() as db:
            self._need(db, name)
            db.execute(delete(ACCOUNT).where(ACCOUNT.c.name == name))
            db.execute(delete(SESSION).where(SESSION.c.name == name))

    def password_of(self, name: str) -> str | None:
        """The hash of an account's password; None if there is no such account."""
        if not self._there():
            return None
        with self._open() as db:
            return db.execute(select(ACCOUNT.c.password).where(ACCOUNT.c.name == name)).scalar()

    def may_try(self, *whos: tuple[str, int]) -> bool:
        """Whether each of these (a name or an address, with how many failures it may have) failed less often of late."""
        if not self._there():
            return True
        with self._open() as db:
            db.execute(delete(ATTEMPT).where(ATTEMPT.c.at < time.time() - WINDOW))
            counted = db.execute(select(ATTEMPT.c.who, func.count()).group_by(ATTEMPT.c.who))
            fails: dict[str, int] = {who: number for who, number in counted}
        return all(fails.get(who[:200], 0) < most for who, most in whos)

    def note_failure(self, *whos: str) -> None:
        """Notes a failed attempt of a name and from an address."""
        if self._there():
            with self._open() as db:
                db.execute(insert(ATTEMPT), [{"who": who[:200], "at": time.time()} for who in whos])

    def forget_failures(self, who: str) -> None:
        """Forgets the failed attempts of a name, once it signed in."""
        with self._open() as db:
            db.execute(delete(ATTEMPT).where(ATTEMPT.c.who == who[:200]))

    def begin_session(self, name: str) -> str:
        """A session of an account: the token that its cookie holds."""
        token, now = secrets.token_urlsafe(32), time.time()
        with self._open() as db:
            db.execute(delete(SESSION).where((SESSION.c.seen_at < now - IDLE) | (SESSION.c.began_at < now - LONGEST)))
            row = {"token": _digest(token), "name": name, "form": secrets.token_urlsafe(24), "began_at": now, "seen_at": now}
            db.execute(insert(SESSION), row)
        return token

    def session(self, token: str) -> Session | None:
        """The session that a token belongs to, if it has not ended."""
        if not token or not self._there():
            return None
        now = time.time()
        with self._open() as db:
            query = select(SESSION, ACCOUNT.c.role).join(ACCOUNT, ACCOUNT.c.name == SESSION.c.name).where(SESSION.c.token == _digest(token))
            row = db.execute(query).first()
            if row is None or row.seen_at < now - IDLE or row.began_at < now - LONGEST:
                return None
            if row.seen_at < now - 60:
                db.execute(update(SESSION).where(SESSION.c.token == row.token).values(seen_at=now))
        return Session(Account(row.name, row.role), row.form)

    def end_session(self, token: str) -> None:
        """Ends the session of a token."""
        with self._open() as db:
            db.execute(delete(SESSION).where(SESSION.c.token == _digest(token)))

    def close(self) -> None:
        """Closes the file, or the connections, unless they are the open record's."""
        if self._own or self.path is not None:
            self._engine.dispose()

    def _there(self) -> bool:
        """Whether any account was ever made."""
        if self.path is not None:
            return self.path.exists()
        if not self._made:
            with self._said(), self._engine.connect() as db:
                self._engine = self._engine.execution_options(schema_translate_map={None: _schema(db)})
                self._made = inspect(db).has_table(ACCOUNT.name, schema=_schema(db))
        return self._made

    def _make(self) -> None:
        if self.path is None:
            if not self._there():
                with self._said(), self._engine.begin() as db:
                    self._queue(db)
                    db.execute(CreateSchema(_schema(db), if_not_exists=True))
                    HELD.create_all(db)
                self._made = True
            return
        if not self.path.exists():
            try:
                # Nobody else may read it, from the first byte on.
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except OSError as error:
                raise StoreError(f"{self.path}: cannot be made ({error.strerror}); accounts stand beside the record") from error
        HELD.create_all(self._engine)

    def _queue(self, db: Connection) -> None:
        """One after the other: so that two cannot make the same account at once on a server."""
        if self.path is None:
            db.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(_schema(db)))))

    def _need(self, db: Connection, name: str) -> None:
        if not db.execute(select(ACCOUNT.c.name).where(ACCOUNT.c.name == name)).first():
            raise BadInput(f"there is no account {name[:NAME_LENGTH]}; `onrecord account RECORD list` shows them")

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        if not self._there():
            raise BadInput(f"there is no account yet; make the first: onrecord account {self.record} add NAME --role admin")
        with self._said(), self._engine.begin() as db:
            yield db

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if self.path is not None:
                raise
            raise explain(error, self.record) from error


def _schema(db: Connection) -> str:
    """The schema of the accounts: beside the record's own, so that who may read the record may not read them."""
    return f"{db.exec_driver_sql('SELECT current_schema()').scalar() or 'public'}_accounts"


def _file_of(engine: Engine) -> str:
    # A record that may only be read is opened by an address of its own form.
    return unquote(str(engine.url.database).removeprefix("file:")) if "uri" in engine.url.query else str(engine.url.database)


def check_name(name: str) -> str:
    """The name if it can be one: letters, digits, blanks and . _ - @, at most 60 characters."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not all(letter.isalnum() or letter in " ._-@'" for letter in name):
        raise BadInput(f"{name[:NAME_LENGTH]!r} is no name; write up to {NAME_LENGTH} letters, digits, blanks and . _ - @")
    return name


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
