"""Reads reports out of JSON: the gold form (id, title, outlet, published, lang, text), schema.org articles, lists and lines of both."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from onrecord.characters import decode
from onrecord.read.long_lists import list_items
from onrecord.read.pages import MOST_BYTES, read_whole, stem, too_large
from onrecord.records import Issue, Raw

# Where each hint may stand, first match wins: our own name, schema.org's, then what feeds and scrapers write.
FIELDS: dict[str, tuple[str, ...]] = {
    "key": ("id", "identifier", "@id", "_id"),
    "title": ("title", "headline", "name"),
    "outlet": ("outlet", "publisher", "sourceOrganization", "source", "isPartOf"),
    "published": ("published", "datePublished", "published_at", "publishedAt", "date", "dateCreated"),
    "updated": ("updated", "dateModified", "updated_at", "updatedAt"),
    "language": ("lang", "inLanguage", "language"),
    "url": ("url", "mainEntityOfPage", "link"),
}
TEXTS = ("text", "articleBody", "body", "content")
LISTS = ("@graph", "reports", "articles", "items", "documents")
# The answers of a gold folder over all of its reports: no report itself, and nothing is wrong with it.
ANSWERS = {"same_report", "same_transfer", "same_person", "conflicts"}
# A file whose first lines are all broken is no file of JSON lines; one Issue says so instead of one a line.
BROKEN_AT_FIRST = 20
MARKUP = re.compile(r"</(?:p|div|article)>", re.IGNORECASE)


def read_json(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """Every report in one JSON value: an object, a list, an object that holds a list, or, mislabelled, JSON lines."""
    start = stream.read(MOST_BYTES + 1)
    if len(start) > MOST_BYTES and start.lstrip().startswith(b"["):
        yield from read_long_list(name, start, stream)
        return
    body = read_whole(name, cast(BinaryIO, io.BytesIO(start)))
    if isinstance(body, Issue):
        yield body
        return
    text = decode(body)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Extra data") and text.count("\n", 0, error.pos) == 1:
            yield from _read_lines(name, iter(text.encode("utf-8", "surrogatepass").splitlines()))
        else:
            yield Issue(
                "read",
                f"broken JSON: {_fault(error)}",
                f"{name}, line {error.lineno}, character {error.colno}",
                "save the file again; it may be cut off",
            )
        return
    except (RecursionError, ValueError):
        yield Issue("read", "JSON nested too deep or with a number too long to be a report", name, "leave it out")
        return
    yield from _reports(name, value)


def read_long_list(name: str, start: bytes, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """The reports of a list that is too long to be held whole, one at a time; an Issue at the place where it breaks off."""
    number = found = 0
    for item in list_items(start, stream):
        number += 1
        if item is None:
            yield Issue("read", "broken JSON, or cut off", f"{name}, item {number}", "save the file again; what stands before was read")
            return
        for report in _objects(item):
            if any(field in report for field in TEXTS):
                found += 1
                yield read_report(report, name, f"{name}, report {found}", f"{stem(name)}-{found}")
    if not found:
        yield Issue("read", "no report in it: no field text or articleBody", name, "give id, title, outlet, published, lang and text")


def read_json_lines(name: str, stream: BinaryIO) -> Iterator[Raw | Issue]:
    """One report a line; a broken line gives one Issue with its number, and the rest go on."""
    yield from _read_lines(name, _bounded_lines(stream))


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their ends; None in place of a line that is longer than a report may be, which is never held whole."""
    while line := stream.readline(MOST_BYTES + 1):
        if len(line) <= MOST_BYTES or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield None


def _read_lines(name: str, lines: Iterator[bytes | None]) -> Iterator[Raw | Issue]:
    broken: list[Issue] = []
    good = seen = False
    for number, line in enumerate(lines, 1):
        where = f"{name}, line {number}"
        if number == 1 and line and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield Issue("read", "JSON lines in UTF-16", name, "save the file as UTF-8")
            return
        if line is not None and not line.strip():
            continue
        seen = True
        value = too_large(where) if line is None else _parse_line(where, line)
        if isinstance(value, Issue):
            if good:
                yield value
                continue
            broken.append(value)
            if len(broken) == BROKEN_AT_FIRST:
                yield Issue(
                    "read", f"the first {BROKEN_AT_FIRST} lines are no JSON", name, "give one report a line, or name the file .txt or .json"
                )
                return
            continue
        if not good:
            yield from broken
        good, broken = True, []
        yield from _reports(name, value, number)
    if not good:
        yield from broken
    if not seen:
        yield Issue("read", "the file is empty", name, "leave it out or save the reports again")


def _parse_line(where: str, line: bytes) -> Any:
    text = decode(line)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Issue(
            "read",
            f"broken JSON: {_fault(error)}",
            f"{where}, character {error.colno}",
            "mend or remove this line; the other lines were read",
        )
    except (RecursionError, ValueError):
        return Issue("read", "JSON nested too deep or with a number too long to be a report", where, "remove this line")


def _fault(error: json.JSONDecodeError) -> str:
    cut = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
    return "cut off" if cut else f"{error.msg[0].lower()}{error.msg[1:]}"


def _reports(name: str, value: Any, line: int | None = None) -> Iterator[Raw | Issue]:
    """The reports of one JSON value, in order; one Issue where it holds none."""
    place = f"{name}, line {line}" if line else name
    if isinstance(value, dict) and ANSWERS & value.keys() and not any(field in value for field in TEXTS):
        return
    objects = list(_objects(value))
    found = [o for o in objects if any(field in o for field in TEXTS)]
    if not found:
        yield Issue("read", "no report in it: no field text or articleBody", place, "give id, title, outlet, published, lang and text")
    for number, report in enumerate(found, 1):
        alone = len(found) == 1 and line is None
        many = len(found) > 1
        where = f"{place}, report {number}" if many else place
        fallback = stem(name) if alone else "-".join([stem(name), *([str(line)] if line else []), *([str(number)] if many else [])])
        yield read_report(report, name, where, fallback)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _objects(item)
    elif isinstance(value, dict):
        inner = next((value[field] for field in LISTS if isinstance(value.get(field), list)), None)
        if inner is None or any(isinstance(value.get(field), str) for field in TEXTS):
            yield value
        else:
            yield from _objects(inner)


def read_report(report: Mapping[str, Any], name: str, where: str, fallback: str) -> Raw | Issue:
    """The report that an object's fields hold, keyed by its own id or else the `fallback`; an Issue where its text is none."""
    field = next(f for f in TEXTS if f in report)
    text = report[field]
    if not isinstance(text, str) or not text.strip():
        return Issue("read", f"the field {field} holds no text", where, "give the report's text there, or leave the report out")
    hints = {hint: said for hint, fields in FIELDS.items() if (said := _first(report, fields))}
    hints["key"] = hints.get("key") or fallback
    hints["where"] = where
    url = hints.pop("url", "")
    uri = url if re.match(r"https?://", url) else name if where == name else f"{name}#{hints['key']}"
    markup = field != "text" and MARKUP.search(text)
    body = text.encode("utf-8", "surrogatepass")
    return Raw(uri, "text/html" if markup else "application/json", body, hints)


def _first(report: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    return next((said for field in fields if (said := plain_value(report.get(field)))), "")


def plain_value(value: Any) -> str:
    """A JSON value as one line of text: of an object its name, of a list its first item."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("name") or value.get("alternateName") or value.get("@id") or value.get("url") or ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
