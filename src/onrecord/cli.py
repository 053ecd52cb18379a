"""This file is the command line: which commands there are, and how a run of one ends when it goes wrong."""

from __future__ import annotations

import errno
import io
import os
import sys
from importlib import import_module
from typing import Any

import click

from onrecord.errors import BadOffset, OnrecordError

# What a shell takes for a mistake in what was typed, and for a program that Ctrl-C ended.
MISTAKE, INTERRUPTED = 2, 130
# Commands that take up the work where it was stopped.
GOING_ON = {"add", "load", "scan", "watch"}
# Where each command lies, in the order in which a newcomer needs them.
COMMANDS = {
    "add": "onrecord.adding",
    "watch": "onrecord.watching",
    "register": "onrecord.showing",
    "export": "onrecord.exporting",
    "reconcile": "onrecord.reconciling",
    "show": "onrecord.showing",
    "changes": "onrecord.judging",
    "review": "onrecord.reviewing",
    "history": "onrecord.keeping",
    "judge": "onrecord.judging",
    "statements": "onrecord.showing",
    "people": "onrecord.terminal_people",
    "search": "onrecord.showing",
    "serve": "onrecord.serve.command",
    "account": "onrecord.serve.command",
    "grant": "onrecord.granting",
    "report": "onrecord.serve.command",
    "extract": "onrecord.adding",
    "scan": "onrecord.scanning",
    "load": "onrecord.scanning",
    "check": "onrecord.keeping",
    "backup": "onrecord.keeping",
    "restore": "onrecord.keeping",
    "rebuild": "onrecord.keeping",
    "measure": "onrecord.measure.command",
}


class Commands(click.Group):
    """The commands; an error that onrecord raises on purpose, or that a disk or folder gives, becomes one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what ends it early is said in words, never as a traceback, unless it is a bug."""
        _write_any_letter()
        try:
            return super().invoke(ctx)
        except BadOffset as error:
            click.echo(
                f"onrecord: {error}\nThis is a bug in onrecord, not in your data: nothing of this batch was written. Please report it.",
                err=True,
            )
        except OnrecordError as error:
            click.echo(f"onrecord: {error}", err=True)
        except OSError as error:
            # A reader that has seen enough (head -1) is no fault; click ends quietly.
            if error.errno == errno.EPIPE:
                raise
            _say_system_error(error)
        except KeyboardInterrupt:
            goes_on = " What was read is safe; the same command goes on from there." if ctx.invoked_subcommand in GOING_ON else ""
            click.echo(f"Stopped.{goes_on}", err=True)
            ctx.exit(INTERRUPTED)
        ctx.exit(MISTAKE)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, those first that a newcomer needs."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, whose file is loaded only when it is asked for."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command with what is left for it; `measure` is followed by folders of gold, or by the name of a measure of its own."""
        if args[0] == "measure" and len(args) > 1:
            from onrecord.measure import special_measure

            if special := special_measure(args[1]):
                return f"measure {args[1]}", special, args[2:]
        return super().resolve_command(ctx, args)


def _write_any_letter() -> None:
    """Has letters that the output cannot hold (→ in an old code page, the stray bytes of a file name) written as their numbers."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _say_system_error(error: OSError) -> None:
    """Says which file the system refused and why; without a name it was the output itself, which is given up."""
    if error.filename is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    where = os.fsdecode(error.filename) if error.filename is not None else "the output"
    click.echo(f"onrecord: {where}: {error.strerror or error}; check the path, that it is yours, and that the disk has room", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="onrecord")
def main() -> None:
    """Reads news reports about arms deals and keeps a register in which every cell stands on exact words.

    A record is one file, or a database on PostgreSQL (postgresql://USER@HOST/DATABASE). Begin with:

    \b
      onrecord add record.db my-reports/
      onrecord register record.db
    """
