"""Builders that the tests share: a document, a parse with mentions, and no network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord import flow
from onrecord.clean.document import make_document
from onrecord.parse.words import parse_words
from onrecord.records import Parsed


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
