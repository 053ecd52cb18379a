"""Walks files and folders in sorted order and reads every report in them; what cannot be read becomes one Issue, and the rest go on."""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from onrecord.characters import is_binary
from onrecord.read import READERS, Reader
from onrecord.read.pages import MOST_BYTES, too_large
from onrecord.records import Issue, Raw

LINES = {".jsonl", ".ndjson"}
# What a file without a known suffix starts with, when it was named on purpose.
STARTS = (
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE), ".html"),
    (re.compile(rb"\s*[\[{]"), ".json"),
)
KINDS = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip or office file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
         (b"GIF8", "a picture"), (b"SQLite format", "an SQLite database"), (b"\xd0\xcf\x11\xe0", "an old office file"),
         (b"\x7fELF", "a program"))  # fmt: skip


def read_sources(sources: Iterable[str | Path]) -> Iterator[Raw | Issue]:
    """The reports of files and folders, in the order given, folders sorted by name; never raises for what it finds there."""
    for source in sources:
        if re.match(r"[a-z]{2,5}://", str(source)):
            yield Issue("read", "an address of the web, not a file", str(source), "save the page and give the file")
            continue
        path = Path(source)
        if path.is_dir():
            yield from _read_folder(path)
        else:
            yield from read_file(path, named=True)


def read_file(path: Path, *, named: bool = False) -> Iterator[Raw | Issue]:
    """The reports of one file; one that was `named` by the user is read by its content when its suffix is unknown."""
    name = _printable(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Issue("read", "neither a file nor a folder", name, "give a file or a folder of reports")
            return
        packed = path.suffix.lower() == ".gz"
        suffix = Path(path.stem if packed else path.name).suffix.lower()
        if status.st_size > MOST_BYTES and suffix not in LINES:
            yield too_large(f"{name} ({status.st_size / 1e6:.0f} MB)")
            return
        with path.open("rb") as plain:
            stream = cast(BinaryIO, gzip.open(plain)) if packed else plain
            yield from _read_stream(name, suffix, stream, named=named)
    except FileNotFoundError:
        yield Issue("read", "no such file or folder", name, "check the spelling of the path")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        yield Issue("read", "a packed file that is broken or cut off", name, "pack or download it again")
    except OSError as error:
        yield Issue("read", f"cannot be read: {error.strerror or error}", name, "check that you may read the file")


def _read_stream(name: str, suffix: str, stream: BinaryIO, *, named: bool) -> Iterator[Raw | Issue]:
    start = stream.read(4096)
    stream.seek(0)
    kind = next((said for mark, said in KINDS if start.startswith(mark)), "binary data" if is_binary(start) else "")
    reader: Reader | None = READERS.get(suffix)
    if reader is None and named and not kind:
        reader = READERS[next((known for pattern, known in STARTS if pattern.match(start)), ".txt")]
    if reader is None:
        what = f"{kind} cannot be read" if kind else f"no reader for {suffix or 'a name without suffix'}"
        yield Issue("read", what, name, f"save it as one of {' '.join(READERS)}, or leave it out")
    elif kind:
        yield Issue("read", f"{kind}, not text", name, "save the report as text, HTML or JSON")
    else:
        yield from reader(name, stream)


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
