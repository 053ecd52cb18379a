"""This file writes what holds across reports in the gold form: the same report, the same transfer, disagreement, one person's spellings.

It uses the record's own rule (resolve/) without a record; reports are taken one after the other and only what is compared is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.group.groups import copy_pairs, group_pairs, same_originals, sure_copies
from onrecord.group.signatures import Signature, sign
from onrecord.link.report_people import ReportPeople
from onrecord.records import Document, Finding, Json
from onrecord.resolve import Transfer, deal_disagreements, group, view_transfer


@dataclass(slots=True)
class Links:
    """Collects reports with `add`; `gold` then gives the links over all of them."""

    reports: list[tuple[str, Signature]] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    people: ReportPeople = field(default_factory=ReportPeople)

    def add(self, document: Document, findings: Sequence[Finding]) -> None:
        """Takes in one report with its findings."""
        self.reports.append((document.key, sign(document)))
        self.people.add(document, findings)
        for finding in findings:
            if finding.kind == "transfer":
                stages = [other for other in findings if other.kind == "stage" and other.part_of == finding.key]
                transfer = view_transfer(document, finding, stages)
                self.transfers.append(transfer)
                self.names[transfer.id] = f"{document.key}#{finding.key}"

    def gold(self) -> dict[str, Json]:
        """The links in the gold form; groups of one are left out."""
        arrival = {transfer.id: place for place, transfer in enumerate(self.transfers)}
        signatures = [signature for _, signature in self.reports]
        pairs = copy_pairs(signatures)
        originals = group_pairs(signatures, pairs)
        carried = same_originals(signatures, originals)
        grouped = group(self.transfers, sure_copies(signatures, pairs))
        deals = [sorted(members, key=lambda member: arrival[member.id]) for members in grouped if len(members) > 1]
        deals.sort(key=lambda members: arrival[members[0].id])
        conflicts: list[Json] = [
            {"pair": [self.names[left.id], self.names[right.id]], "field": name}
            for members in deals
            for left, right, name in deal_disagreements(members, carried)
        ]
        people = [person for person in self.people.people(originals) if len(person.spellings) > 1]
        return {
            "same_report": [[self.reports[place][0] for place in places] for places in originals if len(places) > 1],
            "same_transfer": [[self.names[member.id] for member in members] for members in deals],
            "conflicts": conflicts,
            "same_person": [list[Json](sorted(person.spellings)) for person in people],
        }
