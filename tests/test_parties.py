"""Tests of parties.py: what people type for a state, and what tables show."""

from __future__ import annotations

import pytest

from onrecord.errors import BadInput
from onrecord.parties import party_code, party_name


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("RU", "RU"),
        ("ru", "RU"),
        (" Russia ", "RU"),
        ("Türkiye", "TR"),
        ("USA", "US"),
        ("uk", "GB"),
        ("NATO", "org:NATO"),
        ("org:nato", "org:NATO"),
    ],
)
def test_a_state_is_known_by_code_and_name(said: str, code: str) -> None:
    assert party_code(said) == code


@pytest.mark.parametrize(
    ("said", "hint"),
    [("Rusia", r"did you mean Russia \(RU\)"), ("QQ", "two-letter code"), ("", "two-letter code"), ("%", "two-letter code")],
)
def test_an_unknown_state_is_said_with_a_hint(said: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        party_code(said)


@pytest.mark.parametrize(("code", "name"), [("TR", "Turkey"), ("AE", "UAE"), ("org:NATO", "NATO"), ("ZZ", "ZZ")])
def test_a_code_has_a_short_name(code: str, name: str) -> None:
    assert party_name(code) == name
