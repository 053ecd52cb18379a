"""This file bounds what a packed stream may unpack to, so that a few bytes can neither fill the memory nor keep a run busy for ever."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from onrecord.errors import BadInput

# News text packs to a third or a tenth of its size, JSON lines of near copies to a thirtieth; deflate can reach 1,032 times.
MOST_TIMES = 200
# Below this nothing is called a bomb, whatever its ratio: a small file of blanks is only odd.
FREE = 50_000_000
# What the dictionary of an xz stream may take: `xz -9` needs 65 MB; a header may ask for 4 GB.
XZ_MEMORY = 128 << 20
# What the formats' own libraries raise for bytes that are broken or cut off.
BROKEN = (
    gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, OverflowError,
)  # fmt: skip


class Bomb(BadInput):
    """A packed file that unpacks to so much more than itself that it was made to harm."""


class Meter:
    """Counts what a source and all that is packed in it has unpacked to, against the size of the source itself."""

    def __init__(self, size: Callable[[], int]) -> None:
        self._size = size
        self.unpacked = 0

    def take(self, count: int) -> None:
        """Counts bytes that came out of a packing; `Bomb` when they are out of proportion."""
        self.unpacked += count
        if self.unpacked > max(FREE, MOST_TIMES * self._size()):
            raise Bomb(f"unpacks to more than {MOST_TIMES} times its size: a bomb")


class Metered(io.RawIOBase):
    """A stream whose bytes are counted as they are read; faults of a packing are raised as `BROKEN` has them."""

    def __init__(self, stream: Any, count: Callable[[int], None]) -> None:
        # One piece at a time where the stream can: what came before a fault is then given before the fault is raised.
        self._read = getattr(stream, "read1", stream.read)
        self._count = count

    def readable(self) -> bool:
        """True: it is read only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer with the next bytes; 0 at the end."""
        try:
            piece = self._read(len(buffer))
        except BROKEN:
            raise
        except (OSError, ValueError) as error:
            # What bzip2 and zstd raise for bytes that are none of theirs.
            raise EOFError(str(error)) from error
        buffer[: len(piece)] = piece
        self._count(len(piece))
        return len(piece)


class _Unpacked:
    """The bytes of a bzip2 or xz stream, of one or more parts, never more at a time than asked for."""

    def __init__(self, stream: BinaryIO, start: Callable[[], Any]) -> None:
        self._stream = stream
        self._start = start
        self._part = start()
        self._packed = b""

    def read(self, size: int) -> bytes:
        while True:
            if self._part.eof:
                self._packed = self._part.unused_data or self._stream.read(1 << 16)
                if not self._packed.strip(b"\x00"):  # xz pads with zeros
                    return b""
                self._part = self._start()
            elif self._part.needs_input and not self._packed:
                self._packed = self._stream.read(1 << 16)
                if not self._packed:
                    raise EOFError("the packed stream ends early")
            packed, self._packed = self._packed, b""
            if piece := self._part.decompress(packed, size):
                return cast(bytes, piece)


def unpack(kind: str, stream: BinaryIO, meter: Meter) -> BinaryIO:
    """What a gzip, bzip2, xz or zstd stream unpacks to, metered; errors of the packing come when it is read (`BROKEN`)."""
    if kind == "gzip":
        inner: Any = gzip.GzipFile(fileobj=stream)
    elif kind == "zstd":
        from fastwarc.stream_io import ZstdReader

        inner = ZstdReader(stream)
    else:
        inner = _Unpacked(stream, bz2.BZ2Decompressor if kind == "bzip2" else lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY))
    return metered(inner, meter.take)


def metered(stream: Any, count: Callable[[int], None]) -> BinaryIO:
    """A buffered stream whose bytes are counted as they are read; its first bytes can be looked at with `look`."""
    return cast(BinaryIO, io.BufferedReader(Metered(stream, count), 1 << 16))


def look(stream: BinaryIO, size: int = 8192) -> bytes:
    """The first bytes of a buffered stream, which stay in it."""
    if stream.seekable():
        start = stream.read(size)
        stream.seek(0)
        return start
    return cast(io.BufferedReader, stream).peek(size)[:size]
