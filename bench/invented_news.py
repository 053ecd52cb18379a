"""Invents the news of decades for a large record: some thousand deals, a few of them in the news all the time, with who speaks and objects.

Every number here is a guess at the form of real news, written down so that it can be argued with: news follow few deals (the reports of
the deal of rank r go by 1 / (r + 12)), few states sell much, a third of the reports are copies, one report in eight gives other figures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from onrecord.clean.document import make_document
from onrecord.records import Claim, Document, Finding, Json, make_claim, make_finding
from onrecord.vocab import table

SELLERS = "US RU FR DE CN GB IT ES IL KR SE TR UA NL CH BY BR ZA CA PL".split()
BUYERS = "IN SA TR PK AE EG AU JP KR CN PL GR ID VN QA TW NO MA SG DZ IQ TH BR MY UA PH RO PE CL BD KZ RS VE MM NG HU CZ FI NZ AR".split()
STAGES = ("interest", "request", "offer", "negotiation", "approval", "contract", "production", "delivery", "service")
AHEAD = ("planned", "possible", "conditional", "denied")
ROOTS = ("AGREE", "CONSULT", "SUPPORT", "REQUEST", "THREATEN", "REJECT", "ACCUSE", "SANCTION", "PROTEST")
OBJECTORS = "US RU CN GR IL TR UA FR DE IR AM IN PK".split()
ROLES = ("minister", "spokesperson", "ambassador", "general", "chief executive", "analyst", "president", "senator")
FIRST, LAST, SINCE = 1992, 2025, date(1992, 1, 1)
# The reports of the deal of rank r go by 1 / (r + FEW): the first of 20,000 deals has one report in a hundred.
FEW = 12
COPIES, OTHER_FIGURES, UNDATED, TWO_STAGES = 0.3, 0.125, 0.01, 0.3
SPOKEN, ACTED, PEOPLE, BODIES, OUTLETS = 0.42, 0.25, 3000, 240, 600
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru kha ste tri vle zwo".split()
FILLER = 120


@dataclass(frozen=True, slots=True)
class Invented:
    """One report, its findings, the number of its deal, and the number of the report that it copies, counted from 1 (0: none)."""

    document: Document
    findings: tuple[Finding, ...]
    deal: int
    copied: int


@dataclass(slots=True)
class _Deal:
    number: int
    supplier: str
    recipient: str
    equipment: str
    pieces: int
    dollars: int
    first: int
    days: int
    objector: str
    told: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Text:
    """A text that grows, and claims on its last words."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def say(self, words: str) -> tuple[int, int]:
        """Adds words; where they stand."""
        self.parts.append(words)
        self.length += len(words)
        return self.length - len(words), self.length


