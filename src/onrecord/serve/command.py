"""This file holds the commands of the pages: `onrecord serve`."""

from __future__ import annotations

import ipaddress
import os

import click

from onrecord.errors import AssetMissing, BadInput

PORT = 8000
NEEDED = 'the pages need a few more packages: pip install "onrecord[web]"'


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen; only this machine unless you say so."
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="The port to listen on.")
def serve(record: str, host: str, port: int) -> None:
    """Open RECORD's pages in a browser.

    The register, each deal with the words behind every cell, and each report; every page as JSON too. Stop it with Ctrl-C.
    """
    from onrecord.api import open_record

    try:
        import uvicorn

        from onrecord.serve.app import make_app
    except ModuleNotFoundError as error:
        raise AssetMissing(f"{error.name} is not installed; {NEEDED}") from error
    if not is_loopback(host):
        raise BadInput(f"--host {host}: others could read the record, and no password is set")
    with open_record(record, create=False) as opened:
        app = make_app(opened)
        click.echo(f"The pages of {record}: http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C stops)", err=True)
        uvicorn.run(app, host=host, port=port, log_level=os.environ.get("ONRECORD_LOG", "warning"), server_header=False, access_log=False)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
