"""Draws how far confidences can be relied on, and writes the table of it into docs/measuring.md: python docs/calibration.py.

Both are made from what training/calibrate.py kept in src/onrecord/vocab/confidence.json: findings in held-out reports, in ten groups.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
HELD = ROOT / "src/onrecord/vocab/confidence.json"
PAGE, PICTURE = ROOT / "docs/measuring.md", ROOT / "docs/pictures/calibration.svg"
MARKS = ("<!-- confidence -->", "<!-- /confidence -->")
# The kinds in the picture, three in a row; the table has them all.
SHOWN = ("transfer", "stage.stage", "stage", "statement", "event", "transfer.quantity")
NAMES = {
    "transfer": "transfers", "transfer.supplier": "supplier", "transfer.recipient": "recipient", "transfer.equipment": "equipment",
    "transfer.quantity": "quantity", "transfer.value": "value", "stage.stage": "stages", "stage": "stages with modality",
    "stage.when": "dates of stages", "statement.content": "statements", "statement": "statements with speaker", "event": "events",
    "event.modality": "events with modality",
}  # fmt: skip
WAYS = {"rules": "Read by the rules alone", "model": "Read by rules and model"}
SIDE, GAP, TOP = 190, 56, 34


def main() -> None:
    """Draws and writes."""
    told = json.loads(HELD.read_text(encoding="utf-8"))["reliability"]
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(told["model"]), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
    tables = "\n\n".join(f"{WAYS[way]}:\n\n{table(told[way])}" for way in WAYS)
    PAGE.write_text(f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}", encoding="utf-8")


def table(told: dict[str, Any]) -> str:
    """A line for each kind: how many, how many of them right, and both figures before and after."""
    lines = ["| what | found | right | ECE, score of its step | ECE, confidence | Brier, score | Brier, confidence | AUC |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, label in NAMES.items():
        row, raw, learnt = told[name], told[name]["raw"], told[name]["learnt"]
        lines.append(f"| {label} | {row['count']} | {row['right']:.3f} | {raw['ece']:.3f} | {learnt['ece']:.3f} | {raw['brier']:.3f} | "
                     f"{learnt['brier']:.3f} | {learnt['auc']:.3f} |")  # fmt: skip
    return "\n".join(lines)


def picture(told: dict[str, Any]) -> str:
    """Six small charts: what was said to be so sure, across, and how much of it is right, up; a dot's area is its size."""
    width, height = 3 * (SIDE + GAP) + GAP, 2 * (SIDE + TOP + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>How much is right of what was said to be so sure, by kind</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, name in enumerate(SHOWN):
        left, top = GAP + number % 3 * (SIDE + GAP), TOP + number // 3 * (SIDE + TOP + GAP)
        parts.append(f'<g transform="translate({left} {top})">{_chart(NAMES[name], told[name])}</g>')
    return "\n".join([*parts, "</svg>\n"])


def _chart(label: str, row: dict[str, Any]) -> str:
    drawn = [f'<text y="-10" font-weight="bold">{label}</text>']
    for tick in (0, 0.5, 1):
        at = tick * SIDE
        drawn.append(f'<path d="M0 {SIDE - at}H{SIDE}M{at} 0V{SIDE}" stroke="#ddd"/>')
        drawn.append(f'<text x="{at}" y="{SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        drawn.append(f'<text x="-6" y="{SIDE - at + 4}" text-anchor="end">{tick:g}</text>')
    drawn.append(f'<path d="M0 {SIDE}L{SIDE} 0" stroke="#999" stroke-dasharray="4 4"/>')
    for way, fill in (("raw", "none"), ("learnt", "#1a5fb4")):
        for said, true, size in row[way]["groups"]:
            radius = max(1.5, 12 * (size / row["count"]) ** 0.5)
            look = f'fill="{fill}" fill-opacity="0.75"' if way == "learnt" else 'fill="none" stroke="#a51d2d"'
            drawn.append(f'<circle cx="{said * SIDE:.1f}" cy="{(1 - true) * SIDE:.1f}" r="{radius:.1f}" {look}/>')
    return "".join(drawn)


if __name__ == "__main__":
    main()
