"""Takes the report out of a web page: its text without menus and scripts, its title, outlet, and original and updated day kept apart."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import htmldate
import trafilatura
from lxml import etree

from onrecord.clean.dates import parse_day
from onrecord.clean.head import Head
from onrecord.errors import BadInput

# An element tree of lxml, which has no types of its own.
Tree = Any
# Extraction slows faster than a page's elements grow: 40,000 take 3 to 8 seconds, 800,000 take 33 and a gigabyte (measured on pages of
# small paragraphs).
MOST_ELEMENTS = 40_000
# The parser compares a tag's attributes each with each: 300,000 take minutes. Real tags have at most some dozens.
MOST_ATTRIBUTES = 500
# Tags shorter than this cannot hold so many that it matters.
LONG_TAG = re.compile(r"<[A-Za-z][^<>]{2000,}")
VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
ATTRIBUTE = re.compile(r"[^\s/=]+")
# What trafilatura and htmldate search again and again with patterns: a megabyte of it takes them ten seconds. The fields that are read
# here are cut to 500 letters; data blocks of large sites reach 200 kB.
LONGEST_ATTRIBUTE, LONGEST_SCRIPT = 2_000, 300_000
# Twice the text that one report may have (clean/article.py): the other half is menus and comments.
MOST_TEXT = 1_000_000
# Pages below this many letters are not looked at piece by piece, nor those whose elements could not lie so deep: that is nearly all.
LARGE = 300_000
# The parser goes no deeper than 255. Depths added up are 30,000 on an ordinary page and 400,000 on a huge one; 800,000 take 10 seconds.
DEEPEST, MOST_DEPTHS = 255, 500_000
# Below this the extractor has found a caption or a menu; the page's own data block then knows better.
SHORT = 200
# What a browser begins a new line for.
BLOCKS = tuple("p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote tr td table section article hr pre".split())
TITLES = ("meta[@property='og:title']/@content", "meta[@name='twitter:title']/@content", "h1", "title")
OUTLETS = ("meta[@property='og:site_name']/@content", "meta[@name='application-name']/@content", "meta[@name='publisher']/@content")
UPDATES = (
    "meta[@property='article:modified_time']/@content",
    "meta[@property='og:updated_time']/@content",
    "meta[@name='last-modified']/@content",
    "*[@itemprop='dateModified']/@content",
    "*[@itemprop='dateModified']/@datetime",
)


def read_webpage(page: str, *, today: str | None = None) -> tuple[str, Head]:
    """The report's text, one blank line between paragraphs, and what the page says of it; `BadInput` where the page is no page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    tree = _tree(page)
    data = _article_data(tree)
    head = _head(tree, data, today)
    found = trafilatura.bare_extraction(tree, fast=True, include_comments=False)
    text = (getattr(found, "text", "") or "") if found else ""
    body = data.get("articleBody")
    if len(text) < SHORT and isinstance(body, str) and len(body) > len(text):
        text = body
    if not text.strip():
        text = _plain_text(tree)
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip()), head


def read_part(page: str) -> str:
    """The text of a piece of a page that is all report, as in a feed or a newsletter: every word, a blank line between paragraphs."""
    tree = _tree(page)
    for element in tree.xpath("//script|//style|//noscript|//template|//head|//figure|//iframe|//form"):
        element.drop_tree()
    for element in tree.iter(*BLOCKS):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n\n".join(line for line in lines if line)


def _tree(page: str) -> Tree:
    page = LONG_TAG.sub(_cut_tag, page)
    # A lone paragraph is a page too, though the parser's own check holds it for something else.
    tree = trafilatura.load_html(page if "<body" in page[:20000].lower() else f"<html><body><div>{page}</div></body></html>")
    if tree is None:
        raise BadInput("not readable as a web page")
    elements = sum(1 for _, _ in zip(tree.iter(), range(MOST_ELEMENTS + 1), strict=False))
    if elements > MOST_ELEMENTS:
        raise BadInput(f"a page of more than {MOST_ELEMENTS:,} elements")
    if elements * DEEPEST > MOST_DEPTHS and _depths(tree) > MOST_DEPTHS:
        raise BadInput("a page nested far deeper than pages are")
    if len(page) > LARGE:
        _cut_long_pieces(tree)
    return tree


def _cut_tag(match: re.Match[str]) -> str:
    """A tag as it is, or its beginning where it has more attributes than tags have; in a script, words that only look like a tag go too."""
    tag = match.group()
    return tag if len(ATTRIBUTE.findall(VALUE.sub("=", tag))) <= MOST_ATTRIBUTES else tag[:1000]


def _depths(tree: Tree) -> int:
    """The depths of all elements added up, which is what the extraction's time grows with."""
    total = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        total += depth
    return total // 2


def _cut_long_pieces(tree: Tree) -> None:
    """Cuts attributes and scripts that are longer than anything in them is read, and refuses a page of more text than a report has."""
    text = 0
    for element in tree.iter():
        for name, value in element.items():
            if len(value) > LONGEST_ATTRIBUTE:
                element.set(name, value[:LONGEST_ATTRIBUTE])
        if element.tag in ("script", "style") or not isinstance(element.tag, str):
            if len(element.text or "") > LONGEST_SCRIPT:
                element.text = ""
        else:
            text += len(element.text or "")
        text += len(element.tail or "")
    if text > MOST_TEXT:
        raise BadInput(f"a page of more text than one report can hold (limit {MOST_TEXT:,} characters)")


def _head(tree: Tree, data: Mapping[str, Any], today: str | None) -> Head:
    published = parse_day(_said(data.get("datePublished"))) or _original_day(tree, today)
    updated = parse_day(_said(data.get("dateModified"))) or parse_day(_first(tree, UPDATES))
    return Head(
        title=_said(data.get("headline")) or _first(tree, TITLES),
        outlet=_said(data.get("publisher")) or _first(tree, OUTLETS),
        published=published,
        updated=updated if published is None or updated is None or updated >= published else None,
    )


def _original_day(tree: Tree, today: str | None) -> str | None:
    try:
        day: str | None = htmldate.find_date(tree, original_date=True, max_date=today)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None  # htmldate stumbles over odd stamps; a page without a date is still a report
    return day


def _first(tree: Tree, paths: tuple[str, ...]) -> str:
    """The first of several places in a page that holds words."""
    for path in paths:
        for found in tree.xpath(f"//{path}")[:3]:
            said = " ".join((found if isinstance(found, str) else found.text_content()).split())
            if said:
                return said[:500]
    return ""


def _article_data(tree: Tree) -> Mapping[str, Any]:
    """The schema.org article that a page carries in a script, or an empty mapping."""
    for script in tree.xpath("//script[@type='application/ld+json']")[:20]:
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(value, 4):
            kind = item.get("@type")
            if any(str(k).endswith(("Article", "BlogPosting")) for k in (kind if isinstance(kind, list) else [kind])):
                return item
    return {}


def _objects(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _objects(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth - 1)
        yield from _objects(value.get("mainEntity"), depth - 1)


def _said(value: Any) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(str(value).split())[:500] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _plain_text(tree: Tree) -> str:
    """All words of a page's body, for pages so small or odd that no article stands out; menus of real pages never get here."""
    for element in tree.xpath("//script|//style|//noscript|//template|//nav|//header|//footer|//form"):
        element.drop_tree()
    body = tree.find("body")
    return "\n".join((body if body is not None else tree).itertext())
