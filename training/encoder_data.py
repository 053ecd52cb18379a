"""Turns annotated reports into what the encoder learns from: words that may say a stage, which they say, who and what fills each role."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from encoder_swaps import Edit, moved, rewritten
from judge_data import align, depth, is_amount, same_item
from tokenizers import Tokenizer

from onrecord.encoding import touched
from onrecord.extract.opinions import KINDS, ROLES, STAGES
from onrecord.extract.scene import is_party, set_scene
from onrecord.extract.triggers import find_triggers, may_tell
from onrecord.parse.encoder import END, START, TITLE
from onrecord.records import Mention, Parsed, Word

MODALITIES = ("actual", "planned", "possible", "conditional", "denied")
# The parser's own kinds of names, which the encoder learns to give so that the parser's part for them need not run.
ENTITIES = ("", "PERSON", "ORG", "GPE", "NORP", "LOC", "DATE", "FAC", "PRODUCT", "EVENT", "LAW", "WORK_OF_ART", "MONEY", "CARDINAL",
            "QUANTITY", "TIME", "PERCENT", "ORDINAL")  # fmt: skip
LONGEST = 512
WEIGHED = {kind for kinds in KINDS.values() for kind in kinds} | {"date"}
Span = tuple[int, int]


@dataclass(frozen=True)
class Named:
    """A mention: where it stands, its kind and its sentence."""

    span: Span
    kind: str
    sentence: int


@dataclass(frozen=True)
class Choice:
    """A word that may say a stage: where it stands, the right stage, its modality (-1 where none), and the right mentions by role."""

    span: Span
    sentence: int
    stage: int
    modality: int
    roles: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """One report: title and text, its mentions, its choices, and the kind of name of each word; spans count code points of the text."""

    number: int
    title: str
    text: str
    named: list[Named]
    choices: list[Choice]
    words: list[tuple[int, int, int]]


@dataclass(frozen=True)
class Example:
    """A lesson as the encoder takes it: its pieces, the kind of name that each belongs to (-1: not asked); spans count pieces."""

    number: int
    ids: list[int]
    entities: list[int]
    named: list[Named]
    choices: list[Choice]


def lesson(number: int, parsed: Parsed, gold: dict[str, Any]) -> Lesson:
    """What one annotated report teaches."""
    scene = set_scene(parsed, {})
    triggers = find_triggers(scene)
    chosen, repeats = align(parsed, triggers, gold)
    mentions = [
        mention for mention in scene.first_word if mention.kind in WEIGHED and (mention.kind not in KINDS["supplier"] or is_party(mention))
    ]
    named = [Named((m.start, m.end), m.kind, parsed.words[scene.first_word[m]].sentence) for m in mentions]
    open_words = [word for word in parsed.words if may_tell(word)]
    _align_open(parsed, open_words, gold, chosen, repeats)
    telling = sorted({t.index for t in triggers} | {word.index for word in open_words} | set(chosen))
    choices = [_choice(parsed.words[at], chosen.get(at, ("none", [])), gold, mentions) for at in telling if at not in repeats]
    words = [(w.start, w.end, ENTITIES.index(w.entity) if w.entity in ENTITIES else 0) for w in parsed.words]
    return Lesson(number, parsed.document.title, parsed.document.text, named, choices, words)


def _align_open(
    parsed: Parsed, words: list[Word], gold: dict[str, Any], chosen: dict[int, tuple[str, list[dict[str, Any]]]], repeats: set[int]
) -> None:
    """Gives each stage of the gold that no trigger tells to the highest free word of its evidence; the other words there are not asked."""
    for transfer in gold["transfers"]:
        for stage in transfer["stages"]:
            start = gold["text"].find(stage["evidence"])
            end = start + len(stage["evidence"])
            if any(start <= parsed.words[at].start < end and said == stage["stage"] for at, (said, _) in chosen.items()):
                told = next(at for at, (said, _) in chosen.items() if start <= parsed.words[at].start < end and said == stage["stage"])
                if transfer not in chosen[told][1]:
                    chosen[told][1].append(transfer)
            elif free := [w.index for w in words if start <= w.start < end and w.index not in chosen]:
                chosen[min(free, key=lambda at: (depth(parsed, at), at))] = (stage["stage"], [transfer])
            repeats.update(w.index for w in words if start <= w.start < end)
    repeats -= set(chosen)


def _choice(word: Word, told: tuple[str, list[dict[str, Any]]], gold: dict[str, Any], mentions: list[Mention]) -> Choice:
    stage, transfers = told
    modality = -1
    for transfer in transfers:
        for said in transfer["stages"]:
            start = gold["text"].find(said["evidence"])
            if said["stage"] == stage and start <= word.start < start + len(said["evidence"]):
                modality = MODALITIES.index(said["modality"])
    roles = {role: [at for at, m in enumerate(mentions) if _fills(m, role, transfers)] for role in ROLES} if transfers else {}
    return Choice((word.start, word.end), word.sentence, STAGES.index(stage), modality, roles)


def _fills(mention: Mention, role: str, transfers: list[dict[str, Any]]) -> bool:
    """Whether a mention is what the gold has in a role; of several transfers told at once the first gives the parties."""
    if mention.kind not in KINDS[role]:
        return False
    if role == "item":
        return any(same_item(transfer["equipment"], mention.name) for transfer in transfers)
    if role in {"supplier", "recipient"}:
        return mention.party in transfers[0][role]
    return is_amount(mention, transfers[0][role])


def cut(title: str, text: str, tokenizer: Tokenizer) -> tuple[list[int], np.ndarray]:
    """A report as the encoder takes it, title first: all pieces with the marks, and where each piece of the text starts and ends."""
    head = tokenizer.encode(title, add_special_tokens=False).ids[:TITLE]
    body = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(body.offsets[: LONGEST - len(head) - 3], dtype=np.int64).reshape(-1, 2)
    return [START, *head, END, *body.ids[: len(offsets)], END], offsets


def example(taught: Lesson, tokenizer: Tokenizer, *, title: list[Edit] | None = None, text: list[Edit] | None = None) -> Example:
    """A lesson in pieces, with names in title and text swapped first where edits are given."""
    edits = text or []
    ids, offsets = cut(rewritten(taught.title, title or []), rewritten(taught.text, edits), tokenizer)
    base = len(ids) - len(offsets) - 1

    def pieces(span: Span) -> Span | None:
        first, last = touched(offsets[:, 0], offsets[:, 1], *moved(span, edits))
        return (base + first, base + last) if last > first else None

    kept = [(at, span) for at, each in enumerate(taught.named) for span in [pieces(each.span)] if span]
    place = {at: new for new, (at, _) in enumerate(kept)}
    named = [replace(taught.named[at], span=span) for at, span in kept]
    choices = [
        replace(each, span=span, roles={role: [place[at] for at in right if at in place] for role, right in each.roles.items()})
        for each in taught.choices
        for span in [pieces(each.span)]
        if span
    ]
    entities = [-1] * len(ids)
    for start, end, kind in taught.words:
        span = pieces((start, end))
        for at in range(*span) if span else ():
            entities[at] = kind
    return Example(taught.number, ids, entities, named, choices)
