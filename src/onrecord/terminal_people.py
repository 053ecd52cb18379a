"""This file shows a person of the record on the terminal: the usual name, its spellings, what reports call him, and why he is one."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from onrecord.progress import many
from onrecord.store.people import Named
from onrecord.terminal import safe

# The most roles and reasons shown of one person; the JSON form has all.
SHOWN = 4


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
