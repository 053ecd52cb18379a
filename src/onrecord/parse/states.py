"""This file reads "the kingdom" and "the island" as the state of that kind that the report names."""

from __future__ import annotations

import re
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import state_names
from onrecord.records import Mention


def find_short_states(scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with such short names of states added, where the report names just one state that it can mean."""
    added = []
    for match in _pattern().finditer(scene.lower):
        named = {m.party for m in found if m.kind == "state"} & set(vocab.words("names")["short_states"][match.group(1)])
        start, end = match.span(1)
        if len(named) == 1 and not any(m.start < end and start < m.end for m in found):
            party = str(next(iter(named)))
            reason = f"the {match.group(1)} that the report names"
            added.append(Mention(start, end, "state", text[start:end], state_names()[party], party, "short", 0.7, reason))
    return sorted([*found, *added], key=lambda m: (m.start, -m.end)) if added else found


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"\bthe (?:gulf |desert |oil-rich |hashemite |self-ruled )?({'|'.join(vocab.words('names')['short_states'])})\b")
