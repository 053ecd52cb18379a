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

OF = re.compile(r" of (?:the )?(?:Republic of )?")
OF_OR_IN = re.compile(r" (?:of|in|here in) (?:the )?(?:Republic of )?")
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
DETERMINED = re.compile(r"\b(?:the|a|an|this|that|its) $")
NOT_A_PARTY = {"embassy"}


class Memory:
    """What a report has named so far: the last body of each kind, the last ministry; and the states that it is at home in or spells out."""

    def __init__(self, home: list[str], spelt: dict[str, str]) -> None:
        self.home = home
        self.spelt = spelt
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
    memory = Memory(_home(scene, found), _spelt(scene, found))
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
            kept += _short(scene, kept, mention, found[number + 1] if number + 1 < len(found) else None, memory)
        else:
            if mention.kind == "body" and mention.reason:
                memory.keep(mention.reason, mention.name, mention.party)
            kept.append(
                replace(mention, reason="")
                if mention.kind in {"body", "company", "agency", "programme"} and mention.how != "shape"
                else mention
            )
    return kept


def _home(scene: Scene, found: list[Mention]) -> list[str]:
    """The states that a report speaks from, likeliest first: its dateline's, then those that it names most."""
    states = [m for m in found if m.kind in {"state", "body"} and m.party in _sovereign()]
    filed = [m.party for m in states if m.reason == "dateline" and m.party]
    counts = Counter(m.party for m in states if m.party)
    if states and states[0].party:
        counts[states[0].party] += 1
    return list(dict.fromkeys([*filed, *(party for party, _ in counts.most_common())]))


def _spelt(scene: Scene, found: list[Mention]) -> dict[str, str]:
    """The state of every kind of body that the report anywhere names in full, where it names only one state's."""
    parties: dict[str, set[str]] = {}
    for number, mention in enumerate(found):
        if mention.kind == "body" and mention.reason and mention.party:
            parties.setdefault(mention.reason, set()).add(mention.party)
        before = found[number - 1] if number else None
        if (
            mention.kind == "office"
            and before
            and before.kind == "state"
            and before.party
            and _joins(scene.text[before.end : mention.start])
        ):
            parties.setdefault(mention.name, set()).add(before.party)
    return {kind: next(iter(states)) for kind, states in parties.items() if len(states) == 1}


def _body(
    parsed: Parsed, scene: Scene, kept: list[Mention], office: Mention, after: Mention | None, memory: Memory, text: str
) -> tuple[Mention | None, bool]:
    """The body that an office noun is, if any, and whether the state after it went into its span."""
    kind = office.name
    if not _is_body(parsed, scene, office):
        return None, False
    owner = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    if owner is not None:
        kept.pop()
        return _made(text, owner.start, office.end, kind, owner.party, memory), False
    if after is not None and after.how == "metonym" and after.party and scene.text[office.end : after.start] in {" in ", " at "}:
        return _made(text, office.start, after.end, kind, after.party, memory), True
    if after is not None and after.kind == "state" and _of(kind).fullmatch(scene.text[office.end : after.start]):
        return _made(text, office.start, after.end, kind, after.party, memory), True
    name, party = memory.bodies.get(kind, ("", None))
    if name and not (party == "US" and kind in vocab.words("names")["only"]["not_us"]):
        return replace(office, kind="body", name=name, party=party, how="short", score=0.8, reason="named before"), False
    if kind == "security_council":
        made = Mention(
            office.start, office.end, "body", text[office.start : office.end], "United Nations Security Council", "org:UN", "short", 0.6
        )
        return replace(made, reason="no state's"), False
    party = _unsaid(scene, kept, office, memory)
    if party is None:
        return replace(office, kind="body", name=kind.replace("_", " "), party=None, how="short", score=0.3, reason="no state named"), False
    made = _made(text, office.start, office.end, kind, party, memory)
    return replace(made, how="short", score=0.6, reason="the report's own state"), False


def _of(kind: str) -> re.Pattern[str]:
    """What may stand between a body and its state: an embassy in Algiers is not Algeria's."""
    return OF if kind in NOT_A_PARTY else OF_OR_IN


def _unsaid(scene: Scene, kept: list[Mention], office: Mention, memory: Memory) -> str | None:
    """The state whose body is meant where none is said: among those that have such a body, the sentence's only one or the report's own."""
    words = vocab.words("names")
    form, kind = scene.lower[office.start : office.end], office.name
    only: list[str] = words["only_form"].get(form) or words["only"].get(kind, [])
    barred = {"US"} if kind in words["only"]["not_us"] and not only else set()
    spelt = [memory.spelt[kind]] if kind in memory.spelt else []
    for party in [*spelt, *_nearest(scene, kept, office), *memory.home]:
        if (not only or party in only) and party not in barred:
            return party
    return only[0] if only else None


@cache
def _sovereign() -> frozenset[str]:
    return frozenset(row["iso2"] for row in vocab.table("states") if row["status"] != "territory")


def _nearest(scene: Scene, kept: list[Mention], office: Mention) -> list[str]:
    """The state whose sentence this is: the only one named before the office in it."""
    start = max(scene.text.rfind(mark, 0, office.start) for mark in (". ", "\n", "? ", "! "))
    near = {m.party for m in kept if m.start > start and m.kind in {"state", "body"} and m.party and not m.party.startswith("org:")}
    return list(near) if len(near) == 1 else []


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


def _short(scene: Scene, kept: list[Mention], office: Mention, after: Mention | None, memory: Memory) -> list[Mention]:
    """ "The ministry": the last one named, else the one whose minister the report has spoken of, else the defence ministry."""
    last = memory.ministry
    owner = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    seat = after if after and after.kind == "state" and OF_OR_IN.fullmatch(scene.text[office.end : after.start]) else None
    if not owner and not seat and not DETERMINED.search(scene.lower[max(0, office.start - 6) : office.start]):
        return []
    party = owner.party if owner else seat.party if seat else next((p for p in memory.home if p != "US"), None)
    if owner or seat or last is None:
        if party is None:
            return []
        minister = list(MINISTER.finditer(scene.lower, 0, office.start)) or list(MINISTER.finditer(scene.lower))
        foreign = bool(minister) and any(group and group.startswith("foreign") for group in minister[-1].groups())
        last = (usual_body(party, "foreign_ministry" if foreign else "defence_ministry"), party)
    if owner:
        kept.pop()
        office = replace(office, start=owner.start, text=scene.text[owner.start : office.end])
    memory.ministry = last
    return [replace(office, kind="body", name=last[0], party=last[1], how="short", score=0.7, reason="the ministry spoken of")]


def _joins(gap: str) -> bool:
    return bool(_between().fullmatch(gap))


@cache
def _between() -> re.Pattern[str]:
    words = "|".join(map(re.escape, vocab.words("names")["between"]["words"]))
    return re.compile(rf"(?:'s|')?(?: (?:{words}))? ", re.IGNORECASE)
