"""Readers: a file becomes one Raw for each report in it. A reader takes the file's name and its open bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from onrecord.read.pages import read_page, read_text
from onrecord.read.reports import read_json, read_json_lines
from onrecord.records import Issue, Raw

Reader = Callable[[str, BinaryIO], Iterator[Raw | Issue]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".json": read_json,
    ".jsonld": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
}
