"""Swaps the names in a report for others, so that the encoder learns who does what from the words and not from who usually does it.

Every state of a report becomes another one in all its forms ("Turkey", "Turkish", "Ankara"), every designation another of its class.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache

from onrecord import vocab
from onrecord.records import Equipment, Parsed

# Characters [start, end) of a text and what stands there instead.
Edit = tuple[int, int, str]
FORMS = ("names", "adjectives", "demonyms", "capital")


def rewritten(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit made; edits do not overlap."""
    parts, last = [], 0
    for start, end, new in sorted(edits):
        parts += [text[last:start], new]
        last = end
    return "".join([*parts, text[last:]])


def moved(span: tuple[int, int], edits: Sequence[Edit]) -> tuple[int, int]:
    """Where a span of the text stands once the edits are made; what an edit cuts into grows to the whole of what stands there now."""
    return _moved(span[0], edits, is_end=False), _moved(span[1], edits, is_end=True)


def _moved(place: int, edits: Sequence[Edit], *, is_end: bool) -> int:
    shift = 0
    for start, end, new in edits:
        if end <= place:
            shift += len(new) - (end - start)
        elif start < place:
            return start + shift + (len(new) if is_end else 0)
    return place + shift


def swaps(parsed: Parsed, chance: random.Random) -> tuple[list[Edit], list[Edit]]:
    """Edits of title and text: each state and each known designation of the report for another, the same everywhere."""
    surfaces = _state_surfaces(parsed, chance) | _item_surfaces(parsed, chance)
    if not surfaces:
        return [], []
    longest = sorted(surfaces, key=lambda surface: -len(surface))
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")
    found = [
        [(match.start(), match.end(), surfaces[match.group()]) for match in pattern.finditer(text)]
        for text in (parsed.document.title, parsed.document.text)
    ]
    return found[0], found[1]


def _state_surfaces(parsed: Parsed, chance: random.Random) -> dict[str, str]:
    forms = _states()
    own = sorted({m.party for m in parsed.mentions if m.kind == "state" and m.party in forms})
    free = sorted(set(forms) - set(own))
    others = dict(zip(own, chance.sample(free, len(own)) if len(own) <= len(free) else own, strict=True))
    found: dict[str, str] = {}
    for old, new in others.items():
        for form in FORMS:
            for at, surface in enumerate(forms[old][form]):
                named = forms[new][form]
                if named:
                    found.setdefault(surface, named[at if form == "demonyms" and at < len(named) else 0])
    return found


def _item_surfaces(parsed: Parsed, chance: random.Random) -> dict[str, str]:
    classes = _classes()
    new_of: dict[str, str] = {}
    found: dict[str, str] = {}
    for mention in parsed.mentions:
        value = mention.value
        if not isinstance(value, Equipment) or value.generic or not value.known or mention.how == "noun":
            continue
        if mention.name not in new_of:
            new_of[mention.name] = chance.choice(classes.get(value.category) or [mention.name])
        plural = mention.text.endswith("s") and not mention.name.endswith("s")
        found[mention.text] = new_of[mention.name] + ("s" if plural else "")
    return found


@cache
def _states() -> dict[str, dict[str, list[str]]]:
    return {
        row["iso2"]: {
            "names": [row["name"], *_several(row["aliases"])],
            "adjectives": _several(row["adjectives"]),
            "demonyms": _several(row["demonyms"]),
            "capital": [*_several(row["capital"]), *_several(row["capital_aliases"])],
        }
        for row in vocab.table("states")
        if row["status"] == "un_member"
    }


def _several(cell: str) -> list[str]:
    return list(_parts(cell))


def _parts(cell: str) -> Iterator[str]:
    yield from (part for part in cell.split("|") if part)


@cache
def _classes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in vocab.table("equipment"):
        found.setdefault(row["class"], []).append(row["designation"])
    return found
