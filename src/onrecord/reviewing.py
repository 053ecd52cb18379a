"""This file holds the command `review`: the queue of what is in doubt, every act from a script, and a mode for the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import click

from onrecord import review as desk
from onrecord.doubtful import KINDS, LOW
from onrecord.errors import BadInput, OnrecordError
from onrecord.naming import as_typed
from onrecord.plain_words import many, safe, safe_piece
from onrecord.store.queue import Item

KEYS = {
    "a": "accept", "c": "correct", "r": "reject", "s": "same", "d": "different", "m": "remark", "u": "undo the last act", "n": "next",
    "q": "quit",
}  # fmt: skip
# Options that say more of an act, and those acts: alone they would do nothing.
GOES_WITH = {
    "cells": ("added",), "part_of": ("added",), "about": ("added",), "words": ("corrected",), "saw": ("accepted", "corrected", "rejected"),
    "on": ("listed",), "why": ("accepted", "corrected", "rejected", "same", "different", "unsure", "added", "undone"),
}  # fmt: skip


@click.command()
@click.argument("record", type=click.Path(path_type=str))
@click.option("--by", metavar="NAME", help="Who acts; needed for every act.")
@click.option("--why", metavar="TEXT", default="", help="The reason, for those who read it later.")
@click.option("--accept", "accepted", metavar="TARGET", help="Say that a finding or a cell is right.")
@click.option("--correct", "corrected", nargs=2, metavar="TARGET VALUE", help="Put a value into a cell.")
@click.option("--reject", "rejected", metavar="TARGET", help="Take a finding or a cell out of the register.")
@click.option("--remark", "remarked", nargs=2, metavar="TARGET TEXT", help="Leave a note.")
@click.option("--same", nargs=2, metavar="ONE OTHER", help="Two deals, or the speakers of two statements, are the same.")
@click.option("--different", nargs=2, metavar="ONE OTHER", help="They are not.")
@click.option("--unsure", nargs=2, metavar="ONE OTHER", help="Take a verdict on them back.")
@click.option("--add", "added", nargs=2, metavar="REPORT KIND", help="Add a finding that was missed: transfer, stage, statement or event.")
@click.option(
    "--cell", "cells", nargs=3, multiple=True, metavar="FIELD VALUE WORDS", help="With --add: a cell and its words in the report."
)
@click.option("--part-of", metavar="KEY", help="With --add of a stage: its transfer in the report (t1).")
@click.option("--about", multiple=True, metavar="KEY", help="With --add of a statement or event: a transfer that it speaks of (t1).")
@click.option("--words", metavar="WORDS", help="With --correct: the words (or START-END) that the value stands on.")
@click.option("--saw", metavar="VALUE", help="Act only if the cell still says this.")
@click.option("--undo", "undone", metavar="ACT", help="Take an act back, by its number.")
@click.option("--list", "listed", is_flag=True, help="List all acts with what became of them.")
@click.option("--on", "on", metavar="TARGET", help="With --list: only acts on this deal or finding.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only doubts of this kind.")
@click.option(
    "--sure",
    type=click.FloatRange(0, 1),
    default=LOW,
    show_default=True,
    metavar="P",
    help="Readings less sure than P, 0 to 1, are in doubt.",
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="The most doubts to show.")
@click.option("--keys", is_flag=True, help="Go through the queue with the keyboard.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def review(record: str, **asked: Any) -> None:
    """Show what is in doubt, and decide it.

    Without an act this shows a queue of what a person should look at, the most doubtful first: decisions that the analysis now reads
    otherwise, acts whose words are gone, reports that contradict each other, deals that may be one, readings of low score.

    TARGET is REPORT#t1 (a finding), a deal's id or the start of it, finding:ID, or one of these with :FIELD for one cell. What a person
    decides stays through every new run and can be taken back with --undo; docs/review.md tells more.
    """
    from onrecord.api import open_record

    _check_company(asked)
    with open_record(record, create=False) as opened:
        acts = _acts(asked)
        if len(acts) > 1 or (acts and (asked["keys"] or asked["listed"])):
            raise BadInput("one act at a time")
        if acts:
            _tell_act(acts[0](opened), asked["form"])
        elif asked["listed"]:
            _list(desk.acts(opened, target=asked["on"], by=asked["by"]), asked["form"])
        elif asked["keys"]:
            _walk(opened, desk.queue(opened, kinds=asked["kinds"], limit=asked["limit"], sure=asked["sure"]), _needed(asked["by"]))
        else:
            _show_queue(desk.queue(opened, kinds=asked["kinds"], limit=asked["limit"], sure=asked["sure"]), record, asked["form"])


def _check_company(asked: dict[str, Any]) -> None:
    """Refuses an option that goes with an act where the act is missing, so that nobody takes for done what was not."""
    typed = {option.name: option.opts[0] for option in click.get_current_context().command.params}
    for name, acts in GOES_WITH.items():
        if asked[name] and not any(asked[act] for act in acts):
            raise BadInput(f"{typed[name]} does nothing alone; it goes with {' or '.join(str(typed[act]) for act in acts)}")


def _acts(asked: dict[str, Any]) -> list[Callable[[Any], Any]]:
    """The acts that were asked for, each to be done on an open record."""
    by, why, saw = asked["by"], asked["why"], asked["saw"]
    words = _span(asked["words"])
    told: list[Callable[[Any], Any]] = []
    if (target := asked["accepted"]) is not None:
        told.append(lambda opened: desk.accept(opened, target, by=_needed(by), why=why, saw=saw))
    if pair := asked["corrected"]:
        told.append(lambda opened: desk.correct(opened, pair[0], pair[1], by=_needed(by), why=_reason(why), words=words, saw=saw))
    if (gone := asked["rejected"]) is not None:
        told.append(lambda opened: desk.reject(opened, gone, by=_needed(by), why=_reason(why), saw=saw))
    if note := asked["remarked"]:
        told.append(lambda opened: desk.remark(opened, note[0], note[1], by=_needed(by)))
    for verdict in ("same", "different", "unsure"):
        if sides := asked[verdict]:
            told.append(partial(_judge, sides, verdict, by, why))
    if new := asked["added"]:
        marks = [desk.Mark(field, value, _span(found) or found) for field, value, found in asked["cells"]]
        told.append(lambda opened: desk.add(opened, new[0], new[1], marks, by=_needed(by), why=_reason(why), part_of=asked["part_of"],
                                            about=asked["about"]))  # fmt: skip
    if (act := asked["undone"]) is not None:
        told.append(lambda opened: desk.undo(opened, act, by=_needed(by), why=why))
    return told


def _judge(sides: tuple[str, str], verdict: str, by: str | None, why: str, opened: Any) -> Any:
    return desk.judge(opened, *sides, verdict, by=_needed(by), why=why)


def _span(words: str | None) -> str | tuple[int, int] | None:
    """Words, or the place that START-END names."""
    start, dash, end = (words or "").partition("-")
    return (int(start), int(end)) if dash and start.isdigit() and end.isdigit() else words


def _needed(by: str | None) -> str:
    if not by:
        raise BadInput("say who acts: --by NAME")
    return by


def _reason(why: str) -> str:
    if not why.strip():
        raise BadInput("say why, for those who read it later: --why TEXT")
    return why


def _tell_act(act: Any, form: str) -> None:
    if form == "json":
        click.echo(json.dumps(asdict(act), ensure_ascii=False, indent=1))
    else:
        click.echo(f"Act {act.number}: {act.verb}, by {safe(act.by)}. It can be taken back with --undo {act.number}.")


def _list(done: Sequence[desk.Done], form: str) -> None:
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=1))
        return
    for one in done:
        act = one.act
        value = "" if act.value is None else f" → {act.value if isinstance(act.value, str) else json.dumps(act.value, ensure_ascii=False)}"
        places = ", ".join(dict.fromkeys(f"{t.key}#{t.seen.key}" + (f":{t.field}" if t.field else "") for t in act.targets))
        verb = f"{act.verb} (undone)" if one.undone else act.verb
        click.echo(f"{act.number:>5}  {act.at[:10]}  " + safe(f"{act.by}: {verb} {places or act.undoes[:8]}{value}  {act.why}".rstrip()))
        for outcome in one.outcomes:
            if outcome.reason:
                click.echo("       " + safe(f"{outcome.state} in {outcome.report}: {outcome.reason}"))
    click.echo(many(len(done), "act") + "." if done else "Nobody has acted yet.")


def _show_queue(items: Sequence[Item], record: str, form: str) -> None:
    if form == "json":
        click.echo(json.dumps([asdict(item) for item in items], ensure_ascii=False, indent=1))
        return
    for number, item in enumerate(items, 1):
        click.echo(f"{number:>3}  {item.kind:<9}{safe(item.what)}")
        click.echo(
            "     "
            + safe(" · ".join(part for part in (item.report, f"“{item.quote}”" if item.quote else "", item.target, item.other) if part))
        )
    click.echo(
        f"{many(len(items), 'doubt')}. Go through them: onrecord review {as_typed(record)} --keys --by NAME"
        if items
        else "Nothing is in doubt."
    )


def _walk(opened: Any, items: Sequence[Item], by: str) -> None:
    """The keyboard mode: shows each doubt with its words and does what the pressed key says."""
    done: list[int] = []
    click.echo(" · ".join(f"{key} {what}" for key, what in KEYS.items()))
    for number, item in enumerate(items, 1):
        click.echo(f"\n{number}/{len(items)}  {item.kind}: {safe(item.what)}")
        _show_words(opened, item)
        while True:
            try:
                key = click.getchar().lower()
            except OSError as error:
                raise BadInput("--keys needs a terminal; from a script use --accept, --correct, --reject …") from error
            if key == "q":
                click.echo(f"{many(len(done), 'act')} done.")
                return
            if key in ("n", " ", "\r", "\n"):
                break
            try:
                if _press(opened, item, key, by, done):
                    break
            except OnrecordError as error:
                click.echo(f"  {error}")
    click.echo(f"{many(len(done), 'act')} done; that was all.")


def _press(opened: Any, item: Item, key: str, by: str, done: list[int]) -> bool:
    """Does what a key says; whether the doubt is dealt with."""
    if key not in KEYS:
        click.echo("  " + " · ".join(f"{key} {what}" for key, what in KEYS.items()))
        return False
    if key == "u":
        last = done.pop() if done else item.act
        if not last:
            raise BadInput("nothing to undo")
        click.echo(f"  Act {desk.undo(opened, last, by=by).number}: act {last} is undone.")
        return False
    if key in ("s", "d"):
        if not item.other:
            raise BadInput("this is no pair")
        act = desk.judge(opened, item.target, item.other, "same" if key == "s" else "different", by=by, why=_ask("why"))
    elif item.other or item.target.startswith("#"):
        raise BadInput(
            "say same or different: s, d" if item.other else f"its finding is not on record; undo act {item.act} with u, or go on: n"
        )
    elif key == "a":
        act = desk.accept(opened, item.target, by=by)
    elif key == "m":
        act = desk.remark(opened, item.target, _ask("remark"), by=by)
    elif key == "r":
        act = desk.reject(opened, item.target, by=by, why=_ask("why"))
    else:
        target = item.target if item.target.count(":") > item.target.startswith("finding:") else f"{item.target}:{_ask('which cell')}"
        act = desk.correct(opened, target, _ask("value"), by=by, why=_ask("why"))
    done.append(act.number)
    click.echo(f"  Act {act.number}: {act.verb}.")
    return key != "m"


def _ask(what: str) -> str:
    said: str = click.prompt(f"  {what}")
    return said


def _show_words(opened: Any, item: Item) -> None:
    for target in (item.target, item.other):
        try:
            shown = desk.look(opened, target) if target and not target.startswith("#") else []
        except OnrecordError:
            shown = []
        for cell in shown[:8]:
            value = cell.value if isinstance(cell.value, str) else json.dumps(cell.value, ensure_ascii=False)
            words = f"…{safe_piece(cell.before)}[{safe_piece(cell.quote)}]{safe_piece(cell.after)}…"
            click.echo(f"  {safe(cell.report)} {cell.field} {safe(value)}{'?' * cell.inferred}  {safe(cell.reviewed)}\n      {words}")
