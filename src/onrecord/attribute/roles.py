"""This file reads the office in the words around a name, and the body and the state that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord import vocab
from onrecord.records import Mention, Parsed, Word
from onrecord.syntax import mentions_in

# How far, in words, a role may stand from the name that it belongs to.
REACH = 14


def role_words() -> frozenset[str]:
    """Every word that may stand in a title before a name."""
    roles = vocab.words("roles")
    return frozenset([*roles["heads"], *roles["offices"], *roles["modifiers"], *roles["honorifics"]])


def organization_of(parsed: Parsed, role: str, party: str | None) -> str | None:
    """The body that an office belongs to: "Defence Minister" of TR is "Turkish Defence Ministry"."""
    low = role.lower()
    if party is None or party.startswith("org:"):
        return None
    for rule in vocab.words("roles")["organizations"]:
        if any(words in low for words in rule["words"]) and not (low.startswith("vice") and rule["organization"] == "{state}"):
            pattern: str = rule.get(party, rule["organization"])
            return pattern.format(adjective=adjective(party), state=state_name(party))
    return None


def adjective(party: str) -> str:
    """A state's adjective as English headlines write it ("Russian", "US")."""
    if party in {"US", "AE"}:
        return {"US": "US", "AE": "Emirati"}[party]
    row = _state(party)
    values = vocab.cells(row["adjectives"]) if row else []
    return values[0] if values else party


def state_name(party: str) -> str:
    """A state's usual name."""
    row = _state(party)
    return row["name"] if row else party


def _state(party: str) -> Mapping[str, str] | None:
    return next((row for row in vocab.table("states") if row["iso2"] == party), None)


def role_near(parsed: Parsed, start: int, end: int) -> tuple[str | None, str | None, str | None]:
    """Role, organisation and state that the words just before or after a name give."""
    words = [w for w in parsed.words if w.start < end + 160 and w.end > start - 160]
    first = next((i for i, w in enumerate(words) if w.start >= start), None)
    if first is None:
        return None, None, None
    last = next((i for i, w in enumerate(words) if w.end >= end), first)
    before = _role_before(words[max(0, first - REACH) : first], words[first].sentence)
    found = before or _role_after(words[last + 1 : last + 1 + REACH], words[first].sentence)
    if not found:
        return None, None, None
    role, low, high = found
    body, party = _body_near(parsed, low, high)
    role = _without_owner(parsed, role, low, high)
    return role, body or organization_of(parsed, role, party), party


def _without_owner(parsed: Parsed, role: str, low: int, high: int) -> str:
    """A role without the body or the state that it ends with, for these have a cell of their own: "director of the Fourth Department"."""
    for owner in mentions_in(parsed, low, high, "state", "body", "company"):
        for link in (" of the ", " of ", " for the ", " for "):
            if role.endswith(f"{link}{owner.text}") and role.count(" ") > owner.text.count(" ") + 1:
                return role.removesuffix(f"{link}{owner.text}")
    return role


def _role_before(words: list[Word], sentence: int) -> tuple[str, int, int] | None:
    """The title that ends right before the name: "Turkish Defence Minister", "spokesman for the ministry"."""
    titles, heads = role_words(), {*vocab.words("roles")["heads"], *vocab.words("roles")["offices"]}
    words = [w for w in words if w.sentence == sentence]
    at = len(words)
    while at and words[at - 1].text.lower() in vocab.words("roles")["honorifics"]:
        at -= 1
    if at and words[at - 1].text == ",":
        at -= 1
    stop = at
    while at and (
        words[at - 1].pos in {"NOUN", "PROPN", "ADJ"}
        or words[at - 1].text.lower() in titles
        or words[at - 1].text in {"of", "for", "the", "-", "'s", "’s", "and", "on"}
    ):
        at -= 1
    phrase = words[at:stop]
    places = [i for i, w in enumerate(phrase) if w.text.lower() in heads]
    if not places:
        return None
    head = places[0] if any(w.text in {"of", "for"} for w in phrase[places[0] + 1 : places[0] + 2]) else places[-1]
    low = head
    while low and phrase[low - 1].text.lower() in titles and phrase[low - 1].text.lower() not in {"the"}:
        low -= 1
    high = head
    if head + 1 < len(phrase) and phrase[head + 1].text in {"of", "for"}:
        high = len(phrase) - 1
    return _joined_text(phrase[low : high + 1]), phrase[0].start, phrase[-1].end


def _role_after(words: list[Word], sentence: int) -> tuple[str, int, int] | None:
    """The apposition after a name: ", director of the Fourth European Department of the Russian Foreign Ministry"."""
    words = [w for w in words if w.sentence == sentence]
    if len(words) < 2 or words[0].text != ",":
        return None
    heads = {*vocab.words("roles")["heads"], *vocab.words("roles")["offices"]}
    stop = next(
        (i for i, w in enumerate(words[1:], 1) if w.text in {",", ";", ".", "who", "—", "-", ":"} or w.tag in {"VBD", "VBZ"}), len(words)
    )
    phrase = words[1:stop]
    at = next((i for i, w in enumerate(phrase) if w.text.lower() in heads), None)
    if at is None or at > 6:
        return None
    titles, low = role_words(), at
    while low and phrase[low - 1].text.lower() in titles and phrase[low - 1].text.lower() not in {"the"}:
        low -= 1
    while at + 1 < len(phrase) and phrase[at + 1].text.lower() in heads:
        at += 1
    high = len(phrase) - 1 if at + 1 < len(phrase) and phrase[at + 1].text in {"of", "for"} else at
    return _joined_text(phrase[low : high + 1]), phrase[0].start, phrase[-1].end


def _joined_text(words: list[Word]) -> str:
    text = ""
    for word, after in zip(words, [*words[1:], None], strict=True):
        text += word.text + (" " if after and after.start > word.end else "")
    return text


def _body_near(parsed: Parsed, start: int, end: int) -> tuple[str | None, str | None]:
    """The body named inside a title, as gold names it, and the state that the title names."""
    inside = mentions_in(parsed, start, end, "state", "body", "company")
    body = next((m for m in inside if m.kind in {"body", "company"}), None)
    party = next((m.party for m in inside if m.party), None)
    return (body_name(body) if body else None), party


def body_name(mention: Mention) -> str:
    """A body's usual English name: "Russian Foreign Ministry" whatever the words."""
    return mention.name
