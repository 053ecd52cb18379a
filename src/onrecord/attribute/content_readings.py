"""The features by which the judge of statements weighs what a cue may say: the verb and its company, who speaks, where the words end."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribute.content import Span, stretch
from onrecord.attribute.contents import Content
from onrecord.attribute.frames import frames, lemma_of
from onrecord.attribute.quotes import Quote
from onrecord.attribute.reporting import Cue
from onrecord.attribute.speaker import Speaker
from onrecord.records import Parsed, Word
from onrecord.syntax import kids, word_at

# What below a verb tells how it is used.
COMPANY = frozenset({"dobj", "xcomp", "ccomp", "prep", "prt", "dative", "oprd", "advcl", "agent", "neg", "nsubjpass"})
# How a verb hangs on another that may be a cue.
HUNG = frozenset({"xcomp", "ccomp", "conj", "advcl", "relcl", "acl"})
# The least words of a content of each grade of length.
SIZES = (2, 3, 4, 6, 9, 14, 22, 35)
# Words that shift a tense as reported speech does.
SHIFTED = frozenset({"would", "could", "might", "had", "should"})


def content_readings(parsed: Parsed, cue: Cue, speaker: Speaker, contents: Sequence[Content], quotes: list[Quote]) -> list[list[str]]:
    """Features of "this is what is said", for each content of a cue."""
    word = parsed.words[cue.word]
    lemma = lemma_of(word)
    below = kids(parsed, word.index)
    company = sorted({child.dep for child in below} & COMPANY)
    links = [child.text.lower() for child in below if child.dep in {"prep", "mark"}]
    objects = [child for child in below if child.dep == "dobj"]
    modal = next((child.text.lower() for child in below if child.tag == "MD"), "")
    pronoun = cue.speaker is not None and parsed.words[cue.speaker].pos == "PRON"
    head = parsed.words[word.head]
    under = head.lemma.lower() if word.dep in HUNG and lemma_of(head) in frames() else word.dep
    sentence = stretch(parsed, cue.word)

    def readings(content: Content) -> list[str]:
        kind = content.kind
        known = "rule" if content.by_rule else "known" if lemma in frames() else "open"
        size = sum(len(parsed.document.text[content.start : content.end].split()) >= least for least in SIZES)
        quoted = any(quote.start < content.end and content.start < quote.end for quote in quotes)
        return [
            "said", f"{known}:{kind}", f"{known}:{kind}:{speaker.kind}", f"speaker:{speaker.kind}:{pronoun}", f"lemma:{lemma}",
            f"lemma:{lemma}:{kind}", f"lemma:{lemma}:{speaker.kind}", f"tag:{word.tag}:{kind}", f"dep:{word.dep}:{kind}:{known}",
            f"size:{size}:{kind}", f"quoted:{quoted}:{known}:{kind}", f"modal:{modal}", f"pos:{word.pos}:{known}", f"under:{under}",
            f"cue:{cue.paper}:{cue.content}", f"company:{kind}:{':'.join(company)}", *(f"has:{dep}:{kind}:{known}" for dep in company),
            *(f"link:{lemma}:{link}" for link in links), *(f"link:{link}:{kind}" for link in links),
            *(f"object:{child.lemma.lower()}" for child in objects),
            *(f"object:{child.pos}:{child.tag}:{child.entity}:{kind}" for child in objects),
            *_edges(parsed, sentence, word, content),
        ]  # fmt: skip

    return [readings(content) for content in contents]


def _edges(parsed: Parsed, sentence: Span, cue: Word, content: Content) -> list[str]:
    """Where the words said begin and end, and how that stands to the sentence and to the cue."""
    kind = content.kind
    low, high = sentence
    first, last = word_at(parsed, content.start), word_at(parsed, content.end - 1)
    if first is None or last is None:
        return []
    inside = content.start <= cue.start < content.end
    left = "edge" if content.start - low < 3 else _beside(parsed, first.index - 1)
    right = "edge" if 0 <= high - content.end < 3 else "past" if content.end > high else _beside(parsed, last.index + 1)
    after = next((word.pos for word in parsed.words[last.index + 1 :] if word.pos not in {"PUNCT", "SPACE"}), "")
    return [
        f"left:{left}:{kind}", f"right:{right}:{kind}", f"inside:{inside}:{kind}", f"first:{first.tag}:{kind}", f"after:{after}:{kind}",
        f"span:{left == 'edge'}:{right == 'edge'}:{inside}:{kind}", *(_sentence(parsed, last) if kind == "on" else ()),
    ]  # fmt: skip


def _beside(parsed: Parsed, index: int) -> str:
    """The word next to a content if it is a mark or joins clauses, else what part of speech it is."""
    if not 0 <= index < len(parsed.words):
        return ""
    word = parsed.words[index]
    return word.text.lower() if word.pos in {"PUNCT", "SCONJ", "CCONJ"} or word.dep == "mark" else word.pos


def _sentence(parsed: Parsed, last: Word) -> list[str]:
    """What the sentence is like into which a content goes on."""
    sentence = parsed.sentences[last.sentence]
    words = parsed.words[sentence.first : sentence.last]
    root = next((word.tag for word in words if word.dep == "ROOT"), "")
    shifted = any(word.text.lower() in SHIFTED for word in words)
    cued = any(word.pos == "VERB" and lemma_of(word) in frames() for word in words)
    return [f"on:{root}:{shifted}:{cued}", f"on:{shifted}:{cued}"]
