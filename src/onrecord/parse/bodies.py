"""This file joins a ministry, force or parliament to its state: by adjective, possessor, of-phrase, or what was named before."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import usual_body
from onrecord.records import Mention, Parsed
from onrecord.syntax import word_at

OF = re.compile(r" (?:of|in|for) (?:the )?(?:Republic of )?")
MINISTER = re.compile(r"\b(?:minister (?:of|for) (?:national )?(defen[cs]e|foreign affairs)|(defen[cs]e|foreign) minister)\b")
MINISTRIES = {
    "foreign_ministry",
    "defence_ministry",
    "finance_ministry",
    "interior_ministry",
    "trade_ministry",
    "industry_ministry",
    "justice_ministry",
}
NOT_A_PARTY = {"embassy"}


class Memory:
    """What a report has named so far: the last body of each kind, the last ministry, and the state that it is at home in."""

    def __init__(self, home: str | None) -> None:
        self.home = home
        self.bodies: dict[str, tuple[str, str | None]] = {}
        self.ministry: tuple[str, str | None] | None = None

    def keep(self, kind: str, name: str, party: str | None) -> None:
        """Remember a body of a kind, and that it was the last ministry or department named."""
        self.bodies[kind] = (name, party)
        if kind in MINISTRIES or "Department" in name:
            self.ministry = (name, party)


def find_bodies(parsed: Parsed, scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with every office noun turned into the body that it is; a state that names its body is taken into it."""
    kept: list[Mention] = []
    memory = Memory(_home(scene, found))
    taken = -1
    for number, mention in enumerate(found):
        if number == taken:
            continue
        if mention.kind == "office":
            after = found[number + 1] if number + 1 < len(found) else None
            made, swallowed = _body(parsed, scene, kept, mention, after, memory, text)
            taken = number + 1 if swallowed else -1
            kept += [made] if made else []
        elif mention.kind == "short office":
            kept += _short(scene, kept, mention, memory)
        else:
            if mention.kind == "body" and mention.reason:
                memory.keep(mention.reason, mention.name, mention.party)
            kept.append(
                replace(mention, reason="")
                if mention.kind in {"body", "company", "agency", "programme"} and mention.how != "shape"
                else mention
            )
    return kept


def _home(scene: Scene, found: list[Mention]) -> str | None:
    """The state that a report speaks from: its dateline's, else the one it names most."""
    states = [m for m in found if m.kind in {"state", "body"} and m.party and not m.party.startswith("org:")]
    filed = next((m.party for m in states if m.reason == "dateline"), None)
    counts = Counter(m.party for m in states)
    return filed or (counts.most_common(1)[0][0] if counts else None)


def _body(
    parsed: Parsed, scene: Scene, kept: list[Mention], office: Mention, after: Mention | None, memory: Memory, text: str
) -> tuple[Mention | None, bool]:
    kind = office.name
    owner = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    if kind in {"armed_forces", "house", "marines"} and not _is_body(parsed, scene, office):
        return None, False
    if owner is not None:
        kept.pop()
        return _made(text, owner.start, office.end, kind, owner.party, memory), False
    if after is not None and after.kind == "state" and OF.fullmatch(scene.text[office.end : after.start]):
        return _made(text, office.start, after.end, kind, after.party, memory), True
    if kind in memory.bodies:
        name, party = memory.bodies[kind]
        return replace(office, kind="body", name=name, party=party, how="short", score=0.8, reason="named before"), False
    party = "US" if kind in {"congress", "house"} else _nearest(scene, kept, office) or memory.home
    if party is None:
        return replace(office, kind="body", name=kind.replace("_", " "), party=None, how="short", score=0.3, reason="no state named"), False
    made = _made(text, office.start, office.end, kind, party, memory)
    return replace(made, how="short", score=0.6, reason="the report's own state"), False


def _nearest(scene: Scene, kept: list[Mention], office: Mention) -> str | None:
    """The state whose sentence this is: the only one named before the office in it."""
    start = max(scene.text.rfind(mark, 0, office.start) for mark in (". ", "\n", "? ", "! "))
    near = {m.party for m in kept if m.start > start and m.kind in {"state", "body"} and m.party and not m.party.startswith("org:")}
    return near.pop() if len(near) == 1 else None


def _is_body(parsed: Parsed, scene: Scene, office: Mention) -> bool:
    """Whether "military" is the force itself and not an attribute ("military aid")."""
    if scene.text[office.start : office.end].lower() != "military":
        return True
    word = word_at(parsed, office.end - 1)
    return word is not None and word.pos in {"NOUN", "PROPN"} and word.dep not in {"compound", "amod"}


def _made(text: str, start: int, end: int, kind: str, party: str | None, memory: Memory) -> Mention:
    name = usual_body(party or "", kind)
    memory.keep(kind, name, party)
    return Mention(start, end, "body", text[start:end], name, party, "name")


def _short(scene: Scene, kept: list[Mention], office: Mention, memory: Memory) -> list[Mention]:
    """ "The ministry": the last one named, else the one whose minister the report has spoken of."""
    last = memory.ministry
    before = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    minister = list(MINISTER.finditer(scene.lower, 0, office.start)) or list(MINISTER.finditer(scene.lower))
    if before is not None or last is None:
        party = before.party if before else memory.home
        if party is None or not minister:
            return []
        kind = "defence_ministry" if any(g and g.startswith("defen") for g in minister[-1].groups()) else "foreign_ministry"
        last = (usual_body(party, kind), party)
        if before is not None:
            kept.pop()
            office = replace(office, start=before.start, text=scene.text[before.start : office.end])
    return [replace(office, kind="body", name=last[0], party=last[1], how="short", score=0.7, reason="the ministry spoken of")]


def _joins(gap: str) -> bool:
    return bool(_between().fullmatch(gap))


@cache
def _between() -> re.Pattern[str]:
    words = "|".join(map(re.escape, vocab.words("names")["between"]["words"]))
    return re.compile(rf"(?:'s|')?(?: (?:{words}))? ", re.IGNORECASE)
