"""This file tells where a speaker stands on a deal, by the acts and stages that his words carry (vocab/positions.toml)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.store.page_busy import Told
from onrecord.store.query import Statement
from onrecord.vocab import meanings


def positions() -> list[str]:
    """The positions, in the order in which they are shown."""
    return list(meanings("positions")["position"])


def objecting_roots() -> list[str]:
    """The roots of acts by which somebody objects to a deal."""
    return [root for root, position in meanings("positions")["roots"].items() if position in ("threat", "against")]


def by_position(statements: Sequence[Statement], told: Iterable[Told]) -> dict[str, list[Statement]]:
    """Statements under the position that they take, the weightiest where their words carry several acts and stages of the deal."""
    carried: dict[str, list[Told]] = {}
    for item in told:
        carried.setdefault(item.document, []).append(item)
    found: dict[str, list[Statement]] = {position: [] for position in positions()}
    for statement in statements:
        inside = [t for t in carried.get(statement.document, ()) if statement.start <= t.start and t.end <= statement.end]
        found[position_of((item.kind, item.name, item.modality) for item in inside)].append(statement)
    return {position: said for position, said in found.items() if said}


def position_of(carries: Iterable[tuple[str, str, str]]) -> str:
    """The weightiest position that some acts and stages amount to: kind ("event" or "stage"), root or stage, modality of each."""
    roots = meanings("positions")["roots"]
    taken = {roots.get(name, "other") if kind == "event" else _stage_position(name, modality) for kind, name, modality in carries}
    return next((position for position in positions() if position in taken), "other")


def _stage_position(stage: str, modality: str) -> str:
    ending = meanings("positions")["endings"].get(stage)
    if modality == "conditional":
        return "condition"
    if modality == "possible":
        return str(ending or "other")
    return str(ending or "for") if modality != "denied" else ("for" if ending else "against")
