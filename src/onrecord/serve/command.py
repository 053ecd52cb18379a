"""This file holds the commands of the pages: `onrecord serve`, `onrecord account` and `onrecord report`."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from onrecord.errors import AssetMissing, BadInput
from onrecord.naming import as_typed, is_address, shown

PORT = 8000
# Each holds what it counted from the record for itself.
MOST_WORKERS = 64
LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))
PASSWORD = "ONRECORD_PASSWORD"


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen; only this machine unless you say so."
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="The port to listen on; 0 for any free one.")
@click.option("--name", "names", metavar="NAME", multiple=True, help="A name under which others reach the pages; may be given again.")
@click.option("--open", "reading_open", is_flag=True, help="Beyond this machine too, let everybody read; review needs an account anyway.")
@click.option("--private", is_flag=True, help="On this machine too, let only those read who sign in.")
@click.option("--certificate", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Serve by TLS, with this certificate.")
@click.option("--key", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The certificate's private key.")
@click.option(
    "--workers", metavar="N", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help="How many processes serve the pages."
)
def serve(
    record: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    reading_open: bool,
    private: bool,
    certificate: str | None,
    key: str | None,
    workers: int,
) -> None:
    """Open RECORD's pages in a browser.

    The register, deals, reports, states, people, search, sources and changes; every page as JSON too. Stop it with Ctrl-C.

    Only this machine can reach them, and reads without signing in. With --host others can, once an account is made
    (onrecord account); they read when they signed in, or all of them with --open. One process serves a desk; a few, one to each core of
    the machine, serve a room.
    """
    from onrecord.api import open_record

    uvicorn = _needed("uvicorn")
    from onrecord.serve.served import FACTORY, Served, announce
    from onrecord.store.accounts import Accounts

    here = is_loopback(host)
    hosts = (*LOOPBACK, *(name.lower() for name in names)) if here or names else None
    # Once before the workers: what is wrong is said once, and tables of an older version are changed by one.
    open_record(record, create=False).close()
    if (private or not here) and not Accounts(record).exist():
        asked = "--private" if here else f"--host {host}"
        raise BadInput(f"{asked}: no password is set; make an account first: onrecord account {as_typed(record)} add NAME --role admin")
    port = _free_port(host, port)
    scheme = "https" if certificate else "http"
    click.echo(f"The pages of {shown(record)}: {scheme}://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C stops)", err=True)
    if not here and not certificate:
        click.echo("Passwords travel in clear: put a server with TLS before these pages, or give --certificate and --key.", err=True)
    with TemporaryDirectory(prefix="onrecord-") as counts:
        served = Served(record, not private and (here or reading_open), hosts, counts)
        if workers > 1:
            announce(served)
        uvicorn.run(
            FACTORY if workers > 1 else _needed("onrecord.serve.workers").application(served), factory=workers > 1, workers=workers,
            host=host, port=port,
            log_level=os.environ.get("ONRECORD_LOG", "warning"), server_header=False, access_log=False, ssl_certfile=certificate,
            ssl_keyfile=key,
        )  # fmt: skip


def _free_port(host: str, port: int) -> int:
    """The port to listen at, any that is free for 0; an address at which nobody can listen is refused before anybody is told of it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            return int(tried.getsockname()[1])
    except OSError as error:
        raise BadInput(f"nobody can listen at {host}:{port} ({error.strerror}); give another --port, or another --host") from error


@click.group()
@click.argument("record", type=click.Path(path_type=str))
@click.pass_context
def account(context: click.Context, record: str) -> None:
    """Say who may sign in to RECORD's pages.

    Accounts stand in RECORD.accounts, beside the record, so that a record can be handed on without them; on PostgreSQL they stand in a
    schema of their own. A reader reads, a reviewer reviews too, an admin makes accounts too. The password is asked for, or taken from
    ONRECORD_PASSWORD.
    """
    if not is_address(record) and not Path(record).is_file():
        raise BadInput(f"{record}: no record here; make one with: onrecord add {record} SOURCE...")
    context.obj = record


@account.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["reader", "reviewer", "admin"]), default="reviewer", show_default=True)
@click.pass_obj
def add_account(record: str, name: str, role: str) -> None:
    """Make an account for NAME."""
    from onrecord.store.accounts import Accounts, check_name

    made = Accounts(record).add(check_name(name), role, _needed("onrecord.serve.passwords").hash_password(_ask_password()))
    click.echo(f"{made.name} may sign in as {made.role}.")


@account.command("password")
@click.argument("name")
@click.pass_obj
def change_password(record: str, name: str) -> None:
    """Give NAME another password; all sessions of NAME end."""
    from onrecord.store.accounts import Accounts

    Accounts(record).set_password(name, _needed("onrecord.serve.passwords").hash_password(_ask_password()))
    click.echo(f"{name} has a new password.")


@account.command("remove")
@click.argument("name")
@click.pass_obj
def remove_account(record: str, name: str) -> None:
    """Take NAME's account away; what NAME did stays on record."""
    from onrecord.store.accounts import Accounts

    Accounts(record).remove(name)
    click.echo(f"{name} may no longer sign in.")


@account.command("list")
@click.pass_obj
def list_accounts(record: str) -> None:
    """Show who may sign in."""
    from onrecord.store.accounts import Accounts

    for one in (found := Accounts(record).all()):
        click.echo(f"{one.name}  {one.role}")
    if not found:
        click.echo(f"Nobody yet. onrecord account {as_typed(record)} add NAME --role admin")


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("deal")
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="What to write: deal.html or deal.pdf.")
@click.option("--as-of", metavar="DAY", help="Only what reports published by that day (YYYY-MM-DD) say.")
def report(record: str, deal: str, out: Path, as_of: str | None) -> None:
    """Write one DEAL as one page that needs nothing else, as HTML or as PDF.

    Its timeline, disagreements, every cell with its words, statements, sources and how it was made, to send to somebody or to print.
    A PDF is printed by Chromium, Chrome or Edge, whichever is installed.
    """
    from onrecord.api import open_record
    from onrecord.export.told import write_whole

    if out.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise BadInput(f"{out}: the page is HTML or PDF; give a name that ends in .html or .pdf")
    page_of, pdf = _needed("onrecord.serve.handout").deal_page, _needed("onrecord.serve.pdf")
    if out.suffix.lower() == ".pdf":
        pdf.find_browser()
    with open_record(record, create=False) as opened:
        page: bytes = page_of(opened, deal, as_of=as_of)
    if out.suffix.lower() == ".pdf":
        page = pdf.print_pdf(page)

    def write(path: Path) -> None:
        path.write_bytes(page)

    write_whole(out, write)
    click.echo(f"{out} written.")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _needed(module: str) -> Any:
    """A module of the pages, or what to do where one of their packages is missing."""
    from importlib import import_module

    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise AssetMissing(f'{error.name} is not installed; the pages need it: pip install "onrecord[web]"') from error


def _ask_password() -> str:
    given = os.environ.get(PASSWORD)
    return given if given is not None else str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
