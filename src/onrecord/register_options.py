"""This file holds the options by which commands are asked for a part of the register."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import click

sure_option = click.option(
    "--sure",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="P",
    help="Leave out what is less sure than P, 0 to 1: of all that is kept at 0.8, at least eight in ten are right.",
)
FILTERS = (
    click.option("--as-of", metavar="DAY", help="Only what reports published by that day (YYYY-MM-DD) say."),
    click.option("--supplier", metavar="STATE", help="Only deals of this supplier: a code (RU) or a name."),
    click.option("--recipient", metavar="STATE", help="Only deals of this recipient: a code (TR) or a name."),
    click.option("--equipment", metavar="NAME", help="Only this equipment: a designation or a part of one (S-400)."),
    sure_option,
)


def register_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options by which a register is asked for a part of it."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(FILTERS), command)
