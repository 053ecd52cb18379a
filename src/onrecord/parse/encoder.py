"""This file runs the English model's encoder over a report: one vector for every piece of its words, made in the light of all the rest.

A report is read in stretches of whole sentences, each behind the title, since the encoder holds no more than 512 pieces at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.assets import Model
from onrecord.encoding import Encoding
from onrecord.records import Document

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# Pieces of title and of text in one stretch; with the three marks they stay within the 512 positions of the encoder.
TITLE, STRETCH = 60, 440
# Beyond this many pieces a text is no report; what comes after is read by the rules alone.
LONGEST = 20_000
START, END = 101, 102


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a file, which neither cuts nor fills up what it is given."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@cache
def _open(encoder: Path, tokenizer: Path) -> tuple[InferenceSession, Tokenizer]:
    """The encoder on one thread and its tokenizer, loaded once a process; numpy is kept to one too, since small sums only wait."""
    import onnxruntime
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Added to what comes before and evened out in one step a layer takes longer than in two: an eighth of the whole.
    apart = ["SkipLayerNormFusion"]
    session = onnxruntime.InferenceSession(str(encoder), options, providers=["CPUExecutionProvider"], disabled_optimizers=apart)
    return session, open_tokenizer(tokenizer)


def encode(document: Document, model: Model) -> Encoding:
    """The vectors of a document's text by the installed model."""
    session, tokenizer = _open(model.encoder, model.tokenizer)
    title = tokenizer.encode(document.title[:1000], add_special_tokens=False).ids[:TITLE]
    text = tokenizer.encode(document.text[: LONGEST * 12], add_special_tokens=False)
    pieces = np.array(text.offsets[:LONGEST], dtype=np.int64).reshape(-1, 2)
    vectors = [np.zeros((0, model.heads["hidden"].item()), np.float32)]
    for first, last in stretches(text.ids[:LONGEST], pieces, document.text):
        ids = np.array([[START, *title, END, *text.ids[first:last], END]], dtype=np.int64)
        (hidden,) = session.run(None, {"input_ids": ids})
        vectors.append(np.asarray(hidden)[0, len(title) + 2 : -1])
    return Encoding(pieces[:, 0], pieces[:, 1], np.concatenate(vectors), model.heads)


def stretches(ids: list[int], pieces: Any, text: str) -> Iterator[tuple[int, int]]:
    """First and last piece (half-open) of every stretch: as many pieces as fit, cut behind a full stop where there is one."""
    first = 0
    while first < len(ids):
        last = min(first + STRETCH, len(ids))
        if last < len(ids):
            ends = (at for at in range(last, first + STRETCH // 2, -1) if text[pieces[at - 1, 0] : pieces[at - 1, 1]] in {".", "!", "?"})
            last = next(ends, last)
        yield first, last
        first = last


def kinds_of_names(starts: list[int], encoding: Encoding) -> list[str]:
    """For words that start here the kind of name that the first piece of each is of ("PERSON", "ORG", … or ""), in the parser's terms."""
    scores = encoding.vectors @ encoding.heads["entity.weight"].T + encoding.heads["entity.bias"]
    names = encoding.heads["entity.names"].tolist()
    kinds = [*(names[kind] for kind in scores.argmax(axis=1).tolist()), ""]
    return [kinds[at] for at in encoding.ends.searchsorted(starts, side="right").tolist()]
