"""The straight line from a document to its findings: parse, attribute, extract, link. No database is touched here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from onrecord.extract.transfers import find_transfers
from onrecord.parse.amounts import find_amounts
from onrecord.parse.dates import find_dates
from onrecord.parse.names import find_names
from onrecord.parse.words import parse_words
from onrecord.records import Document, Finding, Issue, Parsed


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one document gave: its parse, its findings, and what could not be read."""

    parsed: Parsed
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()


def analyse(documents: Iterable[Document]) -> Iterator[Analysis]:
    """Each document's findings, in the order given; documents are parsed in batches."""
    for parsed in parse_words(documents):
        yield analyse_parsed(add_mentions(parsed))


def add_mentions(parsed: Parsed) -> Parsed:
    """The parse with every name, amount and date found in it; the title's own beside it."""
    title = add_mentions(parsed.title) if parsed.title is not None else None
    named = replace(parsed, mentions=tuple(find_names(parsed)))
    mentions = sorted([*named.mentions, *find_amounts(named), *find_dates(named)], key=lambda m: (m.start, -m.end))
    return replace(parsed, mentions=tuple(mentions), title=title)


def analyse_parsed(parsed: Parsed) -> Analysis:
    """The findings of one parsed document."""
    return Analysis(parsed, tuple(find_transfers(parsed)))
