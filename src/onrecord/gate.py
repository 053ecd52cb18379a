"""This file is the gate: is a page about arms deals at all? One pass over its bytes, long before anything is extracted from it.

A page passes by points. Each mention of equipment earns some, and more for the states, words of a deal, forces and makers within a few
lines of it; the three best count. What the points miss no later step can find, so the limit is set low: see docs/scale.md for what it
lets through and what it costs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice

from onrecord.characters import decode
from onrecord.gate_words import COMMON, DEAL, DOUBTFUL, EQUIPMENT, FORCE, GOODS, MAKER, NAMED, STATE, Hit, civil_goods, find_words
from onrecord.records import Document, Raw

# A reader of news meets what belongs together within about three lines to either side: bytes.
NEAR = 300
# Points were set on half of gold/train and half of the general news of docs/scale.md, and measured on the rest.
POINTS = {NAMED: 3.0, GOODS: 2.0, DOUBTFUL: 1.0, COMMON: 1.0}
# What stands beside equipment: points for each of its kind, and how many of a kind count.
BESIDE = {STATE: (1.5, 3), DEAL: (1.0, 3), FORCE: (1.0, 2), MAKER: (1.5, 1)}
OTHER_EQUIPMENT = (0.5, 2)
# Goods of everyday and names with other readings lose these where nothing military stands beside them.
ALONE = 1.5
# Goods lose these where no word of a deal stands beside them: news of wars and accidents.
NO_DEAL = 2.0
# A designation with two states and a word of a deal beside it is a deal told in one sentence, however long the page around it.
WHOLE_DEAL = 3.0
# The best mention and half of the two next earn this together.
ENOUGH = 10.0
# A brief names its equipment once or twice: up to so many bytes the best mention alone has to earn this.
BRIEF, ENOUGH_IN_BRIEF = 400, 3.0
# Bounds on hostile pages: bytes of text looked at (ten times the longest report of our samples), mentions weighed.
MOST_BYTES, MOST_MENTIONS = 500_000, 2_000
# A page whose own text is shorter holds its article in a script, as pages that a script draws do.
FEWEST_BYTES = 600

NO_EQUIPMENT = "names no military equipment"
ALONE_EQUIPMENT = "names equipment, but no state, force, maker or deal beside it"
IN_PASSING = "names equipment only in passing"

# Parts of a page in which no article stands.
HIDDEN = re.compile(rb"<(script|style|noscript|svg|nav|footer|select)\b")
TAG = re.compile(rb"<[^<>]*>\s*")
# Signs that stand for one another in names, as bytes and as HTML writes them.
SAME = {
    b"&amp;": b"&",
    b"&nbsp;": b" ",
    b"&#160;": b" ",
    b"\xc2\xa0": b" ",
    b"&#8209;": b"-",
    b"\xe2\x80\x90": b"-",
    b"\xe2\x80\x91": b"-",
    b"\xe2\x80\x93": b"-",
}
WRITTEN = re.compile(b"|".join(re.escape(written) for written in SAME))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the gate thinks of a page: whether it may be about arms deals, its points, and why not."""

    passes: bool
    points: float
    reason: str = ""


def look_at(raw: Raw) -> Opinion:
    """Whether a page or text, as it was handed in, may be about arms deals; it is neither decoded nor parsed."""
    # UTF-16 and UTF-32 have empty bytes in every Latin word.
    body = decode(raw.body).encode("utf-8", "replace") if b"\x00" in raw.body[:200] else raw.body
    # A feed carries a report's title beside it, and often no more than a lead of it.
    title = raw.hints.get("title", "").encode("utf-8", "replace") + b"\n"
    if raw.media_type != "text/html" and not body[:200].lstrip().startswith(b"<"):
        return weigh(title + body)
    opinion = weigh(title + (text := visible_text(body)))
    if not opinion.passes and len(text) < FEWEST_BYTES:
        return weigh(title + TAG.sub(b" ", body[: 4 * MOST_BYTES]))
    return opinion


def look_closer(document: Document) -> Opinion:
    """Whether the report itself may be about arms deals, its page's menus and neighbours left aside."""
    return weigh(f"{document.title}\n{document.text}".encode("utf-8", "replace"))


def weigh(text: bytes) -> Opinion:
    """The opinion on a text in UTF-8 without markup."""
    text = plain_signs(text[:MOST_BYTES])
    found = find_words(text)
    if not any(kind in EQUIPMENT for _, kind, _ in found):
        return Opinion(False, 0.0, NO_EQUIPMENT)
    best, *next_best = nlargest(3, islice(_mentions(found), MOST_MENTIONS))
    points = best + sum(next_best) / 2
    if points >= ENOUGH or (len(text) <= BRIEF and best >= ENOUGH_IN_BRIEF):
        return Opinion(True, points)
    return Opinion(False, points, IN_PASSING if best > max(POINTS.values()) else ALONE_EQUIPMENT)


def plain_signs(text: bytes) -> bytes:
    """The text with one sign for all that mean the same, and one space for any: line ends and codes inside a name would hide it."""
    return b" ".join(WRITTEN.sub(lambda match: SAME[match.group()], text).split())


def visible_text(page: bytes) -> bytes:
    """The words of a page's bytes, without scripts, menus, tags, and links that stand alone: headlines of other pages.

    A part that is never closed goes to the end of the page.
    """
    low = page.lower()
    shown = []
    place = 0
    while hidden := HIDDEN.search(low, place):
        shown.append(page[place : hidden.start()])
        end = low.find(b"</" + hidden.group(1), hidden.end())
        place = len(page) if end < 0 else end
    shown.append(page[place:])
    return TAG.sub(b" ", _without_lone_links(b" ".join(shown)))


def _without_lone_links(page: bytes) -> bytes:
    """The page less each link with a tag right before and behind it: one in running text has words on one side at least."""
    parts = page.split(b"</a")
    kept = []
    for part, rest in zip(parts, parts[1:], strict=False):
        start = part.rfind(b"<a ")
        alone = start >= 0 and part[max(0, start - 40) : start].rstrip()[-1:] == b">" and rest[1:40].lstrip()[:1] == b"<"
        kept.append(part[:start] if alone else part)
    return b"</a".join([*kept, parts[-1]])


def _mentions(found: Sequence[Hit]) -> Iterator[float]:
    """The points of each mention of equipment."""
    places = [place for place, _, _ in found]
    for place, kind, name in found:
        if kind in EQUIPMENT:
            yield _earned(kind, name, found[bisect_left(places, place - NEAR) : bisect_right(places, place + NEAR)])


def _earned(kind: str, name: str, beside: Sequence[Hit]) -> float:
    names: dict[str, set[str]] = defaultdict(set)
    for _, other, called in beside:
        names[other].add(called)
    equipment = set().union(*(names[other] for other in EQUIPMENT)) - {name} - civil_goods()
    each, most = OTHER_EQUIPMENT
    points = POINTS[kind] + each * min(len(equipment), most)
    points += sum(each * min(len(names[other]), most) for other, (each, most) in BESIDE.items())
    if kind == NAMED:
        return points + WHOLE_DEAL * (len(names[STATE]) > 1 and bool(names[DEAL]))
    # Makers of arms make cars and satellites, too.
    speaking = (NAMED, GOODS, FORCE) if name in civil_goods() else (NAMED, GOODS, FORCE, MAKER)
    military = kind == GOODS or any(names[other] for other in speaking)
    return points - ALONE * (not military) - NO_DEAL * (not names[DEAL])
