"""This file measures the joining of transfers alone: gold transfers go in, so that errors of extraction do not count.

`onrecord measure deals gold/stories` joins the annotated transfers of a folder into deals and prints, beside its links.json, how many pairs
of one deal and how many conflicts are found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.group.groups import copy_pairs, group_pairs, same_originals, sure_copies
from onrecord.group.signatures import Signature, sign
from onrecord.measure.score import Row, Tally, score_links
from onrecord.records import Claim, Document, Finding, make_claim, make_finding
from onrecord.resolve import Transfer, deal_disagreements, group, view_transfer

SCORED = ("links: same_transfer", "links: conflicts")


@click.command("deals")
@click.argument("folders", metavar="GOLD_DIR...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--errors", is_flag=True, help="List the pairs that are missed or made up.")
def deals(folders: Sequence[Path], errors: bool) -> None:
    """Score how annotated transfers of GOLD_DIR are joined into deals."""
    for folder in folders:
        wanted = json.loads((folder / "links.json").read_text(encoding="utf-8"))
        reports = read_reports(folder)
        said = deal_links(transfers_of(reports), [sign(_document(report)) for report in reports])
        for name, row in score_deals(wanted, said).items():
            click.echo(f"{folder.name:10} {name:22} {row.precision:.3f} {row.recall:.3f} {row.f1:.3f}  {row.gold:5} {row.said:5}")
        if errors:
            for line in link_errors(wanted, said):
                click.echo(f"  {line}")


def read_reports(folder: Path) -> list[Mapping[str, Any]]:
    """The annotated reports of a folder."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")) if path.name != "links.json"]


def transfers_of(reports: Iterable[Mapping[str, Any]]) -> dict[str, Transfer]:
    """The annotated transfers of reports, by "id#key"."""
    return {f"{report['id']}#{transfer.key}": transfer for report in reports for transfer in gold_transfers(report)}


def gold_transfers(report: Mapping[str, Any]) -> list[Transfer]:
    """The transfers of one gold report as the rule sees them, each standing on the words that the gold gives."""
    document = _document(report)
    return [view_transfer(document, *_findings(document, transfer)) for transfer in report["transfers"]]


def deal_links(transfers: Mapping[str, Transfer], signatures: Sequence[Signature] = ()) -> dict[str, Any]:
    """The links of the gold form that hold between these transfers; copies are told by the signatures of their reports."""
    names = {transfer.id: name for name, transfer in transfers.items()}
    pairs = copy_pairs(signatures)
    originals = same_originals(signatures, group_pairs(signatures, pairs))
    deals = [members for members in group(transfers.values(), sure_copies(signatures, pairs)) if len(members) > 1]
    conflicts = [
        {"pair": [names[left.id], names[right.id]], "field": field}
        for members in deals
        for left, right, field in deal_disagreements(members, originals)
    ]
    return {"same_transfer": [[names[member.id] for member in members] for members in deals], "conflicts": conflicts}


def score_deals(wanted: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Row]:
    """Precision, recall and F1 of pairs of one deal and of conflicts."""
    tally = Tally()
    score_links(wanted, said, tally)
    return {name: row for name, row in tally.rows().items() if name in SCORED}


def link_errors(wanted: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """The pairs and conflicts that are missed or made up, a line each."""
    lines = []
    for name, pairs in (("same_transfer", _deal_pairs), ("conflicts", _conflict_pairs)):
        gold, found = pairs(wanted), pairs(said)
        lines += [f"{name} missed: {' '.join(pair)}" for pair in sorted(gold - found)]
        lines += [f"{name} made up: {' '.join(pair)}" for pair in sorted(found - gold)]
    return lines


def _document(report: Mapping[str, Any]) -> Document:
    # A document's id is hexadecimal, by which reports of one day stand in order.
    digest, text_digest = (hashlib.sha256(str(report[name]).encode()).hexdigest() for name in ("id", "text"))
    return Document(
        id=digest, key=report["id"], uri=report["id"], outlet=report.get("outlet") or "", title=report.get("title") or "",
        published=report.get("published"), updated=None, read=None, language=report.get("lang") or "en", text=report["text"],
        text_sha256=text_digest, cleaner="gold",
    )  # fmt: skip


def _findings(document: Document, transfer: Mapping[str, Any]) -> tuple[Finding, list[Finding]]:
    words = next((stage["evidence"] for stage in transfer["stages"]), document.text[:1])
    cells = [("supplier", party) for party in transfer["supplier"]] + [("recipient", party) for party in transfer["recipient"]]
    cells += [(name, transfer[name]) for name in ("quantity", "value") if transfer[name]]
    claims = [_claim(document, field, value, words) for field, value in cells]
    name = transfer["equipment"]
    claims.append(_claim(document, "equipment", name, name if name in words else words))
    made = make_finding("transfer", transfer["key"], document, claims)
    return made, [_stage(document, transfer["key"], number, stage) for number, stage in enumerate(transfer["stages"], 1)]


def _stage(document: Document, key: str, number: int, stage: Mapping[str, Any]) -> Finding:
    said = [(name, stage[name]) for name in ("stage", "modality", "when", "according_to") if stage[name]]
    claims = [_claim(document, field, value, stage["evidence"]) for field, value in said]
    return make_finding("stage", f"{key}.s{number}", document, claims, part_of=key)


def _claim(document: Document, field: str, value: Any, words: str) -> Claim:
    start = document.text.index(words)
    return make_claim(document, field, value, start=start, end=start + len(words))


def _deal_pairs(links: Mapping[str, Any]) -> set[tuple[str, ...]]:
    groups = links["same_transfer"]
    return {tuple(sorted((left, right))) for members in groups for place, left in enumerate(members) for right in members[place + 1 :]}


def _conflict_pairs(links: Mapping[str, Any]) -> set[tuple[str, ...]]:
    return {(*sorted(conflict["pair"]), conflict["field"]) for conflict in links["conflicts"]}
