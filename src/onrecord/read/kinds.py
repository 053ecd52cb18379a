"""This file tells what a file is by its first bytes; its name is asked only where the bytes are plain text, which can be anything."""

from __future__ import annotations

import json
import re

from onrecord.characters import decode, is_binary

# What a reader never makes a report of: first bytes, then the words for it.
UNREADABLE = (
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"RIFF", "a picture, film or sound"),
    (b"SQLite format", "an SQLite database"), (b"\xd0\xcf\x11\xe0", "an old office file"), (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"), (b"{\\rtf", "a rich text file"),
    (b"ID3", "a sound"), (b"PAR1", "a Parquet file"), (b"wOF", "a typeface"),
)  # fmt: skip
PACKED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"))
MARKED = ((b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"WARC/1.", "warc"))
# Each piece before the root can be read in one way only and is never given back: else a few comments in a row take for ever.
XML = re.compile(
    r"\s*+(?:(?:<!--(?:(?!-->).)*+-->|<\?[^>]*+>|<!DOCTYPE[^>\[]*+(?:\[(?:(?!\]\s*+>).)*+\]\s*+)?+>)\s*+)*+<(?:(\w{1,40}):)?([A-Za-z]\w{0,40})",
    re.DOTALL | re.IGNORECASE,
)
ROOTS = {"rss": "feed", "feed": "feed", "rdf": "feed", "opml": "opml", "urlset": "sitemap", "sitemapindex": "sitemap",
         "html": "page", "head": "page", "body": "page"}  # fmt: skip
JSON = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:["{\[\]]|$))')
MAILBOX = re.compile(rb"From \S+ .{0,60}\d{4}\r?\n[\w-]+:")
FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]?[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
# Two of these at the top make a letter; a report that opens with one of them alone does not.
LETTER = {b"from", b"to", b"subject", b"date", b"received", b"return-path", b"delivered-to", b"message-id", b"mime-version", b"list-id",
          b"dkim-signature", b"reply-to", b"sender", b"content-type", b"snapshot-content-location"}  # fmt: skip
# What a plain text's name says it is.
NAMES = {".txt": "text", ".text": "text", ".md": "text", ".html": "page", ".htm": "page", ".xhtml": "page", ".json": "json",
         ".jsonld": "json", ".jsonl": "lines", ".ndjson": "lines", ".eml": "letter", ".mbox": "mailbox",
         ".csv": "table", ".tsv": "table"}  # fmt: skip


def find_kind(start: bytes, suffix: str = "", *, named: bool = False) -> tuple[str, str]:
    """What a stream is that opens with these bytes: a key of the readers, or "" and the words for what it is instead.

    Plain text is read where its name says that it is a report, or where the user `named` the file.
    """
    for marks in (PACKED, MARKED):
        for mark, kind in marks:
            if start.startswith(mark):
                return _find_office_kind(start) or (kind, "") if kind == "zip" else (kind, "")
    if start[257:262] == b"ustar":
        return "tar", ""
    what = next((said for mark, said in UNREADABLE if start.startswith(mark)), "")
    if what or is_binary(start[:4096]):
        return "", what or "binary data"
    return _find_text_kind(start, suffix, named=named)


def _find_text_kind(start: bytes, suffix: str, *, named: bool) -> tuple[str, str]:
    """The kind of a stream that is text."""
    if MAILBOX.match(start):
        return "mailbox", ""
    if _is_letter(start):
        return "letter", ""
    said = NAMES.get(suffix, "")
    text = decode(start)
    xml = XML.match(text)
    if xml and (kind := ROOTS.get(xml[2].lower())):
        return kind, ""
    if xml and text.lstrip()[:5].lower() == "<?xml" and not said:
        return "", f"an XML file of a kind that is not known (<{xml[2]}>)"
    if JSON.match(text):
        return ("lines" if _is_lines(text, said) else "json"), ""
    if said:
        return said, ""
    if re.match(r"\s*<!doctype html", text, re.IGNORECASE):
        return "page", ""
    return ("text", "") if named else ("", "")


def _is_lines(text: str, said: str) -> bool:
    """Whether JSON comes one value a line: its first line is a whole value and another follows."""
    first, line_end, rest = text.lstrip().partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # A bracket alone in its line opens a value that is spread over many.
        return first.strip() not in ("{", "[") and (said == "lines" or not line_end and said != "json")
    return said == "lines" or bool(JSON.match(rest)) and bool(rest.strip())


def _is_letter(start: bytes) -> bool:
    seen: set[bytes] = set()
    place = 0
    while field := FIELD.match(start, place):
        seen.add(field[1].lower())
        place = field.end()
    return len(seen & LETTER) >= 2


def _find_office_kind(start: bytes) -> tuple[str, str] | None:
    """What a zip is whose first members have the names that office programs and app stores give them, or None."""
    if any(name in start[:200] for name in (b"mimetypeapplication/", b"META-INF/MANIFEST.MF")):
        return "", "an office file"
    if not any(name in start[:200] for name in (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"word/document.xml")):
        return None
    return ("", "an office file") if b"xl/" in start or b"ppt/" in start else ("word", "")
