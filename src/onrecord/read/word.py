"""Reads documents of word processors (.docx), as news archives and ministries hand them out: the paragraphs of the main text, in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.read.pages import MOST_BYTES, read_whole, stem
from onrecord.records import Issue, Raw

MAIN = "word/document.xml"
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A tab, a line break, a hyphen that may not break: each is an element of its own.
SIGNS = {f"{SPACE}tab": "\t", f"{SPACE}br": "\n", f"{SPACE}cr": "\n", f"{SPACE}noBreakHyphen": "-"}
TODO_PDF = "save it as PDF or text and give that"


def read_word(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The one report of a word processor's document; one that is another office file, locked, broken or a bomb is an Issue."""
    body = read_whole(name, stream)
    if isinstance(body, Issue):
        yield body
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(MAIN) as part:
            main = part.read(MOST_BYTES + 1)
    except KeyError:
        yield Issue("read", "an office file without a main text", name, TODO_PDF)
        return
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError, NotImplementedError, IndexError) as error:
        yield Issue("read", f"an office file that is broken, cut off or locked ({error})", name, TODO_PDF)
        return
    if len(main) > MOST_BYTES:
        yield Issue("read", f"an office file larger than one report can be (limit {MOST_BYTES / 1e6:.0f} MB)", name, TODO_PDF)
        return
    text = "\n\n".join(paragraph for paragraph in _paragraphs(main) if paragraph)
    if not text:
        yield Issue("read", "an office file without a text", name, TODO_PDF)
        return
    yield Raw(name, "text/plain", text.encode("utf-8", "replace"), {"key": stem(name), "where": name})


def _paragraphs(main: bytes) -> Iterator[str]:
    """The text of every paragraph; what is marked as deleted is left out, entities are not resolved."""
    from lxml import etree

    bounds: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": True}
    try:
        for _, paragraph in etree.iterparse(io.BytesIO(main), events=("end",), tag=f"{SPACE}p", **bounds):
            pieces = (SIGNS.get(piece.tag, piece.text if piece.tag == f"{SPACE}t" else "") or "" for piece in paragraph.iter(etree.Element))
            yield "".join(pieces).strip()
            paragraph.clear(keep_tail=False)
    except (etree.XMLSyntaxError, ValueError):
        return  # what was whole before the fault has been given
