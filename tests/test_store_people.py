"""People of a record: a speaker is found under every spelling, namesakes stay apart, and the report's spelling is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.clean.document import make_document
from onrecord.cli import main
from onrecord.records import make_finding
from onrecord.store.database import open_database, reading, writing
from onrecord.store.people import all_people, people_named, statements_of
from onrecord.store.query import read_statements
from onrecord.store.write import Report, add_reports
from reports import claim

pytestmark = pytest.mark.usefixtures("database")

Said = tuple[str, str, str, str]


def record_of(path: Path, said: Iterable[Said]) -> Path:
    """A record of one report for each (speaker, as written, role, organisation)."""
    reports = []
    for number, (speaker, written, role, organization) in enumerate(said):
        text = f"Report {number} on {number * 7} other things altogether. “So it is {number},” somebody said in town {number}."
        document = make_document(text, key=f"r{number}", uri=f"r{number}.txt", published=f"2020-01-{number + 1:02}", read="2020-02-01")
        fields = {"speaker": speaker, "as_written": written, "role": role, "organization": organization, "kind": "direct"}
        claims = [claim(document, field, value, "somebody") for field, value in fields.items() if value]
        claims.append(claim(document, "content", f"So it is {number},", f"So it is {number},"))
        reports.append(Report(document, (make_finding("statement", "q1", document, claims),)))
    with writing(open_database(path, create=True)) as db:
        add_reports(db, reports, analysed_by="test/1")
    return path


SAID = [
    ("Ada Ekdal", "Ada Ekdal", "Norwegian defence minister", ""),
    ("Ada Ekdal", "Ekdal", "Norwegian defence minister", ""),
    ("Ada Ekdal", "the minister", "Norwegian defence minister", ""),
    ("Adda Eckdahl", "Adda Eckdahl", "minister of defence", "Norwegian Defence Ministry"),
    ("Karim Haddad", "Karim Haddad", "Egyptian defence minister", ""),
    ("Karim Haddad", "Karim Haddad", "Algerian senator", ""),
    ("Nordtech director", "the director of Nordtech Sergey Dremov", "director", "Nordtech"),
    ("Nordtech", "Nordtech", "", "Nordtech"),
]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return record_of(tmp_path / "record.db", SAID)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Ada Ekdal", ["Ada Ekdal", "Ekdal", "the minister", "Adda Eckdahl"]),
        ("Adda Eckdahl", ["Ada Ekdal", "Ekdal", "the minister", "Adda Eckdahl"]),
        ("ekdal", ["Ada Ekdal", "Ekdal", "the minister", "Adda Eckdahl"]),
        ("Экдаль", ["Ada Ekdal", "Ekdal", "the minister", "Adda Eckdahl"]),
        ("Haddad", ["Karim Haddad", "Karim Haddad"]),
        ("Haddat", ["Karim Haddad", "Karim Haddad"]),
        ("Dremow", ["the director of Nordtech Sergey Dremov"]),
        ("Nordtech", ["the director of Nordtech Sergey Dremov", "Nordtech"]),
        ("minister", ["Ada Ekdal", "Ekdal", "the minister", "Adda Eckdahl", "Karim Haddad"]),
        ("Olga Ekdal", []),
        ("Halvorsen", []),
    ],
)
def test_a_speaker_is_found_under_every_spelling(record: Path, asked: str, written: list[str]) -> None:
    with reading(open_database(record)) as db:
        assert [statement.as_written for statement in read_statements(db, speaker=asked)] == written


def test_the_majority_spelling_is_shown_and_the_reports_own_kept(record: Path) -> None:
    with reading(open_database(record)) as db:
        found = [(said.speaker, said.as_written) for said in read_statements(db, speaker="Eckdahl")]
    assert found[-1] == ("Ada Ekdal", "Adda Eckdahl") and {speaker for speaker, _ in found} == {"Ada Ekdal"}


def test_namesakes_are_two_people(record: Path) -> None:
    with reading(open_database(record)) as db:
        named = people_named(db, "Karim Haddad")
        assert [[sighting.role for sighting in one.person.sightings] for one in named] == [
            ["Algerian senator"],
            ["Egyptian defence minister"],
        ]
        assert [one.person.name for one in all_people(db)] == ["Ada Ekdal", "Karim Haddad", "Karim Haddad", "Sergey Dremov"]


@pytest.mark.parametrize("asked", ["…", "'); DROP TABLE statement; --", "a" * 5000, "\x00", "%"])
def test_odd_names_find_nobody(record: Path, asked: str) -> None:
    with reading(open_database(record)) as db:
        assert people_named(db, asked) == [] and statements_of([]) is None


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    found = []
    for name, said in (("one.db", SAID), ("two.db", SAID[::-1])):
        with reading(open_database(record_of(tmp_path / name, said))) as db:
            found.append([(one.person.name, sorted(one.called)) for one in all_people(db)])
    assert sorted(found[0]) == sorted(found[1])


def test_people_are_shown_with_their_spellings_and_reasons(record: Path) -> None:
    shown = CliRunner().invoke(main, ["people", str(record)]).output
    assert "Ada Ekdal  4 statements in 4 reports, 2020-01-01 to 2020-01-04" in shown and "Adda Eckdahl 1" in shown
    assert "spelt alike" in shown and shown.count("Karim Haddad  1 statement") == 2 and shown.endswith("4 persons.\n")
    found = json.loads(CliRunner().invoke(main, ["people", str(record), "--name", "Eckdahl", "--format", "json"]).output)
    assert [one["name"] for one in found] == ["Ada Ekdal"] and "Adda Eckdahl" in found[0]["spellings"]
    assert CliRunner().invoke(main, ["people", str(record), "--name", "Halvorsen"]).output == "Nobody fits.\n"
