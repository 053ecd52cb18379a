"""This file writes what became known as an Atom feed (RFC 4287): of the whole record, a deal, a state or a search."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from fastapi import Request
from fastapi.responses import Response

from onrecord.changes import Change
from onrecord.deal_cells import Cell
from onrecord.register import RegisterRow, Wanted, read_deals
from onrecord.serve.answering import Desk
from onrecord.serve.listing import Line
from onrecord.serve.wording import parties, report_address, short, value_text
from onrecord.store.database import reading
from onrecord.store.deal_numbers import deal_numbers
from onrecord.store.query import Hit

SPACE = "http://www.w3.org/2005/Atom"
MOST_ENTRIES, DEALS_READ = 100, 40
# XML holds no other control characters, whatever they are written as.
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_DAY = "1970-01-01"


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a feed: the day, a title, a sentence, the address of the page that it leads to."""

    day: str
    title: str
    said: str
    address: str


def feed_answer(request: Request, title: str, address: str, news: Iterable[News]) -> Response:
    """The newest entries as a feed; each keeps its id for good, and who has the feed as it is gets no more than a word."""
    entries = sorted(news, key=lambda item: (item.day, item.title, item.address), reverse=True)[:MOST_ENTRIES]
    base = str(request.base_url).rstrip("/")
    feed = ElementTree.Element("feed", xmlns=SPACE)
    _add(feed, "title", title)
    _add(feed, "id", f"{base}{address}")
    ElementTree.SubElement(feed, "link", href=f"{base}{address}")
    ElementTree.SubElement(feed, "link", rel="self", href=str(request.url))
    _add(feed, "updated", f"{entries[0].day if entries else NO_DAY}T00:00:00Z")
    _add(ElementTree.SubElement(feed, "author"), "name", "onrecord")
    for item in entries:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "title", item.title)
        digest = hashlib.sha256("\n".join((item.day, item.title, item.said, item.address)).encode("utf-8", "replace")).hexdigest()
        _add(entry, "id", f"tag:onrecord,2026:{digest[:32]}")
        ElementTree.SubElement(entry, "link", href=f"{base}{item.address}")
        _add(entry, "updated", f"{item.day}T00:00:00Z")
        _add(entry, "summary", item.said)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="utf-8")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/atom+xml", headers={"ETag": tag})


def news_of(desk: Desk, lines: Sequence[Line]) -> list[News]:
    """What became known of some deals, those with the latest news."""
    newest = sorted(lines, key=lambda line: (line.row.last_said, line.newest), reverse=True)[:DEALS_READ]
    with reading(desk.record.engine) as db:
        numbers = set(deal_numbers(db, [line.row.deal for line in newest]).values())
        deals = list(read_deals(db, Wanted(deals=tuple(sorted(numbers))))) if numbers else []
    return news_of_deals(deals)


def news_of_deals(deals: Iterable[tuple[RegisterRow, Sequence[Cell]]]) -> list[News]:
    """The values of some deals as news; of those that are older than the last that a feed holds none is worded."""
    found = [(cell.first_said or NO_DAY, row, cell) for row, cells in deals for cell in cells]
    last = min(heapq.nlargest(MOST_ENTRIES, (day for day, _, _ in found)), default="")
    return [news_of_cell(row, cell) for day, row, cell in found if day >= last]


def news_of_cell(row: RegisterRow, cell: Cell) -> News:
    """A value of a deal as news of the day on which it was first said."""
    return _news(cell.first_said, row, cell.field, cell.value, cell.evidence, "")


def news_of_change(change: Change) -> News:
    """A value that became known, with what was known before."""
    before = f"; before: {value_text(change.field, change.before)}" if change.before else ""
    return _news(change.known, change, change.field, change.value, change.evidence, f" ({change.what}{before})")


def news_of_hit(hit: Hit) -> News:
    """A report that holds the words of a search."""
    return News(
        hit.published or NO_DAY,
        short(hit.title) or "(no title)",
        f"{short(hit.outlet, 80)}, {hit.published or 'no date'}",
        report_address(hit.document),
    )


def _news(day: str, deal: Any, field: str, value: Any, evidence: Any, more: str) -> News:
    what = f"{parties(deal.supplier)} → {parties(deal.recipient)}, {short(deal.equipment, 60)}: "
    told = value_text(field, value) if field == "stage" else f"{field} {short(value_text(field, value), 80)}"
    said = f"“{short(evidence.quote, 300)}” {short(evidence.outlet, 80)}, {evidence.published or 'no date'}{more}"
    return News(day or NO_DAY, what + told, said, f"/deals/{deal.deal}")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = UNFIT.sub("\ufffd", text)
