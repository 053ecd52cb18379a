"""This file opens the networks that share one table of word vectors, and cuts a text into the pieces that they read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.assets import Networks
from onrecord.errors import BadVocab

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

START, END = 101, 102


@dataclass(frozen=True, slots=True, eq=False)
class WordTable:
    """The vector of every piece in 8-bit integers, with the factor of each row: shapes (pieces known, 384) and (pieces known, 1)."""

    rows: Any
    factors: Any

    def vectors(self, ids: list[int]) -> Any:
        """The vectors of some pieces, shape (1, pieces, 384)."""
        return (self.rows[ids].astype(np.float32) * self.factors[ids])[None]


@cache
def open_words(path: Path) -> WordTable:
    """The table of a file, read once a process."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return WordTable(file["rows"], file["factors"])
    except (OSError, KeyError, ValueError) as error:
        raise BadVocab(f"the table of word vectors {path} cannot be read ({error!r}); install the model package anew") from error


@cache
def open_graph(path: Path) -> InferenceSession:
    """A network on one thread, loaded once a process; numpy is kept to one too, since small sums only wait."""
    import onnxruntime
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def open_pieces(path: Path) -> Tokenizer:
    """The tokenizer of a file, which neither cuts nor fills up what it is given."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def cut(networks: Networks, text: str) -> tuple[list[int], Any, Any]:
    """The pieces of a text: their numbers, and where each starts and ends (code points)."""
    encoded = open_pieces(networks.tokenizer).encode(text, add_special_tokens=False)
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    return list(encoded.ids), offsets[:, 0], offsets[:, 1]
