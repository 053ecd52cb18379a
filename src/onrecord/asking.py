"""This file adds and extracts reports by a language model behind an endpoint; record, files and checks are those of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from onrecord.api import Added, Record, open_record
from onrecord.endpoint.asking import Endpoint
from onrecord.endpoint.reading import Read, Tally, analysis_of, read_documents
from onrecord.gold_folder import GoldFolder
from onrecord.intake import STREAMS, shards, take_in
from onrecord.passes import Step
from onrecord.progress import many
from onrecord.records import Document, Issue
from onrecord.store.database import reading, writing
from onrecord.store.deals import settle
from onrecord.store.write import Report, add_issues, add_reports, already_known, end_run, start_run

INTERRUPTED = 130


def add(endpoint: Endpoint, *, record: str, sources: tuple[str, ...], screen: str, allow_private: bool, contact: str, jobs: int) -> None:
    """The command `add --extractor llm`: one report a transaction, so that nothing that was paid for is lost."""
    tally = Tally()
    with open_record(record) as opened:
        try:
            added = add_by_endpoint(opened, endpoint, sources, tally, screen=screen, allow_private=allow_private, contact=contact)
        except KeyboardInterrupt:
            click.echo("Stopped. What was read is safe; the same command goes on from there.", err=True)
            _tell(tally, endpoint)
            raise SystemExit(INTERRUPTED) from None
    click.echo(f"{many(added.added, 'report')} read, {added.already_known} already known, {added.skipped} skipped.")
    _tell(tally, endpoint)


def extract(endpoint: Endpoint, *, sources: tuple[str, ...], out: Path, screen: str, allow_private: bool, contact: str, jobs: int) -> None:
    """The command `extract --extractor llm`: the files that `extract` writes."""
    tally, folder, skipped = Tally(), GoldFolder(out), 0
    for item in _documents(sources, screen=screen, allow_private=allow_private, contact=contact):
        if isinstance(item, Issue):
            skipped += not item.notice
            continue
        for read in read_documents(endpoint, [item], tally):
            skipped += not read.answered
            if read.answered:
                folder.add(read.document, read.findings)
    folder.close()
    click.echo(f"{many(tally.read, 'report')} written to {out}; {skipped} skipped.")
    _tell(tally, endpoint)


def add_by_endpoint(
    record: Record,
    endpoint: Endpoint,
    sources: Sequence[str | Path],
    tally: Tally,
    *,
    screen: str = STREAMS,
    allow_private: bool = False,
    contact: str = "",
) -> Added:
    """Puts on record what a model finds in reports that it has not read yet; one without an answer is left for the next time."""
    added, name = Added(), analysis_of(endpoint)
    with writing(record.engine) as db:
        run = start_run(db, [str(source) for source in sources], analysed_by=name)
    for item in _documents(sources, screen=screen, allow_private=allow_private, contact=contact):
        if isinstance(item, Issue):
            with writing(record.engine) as db:
                add_issues(db, [item])
            added.take(Step(0, 0, 0, (item,)))
            continue
        with reading(record.engine) as db:
            known = item.id in already_known(db, [item], name)
        for read in read_documents(endpoint, [] if known else [item], tally):
            added.take(_write(record, read, name))
        added.already_known += known
    with writing(record.engine) as db:
        settle(db)
        end_run(db, run, added=added.added, already_known=added.already_known, skipped=added.skipped)
    return added


def _write(record: Record, read: Read, name: str) -> Step:
    with writing(record.engine) as db:
        if not read.answered:
            add_issues(db, read.issues)
            return Step(0, 0, 0, read.issues)
        new = add_reports(db, [Report(read.document, read.findings, read.issues)], analysed_by=name)
    return Step(new, 1 - new, int(read.document.published is None), read.issues)


def _documents(sources: Sequence[str | Path], *, screen: str, allow_private: bool, contact: str) -> Iterator[Document | Issue]:
    from onrecord.read.files import read_sources
    from onrecord.read.web import Web

    for shard in shards(read_sources(sources, web=Web(allow_private=allow_private, contact=contact)), screen=screen):
        yield from take_in(shard).items


def _tell(tally: Tally, endpoint: Endpoint) -> None:
    for line in tally.lines(endpoint):
        click.echo(line)
