"""This file puts statements on record: who says what, directly or indirectly, from cues, quotations and the memory of its speakers.

A cue proposes what it may say (tellings.py); the judge chooses, or drops it. Quotations and labels need no cue.
"""

from __future__ import annotations

from dataclasses import dataclass

from onrecord import vocab
from onrecord.attribute.content import Span, iter_labels, trim
from onrecord.attribute.quotes import Quote, find_quotes, paragraph_spans
from onrecord.attribute.speaker import Speaker
from onrecord.attribute.speakers import Speakers
from onrecord.attribute.tellings import chosen, meet, tellings
from onrecord.choosing import Models, Weights, learnt_models
from onrecord.records import Finding, Parsed, make_claim, make_finding
from onrecord.syntax import word_at

MADE_BY = "statements/2"


@dataclass(frozen=True, slots=True)
class Piece:
    """One contiguous attributed piece: its words, its speaker, the word that attributes it, and how firmly that is believed."""

    start: int
    end: int
    speaker: Speaker
    cue: Span
    belief: float = 1.0


def find_statements(parsed: Parsed, models: Models | None = None) -> list[Finding]:
    """The report's statements, in text order, keys q1, q2 and on; weighed with the learnt models, or with those given."""
    quotes = find_quotes(parsed)
    speakers = Speakers(parsed)
    pieces = _cued(parsed, quotes, speakers, (models or learnt_models(encoded=parsed.encoding is not None))["statement"])
    pieces += _labelled(parsed, speakers)
    pieces += _free_quotes(parsed, quotes, pieces, speakers)
    kept = _without_doubles(sorted(pieces, key=lambda p: (p.start, -p.end)))
    return [_finding(parsed, piece, quotes, number) for number, piece in enumerate(kept, 1)]


def _cued(parsed: Parsed, quotes: list[Quote], speakers: Speakers, weights: Weights) -> list[Piece]:
    found: list[Piece] = []
    for telling in tellings(parsed, quotes, speakers):
        said = chosen(parsed, telling, weights)
        if said is None:
            continue
        meet(telling, speakers)
        content, belief = said
        word, together = parsed.words[telling.cue.word], speakers.joint(telling.cue.speaker, telling.speaker)
        found += [Piece(*content.span, each, (word.start, word.end), belief) for each in (telling.speaker, *together)]
    return found


def _labelled(parsed: Parsed, speakers: Speakers) -> list[Piece]:
    hosts = vocab.words("attribution")["hosts"]["labels"]
    found = []
    for label, words in iter_labels(parsed, paragraph_spans(parsed)):
        name = parsed.document.text[slice(*label)]
        span = trim(parsed, words)
        bearers = set(name.lower().replace("-", " ").replace(".", " ").split())
        if (
            span is None
            or parsed.document.text[span[1] - 1] == "?"
            or name.lower().removeprefix("the ") in hosts
            or not bearers & speakers.bearers
        ):
            continue
        found.append(Piece(*span, Speaker(name.title().removeprefix("The ").removeprefix("A "), *label, "unnamed"), label))
    return found


def _free_quotes(parsed: Parsed, quotes: list[Quote], pieces: list[Piece], speakers: Speakers) -> list[Piece]:
    """Quotations that no cue reaches: they belong to whoever is named beside them, or go on for the speaker before."""
    found: list[Piece] = []
    for quote in quotes:
        if not quote.speech or any(p.start < quote.end and quote.start < p.end for p in pieces):
            continue
        span = trim(parsed, (quote.start, quote.end))
        if span is None or not _stands_alone(parsed, quote):
            continue
        beside = _named_beside(parsed, quote, speakers) or _speaker_before(parsed, quote, [*pieces, *found], speakers)
        if beside is not None:
            found.append(Piece(*span, beside, span))
    return found


def _stands_alone(parsed: Parsed, quote: Quote) -> bool:
    """Whether a quotation is a sentence by itself and not some borrowed words inside the narrator's."""
    text = parsed.document.text
    before = text[: quote.start - 1].rstrip()[-1:]
    return text[quote.start : quote.start + 1].isupper() and before in {"", ".", "!", "?", ":", ",", '"', "”", "»", "—"}


