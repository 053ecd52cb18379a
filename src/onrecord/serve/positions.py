"""This file tells where a speaker stands on a deal, by the acts and stages that his words carry (vocab/positions.toml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onrecord.store.query import Event, Source, Statement
from onrecord.vocab import meanings

# Where in a report something stands: its id, first code point, code point after the last one.
Place = tuple[str, int, int]


def positions() -> list[str]:
    """The positions, in the order in which they are shown."""
    return list(meanings("positions")["position"])


def objecting_roots() -> list[str]:
    """The roots of acts by which somebody objects to a deal."""
    return [root for root, position in meanings("positions")["roots"].items() if position in ("threat", "against")]


def by_position(
    statements: Sequence[Statement], events: Sequence[Event], sources: Iterable[Source], *, words: Mapping[str, Place]
) -> dict[str, list[Statement]]:
    """Statements under the position that they take, the weightiest where words carry several; `words` says where each event stands."""
    carried: dict[str, list[tuple[int, int, str]]] = {}
    for event in events:
        if (place := words.get(event.finding)) and (taken := meanings("positions")["roots"].get(event.plover)):
            carried.setdefault(place[0], []).append((place[1], place[2], taken))
    for source, stage, modality in _stages(sources):
        carried.setdefault(source.document, []).append((source.start, source.end, _stage_position(stage, modality)))
    found: dict[str, list[Statement]] = {position: [] for position in positions()}
    for statement in statements:
        taken_here = {
            taken for start, end, taken in carried.get(statement.document, ()) if statement.start <= start and end <= statement.end
        }
        found[next((position for position in found if position in taken_here), "other")].append(statement)
    return {position: said for position, said in found.items() if said}


def position_of(carries: Iterable[tuple[str, str, str]]) -> str:
    """The weightiest position that some acts and stages amount to: kind ("event" or "stage"), root or stage, modality of each."""
    roots = meanings("positions")["roots"]
    taken = {roots.get(name, "other") if kind == "event" else _stage_position(name, modality) for kind, name, modality in carries}
    return next((position for position in positions() if position in taken), "other")


def _stages(sources: Iterable[Source]) -> Iterable[tuple[Source, str, str]]:
    """Each stage told: where its words stand, the stage and its modality."""
    cells: dict[str, dict[str, Source]] = {}
    for source in sources:
        if source.kind == "stage":
            cells.setdefault(source.finding, {}).setdefault(source.field, source)
    for said in cells.values():
        if "stage" in said:
            yield said["stage"], str(said["stage"].value), str(said["modality"].value) if "modality" in said else "actual"


def _stage_position(stage: str, modality: str) -> str:
    ending = meanings("positions")["endings"].get(stage)
    if modality == "conditional":
        return "condition"
    if modality == "possible":
        return str(ending or "other")
    return str(ending or "for") if modality != "denied" else ("for" if ending else "against")