class News:
    """Reports day after day, the same for the same seed."""

    def __init__(self, reports: int, *, deals: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.reports = reports
        self.deals = [self._deal(number) for number in range(deals)]
        self.words = ["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(1, 4))) for _ in range(20_000)]
        self.often = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self.people = [self._person(number) for number in range(PEOPLE)]
        self.heard = list(accumulate(1 / (rank + 5) for rank in range(PEOPLE)))
        self.outlets = [
            f"The {self._name()} {kind}" for kind in ("Courier", "Times", "Post", "Wire", "Lantern") for _ in range(OUTLETS // 5)
        ]
        self.read = list(accumulate(1 / (rank + 8) for rank in range(len(self.outlets))))

    def __iter__(self) -> Iterator[Invented]:
        weights = [1 / (rank + FEW) for rank in range(len(self.deals))]
        chosen = [*range(min(len(self.deals), self.reports)), *self.chance.choices(range(len(self.deals)), weights, k=self.reports)]
        days = sorted((self._day(self.deals[number]), number) for number in chosen[: self.reports])
        for place, (day, number) in enumerate(days, 1):
            yield self._report(place, day, self.deals[number])

    def _deal(self, number: int) -> _Deal:
        seller, buyer = (self._one_of(states) for states in (SELLERS, BUYERS))
        while seller == buyer:
            buyer = self._one_of(BUYERS)
        objector = next(state for state in self.chance.sample(OBJECTORS, 3) if state not in (seller, buyer))
        pieces = max(2, int(self.chance.lognormvariate(3, 1)))
        first = self.chance.randint(0, (LAST - FIRST) * 365)
        return _Deal(number, seller, buyer, self.chance.choice(_goods()), pieces, pieces * self.chance.choice((2, 5, 20, 60)) * 10**6,
                     first, self.chance.randint(90, 2500), objector)  # fmt: skip

    def _one_of(self, states: Sequence[str]) -> str:
        """A state, the first of a list much more often than the last."""
        return states[min(int(self.chance.expovariate(4 / len(states))), len(states) - 1)]

    def _name(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 3))).capitalize()

    def _person(self, number: int) -> tuple[str, str, str]:
        """Name, role and body of somebody; the names are invented."""
        body = (
            f"{self._name() if number % 3 else 'Norland'} {('Ministry of Defence', 'Foreign Ministry', 'Works', 'Institute')[number % 4]}"
        )
        return f"{self._name()} {self._name()}{self._name().lower()}", ROLES[number % len(ROLES)], body if number < BODIES * 4 else ""

    def _day(self, deal: _Deal) -> int:
        return min(deal.first + int(self.chance.betavariate(2, 3) * deal.days), (LAST - FIRST + 1) * 365)

    def _report(self, place: int, day: int, deal: _Deal) -> Invented:
        chance = self.chance
        copied = deal.told[-1] if deal.told and chance.random() < COPIES and day - deal.told[-1][1] < 60 else None
        # A copy is cut by chance of its own, and tells what the other told, from the same seed.
        own = random.Random(f"{copied[2] if copied else place}")
        published = (SINCE + timedelta(day)).isoformat() if chance.random() > UNDATED else None
        text = _Text()
        cells = self._sentences(text, own, deal, day if copied is None else copied[1])
        tail = f"\n\n{' '.join(chance.choices(self.words, cum_weights=self.often, k=8)).capitalize()}." if copied else ""
        outlet = chance.choices(self.outlets, cum_weights=self.read)[0]
        title = f"{deal.supplier} and {deal.recipient}: {deal.equipment}, {' '.join(own.choices(self.words, k=4))}"
        document = make_document("".join(text.parts) + tail, key=f"news-{place}", title=title, outlet=outlet, published=published,
                                 uri=f"https://news.example.org/{place}", credits=(), read=None if published else "2026-01-01")  # fmt: skip
        if copied is None:
            deal.told = [(place, day, str(place))]
        return Invented(document, tuple(_findings(document, cells)), deal.number, copied[0] if copied else 0)

    def _sentences(self, text: _Text, own: random.Random, deal: _Deal, day: int) -> list[tuple[str, str, list[_Cell]]]:
        """Writes what a report tells of a deal, and gives its findings as kind, key and cells."""
        off = own.random() < OTHER_FIGURES
        pieces, dollars = (int(number * own.choice((0.5, 1.5, 2))) if off else number for number in (deal.pieces, deal.dollars))
        supplier, _, equipment = text.say(deal.supplier), text.say(" and the "), text.say(deal.equipment)
        text.say(": "), text.say(" ".join(own.choices(self.words, cum_weights=self.often, k=12))), text.say(", to ")
        transfer: list[_Cell] = [("supplier", deal.supplier, supplier), ("recipient", deal.recipient, text.say(deal.recipient)),
                                 ("equipment", deal.equipment, equipment)]  # fmt: skip
        if own.random() < 0.8:
            text.say(", ")
            transfer.append(("quantity", {"number": max(1, pieces), "unit": "piece"}, text.say(f"{max(1, pieces)} pieces")))
        if own.random() < 0.4:
            text.say(" for ")
            transfer.append(("value", {"amount": dollars, "currency": "USD"}, text.say(f"${dollars // 10**6} million")))
        findings = [("transfer", "t1", transfer)]
        for number in range(1 + (own.random() < TWO_STAGES)):
            findings.append(("stage", f"t1.s{number + 1}", _stage(text, own, deal, day, back=number)))
        text.say(".\n\n")
        if own.random() < SPOKEN:
            findings.append(("statement", "q1", self._statement(text, own)))
        if own.random() < ACTED:
            findings.append(("event", "e1", _event(text, own, deal)))
        for _ in range(3):
            text.say(" ".join(own.choices(self.words, cum_weights=self.often, k=FILLER // 3)).capitalize() + ".\n\n")
        text.say(f"{' '.join(own.choices(self.words, k=9)).capitalize()}.")
        return findings

    def _statement(self, text: _Text, own: random.Random) -> list[_Cell]:
        name, role, body = own.choices(self.people, cum_weights=self.heard)[0]
        text.say("“")
        content = text.say(" ".join(own.choices(self.words, cum_weights=self.often, k=18)).capitalize())
        text.say(",” ")
        cue = text.say("said")
        text.say(" ")
        speaker = text.say(name)
        text.say(f", {role} of {body or 'nobody'}.\n\n")
        cells: list[_Cell] = [("speaker", name, speaker), ("as_written", name, speaker), ("role", role, speaker), ("kind", "direct", cue)]
        cells += [("organization", body, speaker)] if body else []
        return [*cells, ("content", "", content)]


_Cell = tuple[str, Json, tuple[int, int]]


def _stage(text: _Text, own: random.Random, deal: _Deal, day: int, *, back: int) -> list[_Cell]:
    """A stage that fits the day: what lies behind has happened, what lies ahead may; now and then the deal is halted."""
    reached = min(len(STAGES) - 1, max(0, (day - deal.first) * len(STAGES) // deal.days))
    ahead = own.random() < 0.35
    stage = STAGES[min(len(STAGES) - 1, reached + 1)] if ahead else STAGES[max(0, reached - back * 2)]
    if own.random() < 0.03:
        stage = own.choice(("suspension", "cancellation", "refusal"))
    modality = own.choice(AHEAD) if ahead else "actual"
    text.say("; ")
    words = text.say(f"{modality} {stage}")
    cells: list[_Cell] = [("stage", stage, words), ("modality", modality, words)]
    if own.random() < 0.6:
        at = SINCE + timedelta(max(0, day + (own.randint(30, 700) if ahead else -own.randint(0, 300))))
        when = own.choice((f"{at.year}", f"{at.year}-{at.month:02}", at.isoformat()))
        text.say(" in ")
        cells.append(("when", when, text.say(when)))
    if own.random() < 0.12:
        text.say(" by the word of ")
        cells.append(("according_to", "a ministry", text.say("a ministry")))
    return cells


def _event(text: _Text, own: random.Random, deal: _Deal) -> list[_Cell]:
    """What one side did to the other, or a third state to one of them."""
    root = own.choice(ROOTS)
    objects = root in ("THREATEN", "REJECT", "ACCUSE", "SANCTION", "PROTEST")
    actor, target = (deal.objector, own.choice((deal.supplier, deal.recipient))) if objects else (deal.supplier, deal.recipient)
    first = text.say(actor)
    text.say(" ")
    words = text.say(f"would {root.lower()}")
    text.say(" ")
    second = text.say(target)
    text.say(" over it.\n\n")
    return [("actor", actor, first), ("recipient", target, second), ("plover", root, words), ("modality", "actual", words)]


def _findings(document: Document, told: Sequence[tuple[str, str, list[_Cell]]]) -> Iterator[Finding]:
    for kind, key, cells in told:
        about = ("t1",) if kind in ("statement", "event") else ()
        claims = [_claim(document, cell, inferred=cell[0] == "supplier" and len(document.title) % 9 == 0) for cell in cells]
        yield make_finding(kind, key, document, claims, part_of="t1" if kind == "stage" else None, about=about, made_by="bench",
                           score=0.47 + (len(document.text) % 50) / 100)  # fmt: skip


def _claim(document: Document, cell: _Cell, *, inferred: bool) -> Claim:
    name, value, (start, end) = cell
    said = document.text[start:end] if name == "content" else value
    return make_claim(document, name, said, start=start, end=end, inferred=inferred, reason="its maker" if inferred else "")


def _goods() -> list[str]:
    return [row["designation"] for row in table("equipment")]
