"""Trains the head that tells what is said from the vectors of a trained encoder: nothing, or one of the stretches that a cue may say.

The encoder itself stays as it is, so the head costs a minute.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from encoder_net import SEED, arrays
from statement_data import taught
from torch import Tensor, nn

from onrecord.attribute.said import HEAD, input_rows
from onrecord.encoding import Encoding
from onrecord.records import Parsed

# The vectors come from an encoder that learnt other things: part of what is in them is left out at each step.
EPOCHS, RATE, DECAY, STEP, INNER, DROPOUT, INNER_DROPOUT = 10, 1e-3, 0.05, 64, 128, 0.3, 0.2

# What the head reads of each content of a cue, and which answers are right, "nothing" first.
Lesson = tuple[Tensor, Tensor]


def learn_said(parses: Sequence[Parsed], golds: Sequence[dict], encodings: Sequence[Encoding]) -> dict[str, np.ndarray]:
    """The head as it is kept beside the encoder, learnt from these reports."""
    lessons = [each for report in zip(parses, golds, encodings, strict=True) for each in _lessons(*report)]
    return _trained(lessons)


def _lessons(parsed: Parsed, gold: dict, encoding: Encoding) -> Iterator[Lesson]:
    for each in taught(parsed, gold):
        rows = input_rows(parsed, encoding, each.telling.cue, each.telling.speaker, each.telling.contents)
        if rows is not None:
            yield torch.tensor(rows), torch.tensor([each.best is None, *each.right])


def _trained(lessons: Sequence[Lesson]) -> dict[str, np.ndarray]:
    """The weights of a head trained on these lessons; the same seed gives the same weights."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    first, last = nn.Linear(lessons[0][0].shape[1], INNER), nn.Linear(INNER, 1)
    head = nn.Sequential(nn.Dropout(DROPOUT), first, nn.GELU(), nn.Dropout(INNER_DROPOUT), last).train()
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, EPOCHS * math.ceil(len(lessons) / STEP))
    for _ in range(EPOCHS):
        order = chance.sample(list(lessons), len(lessons))
        for at in range(0, len(order), STEP):
            _loss(head, order[at : at + STEP]).backward()
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
    return arrays({f"{HEAD}.in": first, f"{HEAD}.out": last})


def _loss(head: nn.Module, lessons: Sequence[Lesson]) -> Tensor:
    """The mean over the cues of how little is believed in what is right."""
    scores = head(torch.cat([rows for rows, _ in lessons])).squeeze(-1).split([len(rows) for rows, _ in lessons])
    answers = [torch.cat([torch.zeros(1), row]) for row in scores]
    lost = [torch.logsumexp(row, 0) - torch.logsumexp(row[right], 0) for row, (_, right) in zip(answers, lessons, strict=True)]
    return torch.stack(lost).mean()
