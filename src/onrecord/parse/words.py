"""Words, sentences and paragraphs of a text, by spaCy's English pipeline.

Each paragraph is parsed by itself, so no sentence runs over a blank line. What the parser reads has plain quotation marks and
spaces in place of typographic ones, one code point for one, so its offsets are the document's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, tee

from onrecord.assets import english_model
from onrecord.dateline import find_dateline
from onrecord.encoding import Encoding
from onrecord.parse.encoder import encode, kinds_of_names
from onrecord.parse.pipeline import Tokens, open_pipeline
from onrecord.parse.repairs import mend
from onrecord.records import Document, Parsed, Sentence, Word

PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\n": " ", "\t": " ", "\xa0": " ",
                       "\u2009": " ", "\u202f": " ", "\u2011": "-"})  # fmt: skip
BREAK = re.compile(r"\s*\n\s*")
# No report's sentence is this many words long: what is, has no ends to it, and is cut so that its size cannot hold a run up.
LONGEST_SENTENCE = 150
# A line this long that does not close a sentence was wrapped, not ended: half of the 72 columns that wrapped text mostly fills.
WRAPPED = 40


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs of a text: blank lines end one, and so does a line break that is no mere wrapping."""
    start = 0
    for gap in BREAK.finditer(text):
        line = text[text.rfind("\n", 0, gap.start()) + 1 : gap.start()]
        after = text[gap.end() : gap.end() + 1]
        soft = gap.group().count("\n") == 1 and len(line) >= WRAPPED and (line[-1:] not in '.!?:"”' or after.islower())
        if not soft:
            yield from _trimmed(text, start, gap.start())
            start = gap.end()
    yield from _trimmed(text, start, len(text))


def parse_words(documents: Iterable[Document]) -> Iterator[Parsed]:
    """Each document with its words and sentences, no mentions yet; the title is parsed beside the text."""
    jobs, read = tee(job for document in documents for job in _jobs(document))
    model = english_model()
    title: Parsed | None = None
    pieces: list[tuple[int, Tokens]] = []
    for tokens, (_, (document, part, offset, last)) in zip(open_pipeline().read(text for text, _ in read), jobs, strict=True):
        if part == "title":
            title = _parsed(document, [(0, tokens)], None)
        else:
            pieces.append((offset, tokens))
        if last:
            yield _parsed(document, pieces, title, encode(document, model) if model else None)
            pieces = []


def _jobs(document: Document) -> Iterator[tuple[str, tuple[Document, str, int, bool]]]:
    yield document.title.translate(PLAIN), (document, "title", 0, False)
    spans = list(_pieces(document.text)) or [(0, 0)]
    for number, (start, end) in enumerate(spans, 1):
        yield document.text[start:end].translate(PLAIN), (document, "text", start, number == len(spans))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs, with a dateline cut off from the sentence that it would confuse the parser about."""
    for start, end in paragraphs(text):
        dateline = find_dateline(text, start)
        if dateline and dateline.end() < end:
            yield from _trimmed(text, start, dateline.end())
            start = dateline.end()
        yield start, end


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _parsed(document: Document, pieces: list[tuple[int, Tokens]], title: Parsed | None, encoding: Encoding | None = None) -> Parsed:
    words: list[Word] = []
    sentences: list[Sentence] = []
    paragraph = -1
    starts = [offset + start for offset, tokens in pieces for start in tokens.starts]
    # Where the English model has read the text, it tells the names.
    kinds = kinds_of_names(starts, encoding) if encoding else [kind for _, tokens in pieces for kind in tokens.kinds]
    for offset, tokens in pieces:
        base = len(words)
        paragraph += not (words and "\n" not in document.text[words[-1].end : offset])
        for first, last in _bounded(tokens):
            number = len(sentences)
            for at in range(first, last):
                start, form, head = offset + tokens.starts[at], tokens.forms[at], tokens.heads[at]
                lemma, pos, tag, dep = tokens.attributes[at]
                words.append(
                    Word(base + at, start, start + len(form), form, lemma, pos, tag, dep,
                         base + (head if first <= head < last else at), number, kinds[base + at])
                )  # fmt: skip
            sentences.append(Sentence(number, words[base + first].start, words[-1].end, base + first, base + last, paragraph))
    words = mend(words)
    children: list[list[int]] = [[] for _ in words]
    for word in words:
        if word.head != word.index:
            children[word.head].append(word.index)
    return Parsed(document, tuple(words), tuple(sentences), (), tuple(map(tuple, children)), title, encoding)


def _bounded(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The sentences of a piece, first and last token (half-open), those of no plausible length cut into stretches."""
    bounds = [*(at for at, opens in enumerate(tokens.opens) if opens or not at), len(tokens.opens)]
    for first, last in pairwise(bounds):
        for start in range(first, last, LONGEST_SENTENCE):
            yield start, min(start + LONGEST_SENTENCE, last)
