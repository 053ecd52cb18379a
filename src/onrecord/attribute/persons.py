"""This file keeps the people that a report names: full name, role and organisation from titles and appositions, and later short forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from onrecord import vocab
from onrecord.records import Mention, Parsed, Person, Word
from onrecord.syntax import mentions_in

PARTICLES = frozenset(
    {"bin", "al", "el", "de", "la", "van", "der", "den", "von", "zu", "di", "da", "dos", "del", "ben", "abu", "ibn", "af", "-", "ul", "le"}
)
LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i", "ð": "d", "þ": "th", "’": "'"}
)
# Offices that stand before a lone surname.
TITLES = frozenset(
    {
        "president",
        "minister",
        "senator",
        "general",
        "admiral",
        "chancellor",
        "premier",
        "ambassador",
        "secretary",
        "colonel",
        "king",
        "congressman",
    }
)
Span = tuple[int, int]
# How far, in words, a role may stand from the name that it belongs to.
REACH = 14


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


def _state(party: str) -> vocab.Mapping[str, str] | None:
    return next((row for row in vocab.table("states") if row["iso2"] == party), None)


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
        if not office and not (word.end in ends and word.index - led < 9):
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
        titled = office and word.text[:1].isupper() and word.lemma.lower() in TITLES
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
    return role, body or organization_of(parsed, role, party), party


def _role_before(words: list[Word], sentence: int) -> tuple[str, int, int] | None:
    """The title that ends right before the name: "Turkish Defence Minister", "spokesman for the ministry", "the chief of staff, General"."""
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
