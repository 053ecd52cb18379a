"""This file works out the vectors of words that spaCy's tagger, parser and name finder read, from the weights of its own networks.

The networks are spaCy's Tok2Vec ("MultiHashEmbed" under "MaxoutWindowEncoder"): a word by itself gives a vector, then four layers mix it
with its neighbours. What a word by itself gives is kept, since most words of a text were met before; the layers are products of numpy,
which take half the time of spaCy's own. The vectors are the same but for the last digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.tokens import Doc

# What tells two words apart for the networks: the word as written, its usual form (which depends on the tokenizer's rule for it), and
# whether a space comes after it.
IDENTITY = ("ORTH", "NORM", "SPACY")
# Words that are kept; when there are more, all are worked out anew.
MOST_WORDS = 20_000
# Rows that one layer takes at a time: as many as stay in the processor's nearest memory.
ROWS = 1200
# What keeps the square root of a variance from being nought.
TINY = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer of three pieces, of which the largest counts, then evened out.

    Shapes: `weights` (inputs, 3 * width), `bias` (3 * width), `gain` and `shift` (width).
    """

    weights: Any
    bias: Any
    gain: Any
    shift: Any

    def apply(self, rows: Any) -> Any:
        """What the layer makes of rows, shape (rows, inputs)."""
        scores = rows @ self.weights
        scores += self.bias
        width = len(self.gain)
        best = np.maximum(scores[:, :width], scores[:, width : 2 * width])
        np.maximum(best, scores[:, 2 * width :], out=best)
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("rw,rw->r", best, best) / width
        best *= (1 / np.sqrt(spread + TINY))[:, None]
        best *= self.gain
        best += self.shift
        return best


class WordVectors:
    """The vectors of words in their sentences by one Tok2Vec network; what words give by themselves is kept from call to call."""

    def __init__(self, network: Any) -> None:
        embed, mix = network.layers
        self._columns = list(embed.layers[0].attrs["columns"])
        self._hashes = embed.layers[2].layers[0]
        self._first = _layer(embed.layers[3].layers[0])
        self._mixing = [_layer(residual.layers[0].layers[1]) for residual in mix.layers[0].layers]
        self._pad = int(mix.attrs["pad"])
        self._known: dict[tuple[int, ...], int] = {}
        self._table = np.zeros((0, len(self._first.gain)), np.float32)

    def vectors(self, docs: Sequence[Doc]) -> list[Any]:
        """The vectors of each text's words, shape (words, width) each."""
        rows = self._rows(docs)
        found: list[Any] = []
        first = 0
        while first < len(rows):
            last, size = first + 1, len(rows[first])
            while last < len(rows) and size + len(rows[last]) <= ROWS:
                size += len(rows[last])
                last += 1
            found += self._mixed(rows[first:last])
            first = last
        return found

    def _rows(self, docs: Sequence[Doc]) -> list[Any]:
        """For each text the rows of its words in the table, into which those not met before are put."""
        keys = [list(zip(*doc.to_array(list(IDENTITY)).T.tolist(), strict=True)) for doc in docs]
        if len(self._known) > MOST_WORDS:
            self._known.clear()
        new: dict[tuple[int, ...], Any] = {}
        for doc, named in zip(docs, keys, strict=True):
            missing = [at for at, key in enumerate(named) if key not in self._known and key not in new]
            if missing:
                columns = doc.to_array(self._columns)
                new.update((named[at], columns[at]) for at in missing)
        if new:
            fresh = self._first.apply(self._hashes.predict(np.stack(list(new.values()))))
            self._table = np.concatenate([self._table[: len(self._known)], fresh])
            self._known.update(zip(new, range(len(self._known), len(self._table)), strict=True))
        return [np.fromiter(map(self._known.__getitem__, named), np.int64, len(named)) for named in keys]

    def _mixed(self, rows: Sequence[Any]) -> list[Any]:
        """The layers over several texts, which stand so far apart that none is read as a neighbour of another."""
        pad, width = self._pad, self._table.shape[1]
        starts = []
        total = pad
        for part in rows:
            starts.append(total)
            total += len(part) + pad
        mixed = np.zeros((total, width), np.float32)
        for start, part in zip(starts, rows, strict=True):
            mixed[start : start + len(part)] = self._table[part]
        wide = np.zeros((total, 3 * width), np.float32)
        for layer in self._mixing:
            wide[1:, :width] = mixed[:-1]
            wide[:, width : 2 * width] = mixed
            wide[:-1, 2 * width :] = mixed[1:]
            mixed += layer.apply(wide)
        return [mixed[start : start + len(part)] for start, part in zip(starts, rows, strict=True)]


def _layer(chain: Any) -> Layer:
    """The numbers of spaCy's maxout>>layernorm>>dropout, laid out for one product."""
    maxout, even = chain.layers[0].layers
    weights = maxout.get_param("W")
    inputs = weights.shape[2]
    return Layer(
        np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(inputs, -1)),
        np.ascontiguousarray(maxout.get_param("b").T.reshape(-1)),
        even.get_param("G"),
        even.get_param("b"),
    )
