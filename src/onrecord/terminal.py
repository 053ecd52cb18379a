"""This file lays out registers, deals, statements and search hits for a terminal of 100 columns.

Reports are strangers' text: control characters are shown as marks and nothing in them is taken for rich's markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from onrecord.answers import DealView
from onrecord.deal_cells import Cell
from onrecord.plain_words import many, money_text, parties_text, quantity_text, safe, safe_piece, stage_text, value_text
from onrecord.register import RegisterRow
from onrecord.store.deal_reading import Event, Source
from onrecord.store.origins import Story
from onrecord.store.query import END, FOUND, Hit, Statement
from onrecord.vocab import meanings

WIDTH = 100
SHORT_ID = 8
# The columns of the register: heading, width in a terminal of 100 columns, and the width below which its words break up.
COLUMNS = (
    ("deal", SHORT_ID, SHORT_ID),
    ("equipment", 19, 11),
    ("quantity", 15, 10),
    ("value", 10, 8),
    (" latest stage", 22, 13),
    ("when", 11, 10),
    ("reports", 7, 7),
)
RIGHT = ("quantity", "value", "reports")
# Places shown for each cell of a deal unless all are asked for.
QUOTES_SHOWN = 3
INFERRED, PARTY_INFERRED, DISPUTED, COPIED, REVIEWED = "?", "°", "≠", "/", "✓"
FOOTNOTES = {
    INFERRED: "not said in so many words; inferred from the report",
    PARTY_INFERRED: "supplier or recipient inferred from the report",
    DISPUTED: "reports disagree; `onrecord show` sets their words side by side",
    REVIEWED: "decided by a person; `onrecord show` says who, when and why",
    COPIED: "originals/reports: copies, rewrites and translations of one original count as one",
}


def register_table(rows: Sequence[RegisterRow], *, width: int = WIDTH) -> RenderableType:
    """The register: one block per supplier and recipient, one line per deal; `width` is the terminal's, in columns."""
    ordered = sorted(rows, key=lambda row: (*_heading(row), row.equipment.casefold(), row.first_said, row.deal))
    parts: list[RenderableType] = []
    marks: set[str] = set()
    parts.append(Padding(_register_block(width, heading=True), (0, 0, 1, 2)))
    for heading, deals in groupby(ordered, key=_heading):
        table = _register_block(width)
        for row in deals:
            table.add_row(*_register_cells(row, marks))
        parts += [Text(f"{heading[0]} → {heading[1]}", style="bold"), Padding(table, (0, 0, 1, 2))]
    parts += [Text(f"{mark} {FOOTNOTES[mark]}", style="dim") for mark in FOOTNOTES if mark in marks]
    return Group(*parts)


def deal_view(view: DealView, *, every: bool = False) -> RenderableType:
    """One deal: its cells, its stages in order, disagreement, statements, events, each with its words: a few reports', or every one's."""
    row, fields = view.row, meanings("kinds")["transfer"]["fields"]
    parts: list[RenderableType] = [
        Text(f"{parties_text(row.supplier)} → {parties_text(row.recipient)} · {safe(row.equipment)}", style="bold"),
        Text(
            f"deal {row.deal} · {_borne_out(row)} · {many(row.outlets, 'outlet')} · {_said(row.first_said, row.last_said)}",
            style="dim",
        ),
    ]
    stages = [cell for cell in view.cells if cell.field == "stage"]
    cells = sorted((cell for cell in view.cells if cell.field != "stage"), key=lambda cell: list(fields).index(cell.field))
    parts += _section("Cells", [_cell_line(cell, view.sources, every) for cell in cells])
    parts += _section("Stages", [_cell_line(cell, view.sources, every) for cell in sorted(stages, key=_stage_order)])
    parts += _section("Disagreement", [_pair(f"{DISPUTED} {d.field}, a {d.kind}", d.left, d.right) for d in view.disputes])
    parts += _section("Changed since", [_pair(update.field, update.earlier, update.later) for update in view.updates])
    parts += _section("Originals that several reports carry", [_story(story) for story in view.stories])
    parts += _section("Statements", [statement_line(statement) for statement in view.statements])
    parts += _section("Events", [_event(event) for event in view.events])
    return Group(*parts)


