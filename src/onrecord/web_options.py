"""This file holds the options of every command that fetches from the web: what it may ask, and what it says of who asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import click

WEB = (
    click.option("--allow-private", is_flag=True, help="Also ask addresses of this machine and the network around it."),
    click.option("--contact", default="", envvar="ONRECORD_CONTACT", help="Said to servers: an address that their keepers can write to."),
)


def web_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of what fetches from the web."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(WEB), command)
