"""This file joins a ministry, force or parliament to its state: by adjective, possessor or of-phrase, else by what the report named before."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import usual_body
from onrecord.records import Mention

OF = re.compile(r" (?:of|in|for) (?:the )?(?:Republic of )?$")
ADMINISTRATION = re.compile(r"\s(?:administration|government|cabinet|team)\b")


def find_bodies(scene: Scene, found: list[Mention], original: str) -> list[Mention]:
    """The mentions with every office noun turned into the body that it is; a state that names its body is taken into it."""
    kept: list[Mention] = []
    memory: dict[str, Mention] = {}
    taken: set[int] = set()
    for number, mention in enumerate(found):
        if number in taken:
            continue
        if mention.kind == "office":
            after = found[number + 1] if number + 1 < len(found) else None
            mention, swallowed = _body(scene, kept, mention, after, memory, original)
            taken |= {number + 1} if swallowed else set()
        elif mention.kind == "short office":
            last = memory.get("ministry")
            if last is None or scene.lower[max(0, mention.start - 4) : mention.start] != "the ":
                continue
            mention = replace(
                mention, kind="body", name=last.name, party=last.party, how="short", score=0.8, reason="the ministry named before"
            )
        if mention.kind == "body" and mention.party and "ministry" in mention.name.lower():
            memory["ministry"] = mention
        kept.append(mention)
    return kept


def _body(
    scene: Scene, kept: list[Mention], office: Mention, after: Mention | None, memory: dict[str, Mention], original: str
) -> tuple[Mention, bool]:
    kind = office.name
    owner = kept[-1] if kept and kept[-1].kind == "state" and _joins(scene.text[kept[-1].end : office.start]) else None
    if owner is not None:
        kept.pop()
        return _made(original, owner.start, office.end, kind, owner.party, "name", 1.0, memory), False
    if after is not None and after.kind == "state" and OF.search(scene.text[office.end : after.start]) and after.start - office.end < 24:
        return _made(original, office.start, after.end, kind, after.party, "name", 1.0, memory), True
    if kind in memory:
        last = memory[kind]
        return replace(office, kind="body", name=last.name, party=last.party, how="short", score=0.8, reason=f"{kind} named before"), False
    if kind == "congress":
        return _made(original, office.start, office.end, kind, "US", "name", 0.9, memory), False
    near = next((m for m in reversed(kept) if m.kind in {"state", "body"} and m.party and not m.party.startswith("org:")), None)
    if near is None:
        return replace(office, kind="body", name=kind.replace("_", " "), party=None, how="noun", score=0.3, reason="no state named"), False
    return _made(original, office.start, office.end, kind, near.party, "short", 0.6, {}, "nearest state before"), False


def _made(
    original: str, start: int, end: int, kind: str, party: str | None, how: str, score: float, memory: dict[str, Mention], reason: str = ""
) -> Mention:
    made = Mention(start, end, "body", original[start:end], usual_body(party or "", kind), party, how, score, reason)
    memory[kind] = made
    return made


def _joins(gap: str) -> bool:
    return bool(_between().fullmatch(gap))


@cache
def _between() -> re.Pattern[str]:
    words = "|".join(map(re.escape, vocab.words("names")["between"]["words"]))
    return re.compile(rf"(?:'s|')?(?: (?:{words}))? ", re.IGNORECASE)
