"""People across reports: one person under many spellings is one, two persons of one name stay two, whatever the order of reports."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.clean.document import make_document
from onrecord.link.name_evidence import Sighting, name_points, weigh
from onrecord.link.names_written import names_in, personal_name
from onrecord.link.report_people import ReportPeople
from onrecord.link.same_people import CROWD, find_people
from onrecord.records import make_finding
from reports import claim


def seen(
    written: str, role: str = "", body: str = "", report: str = "", *, story: str = "", states: str = "", year: str = "2020"
) -> Sighting:
    """A sighting in a report of its own, unless one is named."""
    report = report or f"{written} {role} {body}"
    day = f"{year}-03-01" if year else ""
    return Sighting(
        written, written, role, body, frozenset(states.split()), frozenset({report}), frozenset({story or report}), day, day
    )  # fmt: skip


def groups(*sightings: Sighting) -> list[list[str]]:
    return sorted(sorted(f"{s.written} {s.role}".strip() for s in person.sightings) for person in find_people(sightings))


ONE = [
    (seen("Dmitry Shugaev", "head of the service"), seen("Dmitry Shugayev", "head of the Russian service")),
    (seen("Sergey Tchemisov", "general director", "Rostec"), seen("Sergei Chemezov", "chief executive", "Rostec")),
    (seen("Mike Pompeo", "US secretary of state"), seen("Michael Pompeo", "secretary of state", "US State Department")),
    (seen("Nureddin Janikli", "minister of defence of Turkey"), seen("Nurettin Canikli", "Turkish defence minister")),
    (seen("Ole Brandvik", "colonel", states="NO"), seen("O. Brandvik", "colonel", states="NO")),
    (seen("Ada Ekdal", "spokeswoman", story="x"), seen("Adda Ekdahl", story="x")),
    (seen("Ada Ekdal", "Norwegian defence minister"), seen("Ekdal", "Norwegian defence minister")),
    (seen("Ada Ekdal"), seen("Ada Ekdal")),
]
TWO = [
    (seen("Karim Haddad", "Egyptian defence minister"), seen("Karim Haddad", "Algerian senator")),
    (seen("Ada Ekdal", "Norwegian defence minister"), seen("Ada Ekdal", "analyst")),
    (seen("Igor Halvorsen", "Norwegian minister of defence"), seen("Oleg Halvorsen", "Norwegian minister of defence")),
    (seen("Kim Yong-chol", "general", states="KP"), seen("Kim Yong-chun", "general", states="KP")),
    (seen("Park Min-seo", "South Korean minister"), seen("Park Min-su", "South Korean minister")),
    (seen("Olga Dremova", "colonel", report="r"), seen("Olga Dremowa", "colonel", report="r")),
    (seen("Faisal bin Tarif al-Nour", "prince"), seen("Tarif bin Faisal al-Nour", "prince")),
    (seen("Dmitry Shugaev"), seen("Dmitry Shugayev")),
    (seen("Sergei Lavrov", "foreign minister"), seen("Sergei Lavrenov", "foreign minister")),
    (seen("Ada Ekdal", "colonel", year="1981"), seen("Ada Eckdal", "colonel", year="2020")),
]


@pytest.mark.parametrize(("one", "other"), ONE, ids=lambda s: s.written)
def test_one_person(one: Sighting, other: Sighting) -> None:
    assert len(groups(one, other)) == 1, weigh(one, other)


@pytest.mark.parametrize(("one", "other"), TWO, ids=lambda s: s.written)
def test_two_persons(one: Sighting, other: Sighting) -> None:
    assert len(groups(one, other)) == 2, weigh(one, other)


def test_a_third_sighting_does_not_join_two_of_one_name() -> None:
    egypt, algeria = seen("Karim Haddad", "Egyptian minister"), seen("Karim Haddad", "Algerian senator")
    bare = seen("Karim Haddad", report="bare")
    assert sorted(map(len, groups(egypt, algeria, bare))) == [1, 2]


def test_a_family_name_that_fits_two_is_given_to_neither() -> None:
    ada, olga = seen("Ada Ekdal", "Norwegian minister"), seen("Olga Ekdal", "Norwegian minister")
    assert ["Ekdal Norwegian minister"] in groups(ada, olga, seen("Ekdal", "Norwegian minister"))
    assert groups(ada, seen("Ekdal", "Norwegian minister")) == [["Ada Ekdal Norwegian minister", "Ekdal Norwegian minister"]]


def test_the_spelling_of_most_reports_wins_and_copies_count_once() -> None:
    common = [seen("Ada Ekdal", "Norwegian minister", report=f"r{n}") for n in range(3)]
    copies = [seen("Ada Eckdal", "Norwegian minister", report=f"c{n}", story="wire") for n in range(5)]
    (person,) = find_people([*common, *copies])
    assert person.name == "Ada Ekdal" and person.spellings == ("Ada Eckdal", "Ada Ekdal")
    assert any("Norwegian minister" in reason for reason in person.reasons)


ALL = [sighting for pair in (*ONE, *TWO) for sighting in pair]


@settings(max_examples=25, deadline=None)
@given(st.permutations(ALL))
def test_the_order_of_reports_changes_nothing(order: Sequence[Sighting]) -> None:
    assert groups(*order) == groups(*ALL)


def test_a_crowd_of_one_family_name_is_bounded() -> None:
    crowd = [seen(f"{chr(65 + n % 26)}{'aeiou'[n % 5]}{chr(97 + n // 26 % 26)}o Kim", report=str(n)) for n in range(CROWD + 150)]
    assert len(find_people(crowd)) > CROWD / 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("the general director of the state corporation “Nordtech” Sergey Dremov", "Sergey Dremov"),
        ("The minister of defence of Norway Ada Ekdal", "Ada Ekdal"),
        ("President Ekdal", "Ekdal"),
        ("Gen. Ole Brandvik", "Ole Brandvik"),
        ("Khalid al-Nour", "Khalid al-Nour"),
        ("J.-C. Halvorsen", "J.-C. Halvorsen"),
        ("A. Ekdal", "A. Ekdal"),
        ("The Minister", ""),
        ("a navy captain", ""),
        ("Norland Defence Ministry", ""),
        ("HARBOUR NEWS SERVICE", ""),
        ("", ""),
    ],
)
def test_the_name_is_found_in_what_a_speaker_is_called(written: str, name: str) -> None:
    assert personal_name(written) == name


def test_endless_callings_are_cut_off() -> None:
    assert personal_name("Ada Bo " * 500_000) == ""


def test_names_in_a_text_stand_without_their_titles() -> None:
    text = "Defence Minister Ada Ekdal met General Ole van der Brandvik in Oslo. Khalid al-Nour’s aide left with the Royal Navy."
    assert names_in(text) == ("Ada Ekdal", "Ole van der Brandvik", "Khalid al-Nour")


def test_points_are_the_same_from_both_sides() -> None:
    for one, other in (*ONE, *TWO):
        assert weigh(one, other).points == weigh(other, one).points
        assert name_points(one.written, other.written)[0] == name_points(other.written, one.written)[0]


def add(people: ReportPeople, key: str, text: str, speaker: str, written: str, role: str = "") -> None:
    document = make_document(text, key=key, uri=f"{key}.txt")
    said = {"speaker": speaker, "as_written": written, "role": role, "organization": ""}
    claims = [claim(document, field, value, text.split()[0]) for field, value in said.items()]
    people.add(document, [make_finding("statement", "q1", document, claims)])


def test_a_full_name_in_the_text_stands_for_a_title_or_a_family_name() -> None:
    people = ReportPeople()
    add(people, "one", "Ada Ekdál spoke. The minister left.", "Ada Ekdal", "The minister", "minister")
    add(people, "two", "Ada Ekdal spoke. Ekdal left.", "Ada Ekdal", "Ekdal", "minister")
    (person,) = people.people([])
    assert sorted(person.spellings) == ["Ada Ekdal", "Ada Ekdál"]


def test_a_copy_shows_how_it_spells_somebody_who_says_nothing_there() -> None:
    people = ReportPeople()
    add(people, "one", "Gennady Dremov spoke of the deal.", "Gennady Dremov", "Gennady Dremov")
    add(people, "two", "The deal was spoken of by Guennadi Dremoff and Olga Halvorsen.", "diplomat", "a diplomat")
    assert [person.spellings for person in people.people([])] == [("Gennady Dremov",)]
    assert [person.spellings for person in people.people([[0, 1]])] == [("Gennady Dremov", "Guennadi Dremoff")]
