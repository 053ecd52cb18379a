"""Readers: a stream becomes one Raw for each report in it. What a stream is, its first bytes tell (kinds.py); each kind has one reader.

A reader takes the stream's name and its open bytes; one of a container also takes the function that reads a stream within it, and one of
a list of addresses the web that fetches them, or None where nothing may be fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from onrecord.read.archives import ReadInner, read_tar, read_zip
from onrecord.read.feeds import read_feed
from onrecord.read.letters import read_letter, read_mailbox
from onrecord.read.lists import read_opml, read_sitemap
from onrecord.read.pages import read_page, read_text
from onrecord.read.pdf import read_pdf
from onrecord.read.reports import read_json, read_json_lines
from onrecord.read.tables import read_table
from onrecord.read.warc import read_warc
from onrecord.read.web import Web
from onrecord.read.word import read_word
from onrecord.records import Issue, Raw

Reader = Callable[[str, BinaryIO], Iterator[Raw | Issue]]

READERS: dict[str, Reader] = {
    "text": read_text,
    "page": read_page,
    "json": read_json,
    "lines": read_json_lines,
    "table": read_table,
    "pdf": read_pdf,
    "word": read_word,
}
CONTAINERS: dict[str, Callable[[str, BinaryIO, ReadInner], Iterator[Raw | Issue]]] = {
    "zip": read_zip,
    "tar": read_tar,
    "warc": read_warc,
    "letter": read_letter,
    "mailbox": read_mailbox,
}
LISTS: dict[str, Callable[[str, BinaryIO, Web | None], Iterator[Raw | Issue]]] = {
    "feed": read_feed,
    "opml": read_opml,
    "sitemap": read_sitemap,
}
