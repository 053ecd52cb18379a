"""Measures how well the text of an article is taken out of its page, against trafilatura's own, on pages whose articles people marked.

The measure is that of the article extraction benchmark of Zyte (scrapinghub/article-extraction-benchmark): each text becomes its runs of
four words; precision and recall are taken page by page, so that long articles weigh no more than short ones, and F1 is made of their means.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import click

from onrecord.characters import decode
from onrecord.clean.article import clean_page
from onrecord.errors import BadInput

RUN = 4
WORD = re.compile(r"\w+")
TRUTH = "ground-truth.json"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one extractor reached: means over pages, and how many pages it did a second."""

    precision: float
    recall: float
    pages_a_second: float

    @property
    def f1(self) -> float:
        """F1 of the means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--worst", type=click.IntRange(0), default=0, help="List so many pages on which onrecord falls behind trafilatura most.")
def articles(folder: Path, worst: int) -> None:
    """Score the article text against people's, beside trafilatura's own in the same run.

    DIR holds ground-truth.json (page -> articleBody) and html/PAGE.html or html/PAGE.html.gz, as the article extraction benchmark of Zyte
    lays them out.
    """
    pages = list(read_pages(folder))
    click.echo(f"{len(pages)} pages\n\n{'':24}{'F1':>7}{'precision':>11}{'recall':>8}{'pages/s':>9}")
    scores: dict[str, list[tuple[float, float]]] = {}
    for name, extract in extractors().items():
        began = time.perf_counter()
        found = [extract(body) for _, body, _ in pages]
        took = time.perf_counter() - began
        scores[name] = [overlap(text, truth) for text, (_, _, truth) in zip(found, pages, strict=True)]
        result = total(scores[name], len(pages) / took)
        click.echo(f"{name:24}{result.f1:7.3f}{result.precision:11.3f}{result.recall:8.3f}{result.pages_a_second:9.1f}")
    ours, theirs = scores["onrecord"], scores["trafilatura"]
    behind = sorted((f1_of(one) - f1_of(other), page[0]) for one, other, page in zip(ours, theirs, pages, strict=True))
    for difference, key in behind[:worst]:
        click.echo(f"{difference:+.3f}  {key}")


def read_pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Each page's key, its bytes, and its article as a person marked it."""
    try:
        truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
        for key, marked in truth.items():
            plain, packed = folder / "html" / f"{key}.html", folder / "html" / f"{key}.html.gz"
            yield key, plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes()), marked.get("articleBody", "")
    except (OSError, ValueError, AttributeError) as error:
        raise BadInput(f"{folder}: not laid out as the benchmark is: {error}; give the folder that holds {TRUTH} and html/") from error


def extractors() -> dict[str, Callable[[bytes], str]]:
    """Who takes the text out of a page's bytes, by name."""
    import trafilatura

    return {
        "onrecord": _by_onrecord,
        "trafilatura": lambda body: trafilatura.extract(decode(body), include_comments=False) or "",
        "trafilatura, fast": lambda body: trafilatura.extract(decode(body), include_comments=False, fast=True) or "",
    }


def overlap(found: str, truth: str) -> tuple[float, float]:
    """Precision and recall of a text's runs of words; a text without words scores only where there is nothing to find."""
    left, right = _runs(found), _runs(truth)
    both = (left & right).total()
    if not left or not right:
        return (1.0, 1.0) if not left and not right else (0.0, 0.0)
    return both / left.total(), both / right.total()


def total(scores: list[tuple[float, float]], pages_a_second: float) -> Extracted:
    """The means of all pages."""
    return Extracted(mean(precision for precision, _ in scores), mean(recall for _, recall in scores), pages_a_second)


def f1_of(score: tuple[float, float]) -> float:
    """F1 of one page."""
    return 2 * score[0] * score[1] / (score[0] + score[1]) if score[0] + score[1] else 0.0


def _by_onrecord(body: bytes) -> str:
    try:
        return clean_page(body, None)[0]
    except BadInput:
        return ""


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(run for start in range(max(1, len(words) - RUN + 1)) if (run := tuple(words[start : start + RUN])))
