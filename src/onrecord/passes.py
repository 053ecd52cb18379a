"""This file holds the pass that fills a record: sources to documents, documents not yet known to findings, findings to the record.

Each batch is one transaction, so a run that is killed at any moment and started again ends with the record of an undisturbed one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from onrecord.assets import english_model
from onrecord.errors import OnrecordError
from onrecord.records import Document, Issue
from onrecord.run.local import map_batches
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.groups import place_missing
from onrecord.store.write import Report, add_issues, add_reports, already_known, end_run, start_run, texts_held

log = logging.getLogger(__name__)

# The version of the rules: reports that another analysis made are analysed anew when they are added again.
ANALYSIS = "analysis/2"
# Reports per transaction and per parse: the cost of a transaction vanishes in the analysis, and a killed run loses a second of work.
BATCH = 8

# Texts of batches that may not be written yet, so that a copy of one is still seen to be one.
RECENT = 256


def analysis_name() -> str:
    """What makes the findings now: the version of the analysis, and of the English model where it reads along."""
    model = english_model()
    return f"{ANALYSIS}+{model.name}" if model else ANALYSIS


@dataclass(frozen=True, slots=True)
class Work:
    """What one batch brings: documents to analyse, how many were known already, and what could not be read."""

    documents: tuple[Document, ...]
    known: int = 0
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch gave: reports added, reports known already, reports without a date, and what could not be read."""

    added: int
    known: int
    undated: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Done:
    work: Work
    reports: tuple[Report, ...]


def add_documents(
    engine: Engine,
    found: Iterable[Document | Issue],
    *,
    sources: Sequence[str] = (),
    jobs: int = 1,
) -> Iterator[Step]:
    """Adds every document that the record does not hold yet; one Step a batch, after its transaction is safe on disk."""
    with writing(engine) as db:
        run = start_run(db, sources, analysed_by=analysis_name())
        settle(db)
    place_older(engine)
    added = known = skipped = 0
    # Closed at once on Ctrl-C, so that no worker goes on.
    with closing(map_batches(analyse_work, _work(engine, found), jobs=jobs)) as batches:
        for done in batches:
            with writing(engine) as db:
                add_issues(db, done.work.issues)
                new = add_reports(db, done.reports, analysed_by=analysis_name())
            twice = len(done.reports) - new
            added, known = added + new, known + done.work.known + twice
            skipped += sum(not issue.notice for issue in done.work.issues)
            undated = sum(report.document.published is None for report in done.reports)
            yield Step(new, done.work.known + twice, undated, done.work.issues)
    with writing(engine) as db:
        settle(db)
        end_run(db, run, added=added, already_known=known, skipped=skipped)


def place_older(engine: Engine) -> None:
    """Tells the copies among reports that an older version put on record, some reports a transaction."""
    left = True
    while left:
        with writing(engine) as db:
            left = place_missing(db) > 0


def analyse_documents(found: Iterable[Document | Issue], *, jobs: int = 1) -> Iterator[Done]:
    """Every document's findings, batch by batch, without a record."""
    batches = (
        Work(tuple(item for item in batch if isinstance(item, Document)), issues=tuple(item for item in batch if isinstance(item, Issue)))
        for batch in _batches(found)
    )
    yield from map_batches(analyse_work, batches, jobs=jobs)


def analyse_work(work: Work) -> Done:
    """The findings of a batch's documents; runs in a worker, so it takes and gives records only.

    A document on which the analysis fails is left out with an issue that says so, and the run goes on; an error that is raised on
    purpose (a bad offset, a vocabulary that does not hold together) stops it.
    """
    try:
        return Done(work, tuple(_reports(work.documents)))
    except OnrecordError:
        raise
    except Exception:
        # One document's failure would take the batch with it: each is tried alone.
        log.debug("a batch failed; each of its documents is tried alone", exc_info=True)
    tried = [_try(document) for document in work.documents]
    issues = tuple(item for item in tried if isinstance(item, Issue))
    return Done(replace(work, issues=(*work.issues, *issues)), tuple(item for item in tried if isinstance(item, Report)))


def _try(document: Document) -> Report | Issue:
    try:
        return next(_reports([document]))
    except OnrecordError:
        raise
    except Exception as error:
        log.info("%s could not be analysed", document.key, exc_info=True)
        what = f"the analysis failed with {type(error).__name__}: {error}"
        return Issue("analyse", what, document.uri or document.key, "this is a bug in onrecord: report it with this text")


def _reports(documents: Sequence[Document]) -> Iterator[Report]:
    from onrecord.flow import analyse

    return (Report(a.parsed.document, a.findings, a.issues) for a in (analyse(documents) if documents else ()))


def _work(engine: Engine, found: Iterable[Document | Issue]) -> Iterator[Work]:
    """Batches of what is to be analysed; known documents are left out here, before any parsing, and exact copies are told of."""
    recent: dict[str, str] = {}
    for batch in _batches(found):
        documents = {item.id: item for item in batch if isinstance(item, Document)}
        with reading(engine) as db:
            held = already_known(db, list(documents.values()), analysis_name())
            fresh = tuple(document for id, document in documents.items() if id not in held)
            texts = recent | texts_held(db, [document.text_sha256 for document in fresh])
        issues = [item for item in batch if isinstance(item, Issue)]
        known = len(batch) - len(issues) - len(fresh)
        for document in fresh:
            place = document.uri or document.key
            first = texts.setdefault(document.text_sha256, place)
            if first != place:
                issues.append(Issue("read", f"the same text as {first}", place, "both are kept, and count as one origin", notice=True))
        recent = dict([*recent.items(), *((d.text_sha256, d.uri or d.key) for d in fresh)][-RECENT:])
        yield Work(fresh, known, tuple(issues))


def _batches(found: Iterable[Document | Issue]) -> Iterator[list[Document | Issue]]:
    batch: list[Document | Issue] = []
    for item in found:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
