"""Makes the Document: normalises a text once and for all and gives it its ids."""

from __future__ import annotations

import hashlib
import re

from onrecord.records import Document

CLEANER = "clean/1"


def make_document(
    text: str,
    *,
    key: str = "text",
    title: str = "",
    outlet: str = "",
    published: str | None = None,
    updated: str | None = None,
    read: str | None = None,
    language: str = "en",
    uri: str = "",
    credits: tuple[str, ...] = (),
    credit_spans: tuple[tuple[int, int], ...] = (),
) -> Document:
    """A document with its content ids; NUL, lone surrogates and carriage returns are removed from the text here, nothing else."""
    text = clean_characters(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    identity = hashlib.sha256(f"{uri or key}\n{digest}\n{CLEANER}".encode()).hexdigest()[:24]
    return Document(
        identity, key, uri, outlet, title, published, updated, read, language, text, digest, CLEANER, credits, credit_spans
    )


def clean_characters(text: str) -> str:
    """The text without what no database holds (NUL, lone surrogates), with line ends as one newline."""
    return re.sub("[\x00\ud800-\udfff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
