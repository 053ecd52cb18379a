"""This file gives the people that a table holds their role on the report's day, and finds them again by surname alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.forms import plain
from onrecord.parse.scene import Scene
from onrecord.parse.surfaces import adjectives, state_names, usual_body
from onrecord.records import Mention, Person

HEADS = {"president", "prime minister", "chancellor", "king", "emir", "sultan", "crown prince", "premier", "supreme leader"}
# Those of whom news say the surname alone.
GOVERNING = {"president", "prime minister", "chancellor", "premier"}
# A capitalised word before a name.
BEFORE = re.compile(r"([A-Z][\w.’'-]*) $")
RUN = re.compile(r"[\w-]+")
MINISTRIES = (
    ("foreign", "foreign_ministry"),
    ("external affairs", "foreign_ministry"),
    ("defence", "defence_ministry"),
    ("defense", "defence_ministry"),
    ("finance", "finance_ministry"),
    ("interior", "interior_ministry"),
)
US_OFFICES = {
    "secretary of state": "US State Department",
    "state department": "US State Department",
    "secretary of defen": "US Defense Department",
    "pentagon": "Pentagon",
    "senator": "US Senate",
    "representative": "US House of Representatives",
}
ADMINISTRATION = re.compile(r"\b([A-Z][a-z]+)(?:'s)? administration\b")
PARTICLES = {"bin", "al", "van", "von", "de", "der", "da", "ibn", "el"}


def find_persons(scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with people's roles filled in, later surnames joined to them, and "the X administration" read as a government."""
    known: dict[str, Mention] = {}
    people = []
    for mention in found:
        if mention.kind == "person":
            key = mention.reason
            mention = replace(mention, name=plain(mention.name), value=_on_the_day(key, scene.day), reason="")
            known.setdefault(key, mention)
        people.append(mention)
    spans = [(m.start, m.end) for m in people if m.kind != "equipment"]
    added = _administrations(scene, text, spans)
    for first in known.values():
        surname = plain(first.text).split(" ")[-1]
        for match in re.finditer(rf"\b{re.escape(surname)}\b", scene.text) if len(surname) > 2 and surname.lower() not in PARTICLES else ():
            if match.start() > first.end and not any(a < match.end() and match.start() < b for a, b in spans):
                start, end = match.span()
                added.append(replace(first, start=start, end=end, text=text[start:end], how="short", score=0.9, reason="surname alone"))
    spans += [(m.start, m.end) for m in added]
    added += _leaders_by_surname(scene, text, spans, {m.party for m in people if m.kind == "state"}, {m.name for m in known.values()})
    kept = [m for m in people if not any(a.start <= m.start and m.end <= a.end for a in added)]
    return sorted([*kept, *added], key=lambda m: (m.start, -m.end))


def _leaders_by_surname(
    scene: Scene, text: str, spans: list[tuple[int, int]], states: set[str | None], named: set[str]
) -> Iterator[Mention]:
    """Heads of state or government in office whom a report knows by surname alone ("Putin met Erdogan"), of states that it names.

    Nobody is taken for one where the report gives the surname to somebody else, too ("Ana Costa"), or the full name anywhere.
    """
    for surname, (person, name, party) in _surnames_said(scene.text, scene.day[:10]) if scene.day else ():
        if party not in states or name in named:
            continue
        places = list(re.finditer(rf"(?<![\w'’-]){re.escape(surname)}(?![\w-])(?! [A-Z])", scene.text))
        before = [BEFORE.search(scene.text, max(0, match.start() - 24), match.start()) for match in places]
        if any(word and word[1].lower() not in _no_names() and not word[1].endswith(("'s", "’s")) for word in before):
            continue
        value = _on_the_day(person, scene.day)
        for match in places:
            if not any(a < match.end() and match.start() < b for a, b in spans):
                said = text[match.start() : match.end()]
                yield Mention(*match.span(), "person", said, plain(name), party, "short", 0.8, "surname of a head in office", value)


