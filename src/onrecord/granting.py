"""This file holds the command `grant`: who may read, review and write a record on PostgreSQL."""

from __future__ import annotations

import click

from onrecord.errors import BadInput


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.argument("user", required=False)
@click.argument("role", required=False, type=click.Choice(["read", "review", "admin", "none"]))
def grant(record: str, user: str | None, role: str | None) -> None:
    """Say who may do what with a RECORD on PostgreSQL.

    USER is a user of the server. ROLE is what he may do: read; review, which appends acts and changes nothing else; admin, which adds
    reports and everything else; or none. Without them, the users and their roles are shown.

    What a reviewer decides is applied as soon as an admin, a run of onrecord add, or the pages open the record.
    """
    from onrecord.api import open_record
    from onrecord.store.database import reading, writing
    from onrecord.store.roles import grant as give
    from onrecord.store.roles import granted

    if user is not None and role is None:
        raise BadInput(f"say what {user} may do: read, review, admin or none")
    with open_record(record, create=False) as opened:
        if user is None or role is None:
            with reading(opened.engine) as db:
                found = granted(db)
            for one in found:
                click.echo(f"{one.user}  {one.role}")
            return
        with writing(opened.engine) as db:
            give(db, user, role)
    click.echo(f"{user} has no right any more." if role == "none" else f"{user} may {'do everything' if role == 'admin' else role} now.")
