"""Turns annotated reports into what the encoder learns from: pieces of words, triggers with their stage, who and what fills each role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from judge_data import align, is_amount, same_item
from tokenizers import Tokenizer

from onrecord.extract.opinions import KINDS, ROLES, STAGES
from onrecord.extract.scene import is_party, set_scene
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.parse.encoder import END, START, TITLE
from onrecord.records import Mention, Parsed, touched

MODALITIES = ("actual", "planned", "possible", "conditional", "denied")
# The parser's own kinds of names, which the encoder learns to give so that the parser's part for them need not run.
ENTITIES = ("", "PERSON", "ORG", "GPE", "NORP", "LOC", "DATE", "FAC", "PRODUCT", "EVENT", "LAW", "WORK_OF_ART", "MONEY", "CARDINAL",
            "QUANTITY", "TIME", "PERCENT", "ORDINAL")  # fmt: skip
LONGEST = 512
WEIGHED = {kind for kinds in KINDS.values() for kind in kinds} | {"date"}


@dataclass(frozen=True)
class Named:
    """A mention: its pieces, its kind, its sentence, and what it is called (a party's code, a designation)."""

    span: tuple[int, int]
    kind: str
    sentence: int
    name: str | None


@dataclass(frozen=True)
class Choice:
    """A trigger: its pieces, the stages that it may say, the right one, its modality (-1 where none), and the right mentions by role."""

    index: int
    span: tuple[int, int]
    sentence: int
    stages: list[int]
    stage: int
    modality: int
    roles: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """One report: its pieces, the kind of name that each belongs to (-1 where it is not asked), its mentions and its triggers."""

    number: int
    ids: list[int]
    entities: list[int]
    named: list[Named]
    choices: list[Choice]


class Pieces:
    """The pieces of a report as the encoder sees it, title first, and the way from code points to them."""

    def __init__(self, parsed: Parsed, tokenizer: Tokenizer) -> None:
        document = parsed.document
        title = tokenizer.encode(document.title, add_special_tokens=False).ids[:TITLE]
        text = tokenizer.encode(document.text, add_special_tokens=False)
        self.base = len(title) + 2
        offsets = np.array(text.offsets[: LONGEST - self.base - 1], dtype=np.int64).reshape(-1, 2)
        self.starts, self.ends = offsets[:, 0], offsets[:, 1]
        self.ids = [START, *title, END, *text.ids[: len(offsets)], END]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The pieces that `text[start:end]` touches; None where the text was cut before."""
        first, last = touched(self.starts, self.ends, start, end)
        return (self.base + first, self.base + last) if last > first else None


def example(number: int, parsed: Parsed, gold: dict[str, Any], tokenizer: Tokenizer) -> Example:
    """What one annotated report teaches."""
    scene = set_scene(parsed, {})
    triggers = find_triggers(scene)
    chosen, repeats = align(parsed, triggers, gold)
    pieces = Pieces(parsed, tokenizer)
    mentions = [
        (mention, span, parsed.words[place].sentence)
        for mention, place in scene.first_word.items()
        if mention.kind in WEIGHED and (mention.kind not in KINDS["supplier"] or is_party(mention))
        for span in [pieces.span(mention.start, mention.end)]
        if span
    ]
    named = [Named(span, m.kind, sentence, m.name if m.kind == "equipment" else m.party) for m, span, sentence in mentions]
    choices = [
        _choice(parsed, trigger, span, chosen.get(trigger.index, ("none", [])), gold, [m for m, _, _ in mentions])
        for trigger in triggers
        if trigger.index not in repeats
        for span in [pieces.span(parsed.words[trigger.index].start, parsed.words[trigger.index].end)]
        if span
    ]
    return Example(number, pieces.ids, _entities(parsed, pieces), named, choices)


def _choice(
    parsed: Parsed, trigger: Trigger, span: tuple[int, int], told: tuple[str, list[dict[str, Any]]], gold: dict[str, Any],
    mentions: list[Mention],
) -> Choice:  # fmt: skip
    stage, transfers = told
    word = parsed.words[trigger.index]
    modality = -1
    for transfer in transfers:
        for said in transfer["stages"]:
            start = gold["text"].find(said["evidence"])
            if said["stage"] == stage and start <= word.start < start + len(said["evidence"]):
                modality = MODALITIES.index(said["modality"])
    roles = {role: [at for at, m in enumerate(mentions) if _fills(m, role, transfers)] for role in ROLES} if transfers else {}
    return Choice(trigger.index, span, word.sentence, [STAGES.index(s) for s in trigger.stages], STAGES.index(stage), modality, roles)


def _fills(mention: Mention, role: str, transfers: list[dict[str, Any]]) -> bool:
    """Whether a mention is what the gold has in a role; of several transfers told at once the first gives the parties."""
    if mention.kind not in KINDS[role]:
        return False
    if role == "item":
        return any(same_item(transfer["equipment"], mention.name) for transfer in transfers)
    if role in {"supplier", "recipient"}:
        return mention.party in transfers[0][role]
    return is_amount(mention, transfers[0][role])


def _entities(parsed: Parsed, pieces: Pieces) -> list[int]:
    found = [-1] * len(pieces.ids)
    words = iter(parsed.words)
    word = next(words, None)
    for place, start in enumerate(pieces.starts, pieces.base):
        while word is not None and word.end <= start:
            word = next(words, None)
        if word is not None:
            found[place] = ENTITIES.index(word.entity) if word.entity in ENTITIES else 0
    return found
