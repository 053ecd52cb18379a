"""This file resolves the people who speak to a table of office-holders: a garbled spelling is mended where role, state and time agree.

"Republican Senator John Tune" is John Thune: the names sound alike, both are senators, both of the United States. The report's own
spelling stays in `as_written`; the speaker's claim says why it was resolved, and how alike the spellings are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from onrecord import vocab
from onrecord.link.name_sounds import is_exchanged, plain, sound_likeness, sounds
from onrecord.records import Claim, Finding, Parsed, make_claim, make_finding

# How alike two spellings must be, where 1 is the same sounds: with role and state agreed one odd letter in six, without a role almost none.
# Measured on the teaching reports: at 0.75 two ministers of one state with like surnames are taken for each other.
ENOUGH, ENOUGH_WITHOUT_ROLE = 0.8, 0.93
# Two different people this near to each other in likeness are not told apart.
TOO_NEAR = 0.03
SURNAME_WEIGHT = 0.65
# A role often outlives its term in print: days of grace are a year, since many terms are known by the year alone.
GRACE_YEARS = 1


@dataclass(frozen=True, slots=True)
class Office:
    """One office of one person, as the table holds it, with what is compared worked out."""

    person: str
    name: str
    spellings: tuple[tuple[str, ...], ...]
    state: str
    role: str
    classes: frozenset[str]
    first: int
    last: int


def link_people(parsed: Parsed, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with every speaker who can be resolved under the usual spelling of his name, wherever he is named as the source."""
    findings = list(findings)
    resolved: dict[str, tuple[str, float, str]] = {}
    for finding in findings:
        name = finding["speaker"]
        if finding.kind == "statement" and isinstance(name, str) and name not in resolved and _is_personal(parsed, finding):
            day = parsed.document.published
            role = f"{_text(finding['role'])} {_text(finding['organization'])}" if finding["role"] else ""
            tries = (resolve(name, day, role=role, states=states) for states in _states_of(parsed, finding))
            if found := next((answer for answer in tries if answer), None):
                resolved[name] = found
    return [_renamed(parsed, finding, resolved) for finding in findings]


def resolve(name: str, day: str | None, *, role: str, states: frozenset[str]) -> tuple[str, float, str] | None:
    """Usual spelling, likeness and reason for a name with a role and its possible states; None where nobody or too many fit."""
    said, classes, year = sounds(name), role_classes(role), int(day[:4]) if day else None
    if not said:
        return None
    best: dict[str, tuple[float, Office, bool]] = {}
    for state in states:
        for office in _offices().get(state, ()):
            same_role = bool(classes & office.classes)
            if (classes and not same_role) or not _in_office(office, year):
                continue
            score = max(likeness(said, spelling) for spelling in office.spellings)
            if score >= (ENOUGH if same_role else ENOUGH_WITHOUT_ROLE) and score > best.get(office.person, (0.0,))[0]:
                best[office.person] = score, office, same_role
    ranked = sorted(best.values(), key=lambda item: -item[0])
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < TOO_NEAR and ranked[0][1].name != ranked[1][1].name):
        return None
    score, office, same_role = ranked[0]
    known_as = f"{office.role} of {office.state}" if same_role else f"of {office.state}, no role to compare"
    return (
        plain(office.name),
        round(score, 3),
        f"spelling {score:.2f} like {office.name}, {known_as}, in office {_term(office)}",
    )


def _term(office: Office) -> str:
    return f"{office.first or '?'} to {office.last if office.last < 9999 else 'now'}"


def likeness(said: tuple[str, ...], known: tuple[str, ...]) -> float:
    """How alike two names sound, 0 to 1: the surname weighs most; a lone surname is compared alone."""
    one, other = said[-1], known[-1]
    if not is_exchanged(one[0], other[0]):
        return 0.0
    surname = sound_likeness(one, other)
    if len(said) == 1 or len(known) == 1 or surname < 0.6:
        return surname if len(said) == 1 or surname < 0.6 else surname * 0.95
    return SURNAME_WEIGHT * surname + (1 - SURNAME_WEIGHT) * sound_likeness(said[0], known[0])


def states_in(words: str) -> frozenset[str]:
    """The states that words name, by name or adjective: "French defence minister" is FR."""
    return frozenset(_state_words()[found] for found in _state_pattern().findall(words))


