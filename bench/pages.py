"""The web pages that bench/stream.py reads: real ones from a folder or invented ones, varied, and one in a hundred about an arms deal."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import GOLD

from onrecord.clean.article import clean_raw
from onrecord.records import Document, Raw

SEED = 11
RELEVANT = 100
PARAGRAPH = re.compile(r"<p\b[^<>]*>.*?</p\s*>", re.DOTALL | re.IGNORECASE)
TITLE = re.compile(r"(<title[^<>]*>).*?(</title>)", re.DOTALL | re.IGNORECASE)
SCRIPT = re.compile(r"<(script|style|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
# Paragraphs of fewer letters are captions and menus: they stay where a report takes an article's place.
FEWEST_LETTERS = 60
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def mixed(count: int, folder: Path | None = None) -> Iterator[tuple[bytes, bool]]:
    """That many pages, each with whether it is about an arms deal: one in RELEVANT is, in the place of another page's article."""
    chance = random.Random(SEED)
    sources = real_pages(folder) if folder else [invented_page(chance) for _ in range(40)]
    reports = deal_reports()
    frames = [frame for page in sources if (frame := _frame(page)) and _is_sound(frame, reports[0])]
    for number in range(count):
        if number % RELEVANT == RELEVANT - 1:
            report = reports[number // RELEVANT % len(reports)]
            yield _in_frame(frames[number // RELEVANT * 7 % len(frames)], report["title"], report["text"]), True
        else:
            yield _varied(sources[number % len(sources)], number), False


def deal_reports() -> list[dict[str, Any]]:
    """The reports on deals that no point of the gate was set on, as they are: other figures would make other equipment of an F-16."""
    paths = [path for part in ("dev", "more") for path in sorted((GOLD / part).glob("*.json"))]
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [report for report in found if isinstance(report, dict) and report.get("transfers") and "text" in report]


def real_pages(folder: Path) -> list[str]:
    """The pages of a folder of .html and .html.gz files, or of a tar archive of them."""
    if folder.is_file():
        with tarfile.open(folder) as archive:
            found = [(m.name, archive.extractfile(m).read()) for m in archive if m.isfile() and ".html" in m.name]  # type: ignore[union-attr]
    else:
        found = [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*.html*"))]
    if not found:
        raise SystemExit(f"{folder} holds no .html or .html.gz file")
    return [(gzip.decompress(body) if name.endswith(".gz") else body).decode("utf-8", "replace") for name, body in sorted(found)]


def invented_page(chance: random.Random) -> str:
    """A page of invented words, with as much script, style and menu around its article as real news pages have."""
    links = "".join(f'<li class="item"><a href="/{n}">{_words(chance, 7)}</a></li>' for n in range(120))
    scripts = "".join(f"<script>var a{n}={{{','.join(f'k{k}:{chance.random()}' for k in range(150))}}};</script>" for n in range(30))
    styles = "".join(f".c{n} > .d{n}{{margin:{n}px;color:#{n:06x}}}\n" for n in range(800))
    article = "".join(f"<p>{_words(chance, 60).capitalize()}.</p>" for _ in range(14))
    boxes = "".join(f'<div class="box"><a href="/b{n}"><h3>{_words(chance, 9)}</h3></a><p>{_words(chance, 8)}</p></div>' for n in range(40))
    head = f"<title>{_words(chance, 8)}</title><style>{styles}</style>{scripts}"
    middle = f"<article><h1>{_words(chance, 8)}</h1>{article}</article><aside>{boxes}</aside>{scripts}"
    menu = f"<ul>{links}</ul>"
    return f"<!doctype html><html><head>{head}</head><body><nav>{menu}</nav>{middle}<footer>{menu}</footer></body></html>"


def _words(chance: random.Random, count: int) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))


def _varied(page: str, number: int) -> bytes:
    """The page with other figures in its first paragraphs, so that no two are the same."""
    first = PARAGRAPH.search(page)
    at = first.start() if first else len(page) // 2
    return f"{page[:at]}<p>Item {number} of the day.</p>{page[at:]}".encode()


def _frame(page: str) -> tuple[str, str] | None:
    """A page cut in two where its longest paragraph stands, without the article; None where no article is to be seen."""
    hidden = [(match.start(), match.end()) for match in SCRIPT.finditer(page)]
    shown = [m for m in PARAGRAPH.finditer(page) if not any(start < m.start() < end for start, end in hidden)]
    if len(shown) < 4:
        return None
    middle = max(shown, key=lambda match: _letters(match.group()))
    head, tail = (PARAGRAPH.sub(_short_only, part) for part in (page[: middle.start()], page[middle.end() :]))
    if head.lower().rfind("<footer") > head.lower().rfind("</footer"):
        return None
    return TITLE.sub(r"\1@title@\2", head, count=1), tail


def _is_sound(frame: tuple[str, str], report: dict[str, Any]) -> bool:
    """Whether an article in this place is found at all: a longest paragraph may be a reader's comment, or stand in a hidden box."""
    raw = Raw("https://example.org/", "text/html", _in_frame(frame, report["title"], report["text"]), {})
    found = [item for item in clean_raw(raw) if isinstance(item, Document)]
    return bool(found) and all(line[:40] in found[0].text for line in report["text"].split("\n") if len(line) > FEWEST_LETTERS)


def _short_only(match: re.Match[str]) -> str:
    return match.group() if _letters(match.group()) < FEWEST_LETTERS else ""


def _letters(markup: str) -> int:
    return len(re.sub(r"<[^<>]*>", "", markup))


def _in_frame(frame: tuple[str, str], title: str, text: str) -> bytes:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n") if line.strip())
    head, tail = frame
    return f"{head.replace('@title@', html.escape(title))}<h1>{html.escape(title)}</h1>\n{paragraphs}{tail}".encode()
