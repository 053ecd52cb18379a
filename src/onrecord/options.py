"""This file holds the options that several commands share: the filters of the register, what is screened, how the web is asked."""

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
screen_option = click.option(
    "--screen",
    type=click.Choice(["streams", "all", "none"]),
    default="streams",
    show_default=True,
    help="What is left out unless it speaks of arms deals: pages of archives and feeds, any page, or none.",
)
FILTERS = (
    click.option("--as-of", metavar="DAY", help="Only what reports published by that day (YYYY-MM-DD) say."),
    click.option("--supplier", metavar="STATE", help="Only deals of this supplier: a code (RU) or a name."),
    click.option("--recipient", metavar="STATE", help="Only deals of this recipient: a code (TR) or a name."),
    click.option("--equipment", metavar="NAME", help="Only this equipment: a designation or a part of one (S-400)."),
    sure_option,
)
WEB = (
    click.option("--allow-private", is_flag=True, help="Also ask addresses of this machine and the network around it."),
    click.option("--contact", default="", envvar="ONRECORD_CONTACT", help="Said to servers: an address that their keepers can write to."),
)


def register_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options by which a register is asked for a part of it."""
    return with_options(command, FILTERS)


def web_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of what fetches from the web."""
    return with_options(command, WEB)


def with_options(command: Callable[..., None], options: tuple[Callable[..., Callable[..., None]], ...]) -> Callable[..., None]:
    """The command with these options, in this order in its help."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(options), command)
