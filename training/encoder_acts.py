"""Trains the heads that tell events from the vectors of a trained encoder: which PLOVER root a word tells, who acts, and towards whom.

The encoder itself stays as it is, so the heads cost a minute. What is right comes from the choices of train_events.py.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from base_net import HIDDEN
from encoder_net import KEY, SEED, arrays, two_layers
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from train_events import Choice, read_sentences, report_choices, sentence_choices

from onrecord.attribute.statements import find_statements
from onrecord.choosing import Models
from onrecord.encoding import Encoding
from onrecord.extract.events_opinions import ROLES, ROOTS
from onrecord.extract.events_scene import Scene
from onrecord.extract.opinions import distances
from onrecord.extract.transfers import find_transfers
from onrecord.records import Finding, Parsed

EPOCHS, RATE, DECAY, SMOOTHING, STEP = 12, 1e-3, 0.05, 0.05, 16
# In the vectors of an encoder that learnt other things, half of what is there is noise: so much is left out at each step.
DROPOUT = 0.3


@dataclass(frozen=True)
class Lesson:
    """The words of one text that may tell an event: their vectors, the right root of each, and who has which role in it."""

    words: Tensor
    roots: Tensor
    mentions: Tensor
    apart: Tensor
    right: list[list[list[int]]]


class ActHeads(nn.Module):
    """The heads."""

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(DROPOUT)
        self.root = two_layers(len(ROOTS))
        self.query = nn.Linear(HIDDEN, KEY * len(ROLES))
        self.key = nn.Linear(HIDDEN, KEY * len(ROLES))
        self.nobody = nn.Linear(HIDDEN, len(ROLES))
        self.distance = nn.Embedding(16, len(ROLES))
        nn.init.zeros_(self.distance.weight)

    def loss(self, lesson: Lesson) -> Tensor:
        """The loss of one text, summed over its words."""
        words, mentions = self.drop(lesson.words), self.drop(lesson.mentions)
        total = cross_entropy(self.root(words), lesson.roots, label_smoothing=SMOOTHING, reduction="sum")
        query = self.query(words).view(len(words), len(ROLES), KEY)
        key = self.key(mentions).view(len(mentions), len(ROLES), KEY)
        fit = torch.einsum("wrd,mrd->rwm", query, key) / math.sqrt(KEY) + self.distance(lesson.apart).permute(2, 0, 1)
        nobody = self.nobody(words).T
        for at, sides in enumerate(lesson.right):
            for role, right in enumerate(sides if lesson.roots[at] else ()):
                row = torch.cat([nobody[role, at][None], fit[role, at]])
                total = total + torch.logsumexp(row, 0) - torch.logsumexp(row[[place + 1 for place in right] or [0]], 0)
        return total

    def weights(self) -> dict[str, np.ndarray]:
        """The heads as they are kept beside the encoder, by the names that `onrecord.extract.events_opinions` reads."""
        kept = {"act.in": self.root[1], "act.out": self.root[4], "act.query": self.query, "act.key": self.key, "act.nobody": self.nobody}
        return arrays(kept) | {"act.distance": self.distance.weight.detach().numpy().astype(np.float32)}


def lesson(scene: Scene, choices: Sequence[Choice], encoding: Encoding) -> Lesson | None:
    """What one text teaches: each word with its right act, or none; of several frames at a word the one that is right."""
    parsed = scene.parsed
    mentions = [(m, first) for first, m in scene.parties.mentions if m.party and encoding.mean(m.start, m.end) is not None]
    told: dict[int, tuple[str, frozenset[str], frozenset[str]] | None] = {}
    for choice in choices:
        act = choice.acts[choice.right[0]]
        told[choice.index] = act or told.get(choice.index)
    words = [(parsed.words[at], act) for at, act in told.items() if encoding.mean(parsed.words[at].start, parsed.words[at].end) is not None]
    if not words or not mentions:
        return None
    sentences, places = (
        np.array(column) for column in ([parsed.words[first].sentence for _, first in mentions], [m.start for m, _ in mentions])
    )
    return Lesson(
        _rows([encoding.mean(word.start, word.end) for word, _ in words]),
        torch.tensor([ROOTS.index(act[0]) if act else 0 for _, act in words]),
        _rows([encoding.mean(m.start, m.end) for m, _ in mentions]),
        torch.tensor(np.array([distances(sentences, places, sentence=word.sentence, start=word.start) for word, _ in words])),
        [[[n for n, (m, _) in enumerate(mentions) if act and m.party in act[side]] for side in (1, 2)] for _, act in words],
    )


@dataclass(frozen=True)
class Text:
    """A report or a sentence that teaches events: its parse with what was found in it before, and what makes its choices."""

    parsed: Parsed
    found: tuple[list[Finding], list[Finding]]
    choices: Callable[[Scene], Iterable[Choice]]
    is_report: bool

    def lesson(self, encoding: Encoding) -> Lesson | None:
        """What the text teaches in the light of these vectors."""
        scene = Scene(replace(self.parsed, encoding=None), *self.found)
        return lesson(scene, list(self.choices(scene)), encoding)

    def read(self, encoding: Encoding) -> tuple[Scene, list[Choice]]:
        """The scene and the choices, with what the heads of the encoding believe."""
        scene = Scene(replace(self.parsed, encoding=encoding), *self.found)
        return scene, list(self.choices(scene))


def event_texts(parses: Sequence[Parsed], golds: Sequence[dict], models: Sequence[Models], sentences: Sequence[Path]) -> Iterator[Text]:
    """The reports, each with what models that have not seen it find in it, then the sentences of some files."""
    for parsed, gold, unseen in zip(parses, golds, models, strict=True):
        statements = find_statements(parsed, unseen)
        transfers = find_transfers(parsed, statements, unseen)
        yield Text(parsed, (statements, transfers), partial(report_choices, gold=gold, report=gold["id"]), True)
    for parsed, rows in read_sentences(sentences):
        yield Text(parsed, ([], []), partial(sentence_choices, rows=rows, report=""), False)


def learn_heads(texts: Sequence[Text], encodings: Sequence[Encoding]) -> dict[str, np.ndarray]:
    """Heads learnt from these texts."""
    lessons = [text.lesson(encoding) for text, encoding in zip(texts, encodings, strict=True)]
    return train_acts([each for each in lessons if each])


def _rows(vectors: Sequence[np.ndarray]) -> Tensor:
    return torch.tensor(np.array(vectors, np.float32))


def train_acts(lessons: Sequence[Lesson]) -> dict[str, np.ndarray]:
    """The weights of heads trained on these lessons; the same seed gives the same weights."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    heads = ActHeads().train()
    optimizer = torch.optim.AdamW(heads.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * math.ceil(len(lessons) / STEP)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
    for _ in range(EPOCHS):
        for batch in _batches(lessons, chance):
            total = torch.stack([heads.loss(each) for each in batch]).sum() / sum(len(each.roots) for each in batch)
            total.backward()
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
    return heads.eval().weights()


def _batches(lessons: Sequence[Lesson], chance: random.Random) -> Iterator[list[Lesson]]:
    order = chance.sample(list(lessons), len(lessons))
    yield from (order[at : at + STEP] for at in range(0, len(order), STEP))
