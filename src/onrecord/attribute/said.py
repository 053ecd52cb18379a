"""This file holds what the English model thinks of a cue: whether anything is said with it, and in which of several stretches of words.

Its head reads three vectors side by side: the cue's, the speaker's and the mean of the words that may be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from onrecord.attribute.contents import Content
from onrecord.attribute.reporting import Cue
from onrecord.attribute.speaker import Speaker
from onrecord.encoding import Encoding
from onrecord.heads import log_sum, two_layers
from onrecord.records import Parsed

HEAD = "said"
# The kinds of contents in the order in which the head knows them.
KINDS = ("clause", "act", "own act", "before", "around", "segment", "behind", "on")


def beliefs_of(parsed: Parsed, cue: Cue, speaker: Speaker, contents: Sequence[Content]) -> list[float] | None:
    """The log belief that nothing is said, then that each content is; None where no model has read the text so far."""
    if parsed.encoding is None or f"{HEAD}.in.weight" not in parsed.encoding.heads:
        return None
    rows = input_rows(parsed, parsed.encoding, cue, speaker, contents)
    if rows is None:
        return None
    scores = np.concatenate([np.zeros(1), two_layers(parsed.encoding.heads, HEAD, rows)[:, 0]])
    shares: list[float] = (scores - log_sum(scores)).tolist()
    return shares


def input_rows(parsed: Parsed, encoding: Encoding, cue: Cue, speaker: Speaker, contents: Sequence[Content]) -> Any:
    """What the head reads of each content, a row each, of three times the size of a vector and one for each kind and one for the rule.

    None where the text was not read as far as the cue; a speaker or a content beyond that is all noughts.
    """
    word = parsed.words[cue.word]
    spans = [(word.start, word.end), (speaker.start, speaker.end), *(content.span for content in contents)]
    known, means = encoding.means(spans)
    if 0 not in known:
        return None
    size = means.shape[1]
    vectors = np.zeros((len(spans), size), np.float32)
    vectors[known] = means
    rows = np.empty((len(contents), 3 * size + len(KINDS) + 1), np.float32)
    rows[:, : 2 * size] = vectors[:2].reshape(-1)
    rows[:, 2 * size : 3 * size] = vectors[2:]
    rows[:, 3 * size :] = [(*(content.kind == kind for kind in KINDS), content.by_rule) for content in contents]
    return rows
