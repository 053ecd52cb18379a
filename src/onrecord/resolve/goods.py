"""This file tells whether two names of equipment can mean the same goods: one family, one its variant, a noun that covers it, or not.

Families and classes come from the tables of equipment and of goods nouns; a name that no table holds is compared by its own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from onrecord.vocab import cells, meanings, table

# A class that holds what fits nowhere says nothing.
NO_CLASS = "other"


@dataclass(frozen=True, slots=True)
class Goods:
    """A name of equipment: its family in comparable form, the class of it ("" if no table tells), the classes that a mere noun covers."""

    family: str
    category: str = ""
    covers: tuple[str, ...] = ()

    @property
    def generic(self) -> bool:
        """Whether it is a noun such as "fighter" and no designation."""
        return bool(self.covers)


@cache
def goods_of(name: str) -> Goods:
    """The goods that a designation or a noun stands for ("Su-35S" is of the family Su-35, "warship" covers six classes of ship)."""
    folded = fold(name)
    if noun := _nouns().get(folded):
        return noun
    if row := _families().get(folded):
        return row
    *head, last = re.split(r"[\s-]+", name)
    if any(head) and last.casefold() in meanings("deals")["empty"]:
        return goods_of(name[: -len(last)].rstrip(" -"))
    # Lower case throughout is how a report writes goods without a designation.
    return Goods(folded, covers=(folded,)) if name.islower() else Goods(folded)


def alike(left: Goods, right: Goods) -> str:
    """How two goods can be one: "same" family, a "variant" of it, "general" (a noun that covers it), or "" if they cannot."""
    if left.family == right.family:
        return "same"
    if left.generic and right.generic:
        return "general" if set(left.covers) & set(right.covers) else ""
    if left.generic or right.generic:
        noun, named = (left, right) if left.generic else (right, left)
        return "general" if named.category in noun.covers else ""
    short, long = sorted((left.family, right.family), key=len)
    # "f16" is the head of "f16block70", but "su3" is none of "su30": a number is never cut.
    known = left.category and right.category
    head = len(short) >= 3 and long.startswith(short) and not (short[-1].isdigit() and long[len(short)].isdigit())
    return "variant" if head and not known else ""


def fold(name: str) -> str:
    """Letters and digits alone, lower case, without accents: "S-400 Triumf" and "S400 TRIUMF" are one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower()) or name.casefold()


@cache
def _families() -> Mapping[str, Goods]:
    known: dict[str, Goods] = {}
    for row in table("equipment"):
        goods = Goods(fold(row["designation"]), "" if row["class"] == NO_CLASS else row["class"])
        for name in (row["designation"], *cells(row["aliases"])):
            known.setdefault(fold(name), goods)
    return known


@cache
def _nouns() -> Mapping[str, Goods]:
    broad: Mapping[str, list[str]] = meanings("deals")["broad"]
    known: dict[str, Goods] = {}
    for row in table("goods"):
        own = () if row["class"] == NO_CLASS else (row["class"],)
        covers = tuple(broad.get(row["name"], own)) or (fold(row["name"]),)
        goods = Goods(fold(row["name"]), own[0] if own else "", covers)
        for name in (row["name"], *cells(row["aliases"])):
            known.setdefault(fold(name), goods)
    return known
