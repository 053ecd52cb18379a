"""This file finds laws, resolutions and programmes that no table holds, by their shape."""

from __future__ import annotations

import re

from onrecord.parse.scene import Scene
from onrecord.records import Mention

RESOLUTION = re.compile(r"\b(?:UN |UNSC |U\.N\. )?(?:Security Council )?[Rr]esolution (?:No\.? ?|number )?(\d{3,4})\b")
HEAD = re.compile(
    r" (?:Act|Amendment|amendment|Initiative|Facility|Treaty|Convention|Agreement|Law|Programme|Program)\b(?! [A-Z])"
    r"(?: on (?:the )?[A-Z]\w+(?: (?:and |of |for )?[A-Z]\w+)*)?"
)
BEFORE = re.compile(r"(?:\b[A-Z][\w'-]+(?: (?:and|of|on|for|to|the))*(?: |$)){1,6}$")
NO_LAW = {"The", "A", "This", "That", "New", "An", "Under", "Any", "No"}


def find_programmes(scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with resolutions and acts named in full added, where no other programme stands."""
    shaped = []
    for match in RESOLUTION.finditer(scene.text):
        shaped.append(
            Mention(*match.span(), "programme", text[match.start() : match.end()], f"Resolution {match.group(1)}", "org:UN", "shape", 0.9)
        )
    for head in HEAD.finditer(scene.text):
        before = BEFORE.search(scene.text, max(0, head.start() - 80), head.start())
        if before is None:
            continue
        start = before.start() + (len(before.group().split(" ")[0]) + 1 if before.group().split(" ")[0] in NO_LAW else 0)
        name = scene.text[start : head.end()]
        if start < head.start() and (not name.startswith("Federal A") or " on " in name):
            reason = "a capitalised name of a law or programme"
            shaped.append(Mention(start, head.end(), "programme", text[start : head.end()], name, None, "shape", 0.6, reason))
    if not shaped:
        return found
    held = [m for m in found if m.kind in {"programme", "equipment"}]
    shaped = [m for m in shaped if not any(m.start < h.end and h.start < m.end for h in held)]
    kept = [m for m in found if not any(s.start <= m.start and m.end <= s.end for s in shaped)]
    return sorted([*kept, *shaped], key=lambda m: (m.start, -m.end))
