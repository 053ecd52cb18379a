"""This file finds whose a ministry, force or parliament is where no state stands beside it: by "its", by the place, by what was named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene
from onrecord.records import Mention, Parsed
from onrecord.syntax import climb, word_at

MINISTRIES = {
    "foreign_ministry",
    "defence_ministry",
    "finance_ministry",
    "interior_ministry",
    "trade_ministry",
    "industry_ministry",
    "justice_ministry",
}
# One that stands in a state is not that state's.
EMBASSY = "embassy"
OWNED = re.compile(r"\b(?:its|their|(?:the|that) (?:country|nation|kingdom|island|republic|state)['\N{RIGHT SINGLE QUOTATION MARK}]s) $")
# How far before an office the word for its owner begins at most.
OWNER = 16
# What a sentence begins with that tells where it happens: "In Moscow the step was met with …", "From Moscow, a diplomat of …".
PLACED = re.compile(r"(?:^|[.!?”\"“]\s*)(?:In|At|From|Here in) (?:the )?$")
ENDS = (". ", "\n", "? ", "! ")
# States that a sentence names in these places are what is told of, not who tells it: "given to Ukraine", "bought from Chile".
TOLD_OF = {"from", "to", "by", "for", "with", "of", "between"}
# What hangs so on a noun qualifies it: "Israeli" in "the Israeli air force's chief" the chief.
WITHIN = ("poss", "amod", "compound", "nmod", "case")
# The states and their bodies that are named before an office in its sentence, and in the one before.
Named = tuple[list[Mention], list[Mention]]


class Memory:
    """What a report has named so far: the last body of each kind, the last ministry; and the states that it is at home in or spells out.

    `filed` is the state of its dateline.
    """

    def __init__(self, found: list[Mention], spelt: dict[str, str]) -> None:
        states = [m for m in found if m.kind in {"state", "body"} and m.party in _sovereign()]
        filed = [m.party for m in states if m.reason == "dateline" and m.party]
        self.filed = filed[0] if filed else None
        self.home = _home(states, filed)
        self.spelt = spelt
        self.bodies: dict[str, tuple[str, str | None]] = {}
        self.ministry: tuple[str, str | None] | None = None

    def keep(self, kind: str, name: str, party: str | None) -> None:
        """Remember a body of a kind, and that it was the last ministry or department named."""
        self.bodies[kind] = (name, party)
        if kind in MINISTRIES or "Department" in name:
            self.ministry = (name, party)

    def named(self, kind: str) -> tuple[str, str | None] | None:
        """The last body of a kind with its state, unless it is another state's than the one that the report is filed from."""
        name, party = self.bodies.get(kind, ("", None))
        abroad = self.filed and party and party != self.filed and not party.startswith("org:") and kind != EMBASSY
        return None if not name or abroad else (name, party)


def states_before(scene: Scene, kept: Sequence[Mention], office: Mention) -> Named:
    """The states and their bodies named before an office in its sentence, and in the one before."""
    start = _sentence_start(scene, office.start)
    earlier = _sentence_start(scene, start - 1) if start > 0 else -1
    states = [m for m in kept if m.start > earlier and m.kind in {"state", "body"} and m.party and not m.party.startswith("org:")]
    return [m for m in states if m.start > start], [m for m in states if m.start <= start]


def told_owner(parsed: Parsed, scene: Scene, office: Mention, named: Named) -> str | None:
    """The state that "its" or "the country's ministry" goes back to, or in which the sentence, or the one before, says that it happens."""
    same, before = named
    if OWNED.search(scene.lower, max(0, office.start - OWNER), office.start):
        acting = [m for m in same if _is_subject(parsed, m)][-1:] or [m for m in before if _is_subject(parsed, m)][:1]
        if not acting and len({m.party for m in before}) == 1:
            acting = before[:1]
        if acting:
            return acting[0].party
    if office.name == EMBASSY:
        return None
    placed = [m for m in (*before, *same) if PLACED.search(scene.text, max(0, m.start - 16), m.start)]
    return placed[-1].party if placed and has_body(placed[-1].party, scene, office) else None


def likely_owner(parsed: Parsed, scene: Scene, office: Mention, named: Named, memory: Memory) -> str | None:
    """The state whose body is meant where none is said: among those that have such a body, the sentence's only one or the report's own."""
    nearest = _nearest(parsed, named)
    if office.name == EMBASSY:
        # Whose it is cannot be guessed from where a report is at home.
        return next((party for party in nearest if party != memory.filed), None)
    spelt = [memory.spelt[office.name]] if office.name in memory.spelt and not memory.filed else []
    for party in [*spelt, *nearest, *memory.home]:
        if has_body(party, scene, office):
            return party
    return next(iter(_only(scene, office)), None)


def has_body(party: str | None, scene: Scene, office: Mention) -> bool:
    """Whether a state has a body of that kind, by that name."""
    only = _only(scene, office)
    return party in only if only else not lacks(party, office.name)


def lacks(party: str | None, kind: str) -> bool:
    """Whether a state has no body of that kind by any such name: the United States no foreign ministry."""
    return party == "US" and kind in vocab.words("names")["only"]["not_us"]


def _only(scene: Scene, office: Mention) -> list[str]:
    """The states that alone have a body of that name."""
    words = vocab.words("names")
    only: list[str] = words["only_form"].get(scene.lower[office.start : office.end]) or words["only"].get(office.name, [])
    return only


def _home(states: Iterable[Mention], filed: Iterable[str]) -> list[str]:
    """The states that a report speaks from, likeliest first: its dateline's, then those that it names most."""
    parties = [m.party for m in states if m.party]
    counts = Counter(parties[:1] + parties)
    return list(dict.fromkeys([*filed, *(party for party, _ in counts.most_common())]))


def _nearest(parsed: Parsed, named: Named) -> list[str]:
    """The state whose sentence this is: the only one named before the office in it, if it does or undergoes anything there."""
    same, _ = named
    near = {m.party for m in same if m.party}
    return list(near) if len(near) == 1 and any(not _is_told_of(parsed, m) for m in same) else []


def _sentence_start(scene: Scene, before: int) -> int:
    return max(scene.text.rfind(mark, 0, before) for mark in ENDS)


def _is_subject(parsed: Parsed, mention: Mention) -> bool:
    """Whether a state, or whom it qualifies, is the subject of a verb: "Israel urged", "Israeli officials said"."""
    word = word_at(parsed, mention.end - 1)
    return word is not None and climb(parsed, word.index, *WITHIN).dep in {"nsubj", "nsubjpass"}


def _is_told_of(parsed: Parsed, mention: Mention) -> bool:
    word = word_at(parsed, mention.end - 1)
    if word is None:
        return False
    return climb(parsed, word.index, *WITHIN).dep == "dobj" or (word.dep == "pobj" and parsed.words[word.head].text.lower() in TOLD_OF)


@cache
def _sovereign() -> frozenset[str]:
    return frozenset(row["iso2"] for row in vocab.table("states") if row["status"] != "territory")
