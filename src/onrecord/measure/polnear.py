"""This file scores who says what on articles that people marked: `onrecord measure polnear DIR`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from onrecord import flow
from onrecord.assets import english_networks
from onrecord.attribute.statements import find_statements
from onrecord.clean.document import make_document
from onrecord.measure.polnear_gold import Article, read_articles
from onrecord.measure.polnear_score import Scores
from onrecord.nets.attribution import Attribution, attributions
from onrecord.parse.words import parse_words
from onrecord.records import Finding, Parsed

# Marks that belong to what is quoted between them, in the gold though not in a statement.
OPENING, CLOSING, ENDING = "“\"‘'«", "”\"’'»", ".,!?"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--rules", is_flag=True, help="Measure the rules and their statements, also where a network is installed that reads attributions."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def polnear(folder: Path, rules: bool, as_json: bool) -> None:
    """Score who says what against articles that people marked.

    DIR holds `text/NAME.txt` and `attributions/NAME.ann` (or NAME_ANNOTATOR.ann) in brat's form, as the corpus PolNeAR does. The last
    number of the lines `source`, `cue` and `content` is the F1 of their tokens.
    """
    articles = read_articles(folder)
    started = time.perf_counter()
    scores = Scores()
    networks = None if rules else english_networks()
    found = statements(articles) if networks is None else (attributions(article.text, networks) for article in articles)
    for article, said in zip(articles, found, strict=True):
        scores.add(article, said)
    seconds = time.perf_counter() - started
    figures = {f"exact {role}": count.figures() for role, count in scores.exact.items()}
    figures |= {"linked source and content": scores.links.figures(), "direct quotes with speaker": scores.quotes.figures()}
    figures |= {role: count.figures() for role, count in scores.tokens.items()}
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    told, reader = sum(len(article.attributions) for article in articles), networks.name if networks else "the rules alone"
    click.echo(f"{len(articles)} articles with {told} attributions, read by {reader} in {seconds:.0f} s")
    for name, row in figures.items():
        click.echo(f"{name:<27} of {row['of']:<6} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}")


def statements(articles: Iterable[Article]) -> Iterator[list[Attribution]]:
    """What the rules find in each article, as the record's statements would have it."""
    documents = [make_document(article.text, key=article.name) for article in articles]
    for parsed in parse_words(documents):
        named = flow.add_mentions(parsed)
        yield [found for statement in find_statements(named) for found in [_attribution(named, statement)] if found]


def _attribution(parsed: Parsed, statement: Finding) -> Attribution | None:
    speaker, cue, content = (statement.claim(field) for field in ("speaker", "cue", "content"))
    if content is None:
        return None
    told = _with_marks(parsed.document.text, content.start, content.end)
    # A quotation without a verb of its own has itself for a cue.
    cues = ((cue.start, cue.end),) if cue and (cue.start, cue.end) != (content.start, content.end) else ()
    return Attribution(((speaker.start, speaker.end),) if speaker else (), cues, (told,))


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """A content with the quotation marks around it, and with the full stop or comma before the closing one."""
    if start and text[start - 1] in OPENING:
        start -= 1
    after = end + (text[end : end + 1] in tuple(ENDING))
    if text[after : after + 1] in tuple(CLOSING):
        end = after + 1
    return start, end
