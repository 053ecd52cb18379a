"""This file keeps the people that a report names: full name, role and organisation from titles and appositions, and later short forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from onrecord import vocab
from onrecord.attribute.roles import role_near, role_words
from onrecord.records import Parsed, Person, Word
from onrecord.syntax import mentions_in

LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i", "ð": "d", "þ": "th", "’": "'"}
)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as one place of the report gives him: `[start, end)` is the name there, `name` the fullest form met so far."""

    start: int
    end: int
    name: str
    role: str | None = None
    organization: str | None = None
    party: str | None = None
    female: bool | None = None


def plain_name(name: str) -> str:
    """A name in plain letters and usual capitals: "Steven VANDEPUT" and "Bjørn" become "Steven Vandeput" and "Bjorn"."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore").decode()
    parts = [part.title() if part.isupper() and len(part) > 3 else part for part in plain.split()]
    return " ".join(parts)


def find_persons(parsed: Parsed) -> list[NamedPerson]:
    """Every place where the report names a person, in order, each with the fullest name and the role known from any of them."""
    places = [_person(parsed, start, end) for start, end in _name_spans(parsed)]
    known: dict[str, NamedPerson] = {}
    for place in places:
        key = place.name.split()[-1].lower()
        before = known.get(key)
        known[key] = place if before is None else _joined(before, place)
    return [_completed(place, known[place.name.split()[-1].lower()]) for place in places]


def _name_spans(parsed: Parsed) -> list[Span]:
    titles = role_words()
    taken: list[Span] = []
    for mention in mentions_in(parsed, 0, len(parsed.document.text), "person"):
        taken.append((mention.start, mention.end))
    others = [(m.start, m.end) for m in parsed.mentions if m.kind not in {"person", "quantity", "money", "date"}]
    covered = {(s, e) for s, e in others}
    words = parsed.words
    at = 0
    while at < len(words):
        if words[at].entity != "PERSON":
            at += 1
            continue
        last = at
        while last + 1 < len(words) and words[last + 1].entity == "PERSON" and words[last + 1].sentence == words[at].sentence:
            last += 1
        span = _trimmed(words[at : last + 1], titles)
        at = last + 1
        if span and span not in covered and not any(s < span[1] and span[0] < e for s, e in taken) and not _is_other(span, others):
            taken.append(span)
    taken += _after_titles(parsed, taken, titles, others)
    return _with_short_forms(parsed, sorted(taken))


def _after_titles(parsed: Parsed, taken: list[Span], titles: frozenset[str], others: list[Span]) -> list[Span]:
    """Names that the tagger did not see: two to four capitalised words right behind an office, or behind the body that it leads."""
    heads = frozenset([*vocab.words("roles")["heads"], *vocab.words("roles")["offices"]])
    ends = {end for _, end in others}
    found = []
    led = -9
    for word in parsed.words:
        office = word.text.lower() in heads and word.tag not in {"NNS", "NNPS"}
        led = word.index if office else led
        portfolio = word.index - led < 5 and word.index > 0 and parsed.words[word.index - 1].text in {"of", "for"}
        if not office and not portfolio and not (word.end in ends and word.index - led < 9):
            continue
        run = []
        for after in parsed.words[word.index + 1 : word.index + 5]:
            if (
                not after.text[:1].isupper()
                or after.pos not in {"PROPN", "NOUN", "ADJ"}
                or after.text.lower() in titles
                or after.sentence != word.sentence
            ):
                break
            run.append(after)
        titled = office and word.text[:1].isupper() and word.lemma.lower() in vocab.words("roles")["titles"]
        span = (run[0].start, run[-1].end) if len(run) >= (1 if titled else 2) else None
        if span and not any(s < span[1] and span[0] < e for s, e in [*taken, *others]):
            found.append(span)
    return found


def _is_other(span: tuple[int, int], others: list[Span]) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in others)


def _trimmed(run: Iterable[Word], titles: frozenset[str]) -> tuple[int, int] | None:
    words = list(run)
    while words and (words[0].text.lower() in titles or not words[0].text[:1].isupper()):
        words = words[1:]
    while words and (words[-1].text in {"'s", "'", "’s", "."} or not words[-1].text[:1].isalpha() or words[-1].pos in {"VERB", "ADP"}):
        words = words[:-1]
    if not words or (len(words) == 1 and len(words[0].text) < 3):
        return None
    return words[0].start, words[-1].end


def _with_short_forms(parsed: Parsed, spans: list[Span]) -> list[Span]:
    """The spans and every later lone surname that the tagger did not see."""
    text = parsed.document.text
    surnames = {text[start:end].split()[-1] for start, end in spans if len(text[start:end].split()[-1]) > 2}
    inside = [False] * (len(text) + 1)
    for mention in parsed.mentions:
        if mention.kind not in {"quantity", "money", "date", "person"}:
            inside[mention.start] = True
    for start, end in spans:
        for at in range(start, end):
            inside[at] = True
    extra = [(w.start, w.end) for w in parsed.words if w.text in surnames and not inside[w.start]]
    return sorted({*spans, *extra})


def _person(parsed: Parsed, start: int, end: int) -> NamedPerson:
    text = parsed.document.text
    name = plain_name(text[start:end].replace("\n", " "))
    role, organization, party = role_near(parsed, start, end)
    known = next((m for m in mentions_in(parsed, start, end, "person") if m.start == start), None)
    if known is not None:
        held = known.value if isinstance(known.value, Person) else Person()
        name, party = plain_name(known.name), party or known.party
        role, organization = role or held.role, organization or held.organization
    low = f"{role or ''}".lower().split()
    roles = vocab.words("roles")
    before = text[max(0, start - 8) : start].lower().split()
    female = True if {*low, *before} & set(roles["female"]) else False if {*low, *before} & set(roles["male"]) else None
    return NamedPerson(start, end, name, role, organization, party, female)


def _joined(before: NamedPerson, place: NamedPerson) -> NamedPerson:
    fuller = place.name if len(place.name.split()) > len(before.name.split()) else before.name
    if before.role is None or (place.role and len(place.role) > len(before.role) and place.organization and not before.organization):
        before = replace(
            before,
            role=place.role or before.role,
            organization=place.organization or before.organization,
            party=place.party or before.party,
        )
    return replace(before, name=fuller, female=before.female if before.female is not None else place.female)


def _completed(place: NamedPerson, best: NamedPerson) -> NamedPerson:
    return replace(place, name=best.name, role=best.role, organization=best.organization, party=best.party, female=best.female)
