"""Reads zip and tar archives member by member, in memory and within bounds; nothing is ever written to disk under a member's name."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from onrecord.read.streams import BROKEN, Bomb
from onrecord.records import Issue, Raw

if TYPE_CHECKING:
    import tarfile

ReadInner = Callable[[str, BinaryIO], Iterator[Raw | Issue]]

# A year of an agency's reports, one a member, is 100,000; each costs a line of memory while its archive is open.
MOST_MEMBERS = 200_000
# The list of members at a zip's end is read whole: 200,000 members with names of 100 letters fill 30 MB.
MOST_DIRECTORY = 64_000_000
# A zip within an archive must lie at hand as a whole: in memory up to the first size, on disk up to the second.
IN_MEMORY, MOST_SPOOLED = 20_000_000, 2_000_000_000
# Headers that only carry a long name or a few fields; tar lets them claim gigabytes, and its reader would fetch them at once.
MOST_HEADER = 1_000_000
# What the readers of archives raise, beside `BROKEN`, for numbers and names in an archive that cannot be.
FAULTS = (ValueError, struct.error, RuntimeError, IndexError, KeyError, TypeError)
DRIVE = re.compile(r"[A-Za-z]:")


def read_zip(name: str, stream: BinaryIO, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    """The reports of every member of a zip archive, by name."""
    import zipfile

    if stream.seekable():
        spooled = None
        whole = stream
    else:
        spooled = SpooledTemporaryFile(IN_MEMORY)
        whole = cast(BinaryIO, spooled)
        _copy(stream, whole)
    try:
        if _directory_size(whole) > MOST_DIRECTORY:
            yield Issue("read", f"an archive of more than {MOST_MEMBERS:,} members", name, "unpack it and give the folder")
            return
        whole.seek(0)
        try:
            archive = zipfile.ZipFile(whole)
        except (OSError, *FAULTS) as error:
            raise EOFError(str(error)) from error
        with archive:
            yield from _read_members(name, archive, read_inner)
    finally:
        if spooled is not None:
            spooled.close()


def _read_members(name: str, archive: object, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    import zipfile

    assert isinstance(archive, zipfile.ZipFile)
    members = sorted((m for m in archive.infolist() if not m.filename.endswith("/")), key=lambda member: member.filename)
    if not members:
        yield Issue("read", "the archive holds no file", name, "leave it out, or pack it again")
    if len(members) > MOST_MEMBERS:
        yield Issue("read", f"an archive of more than {MOST_MEMBERS:,} members", name, "unpack it and give the folder")
        return
    for member in members:
        where = f"{name}/{member.filename}"
        if fault := _name_fault(member.filename, where):
            yield fault
        elif member.flag_bits & 1:
            yield Issue("read", "locked with a password", where, "unpack it with the password and give the file")
        elif not _is_hidden(member.filename):
            try:
                inner = archive.open(member)
            except (OSError, *BROKEN, *FAULTS) as error:
                yield Issue("read", "a packed file that is broken or cut off", where, f"pack it again ({error})")
                continue
            with inner:
                yield from read_inner(where, cast(BinaryIO, inner))


def read_tar(name: str, stream: BinaryIO, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    """The reports of every member of a tar archive, as they come."""
    import tarfile

    number = 0
    try:
        archive = tarfile.open(fileobj=stream, mode="r|", tarinfo=_careful_member())
    except (tarfile.TarError, *FAULTS) as error:
        raise EOFError(str(error)) from error
    with archive:
        for number, member in enumerate(_tar_members(archive), 1):
            where = f"{name}/{member.name}"
            if number > MOST_MEMBERS:
                yield Issue("read", f"an archive of more than {MOST_MEMBERS:,} members", name, "unpack it and give the folder")
                return
            if fault := _name_fault(member.name, where):
                yield fault
            elif member.isdir() or _is_hidden(member.name):
                continue
            elif not member.isreg() or member.issparse():
                yield Issue("read", "no plain file: a link, a device or one with holes", where, "give the file itself")
            elif (inner := archive.extractfile(member)) is not None:
                try:
                    yield from read_inner(where, cast(BinaryIO, inner))
                except tarfile.TarError as error:
                    raise EOFError(str(error)) from error
    if not number:
        yield Issue("read", "the archive holds no file", name, "leave it out, or pack it again")


def _tar_members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members, as they come; what the archive's reader raises for a header that is broken becomes one of `BROKEN`."""
    import tarfile

    try:
        yield from archive
    except (tarfile.TarError, *FAULTS) as error:
        raise EOFError(str(error)) from error


def _copy(stream: BinaryIO, whole: BinaryIO) -> None:
    """Copies a stream to where it can be read from its end, up to what may be kept."""
    size = 0
    while piece := stream.read(1 << 20):
        size += len(piece)
        if size > MOST_SPOOLED:
            raise Bomb(f"an archive within an archive, larger than {MOST_SPOOLED / 1e9:.0f} GB")
        whole.write(piece)


def _careful_member() -> type[tarfile.TarInfo]:
    import tarfile

    carrying = {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}

    class CarefulMember(tarfile.TarInfo):
        """A member whose headers are of the size that headers have."""

        def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
            if self.type in carrying and self.size > MOST_HEADER:
                raise tarfile.ReadError("a header larger than any name")
            return cast(tarfile.TarInfo, super()._proc_member(archive))  # type: ignore[misc]

    return CarefulMember


def _directory_size(stream: BinaryIO) -> int:
    """How many bytes the list of members takes, as a zip's last record says; 0 where there is none, which its reader will say."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 20:
        return 0
    said = int(struct.unpack_from("<L", tail, place + 12)[0])
    large = tail.rfind(b"PK\x06\x06")
    return int(struct.unpack_from("<Q", tail, large + 40)[0]) if 0 <= large <= len(tail) - 48 else said


def _name_fault(member: str, where: str) -> Issue | None:
    """The issue of a name that leads out of its archive: whoever made it meant harm, or packed in a way that unpacks elsewhere."""
    if member.startswith(("/", "\\")) or DRIVE.match(member) or ".." in re.split(r"[\\/]", member):
        return Issue("read", "a name that leads out of the archive", where, "rename it inside the archive if you trust it")
    return None


def _is_hidden(member: str) -> bool:
    return any(part.startswith(".") and part != "." or part == "__MACOSX" for part in member.split("/"))
