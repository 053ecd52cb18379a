"""This file shows the people of a record on the terminal: the usual name, its spellings, what reports call him, and why he is one."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

import click
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from onrecord.plain_words import many, safe
from onrecord.progress import open_console
from onrecord.store.people import Named

# The most roles and reasons shown of one person; the JSON form has all.
SHOWN = 4


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option("--name", metavar="NAME", help="Only those whom this may mean: a full or a family name, in any spelling.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def people(record: str, name: str | None, form: str) -> None:
    """Show who speaks, each person under all spellings.

    Two persons of one name are two lines; why spellings were taken for one person stands below them.
    """
    from onrecord.api import open_record

    with open_record(record, create=False) as opened:
        found = opened.people(name=name)
    if form == "json":
        click.echo(json.dumps([asdict(one.person) for one in found], ensure_ascii=False, indent=1, default=sorted))
        return
    console = open_console()
    for one in found:
        console.print(person_lines(one))
    click.echo(f"{many(len(found), 'person')}." if found else "Nobody fits.")


def person_lines(named: Named) -> RenderableType:
    """A person: name with counts, spellings with theirs, roles, and the reasons for which sightings were joined."""
    person = named.person
    reports = {report for sighting in person.sightings for report in sighting.reports}
    statements = sum(sighting.statements for sighting in person.sightings)
    head = Text(safe(person.name), style="bold")
    head.append(f"  {many(statements, 'statement')} in {many(len(reports), 'report')}{_days(named)}", style="not bold dim")
    written = Counter({name: 0 for name in person.spellings})
    for sighting in person.sightings:
        written[sighting.written] += sighting.statements
    lines = [f"written {', '.join(f'{safe(name)} {count}' for name, count in written.most_common())}"]
    roles = Counter(
        " · ".join(part for part in (safe(sighting.role), safe(sighting.organization)) if part) for sighting in person.sightings
    )
    if said := [role for role, _ in roles.most_common() if role][:SHOWN]:
        lines.append("; ".join(said))
    lines += [f"one person, for: {safe(reason)}" for reason in dict.fromkeys(reason for reason in person.reasons if "alike" in reason)][
        :SHOWN
    ]
    return Group(head, *(Padding(Text(line, style="dim"), (0, 0, 0, 4)) for line in lines))


def _days(named: Named) -> str:
    days = sorted(day for sighting in named.person.sightings for day in (sighting.first, sighting.last) if day)
    return "" if not days else f", {days[0]}" if days[0] == days[-1] else f", {days[0]} to {days[-1]}"
