"""This file puts values into plain words on one line: counts, parties, quantities, sums, stages, and text that strangers wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from onrecord.parties import party_name

# Control characters (the escape that begins terminal commands among them), and marks that turn the direction of text.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
SIGNS = {
    "USD": "$",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
    "SGD": "S$",
    "TWD": "NT$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "ILS": "₪",
    "TRY": "₺",
}
SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
# An act that has happened needs no word; the others say how they stand.
MODALITIES = {"actual": "", "denied": "denied"}


def safe(words: str) -> str:
    """A stranger's text on one line, with control characters made visible."""
    return CONTROLS.sub("\ufffd", " ".join(words.split()))


def safe_piece(words: str) -> str:
    """Like `safe`, for a piece of a line: the blanks at its ends are kept."""
    return CONTROLS.sub("\ufffd", re.sub(r"\s+", " ", words))


def many(number: int, noun: str) -> str:
    """ "1 report", "1,200 reports"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def parties_text(codes: Iterable[str]) -> str:
    """The names of some states or bodies in one phrase: "Norway, Sweden and NATO"."""
    names = [safe(party_name(code)) for code in codes] or ["(not said)"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def value_text(field: str, value: Any) -> str:
    """The value of a deal's cell: "Turkey (TR)", "4 batteries", "delivery · actual 2019-07"; empty where there is none."""
    if value is None:
        return ""
    if field in ("supplier", "recipient"):
        return f"{safe(party_name(str(value)))} ({safe(str(value))})"
    if field == "quantity":
        return quantity_text(value)
    if field == "value":
        return money_text(value)
    if field == "stage" and isinstance(value, dict):
        when = f" {safe(str(value['when']))}" if value.get("when") else ""
        by = f", asserted by {safe(str(value['according_to']))}" if value.get("according_to") else ""
        return f"{value['stage']} · {value['modality']}{when}{by}"
    return safe(str(value))


def quantity_text(quantity: dict[str, Any] | None) -> str:
    """ "4 batteries", "1 aircraft"."""
    if not quantity:
        return ""
    number = float(quantity["number"])
    return f"{number:,.0f} {_plural(safe(str(quantity.get('unit') or '')), number)}".strip()


def money_text(value: dict[str, Any] | None) -> str:
    """ "$2.5bn", "PLN 14bn"."""
    if not value:
        return ""
    amount, currency = float(value["amount"]), str(value.get("currency") or "")
    scale, letters = next(((scale, letters) for scale, letters in SCALES if amount >= scale), (1.0, ""))
    sign = SIGNS.get(currency, f"{safe(currency)} ")
    return f"{sign}{amount / scale:.3g}{letters}" if amount < 1e15 else f"{sign}{amount:.2e}"


def stage_text(stage: dict[str, Any] | None) -> str:
    """ "delivery", "delivery planned", "contract denied"."""
    if not stage:
        return ""
    modality = str(stage["modality"])
    return f"{stage['stage']} {MODALITIES.get(modality, modality)}".strip()


def _plural(unit: str, number: float) -> str:
    if number == 1 or not unit or unit in ("aircraft", "artillery"):
        return unit
    return f"{unit[:-1]}ies" if re.search(r"[^aeiou]y$", unit) else f"{unit}{'es' if re.search(r'(s|sh|ch|x)$', unit) else 's'}"
