"""This file collects who speaks in reports, each as the report writes him, and gathers the persons over all of them, without a record.

Copies of one report tell of the same people. So a person is looked for by name in the copies too in which nobody was found to say a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from onrecord.link.name_evidence import ALIKE_NAME, SAME, SAME_STORY, Sighting, name_points
from onrecord.link.name_sounds import plain
from onrecord.link.name_words import read_name
from onrecord.link.names_written import names_in, personal_name
from onrecord.link.same_people import Person, find_people, make_person
from onrecord.records import Document, Finding

# Points from which a stretch of a report's text is its full spelling of a speaker whom it calls by less: nearly the same name.
FULL_NAME = 0.8 * ALIKE_NAME


@dataclass(slots=True)
class ReportPeople:
    """Collects reports with `add`; `people` then gives the persons over all of them."""

    sightings: list[Sighting] = field(default_factory=list)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def add(self, document: Document, findings: Sequence[Finding]) -> None:
        """Takes in who speaks in one report, and the names that stand in its text."""
        names = self.names[document.id] = names_in(document.text)
        self.order.append(document.id)
        for finding in findings:
            if finding.kind == "statement" and (sighting := _sighting(document, finding, findings, names)):
                self.sightings.append(sighting)

    def people(self, stories: Sequence[Sequence[int]]) -> list[Person]:
        """The persons over all reports; `stories` groups the reports that are copies of one, by their places in the order of adding."""
        groups = [[self.order[place] for place in story] for story in stories]
        story_of = {report: story[0] for story in groups for report in story}
        met: dict[tuple[str, ...], Sighting] = {}
        for sighting in self.sightings:
            (report,) = sighting.reports
            seen = replace(sighting, stories=frozenset({story_of.get(report, report)}))
            place = (seen.written, seen.usual, seen.role, seen.organization, report)
            met[place] = replace(met[place], statements=met[place].statements + 1) if place in met else seen
        people = find_people(met.values())
        members = {story[0]: story for story in groups}
        taken = {plain(name) for person in people for name in person.spellings}
        return [self._with_copies(person, members, taken) for person in people]

    def _with_copies(self, person: Person, members: Mapping[str, Sequence[str]], taken: set[str]) -> Person:
        """The person with the spellings of his name in copies of the reports in which he speaks."""
        found = list(person.sightings)
        for story in sorted({story for sighting in person.sightings for story in sighting.stories}):
            for report in members.get(story, ()):
                named = any(report in sighting.reports and len(read_name(sighting.written).words) > 1 for sighting in found)
                spelling = None if named else self._spelling_in(report, person, taken)
                if spelling:
                    found.append(replace(found[0], written=spelling, usual=person.name, reports=frozenset({report}), statements=0))
        return make_person(found, person.reasons) if len(found) > len(person.sightings) else person

    def _spelling_in(self, report: str, person: Person, taken: set[str]) -> str | None:
        """The name in a copy that is most like one of the person's full names, if it is like enough and nobody else's."""
        full = [name for name in person.spellings if len(read_name(name).words) > 1]
        ranked = sorted(
            (-max((name_points(name, other)[0] for other in full), default=0.0), len(name), name) for name in self.names[report]
        )
        if not ranked or -ranked[0][0] + SAME_STORY < SAME or plain(ranked[0][2]) in taken - {plain(name) for name in full}:
            return None
        return ranked[0][2]


def _sighting(document: Document, finding: Finding, findings: Sequence[Finding], names: Sequence[str]) -> Sighting | None:
    """The speaker of a statement as his report writes him; None where that is no person's name."""
    speaker, role, organization = (str(finding[name] or "") for name in ("speaker", "role", "organization"))
    beside = f"{role} {organization}"
    usual = personal_name(speaker, beside=beside)
    if speaker and speaker == organization:
        return None
    written = personal_name(str(finding["as_written"] or ""), beside=beside)
    if written and usual and name_points(written, usual)[0] <= 0:
        # The name next to a pronoun may be somebody else's.
        written = ""
    if len(read_name(written).words) < 2:
        written = _in_full(written, usual, names) or written or (usual if usual in document.text else "")
    if not written:
        return None
    day = document.published or ""
    return Sighting(
        written, usual or written, role, organization, frozenset(_states(finding, findings)),
        frozenset({document.id}), frozenset({document.id}), day, day,
    )  # fmt: skip


def _in_full(lone: str, usual: str, names: Sequence[str]) -> str | None:
    """The full name in the text of somebody whom a statement calls by a family name or by his office, if only one fits."""
    words = read_name(lone).words
    fitting = [name for name in names if name_points(name, usual)[0] >= FULL_NAME] if len(read_name(usual).words) > 1 else []
    fitting = fitting or [name for name in names if words and words[0] in read_name(name).words]
    shortest = min(fitting, key=lambda name: (len(name), name), default=None)
    if shortest is None or any(not name.endswith(shortest) and read_name(name).words != read_name(shortest).words for name in fitting):
        return None
    return shortest


def _states(finding: Finding, findings: Sequence[Finding]) -> Iterator[str]:
    """The states of the transfers that a statement is about, or of all in its report."""
    transfers = [other for other in findings if other.kind == "transfer" and (not finding.about or other.key in finding.about)]
    for transfer in transfers:
        yield from (str(party) for role in ("supplier", "recipient") for party in transfer.all(role) if party)
