"""Reads newsletters and saved pages that travel as mail: a letter's text, or its page, and the reports attached to it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from onrecord.characters import decode
from onrecord.read.archives import ReadInner
from onrecord.read.pages import MOST_BYTES, read_whole, stem, too_large
from onrecord.records import Issue, Raw

if TYPE_CHECKING:
    from email.message import EmailMessage

# A letter of real life has under ten parts; the mail library compares each line with the boundary of each part that is open.
MOST_PARTS = 100
# Fields that are looked into, each with the lines that go on in it; the mail library takes time with the square of their length.
FIELD = re.compile(
    rb"^(?:content-(?:type|disposition|transfer-encoding)|from|subject|date|message-id|snapshot-content-location):"
    rb"[^\n]*+(?:\n[ \t][^\n]*+)*+",
    re.MULTILINE | re.IGNORECASE,
)
LONGEST_FIELD = 10_000
# Below this the plain version of a letter only says that there is another one.
SHORT = 200
ENVELOPE = re.compile(rb"From \S+ .{0,60}\d{4}\s*$")
QUOTED_ENVELOPE = re.compile(rb"^>(>*From )", re.MULTILINE)
SIGNATURE = re.compile(r"\r?\n-- \r?\n.*\Z", re.DOTALL)


def read_letter(name: str, stream: BinaryIO, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    """The report that one letter holds, and those in its attachments."""
    body = read_whole(name, stream)
    if isinstance(body, Issue):
        yield body
    else:
        yield from _read_letter(name, body, read_inner, where=name)


def read_mailbox(name: str, stream: BinaryIO, read_inner: ReadInner) -> Iterator[Raw | Issue]:
    """The reports of every letter in a mailbox file, in order."""
    for number, letter in enumerate(_letters(stream), 1):
        where = f"{name}, letter {number}"
        if letter is None:
            yield too_large(where)
        else:
            yield from _read_letter(name, letter, read_inner, where=where, number=number)


def _letters(stream: BinaryIO) -> Iterator[bytes | None]:
    """The letters of a mailbox without their envelope lines; None in place of one that is too large, which is never held whole."""
    lines: list[bytes] = []
    size = 0
    blank = started = False
    while line := stream.readline(1 << 16):
        if (blank or not started) and ENVELOPE.match(line):
            if started:
                yield _letter(lines, size)
            lines, size, started = [], 0, True
        else:
            size += len(line)
            if size <= MOST_BYTES:
                lines.append(line)
        blank = not line.strip()
    if started:
        yield _letter(lines, size)


def _letter(lines: list[bytes], size: int) -> bytes | None:
    return QUOTED_ENVELOPE.sub(rb"\1", b"".join(lines)) if size <= MOST_BYTES else None


def _read_letter(name: str, body: bytes, read_inner: ReadInner, *, where: str, number: int | None = None) -> Iterator[Raw | Issue]:
    from email import policy
    from email.parser import BytesParser

    if body.lower().count(b"boundary=") > MOST_PARTS:
        yield Issue("read", f"a letter of more than {MOST_PARTS} parts", where, "open it in a mail program and save its text")
        return
    if any(len(field.group()) > LONGEST_FIELD for field in FIELD.finditer(body)):
        yield Issue(
            "read", "a letter that is malformed: a field in it is far too long", where, "open it in a mail program and save its text"
        )
        return
    try:
        letter = BytesParser(policy=policy.default).parsebytes(body)
        found, attached = _texts(letter)
        hints = _hints(letter, name, where, number)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        # The mail library raises any of these for headers and parts that are malformed on purpose.
        yield Issue("read", "a letter that is malformed", where, "open it in a mail program and save its text")
        return
    address = f"{name}#{hints['key']}" if number else name
    if found is not None:
        kind, text = found
        yield Raw(address, kind, text.encode("utf-8", "replace"), hints)
    elif not attached:
        yield Issue("read", "a letter without a text", where, "leave it out, or save its attachments")
    for title, content in attached:
        yield from read_inner(f"{address}/{title}", cast(BinaryIO, io.BytesIO(content)))


def _texts(letter: EmailMessage) -> tuple[tuple[str, str] | None, list[tuple[str, bytes]]]:
    """A letter's own text with its media type, and name and content of each file that is attached to it."""
    plain, page, attached = "", "", list[tuple[str, bytes]]()
    for part in letter.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        file = part.get_filename() if part.get_content_disposition() == "attachment" or kind == "application/pdf" else None
        if file is not None or kind == "application/pdf":
            attached.append((file or "attachment.pdf", _content(part)))
        elif kind == "text/plain":
            plain = plain or SIGNATURE.sub("", _text(part))
        elif kind == "text/html":
            page = page or _text(part)
    if page and len(plain.strip()) < SHORT:
        # A whole page that was saved as a letter (.mht) has menus to be taken off; a newsletter is all text.
        saved = letter.get("Snapshot-Content-Location") or letter.get_content_type() == "multipart/related"
        return ("text/html" if saved else "text/html; part", page), attached
    return ("text/plain", plain) if plain.strip() else None, attached


def _content(part: EmailMessage | Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage | Any) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode(content)


def _hints(letter: EmailMessage, name: str, where: str, number: int | None) -> dict[str, str]:
    sender = _said(letter, "From")
    place = _said(letter, "Snapshot-Content-Location")
    hints = {
        "where": where,
        "title": _said(letter, "Subject"),
        "outlet": "" if place else re.sub(r"\s*<[^<>]*>\s*$", "", sender).strip(' "'),
        "published": "" if place else _said(letter, "Date"),
        "key": (_said(letter, "Message-ID").strip("<>") or f"{stem(name)}-{number}") if number else stem(name),
    }
    return {hint: said for hint, said in hints.items() if said}


def _said(letter: EmailMessage, field: str) -> str:
    return " ".join(str(letter.get(field, "")).split())[:500]
