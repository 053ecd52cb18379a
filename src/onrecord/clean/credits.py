"""Finds the agencies and outlets that a report says it is based on or quotes as its source, with the words that name them.

An outlet counts when a table knows it or the words beside it say what it is ("the daily X", "told X News Agency", "(X) -"), never
where it is this very report's own outlet or only credited with a picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from onrecord import vocab
from onrecord.clean.head import DATELINE, either, find_furniture

# Kinds of the table's rows that publish news; the others (think tanks, platforms) are sources of another kind.
WIRES = {"wire", "state_wire"}
OUTLETS = WIRES | {"newspaper", "broadcaster", "state_broadcaster", "state_media", "trade_press"}
# Far enough to the left for the longest cue with an adjective and a noun between ("told the Moscow business daily").
REACH = 80
# Every part is bounded and the parts share no character that could go either way, so that no odd text makes the search go back and forth.
WORD = r"(?:[A-Z0-9][\w'’.&]{0,30}(?:-\w{1,30}){0,4})"
NAME = rf"{WORD}(?: (?:(?:of|the|de|la|del|di|do|da|des|le|el|et|und|al|and) )?{WORD}){{0,4}}"
QUOTED = r"[\"“„«](?P<quoted>[^\"“”„«»\n]{2,40}?)[,.]?[\"”“»]"

Credit = tuple[str, int, int]


class Known(NamedTuple):
    """One spelling of an outlet that the table holds; `sure` where the words mean nothing else."""

    name: str
    sure: bool


class Cues(NamedTuple):
    """The compiled phrases that stand around the names of outlets."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    described: re.Pattern[str]
    followed: re.Pattern[str]
    named: re.Pattern[str]
    not_outlets: re.Pattern[str]
    initials: re.Pattern[str]
    source_line: re.Pattern[str]


def find_credits(text: str, outlet: str = "") -> list[Credit]:
    """The credited names in the order of the text, each once, with the span of its first mention."""
    sources = list(_source_lines(text))
    # One mark a character: what is furniture or already taken; a list of spans would make long texts of names slow.
    covered = bytearray(len(text))
    for start, end in find_furniture(text):
        if not any(start <= at < end for _, at, _ in sources):
            covered[start:end] = b"\1" * (end - start)
    found: list[Credit] = []
    for name, start, end in [*_datelines(text, outlet), *sources, *_known(text), *_described(text), *_named(text), *_initials(text)]:
        if any(covered[start:end]):
            continue
        covered[start:end] = b"\1" * (end - start)
        if not is_own(name, outlet):
            found.append((name, start, end))
    first: dict[str, Credit] = {}
    for credit in sorted(found, key=lambda credit: credit[1]):
        first.setdefault(fold(credit[0]), credit)
    return list(first.values())


def is_own(name: str, outlet: str) -> bool:
    """Whether a name is the outlet's own, whole, in part or by its initials ("IHN" for Inter-Hellas News Agency)."""
    said, own = fold(name), fold(outlet)
    if not said or not own:
        return not said
    return said == own or (len(said) > 3 and said in own) or (len(own) > 3 and own in said) or _is_abbreviation(name, outlet)


def _is_abbreviation(short: str, full: str) -> bool:
    """Whether capitals ("KNW") stand in this order in a name ("Khyber Newswire"), from its first letter on."""
    if not short.isupper() or not 1 < len(short) <= 5:
        return False
    letters = iter(fold(full))
    return fold(full)[:1] == fold(short)[:1] and all(letter in letters for letter in fold(short))


def fold(name: str) -> str:
    """A name as bare lower-case letters and digits, without its article."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^the ", "", plain))


def _datelines(text: str, outlet: str) -> Iterator[Credit]:
    """Agencies in datelines; one that no table knows is taken for the report's own where the outlet is not said."""
    _, entries = _table()
    for line in re.finditer(r"^[^\S\n]*(?=[A-Z])", text, re.MULTILINE):
        match = DATELINE.match(text, line.end())
        if match and match.group("agency"):
            name, (start, end) = match.group("agency"), match.span("agency")
            named = outlet and match.group().rstrip()[-1] != ":" and re.fullmatch(NAME, name) and not re.search(r"\d", name)
            if name in entries or named:
                yield (entries[name].name if name in entries else name), start, end


