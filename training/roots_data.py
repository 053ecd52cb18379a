"""Gathers marked pairs and what the one does to the other, from this project's sentences and reports and from a table like PLV."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from onrecord import flow, vocab
from onrecord.clean.document import make_document
from onrecord.measure.plv_gold import JOINED, read_pairs
from onrecord.nets.roots import NONE, Span, mark_pair
from onrecord.parse.words import parse_words
from onrecord.records import Mention, Parsed
from onrecord.syntax import mentions_in

ROOTS = (NONE, *sorted(vocab.meanings("plover")["roots"]))
# Pairs without an event that one sentence of a report gives.
NONES = 2


@dataclass(frozen=True)
class Row:
    """A pair: pieces with signs, where the signs before actor and recipient stand (0, the first piece, where there is none), right roots.

    `right` has more than one root where the source of the row tells them not apart; `group` is what must not be torn between folds.
    """

    ids: list[int]
    actor: int
    recipient: int
    right: tuple[int, ...]
    group: str
    eventful: bool


def row(text: str, actor: Span | None, recipient: Span | None, roots: Iterable[str], tokenizer: Tokenizer, *, eventful: bool) -> Row:
    """A marked sentence in pieces; `eventful` rows come from a source in which every pair has an event."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    starts, ends = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2).T
    ids, signs = mark_pair(list(encoded.ids), starts, ends, actor, recipient)
    return Row(ids, *signs, tuple(ROOTS.index(root) for root in roots), text, eventful)


def plv_rows(path: Path, tokenizer: Tokenizer) -> list[Row]:
    """The rows of a table like PLV."""
    apart: dict[str, list[str]] = {}
    for root, joined in JOINED.items():
        apart.setdefault(joined, []).append(root)
    return [row(p.sentence, p.actor, p.recipient, apart.get(p.root, [p.root]), tokenizer, eventful=True) for p in read_pairs(path)]


def sentence_rows(folder: Path, tokenizer: Tokenizer) -> list[Row]:
    """The pairs of `gold/sentences`."""
    told = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row(each["sentence"], each["actor"], each["recipient"], [each["root"]], tokenizer, eventful=False) for each in told]


def report_rows(folders: Sequence[Path], tokenizer: Tokenizer, seed: int) -> list[Row]:
    """Pairs of annotated reports: each event whose parties its own sentences name, and pairs between which the report tells of none."""
    golds = {
        p.stem: json.loads(p.read_text(encoding="utf-8")) for folder in folders for p in sorted(folder.glob("*.json")) if p.stem != "links"
    }
    documents = [make_document(g["text"], key=key, title=g["title"], published=g["published"]) for key, g in golds.items()]
    rng = random.Random(seed)
    found: list[Row] = []
    for parsed in map(flow.add_mentions, parse_words(documents)):
        gold = golds[parsed.document.key]
        for text, actor, recipient, root in [*_events(parsed, gold), *_nothings(parsed, gold, rng)]:
            found.append(row(text, actor, recipient, [root], tokenizer, eventful=False))
    return found


def _events(parsed: Parsed, gold: Mapping[str, Any]) -> Iterator[tuple[str, Span, Span, str]]:
    for event in gold["events"]:
        start = parsed.document.text.find(event["evidence"])
        inside = [s for s in parsed.sentences if s.start < start + len(event["evidence"]) and start < s.end]
        if start < 0 or not inside:
            continue
        low, high = inside[0].start, inside[-1].end
        parties = [m for m in mentions_in(parsed, low, high) if m.party]
        sides = [[m for m in parties if m.party in event[role]] for role in ("actor", "recipient")]
        pairs = [(a, r) for a in sides[0] for r in sides[1] if a.end <= r.start or r.end <= a.start]
        if pairs:
            actor, recipient = min(pairs, key=lambda pair: abs(pair[0].start - pair[1].start))
            yield parsed.document.text[low:high], *_spans(low, actor, recipient), event["plover"]


def _nothings(parsed: Parsed, gold: Mapping[str, Any], rng: random.Random) -> Iterator[tuple[str, Span, Span, str]]:
    told = {(a, r) for event in gold["events"] for a in event["actor"] for r in event["recipient"]}
    for sentence in parsed.sentences:
        parties = [m for m in mentions_in(parsed, sentence.start, sentence.end) if m.party]
        pairs = [(a, r) for a in parties for r in parties if a.party != r.party and (a.party, r.party) not in told]
        pairs = [(a, r) for a, r in pairs if a.end <= r.start or r.end <= a.start]
        for actor, recipient in rng.sample(pairs, min(NONES, len(pairs))):
            yield parsed.document.text[sentence.start : sentence.end], *_spans(sentence.start, actor, recipient), NONE


def _spans(low: int, actor: Mention, recipient: Mention) -> tuple[Span, Span]:
    return (actor.start - low, actor.end - low), (recipient.start - low, recipient.end - low)


def file_digest(*paths: Path) -> str:
    """A hash of files, or of the annotated files of folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.glob("*.json*")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()
