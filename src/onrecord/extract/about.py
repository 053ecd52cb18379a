"""Which transfers a statement or an event speaks of: those whose stages or items stand in its words, else those spoken of just before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from onrecord.records import Finding, Parsed
from onrecord.syntax import word_at


def add_subjects(parsed: Parsed, findings: Iterable[Finding], transfers: Sequence[Finding]) -> list[Finding]:
    """The findings with `about` filled; `transfers` holds transfers and their stages."""
    deals = [t for t in transfers if t.kind == "transfer"]
    if not deals:
        return list(findings)
    places = _places(parsed, transfers)
    return [replace(finding, about=_subjects(parsed, finding, deals, places)) for finding in findings]


def _places(parsed: Parsed, transfers: Sequence[Finding]) -> list[tuple[int, int, str]]:
    """(start, end, transfer key) of every stage told, in text order."""
    found = []
    for stage in transfers:
        claim = stage.claim("stage")
        if claim is not None and stage.part_of:
            found.append((claim.start, claim.end, stage.part_of))
    return sorted(found)


def _subjects(parsed: Parsed, finding: Finding, deals: Sequence[Finding], places: list[tuple[int, int, str]]) -> tuple[str, ...]:
    main = finding.claim("content") or finding.claim("plover")
    if main is None:
        return finding.about
    told = [key for start, end, key in places if _shared(main.start, main.end, start, end) > 0.5]
    named = {m.name for m in parsed.mentions if m.kind == "equipment" and main.start <= m.start and m.end <= main.end}
    parties = {m.party for m in parsed.mentions if m.party and main.start <= m.start and m.end <= main.end}
    held = [d for d in deals if d["equipment"] in named]
    of_parties = [d for d in held if parties & {*d.all("supplier"), *d.all("recipient")}]
    keys = {*told, *(d.key for d in of_parties or held)}
    if not keys:
        keys = set(_just_before(parsed, main.start, main.end, places, parties, deals))
    return tuple(d.key for d in deals if d.key in keys)


def _just_before(
    parsed: Parsed, start: int, end: int, places: list[tuple[int, int, str]], parties: set[str], deals: Sequence[Finding]
) -> list[str]:
    """The transfers told last before a span in its paragraph, else last anywhere before it, else the first told."""
    word = word_at(parsed, start)
    if word is None:
        return []
    paragraph = parsed.sentences[word.sentence].paragraph
    opening = next(s.start for s in parsed.sentences if s.paragraph == paragraph)
    before = [p for p in places if p[0] < end]
    near = [p for p in before if p[0] >= opening] or before
    if not near:
        return [places[0][2]] if places else [d.key for d in deals if parties & {*d.all("supplier"), *d.all("recipient")}]
    last = near[-1]
    return [key for low, high, key in near if _shared(last[0], last[1], low, high) > 0 or low == last[0]]


def _shared(start: int, end: int, low: int, high: int) -> float:
    """The share of the shorter span that both cover."""
    return max(0, min(end, high) - max(start, low)) / max(1, min(end - start, high - low))