def statement_line(statement: Statement) -> RenderableType:
    """A statement: who in which role, the words, and where they stand."""
    speaker, written = safe(statement.speaker) or "unnamed", safe(statement.as_written)
    head = Text(speaker, style="bold")
    if written and re.sub(r"^the ", "", written, flags=re.IGNORECASE) not in speaker:
        head.append(f" (written {written})", style="not bold dim")
    role, organization = safe(statement.role), safe(statement.organization)
    # "director of a department of the ministry, ministry" says one thing twice.
    said = [part for part in (role, organization) if part and part != speaker and (part == role or part not in role)]
    head.append("".join(f", {part}" for part in said), style="not bold")
    words = safe(statement.content)
    quoted = f"“{words}”" if statement.kind == "direct" else words
    place = _place(statement.outlet, statement.published, statement.document_key, statement.start, statement.end)
    place += f" · {REVIEWED} {safe(statement.reviewed)}" if statement.reviewed else ""
    return Group(head, Padding(Group(Text(quoted), Text(f"{statement.kind} · {place}", style="dim")), (0, 0, 0, 4)))


def hit_lines(hit: Hit) -> RenderableType:
    """A search hit: title, where and when, and the words found in their place."""
    snippet = Text()
    for piece in re.split(f"({FOUND}.*?{END})", hit.snippet, flags=re.DOTALL):
        found = piece.startswith(FOUND)
        snippet.append(safe_piece(piece.strip(FOUND + END)), style="bold yellow" if found else "")
    where = " · ".join(part for part in (safe(hit.outlet), hit.published or "no date", safe(hit.document_key)) if part)
    return Group(Text(safe(hit.title) or "(no title)", style="bold"), Text(where, style="dim"), Padding(snippet, (0, 0, 1, 4)))


