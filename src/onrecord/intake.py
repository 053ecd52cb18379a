"""This file turns what readers found into documents, a handful at a time, in a worker: the gate, the cleaning, the gate once more.

Where the gate stands is the caller's choice (SCREENS). By default it screens streams only, that is archives of web pages and pages that a
feed led to: nobody picked those one by one. A file that a user named is read whatever it speaks of, since a tool that silently left out one
of somebody's own reports could not be trusted with the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from onrecord.clean.article import clean_raw
from onrecord.gate import look_at, look_closer
from onrecord.records import Document, Issue, Raw

# Which of what is read the gate screens.
STREAMS, ALL, NONE = "streams", "all", "none"
SCREENS = (STREAMS, ALL, NONE)
# A shard is what a worker is handed at once: small enough to lose little with a worker, large enough that handing over costs nothing.
MOST_ITEMS, MOST_BYTES = 32, 1_000_000


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of what readers found, in order, with which of it is screened and the day on which it is read."""

    items: tuple[Raw | Issue, ...]
    screen: str = STREAMS
    read_day: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a shard gave: documents and issues in order, how many pages the gate refused by reason, and how many there were in all."""

    items: tuple[Document | Issue, ...]
    refused: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0


def shards(found: Iterable[Raw | Issue], *, screen: str = STREAMS, read_day: str | None = None) -> Iterator[Shard]:
    """What readers find, in shards; no more than one is held."""
    items: list[Raw | Issue] = []
    held = 0
    for item in found:
        items.append(item)
        held += len(item.body) if isinstance(item, Raw) else 0
        if len(items) >= MOST_ITEMS or held >= MOST_BYTES:
            yield Shard(tuple(items), screen, read_day)
            items, held = [], 0
    if items:
        yield Shard(tuple(items), screen, read_day)


def take_in(shard: Shard) -> Taken:
    """The documents of a shard; runs in a worker, so it takes and gives records only."""
    items: list[Document | Issue] = []
    refused: Counter[str] = Counter()
    pages = 0
    for item in shard.items:
        if isinstance(item, Issue):
            items.append(item)
            continue
        pages += 1
        screened = is_screened(item, shard.screen)
        reason = look_at(item).reason if screened else ""
        for given in clean_raw(item, read_day=shard.read_day) if not reason else ():
            if screened and isinstance(given, Document) and (closer := look_closer(given).reason):
                reason = f"article {closer}"
                break
            items.append(given)
        if reason:
            refused[reason if reason.startswith("article") else f"page {reason}"] += 1
    return Taken(tuple(items), refused, pages)


def is_screened(raw: Raw, screen: str) -> bool:
    """Whether the gate has a say in what becomes of a page: `hints["stream"]` tells of one that came in a stream."""
    return screen == ALL or (screen == STREAMS and bool(raw.hints.get("stream")))


def split_shard(shard: Shard) -> list[Shard]:
    """A shard for each of its items, to find the one on which workers die."""
    return [Shard((item,), shard.screen, shard.read_day) for item in shard.items]


def join_taken(parts: Iterable[Taken]) -> Taken:
    """What the parts of a shard gave, as one."""
    parts = list(parts)
    refused = sum((Counter(part.refused) for part in parts), Counter[str]())
    return Taken(tuple(item for part in parts for item in part.items), refused, sum(part.pages for part in parts))


def lose_shard(shard: Shard, why: str) -> Taken:
    """What stands for the one page that no worker survives."""
    lost = [item if isinstance(item, Issue) else _lost(item, why) for item in shard.items]
    return Taken(tuple(lost), {}, sum(isinstance(item, Raw) for item in shard.items))


def _lost(raw: Raw, why: str) -> Issue:
    return Issue("clean", why, raw.hints.get("where", raw.uri), "open it in a browser and save the text")
