"""This file holds the pass that fills a record: sources to documents, documents not yet known to findings, findings to the record.

Each batch is one transaction, so a run that is killed at any moment and started again ends with the record of an undisturbed one.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Engine

from onrecord.assets import english_model
from onrecord.errors import OnrecordError
from onrecord.history import note_history
from onrecord.intake import STREAMS, Shard, Taken, join_taken, lose_shard, shards, split_shard, take_in
from onrecord.records import Document, Issue, Raw
from onrecord.run.local import Care, Workers
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.groups import place_missing
from onrecord.store.refusals import add_refusals
from onrecord.store.write import Report, add_issues, add_reports, already_known, end_run, start_run, texts_held

log = logging.getLogger(__name__)

# The version of the rules: reports that another analysis made are analysed anew when they are added again.
ANALYSIS = "analysis/25"
# Reports per transaction and per parse: the cost of a transaction vanishes in the analysis, and a killed run loses two seconds of work.
BATCH = 32

# Texts of batches that may not be written yet, so that a copy of one is still seen to be one.
RECENT = 256


def analysis_name() -> str:
    """What makes the findings now: the version of the analysis, and of the English model where it reads along."""
    model = english_model()
    return f"{ANALYSIS}+{model.name}" if model else ANALYSIS


# A stream may hold a thousand pages for one report: after so many pages a batch is handed on, so that what was done is seen.
MOST_PAGES = 512


@dataclass(frozen=True, slots=True)
class Work:
    """What one batch brings: documents to analyse, how many were known already, what could not be read, what the gate refused.

    `refused` counts by reason; `pages` is how many reports and pages were looked at for this batch.
    """

    documents: tuple[Document, ...]
    known: int = 0
    issues: tuple[Issue, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch gave: reports added, known already and without a date; what could not be read; what the gate refused, by reason."""

    added: int
    known: int
    undated: int
    issues: tuple[Issue, ...]
    refused: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    work: Work
    reports: tuple[Report, ...]


def add_raws(
    engine: Engine,
    found: Iterable[Raw | Issue],
    *,
    sources: Sequence[str] = (),
    jobs: int = 1,
    screen: str = STREAMS,
    read_day: str | None = None,
) -> Iterator[Step]:
    """Adds every report of what readers found that the record does not hold yet; one Step a batch, after it is safe on disk.

    Screening, cleaning and analysis share the workers; this process reads and writes.
    """
    with Workers(jobs) as workers, closing(_taken(workers, found, screen, read_day)) as taken:
        yield from _add(engine, workers, taken, sources)


def add_documents(
    engine: Engine,
    found: Iterable[Document | Issue],
    *,
    sources: Sequence[str] = (),
    jobs: int = 1,
) -> Iterator[Step]:
    """The same for documents that were made by the caller; none of them is screened."""
    with Workers(jobs) as workers:
        yield from _add(engine, workers, map(_as_taken, found), sources)


def analyse_raws(found: Iterable[Raw | Issue], *, jobs: int = 1, screen: str = STREAMS, read_day: str | None = None) -> Iterator[Done]:
    """Every report's findings, batch by batch, without a record."""
    with Workers(jobs) as workers, closing(_taken(workers, found, screen, read_day)) as taken:
        batches = (Work(b.documents, 0, b.issues, b.refused, b.pages) for b in _batches(taken))
        with closing(workers.map(analyse_work, batches, care=WORK_CARE)) as done:
            yield from done


def _taken(workers: Workers, found: Iterable[Raw | Issue], screen: str, read_day: str | None) -> Generator[Taken]:
    day = read_day or date.today().isoformat()
    return workers.map(take_in, shards(found, screen=screen, read_day=day), care=SHARD_CARE)


def _as_taken(item: Document | Issue) -> Taken:
    return Taken((item,), {}, int(isinstance(item, Document)))


def _add(engine: Engine, workers: Workers, taken: Iterable[Taken], sources: Sequence[str]) -> Iterator[Step]:
    # Closed at once on Ctrl-C, so that no worker goes on.
    with closing(workers.map(analyse_work, _work(engine, taken), care=WORK_CARE)) as batches:
        yield from add_done(engine, batches, sources=sources, analysed_by=analysis_name())


