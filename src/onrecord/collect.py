"""Collects documents: reads sources and cleans what they hold, one report at a time, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from onrecord.clean.article import clean_raw
from onrecord.read.files import read_sources
from onrecord.records import Document, Issue


def read_documents(sources: Iterable[str | Path], *, read_day: str | None = None) -> Iterator[Document | Issue]:
    """Every report in files and folders as a Document, and an Issue for what is left out or in doubt; `read_day` is today unless given."""
    day = read_day or date.today().isoformat()
    for item in read_sources(sources):
        if isinstance(item, Issue):
            yield item
        else:
            yield from clean_raw(item, read_day=day)
