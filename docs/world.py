"""Makes the map that the pages draw on, src/onrecord/serve/static/world.svg, and the places of states, src/onrecord/serve/world.json.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && python docs/world.py package

The shapes are Natural Earth's (public domain) as the npm package world-atlas brings them (ISC): 1:110 million for the land, 1:50 million
for the places of states that are too small to be seen there. They are projected by Equal Earth (Šavrič, Patterson, Jenny 2018).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.errors import BadInput
from onrecord.parties import party_code

SERVE = Path(__file__).parent.parent / "src" / "onrecord" / "serve"
WIDTH, HEIGHT = 960, 444
# Equal Earth's polynomial, and the size of the whole world on it; the south is cut below Cape Horn.
A1, A2, A3, A4, M = 1.340264, -0.081106, 0.000893, 0.003796, math.sqrt(3) / 2
SOUTH = -57.0
# Names of Natural Earth that no table of ours holds, and what takes up room without being a state of any deal.
CODES = {
    "Dem. Rep. Congo": "CD",
    "Dominican Rep.": "DO",
    "Central African Rep.": "CF",
    "Eq. Guinea": "GQ",
    "eSwatini": "SZ",
    "Bosnia and Herz.": "BA",
    "Macedonia": "MK",
    "S. Sudan": "SS",
    "Côte d'Ivoire": "CI",
    "Solomon Is.": "SB",
    "W. Sahara": "EH",
    "Antigua and Barb.": "AG",
    "St. Vin. and Gren.": "VC",
    "St. Kitts and Nevis": "KN",
    "São Tomé and Principe": "ST",
    "Marshall Is.": "MH",
}
LEFT_OUT = ("Antarctica", "Fr. S. Antarctic Lands")

Ring = list[tuple[float, float]]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place stands in the drawing."""
    theta = math.asin(M * math.sin(math.radians(latitude)))
    t2, t6 = theta**2, theta**6
    x = math.radians(longitude) * math.cos(theta) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)))
    y = theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))
    scale = WIDTH / 5.4133
    return WIDTH / 2 + x * scale, HEIGHT - 190 - y * scale


def countries(path: Path) -> Iterator[tuple[str, list[Ring]]]:
    """Name and outer rings of each country of a TopoJSON file, in degrees."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        arcs.append(line)
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons: Any = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = [part for polygon in polygons for part in split(ring(arcs, polygon[0]))]
        yield geometry["properties"]["name"], rings


def ring(arcs: list[Ring], numbers: list[int]) -> Ring:
    """A ring put together from its arcs; a negative number is an arc backwards."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[bool(points) :]
    return points


def split(points: Ring) -> list[Ring]:
    """A ring in one piece or, where it goes over the line of dates, in two."""
    east: Ring = []
    for x, y in points:
        # Followed round the globe, so that no step is longer than half of it.
        x += 360 * round((east[-1][0] - x) / 360) if east else 0
        east.append((x, y))
    west = [(max(x, 180.0) - 360, y) for x, y in east] if max(x for x, _ in east) > 180 else []
    under = [(min(x, -180.0) + 360, y) for x, y in east] if min(x for x, _ in east) < -180 else []
    parts = [[(min(max(x, -180.0), 180.0), y) for x, y in east], west, under]
    return [[point for place, point in enumerate(part) if not _on_the_line(part, place)] for part in parts if part]


def _on_the_line(part: Ring, place: int) -> bool:
    """Whether a point is one of many that lie on the line of dates, where nothing is drawn."""
    around = (part[place - 1], part[place], part[(place + 1) % len(part)])
    return all(abs(x) == 180 for x, _ in around)


def middle(points: Ring) -> tuple[float, tuple[float, float]]:
    """Area and centroid of a ring."""
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, cx, cy = area + cross, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
    if not area:
        return 0.0, points[0]
    return abs(area) / 2, (cx / (3 * area), cy / (3 * area))


def main(folder: Path) -> None:
    """Writes both files."""
    paths, places, unknown = [], {}, []
    for name in ("countries-110m.json", "countries-50m.json"):
        for country, rings in countries(folder / name):
            drawn = [[project(x, max(y, SOUTH)) for x, y in points] for points in rings if country not in LEFT_OUT]
            if not drawn:
                continue
            if "110m" in name:
                paths.append("".join(shape(points) for points in drawn))
            try:
                code = CODES.get(country) or party_code(country)
            except BadInput:
                unknown.append(country)
                continue
            x, y = max(middle(points) for points in drawn)[1]
            places.setdefault(code, (round(x, 1), round(y, 1)))
    lines = "\n".join(f'<path d="{path}"/>' for path in paths)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    (SERVE / "static" / "world.svg").write_text(f'{head}\n<g id="land">\n{lines}\n</g>\n</svg>\n', encoding="utf-8")
    (SERVE / "world.json").write_text(
        json.dumps({"width": WIDTH, "height": HEIGHT, "places": dict(sorted(places.items()))}, indent=None) + "\n", encoding="utf-8"
    )
    print(f"{len(paths)} shapes, {len(places)} places; without a code: {', '.join(sorted(set(unknown)))}")


def shape(points: Ring) -> str:
    """A ring as a path, to a tenth of a unit."""
    told = [f"{x:.1f} {y:.1f}" for x, y in points]
    kept = [point for place, point in enumerate(told) if not place or point != told[place - 1]]
    return f"M{kept[0]}L{' '.join(kept[1:])}z" if len(kept) > 3 else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
