"""This file asks the network of roots what one party of a sentence does to another, "nothing" being an answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from onrecord.assets import Networks
from onrecord.nets.pieces import END, START, cut, open_graph, open_words

NONE = "NONE"
# The pieces that stand before and behind who acts, and whom it is done to: signs that news prose hardly uses ("@" and "#").
ACTOR, RECIPIENT = 1030, 1001
# Pieces of one sentence with its signs; longer ones are cut around the pair.
LONGEST = 128
Span = tuple[int, int]


def root_beliefs(sentence: str, actor: Span | None, recipient: Span | None, networks: Networks) -> dict[str, float]:
    """The belief in each root of PLOVER and in `NONE`, from 0 to 1, one in all.

    `actor` and `recipient` are code points of the sentence, half-open; None where it names nobody in that role.
    """
    ids, starts, ends = cut(networks, sentence)
    marked, signs = mark_pair(ids, starts, ends, actor, recipient)
    words = open_words(networks.words).vectors(marked)
    (scores,) = open_graph(networks.roots).run(None, {"words": words, "signs": np.array(signs, dtype=np.int64)})
    powers = np.exp(scores[0] - scores[0].max())
    return dict(zip(networks.root_names, (powers / powers.sum()).tolist(), strict=True))


def mark_pair(ids: list[int], starts: Any, ends: Any, actor: Span | None, recipient: Span | None) -> tuple[list[int], tuple[int, int]]:
    """The pieces with signs around the pair, and where the signs before both stand (0, the first piece, for a party not named)."""
    places = [
        (int(ends.searchsorted(span[0], side="right")), int(starts.searchsorted(span[1], side="left")), sign)
        for span, sign in ((actor, ACTOR), (recipient, RECIPIENT))
        if span is not None
    ]
    low, high = min((p[0] for p in places), default=0), max((p[1] for p in places), default=0)
    room = LONGEST - 2 - 2 * len(places)
    first = max(0, min(low - max(0, room - (high - low)) // 2, len(ids) - room))
    out, signs = [START], {ACTOR: 0, RECIPIENT: 0}
    for at, piece in enumerate(ids[first : first + room], first):
        out += [sign for _, end, sign in places if end == at]
        for begin, _, sign in places:
            if begin == at:
                signs[sign] = len(out)
                out.append(sign)
        out.append(piece)
    out += [sign for _, end, sign in places if end == min(len(ids), first + room)]
    return [*out, END], (signs[ACTOR], signs[RECIPIENT])
