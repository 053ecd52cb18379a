"""Makes the Document: normalises a text once and for all and gives it its ids."""

from __future__ import annotations

import hashlib
import re

from onrecord.clean.credits import find_credits
from onrecord.clean.head import find_furniture
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
    credits: tuple[str, ...] | None = None,
    credit_spans: tuple[tuple[int, int], ...] = (),
) -> Document:
    """A document with its content ids, credits and furniture; only NUL, lone surrogates and carriage returns leave the text."""
    text, title, outlet, key, uri = map(clean_characters, (text, title, outlet, key, uri))
    if credits is None:
        found = find_credits(text, outlet)
        credits, credit_spans = tuple(name for name, _, _ in found), tuple((start, end) for _, start, end in found)
    digest = hashlib.sha256(text.encode()).hexdigest()
    identity = hashlib.sha256(f"{uri or key}\n{digest}\n{CLEANER}".encode()).hexdigest()[:24]
    return Document(
        id=identity,
        key=key,
        uri=uri,
        outlet=outlet,
        title=title,
        published=published,
        updated=updated,
        read=read,
        language=language,
        text=text,
        text_sha256=digest,
        cleaner=CLEANER,
        credits=credits,
        credit_spans=credit_spans,
        furniture=tuple(find_furniture(text)),
    )


def clean_characters(text: str) -> str:
    """The text without what no database holds (NUL, lone surrogates), with line ends as one newline."""
    return re.sub("[\x00\ud800-\udfff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
