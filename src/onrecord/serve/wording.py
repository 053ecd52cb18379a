"""This file words values for the pages: parties, counts, sums, stages, days, and a stranger's text made harmless to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from onrecord.parties import party_name
from onrecord.plain_words import CONTROLS, money_text, quantity_text
from onrecord.store.query import END, FOUND
from onrecord.vocab import meanings

# What stands for a control character or a mark that turns the direction of text: it is seen, and does nothing.
SHOWN_AS = "\ufffd"
# How a modality is called on the pages.
HAPPENED = {"actual": "happened"}
LONGEST_NAME, LONGEST_PARTY, LONGEST_AMOUNT = 160, 60, 40


def harmless(page: str) -> str:
    """A whole page with control characters and direction marks made visible."""
    return CONTROLS.sub(SHOWN_AS, page)


def parties(codes: Iterable[str]) -> str:
    """The names of some states or bodies in one phrase."""
    names = [party(code) for code in codes]
    if not names:
        return "(not said)"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def party(code: str) -> str:
    """The name of a state or body, cut where it is none that a table holds."""
    return short(party_name(code), LONGEST_PARTY)


def modality_word(modality: str) -> str:
    """ "happened", "planned", …"""
    return HAPPENED.get(modality, modality)


def value_text(field: str, value: Any) -> str:
    """The value of a cell in words."""
    if value is None:
        return ""
    if field == "quantity":
        return short(quantity_text(value), LONGEST_AMOUNT)
    if field == "value":
        return short(money_text(value), LONGEST_AMOUNT)
    if field in ("supplier", "recipient", "actor"):
        return party(str(value))
    if field == "stage" and isinstance(value, dict):
        when = f" {when_text(value['when'])}" if value.get("when") else ""
        return f"{value['stage']} {modality_word(str(value['modality']))}{when}"
    return str(value)


def when_text(when: str | None) -> str:
    """An EDTF date as an analyst writes it: "c. 2021-12", "2024 to 2026"."""
    if not when:
        return ""
    sides = [f"c. {side.rstrip('~%')}" if side.endswith(("~", "%")) else side for side in str(when).split("/")]
    return short(" to ".join(side or "open" for side in sides[:2]), LONGEST_AMOUNT)


def day_text(day: str | None) -> Markup:
    """A day as it is on record, in one piece at the end of a line too; "no date" where there is none."""
    return Markup("<time>{}</time>").format(day) if day else Markup("no date")


def short(text: str, length: int = LONGEST_NAME) -> str:
    """A text no longer than so many characters, on one line."""
    line = " ".join(str(text)[: length * 4].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def count(number: int, noun: str, many: str = "") -> str:
    """ "1 report", "2 reports"."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def borne_out(borne: Any) -> str:
    """How many independent originals bear something out, and how many reports where some are copies."""
    reports = count(borne.reports, "report")
    return reports if borne.origins == borne.reports else f"{count(borne.origins, 'original')} in {reports}"


def report_address(document: str, start: int | None = None, end: int | None = None) -> str:
    """The address of a report, opened at some words of it."""
    # An id needs no quoting, and stands on a page hundreds of times; what a stranger wrote in its place does.
    place = f"/reports/{document if document.isascii() and document.isalnum() else quote(document, safe='')}"
    return place if start is None else f"{place}?words={start}-{end}#words"


def deal_address(deal: str, as_of: str | None = None) -> str:
    """The address of a deal, as known on a day."""
    return f"/deals/{deal}?as_of={as_of}" if as_of else f"/deals/{deal}"


def field_order(field: str) -> int:
    """Where a field stands among those of a transfer."""
    names = [*meanings("kinds")["transfer"]["fields"], "stage"]
    return names.index(field) if field in names else len(names)


def first_part(name: str) -> str:
    """The stage of a disagreement about one ("contract.when" is about the contract), or the field itself."""
    return name.split(".")[0]


def snippet_pieces(snippet: str) -> list[tuple[str, bool]]:
    """A snippet as pieces, each with whether it is a word that was searched for."""
    pieces = re.split(f"({FOUND}.*?{END})", snippet, flags=re.DOTALL)
    return [(piece.strip(FOUND + END), piece.startswith(FOUND)) for piece in pieces if piece]


def trusted(text: str) -> Markup:
    """A text of our own that is shown as it is; nothing that was read may come here."""
    return Markup(text)


FILTERS = {
    "trusted": trusted,
    "day": day_text,
    "snippet": snippet_pieces,
    "address": lambda name: quote(str(name), safe=""),
    "first_part": first_part,
    "parties": parties,
    "party": party,
    "quantity": lambda value: short(quantity_text(value), LONGEST_AMOUNT),
    "money": lambda value: short(money_text(value), LONGEST_AMOUNT),
    "modality": modality_word,
    "when": when_text,
    "short": short,
    "count": count,
    "borne": borne_out,
}
FUNCTIONS: dict[str, Any] = {
    "report_address": report_address,
    "deal_address": deal_address,
    "alone": False,
    "may_review": False,
    "value_text": value_text,
    "party_of": party,
}