@cache
def role_classes(role: str) -> frozenset[str]:
    """The classes of office that the words of a role belong to."""
    low = role.lower()
    found = {name for name, pattern in _class_patterns().items() if pattern.search(low)}
    return frozenset(found - {"head_of_state"} if "vice" in low and "president" in low else found)


@cache
def _class_patterns() -> dict[str, re.Pattern[str]]:
    classes: dict[str, list[str]] = vocab.words("roles")["classes"]
    return {name: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") for name, words in classes.items()}


@cache
def _offices() -> dict[str, tuple[Office, ...]]:
    offices: dict[str, list[Office]] = {}
    for row in vocab.table("people"):
        spellings = tuple({sounds(name) for name in [row["name"], *vocab.cells(row["aliases"])] if sounds(name)})
        if spellings:
            first, last = int(row["start"][:4] or 0), int(row["end"][:4] or 9999)
            office = Office(row["person_id"], row["name"], spellings, row["iso2"], row["role"], role_classes(row["role"]), first, last)
            offices.setdefault(row["iso2"], []).append(office)
    return {state: tuple(held) for state, held in offices.items()}


def _in_office(office: Office, year: int | None) -> bool:
    return year is None or office.first - GRACE_YEARS <= year <= office.last + GRACE_YEARS


@cache
def _state_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in vocab.table("states"):
        for column in ("name", "adjectives", "aliases"):
            found |= {word: row["iso2"] for word in vocab.cells(row[column]) if len(word) > 2 or word == "US"}
    return found | {"US": "US", "British": "GB"}


@cache
def _state_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_state_words(), key=len, reverse=True)))})\b")


def _states_of(parsed: Parsed, finding: Finding) -> list[frozenset[str]]:
    """The states that a speaker may belong to, likeliest first: by his organisation or role, his paragraph, the report."""
    words = f"{_text(finding['organization'])} {_text(finding['role'])}"
    own = states_in(words)
    claim = finding.claim("as_written")
    if own or claim is None:
        return [own]
    text = parsed.document.text
    start, end = text.rfind("\n", 0, claim.start) + 1, text.find("\n", claim.end)
    named_at = [(m.start, m.party) for m in parsed.mentions if m.kind in {"state", "body"} and m.party]
    near = frozenset(party for at, party in named_at if start <= at < (end if end >= 0 else len(text)))
    return [near, frozenset(party for _, party in named_at)]


def _is_personal(parsed: Parsed, finding: Finding) -> bool:
    """Whether the speaker is a named person and not a body, a state or somebody unnamed."""
    claim = finding.claim("speaker")
    name = _text(finding["speaker"])
    if claim is None or not name or not all(word[:1].isupper() or len(word) < 4 for word in name.split()):
        return False
    return name != finding["organization"] and not any(
        m.kind in {"state", "body", "company", "agency", "programme"} and m.start < claim.end and claim.start < m.end
        for m in parsed.mentions
    )


def _renamed(parsed: Parsed, finding: Finding, resolved: dict[str, tuple[str, float, str]]) -> Finding:
    claims = [_renamed_claim(parsed, claim, resolved) for claim in finding.claims]
    if all(new is old for new, old in zip(claims, finding.claims, strict=True)):
        return finding
    changed = make_finding(
        finding.kind,
        finding.key,
        parsed.document,
        claims,
        part_of=finding.part_of,
        about=finding.about,
        made_by=finding.made_by,
        score=finding.score,
    )
    return replace(changed, document_id=finding.document_id)


def _renamed_claim(parsed: Parsed, claim: Claim, resolved: dict[str, tuple[str, float, str]]) -> Claim:
    if claim.field not in {"speaker", "according_to"} or not isinstance(claim.value, str) or claim.value not in resolved:
        return claim
    name, score, reason = resolved[claim.value]
    if plain(name) == plain(claim.value):
        score = _garbled(claim.quote, name)
        if not score:
            return claim
        reason = re.sub(r"^spelling [\d.]+", f"spelling {score:.2f}", reason)
    return make_claim(parsed.document, claim.field, name, start=claim.start, end=claim.end, inferred=True, score=score, reason=reason)


def _garbled(written: str, name: str) -> float:
    """How alike the report's spelling is to the usual one, where its surname is spelt otherwise; 0 where it is the same or no name."""
    said, known = sounds(written), sounds(name)
    same = plain(written).split()[-1:] == plain(name).split()[-1:]
    score = 0.0 if same or not said or not written[:1].isupper() else likeness(said, known)
    return score if score >= ENOUGH else 0.0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
