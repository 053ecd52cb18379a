"""This file is the command that keeps a record current: it follows feeds round by round and says what is new."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from onrecord.errors import StoreError
from onrecord.options import web_options
from onrecord.plain_words import many, safe
from onrecord.progress import issue_line, open_console

if TYPE_CHECKING:
    from rich.console import Console

    from onrecord.api import Record
    from onrecord.following import FeedNews
    from onrecord.read.web import Web

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Servers of feeds count a reader who comes more often than this as a nuisance, and some shut it out.
LEAST_SECONDS = 60


class Span(click.ParamType):  # type: ignore[type-arg]
    """A span of time: 90s, 15m, 2h, 1d."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The span in seconds."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d{1,6})([smhd])", str(value).strip().lower())
        if not match:
            self.fail(f"{value!r} is no span of time; write 90s, 15m, 2h or 1d", param, ctx)
        seconds = int(match[1]) * UNITS[match[2]]
        if seconds < LEAST_SECONDS:
            self.fail(f"{value!r} is too often for the servers that are asked; at least {LEAST_SECONDS}s", param, ctx)
        return seconds


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("sources", metavar="FEEDS...", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option("--every", type=Span(), default="15m", show_default=True, help="The time between two rounds: 90s, 15m, 2h, 1d.")
@click.option("--once", is_flag=True, help="One round, then end: for cron and systemd timers.")
@web_options
def watch(record: str, sources: tuple[str, ...], every: int, once: bool, allow_private: bool, contact: str) -> None:
    """Keep RECORD current from feeds, and say what is new.

    FEEDS is an OPML file, a text file with an address a line, or the address of a feed. The list is read anew in each round. What was read
    is remembered in the record: stop it at any time, also by force, and the same command goes on from there.
    """
    from onrecord.api import open_record
    from onrecord.read.web import Web

    # A service manager says stop like this; it is the same as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    web = Web(allow_private=allow_private, contact=contact)
    console = open_console()
    try:
        with open_record(record) as opened:
            while True:
                _round(console, opened, sources, web)
                if once:
                    return
                again = datetime.now() + timedelta(seconds=every)
                click.echo(f"Next round at {again:%H:%M}. Ctrl-C stops; nothing is lost.")
                time.sleep(every)
    finally:
        web.close()


def _round(console: Console, record: Record, sources: Sequence[str], web: Web) -> None:
    """One round, with a line for each report that is new and each feed that fails, and one line at its end."""
    from onrecord.following import follow_once

    feeds = failed = new = refused = 0
    try:
        for news in follow_once(record, sources, web):
            feeds += 1
            failed += news.rests is not None or any(issue.step == "fetch" and issue.where == news.feed for issue in news.issues)
            new += len(news.arrived)
            refused += news.refused
            for line in _news_lines(news):
                console.print(line, soft_wrap=True)
    except StoreError as error:
        # A full disk or another writer: the next round may find it mended.
        console.print(f"The round was cut short: {error}", soft_wrap=True)
    gate = f", {many(refused, 'page')} not about arms deals" if refused else ""
    rest = f", {failed} not reached" if failed else ""
    console.print(f"{datetime.now():%Y-%m-%d %H:%M}  {many(feeds, 'feed')} asked{rest}: {many(new, 'new report')}{gate}.")


def _news_lines(news: FeedNews) -> list[str]:
    lines = []
    for report in news.arrived:
        spoken = [f"{'new deal' if first else 'deal'} {deal[:8]} {safe(equipment)}".rstrip() for deal, equipment, first in report.deals]
        told = f": {'; '.join(spoken)}" if spoken else ""
        outlet = f" ({safe(report.outlet)})" if report.outlet else ""
        lines.append(f"new: {report.published or 'no date'}  {safe(report.title or report.uri)}{outlet}{told}")
    if news.rests is not None:
        lines.append(f"rests until {news.rests.retry_at[:16].replace('T', ' ')} UTC: {safe(news.feed)}: {safe(news.rests.outcome)}")
    for issue in news.issues:
        if not issue.notice or issue.step == "fetch":
            lines.append(issue_line(issue))
    return lines