def _named_beside(parsed: Parsed, quote: Quote, speakers: Speakers) -> Speaker | None:
    """Who is named right behind a quotation's end ("...," sighed the clerk) or before its colon (the clerk shrugged: "...")."""
    text = parsed.document.text
    after = word_at(parsed, quote.end + 1)
    if after is not None and quote.closed and text[quote.end - 1 : quote.end] in set(",?!—") and text[quote.end + 1 : quote.end + 2] == " ":
        for word in parsed.words[after.index : after.index + 16]:
            if word.text in {".", ";", ":"} or "\n" in text[quote.end : word.start]:
                break
            if word.pos in {"NOUN", "PROPN", "PRON"} and word.dep != "compound" and (found := speakers.resolve(word.index, loose=False)):
                return found
    first = word_at(parsed, quote.start)
    if first is not None and text[: quote.start - 1].rstrip()[-1:] in {":", ","}:
        before = word_at(parsed, max(0, len(text[: quote.start - 1].rstrip()) - 1))
        if before is not None:
            return speakers.subject_of(parsed.sentences[before.sentence])
    return None


def _speaker_before(parsed: Parsed, quote: Quote, pieces: list[Piece], speakers: Speakers) -> Speaker | None:
    """The speaker of the statement just before a free quotation, or the one whom the sentence before it is about."""
    text = parsed.document.text
    last = max((p for p in pieces if p.end <= quote.start), key=lambda p: p.end, default=None)
    if last is not None and text.count("\n", last.end, quote.start) == 0 and text.count(". ", last.end, quote.start) <= 1:
        return last.speaker
    first = word_at(parsed, quote.start)
    if first is not None and first.sentence and "\n" not in text[parsed.sentences[first.sentence - 1].end : quote.start]:
        subject = speakers.subject_of(parsed.sentences[first.sentence - 1])
        if subject is not None and subject.kind in {"person", "unnamed"}:
            return subject
    if last is not None and text.count("\n", last.end, quote.start) <= 3:
        return last.speaker
    after = min((p for p in pieces if p.start >= quote.end and "\n" not in text[quote.end : p.start]), key=lambda p: p.start, default=None)
    return after.speaker if after else None


def _without_doubles(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those that say the same of the same speaker again."""
    kept: list[Piece] = []
    for piece in pieces:
        same = [p for p in kept if p.speaker.name == piece.speaker.name and p.start < piece.end and piece.start < p.end]
        if not same:
            kept.append(piece)
    return kept


def _kind(parsed: Parsed, piece: Piece, quotes: list[Quote]) -> str:
    inside = [q for q in quotes if q.start < piece.end and piece.start < q.end]
    if any(q.start <= piece.start and piece.end <= q.end for q in inside):
        return "direct"
    quoted = [q for q in inside if q.speech or parsed.document.text[q.start : q.start + 1].islower()]
    return "mixed" if quoted else "indirect"


def _finding(parsed: Parsed, piece: Piece, quotes: list[Quote], number: int) -> Finding:
    document, speaker = parsed.document, piece.speaker
    text = document.text[speaker.start : speaker.end]
    claims = [
        make_claim(document, field, value, start=speaker.start, end=speaker.end, inferred=inferred)
        for field, value, inferred in (
            ("speaker", speaker.name, False),
            ("as_written", text, False),
            ("role", speaker.role, False),
            ("organization", speaker.organization, (speaker.organization or "") not in text),
        )
        if value
    ]
    claims += [
        make_claim(document, "kind", _kind(parsed, piece, quotes), start=piece.start, end=piece.end),
        make_claim(document, "content", document.text[piece.start : piece.end], start=piece.start, end=piece.end),
        make_claim(document, "cue", document.text[slice(*piece.cue)], start=piece.cue[0], end=piece.cue[1]),
    ]
    return make_finding("statement", f"q{number}", document, claims, made_by=MADE_BY, score=round(piece.belief, 3))