def _register_block(width: int, *, heading: bool = False) -> Table:
    """A table of one line per deal; blocks have the same widths, so that one heading serves all. An id is never cut."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", show_header=heading)
    spare = sum(widest - least for _, widest, least in COLUMNS)
    left = max(0, spare - max(0, WIDTH - width))
    for name, widest, least in COLUMNS:
        table.add_column(name, justify="right" if name in RIGHT else "left", width=least + (widest - least) * left // spare,
                         no_wrap=name == "deal", overflow="fold" if name == "when" else "ellipsis")  # fmt: skip
    return table


def _register_cells(row: RegisterRow, marks: set[str]) -> list[Text]:
    def cell(text: str, *fields: str) -> Text:
        doubt = any(field in row.inferred for field in fields)
        against = any(name.split(".")[0] in fields for name in row.disputed)
        decided = any(field in row.reviewed for field in fields)
        marks.update([INFERRED] * doubt + [DISPUTED] * against + [REVIEWED] * decided)
        return Text(f"{text}{INFERRED * doubt}{DISPUTED * against}{REVIEWED * decided}")

    stage = row.stage or {}
    copied = row.origins < row.reports
    marks.update([COPIED] * copied)
    party = PARTY_INFERRED * bool({"supplier", "recipient"} & set(row.inferred))
    marks.update(party)
    return [
        Text(row.deal[:SHORT_ID], style="cyan"),
        cell(safe(row.equipment) or "(not said)", "equipment").append(party),
        cell(quantity_text(row.quantity), "quantity"),
        cell(money_text(row.value), "value"),
        cell(f" {stage_text(row.stage)}", "stage", str(stage.get("stage"))),
        Text(safe(str(stage.get("when") or ""))),
        cell(
            f"{row.origins}{COPIED}{row.reports}" if copied else str(row.reports),
            *(name.split(".")[0] for name in row.disputed if "." in name and name.split(".")[0] != stage.get("stage")),
        ),
    ]


def _heading(row: RegisterRow) -> tuple[str, str]:
    return parties_text(row.supplier), parties_text(row.recipient)


def _section(title: str, lines: Sequence[RenderableType]) -> list[RenderableType]:
    if not lines:
        return []
    return [Text(""), Text(title, style="bold underline"), *(Padding(line, (0, 0, 0, 2)) for line in lines)]


def _cell_line(cell: Cell, sources: Sequence[Source], every: bool) -> RenderableType:
    """One value with the words of those who give it."""
    head = Text(f"{'' if cell.field == 'stage' else cell.field + ' '}")
    head.append(value_text(cell.field, cell.value), style="bold")
    head.append(INFERRED if cell.inferred else "")
    head.append(f"  {_borne_out(cell)}", style="dim")
    head.append(f"  {REVIEWED} {safe(cell.reviewed.told())}" if cell.reviewed else "", style="green")
    # Who says it in so many words comes before who lets it be inferred.
    found = sorted(_sources_of(cell, sources), key=lambda source: source.inferred)
    shown = found if every else found[:QUOTES_SHOWN]
    more = Text(f"and {many(len(found) - len(shown), 'more place')}; --all shows every one", style="dim")
    quotes = [_quote(source) for source in shown] + [more] * (len(found) > len(shown))
    return Group(head, *(Padding(quote, (0, 0, 0, 4)) for quote in quotes))


def _sources_of(cell: Cell, sources: Sequence[Source]) -> list[Source]:
    if cell.field != "stage":
        return [source for source in sources if source.field == cell.field and source.value == cell.value]
    cells: dict[str, dict[str, Any]] = {}
    for source in sources:
        if source.kind == "stage":
            cells.setdefault(source.finding, {}).setdefault(source.field, source.value)
    same = {finding for finding, said in cells.items() if all(said.get(name) == value for name, value in cell.value.items())}
    return [source for source in sources if source.field == "stage" and source.finding in same]


def _quote(source: Source) -> RenderableType:
    line = Text(f"…{safe_piece(source.before).lstrip()}", style="dim")
    line.append(safe_piece(source.quote), style="not dim bold")
    line.append(f"{safe_piece(source.after).rstrip()}…", style="dim")
    place = Text(_place(source.outlet, source.published, source.document_key, source.start, source.end), style="dim italic")
    return (
        Group(line, Text(f"{INFERRED} {safe(source.reason)}", style="dim"), place)
        if source.inferred and source.reason
        else Group(line, place)
    )


def _story(story: Story) -> RenderableType:
    """Whose an original is, and which reports carry it."""
    origin = story.origin
    head = Text(safe(origin.name) or "unknown", style="bold").append(f"  {origin.how}: {safe(origin.why)}", style="not bold dim")
    more = f" and {story.reports - len(story.keys)} more" if story.reports > len(story.keys) else ""
    return Group(head, Text(safe(f"{', '.join(story.keys)}{more}"), style="dim italic"))


def _pair(title: str, left: Cell, right: Cell) -> RenderableType:
    """Two values side by side, each with its words."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    sides = []
    for cell in (left, right):
        place = _place(cell.evidence.outlet, cell.evidence.published, cell.evidence.document_key, cell.evidence.start, cell.evidence.end)
        head = Text(value_text(cell.field, cell.value), style="bold").append(f"  {_borne_out(cell)}", style="not bold dim")
        sides.append(Group(head, Text(f"“{safe(cell.evidence.quote)}”"), Text(place, style="dim italic")))
    table.add_row(*sides)
    return Group(Text(title), Padding(table, (0, 0, 0, 2)))


def _event(event: Event) -> RenderableType:
    by = f" under {safe(event.instrument)}" if event.instrument else ""
    when = f" {safe(event.when)}" if event.when else ""
    head = Text(f"{parties_text(event.actor)} {event.plover} {parties_text(event.recipient)}", style="bold")
    head.append(f"  {event.modality}{when}{by}", style="not bold")
    place = " · ".join(part for part in (safe(event.outlet), event.published or "no date") if part)
    return Group(head, Padding(Group(Text(f"“{safe(event.evidence)}”"), Text(place, style="dim italic")), (0, 0, 0, 4)))


def _place(outlet: str, published: str | None, key: str, start: int, end: int) -> str:
    return " · ".join(part for part in (safe(outlet), published or "no date", safe(key), f"characters {start}–{end}") if part)


def _stage_order(cell: Cell) -> tuple[str, str]:
    return str(cell.value["when"] or cell.first_said), str(cell.value["stage"])


def _said(first: str, last: str) -> str:
    return f"said {first}" if first == last else f"said {first} to {last}"


def _borne_out(borne: Cell | RegisterRow) -> str:
    """How many reports bear something out, and of how many origins where some are copies of others."""
    reports = many(borne.reports, "report")
    return reports if borne.origins == borne.reports else f"{reports} of {many(borne.origins, 'origin')}"