def _source_lines(text: str) -> Iterator[Credit]:
    for line in _cues().source_line.finditer(text):
        start, end = line.span("names")
        for part in re.finditer(r"[^,;/]+?(?=\s*(?:[,;/]|\band\b|$))", text[start:end]):
            said = re.sub(r"^(?:\s*(?:and|the|from|by|daily|newspaper|agency|news agency)\b)*\s*", "", part.group())
            said = said.strip(' \t.()"“”«»')
            if said and (fold(said) in _folded() or re.fullmatch(NAME, said)):
                at = text.index(said, start + part.start())
                yield _folded().get(fold(said), said), at, at + len(said)


def _known(text: str) -> Iterator[Credit]:
    """Outlets that the table names: wire agencies wherever they stand, others only beside a cue."""
    matcher, entries = _table()
    spellings = list(entries)
    for number, start, end in matcher.find_matches_as_indexes(text):
        if (start and (text[start - 1].isalnum() or text[start - 1] in "-/@#")) or text[end : end + 1].isalnum():
            continue
        said = spellings[number]
        longer = re.compile(rf"[- ](?:{_states()})\b").match(text, end)
        if longer:
            end = longer.end()
        elif text[end : end + 1] == "-" or re.match(r" [A-Z][a-z]", text[end : end + 3]) and not entries[said].sure:
            continue
        # "The Ministry of Foreign Affairs said": what follows "of" is part of another name.
        part = text.endswith((" of ", " for "), 0, start)
        if entries[said].sure or _has_cue(text, start, start if part else end):
            yield (text[start:end] if longer else entries[said].name), start, end


def _described(text: str) -> Iterator[Credit]:
    """Names that a noun says are outlets: "the Moscow daily X", "the X news site"; a weak noun ("agency", "site") needs a cue as well."""
    for match in _cues().followed.finditer(text):
        name, end = re.sub(r"^The ", "", match.group("name")), match.end("name")
        if not name.startswith(("A ", "An ")) and fold(name) not in _places() and _has_cue(text, end - len(name), match.end()):
            yield name, end - len(name), end
    for match in _cues().described.finditer(text):
        group = "quoted" if match.group("quoted") else "name"
        start, end = match.span(group)
        name = _without_possessive(match.group(group))
        end = start + len(name)
        if match.group("strong") or _has_cue(text, match.start(), match.end()):
            yield name, start, end


def _named(text: str) -> Iterator[Credit]:
    """Names that hold an outlet's word ("X Press Agency", "Radio X") and stand beside a cue."""
    cues = _cues()
    for match in cues.named.finditer(text):
        name = _without_possessive(match.group())
        end = match.start() + len(name)
        name = re.sub(r"^(?:The |.*['’]s )", "", name)
        start = end - len(name)
        if " " in name and not cues.not_outlets.search(name) and _has_cue(text, start, match.end()):
            yield name, start, end


def _initials(text: str) -> Iterator[Credit]:
    """Capitals and addresses that somebody spoke to ("told ABN", "according to Havn.com") and that no table holds as anything else."""
    for match in _cues().initials.finditer(text):
        if match.group("name") not in _bodies():
            yield match.group("name"), *match.span("name")


def _has_cue(text: str, start: int, end: int) -> bool:
    return bool(_cues().before.search(text, max(0, start - REACH), start) or _cues().after.match(text, end))


def _without_possessive(name: str) -> str:
    return re.sub(r"['’]s?$|[.]$", "", name)


