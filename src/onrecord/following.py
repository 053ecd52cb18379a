"""This file keeps a record current: it asks the feeds of a list for what is new, puts that on record, and remembers what each feed said.

One feed is finished, on record and remembered, before the next is written, so a run that is killed at any moment goes on where it was. A
feed that fails rests for ten minutes, then longer each time, up to a day; it is never forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from onrecord import passes
from onrecord.answers import Added
from onrecord.api import Record
from onrecord.errors import BadInput, OnrecordError
from onrecord.read.addresses import tidy_address
from onrecord.read.lists import find_feeds, read_feed_at
from onrecord.read.many import SideBySide
from onrecord.read.pages import MOST_BYTES
from onrecord.read.web import ShortMemory, Visit, Web
from onrecord.records import Issue, Raw
from onrecord.store.database import reading
from onrecord.store.feeds import Arrival, Visits, arrivals, last_document, resting


@dataclass(frozen=True, slots=True)
class FeedNews:
    """What one feed brought in one round: the reports that are new on record, what was wrong, and how many pages the gate refused.

    `rests` is the feed's last visit where it failed so often that it was not asked.
    """

    feed: str
    arrived: tuple[Arrival, ...] = ()
    issues: tuple[Issue, ...] = ()
    refused: int = 0
    rests: Visit | None = None


def follow_once(record: Record, sources: Sequence[str | Path], web: Web) -> Iterator[FeedNews]:
    """One round over all feeds that the sources name: news of each as soon as it is on record, in the order of the list."""
    feeds = feeds_of(sources, web)
    with reading(record.engine) as db:
        asleep = resting(db, feeds)
    yield from (FeedNews(feed, rests=asleep[feed]) for feed in feeds if feed in asleep)
    awake = [feed for feed in feeds if feed not in asleep]
    claimed: set[str] = set()
    memories = [Visits(record.engine, claimed) for _ in awake]
    tasks: list[Callable[[], Iterator[Raw | Issue]]] = [
        partial(read_feed_at, feed, web.remembering(memory)) for feed, memory in zip(awake, memories, strict=True)
    ]
    with closing(SideBySide(tasks)) as running:
        for feed, memory, found in zip(awake, memories, running, strict=True):
            news = _take_in(record, feed, found)
            memory.keep()
            yield news


def feeds_of(sources: Sequence[str | Path], web: Web) -> list[str]:
    """The feeds that sources name, each once; `BadInput` where a source names none.

    A source is a file (OPML, or an address a line), the address of an OPML list (it ends in .opml), or the address of a feed.
    """
    feeds: list[str] = []
    for source in map(str, sources):
        if not source.startswith(("http://", "https://")):
            feeds += _listed(source, _file(source))
        elif source.lower().endswith(".opml"):
            page = web.remembering(ShortMemory()).fetch(source)
            if isinstance(page, Issue):
                raise BadInput(f"{source}: {page.what}; {page.todo}")
            feeds += _listed(source, page.body)
        else:
            feeds.append(tidy_address(source))
    return list(dict.fromkeys(feeds))


def _file(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise BadInput(f"{source}: cannot be read: {error.strerror or error}; give an OPML file or the address of a feed") from error


def _listed(source: str, body: bytes) -> list[str]:
    feeds = find_feeds(body)
    if not feeds and b"<" not in body[:1000]:
        lines = (line.strip() for line in body.decode("utf-8", "replace").splitlines())
        feeds = [tidy_address(line) for line in lines if line.startswith(("http://", "https://"))]
    if not feeds:
        raise BadInput(f"{source}: no feeds in it; give an OPML file whose outlines have an xmlUrl, or a text with an address a line")
    return feeds


def _take_in(record: Record, feed: str, found: Iterator[Raw | Issue]) -> FeedNews:
    """Puts on record what a feed holds; a feed on which the reading fails costs a line, and not the round."""
    issues: list[Issue] = []
    try:
        first = _first_report(found, issues)
        if first is None:
            return FeedNews(feed, issues=tuple(issues))
        with reading(record.engine) as db:
            last = last_document(db)
        added = Added()
        for step in passes.add_raws(record.engine, chain([first], found), sources=[feed]):
            added.take(step)
        with reading(record.engine) as db:
            arrived = tuple(arrivals(db, last))
        return FeedNews(feed, arrived, (*issues, *added.issues), sum(added.refused.values()))
    except OnrecordError:
        raise
    except Exception as error:
        what = f"the reading failed with {type(error).__name__}: {error}"
        return FeedNews(feed, issues=(*issues, Issue("read", what, feed, "this is a bug in onrecord: report it with this text")))


def _first_report(found: Iterator[Raw | Issue], issues: list[Issue]) -> Raw | None:
    """The first report; what comes before it goes to the issues. A round in which nothing is new leaves no run on record."""
    for item in found:
        if isinstance(item, Raw):
            return item
        issues.append(item)
    return None
