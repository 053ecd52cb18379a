"""Collects documents: reads sources and cleans what they hold, one report at a time, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from onrecord.clean.article import clean_raw
from onrecord.read.files import read_sources
from onrecord.read.web import Web
from onrecord.records import Document, Issue, Raw


def read_documents(sources: Iterable[str | Path], *, read_day: str | None = None, web: Web | None = None) -> Iterator[Document | Issue]:
    """Every report in files, folders and, where there is a `web`, at addresses as a Document; an Issue for what is left out or in doubt.

    `read_day` is today unless given.
    """
    yield from clean_documents(read_sources(sources, web=web), read_day=read_day)


def clean_documents(found: Iterable[Raw | Issue], *, read_day: str | None = None) -> Iterator[Document | Issue]:
    """What readers found as Documents, with an Issue for what is left out or in doubt."""
    day = read_day or date.today().isoformat()
    for item in found:
        if isinstance(item, Issue):
            yield item
        else:
            yield from clean_raw(item, read_day=day)