@cache
def _cues() -> Cues:
    words = vocab.words("head")["credits"]
    nouns, weak, verbs = either(words["outlet_nouns"]), either(words["weak_nouns"]), either(words["carrying_verbs"])
    kinds = rf"(?:(?:the|a|an|by|in|its|local|state|\w+'s)\s+)*(?:[\w-]+\s+){{0,3}}?(?:(?:{nouns}|{weak})\s+)?"
    before = rf"(?:\b(?:{either(words['leading'])})\s+{kinds}|\b(?:{verbs})\s+(?:the\s+)?(?:(?:{nouns}|{weak})\s+)?)[\"“«„]?$"
    hedges = r"has|had|have|earlier|also|first|later|exclusively|last \w+|on \w+|in \w+|recently|too|was|is|then|meanwhile|yesterday"
    hedged = rf"(?:,?\s*(?:{hedges})){{0,3}}"
    after = rf"[\"”»“]?(?:\s+(?:{weak}|{nouns}))?\s*,?{hedged}\s+(?:{verbs})\b"
    described = rf"\b(?:(?P<strong>{nouns})|(?:{weak}))\s+(?:{QUOTED}|(?P<name>{NAME}))"
    followed = rf"(?<!\ba )(?<!\ban )\b(?P<name>{NAME}) (?:{nouns}|agency|portal|website)\b(?! [\"“„«A-Z])"
    parts = either(words["name_words"])
    named = rf"\b(?=[A-Z])(?:{WORD} (?:of |the )?){{0,4}}(?:{parts})\b(?: (?:of )?{WORD}){{0,3}}"
    short = r"[A-Z]{2,5}\d?|[A-Z][\w-]{1,20}\.[a-z]{2,4}"
    initials = rf"\b(?:{either(words['speaking'])})\s+(?P<name>{short})(?=[.,;]|\s+(?:that|on|in|last|yesterday|today|under)\b|$)"
    lines = rf"^[ \t(]*(?:{either(words['source_lines'])})\s*:?\s+(?P<names>[^\n]{{2,80}}?)[.)]*[ \t]*$"
    return Cues(
        re.compile(before),
        re.compile(after),
        re.compile(described),
        re.compile(followed),
        re.compile(named),
        re.compile(either(words["not_outlets"])),
        re.compile(initials),
        re.compile(lines, re.IGNORECASE | re.MULTILINE),
    )


@cache
def _states() -> str:
    return either([row["name"] for row in vocab.table("states")])


@cache
def _bodies() -> frozenset[str]:
    """Names of bodies, companies, programmes, states and institutes: they are spoken to as well, and are no outlets."""
    tables = ("bodies", "companies", "programmes", "states", "agencies")
    rows = (row for table in tables for row in vocab.table(table) if row.get("kind") not in OUTLETS)
    return frozenset(said for row in rows for said in (row["name"], row.get("iso2", ""), *vocab.cells(row["aliases"])))


@cache
def _places() -> frozenset[str]:
    """States, their people and capitals: "the Turkish newspaper" names no outlet."""
    columns = ("name", "aliases", "adjectives", "demonyms", "capital")
    return frozenset(fold(said) for row in vocab.table("states") for column in columns for said in vocab.cells(row[column]))


@cache
def _table() -> tuple[AhoCorasick, dict[str, Known]]:
    entries: dict[str, Known] = {}
    words = vocab.words("head")["credits"]
    common, parts = words["common_names"], set(words["name_words"])
    for row in vocab.table("agencies"):
        if row["kind"] in OUTLETS:
            unclear = {*common, *vocab.cells(row["ambiguous"])}
            for said in [row["name"], *vocab.cells(row["aliases"])]:
                near = said == row["name"] or _is_short_for(said, row["name"])
                telling = row["kind"] in WIRES or row["origin"] == "hand" or bool(parts & set(said.split()[1:]))
                sure = said in words["sure_initials"] or (telling and said not in unclear and len(said) > 3)
                entries.setdefault(said, Known(row["name"] if near else said, sure))
    return AhoCorasick(list(entries), matchkind=MatchKind.LeftmostLongest), entries


@cache
def _folded() -> dict[str, str]:
    return {fold(said): entry.name for said, entry in _table()[1].items()}


def _is_short_for(said: str, name: str) -> bool:
    """Whether an alias is a spelling of the name; initials and other titles of the same house stay as they are written."""
    short, full = fold(said), fold(name)
    return len(short) > 3 and (short in full or full in short)
