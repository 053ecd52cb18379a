"""Runs a PostgreSQL server of the tests' own, in a folder that goes with it, reached through a socket in that folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from glob import glob
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

from onrecord.store.database import open_database

INSTALL = "apt install postgresql"
# What a server does to survive a failure of power is of no use to a test.
HASTE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=100", "shared_buffers=64MB", "listen_addresses=")
# How long a busy machine may take to start a server (seconds).
STARTS_WITHIN = 120
# The administrator, and a user whom the server asks for a password.
OWNER, ASKED, PASSWORD = "onrecord", "asked", "correct horse"
BLANK = "blank"


class Missing(Exception):
    """Why there can be no server here, and what to install."""


class PrivateServer:
    """A running server; databases are made from one that holds an empty record."""

    def __init__(self) -> None:
        programs = _programs()
        self._as = _as_somebody_else()
        self.folder = Path(tempfile.mkdtemp(prefix="onrecord-"))
        data = self.folder / "data"
        try:
            if self._as:
                shutil.chown(self.folder, self._as.pw_uid, self._as.pw_gid)
            # What may be asked by a user other than the owner of the server's files.
            self.folder.chmod(0o755)
            rights = ["--auth=trust", "-U", OWNER, "-E", "UTF8", "--locale=C", "--no-sync"]
            made = subprocess.run([*self._own(), programs / "initdb", "-D", data, *rights], capture_output=True, text=True, cwd=self.folder)
            if made.returncode:
                raise Missing(f"initdb failed: {made.stderr.strip()[-300:]}; a whole installation is needed: {INSTALL}")
            rules = data / "pg_hba.conf"
            rules.write_text(f"local all {ASKED} scram-sha-256\n" + rules.read_text())
            settings = [part for setting in HASTE for part in ("-c", setting)]
            with (self.folder / "log").open("wb") as log:
                self._running = subprocess.Popen(
                    [*self._own(), programs / "postgres", "-D", data, "-k", self.folder, *settings],
                    stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
                )  # fmt: skip
            self._wait()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._numbers = count(1)
        self._made: dict[str, str] = {}
        self.run(f"CREATE ROLE {ASKED} LOGIN PASSWORD '{PASSWORD}'", f"CREATE DATABASE {BLANK}")
        open_database(self.address(BLANK), create=True).dispose()

    def address(self, database: str, *, user: str = OWNER, password: str = "") -> str:
        """The address of a database as somebody."""
        return f"postgresql://{user}{f':{quote(password)}' if password else ''}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs statements one by one as the administrator; the rows of the last one."""
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True) as db:
            for statement in statements:
                done = db.execute(statement)  # type: ignore[call-overload]
            return done.fetchall() if done.description else []

    def new_database(self, *, empty: bool = False) -> str:
        """The name of a new database with an empty record in it, or with nothing."""
        name = f"record_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else BLANK} STRATEGY file_copy")
        return name

    def address_of(self, path: Path) -> str:
        """The address of the database that stands for a file in a test; it is made when it is first asked for."""
        key = str(path.resolve())
        if key not in self._made:
            self._made[key] = self.new_database()
        return self.address(self._made[key])

    def stands_for(self, path: Path) -> bool:
        """Whether a database stands for a file already."""
        return str(path.resolve()) in self._made

    def forget(self) -> None:
        """Drops the databases that stand for files."""
        if self._made:
            self.run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in self._made.values()))
            self._made.clear()

    def stop(self) -> None:
        """Ends the server and takes its folder away."""
        self._running.terminate()
        try:
            self._running.wait(30)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _own(self) -> list[str]:
        """What a program of the server is begun with: it may not run as root, and ends when the tests are killed."""
        setpriv = shutil.which("setpriv")
        if self._as is None:
            return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []
        if setpriv is None:
            raise Missing("PostgreSQL does not run as root, and there is no setpriv to run it as another user: apt install util-linux")
        return [setpriv, f"--reuid={self._as.pw_uid}", f"--regid={self._as.pw_gid}", "--clear-groups", "--pdeathsig", "QUIT"]

    def _wait(self) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self.run("SELECT 1")
                return
            except psycopg.OperationalError as error:
                if self._running.poll() is not None or time.monotonic() > end:
                    said = (self.folder / "log").read_text(errors="replace").strip()[-300:]
                    raise Missing(f"the server did not start: {said or error}") from error
            time.sleep(0.05)


def _programs() -> Path:
    """The folder of the server's programs; Debian keeps them off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(
        (Path(place) for place in glob("/usr/lib/postgresql/*/bin")), key=lambda place: float(place.parent.name), reverse=True
    )
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing(f"PostgreSQL is not installed: {INSTALL}")


def _as_somebody_else() -> pwd.struct_passwd | None:
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
