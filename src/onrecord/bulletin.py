"""This file lays out for a terminal what changed and what is in doubt: new values, deals that may be one, people's verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from onrecord.changes import Change
from onrecord.plain_words import parties_text, safe, value_text
from onrecord.store.doubts import Doubt, Judged
from onrecord.terminal import DISPUTED, SHORT_ID

QUOTE = 48


def changes_table(changes: Iterable[Change]) -> RenderableType:
    """What became known after a day: one block per deal, one line per value, in order of the day."""
    parts: list[RenderableType] = []
    for _, group in groupby(changes, key=lambda change: change.deal):
        found = list(group)
        head = Text(f"{parties_text(found[0].supplier)} → {parties_text(found[0].recipient)} · {safe(found[0].equipment)}", style="bold")
        head.append(f"  {found[0].deal[:SHORT_ID]}", style="not bold cyan")
        parts.append(head.append("  new deal" if found[0].what == "new deal" else "", style="not bold"))
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        for change in found:
            table.add_row(*_change_cells(change))
        parts.append(Padding(table, (0, 0, 1, 2)))
    return Group(*parts)


def doubts_view(doubts: Sequence[Doubt], judgements: Sequence[Judged]) -> RenderableType | None:
    """The deals that one may be the same as, and what people judged of it; None where there is neither."""
    parts: list[RenderableType] = []
    if doubts:
        parts += [Text(""), Text("Perhaps the same deal", style="bold underline")]
        parts += [Padding(_doubt(doubt), (0, 0, 0, 2)) for doubt in doubts]
    if judgements:
        parts += [Text(""), Text("Judged by people", style="bold underline")]
        parts += [Padding(_judged(judged), (0, 0, 0, 2)) for judged in judgements]
    return Group(*parts) if parts else None


def _change_cells(change: Change) -> list[Text]:
    now = value_text(change.field, change.value) + DISPUTED * (change.what == "disputed")
    before = value_text(change.field, change.before)
    place = f"{safe(change.evidence.outlet)} “{safe(change.evidence.quote)[:QUOTE]}”"
    was = Text(f"was {before}" if before else "", style="dim")
    return [Text(change.known), Text(change.field), Text(now), was, Text(place, style="dim")]


def _doubt(doubt: Doubt) -> RenderableType:
    head = Text(doubt.deal[:SHORT_ID], style="cyan").append(f"  {doubt.verdict}, {doubt.score:.0%} for one deal", style="dim")
    return Group(head, Padding(Text(f"{'; '.join(doubt.reasons)} · {doubt.judged_by}", style="dim"), (0, 0, 0, 4)))


def _judged(judged: Judged) -> RenderableType:
    head = Text(f"{judged.left[:SHORT_ID]} and {judged.right[:SHORT_ID]}: {judged.verdict}")
    why = f"{safe(judged.judged_by)}, {judged.judged_at[:10]}: {safe(judged.reason)}"
    return Group(head, Padding(Text(why, style="dim"), (0, 0, 0, 4)))