def _surnames_said(text: str, day: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Surname, with person, name and state, of the heads in office on a day whom a text may name; none of a surname that two have then."""
    said = set(RUN.findall(text))
    for surname, (run, offices) in _governing().items():
        if run in said:
            heads = {head for start, end, head in offices if start <= day <= end}
            if len(heads) == 1:
                yield surname, heads.pop()


@cache
def _governing() -> dict[str, tuple[str, list[tuple[str, str, tuple[str, str, str]]]]]:
    """By surname, its last run of letters, and the offices of heads of state or government: first day, last day, person, name and state."""
    found: dict[str, tuple[str, list[tuple[str, str, tuple[str, str, str]]]]] = {}
    months = {name for names in vocab.words("dates")["months"] for name in names}
    for row in vocab.table("people"):
        surname = plain(row["name"]).split(" ")[-1]
        head = row["role"].split(" of ")[0].split(" (")[0] in GOVERNING and row["start"] and row["iso2"]
        if head and len(surname) > 3 and surname not in months:
            office = row["start"], row["end"] or "9999", (row["person_id"], row["name"], row["iso2"])
            found.setdefault(surname, (RUN.findall(surname)[-1], []))[1].append(office)
    return found


@cache
def _no_names() -> frozenset[str]:
    """Words that are written large before a surname and are no first name: titles, and what opens a sentence."""
    words = vocab.words("roles")
    return frozenset([*words["titles"], *words["honorifics"], *words["openers"]])


def _administrations(scene: Scene, text: str, spans: list[tuple[int, int]]) -> list[Mention]:
    added = []
    for match in ADMINISTRATION.finditer(scene.text):
        party = _leaders().get(match.group(1))
        if party and not any(a < match.end() and match.start() < b for a, b in spans):
            name = usual_body(party, "government")
            added.append(
                Mention(
                    *match.span(),
                    "body",
                    text[match.start() : match.end()],
                    name,
                    party,
                    "metonym",
                    0.9,
                    f"administration of {match.group(1)}",
                )
            )
    return added


@cache
def _leaders() -> dict[str, str]:
    """Surnames of heads of state or government, with their state; the United States first, whose governments are called so."""
    rows = sorted(vocab.table("people"), key=lambda row: row["iso2"] != "US")
    leaders: dict[str, str] = {}
    for row in rows:
        if row["iso2"] and row["role"].split(" of ")[0].split(" (")[0] in HEADS:
            leaders.setdefault(plain(row["name"]).split(" ")[-1], row["iso2"])
    return leaders | {
        name: "US" for name in ("Carter", "Reagan", "Bush", "Clinton", "Obama", "Trump", "Biden", "Nixon", "Ford", "Johnson", "Kennedy")
    }


@cache
def _offices() -> dict[str, list[tuple[str, str, str, str]]]:
    offices: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in vocab.table("people"):
        offices.setdefault(row["person_id"], []).append((row["start"] or "0", row["end"] or "9999", row["role"], row["iso2"]))
    return offices


def _on_the_day(person: str, day: str) -> Person:
    """The office that a person held on a day: the one begun last among those that had not ended."""
    offices = _offices().get(person, [])
    held = [o for o in offices if not day or (o[0] <= day and day[: len(o[1])] <= o[1])]
    if not held:
        return Person()
    _, _, role, state = max(held, key=lambda office: (_rank(office[2]), *office))
    role = re.split(r" \(|; ", role)[0]
    return Person(role, _organization(role.lower(), state))


def _rank(role: str) -> int:
    """Heads of state or government come before ministers, ministers before other offices."""
    bare = role.lower().split(" of ")[0]
    return 2 if bare in HEADS else 1 if re.match(r"(?:federal )?minister|\w+ minister|secretary of", role.lower()) else 0


def _organization(role: str, state: str) -> str | None:
    """The body that an office belongs to, by the words of its title; the state itself for its heads."""
    if re.split(r" of |,", role)[0] in HEADS:
        return state_names().get(state)
    if state == "US" and (body := next((body for word, body in US_OFFICES.items() if word in role), None)):
        return body
    if "nato" in role.split(" "):
        return "NATO"
    if role.startswith("presidential") and state == "RU":
        return "Kremlin"
    ministerial = re.search(r"minist(?:er|ry)|secretary of state for", role) and "prime minister" not in role
    kind = next((kind for word, kind in MINISTRIES if word in role), "") if ministerial else ""
    return usual_body(state, kind) if kind and state in adjectives() else None
