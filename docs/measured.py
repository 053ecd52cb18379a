"""Writes the table of single steps into docs/measuring.md, rules beside networks: python docs/measured.py POLNEAR_DIR [PLV_FILE]."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from onrecord.cli import main as onrecord

PAGE = Path(__file__).parent / "measuring.md"
MARKS = ("<!-- steps -->", "<!-- /steps -->")


def main() -> None:
    """Measures, and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("polnear", type=Path)
    parser.add_argument("plv", type=Path, nargs="?")
    args = parser.parse_args()
    lines = ["| F1 | of | rules alone | network |", "|---|---|---|---|"]
    rules, network = (_figures("polnear", args.polnear, *flags) for flags in (["--rules"], []))
    lines += [f"| {name} | {rules[name]['of']} | {rules[name]['f1']:.3f} | {network[name]['f1']:.3f} |" for name in rules]
    if args.plv:
        rules, network = (_figures("plv", args.plv, *flags) for flags in (["--rules"], []))
        count = sum(row["of"] for row in rules["roots"].values())
        lines.append(f"| macro F1 of roots, {args.plv.name} | {count} | {rules['macro_f1']:.3f} | {network['macro_f1']:.3f} |")
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
    PAGE.write_text(f"{before}{MARKS[0]}\n" + "\n".join(lines) + f"\n{MARKS[1]}{after}", encoding="utf-8")


def _figures(measure: str, path: Path, *flags: str) -> dict[str, Any]:
    result = CliRunner().invoke(onrecord, ["measure", measure, str(path), "--json", *flags], catch_exceptions=False)
    if result.exit_code:
        raise SystemExit(result.output)
    figures: dict[str, Any] = json.loads(result.output)
    return figures


if __name__ == "__main__":
    main()
