"""Walks files, folders and standard input in sorted order and reads every report in them; what cannot be read becomes an Issue.

What a file is, its content says; the rest go on whatever one of them holds.
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from onrecord.read import CONTAINERS, LISTS, READERS
from onrecord.read.kinds import NAMES, PACKED, find_kind
from onrecord.read.pages import MOST_BYTES, too_large, unpacked
from onrecord.read.streams import BROKEN, Bomb, Meter, look, metered, unpack
from onrecord.read.warc import packs_warc
from onrecord.read.web import Web
from onrecord.records import Issue, Raw

# Readers of these hold one report's bytes; all others take a stream piece by piece, of any length.
WHOLE = {"text", "page", "json", "pdf", "letter"}
# A pack of packs of packs: a download of an archive of archives has two.
MOST_DEPTH = 5
STDIN = "standard input"
ADDRESS = re.compile(r"(?:https?|ftp|file|[a-z][a-z0-9+.-]{1,9})://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stream lies: how deep in other streams, whether the user named the source, what its packing may come to, who may fetch."""

    meter: Meter
    web: Web | None
    named: bool
    depth: int = 0


def read_sources(sources: Iterable[str | Path], *, web: Web | None = None) -> Iterator[Raw | Issue]:
    """The reports of files, folders, addresses (http, https) and standard input (`-`), in the order given, folders sorted by name.

    Never raises for what it finds there. Without a `web` no address is asked: each gives an Issue.
    """
    for source in sources:
        if str(source) == "-":
            yield from _read_stdin(web)
        elif ADDRESS.match(str(source)):
            yield from _read_address(str(source), web)
        else:
            path = Path(source)
            yield from _read_folder(path) if path.is_dir() else read_file(path, named=True, web=web)


def read_file(path: Path, *, named: bool = False, web: Web | None = None) -> Iterator[Raw | Issue]:
    """The reports of one file; one that was `named` by the user is read as text where nothing says that it is something else.

    Addresses in a list (a feed, an OPML file, a sitemap) are fetched only where the list itself was named and there is a `web`.
    """
    name = _printable(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Issue("read", "neither a file nor a folder", name, "give a file or a folder of reports")
            return
        if status.st_size > MOST_BYTES and NAMES.get(path.suffix.lower()) in WHOLE - {"json"}:
            yield too_large(f"{name} ({status.st_size / 1e6:.0f} MB)")
            return
        with path.open("rb") as stream:
            yield from read_stream(name, stream, Place(Meter(lambda: status.st_size), web, named))
    except FileNotFoundError:
        if path.is_symlink():
            yield Issue("read", "a link to a file that is not there", name, "mend the link or leave it out")
            return
        yield Issue("read", "no such file or folder", name, "check the spelling of the path")
    except OSError as error:
        yield Issue("read", f"cannot be read: {error.strerror or error}", name, "check that you may read the file")


def read_stream(name: str, stream: BinaryIO, place: Place) -> Iterator[Raw | Issue]:
    """The reports of one stream, whatever it is; an Issue where it is nothing that can be read."""
    try:
        start = look(stream)
        suffix = unpacked(name).suffix.lower()
        kind, what = find_kind(start, suffix, named=place.named)
        if place.depth > MOST_DEPTH:
            yield Issue("read", f"packed more than {MOST_DEPTH} times over", name, "unpack it and give the folder")
        elif kind == "gzip" and stream.seekable() and packs_warc(start):
            # Web archives are packed record by record, and their reader unpacks them in half the time.
            yield from CONTAINERS["warc"](name, stream, _inner(place, "warc"))
        elif kind in {packed for _, packed in PACKED}:
            inner = unpack(kind, stream, place.meter)
            yield from read_stream(name, inner, Place(place.meter, place.web, place.named, place.depth + 1))
        elif kind in READERS:
            yield from READERS[kind](name, stream)
        elif kind in CONTAINERS:
            yield from CONTAINERS[kind](name, stream, _inner(place, kind))
        elif kind in LISTS:
            yield from LISTS[kind](name, stream, place.web)
        elif what:
            yield Issue("read", f"{what}, not text", name, "save the report as text, HTML, PDF or JSON")
        elif not start.strip() and (place.named or suffix in NAMES):
            yield Issue("read", "the file is empty", name, "leave it out or save the report again")
        else:
            todo = f"name it as one of {' '.join(NAMES)}, or leave it out"
            yield Issue("read", f"no reader for {suffix or 'a name without suffix'}", name, todo)
    except Bomb as bomb:
        yield Issue("read", str(bomb), name, "leave it out; if it is what it should be, unpack it and give the folder")
    except BROKEN as error:
        what = "a packed file that is broken or cut off"
        yield Issue("read", what, name, "pack or download it again" if not str(error) else f"pack or download it again ({error})")


def _inner(place: Place, kind: str) -> ReadInnerStream:
    return ReadInnerStream(place, metered_already=kind in ("letter", "mailbox", "warc"))


@dataclass(frozen=True, slots=True)
class ReadInnerStream:
    """Reads a stream that lies in another; what comes out of a packing there is counted too, and no list in it is followed."""

    place: Place
    metered_already: bool

    def __call__(self, name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
        """The reports of the inner stream."""
        count = self.place.meter.take if not self.metered_already else lambda _: None
        inner = Place(self.place.meter, None, False, self.place.depth + 1)
        yield from read_stream(_printable(name), metered(stream, count), inner)


def _read_stdin(web: Web | None) -> Iterator[Raw | Issue]:
    read = [0]

    def count(size: int) -> None:
        read[0] += size

    counted = Meter(lambda: read[0])
    stream = sys.stdin.buffer if isinstance(sys.stdin, io.TextIOWrapper) else cast(BinaryIO, sys.stdin)
    yield from read_stream(STDIN, metered(stream, count), Place(counted, web, True))


def _read_address(address: str, web: Web | None) -> Iterator[Raw | Issue]:
    if not re.match(r"https?://", address, re.IGNORECASE):
        yield Issue("read", "an address that is neither http nor https", address, "save the page and give the file")
        return
    if web is None:
        yield Issue("read", "an address of the web, not a file", address, "save the page and give the file")
        return
    page = web.fetch(address)
    if isinstance(page, Issue):
        yield page
        return
    if page.unchanged:
        yield Issue("read", "nothing new since it was read last", address, "", notice=True)
        return
    kind, _ = find_kind(page.body[:8192], named=True)
    if kind in ("page", "text"):
        yield page.raw("text/html" if kind == "page" else "text/plain")
        return
    body = page.xml() if kind in LISTS else page.body
    yield from read_stream(page.address, cast(BinaryIO, io.BytesIO(body)), Place(Meter(lambda: len(body)), web, True))


def _read_folder(folder: Path) -> Iterator[Raw | Issue]:
    empty = True
    faults: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                empty = False
                yield from read_file(Path(where) / name)
        for fault in faults:
            empty = False
            yield Issue("read", f"cannot be opened: {fault.strerror}", _printable(fault.filename), "check that you may read the folder")
        faults.clear()
    if empty and not faults:
        yield Issue("read", "the folder holds no file", _printable(folder), "check the path")


def _printable(path: str | Path) -> str:
    """The path as text that any terminal and database takes."""
    return os.fsencode(path).decode("utf-8", "replace")
