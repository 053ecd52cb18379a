"""This file lays out who supplies whom, as arcs on a map and as a network of suppliers and recipients, and counts each state's part."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from onrecord.serve.listing import Line
from onrecord.serve.positions import objecting_roots
from onrecord.store.page_lists import Act

# As many flows and nodes are drawn as the eye can follow; the table has all.
MOST_FLOWS, MOST_NODES = 60, 24
NODE_WIDTH, NODE_GAP, NETWORK_WIDTH, UNIT = 10, 9, 920, 11
SIDE = 190
# Sizes of labels and heads of arrows, the air around what is shown, and the least part of the map, in units of the whole map.
LABEL, ARROW, AIR, LEAST = 12, 8, 45, 380


@dataclass(frozen=True, slots=True)
class Flow:
    """All deals from one state to another: how many, and of how many something happened beyond words (a contract or what follows one)."""

    supplier: str
    recipient: str
    deals: int
    concluded: int


@dataclass(frozen=True, slots=True)
class Part:
    """A state's or body's part: deals in which it supplies and receives, acts against others over deals, and theirs against it."""

    code: str
    supplies: int
    receives: int
    objects: int
    objected_to: int


CONCLUDED = ("contract", "production", "delivery", "service")


def flows(lines: Iterable[Line]) -> list[Flow]:
    """Who supplies whom, the most deals first."""
    counted: Counter[tuple[str, str]] = Counter()
    concluded: Counter[tuple[str, str]] = Counter()
    for line in lines:
        stage = line.row.stage or {}
        for supplier in line.row.supplier:
            for recipient in line.row.recipient:
                counted[supplier, recipient] += 1
                concluded[supplier, recipient] += stage.get("stage") in CONCLUDED and stage.get("modality") == "actual"
    return [Flow(*pair, number, concluded[pair]) for pair, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def parts(lines: Iterable[Line], acts: Iterable[Act]) -> list[Part]:
    """Each state's part, the busiest first."""
    roles: dict[str, Counter[str]] = {name: Counter() for name in ("supplies", "receives", "objects", "objected_to")}
    for line in lines:
        roles["supplies"].update(line.row.supplier)
        roles["receives"].update(line.row.recipient)
    wanted = set(objecting_roots())
    for act in acts:
        if act.root in wanted and act.modality != "denied":
            roles["objects"].update(set(act.actors))
            roles["objected_to"].update(set(act.recipients))
    codes = {code for counts in roles.values() for code in counts}
    found = [Part(code, *(counts[code] for counts in roles.values())) for code in codes]
    return sorted(found, key=lambda part: (-part.supplies - part.receives, -part.objects - part.objected_to, part.code))


@cache
def world() -> dict[str, Any]:
    """The size of the map and where on it each state stands (docs/world.py makes both)."""
    held: dict[str, Any] = json.loads(files("onrecord.serve").joinpath("world.json").read_text(encoding="utf-8"))
    return held


def draw_map(shown: Sequence[Flow]) -> dict[str, Any]:
    """The arcs of the largest flows between states that the map holds, thick by number of deals, and a dot for each of their ends."""
    places = world()["places"]
    arcs = []
    ends: Counter[str] = Counter()
    for flow in shown[:MOST_FLOWS]:
        start, end = places.get(flow.supplier), places.get(flow.recipient)
        if start and end and start != end:
            arcs.append({"flow": flow, "path": _arc(start, end), "width": round(min(7, 1 + math.sqrt(flow.deals)), 1)})
            ends[flow.supplier] += flow.deals
            ends[flow.recipient] += flow.deals
    dots = [
        {"code": code, "x": places[code][0], "y": places[code][1], "r": round(min(9, 2 + math.sqrt(number)), 1)}
        for code, number in sorted(ends.items())
    ]
    left, top, width = _view([places[code] for code in ends])
    zoom = width / world()["width"]
    for dot in dots:
        dot["r"] = round(dot["r"] * zoom, 1)
    box = f"{left:.0f} {top:.0f} {width:.0f} {width * world()['height'] / world()['width']:.0f}"
    return {"view": box, "text": round(LABEL * zoom, 1), "arrow": round(ARROW * zoom, 1), "arcs": arcs, "dots": dots}


def _view(shown: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """The part of the map that holds some places with air around them: left, top and width; its sides are as the map's."""
    whole, tall = world()["width"], world()["height"]
    if not shown:
        return 0.0, 0.0, whole
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*shown, strict=True))
    width = min(whole, max(LEAST, right - left + 2 * AIR, (bottom - top + 2 * AIR) * whole / tall))
    height = width * tall / whole
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    return max(0.0, min(x, whole - width)), max(0.0, min(y, tall - height)), width


def draw_network(shown: Sequence[Flow]) -> dict[str, Any]:
    """Suppliers on the left, recipients on the right, between them a band for each of the largest flows, as thick as it has deals."""
    shown = shown[:MOST_FLOWS]
    columns: list[dict[str, int]] = []
    for side in ("supplier", "recipient"):
        totals: Counter[str] = Counter()
        for flow in shown:
            totals[getattr(flow, side)] += flow.deals
        columns.append(dict(sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:MOST_NODES]))
    drawn = [flow for flow in shown if flow.supplier in columns[0] and flow.recipient in columns[1]]
    most = max((sum(flow.deals for flow in drawn), 1))
    unit = min(UNIT, 460 / most)
    nodes, used = [], [{}, {}]  # type: ignore[var-annotated]
    height = 0.0
    for number, column in enumerate(columns):
        y = 8.0
        for code in column:
            tall = max(4.0, unit * sum(flow.deals for flow in drawn if (flow.supplier, flow.recipient)[number] == code))
            nodes.append(
                {
                    "code": code,
                    "side": number,
                    "x": SIDE if not number else NETWORK_WIDTH - SIDE - NODE_WIDTH,
                    "y": round(y, 1),
                    "height": round(tall, 1),
                }
            )
            used[number][code] = y
            y += max(tall, 12) + NODE_GAP
        height = max(height, y)
    bands = []
    for flow in sorted(drawn, key=lambda flow: (list(columns[0]).index(flow.supplier), list(columns[1]).index(flow.recipient))):
        tall = unit * flow.deals
        y1, y2 = used[0][flow.supplier] + tall / 2, used[1][flow.recipient] + tall / 2
        used[0][flow.supplier] += tall
        used[1][flow.recipient] += tall
        x1, x2 = SIDE + NODE_WIDTH, NETWORK_WIDTH - SIDE - NODE_WIDTH
        path = f"M{x1} {y1:.1f}C{(x1 + x2) / 2:.0f} {y1:.1f} {(x1 + x2) / 2:.0f} {y2:.1f} {x2} {y2:.1f}"
        bands.append({"flow": flow, "path": path, "width": round(max(1.0, tall), 1)})
    return {"width": NETWORK_WIDTH, "height": round(height + 6), "nodes": nodes, "bands": bands, "node_width": NODE_WIDTH}


def _arc(start: Sequence[float], end: Sequence[float]) -> str:
    """A bow from one place to another, bent to the left of its way, so that two states that supply each other have two."""
    (x1, y1), (x2, y2) = start, end
    bend = 0.18
    cx, cy = (x1 + x2) / 2 + (y2 - y1) * bend, (y1 + y2) / 2 - (x2 - x1) * bend
    return f"M{x1} {y1}Q{cx:.1f} {max(4.0, cy):.1f} {x2} {y2}"
