"""Cleans one report as it was handed in: a Raw becomes a Document, or the Issue that says why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from onrecord.characters import decode, mend, plain_spaces
from onrecord.clean.dates import doubt_day, parse_day
from onrecord.clean.document import clean_characters, make_document
from onrecord.clean.head import Head, find_head, wall
from onrecord.clean.language import UNKNOWN, find_language, language_name
from onrecord.clean.webpage import read_part, read_webpage
from onrecord.errors import BadInput
from onrecord.records import Document, Issue, Raw

# The shortest briefs of our samples hold some 60 characters; below this there is no clause with two states and a deal.
FEWEST_CHARACTERS = 30
# A day of a parliament's debate holds some 300,000; the parser's own limit is a million, and its memory grows by a megabyte a thousand.
MOST_CHARACTERS = 500_000
ENGLISH = "en"
MARKUP = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
WALLS = {
    "cookie": ("a cookie wall stands in place of the report", "accept or refuse the cookies in a browser, then save the page"),
    "pay": ("a pay wall stands in place of the report", "log in, then save the page"),
    "robot": ("an error or robot check stands in place of the report", "open the address in a browser, then save the page"),
}
Cleaned = tuple[str, Head]


def clean_raw(raw: Raw, *, read_day: str | None = None) -> Iterator[Document | Issue]:
    """The document of one report with a notice for each doubt about it, or the one Issue that says why it is left out."""
    where = raw.hints.get("where", raw.uri)
    try:
        text, head = CLEANERS[raw.media_type](raw.body, read_day)
    except BadInput as error:
        yield Issue("clean", str(error), where, "open it in a browser and save the text")
        return
    fault = _fault(text, raw.hints.get("language", ""), where)
    if fault:
        yield fault
        return
    published, doubt = _published(raw.hints, head, read_day)
    language = find_language(text)
    yield make_document(
        text,
        key=raw.hints.get("key") or raw.uri,
        title=plain_spaces(mend(raw.hints.get("title") or head.title))
        if raw.media_type != "application/json"
        else raw.hints.get("title", ""),
        outlet=raw.hints.get("outlet") or head.outlet or raw.hints.get("carrier", ""),
        published=published,
        updated=parse_day(raw.hints.get("updated")) or head.updated,
        read=raw.hints.get("read") or read_day,
        language=language if language != UNKNOWN else raw.hints.get("language", "")[:2].lower() or UNKNOWN,
        uri=raw.uri,
    )
    if doubt:
        yield Issue("date", doubt, where, "give the day in the field published, or in the first lines", notice=True)


def clean_text(body: bytes, read_day: str | None) -> Cleaned:
    """A plain text file's text, mended; one that holds a web page after all is read as that."""
    text = decode(body)
    if MARKUP.match(text[:2000]):
        return clean_page(body, read_day)
    text = plain_spaces(mend(clean_characters(text))).strip()
    return text, find_head(text)


def clean_page(body: bytes, read_day: str | None) -> Cleaned:
    """A web page's report, mended."""
    text, head = read_webpage(clean_characters(decode(body)), today=read_day)
    return plain_spaces(mend(text)), head


def clean_part(body: bytes, read_day: str | None) -> Cleaned:
    """A piece of a page that is all report, mended; what is known of it stands beside it."""
    return plain_spaces(mend(read_part(clean_characters(decode(body))))), Head()


def keep_text(body: bytes, read_day: str | None) -> Cleaned:
    """Text that came as data: kept to the letter, because others may hold offsets into it."""
    return clean_characters(body.decode("utf-8", "surrogatepass")), Head()


CLEANERS: Mapping[str, Callable[[bytes, str | None], Cleaned]] = {
    "text/plain": clean_text,
    "text/html": clean_page,
    "text/html; part": clean_part,
    "application/json": keep_text,
}


def _fault(text: str, said_language: str, where: str) -> Issue | None:
    """Why a text is no report that can be read, or None."""
    words = text.strip()
    if not words:
        return Issue("clean", "no text in it", where, "save the page after its text has loaded, or leave it out")
    if len(words) > MOST_CHARACTERS:
        what = f"too long for one report (limit {MOST_CHARACTERS:,} characters)"
        return Issue("clean", what, where, "split it into its reports, or give them one a line as .jsonl")
    kind = wall(words)
    if kind:
        what, todo = WALLS[kind]
        return Issue("clean", what, where, todo)
    if words.count("\ufffd") * 20 > len(words):
        return Issue("clean", "the text is unreadable: its encoding is unknown or it is damaged", where, "save it again as UTF-8")
    if len(words) < FEWEST_CHARACTERS:
        return Issue(
            "clean", f"too short for a report (fewer than {FEWEST_CHARACTERS} characters)", where, "leave it out, or give the whole text"
        )
    language = find_language(words)
    if language == UNKNOWN and said_language:
        language = said_language[:2].lower()
    if language not in (ENGLISH, UNKNOWN):
        return Issue(
            "language", f"written in {language_name(language)}; only English is read", where, "give an English version of the report"
        )
    return None


def _published(hints: Mapping[str, str], head: Head, read_day: str | None) -> tuple[str | None, str]:
    """The report's day and the doubt about it; a machine's zero is no date, a future one is kept as it was given."""
    said = hints.get("published")
    day = parse_day(said) or head.published
    doubt = doubt_day(day, today=read_day)
    if said and day is None:
        doubt = f"no date can be read in {said[:40]!r}"
    return (None if day is not None and doubt and not (read_day and day > read_day) else day), doubt
