"""This file puts statements on record: who says what, directly or indirectly, from cues, quotations and the report's memory of its speakers."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord import vocab
from onrecord.attribute.content import Span, cut, iter_labels, trim
from onrecord.attribute.quotes import Quote, find_quotes, paragraph_spans, quote_at
from onrecord.attribute.reporting import find_cues
from onrecord.attribute.speakers import Speaker, Speakers
from onrecord.records import Finding, Parsed, make_claim, make_finding

MADE_BY = "statements/1"


@dataclass(frozen=True, slots=True)
class Piece:
    """One contiguous attributed piece: its words, its speaker, and the word that attributes it."""

    start: int
    end: int
    speaker: Speaker
    cue: Span
    direct: bool = False


def find_statements(parsed: Parsed) -> list[Finding]:
    """The report's statements, in text order, keys q1, q2 and on."""
    quotes = find_quotes(parsed)
    speakers = Speakers(parsed)
    pieces = _cued(parsed, quotes, speakers)
    pieces += _labelled(parsed, speakers)
    pieces += _free_quotes(parsed, quotes, pieces)
    kept = _without_doubles(sorted(pieces, key=lambda p: (p.start, -p.end)))
    return [_finding(parsed, piece, quotes, number) for number, piece in enumerate(kept, 1)]


def _cued(parsed: Parsed, quotes: list[Quote], speakers: Speakers) -> list[Piece]:
    found: list[Piece] = []
    for cue in sorted(find_cues(parsed), key=lambda c: c.word):
        word = parsed.words[cue.word]
        inside = quote_at(quotes, word.start)
        if inside is not None and inside.speech:
            continue
        if cue.speaker is None:
            continue
        speaker = speakers.resolve(cue.speaker)
        if speaker is None:
            continue
        span = cut(parsed, cue, quotes)
        if span is None:
            continue
        found.append(Piece(*span, speaker, (word.start, word.end)))
    return found


def _labelled(parsed: Parsed, speakers: Speakers) -> list[Piece]:
    hosts = vocab.words("attribution")["hosts"]["labels"]
    found = []
    for label, words in iter_labels(parsed, paragraph_spans(parsed)):
        name = parsed.document.text[slice(*label)]
        span = trim(parsed, words)
        if span is None or name.lower().removeprefix("the ") in hosts:
            continue
        found.append(Piece(*span, Speaker(name.title().removeprefix("The ").removeprefix("A "), *label, "unnamed"), label))
    return found


def _free_quotes(parsed: Parsed, quotes: list[Quote], pieces: list[Piece]) -> list[Piece]:
    """Quotations that no cue reaches: they go on for the speaker before, or belong to the one named beside them."""
    found: list[Piece] = []
    for quote in quotes:
        known = [p for p in [*pieces, *found] if p.start < quote.end and quote.start < p.end]
        if not quote.speech or known:
            continue
        span = trim(parsed, (quote.start, quote.end))
        beside = _beside(parsed, quote, [*pieces, *found])
        if beside is not None and span is not None and _stands_alone(parsed, quote):
            found.append(Piece(*span, beside.speaker, beside.cue, direct=True))
    return found


def _stands_alone(parsed: Parsed, quote: Quote) -> bool:
    """Whether a quotation is a sentence by itself and not some borrowed words inside the narrator's."""
    text = parsed.document.text
    before = text[: quote.start - 1].rstrip()[-1:]
    return text[quote.start : quote.start + 1].isupper() and before in {"", ".", "!", "?", ":", ",", '"', "”", "»", "—"}


def _beside(parsed: Parsed, quote: Quote, pieces: list[Piece]) -> Piece | None:
    """The piece whose speaker a free quotation takes: the last one before it in its paragraph, else the last paragraph's."""
    before = [p for p in pieces if p.end <= quote.start]
    if before:
        last = max(before, key=lambda p: p.end)
        if parsed.document.text.count("\n", last.end, quote.start) <= 3:
            return last
    after = [p for p in pieces if p.start >= quote.end and "\n" not in parsed.document.text[quote.end : p.start]]
    return min(after, key=lambda p: p.start) if after else None


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
    named = {"start": speaker.start, "end": speaker.end}
    text = document.text[speaker.start : speaker.end]
    claims = [
        make_claim(document, "speaker", speaker.name, **named),
        make_claim(document, "as_written", text, **named),
    ]
    if speaker.role:
        claims.append(make_claim(document, "role", speaker.role, **named))
    if speaker.organization:
        claims.append(make_claim(document, "organization", speaker.organization, **named, inferred=speaker.organization not in text))
    claims += [
        make_claim(document, "kind", _kind(parsed, piece, quotes), start=piece.start, end=piece.end),
        make_claim(document, "content", document.text[piece.start : piece.end], start=piece.start, end=piece.end),
        make_claim(document, "cue", document.text[slice(*piece.cue)], start=piece.cue[0], end=piece.cue[1]),
    ]
    return make_finding("statement", f"q{number}", document, claims, made_by=MADE_BY)
