"""Builders that the tests share: a document, a parse with mentions, no network, and records on both databases."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord import flow
from onrecord.clean.document import make_document
from onrecord.errors import StoreError
from onrecord.parse.words import parse_words
from onrecord.records import Parsed
from onrecord.store import database as databases
from private_server import Missing, PrivateServer


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to connect fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("a test tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def parse() -> Callable[..., Parsed]:
    """parse(text, title=..., published=...) gives the text with words and mentions, to be read by the rules alone."""

    def build(text: str, *, title: str = "", published: str | None = "2020-01-01") -> Parsed:
        parsed = flow.add_mentions(next(parse_words([make_document(text, title=title, published=published)])))
        return replace(parsed, encoding=None)

    return build


@pytest.fixture(scope="session")
def running_server() -> Iterator[PrivateServer]:
    """A PostgreSQL server of this run's own."""
    try:
        server = PrivateServer()
    except Missing as why:
        pytest.skip(str(why))
    yield server
    server.stop()


@pytest.fixture
def server(running_server: PrivateServer) -> Iterator[PrivateServer]:
    """The server, with no record of another test on it."""
    yield running_server
    running_server.forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Runs a test on both databases: on PostgreSQL a database stands for each file that the test opens as a record."""
    opened: list[databases.Database] = []
    if request.param == "postgresql":
        server: PrivateServer = request.getfixturevalue("server")
        open_server = databases._open_server

        def open_and_note(address: str, create: bool) -> databases.Database:
            opened.append(open_server(address, create))
            return opened[-1]

        def open_instead(path: Path, create: bool) -> databases.Database:
            if not create and not server.stands_for(path):
                raise StoreError(f"{path}: no record here")
            return open_and_note(server.address_of(path), create)

        monkeypatch.setattr(databases, "_open_server", open_and_note)
        monkeypatch.setattr(databases, "_open_file", open_instead)
    yield str(request.param)
    for engine in opened:
        engine.dispose()


@pytest.fixture
def place(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """place(name) says where a record of that name stands, as a user would say it: a path, or an address."""
    if database == "sqlite":
        return lambda name: str(tmp_path / name)
    server: PrivateServer = request.getfixturevalue("server")
    return lambda name: server.address_of(tmp_path / name)
