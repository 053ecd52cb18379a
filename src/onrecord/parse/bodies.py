"""This file joins a ministry, force or parliament to its state: by adjective, possessor, of-phrase, or what was named before."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.body_states import EMBASSY, Memory, has_body, lacks, likely_owner, states_before, told_owner
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import usual_body
from onrecord.records import Mention, Parsed
from onrecord.syntax import word_at

OF = re.compile(r" of (?:the )?(?:Republic of )?")
OF_OR_IN = re.compile(r" (?:of|in|here in) (?:the )?(?:Republic of )?")
MINISTER = re.compile(r"\b(?:minister (?:of|for) (?:national )?(defen[cs]e|foreign affairs)|(defen[cs]e|foreign) minister)\b")
DETERMINED = re.compile(r"\b(?:the|a|an|this|that|its) $")


def find_bodies(parsed: Parsed, scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with every office noun turned into the body that it is; a state that names its body is taken into it."""
    kept: list[Mention] = []
    memory = Memory(found, _spelt(scene, found))
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
            kept += _short(parsed, scene, kept, mention, found[number + 1] if number + 1 < len(found) else None, memory)
        else:
            if mention.kind == "body" and mention.reason:
                memory.keep(mention.reason, mention.name, mention.party)
            kept.append(
                replace(mention, reason="")
                if mention.kind in {"body", "company", "agency", "programme"} and mention.how != "shape"
                else mention
            )
    return kept


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
    named = states_before(scene, kept, office)
    party = told_owner(parsed, scene, office, named)
    last = memory.named(kind) if party is None else None
    # With a small letter a name is a translator's ("the defense department" of China), with a capital it is the body's own.
    if last and (not lacks(last[1], kind) if scene.text[office.start].islower() else has_body(last[1], scene, office)):
        return replace(office, kind="body", name=last[0], party=last[1], how="short", score=0.8, reason="named before"), False
    if party is None and kind == "security_council":
        made = Mention(
            office.start, office.end, "body", text[office.start : office.end], "United Nations Security Council", "org:UN", "short", 0.6
        )
        return replace(made, reason="no state's"), False
    party = party or likely_owner(parsed, scene, office, named, memory)
    if party is None:
        return replace(office, kind="body", name=kind.replace("_", " "), party=None, how="short", score=0.3, reason="no state named"), False
    made = _made(text, office.start, office.end, kind, party, memory)
    return replace(made, how="short", score=0.6, reason="the report's own state"), False


def _of(kind: str) -> re.Pattern[str]:
    """What may stand between a body and its state: an embassy in Algiers is not Algeria's."""
    return OF if kind == EMBASSY else OF_OR_IN


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


def _short(parsed: Parsed, scene: Scene, kept: list[Mention], office: Mention, after: Mention | None, memory: Memory) -> list[Mention]:
    """ "The ministry": the last one named, else the one whose minister the report has spoken of, else the defence ministry."""
    last = memory.ministry
    owner = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    seat = after if after and after.kind == "state" and OF_OR_IN.fullmatch(scene.text[office.end : after.start]) else None
    if not owner and not seat and not DETERMINED.search(scene.lower[max(0, office.start - 6) : office.start]):
        return []
    told = owner.party if owner else seat.party if seat else told_owner(parsed, scene, office, states_before(scene, kept, office))
    party = told or next((p for p in memory.home if p != "US"), None)
    if owner or seat or last is None or (told and told != last[1]):
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