def add_done(engine: Engine, batches: Iterable[Done], *, sources: Sequence[str], analysed_by: str) -> Iterator[Step]:
    """Writes what was analysed, wherever that was done; one Step a batch, after its transaction is safe on disk."""
    with writing(engine) as db:
        run = start_run(db, sources, analysed_by=analysed_by)
        settle(db)
    place_older(engine)
    added = known = skipped = 0
    for done in batches:
        work = done.work
        with writing(engine) as db:
            add_issues(db, work.issues)
            add_refusals(db, run, work.refused)
            new = add_reports(db, done.reports, analysed_by=analysed_by)
        twice = len(done.reports) - new
        added, known = added + new, known + work.known + twice
        skipped += sum(not issue.notice for issue in work.issues)
        undated = sum(report.document.published is None for report in done.reports)
        yield Step(new, work.known + twice, undated, work.issues, work.refused, work.pages)
    with writing(engine) as db:
        settle(db)
        note_history(db, run=run)
        end_run(db, run, added=added, already_known=known, skipped=skipped)


def place_older(engine: Engine) -> None:
    """Tells the copies among reports that an older version put on record, some reports a transaction."""
    left = True
    while left:
        with writing(engine) as db:
            left = place_missing(db) > 0


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


def _work(engine: Engine, taken: Iterable[Taken]) -> Iterator[Work]:
    """Batches of what is to be analysed; known documents are left out here, before any parsing, and exact copies are told of."""
    recent: dict[str, str] = {}
    for batch in _batches(taken):
        documents = {document.id: document for document in batch.documents}
        with reading(engine) as db:
            held = already_known(db, list(documents.values()), analysis_name())
            fresh = tuple(document for id, document in documents.items() if id not in held)
            texts = recent | texts_held(db, [document.text_sha256 for document in fresh])
        issues = list(batch.issues)
        for document in fresh:
            place = document.uri or document.key
            first = texts.setdefault(document.text_sha256, place)
            if first != place:
                issues.append(Issue("read", f"the same text as {first}", place, "both are kept, and count as one origin", notice=True))
        recent = dict([*recent.items(), *((d.text_sha256, d.uri or d.key) for d in fresh)][-RECENT:])
        yield replace(batch, documents=fresh, known=len(batch.documents) - len(fresh), issues=tuple(issues))


def _batches(taken: Iterable[Taken]) -> Iterator[Work]:
    """What was taken in, in batches of BATCH documents and issues, or of MOST_PAGES pages where few of them are documents."""
    items: list[Document | Issue] = []
    refused: Counter[str] = Counter()
    pages = 0
    for part in taken:
        items += part.items
        refused.update(part.refused)
        pages += part.pages
        while len(items) >= BATCH:
            yield _as_work(items[:BATCH], refused, pages)
            items, refused, pages = items[BATCH:], Counter(), 0
        if pages >= MOST_PAGES:
            yield _as_work(items, refused, pages)
            items, refused, pages = [], Counter(), 0
    if items or pages:
        yield _as_work(items, refused, pages)


def _as_work(items: Sequence[Document | Issue], refused: Mapping[str, int], pages: int) -> Work:
    documents = tuple(item for item in items if isinstance(item, Document))
    return Work(documents, 0, tuple(item for item in items if isinstance(item, Issue)), refused, pages)


def _split_work(work: Work) -> list[Work]:
    """A batch for each document; what is not analysed goes with the first."""
    if not work.documents:
        return [work]
    first, *others = work.documents
    return [replace(work, documents=(first,)), *(Work((document,)) for document in others)]


def _join_done(parts: Sequence[Done]) -> Done:
    whole = replace(parts[0].work, documents=tuple(document for part in parts for document in part.work.documents))
    issues = tuple(issue for part in parts for issue in part.work.issues)
    return Done(replace(whole, issues=issues), tuple(report for part in parts for report in part.reports))


def _lose_work(work: Work, why: str) -> Done:
    """What stands for the one report that no worker survives."""
    todo = "this is a bug in onrecord: report it with this text"
    lost = tuple(Issue("analyse", why, document.uri or document.key, todo) for document in work.documents)
    return Done(replace(work, issues=(*work.issues, *lost)), ())


SHARD_CARE: Care[Shard, Taken] = Care(split_shard, join_taken, lose_shard)
WORK_CARE: Care[Work, Done] = Care(_split_work, _join_done, _lose_work)
