"""This file holds the options by which `add` and `extract` read with a language model behind an endpoint instead of the own analysis."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from onrecord.errors import BadInput
from onrecord.options import with_options

if TYPE_CHECKING:
    from onrecord.endpoint.asking import Endpoint

OPTIONS = (
    click.option(
        "--extractor", type=click.Choice(["rules", "llm"]), default="rules", show_default=True, help="What reads; llm is never needed."
    ),
    click.option("--endpoint", metavar="URL", help="llm: an OpenAI-compatible address, such as http://127.0.0.1:8080/v1."),
    click.option("--llm-model", metavar="NAME", help="llm: the model's name there. A key is taken from ONRECORD_LLM_KEY."),
    click.option(
        "--llm-seconds", type=click.FloatRange(1, 3600), default=120, show_default=True, help="llm: the longest try for a report."
    ),
    click.option("--llm-tries", type=click.IntRange(1, 10), default=3, show_default=True, help="llm: how often a report is tried."),
    click.option("--llm-prices", nargs=2, type=click.FloatRange(0), metavar="READ WRITTEN", help="llm: prices of a million tokens."),
)


def llm_options(instead: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The command with these options; with --extractor llm the function `instead` of onrecord.asking is called in its place."""

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def either(**given: Any) -> None:
            endpoint = _endpoint(given)
            if endpoint is None:
                command(**given)
            else:
                getattr(import_module("onrecord.asking"), instead)(endpoint, **given)

        return with_options(either, OPTIONS)

    return wrap


def _endpoint(given: dict[str, Any]) -> Endpoint | None:
    """The endpoint that was asked for, its options taken out of what was given; None for the own analysis."""
    extractor, url, model, seconds, tries, prices = (
        given.pop(name) for name in ("extractor", "endpoint", "llm_model", "llm_seconds", "llm_tries", "llm_prices")
    )
    if extractor == "rules":
        if url or model:
            raise BadInput("--endpoint and --llm-model are for --extractor llm; without it nothing is sent anywhere")
        return None
    if not url or not model:
        raise BadInput("--extractor llm needs --endpoint URL and --llm-model NAME; nothing is sent anywhere without them")
    from onrecord.endpoint.asking import Endpoint

    return Endpoint(url, model, seconds, tries, tuple(prices) if prices else None)
