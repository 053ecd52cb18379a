"""Reads files that hold one report each, plain text or a web page, whole and within a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from onrecord.records import Issue, Raw

# The longest reports and transcripts hold some 200 kB of text, heavy web pages 5 MB; what is larger is a dump, an archive or an attack.
# 20 MB is also what one worker may hold several times over (bytes, text, tree) without the memory of a small machine running out.
MOST_BYTES = 20_000_000
PACKINGS = (".gz", ".bz2", ".xz", ".zst")


def read_text(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The one report of a plain text file."""
    yield from _read_one(name, stream, "text/plain")


def read_page(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The one report of a saved web page."""
    yield from _read_one(name, stream, "text/html")


def read_whole(name: str, stream: BinaryIO) -> bytes | Issue:
    """All bytes of a file, or the Issue that it is empty or larger than one report can be."""
    body = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return too_large(name)
    if not body.strip():
        return Issue("read", "the file is empty", name, "leave it out or save the report again")
    return body


def too_large(where: str) -> Issue:
    """The Issue for a file or line that no report fills."""
    what = f"larger than one report can be (limit {MOST_BYTES / 1e6:.0f} MB)"
    return Issue("read", what, where, "split it, or give one report a line as .jsonl")


def stem(name: str) -> str:
    """The file's name without folders, packing (`.gz`) and suffix: the key of a report that has no id of its own."""
    return unpacked(name).stem


def unpacked(name: str) -> PurePath:
    """The file's name without folders and packing."""
    path = PurePath(name)
    return PurePath(path.stem if path.suffix.lower() in PACKINGS else path.name)


def address_key(address: str) -> str:
    """The key of a report that came from an address of the web: the address without scheme, query and a leading www."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$|/+$", "", address)[:200] or address[:200]


def _read_one(name: str, stream: BinaryIO, media_type: str) -> Iterator[Raw | Issue]:
    body = read_whole(name, stream)
    yield body if isinstance(body, Issue) else Raw(name, media_type, body, {"key": stem(name), "where": name})
