"""This file lays one annotator's gold beside another's: `onrecord measure agreement FIRST SECOND`.

Two folders of annotated reports are compared by the scores of `onrecord measure`, the first taken for the gold; two files of sentence
pairs by their roots. Only what both annotated counts. Each figure has its interval of 95 in 100, as samples of this kind and size differ.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from onrecord.errors import BadInput
from onrecord.measure.gold import read_gold
from onrecord.measure.score import score

# A pair of mentions in a sentence (the sentence and both spans), and the root and modality that an annotator gave it.
Place = tuple[str, tuple[int, int], tuple[int, int]]
Answer = tuple[str, str | None]
Unit = TypeVar("Unit")

NO_EVENT = "NONE"
# Resamples for an interval (the percentile bootstrap of Efron 1979): the third decimal of its ends still moves, the second does not.
RESAMPLES = 1000
SEED = 0


@click.command("agreement")
@click.argument("first", metavar="FIRST", type=click.Path(exists=True, path_type=Path))
@click.argument("second", metavar="SECOND", type=click.Path(exists=True, path_type=Path))
@click.option("--errors", is_flag=True, help="List what the two read differently.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def agreement(first: Path, second: Path, errors: bool, as_json: bool) -> None:
    """Score how far two annotators of the same texts agree.

    FIRST and SECOND are both folders of annotated reports, or both files of sentence pairs (JSON lines). FIRST is taken for the gold; F1 is
    the same either way. What only one of them holds is left out.
    """
    if first.is_dir() != second.is_dir():
        raise BadInput(f"{second}: one is a folder and the other a file; name two folders of reports or two files of sentence pairs")
    said, figures, differences = compare_reports(first, second) if first.is_dir() else compare_pairs(first, second)
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    click.echo(said)
    for name, row in figures.items():
        figure = f"{row['figure']:.3f}  {row['low']:.3f} to {row['high']:.3f}"
        click.echo(f"{name:32} {figure}  first {row['first']:4}  second {row['second']:4}")
    if errors:
        click.echo("\n".join(differences))


def compare_reports(first: Path, second: Path) -> tuple[str, dict[str, dict[str, float]], list[str]]:
    """What is compared, F1 of each row of the score with its interval, and the differences, for the reports in both folders."""
    gold, other = read_gold(first).reports, read_gold(second).reports
    names = _both(gold, other, second)
    for name in names:
        if gold[name]["text"] != other[name]["text"]:
            raise BadInput(f"{second / name}.json: its text is not that of {first / name}.json; annotate the same text to compare")
    tallies = [score({name: gold[name]}, {name: other[name]}) for name in names]
    titles = dict.fromkeys(title for tally in tallies for title in tally.counts)
    figures = {title: _figures([tuple(tally.counts.get(title, (0, 0, 0))) for tally in tallies], _f1) for title in titles}
    return f"F1 over {len(names)} reports", figures, [line for tally in tallies for line in tally.errors]


def compare_pairs(first: Path, second: Path) -> tuple[str, dict[str, dict[str, float]], list[str]]:
    """What is compared, the figures of roots and modalities with their intervals, and the differences, for the pairs in both files."""
    gold, other = read_answers(first), read_answers(second)
    places = _both(gold, other, second)
    sentences: dict[str, list[tuple[Answer, Answer]]] = {}
    for place in places:
        sentences.setdefault(place[0], []).append((gold[place], other[place]))
    measures: dict[str, Callable[[Sequence[list[tuple[Answer, Answer]]]], float]] = {
        "root accuracy": lambda sample: _accuracy([pair for pairs in sample for pair in pairs]),
        "root kappa": lambda sample: _kappa([pair for pairs in sample for pair in pairs]),
        "event F1": lambda sample: _f1([_event_counts(pairs) for pairs in sample]),
        "modality accuracy": lambda sample: _modality([pair for pairs in sample for pair in pairs]),
    }
    counts = [_event_counts(pairs) for pairs in sentences.values()]
    sizes = {"first": sum(count[0] for count in counts), "second": sum(count[1] for count in counts)}
    figures = {name: {**_interval(list(sentences.values()), measure), **sizes} for name, measure in measures.items()}
    differences = [_difference(place, gold[place], other[place]) for place in places if gold[place] != other[place]]
    return f"{len(places)} pairs in {len(sentences)} sentences", figures, differences


def read_answers(path: Path) -> dict[Place, Answer]:
    """The root and modality of each pair of a file of JSON lines as in gold/sentences; a line of another form is a `BadInput`."""
    answers: dict[Place, Answer] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}; name a file of sentence pairs, one JSON object a line") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place, answer = _answer(f"{path}:{number}", line)
            answers[place] = answer
    return answers


def _answer(where: str, line: str) -> tuple[Place, Answer]:
    try:
        row = json.loads(line)
        actor, recipient = ((int(row[side][0]), int(row[side][1])) for side in ("actor", "recipient"))
        return (str(row["sentence"]), actor, recipient), (str(row["root"]), row["modality"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise BadInput(f"{where}: no sentence pair ({error!r}); it needs sentence, actor, recipient, root and modality") from error


def _both(gold: Mapping[Unit, Any], other: Mapping[Unit, Any], second: Path) -> list[Unit]:
    shared = [name for name in gold if name in other]
    if not shared:
        raise BadInput(f"{second}: holds nothing that the first annotator read too; name two readings of the same texts")
    return shared


def _figures(counts: Sequence[tuple[int, ...]], measure: Callable[[Sequence[tuple[int, ...]]], float]) -> dict[str, float]:
    sizes = {"first": sum(count[0] for count in counts), "second": sum(count[1] for count in counts)}
    return {**_interval(counts, measure), **sizes}


def _interval(units: Sequence[Unit], measure: Callable[[Sequence[Unit]], float]) -> dict[str, float]:
    """A figure and its interval of 95 in 100: whole reports or sentences are drawn anew, as what stands in one goes together."""
    chance = random.Random(SEED)
    drawn = sorted(measure(chance.choices(units, k=len(units))) for _ in range(RESAMPLES))
    low, high = drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES) - 1]
    return {"figure": round(measure(units), 3), "low": round(low, 3), "high": round(high, 3)}


def _f1(counts: Sequence[tuple[int, ...]]) -> float:
    """F1 of counts of (first, second, both); 0 where neither has any."""
    first, second, hits = (sum(count[place] for count in counts) for place in range(3))
    return 2 * hits / (first + second) if first + second else 0.0


def _event_counts(pairs: Sequence[tuple[Answer, Answer]]) -> tuple[int, int, int]:
    roots = [(left[0], right[0]) for left, right in pairs]
    return (
        sum(left != NO_EVENT for left, _ in roots),
        sum(right != NO_EVENT for _, right in roots),
        sum(left == right != NO_EVENT for left, right in roots),
    )


def _accuracy(pairs: Sequence[tuple[Answer, Answer]]) -> float:
    return sum(left[0] == right[0] for left, right in pairs) / len(pairs)


def _kappa(pairs: Sequence[tuple[Answer, Answer]]) -> float:
    """Cohen's kappa (1960): how far two annotators agree beyond what the frequency of their roots makes likely; 1 where all is one root."""
    left, right = Counter(pair[0][0] for pair in pairs), Counter(pair[1][0] for pair in pairs)
    expected = sum(left[root] * right[root] for root in left) / len(pairs) ** 2
    return (_accuracy(pairs) - expected) / (1 - expected) if expected < 1 else 1.0


def _modality(pairs: Sequence[tuple[Answer, Answer]]) -> float:
    """How often the modality agrees where both give one root and it is an event."""
    agreed = [left[1] == right[1] for left, right in pairs if left[0] == right[0] != NO_EVENT]
    return sum(agreed) / len(agreed) if agreed else 0.0


def _difference(place: Place, first: Answer, second: Answer) -> str:
    sentence, actor, recipient = place
    answers = f"{' '.join(map(str, first))}, second {' '.join(map(str, second))}"
    return f"{sentence[slice(*actor)]} > {sentence[slice(*recipient)]}: {answers}: {sentence}"
