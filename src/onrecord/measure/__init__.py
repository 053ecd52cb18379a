"""Judges what the extractor finds: gold, scores, the floors below which no score may fall; and measures of single steps by their name."""

from __future__ import annotations

from importlib import import_module

import click

# Each is a module of this package with a command of the same name: `onrecord measure names PAIRS.json`.
MEASURES = ("agreement", "articles", "deals", "names", "plv", "polnear")


def special_measure(name: str) -> click.Command | None:
    """The command that measures one step on its own, or None where no measure has that name."""
    if name not in MEASURES:
        return None
    command: click.Command = getattr(import_module(f"onrecord.measure.{name}"), name)
    return command
