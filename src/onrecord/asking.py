"""This file adds and extracts reports by a language model behind an endpoint; record, files and checks are those of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.answers import Added
from onrecord.api import Record, open_record
from onrecord.endpoint.asking import Endpoint
from onrecord.endpoint.reading import Tally, analysis_of, read_documents
from onrecord.gold_folder import GoldFolder
from onrecord.intake import STREAMS, Taken, shards, take_in
from onrecord.passes import Done, Step, Work, add_done
from onrecord.plain_words import many
from onrecord.progress import open_console, progress_bar
from onrecord.records import Issue
from onrecord.store.database import reading
from onrecord.store.write import Report, already_known


def add(endpoint: Endpoint, *, record: str, sources: tuple[str, ...], screen: str, allow_private: bool, contact: str, jobs: int) -> None:
    """The command `add --extractor llm`: one report a transaction, so that nothing that was paid for is lost."""
    tally = Tally()
    with open_record(record) as opened:
        try:
            how: dict[str, Any] = {"screen": screen, "allow_private": allow_private, "contact": contact}
            with progress_bar(open_console(stderr=True), sources) as tell:
                added = add_by_endpoint(opened, endpoint, sources, tally, **how, tell=tell)
            click.echo(f"{many(added.added, 'report')} read, {added.already_known} already known, {added.skipped} skipped.")
        finally:
            # What was asked is paid for, also where the run was stopped.
            _tell(tally, endpoint)


def extract(endpoint: Endpoint, *, sources: tuple[str, ...], out: Path, screen: str, allow_private: bool, contact: str, jobs: int) -> None:
    """The command `extract --extractor llm`: the files that `extract` writes."""
    tally, folder, skipped = Tally(), GoldFolder(out), 0
    taken = _taken(sources, screen=screen, allow_private=allow_private, contact=contact)
    for item in (item for some in taken for item in some.items):
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
    tell: Callable[[Step], None] | None = None,
) -> Added:
    """Puts on record what a model finds in reports that it has not read yet; one without an answer is left for the next time."""
    added = Added()
    batches = _read(record, endpoint, sources, tally, screen=screen, allow_private=allow_private, contact=contact)
    for step in add_done(record.engine, batches, sources=[str(source) for source in sources], analysed_by=analysis_of(endpoint)):
        added.take(step)
        if tell:
            tell(step)
    return added


def _read(record: Record, endpoint: Endpoint, sources: Sequence[str | Path], tally: Tally, **how: Any) -> Iterator[Done]:
    """What the model finds in each report that it has not read yet; one report a batch."""
    name = analysis_of(endpoint)
    for taken in _taken(sources, **how):
        if taken.refused:
            yield Done(Work((), refused=taken.refused), ())
        for item in taken.items:
            if isinstance(item, Issue):
                yield Done(Work((), issues=(item,), pages=1), ())
                continue
            with reading(record.engine) as db:
                known = item.id in already_known(db, [item], name)
            if known:
                yield Done(Work((), known=1, pages=1), ())
            for read in read_documents(endpoint, [] if known else [item], tally):
                if read.answered:
                    yield Done(Work((item,), pages=1), (Report(item, read.findings, read.issues),))
                else:
                    yield Done(Work((), issues=read.issues, pages=1), ())


def _taken(sources: Sequence[str | Path], *, screen: str, allow_private: bool, contact: str) -> Iterator[Taken]:
    from onrecord.read.files import read_sources
    from onrecord.read.web import Web

    for shard in shards(read_sources(sources, web=Web(allow_private=allow_private, contact=contact)), screen=screen):
        yield take_in(shard)


def _tell(tally: Tally, endpoint: Endpoint) -> None:
    for line in tally.lines(endpoint):
        click.echo(line)
