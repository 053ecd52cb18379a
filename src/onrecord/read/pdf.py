"""Reads the text layer of a PDF: lines joined into paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from onrecord.read.pages import read_whole, stem
from onrecord.records import Issue, Raw

# The longest reports to a parliament have some hundred pages.
MOST_PAGES = 500
# A page takes 10 to 50 ms; what is still being read after this was made to last.
MOST_SECONDS = 60
# Bytes that one packed part of a page may unpack to; a page of text holds some 10,000.
MOST_UNPACKED = 10_000_000
# A head that runs through a document stands on most of its pages.
RUNNING_SHARE = 0.5
NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
ENDS = (".", "!", "?", ":", '."', ".”", "?”", "!”", ".’", ".)")
HYPHEN = re.compile(r"(\w+)-$")
WORD = re.compile(r"\w+")


def read_pdf(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The one report of a PDF with a text layer; a scan, a locked or a broken file is an Issue."""
    body = read_whole(name, stream)
    if isinstance(body, Issue):
        yield body
        return
    try:
        pages = _pages(body)
    except (MemoryError, RecursionError):
        pages = Issue("read", "a PDF that is nested too deep or asks for too much memory", name, "print it to a new PDF and give that")
    except Exception as error:
        # The PDF library raises errors of many kinds for files that are broken, or built to break it; none may stop a run.
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        pages = Issue("read", f"a PDF that is broken or cut off ({said})", name, "download it again, or print it to a new PDF")
    if isinstance(pages, Issue):
        yield Issue(pages.step, pages.what, name, pages.todo)
        return
    text = join_pages(pages)
    if not text.strip():
        yield Issue("read", "a PDF without a text layer: a scan", name, "run it through OCR (ocrmypdf) and give the result")
        return
    yield Raw(name, "text/plain", text.encode("utf-8", "replace"), {"key": stem(name), "where": name})


def _pages(body: bytes) -> list[str] | Issue:
    """The text of every page, or why there is none."""
    from pypdf import PdfReader, apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    end = time.monotonic() + MOST_SECONDS
    with apply_configuration(
        zlib_maximum_output_length=MOST_UNPACKED,
        lzw_maximum_output_length=MOST_UNPACKED,
        run_length_maximum_output_length=MOST_UNPACKED,
        array_based_stream_maximum_output_length=MOST_UNPACKED,
    ):
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return Issue("read", "a PDF that is locked with a password", "", "save it without the password")
        if len(reader.pages) > MOST_PAGES:
            return Issue("read", f"a PDF of more than {MOST_PAGES} pages", "", "split it into its reports")
        pages = []
        for page in reader.pages:
            if time.monotonic() > end:
                return Issue(
                    "read", f"a PDF that takes more than {MOST_SECONDS} seconds to read", "", "print it to a new PDF and give that"
                )
            pages.append(page.extract_text())
    return pages


def join_pages(pages: list[str]) -> str:
    """One text of several pages' lines: paragraphs apart by a blank line, hyphens of line ends undone, running heads left out."""
    lines = [[line.strip() for line in page.splitlines()] for page in pages]
    heads = _running_heads(lines)
    kept = [line for page in lines for line in page if line not in heads and not NUMBER.fullmatch(line)]
    lengths = sorted(len(line) for line in kept if line)
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    words = Counter(WORD.findall("\n".join(kept)))
    paragraphs: list[str] = [""]
    last = ""
    for line in kept:
        if not line or last and _ends_paragraph(last, line, full):
            paragraphs.append("")
        if line:
            paragraphs[-1] = _joined(paragraphs[-1], line, words)
        last = line
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _running_heads(pages: list[list[str]]) -> set[str]:
    if len(pages) < 3:
        return set()
    edges = Counter(line for page in pages for line in {line for line in [*page[:3], *page[-3:]] if line})
    return {line for line, number in edges.items() if number > max(2, RUNNING_SHARE * len(pages))}


def _ends_paragraph(line: str, following: str, full: int) -> bool:
    """Whether a line is a paragraph's last: it is clearly shorter than a full one, and ends a sentence or is a heading."""
    short = len(line) < 0.8 * full
    return short and (line.endswith(ENDS) or not following[0].islower() and len(line) < 0.6 * full)


def _joined(start: str, line: str, words: Counter[str]) -> str:
    """A paragraph that goes on in the next line; a word broken at the line's end is whole again, a compound keeps its hyphen."""
    broken = HYPHEN.search(start)
    rest = WORD.match(line)
    if broken and rest and line[0].islower():
        compound = words[broken[1]] > 1 and words[rest.group()] > 1 and not words[broken[1] + rest.group()]
        return start + line if compound else start[:-1] + line
    return f"{start} {line}" if start else line
