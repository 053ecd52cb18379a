"""The reports that the benches read: the gold ones, then variations of them until there are enough; and invented ones to fill a record."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.clean.document import make_document
from onrecord.records import Claim, Document, Json, make_claim, make_finding
from onrecord.store.write import Report
from onrecord.vocab import table

GOLD = Path(__file__).parent.parent / "gold"
# About twenty reports a deal, as many as a deal that is in the news gets.
DEALS = 5000
# Invented words behind each invented report, so that they are reports of their own and not copies of one bulletin.
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
OWN_WORDS = 40


@dataclass(frozen=True, slots=True)
class Deal:
    """What the invented reports of one deal agree on."""

    supplier: str
    recipient: str
    equipment: str
    pieces: int
    year: int


def reports(count: int) -> list[Document]:
    """That many documents: every gold report as it is, then the same with their paragraphs in another order and other figures."""
    sources = gold_reports()
    documents = []
    for number in range(count):
        turn, place = divmod(number, len(sources))
        source = sources[place]
        key = f"{source['id']}-{turn}"
        documents.append(make_document(_varied(source["text"], turn), key=key, title=source["title"], published=source["published"]))
    return documents


def _varied(text: str, turn: int) -> str:
    if turn == 0:
        return text
    paragraphs = text.split("\n\n")
    turned = "\n\n".join(paragraphs[turn % len(paragraphs) :] + paragraphs[: turn % len(paragraphs)])
    return other_figures(turned, turn)


def other_figures(text: str, turn: int) -> str:
    """The text with each figure but 0 replaced by another one."""
    return "".join(chr((ord(sign) - 49 + turn) % 9 + 49) if sign in "123456789" else sign for sign in text)


def invented(count: int, *, seed: int = 7) -> Iterator[Report]:
    """That many short reports with their findings ready, so that a large record is filled through the real writer without parsing.

    Few deals make most of the news, and those of the gold reports are among them, so that what is added later meets crowded company.
    """
    chance = random.Random(seed)
    deals = _deals(chance)
    for number in range(count):
        deal = deals[min(int(chance.expovariate(3 / DEALS)), DEALS - 1)]
        own = " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(OWN_WORDS))
        yield _report(deal, number, speaker=f"Alex Example-{number % 997}", outlet=f"Outlet {number % 300}", own=own)


def _deals(chance: random.Random) -> list[Deal]:
    states = [row["iso2"] for row in table("states")]
    goods = [row["designation"] for row in table("equipment")]
    sides = [
        (t["supplier"][0], t["recipient"][0], t["equipment"])
        for r in gold_reports()
        for t in r["transfers"]
        if t["supplier"] and t["recipient"]
    ]
    sides += [(*chance.sample(states, 2), chance.choice(goods)) for _ in range(DEALS - len(sides))]
    return [Deal(*side, pieces=chance.randint(2, 90), year=chance.randint(1995, 2025)) for side in sides]


def _report(deal: Deal, number: int, *, speaker: str, outlet: str, own: str) -> Report:
    text = (
        f"{deal.supplier} delivered {deal.pieces} pieces of {deal.equipment} to {deal.recipient} in {deal.year}, {speaker} said ({number})."
        f" And {own}."
    )
    document = make_document(text, key=f"invented-{number}", outlet=outlet, published=f"{deal.year}-06-{number % 28 + 1:02}")

    def cell(field: str, value: Json, words: str) -> Claim:
        start = text.index(words)
        return make_claim(document, field, value, start=start, end=start + len(words))

    pieces, when = f"{deal.pieces} pieces", str(deal.year)
    transfer = [cell("supplier", deal.supplier, deal.supplier), cell("recipient", deal.recipient, f"to {deal.recipient}")]
    transfer += [cell("equipment", deal.equipment, deal.equipment), cell("quantity", {"number": deal.pieces, "unit": "piece"}, pieces)]
    stage = [cell("stage", "delivery", "delivered"), cell("modality", "actual", "delivered"), cell("when", when, f"in {when}")]
    said = [cell("speaker", speaker, speaker), cell("as_written", speaker, speaker), cell("kind", "indirect", "said")]
    content = text[: text.index(f", {speaker}")]
    findings = (
        make_finding("transfer", "t1", document, transfer, made_by="bench"),
        make_finding("stage", "t1.s1", document, stage, part_of="t1", made_by="bench"),
        make_finding("statement", "q1", document, [*said, cell("content", content, content)], about=["t1"], made_by="bench"),
    )
    return Report(document, findings)


def gold_reports() -> list[dict[str, Any]]:
    """The annotated reports of gold/dev and gold/train."""
    return [json.loads(path.read_text(encoding="utf-8")) for name in ("dev", "train") for path in sorted((GOLD / name).glob("*-*.json"))]
