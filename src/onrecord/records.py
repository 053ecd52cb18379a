"""The nouns that every step speaks: a report's text, its words, what was found in it, and where it says so.

All offsets are code points into `Document.text`, half-open. `Document.text` never changes after cleaning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onrecord.encoding import Encoding
from onrecord.errors import BadOffset

# How the names step marks a common noun that stands for a designation met before, whose name follows: "the jets".
TAKES_UP = "takes up "
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Raw:
    """One report as it was handed in, before cleaning: bytes or text, where it lies, and what its container said of it."""

    uri: str
    media_type: str
    body: bytes
    hints: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """One report's cleaned text and its head. `key` is the input's own id or file stem; `id` hashes address, text and cleaner.

    `published`, `updated` are ISO days (or None), `read` the ISO day on which it was read; `credits` names the agencies or
    outlets that the report says it is based on, `credit_spans` where it says so; `furniture` spans the lines that are no
    report prose (picture credits, share and source lines).
    """

    id: str
    key: str
    uri: str
    outlet: str
    title: str
    published: str | None
    updated: str | None
    read: str | None
    language: str
    text: str
    text_sha256: str
    cleaner: str
    credits: tuple[str, ...] = ()
    credit_spans: tuple[tuple[int, int], ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that could not be read or was left out, said so that a person can act: which step, what, where.

    A `notice` tells of a doubt about a report that was read all the same (no date); all others say what was skipped.
    """

    step: str
    what: str
    where: str
    todo: str = ""
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One token with its syntax (Universal POS, Penn tag, spaCy's English dependency labels); `head` is an index into `Parsed.words`."""

    index: int
    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    sentence: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its characters, its words `[first, last)`, and the number of the paragraph that it stands in."""

    index: int
    start: int
    end: int
    first: int
    last: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count of pieces with its singular unit ("battery"); `bound` is exact, about, at least, up to or more than."""

    number: float
    unit: str
    bound: str = "exact"


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in full units of an ISO 4217 currency."""

    amount: float
    currency: str
    bound: str = "exact"


@dataclass(frozen=True, slots=True)
class When:
    """A date in EDTF, already resolved against the report's date; `anchored` is False where it needed one and had none."""

    edtf: str
    grain: str
    relative: bool = False
    anchored: bool = True


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a designation or goods noun stands for: class of equipment, states that make it, and whether a table knows it."""

    category: str
    makers: tuple[str, ...]
    known: bool
    generic: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person's role and organisation as far as the report or a table says."""

    role: str | None = None
    organization: str | None = None


Value = Quantity | Money | When | Equipment | Person | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, amount or date in the text.

    `kind`: state, body, company, person, agency, programme, equipment, quantity, money, date.
    `name` is the usual English name ("Turkey", "Russian Foreign Ministry", "S-400"), `party` the state or organisation that it
    acts for (ISO 3166-1 alpha-2, or "org:NATO"). `how` says what ties the words to it: name, adjective, demonym, capital,
    metonym, alias, short (a later short form of a name met before), shape (no table holds it), noun (a common noun).
    """

    start: int
    end: int
    kind: str
    text: str
    name: str
    party: str | None = None
    how: str = "name"
    score: float = 1.0
    reason: str = ""
    value: Value = None

    def __hash__(self) -> int:
        """Mentions are looked up often, and few begin at one place."""
        return self.start


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document with its words, sentences and mentions, in memory only. `title` is the title, parsed apart; `encoding` a model's view."""

    document: Document
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    children: tuple[tuple[int, ...], ...]
    title: Parsed | None = None
    encoding: Encoding | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One cell: a field, its value, and the exact words `quote == text[start:end]` that it stands on.

    `inferred` marks a value that the words allow but do not say; `reason` then tells why.
    """

    field: str
    value: Json
    start: int
    end: int
    quote: str
    inferred: bool = False
    score: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing put on record from one report: a transfer, a stage of one, a statement or an event, made of claims.

    `key` is unique in the report ("t1", "t1.s2", "q3", "e1"); `part_of` names the transfer that a stage belongs to; `about`
    the transfers that a statement or an event speaks of. `id` hashes document, kind and claims, so a re-run gives the same.
    """

    kind: str
    key: str
    document_id: str
    claims: tuple[Claim, ...]
    part_of: str | None = None
    about: tuple[str, ...] = ()
    made_by: str = ""
    score: float = 1.0
    id: str = field(default="")

    def __getitem__(self, name: str) -> Json:
        """The first claim's value for a field, or None."""
        return next((claim.value for claim in self.claims if claim.field == name), None)

    def all(self, name: str) -> list[Json]:
        """Every value claimed for a field, in order."""
        return [claim.value for claim in self.claims if claim.field == name]

    def claim(self, name: str) -> Claim | None:
        """The first claim for a field, or None."""
        return next((claim for claim in self.claims if claim.field == name), None)


def make_claim(
    document: Document, field: str, value: Json, *, start: int, end: int, inferred: bool = False, score: float = 1.0, reason: str = ""
) -> Claim:
    """A claim whose quote is cut from the text here and now; a span outside the text, or an empty one, is a `BadOffset`."""
    if not 0 <= start < end <= len(document.text):
        raise BadOffset(f"{document.key}: {field}={value!r} claims text[{start}:{end}] of {len(document.text)} code points")
    return Claim(field, value, start, end, document.text[start:end], inferred, round(score, 3), reason)


def make_finding(
    kind: str,
    key: str,
    document: Document,
    claims: Iterable[Claim],
    *,
    part_of: str | None = None,
    about: Iterable[str] = (),
    made_by: str = "",
    score: float = 1.0,
) -> Finding:
    """A finding with its content id; refuses a claim that does not cut its own quote."""
    claims = tuple(claims)
    for claim in claims:
        if document.text[claim.start : claim.end] != claim.quote:
            raise BadOffset(f"{document.key}: {claim.field} at {claim.start}:{claim.end} does not cut {claim.quote!r}")
    content = [document.id, kind, part_of, [[c.field, c.value, c.start, c.end] for c in claims]]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]
    return Finding(kind, key, document.id, claims, part_of, tuple(about), made_by, round(score, 3), digest)
