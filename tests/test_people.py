"""Garbled names: resolved where role, state and time agree, left alone where they do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.link.name_sounds import sounds
from onrecord.link.people import likeness, link_people, resolve, role_classes
from onrecord.records import Parsed, make_claim, make_finding


@pytest.mark.parametrize(
    ("name", "day", "role", "state", "known"),
    [
        ("John Tune", "2020-07-23", "Republican Senator", "US", "John Thune"),
        ("Yuri Pilpson", "2020-07-23", "director of the Fourth European Department", "RU", "Yuri Pilipson"),
        ("Tchemisov", "2019-07-23", "head of Rostec", "RU", "Sergei Chemezov"),
        ("Sergej Schoigou", "2018-10-02", "minister of defence", "RU", "Sergei Shoigu"),
    ],
)
def test_resolved(name: str, day: str, role: str, state: str, known: str) -> None:
    found = resolve(name, day, role=role, states=frozenset({state}))
    assert found is not None and found[0] == known
    assert found[1] >= 0.8 and known in found[2]


@pytest.mark.parametrize(
    ("name", "day", "role", "state"),
    [
        ("John Tune", "2020-07-23", "defence minister", "US"),
        ("John Tune", "2020-07-23", "Republican Senator", "GB"),
        ("Sergej Schoigou", "1994-10-02", "minister of defence", "RU"),
        ("Olav Brenna", "2020-07-23", "senator", "US"),
    ],
    ids=["other role", "other state", "other time", "other name"],
)
def test_left_alone(name: str, day: str, role: str, state: str) -> None:
    assert resolve(name, day, role=role, states=frozenset({state})) is None


def test_transliterations_sound_alike() -> None:
    assert sounds("Shoygu") == sounds("Schoigu")
    assert likeness(sounds("Tchemezow"), sounds("Chemezov")) > 0.9 > likeness(sounds("Petrov"), sounds("Pavlov"))


def test_role_classes_keep_presidents_and_vice_presidents_apart() -> None:
    assert role_classes("Vice President") == {"crown"}
    assert role_classes("minister of Defence") == role_classes("Defence Minister") == {"defence"}


def test_as_written_stays_and_the_reason_is_given(parse: Callable[..., Parsed]) -> None:
    parsed = parse("The Russian minister of defence Sergej Schoigou spoke for an hour.", published="2018-10-02")
    document = parsed.document
    start = document.text.index("Sergej")
    claims = [
        make_claim(document, field, value, start=start, end=start + len("Sergej Schoigou"))
        for field, value in (("speaker", "Sergej Schoigou"), ("as_written", "Sergej Schoigou"), ("role", "Russian minister of defence"))
    ]
    (statement,) = link_people(parsed, [make_finding("statement", "q1", document, claims)])
    claim = statement.claim("speaker")
    assert claim is not None and claim.value == "Sergei Shoigu" and claim.inferred and "spelling" in claim.reason
    assert statement["as_written"] == "Sergej Schoigou"
