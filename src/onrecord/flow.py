"""The straight line from a document to its findings: parse, attribute, extract, link. No database is touched here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from onrecord.attribute.statements import find_statements
from onrecord.confidence import with_confidence
from onrecord.extract.about import add_subjects
from onrecord.extract.events import find_events
from onrecord.extract.transfers import find_transfers
from onrecord.link.people import link_people
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
    """The parse with every name, amount and date found in it, furniture left out; the title's own beside it."""
    title = add_mentions(parsed.title) if parsed.title is not None else None
    named = replace(parsed, mentions=tuple(find_names(parsed)))
    found = [*named.mentions, *find_amounts(named), *find_dates(named)]
    furniture = parsed.document.furniture if title is not None else ()
    kept = (m for m in found if not any(start <= m.start < end for start, end in furniture))
    return replace(parsed, mentions=tuple(sorted(kept, key=lambda m: (m.start, -m.end))), title=title)


def analyse_parsed(parsed: Parsed) -> Analysis:
    """The findings of one parsed document: transfers with their stages, statements, events."""
    statements = [s for s in find_statements(parsed) if not _is_furniture(parsed, s)]
    transfers = find_transfers(parsed, statements)
    events = [e for e in find_events(parsed, statements, transfers) if not _is_furniture(parsed, e)]
    findings = link_people(parsed, [*transfers, *add_subjects(parsed, [*statements, *events], transfers)])
    return Analysis(parsed, tuple(with_confidence(findings, encoded=parsed.encoding is not None)))


def _is_furniture(parsed: Parsed, finding: Finding) -> bool:
    """Whether a finding stands in lines that are no report prose: a credit, a share line."""
    main = finding.claim("content") or finding.claim("plover")
    return main is not None and any(start <= main.start < end for start, end in parsed.document.furniture)
