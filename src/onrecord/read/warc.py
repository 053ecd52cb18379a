"""Reads web archives (WARC, packed or not): one report for each page that was answered whole, and a count for all else."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from onrecord.read.archives import ReadInner
from onrecord.read.pages import MOST_BYTES, address_key
from onrecord.read.streams import BROKEN
from onrecord.records import Issue, Raw

PAGES = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain", "": "text/html"}
# What else may hold reports, told by its content as any file is.
OTHERS = {"application/pdf", "application/json", "application/ld+json"}
DESCRIPTION = "a description of other records"
CUT = "a record in the midst of which the archive breaks off"
ADVICE = "nothing to do if pages alone are wanted"
UNICODE = re.compile(r"utf-?8|ascii|us-ascii", re.IGNORECASE)


def read_warc(name: str, stream: BinaryIO, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    """The pages of a web archive, in order; revisits, failed answers and what is no page are counted, one Issue a reason."""
    left_out: Counter[str] = Counter()
    seen = False
    for record in _records(stream):
        if isinstance(record, Issue):
            yield Issue(record.step, record.what, name, record.todo)
            break
        seen = True
        reason = _why_not(record)
        if reason:
            left_out[reason] += 1
            continue
        body = record.reader.read(MOST_BYTES + 1)
        if len(body) < _length(record):
            left_out[CUT] += 1
        elif len(body) > MOST_BYTES:
            left_out[f"larger than one report can be (limit {MOST_BYTES / 1e6:.0f} MB)"] += 1
        elif not body.strip():
            left_out["empty"] += 1
        else:
            yield from _read_answer(name, record, body, read_inner)
    if not seen:
        yield Issue("read", "a web archive that is broken or holds no record", name, "download it again")
    for reason, count in left_out.items():
        if reason != DESCRIPTION:
            advice = "download the archive again" if reason == CUT else ADVICE
            yield Issue("read", f"{reason}: left out of a web archive", f"{name} ({count:,} records)", advice)


def packs_warc(start: bytes) -> bool:
    """Whether a gzip stream that opens with these bytes holds a web archive."""
    try:
        return zlib.decompressobj(wbits=31).decompress(start, 16).startswith(b"WARC/1.")
    except zlib.error:
        return False


class _Pieces:
    """A stream as the archive reader takes it: forward only, a piece at a time, so that what comes before a fault is read before it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """The next piece, not longer than asked for."""
        piece = cast(bytes, self._read(size))
        self._place += len(piece)
        return piece

    def tell(self) -> int:
        """How many bytes were read."""
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stays where it is; any other place is an error."""
        if (offset, whence) not in ((self._place, 0), (0, 1)):
            raise OSError("a stream that only goes on")
        return self._place

    def close(self) -> None:
        """Leaves the stream to whoever opened it."""


def _records(stream: BinaryIO) -> Iterator[Any]:
    """The records of an archive; at a place that is broken, one Issue, and the end."""
    from fastwarc.warc import ArchiveIterator

    try:
        yield from ArchiveIterator(cast(Any, _Pieces(stream)), parse_http=True, auto_decode="all", strict_mode=False)
    except BROKEN:
        raise
    except (OSError, ValueError, OverflowError) as error:
        yield Issue("read", f"a web archive that is broken from here on ({' '.join(str(error).split())[:100]})", "", "download it again")
    except BaseException as error:
        # What the archive reader's own code calls a panic is no Exception; it is raised for bytes that it does not expect.
        if type(error).__name__ != "PanicException":
            raise
        yield Issue("read", "a web archive that is broken from here on", "", "download it again")


def _why_not(record: Any) -> str:
    """Why a record is no page, or nothing; records that only describe others have no reason that a user could want to hear."""
    kind = str(record.record_type)
    if "Content-Length" not in record.headers:
        return CUT
    if kind in ("warcinfo", "request", "metadata"):
        return DESCRIPTION
    if kind == "revisit":
        return "a revisit, whose page is another record"
    if kind == "continuation" or record.headers.get("WARC-Truncated"):
        return "cut off when it was archived"
    if kind == "response":
        headers = record.http_headers
        if headers is None:
            return CUT if len(record.reader.read(MOST_BYTES + 1)) < _length(record) else "no answer of a web server"
        if headers.status_code != 200:
            return f"answered {headers.status_code}"
    media = _media_type(record)
    return "" if media in PAGES or media in OTHERS else f"no page ({media[:60]})"


def _length(record: Any) -> int:
    """How many bytes a record's body has at least; 0 where what is read of it is unpacked, or its bound may cut it off."""
    coded = record.http_headers is not None and ("Content-Encoding" in record.http_headers or "Transfer-Encoding" in record.http_headers)
    return 0 if coded else min(int(record.content_length or 0), MOST_BYTES)


def _media_type(record: Any) -> str:
    if record.http_headers is not None:
        return str(record.http_content_type or "").lower()
    return (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _read_answer(name: str, record: Any, body: bytes, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    address = str(record.headers.get("WARC-Target-URI") or record.record_id or name).strip("<>")
    media = _media_type(record)
    read_at = (record.headers.get("WARC-Date") or "")[:10]
    read = {"read": read_at, "stream": "warc"} if read_at else {"stream": "warc"}
    if media in OTHERS:
        for raw in read_inner(address, cast(BinaryIO, io.BytesIO(body))):
            yield (
                replace(raw, hints={**raw.hints, "key": address_key(address), **read})
                if isinstance(raw, Raw) and raw.uri == address
                else raw
            )
        return
    hints = {"key": address_key(address), "where": address, **read}
    charset = (record.http_charset if record.http_headers is not None else "utf-8") or ""
    yield Raw(address, PAGES[media], recoded(body, charset), hints)


def recoded(body: bytes, charset: str) -> bytes:
    """A page's bytes as UTF-8 where its server said what else they are, and they are that; as they came where it did not."""
    if charset and not UNICODE.fullmatch(charset):
        try:
            return body.decode(charset).encode("utf-8")
        except (LookupError, UnicodeError):
            pass
    return body
