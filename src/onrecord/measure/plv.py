"""This file scores what one party does to another on sentences in which both are marked: `onrecord measure plv FILE.tsv`."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path

import click

from onrecord import flow
from onrecord.assets import Networks, english_networks
from onrecord.clean.document import make_document
from onrecord.extract.events import judged, matches
from onrecord.extract.events_judge import own_weights
from onrecord.extract.events_scene import Scene
from onrecord.measure.plv_gold import JOINED, Pair, read_pairs
from onrecord.nets.roots import NONE, root_beliefs
from onrecord.parse.words import parse_words
from onrecord.records import Mention, Parsed

# The codes under which the rules see the marked parties, whatever their names are.
ACTOR, RECIPIENT = "org:actor", "org:recipient"


@click.command()
@click.argument("table", metavar="FILE.tsv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rules", is_flag=True, help="Measure the rules and their judge, also where a network of roots is installed.")
@click.option("--errors", is_flag=True, help="List the sentences that were judged wrongly.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def plv(table: Path, rules: bool, errors: bool, as_json: bool) -> None:
    """Score the root of PLOVER that a marked pair gets, against what people judged.

    FILE.tsv has a head and the columns `marked_sentence` (<s>actor</s>, <t>recipient</t>) and `gold_root`; it may be packed (.gz). The last
    line is the mean F1 over the roots of the file.
    """
    pairs = read_pairs(table)
    started = time.perf_counter()
    networks = None if rules else english_networks()
    known = {pair.root for pair in pairs}
    said = [answer(root, known) for root in by_rules(pairs)] if networks is None else list(by_network(pairs, networks))
    seconds = time.perf_counter() - started
    rows = root_figures([pair.root for pair in pairs], said)
    right = sum(pair.root == root for pair, root in zip(pairs, said, strict=True))
    macro = sum(row["f1"] for row in rows.values()) / len(rows)
    if as_json:
        click.echo(json.dumps({"roots": rows, "accuracy": round(right / len(pairs), 4), "macro_f1": round(macro, 4)}, indent=1))
        return
    if errors:
        for pair, root in zip(pairs, said, strict=True):
            if pair.root != root:
                click.echo(f"{pair.root} read as {root}: {pair.sentence}")
    click.echo(
        f"{len(pairs)} pairs, read by {networks.name if networks else 'the rules alone'}, {seconds / len(pairs) * 1000:.1f} ms a pair"
    )
    for root, row in rows.items():
        click.echo(f"{root:<10} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}  of {row['of']:.0f}")
    click.echo(f"accuracy {right / len(pairs):.3f}")
    click.echo(f"macro-F1 {macro:.3f}")


def answer(root: str, known: Set[str]) -> str:
    """A root of PLOVER by the name that a file with the roots `known` has for it: one that joins two roots gets both as one."""
    joined = JOINED.get(root, root)
    return joined if joined in known and root not in known else root


def root_figures(gold: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of every root that the gold holds; the macro F1 is the mean of theirs."""
    wanted, answered = Counter(gold), Counter(said)
    right = Counter(one for one, other in zip(gold, said, strict=True) if one == other)
    return {
        root: {
            "precision": round(right[root] / answered[root], 4) if answered[root] else 0.0,
            "recall": round(right[root] / wanted[root], 4),
            "f1": round(2 * right[root] / (wanted[root] + answered[root]), 4),
            "of": wanted[root],
        }
        for root in sorted(wanted)
    }


def by_network(pairs: Sequence[Pair], networks: Networks) -> Iterator[str]:
    """The root that the network believes in most, by the file's names; "nothing" is no answer where every pair of the file has an event."""
    known = {pair.root for pair in pairs}
    names = {root: answer(root, known) for root in networks.root_names if root != NONE or NONE in known}
    for pair in pairs:
        beliefs: dict[str, float] = {}
        for root, belief in root_beliefs(pair.sentence, pair.actor, pair.recipient, networks).items():
            if root in names:
                beliefs[names[root]] = beliefs.get(names[root], 0.0) + belief
        yield max(beliefs, key=lambda root: beliefs[root])


def by_rules(pairs: Sequence[Pair]) -> Iterator[str]:
    """The root that the rules and their judge give each pair; `NONE` where no word of the sentence names an act."""
    documents = [make_document(pair.sentence, key=str(number)) for number, pair in enumerate(pairs)]
    for pair, parsed in zip(pairs, parse_words(documents), strict=True):
        yield _root(_marked(flow.add_mentions(parsed), pair))


def _marked(parsed: Parsed, pair: Pair) -> Parsed:
    """The sentence with the marked parties as its own, in place of any name that overlaps them."""
    text = parsed.document.text
    ours = [
        Mention(*span, "body", text[slice(*span)], text[slice(*span)], code)
        for span, code in ((pair.actor, ACTOR), (pair.recipient, RECIPIENT))
        if span is not None
    ]
    others = [m for m in parsed.mentions if not any(m.start < o.end and o.start < m.end for o in ours)]
    return replace(parsed, mentions=tuple(sorted([*others, *ours], key=lambda m: (m.start, -m.end))))


def _root(parsed: Parsed) -> str:
    """The likeliest act of the one to the other; failing that the likeliest at all, failing that the first word that names an act."""
    events = list(judged(Scene(parsed, (), ()), own_weights(), least=0.0))
    ours = [e for e in events if ACTOR in e.reading.actor.parties and RECIPIENT in e.reading.recipient.parties]
    best = max(ours or events, key=lambda e: e.score, default=None)
    if best is not None:
        return best.match.frame.root
    return next((match.frame.root for match in matches(parsed)), NONE)
